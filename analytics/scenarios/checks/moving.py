"""Checks of an engine whose levers are moved."""

from __future__ import annotations

import numpy as np

from analytics.parallel import quiet
from analytics.scenarios.checks.named import Evidence, check
from analytics.scenarios.checks.results import differing
from analytics.scenarios.checks.trial import DRAWS, Trial
from analytics.scenarios.compare import compare
from analytics.scenarios.comparison import Comparison
from analytics.scenarios.contract import Ask, Suggestion, Suggests
from analytics.scenarios.levers import resolved
from analytics.scenarios.measure import AREA
from analytics.scenarios.study import Scenario
from analytics.scenarios.values import PerKey
from data.words import text

__all__: list[str] = []


@check
def every_lever_at_its_edges(trial: Trial) -> Evidence:
    for lever, levers in trial.edges():
        for name, array in trial.watch(levers).results.items():
            if not np.isfinite(array.to_numpy()).all():
                return {"lever": lever.name, "measure": name}
    return None


@check
def every_uncertainty_at_its_edges(trial: Trial) -> Evidence:
    for each in trial.declared.uncertainties:
        for value in (each.low, each.high):
            for name, array in trial.watch(assumed={**trial.assumed, each.name: value}).results.items():
                if not np.isfinite(array.to_numpy()).all():
                    return {"lever": each.name, "measure": name}
    return None


@check
def every_lever_moves_something(trial: Trial) -> Evidence:
    for lever in trial.declared.levers:
        moved = [levers for other, levers in trial.edges() if other is lever and lever.moves(levers[lever.name])]
        if moved and not any(differing(trial.ordinary.results, trial.watch(levers).results) for levers in moved):
            return {"lever": lever.name}
    return None


@check
def levers_untouched(trial: Trial) -> Evidence:
    for lever, levers in trial.edges():
        if "levers" in trial.watch(levers).touched:
            return {"lever": lever.name}
    return None


@check
def a_default_is_no_move(trial: Trial) -> Evidence:
    """A lever that is set to where it rests, also by key, gives every draw of one that is not set, to the last bit."""
    for lever in trial.declared.levers:
        written = lever.kind.plain(lever.rest)
        spelled = [written]
        if isinstance(lever.kind, PerKey) and lever.kind.keys and isinstance(written, float | int):
            spelled.append(dict.fromkeys(lever.kind.keys, written))
        for value in spelled:
            levers = {**trial.levers(), lever.name: lever.read(value, scenario="trial")}
            if differing(trial.ordinary.results, trial.watch(levers).results):
                return {"lever": lever.name}
    return None


@check
def one_key_moves_no_other_area(trial: Trial) -> Evidence:
    """A lever of one area leaves every draw of the measures of the other areas as it was, unless it says that it spills."""
    for lever in trial.declared.levers:
        if lever.spills:
            continue
        if not isinstance(lever.kind, PerKey) or lever.kind.key_kind != "area" or len(lever.kind.keys) < 2:
            continue
        key = lever.kind.keys[0]
        levers = {**trial.levers(), lever.name: lever.read({key: lever.kind.high}, scenario="trial")}
        found = trial.watch(levers).results
        for name, array in trial.ordinary.results.items():
            if AREA in array.dims:
                elsewhere = [str(each) for each in array.get_index(AREA) if str(each) != key]
                both = [{name: each.sel({AREA: elsewhere})} for each in (array, found[name])]
                if differing(*both):
                    return {"lever": lever.name, "measure": name, "key": key}
    return None


@check
def remembers_nothing(trial: Trial) -> Evidence:
    """Another run between two does not change the second: results are kept by what goes in."""
    for _, levers in trial.edges()[:2]:
        trial.watch(levers)
    names = differing(trial.ordinary.results, trial.watch().results)
    return {"names": names} if names else None


@check
def an_option_against_itself(trial: Trial) -> Evidence:
    """A − A is exactly 0, in a comparison like those that officials see."""
    found = _compared(trial)
    names = [measure for (_, measure), values in found.paired.items() if not bool((values == 0).all())]
    return {"names": names} if names else None


@check
def verdicts_in_words(trial: Trial) -> Evidence:
    found = _compared(trial)
    sentences = [str(found.verdict), *(str(each.sentence) for each in found.differences)]
    sentences += [f"{each.message} {each.detail}" for each in found.caveats]
    empty = [each for each in sentences if not each.strip()]
    return {"names": empty} if empty else None


@check
def suggestions_fit(trial: Trial) -> Evidence:
    """Plans of an engine that proposes some: values that its levers can hold, as many as were asked for, twice the same."""
    if not isinstance(trial.engine, Suggests):
        return None
    for objective in trial.engine.objectives:
        ask = Ask(objective.name, most=2)
        plans = trial.engine.suggest(trial.study, ask, progress=quiet)
        again = trial.engine.suggest(trial.study, ask, progress=quiet)
        if len(plans) > ask.most or plans != again or not all(_fits(plan, trial) for plan in plans):
            return {"objective": objective.name, "names": [plan.scenario.name for plan in plans]}
    return None


def _fits(plan: Suggestion, trial: Trial) -> bool:
    for scenario in (plan.scenario, *plan.near_ties):
        resolved(scenario, trial.declared.levers)  # refuses in words what a lever cannot hold
    return bool(text(plan.found_by).strip()) and (plan.gap is None or plan.gap >= 0)


def _compared(trial: Trial) -> Comparison:
    moved = {lever.name: lever.kind.edges()[-1] for lever in trial.declared.levers}
    others = [each for each in trial.others if each.name != trial.engine.name]
    return compare(
        trial.city,
        [Scenario("one", levers=moved), Scenario("same", levers=moved)],
        baseline="one",
        question=None if trial.question is None else trial.question.name,
        periods=trial.periods,
        freq=trial.study.freq,
        draws=DRAWS,
        seed=trial.seed,
        measures=[each.name for each in trial.declared.writes if each.outcome] or None,
        engines=[*others, trial.engine],
    )
