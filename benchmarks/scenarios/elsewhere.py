"""What a lever does not reach stays as it was, to the last bit; and every engine keeps its contract."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import xarray as xr

from analytics.parallel import quiet
from analytics.scenarios import questions_of
from analytics.scenarios.checks.suite import check_engine
from analytics.scenarios.composition import Composition, compose
from analytics.scenarios.contract import Answers, Engine, Lever
from analytics.scenarios.framing import study_of
from analytics.scenarios.registry import engines, failed_engines
from analytics.scenarios.study import Question
from benchmarks.rows import Row
from data import City, open_city

__all__ = ["changed_draws", "reached", "rows"]

DRAWS, QUICK_DRAWS = 500, 100
Outcomes = dict[str, xr.DataArray]


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Draws that a lever elsewhere changed, over Meridian's questions; and the share of engines that pass every check."""
    city = open_city("meridian")
    changed, tried, names = 0, 0, []
    for question in (each.question for each in questions_of(city) if each.answerable):
        found, measures = changed_draws(city, question, draws=QUICK_DRAWS if quick else DRAWS)
        changed, tried, names = changed + found, tried + measures, [*names, question.name]
    yield Row(
        "lever_elsewhere", changed, "draws", 0.0, note=f"{tried} pairs of a lever and a measure that it does not reach, each "
        f"engine run afresh; questions: {', '.join(names)}",
    )  # fmt: skip
    yield _checked(city)


def _checked(city: City) -> Row:
    known = engines()
    failing = {name: ", ".join(failed) for name, engine in known.items() if (failed := _failed(engine, city))}
    failing |= dict.fromkeys(failed_engines(), "could not be loaded")
    total = len(known) + len(failed_engines())
    said = "; ".join(f"{name}: {what}" for name, what in failing.items())
    note = f"{', '.join(known)}, in Meridian{'; ' + said if said else ''}"
    return Row("engines_checked", 1 - len(failing) / total, "of all", 1.0, most=False, note=note)


def _failed(engine: Any, city: City) -> list[str]:
    if isinstance(engine, Answers):
        asked = list(engine.questions)
    else:  # the question of fewest engines that names it: its measures are told beside those of the others
        answering = [each for each in engines().values() if isinstance(each, Answers)]
        naming = [each for other in answering for each in other.questions if engine.name in each.engines]
        asked = sorted(naming, key=lambda each: len(each.engines))[:1]
    names = {name for question in asked for name in question.engines}  # what reads it cannot stand without it
    others = [each for name, each in engines().items() if name in names and each is not engine]
    return [each.name for each in check_engine(engine, city=city, others=others) if not each.passed]


def changed_draws(
    city: City, question: Question, *, draws: int, known: Mapping[str, Engine] | None = None
) -> tuple[int, int]:
    """How many draws of measures change that a lever does not reach, and how many pairs of lever and measure were tried.

    Parameters
    ----------
    city : where.
    question : whose engines and levers are tried, every lever moved alone as far as it goes.
    draws : futures.
    known : engines by name (default: all that are registered).

    Returns
    -------
    Draws that changed anywhere, and pairs.
    """
    study = study_of(city, question=question, draws=draws, seed=1)
    known = engines() if known is None else known
    composition = compose([known[name] for name in question.engines if name in known], study)
    composition.prepare(progress=quiet)
    resting = {lever.name: lever.rest for lever in composition.levers}
    before = _afresh(composition, resting)
    changed, tried = 0, 0
    for engine in composition.engines:
        for lever in composition.declared[engine.name].levers:
            out_of_reach = sorted(set(before) - reached(composition, engine.name))
            after = _afresh(composition, {**resting, lever.name: _moved(lever)}) if out_of_reach else {}
            changed += sum(_apart(before[name], after[name]) for name in out_of_reach)
            tried += len(out_of_reach)
    return changed, tried


def reached(composition: Composition, engine: str) -> Collection[str]:
    """The measures that an engine's levers may change: its own, and those of engines that read them, and so on.

    Parameters
    ----------
    composition : engines in their order.
    engine : the name of one of them.

    Returns
    -------
    Names of measures.
    """
    found: set[str] = set()
    for each in composition.engines:
        declared = composition.declared[each.name]
        if each.name == engine or found & set(declared.reads):
            found |= {measure.name for measure in declared.writes}
    return found


def _afresh(composition: Composition, levers: Mapping[str, Any]) -> Outcomes:
    """Every measure, from engines that are run and not from what was kept of earlier runs."""
    found: Outcomes = {}
    for engine in composition.engines:
        declared = composition.declared[engine.name]
        own = {lever.name: levers[lever.name] for lever in declared.levers}
        assumed = dict.fromkeys(each.name for each in declared.uncertainties)
        upstream = {name: found[name] for name in declared.reads}
        found |= engine.run(composition.study, own, assumed, upstream, composition.study.streams)
    return found


def _moved(lever: Lever) -> Any:
    values = (lever.read(each, scenario="moved") for each in lever.kind.edges())
    return next((value for value in values if lever.moves(value)), lever.rest)


def _apart(before: xr.DataArray, after: xr.DataArray) -> int:
    """The draws in which two arrays differ anywhere."""
    rest = [name for name in before.dims if name != "draw"]
    return int((before.transpose("draw", *rest) != after.transpose("draw", *rest)).any(rest).sum())
