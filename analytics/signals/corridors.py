"""Junctions along a corridor: when their cycles start, by the delay of platoons.

Vehicles leave a junction as its green lets them, spread out on their way (Robertson 1969, Road Research Laboratory report LR
253), and meet the next as a profile over its cycle; offsets are moved one at a time for as long as that saves delay, as
TRANSYT does. Random delay is that of the handbook and hangs on no offset. All junctions have one cycle. Of those who arrive,
the share that turned in from the sides upstream comes evenly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from analytics.signals.diagrams import green_windows
from analytics.signals.layouts import Layout, Turn
from analytics.signals.optimise import Flows, best_timing
from analytics.signals.platoon_loops import followed_queue, spread_platoon
from analytics.signals.timings import Timing
from analytics.signals.webster import LONGEST

__all__ = ["Corridor", "best_offsets", "coordinated", "corridor_hours", "platoon_change", "through_movements"]

Floats = npt.NDArray[np.float64]

DISPERSION = 0.35  # of Robertson's smoothing: F = 1 / (1 + .35 · .8 t), for streets of some friction
LEADING = 0.8  # of the mean travel time: when the head of a platoon arrives
OFFSET_STEPS = (0.25, 0.1, 0.04)  # of the cycle, by which offsets are moved in turn, and then by seconds


@dataclass(frozen=True, eq=False)
class Corridor:
    """Junctions in their order, metres between the first and each, the speed between them, and what each has to serve.

    ``along`` and ``back`` are by junction the place of the movement that goes on along the corridor, None where none does.
    """

    name: str
    layouts: tuple[Layout, ...]
    distances: tuple[float, ...]
    flows: tuple[Flows, ...]
    along: tuple[int | None, ...]
    back: tuple[int | None, ...]
    speed: float = 50 / 3.6


def through_movements(layout: Layout, approach: str) -> int | None:
    """The place of the movement straight on from an approach.

    Parameters
    ----------
    layout : the junction.
    approach : by its name.

    Returns
    -------
    int or None
        Among the layout's movements; None where there is none.
    """
    for place, each in enumerate(layout.movements):
        if each.approach == approach and each.turn is Turn.THROUGH:
            return place
    return None


def platoon_change(corridor: Corridor, timings: Sequence[Timing]) -> list[Floats]:
    """By how many seconds a vehicle waits longer (below 0: shorter) than if it arriving evenly, by junction and movement.

    Parameters
    ----------
    corridor : the junctions.
    timings : their plans; only junctions of the same cycle as their neighbour upstream see platoons.

    Returns
    -------
    list of Array
        By junction; other movements than those along the corridor have 0.
    """
    found = [np.zeros(len(each.movements)) for each in corridor.layouts]
    cycles = [timing.cycle(layout) for layout, timing in zip(corridor.layouts, timings, strict=True)]
    n = len(corridor.layouts)
    for moves, order in ((corridor.along, range(1, n)), (corridor.back, range(n - 2, -1, -1))):
        step = 1 if moves is corridor.along else -1
        leaving: dict[int, Floats] = {}
        for place in order:
            before = place - step
            if cycles[before] != cycles[place] or moves[before] is None or moves[place] is None:
                continue
            upstream = leaving.get(before)
            if upstream is None:
                upstream = _queue(corridor, timings, before, moves[before], None)[1]
            away = abs(corridor.distances[place] - corridor.distances[before])
            arrivals = _arrivals(corridor, upstream, away, place, moves[place])
            waited, leaving[place] = _queue(corridor, timings, place, moves[place], arrivals)
            found[place][moves[place]] = waited - _queue(corridor, timings, place, moves[place], None)[0]
    return found


def _arrivals(corridor: Corridor, upstream: Floats, away: float, place: int, movement: int | None) -> Floats:
    """Vehicles by second of the cycle that reach a junction: the platoon from upstream, and evenly those from its sides."""
    assert movement is not None
    rate = corridor.flows[place].mean[movement] / 3600
    travel = away / corridor.speed
    smoothing = 1 / (1 + DISPERSION * LEADING * travel)
    platoon: Floats = spread_platoon(upstream, round(LEADING * travel), smoothing)
    share = min(1.0, rate / max(float(platoon.mean()), 1e-9))
    arriving: Floats = platoon * share + max(0.0, rate - float(platoon.mean()) * share)
    return arriving


def _queue(
    corridor: Corridor, timings: Sequence[Timing], place: int, movement: int | None, arrivals: Floats | None
) -> tuple[float, Floats]:
    """Mean seconds that a vehicle of a movement waits, and who leaves by second of the corridor's clock."""
    assert movement is not None
    layout, timing = corridor.layouts[place], timings[place]
    cycle = round(timing.cycle(layout))
    move = layout.movements[movement]
    open_now = np.zeros(cycle)
    for window in green_windows(layout, timing, movement):
        seconds = np.arange(round(window.start), round(window.end)) + round(timing.offset)
        open_now[seconds % cycle] = 1.0
    # The lanes that it shares with others are its own by its share of their flow.
    flow = corridor.flows[place].mean
    others = [m for m, each in enumerate(layout.movements) if each.approach == move.approach and m != movement]
    rivals = sum(
        flow[m] * len(set(layout.movements[m].lanes) & set(move.lanes)) / len(layout.movements[m].lanes) for m in others
    )
    share = flow[movement] / max(flow[movement] + rivals, 1e-9)
    pace = open_now * max(move.saturation * len(move.lanes) * share, 1.0) / 3600
    most = 0.98 * float(pace.mean())
    arriving = np.full(cycle, flow[movement] / 3600) if arrivals is None else arrivals
    arriving = arriving * min(1.0, most / max(float(arriving.mean()), 1e-9))
    waited, left = followed_queue(arriving, pace)
    return waited, left


def corridor_hours(corridor: Corridor, timings: Sequence[Timing]) -> float:
    """Vehicle-hours that a corridor's plans lose in the rows of its flows.

    Parameters
    ----------
    corridor : the junctions.
    timings : their plans.

    Returns
    -------
    float
        Hours: the handbook's delay of each junction by itself, and the change that platoons make of it.
    """
    hours = sum(
        flows.lost(layout, timing)
        for layout, timing, flows in zip(corridor.layouts, timings, corridor.flows, strict=True)
    )
    return hours + _platoon_hours(corridor, timings)


def _platoon_hours(corridor: Corridor, timings: Sequence[Timing]) -> float:
    change = platoon_change(corridor, timings)
    return sum(
        float((flows.rows.sum(axis=0) * own).sum()) * flows.period / 3600
        for own, flows in zip(change, corridor.flows, strict=True)
    )


def best_offsets(corridor: Corridor, timings: Sequence[Timing]) -> tuple[Timing, ...]:
    """The plans with the offsets that lose the least to platoons, moved one at a time from those given.

    Parameters
    ----------
    corridor : the junctions.
    timings : their plans, of one cycle.

    Returns
    -------
    tuple of Timing
        The first junction's offset stays.
    """
    best = list(timings)
    cycle = round(timings[0].cycle(corridor.layouts[0]))
    lost = _platoon_hours(corridor, best)
    for step in [max(1, round(each * cycle)) for each in OFFSET_STEPS] + [1]:
        moved = True
        while moved:
            moved = False
            for place in range(1, len(best)):
                for change in (step, -step):
                    tried = [*best]
                    tried[place] = replace(best[place], offset=(best[place].offset + change) % cycle)
                    found = _platoon_hours(corridor, tried)
                    if found < lost - 1e-9:
                        best, lost, moved = tried, found, True
    return tuple(best)


def coordinated(corridor: Corridor, *, longest: float = LONGEST, tried: int = 6) -> tuple[Timing, ...]:
    """One cycle, greens and offsets for a corridor, that lose the fewest vehicle-hours of those tried.

    Parameters
    ----------
    corridor : the junctions.
    longest : seconds that the cycle may last.
    tried : how many cycles, from the shortest that serves all junctions at their best to half as long again.

    Returns
    -------
    tuple of Timing
        By junction.
    """
    alone = [
        best_timing(layout, flows, longest=longest)
        for layout, flows in zip(corridor.layouts, corridor.flows, strict=True)
    ]
    own = [found.timing.cycle(layout) for found, layout in zip(alone, corridor.layouts, strict=True)]
    shortest = max(float(np.ceil(layout.shortest)) for layout in corridor.layouts)
    low = max(shortest, float(np.median(own)))
    cycles = np.unique(np.rint(np.linspace(low, min(max(longest, shortest), max(1.5 * low, max(own))), tried)))
    best: tuple[float, tuple[Timing, ...]] | None = None
    for cycle in cycles:
        greens = [
            best_timing(layout, flows, longest=longest, cycles=[float(cycle)]).timing
            for layout, flows in zip(corridor.layouts, corridor.flows, strict=True)
        ]
        timings = best_offsets(corridor, greens)
        hours = corridor_hours(corridor, timings)
        if best is None or hours < best[0]:
            best = (hours, timings)
    assert best is not None
    return best[1]
