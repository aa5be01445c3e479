"""The plans that a city's junctions may have: today's, Webster's, the one of least delay, and one that follows the flow."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache, cached

from analytics.signals.bearings import facing
from analytics.signals.corridors import Corridor, coordinated, through_movements
from analytics.signals.critical import critical_ratios, greens_within, webster_timing
from analytics.signals.day import parts_of_day, plan_for_day
from analytics.signals.layouts import Layout
from analytics.signals.optimise import Flows
from analytics.signals.searched import searched
from analytics.signals.spreads import whole_spread
from analytics.signals.tables import Junction, junctions_of
from analytics.signals.timings import DAY_MINUTES, DayPlan, Program, Timing
from analytics.signals.webster import webster_greens
from data import Junctions

__all__ = ["actuated_timing", "best_plan", "corridor_during", "corridor_plans", "stretched", "webster_plan"]

Floats = npt.NDArray[np.float64]

FULL = 0.95  # of flow over capacity: what a controller that follows the flow leaves of it (HCM 2000, chapter 16, appendix B)
MOST_PARTS = 3  # plans a day of a corridor


def _key(table: Junctions, name: str) -> tuple[str, str]:
    """A table by its content: one that is read anew and is the same has the same plans."""
    return table.provenance.fingerprint, name


@cached(LRUCache(maxsize=512), key=_key, lock=Lock())
def best_plan(table: Junctions, junction_id: str) -> DayPlan:
    """The plan of least delay of one junction by itself, for the day that was counted.

    Parameters
    ----------
    table : of a city.
    junction_id : which.

    Returns
    -------
    DayPlan
        Cut where the counts say; kept for the next process that asks.
    """

    def search() -> dict[str, DayPlan]:
        junction = junctions_of(table)[junction_id]
        return {junction_id: plan_for_day(junction, longest=table.longest_cycle, spread=whole_spread(junction))}

    return searched(table, f"junction-{junction_id}", search)[junction_id]


@cached(LRUCache(maxsize=512), key=_key, lock=Lock())
def webster_plan(table: Junctions, junction_id: str) -> DayPlan:
    """Webster's plan for the mean flows of each of today's programs.

    Parameters
    ----------
    table : of a city.
    junction_id : which.

    Returns
    -------
    DayPlan
        With the starts of today's; a program in which nothing was counted has the mean flows of the day.
    """
    junction = junctions_of(table)[junction_id]
    programs = []
    for program in junction.today.programs:
        running = [junction.today.at(int(minute)) == program.timing for minute in junction.minutes]
        flows = junction.flows[running] if any(running) else junction.flows
        timing = webster_timing(junction.layout, flows.mean(axis=0), longest=table.longest_cycle)
        programs.append(Program(program.start, timing))
    return DayPlan(tuple(programs))


def actuated_timing(layout: Layout, flows: Floats, *, longest: float) -> Timing:
    """About what a controller that follows the flow comes to: C = L X / (X - Y) and greens by the critical ratios.

    Parameters
    ----------
    layout : the junction.
    flows : by movement, vehicles an hour.
    longest : seconds that a cycle may last.

    Returns
    -------
    Timing
        Of HCM 2000, chapter 16, appendix B, with the lanes full to .95.
    """
    ratios = critical_ratios(layout, flows)
    spare = FULL - float(ratios.sum())
    least, most = np.ceil(layout.shortest), max(longest, np.ceil(layout.shortest))
    cycle = most if spare <= 0 else float(np.clip(round(layout.unused * FULL / spare), least, most))
    return Timing(greens_within(layout, np.array(webster_greens(cycle, layout.lost, list(ratios))), cycle))


def stretched(layout: Layout, plan: DayPlan, change: float, *, longest: float) -> DayPlan:
    """A plan with cycles longer or shorter by a share, its greens in the same proportion and none below its least.

    Parameters
    ----------
    layout : the junction.
    plan : as it is.
    change : 0.1 is a tenth longer; 0 leaves the plan as it is.
    longest : seconds that a cycle may last.

    Returns
    -------
    DayPlan
        In whole seconds.
    """
    if change == 0:
        return plan
    programs = []
    for program in plan.programs:
        least = np.ceil(layout.shortest)
        cycle = float(np.clip(round(program.timing.cycle(layout) * (1 + change)), least, max(longest, least)))
        greens = greens_within(layout, np.array(program.timing.greens) * (1 + change), cycle)
        programs.append(Program(program.start, Timing(greens, program.timing.offset)))
    return DayPlan(tuple(programs))


def corridor_during(
    table: Junctions, name: str, places: npt.NDArray[np.intp] | slice, *, whole: bool = False
) -> Corridor:
    """A corridor with the flows of some intervals of its first junction.

    Parameters
    ----------
    table : of a city.
    name : of the corridor.
    places : of the intervals; junctions counted at other times serve their own at the same minutes, or their mean.
    whole : whether each interval is a row, rather than their mean.

    Returns
    -------
    Corridor
        By distance.
    """
    all_junctions = junctions_of(table)
    own = [all_junctions[each] for each in table.along(name)]
    minutes = own[0].minutes[places]
    flows = tuple(_flows_at(each, minutes, whole=whole) for each in own)
    return Corridor(
        name, tuple(each.layout for each in own), tuple(each.distance for each in own), flows, _straight(own, 1),
        _straight(own, -1), table.speed / 3.6,
    )  # fmt: skip


def _flows_at(junction: Junction, minutes: npt.NDArray[np.int64], *, whole: bool) -> Flows:
    at = np.flatnonzero(np.isin(junction.minutes, minutes))
    flows = junction.during(at if len(at) else slice(None))
    # One row that lasts as long as all of them: a lane that is over capacity is so for the whole of it.
    lasts = flows.period * len(flows.rows)
    return flows if whole else Flows(flows.mean[None], lasts).over_days(whole_spread(junction))


def _straight(junctions: Sequence[Junction], step: int) -> tuple[int | None, ...]:
    """The place of the movement that goes straight on from the neighbour before (1) or after (-1); the first comes from
    where it would go on to.
    """
    found = []
    for place, each in enumerate(junctions):
        before, after = place - step, place + step
        if 0 <= before < len(junctions):
            towards = junctions[before].place
        else:  # as far on the other side as the next one is
            (x, y), (further, higher) = each.place, junctions[after].place
            towards = (2 * x - further, 2 * y - higher)
        approach = facing(each.bearings, each.place, towards)
        found.append(None if approach is None else through_movements(each.layout, approach))
    return tuple(found)


@cached(LRUCache(maxsize=32), key=_key, lock=Lock())
def corridor_plans(table: Junctions, name: str) -> dict[str, DayPlan]:
    """The plans of a corridor's junctions with one cycle and offsets, for each part of the day.

    Parameters
    ----------
    table : of a city.
    name : of the corridor.

    Returns
    -------
    dict
        By junction; kept for the next process that asks.
    """
    return searched(table, f"corridor-{name}", lambda: _coordinated(table, name))


def _coordinated(table: Junctions, name: str) -> dict[str, DayPlan]:
    junctions = junctions_of(table)
    ids = table.along(name)
    lead = junctions[ids[0]]
    shared = [junctions[each].flows for each in ids if len(junctions[each].flows) == len(lead.flows)]
    parts = min(MOST_PARTS, max(len(best_plan(table, each).programs) for each in ids))
    starts = parts_of_day(np.hstack(shared), parts, least=max(1, round(1 / lead.period)))
    programs: dict[str, list[Program]] = {each: [] for each in ids}
    for start, end in zip(starts, [*starts[1:], len(lead.minutes)], strict=True):
        timings = coordinated(corridor_during(table, name, slice(start, end)), longest=table.longest_cycle)
        for each, timing in zip(ids, timings, strict=True):
            programs[each].append(Program(int(lead.minutes[start]) % DAY_MINUTES if start else 0, timing))
    return {each: DayPlan(tuple(own)) for each, own in programs.items()}
