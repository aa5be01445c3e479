"""How full a junction is, by its critical lanes, and the plan that Webster's formula makes of that."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analytics.signals.layouts import Layout
from analytics.signals.timings import Timing
from analytics.signals.webster import LONGEST, webster_cycle, webster_greens

__all__ = ["critical_ratios", "greens_within", "webster_timing"]

Floats = npt.NDArray[np.float64]

TURNS_THROUGH_GAPS = 1.75  # vehicles straight on that one who turns through gaps is worth (Webster 1958)


def critical_ratios(layout: Layout, flows: Floats) -> Floats:
    """Of each phase the flow over saturation flow of its fullest lane, as Webster takes it.

    A movement belongs to the phases in which nobody crosses it, or else to those in which it turns through gaps, where each
    counts 1.75 times. What several phases serve raises them together only as far as they do not carry it already.

    Parameters
    ----------
    layout : the junction.
    flows : by movement, vehicles an hour.

    Returns
    -------
    Array
        By phase; their sum is Y.
    """
    load = _lane_loads(layout, flows)
    phases = [_phases_of(layout, place) for place in range(len(layout.movements))]
    found = np.zeros(len(layout.phases))
    for many in range(1, len(layout.phases) + 1):
        for lane in load:
            homes = {phases[m] for m in lane if len(phases[m]) == many}
            for home in sorted(homes):
                y = sum(each for m, each in lane.items() if phases[m] == home)
                short = y - found[list(home)].sum()
                if short > 0:
                    found[list(home)] += short / many
    return found


def _phases_of(layout: Layout, movement: int) -> tuple[int, ...]:
    protected = tuple(place for place, each in enumerate(layout.phases) if movement in each.protected)
    return protected or tuple(place for place, each in enumerate(layout.phases) if movement in each.permitted)


def _lane_loads(layout: Layout, flows: Floats) -> list[dict[int, float]]:
    """By lane, the ratio of flow to saturation flow of each movement in it; those with a choice even their lanes out."""
    protected = {m for phase in layout.phases for m in phase.protected}
    lanes = layout.lanes
    load: list[dict[int, float]] = [{} for _ in lanes]
    for place in sorted(range(len(flows)), key=lambda m: len(layout.movements[m].lanes)):
        move = layout.movements[place]
        own = [lanes.index((move.approach, each)) for each in move.lanes]
        y = flows[place] / move.saturation * (1.0 if place in protected else TURNS_THROUGH_GAPS)
        before = {lane: sum(load[lane].values()) for lane in own}
        for lane, share in _filled(before, y).items():
            if share > 0:
                load[lane][place] = share
    return load


def _filled(before: dict[int, float], more: float) -> dict[int, float]:
    """How much of ``more`` each lane takes so that the emptiest are filled to one level."""
    order = sorted(before, key=lambda lane: before[lane])
    taken = 0.0
    for n, lane in enumerate(order, start=1):
        taken += before[lane]
        level = (more + taken) / n
        if n == len(order) or level <= before[order[n]]:
            break
    return {lane: max(0.0, level - before[lane]) for lane in order}


def greens_within(layout: Layout, greens: Floats, cycle: float) -> tuple[float, ...]:
    """Greens that fill a cycle in whole seconds and none of which is below its least.

    Parameters
    ----------
    layout : the junction.
    greens : as wanted.
    cycle : seconds, at least the layout's shortest.

    Returns
    -------
    tuple of float
        By phase.
    """
    least = np.array([each.minimum for each in layout.phases])
    room = cycle - layout.lost - least.sum()
    above = np.maximum(np.asarray(greens, float) - least, 0.0)
    # What is above the least is cut in proportion, so that those who need the least green get just that.
    wanted = above * (room / above.sum()) if above.sum() > 0 else np.full(len(least), room / len(least))
    whole = np.floor(wanted + 1e-9)
    left = room - whole.sum()
    order = np.argsort(whole - wanted, kind="stable")
    for place in order[: int(left)]:
        whole[place] += 1
    whole[order[0]] += left - int(left)
    return tuple(float(each) for each in least + whole)


def webster_timing(layout: Layout, flows: Floats, *, longest: float = LONGEST) -> Timing:
    """The plan of Webster's formula for one set of flows, in whole seconds, no green below its least.

    Parameters
    ----------
    layout : the junction.
    flows : by movement, vehicles an hour.
    longest : seconds that the cycle may last.

    Returns
    -------
    Timing
        With offset 0.
    """
    ratios = critical_ratios(layout, flows)
    cycle = webster_cycle(layout.unused, list(ratios), longest=longest)
    cycle = float(np.clip(round(cycle), np.ceil(layout.shortest), max(longest, np.ceil(layout.shortest))))
    late = [layout.phases[place - 1].late for place in range(len(layout.phases))]
    greens = np.array(webster_greens(cycle, layout.unused, list(ratios))) + late
    return Timing(greens_within(layout, greens, cycle))
