"""Which plan each junction has under an option, and the options that are proposed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analytics.parallel import Progress
from analytics.scenarios.contract import Ask, Objective, Suggestion
from analytics.scenarios.study import Scenario
from analytics.signals.choices import best_plan, corridor_plans, stretched, webster_plan
from analytics.signals.day import day_hours
from analytics.signals.refined import RefinedPlans, refined_of
from analytics.signals.spreads import whole_spread
from analytics.signals.tables import junctions_of
from analytics.signals.timings import DayPlan
from data import Junctions
from data.words import Sentence, text

__all__ = [
    "ACTUATED", "AT_REST", "BEST", "COORDINATED", "CYCLE", "GROWTH", "OBJECTIVES", "REFINED", "WEBSTER", "chosen_plans",
    "prepared", "proposed", "refined_in",
]  # fmt: skip

BEST, WEBSTER, ACTUATED = "signals.best", "signals.webster", "signals.actuated"
COORDINATED, CYCLE, GROWTH = "signals.coordinated", "signals.cycle", "signals.growth"
REFINED = "signals.refined"
AT_REST: Mapping[str, Any] = {BEST: (), WEBSTER: (), ACTUATED: (), COORDINATED: (), REFINED: (), CYCLE: 0.0}
LEAST_DELAY, FEW = "least_delay", "few_junctions"
OBJECTIVES = (
    Objective(LEAST_DELAY, Sentence("objectives.least_delay"), by_need=False),
    Objective(FEW, Sentence("objectives.few_junctions"), by_need=False),
)
NEARLY = 0.01  # of the delay: plans that differ by less are about as good
ENOUGH = 0.8  # of what all junctions would save, that the few must save


def chosen_plans(table: Junctions, levers: Mapping[str, Any]) -> dict[str, DayPlan]:
    """The plan of each junction under an option.

    A corridor that was refined in simulation goes before one that is coordinated, that before a junction that was refined,
    that before the plan of least delay, that before Webster's, and what is not named keeps today's. Of two refined plans of
    one place the newer goes first. The change of the cycle is made last.

    Parameters
    ----------
    table : of a city.
    levers : of the option.

    Returns
    -------
    dict
        By junction.
    """
    junctions = junctions_of(table)
    plans = {name: each.today for name, each in junctions.items()}
    plans |= {name: webster_plan(table, name) for name in levers[WEBSTER]}
    plans |= {name: best_plan(table, name) for name in levers[BEST]}
    refined = refined_in(table, levers)
    for each in (each for each in refined if each.place not in table.corridors):
        plans |= each.plans
    for corridor in levers.get(COORDINATED, ()):
        plans |= corridor_plans(table, corridor)
    for each in (each for each in refined if each.place in table.corridors):
        plans |= each.plans
    change = levers[CYCLE]
    return {
        name: stretched(
            junctions[name].layout, plan, float(change.get(name, 0.0) if isinstance(change, Mapping) else change),
            longest=table.longest_cycle,
        )
        for name, plan in plans.items()
    }  # fmt: skip


def refined_in(table: Junctions, levers: Mapping[str, Any]) -> tuple[RefinedPlans, ...]:
    """The plans refined in simulation that an option names.

    Parameters
    ----------
    table : of a city.
    levers : of the option.

    Returns
    -------
    tuple of RefinedPlans
        The newest of a place last.
    """
    names = levers.get(REFINED, ())
    kept = refined_of(table) if names else {}
    return tuple(kept[each] for each in names)


def prepared(table: Junctions, progress: Progress) -> None:
    """Search the plan of least delay of each junction, once.

    Parameters
    ----------
    table : of a city.
    progress : told how far it is, and where the work may be stopped.
    """
    junctions = junctions_of(table)
    for place, name in enumerate(junctions):
        progress(place / len(junctions), Sentence("engines.signals.searching"))
        best_plan(table, name)


def proposed(table: Junctions, ask: Ask, *, progress: Progress) -> tuple[Suggestion, ...]:
    """The plans that are proposed, the one of the objective first.

    Parameters
    ----------
    table : of a city.
    ask : what is wanted; ``size`` is at how many junctions at most.
    progress : told how far it is, and where the work may be stopped.

    Returns
    -------
    tuple of Suggestion
        At most as many as were asked for.
    """
    prepared(table, progress)
    junctions = junctions_of(table)
    today = {name: day_hours(each, each.today, spread=whole_spread(each)) for name, each in junctions.items()}
    best = {
        name: day_hours(each, best_plan(table, name), spread=whole_spread(each)) for name, each in junctions.items()
    }
    webster = {
        name: day_hours(each, webster_plan(table, name), spread=whole_spread(each)) for name, each in junctions.items()
    }
    saved = {name: today[name] - best[name] for name in junctions}
    order = sorted((name for name in junctions if saved[name] > 0), key=lambda name: -saved[name])
    found = [_all(table, order, today, best, webster, ask), _few(order, saved, today, ask)]
    if ask.objective == FEW:
        found.reverse()
    found += [_corridor(name, order) for name in table.corridors] if ask.objective != FEW and ask.size is None else []
    return tuple(each for each in found if each is not None)[: ask.most]


def _levers(names: list[str]) -> dict[str, Any]:
    return {BEST: tuple(names)}


def _all(
    table: Junctions, order: list[str], today: Mapping[str, float], best: Mapping[str, float], webster: Mapping[str, float],
    ask: Ask,
) -> Suggestion | None:  # fmt: skip
    """The plan of least delay wherever it saves something, or at as many junctions as may be changed."""
    chosen = order if ask.size is None else order[: ask.size]
    if not chosen:
        return None
    hours = {
        "before": sum(today.values()),
        "after": sum(best[name] if name in chosen else today[name] for name in today),
    }
    name = Sentence("plans.signals_best", {"n": len(chosen)})
    found_by = Sentence("plans.signals_found", {**hours, "longest": table.longest_cycle})
    alike = sum(webster[name] for name in chosen) <= (1 + NEARLY) * sum(best[name] for name in chosen)
    tie = Scenario(text(Sentence("plans.signals_webster")), levers={WEBSTER: tuple(chosen)})
    return Suggestion(Scenario(text(name), levers=_levers(chosen)), found_by, near_ties=(tie,) if alike else ())


def _few(order: list[str], saved: Mapping[str, float], today: Mapping[str, float], ask: Ask) -> Suggestion | None:
    """The fewest junctions that save most of what all would save."""
    total, taken, chosen = sum(saved[name] for name in order), 0.0, list[str]()
    for name in order[: ask.size]:
        if taken >= ENOUGH * total:
            break
        chosen.append(name)
        taken += saved[name]
    if not chosen or len(chosen) == len(order):
        return None
    evidence = {"before": sum(today.values()), "after": sum(today.values()) - taken, "share": taken / total}
    title = Sentence("plans.signals_few", {"n": len(chosen)})
    return Suggestion(
        Scenario(text(title), levers=_levers(chosen)), Sentence("plans.signals_few_found", evidence), cheapest=True
    )


def _corridor(name: str, order: list[str]) -> Suggestion:
    title = Sentence("plans.signals_corridor", {"corridor": name})
    levers = {BEST: tuple(order), COORDINATED: (name,)}
    return Suggestion(
        Scenario(text(title), levers=levers), Sentence("plans.signals_corridor_found", {"corridor": name})
    )
