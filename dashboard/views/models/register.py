"""What each model, method and engine is and how wrong it has been on this city, as values that cards, tables and files show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analytics.caveats import RULES
from analytics.forecasting.backtesting.fitness import Fitness, fitness_of
from analytics.forecasting.contract import MODELS
from analytics.forecasting.registry import failed_models, models
from analytics.hotspots.backtesting.standing import JUDGED_AT, Standing
from analytics.hotspots.contract import METHODS
from analytics.hotspots.registry import failed_methods, methods
from analytics.plugins.apart import confinement
from analytics.results import Severity
from analytics.scenarios.registry import REGISTRY, engines, failed_engines
from dashboard.views.models.measurements import Measured, Measurements, Standings
from data.words import Words, say, text

__all__ = [
    "FITNESS",
    "Entry",
    "broken",
    "caveat_rows",
    "confined",
    "entries",
    "finding",
    "fitness_counts",
    "fitness_words",
    "place_words",
    "stood",
    "unmeasured",
]

FITNESS: Mapping[str, Severity | None] = {
    "fit": Severity.NOTE, "care": Severity.CAUTION, "bad": Severity.DO_NOT_USE, "none": None,
}  # fmt: skip
"""How fit for use, by the name that links and sentences have for it."""


@dataclass(frozen=True)
class Entry:
    """One model, method or engine; ``fitness`` None is not measured.

    ``kind`` and ``name`` find it; ``plugin`` is what it states; ``ratios`` are its errors, one for each line of ``wrong``.
    """

    kind: str
    name: str
    plugin: object
    title: str
    fitness: Fitness | None
    purpose: str
    wrong: tuple[str, ...]
    ratios: tuple[float, ...] = ()

    @property
    def key(self) -> str:
        """What links call it."""
        return f"{self.kind}.{self.name}"

    @property
    def inputs(self) -> tuple[str, ...]:
        """What it needs."""
        return tuple(text(each) for each in getattr(self.plugin, "inputs", ()))

    @property
    def limits(self) -> tuple[str, ...]:
        """What it cannot do."""
        return tuple(text(each) for each in getattr(self.plugin, "limits", ()))


def entries(measured: Measurements) -> list[Entry]:
    """Every registered model, method and engine, with what has been measured of it."""
    return [
        *(_forecaster(name, model, measured.of_model(name)) for name, model in models().items()),
        *(_method(name, method, measured.of_method(name)) for name, method in methods().items()),
        *(
            Entry(
                "scenarios", name, each, text(each.title), None, say("models.engine"), (say("models.not_measurable"),)
            )
            for name, each in engines().items()
        ),
    ]


def unmeasured(found: Sequence[Entry], measured: Measurements) -> list[str]:
    """The titles of entries without a measurement on this city."""
    return [each.title for each in found if not each.ratios and not measured.of_method(each.name)]


def broken() -> dict[str, Words]:
    """Every plug-in that could not be loaded, or did not answer when it last ran, and why."""
    return failed_models() | failed_methods() | failed_engines()


def confined() -> Words | None:
    """What keeps plug-ins of the workspace in; nothing where there are none."""
    some = MODELS.registry.files or METHODS.registry.files or REGISTRY.files
    return confinement() if some else None


def _forecaster(name: str, model: object, found: Sequence[Measured]) -> Entry:
    return Entry(
        kind="forecasting",
        name=name,
        plugin=model,
        title=text(model.title),  # type: ignore[attr-defined]
        fitness=fitness_of([each.result for each in found]),
        purpose=say("models.forecaster"),
        wrong=tuple(map(_how_wrong, found)) or (say("models.not_measured"),),
        ratios=tuple(each.result.scores["sql_ratio"].value for each in found),
    )


def _how_wrong(found: Measured) -> str:
    result = found.result
    score = result.scores["sql_ratio"]
    evidence = {
        "series": found.series.title,
        "ahead": found.ahead,
        "ratio": score.value,
        "low": score.value if score.low is None else score.low,
        "high": score.value if score.high is None else score.high,
        "coverage": result.scores["coverage_80"].value,
        "n": len(result.cutoffs),
        "scored": result.series_scored,
        "total": result.series_total,
    }
    return say("models.measured", evidence)


def _method(name: str, method: object, found: Sequence[tuple[Standings, Standing]]) -> Entry:
    return Entry(
        kind="hotspots",
        name=name,
        plugin=method,
        title=text(method.title),  # type: ignore[attr-defined]
        fitness=None,
        purpose=say("models.method"),
        wrong=tuple(stood(each, one) for each, one in found) or (say("models.no_map"),),
    )


def stood(where: Standings, standing: Standing) -> str:
    """How a method stood on one map, in a sentence.

    Parameters
    ----------
    where : the map.
    standing : of one of its methods.

    Returns
    -------
    str
        Its place among how many, and what its map held of later incidents.
    """
    evidence = {"map": where.title, "place": place_words(standing), "of": len(where.standings), "share": JUDGED_AT,
                "rate": standing.hit_rate, "low": standing.low, "high": standing.high}  # fmt: skip
    return say("models.stood", evidence)


def place_words(standing: Standing) -> str:
    """A place, with a sign where others share it: "1 ="."""
    return f"{standing.place} =" if standing.tied else str(standing.place)


def fitness_counts(found: Sequence[Entry]) -> dict[str, int]:
    """How many are measured (``n``), and how many are fit, to be used with care, not to be used, or without a verdict."""
    verdicts = [each.fitness.severity if each.fitness is not None else None for each in found]
    counts = {name: verdicts.count(kind) for name, kind in FITNESS.items()}
    return {"n": len(verdicts) - counts["none"]} | counts


def finding(found: Sequence[Entry]) -> str:
    """The headline of the page."""
    counts = fitness_counts(found)
    return say("models.headline" if counts["n"] else "models.headline_none", counts)


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
