"""What each model is and how wrong it has been on this city, as cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.caveats import RULES
from analytics.forecasting import Backtest, stored_backtests
from analytics.forecasting.backtesting.fitness import Fitness, fitness_of
from analytics.forecasting.contract import MODELS
from analytics.forecasting.registry import failed_models, models
from analytics.hotspots.contract import METHODS
from analytics.hotspots.registry import failed_methods, methods
from analytics.plugins.apart import confinement
from analytics.results import Severity
from analytics.scenarios.registry import REGISTRY, engines, failed_engines
from dashboard.shell.controls import HORIZONS
from data import City
from data.words import Words, say, text

__all__ = ["Entry", "broken", "caveat_rows", "confined", "entries", "fitness_counts", "fitness_words"]


@dataclass(frozen=True)
class Entry:
    """One card: ``fitness`` None is not measured; ``ratios`` are its errors, one for each line that says how wrong it was."""

    title: str
    kind: str
    fitness: Fitness | None
    purpose: str
    facts: Mapping[str, Sequence[str]]
    ratios: tuple[float, ...] = ()


def entries(city: City) -> list[Entry]:
    """Every registered model, method and engine."""
    return [*_forecasters(city), *_hotspot_methods(), *_engines()]


def broken() -> dict[str, Words]:
    """Every plug-in that could not be loaded, or did not answer when it last ran, and why."""
    return failed_models() | failed_methods() | failed_engines()


def confined() -> Words | None:
    """What keeps plug-ins of the workspace in; nothing where there are none."""
    some = MODELS.registry.files or METHODS.registry.files or REGISTRY.files
    return confinement() if some else None


def _forecasters(city: City) -> list[Entry]:
    measured: dict[str, list[tuple[str, int, Backtest]]] = {}
    for series in city.series.values():
        for horizon in HORIZONS[series.freq]:
            for name, result in stored_backtests(series, horizon=int(horizon)).items():
                measured.setdefault(name, []).append((series.title, result.horizon, result))
    found = []
    for name, model in models().items():
        results = measured.get(name, [])
        found.append(
            Entry(
                title=text(model.title),
                kind="forecasting",
                fitness=fitness_of([result for _, _, result in results]),
                purpose=say("models.forecaster"),
                facts={
                    say("models.needs"): [text(each) for each in model.inputs],
                    say("models.wrong"): _how_wrong(results),
                    say("models.limits"): [text(each) for each in model.limits],
                },
                ratios=tuple(result.scores["sql_ratio"].value for _, _, result in results),
            )
        )
    return found


def _how_wrong(results: Sequence[tuple[str, int, Backtest]]) -> list[str]:
    if not results:
        return [say("models.not_measured")]
    lines = []
    for title, horizon, result in results:
        score = result.scores["sql_ratio"]
        evidence = {
            "series": title,
            "horizon": horizon,
            "ratio": score.value,
            "low": score.low or score.value,
            "high": score.high or score.value,
            "coverage": result.scores["coverage_80"].value,
            "n": len(result.cutoffs),
            "scored": result.series_scored,
            "total": result.series_total,
        }
        lines.append(say("models.measured", evidence))
    return lines


def _hotspot_methods() -> list[Entry]:
    return [
        Entry(
            text(each.title),
            "hotspots",
            None,
            say("models.method"),
            _facts(each, say("models.on_hotspots")),
        )
        for each in methods().values()
    ]


def _engines() -> list[Entry]:
    return [
        Entry(
            text(each.title),
            "scenarios",
            None,
            say("models.engine"),
            _facts(each, say("models.not_measurable")),
        )
        for each in engines().values()
    ]


def _facts(plugin: object, wrong: str) -> dict[str, Sequence[str]]:
    return {
        say("models.needs"): [text(each) for each in getattr(plugin, "inputs", ())],
        say("models.wrong"): [wrong],
        say("models.limits"): [text(each) for each in getattr(plugin, "limits", ())],
    }


def fitness_counts(found: Sequence[Entry]) -> dict[str, int]:
    """How many are measured, and of these how many are fit, to be used with care, or not to be used."""
    measured = [each.fitness.severity for each in found if each.fitness is not None]
    kinds = {"fit": Severity.NOTE, "care": Severity.CAUTION, "bad": Severity.DO_NOT_USE}
    return {"n": len(measured)} | {name: measured.count(kind) for name, kind in kinds.items()}


def caveat_rows() -> list[list[str]]:
    """Every caveat and when it appears."""
    return [[say(f"caveats.{code}.name"), say(f"caveats.{code}.appears")] for code in RULES]


def fitness_words(fitness: Fitness | None) -> str:
    """What a mark says; where a model is fit for some series and not for others, for how many."""
    if fitness is None:
        return say("models.fitness_none")
    if fitness.severity is Severity.CAUTION and fitness.measured > 1:
        return say("models.fitness_mixed", {"fit": fitness.fit, "n": fitness.measured})
    return say(f"models.fitness_{fitness.severity.value}")
