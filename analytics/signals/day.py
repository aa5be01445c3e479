"""The day cut where its traffic changes, and a plan for each part: how many parts, the counts say.

The parts are found by dynamic programming on the flows (Bellman 1961; of times of day for signals, Park, Santra, Yun and
Lee 2004 and others), so that flows within a part are alike; more parts are taken only where their plans save enough.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analytics.signals.optimise import Flows, best_timing
from analytics.signals.tables import Junction
from analytics.signals.timings import DayPlan, Program
from analytics.signals.webster import LONGEST

__all__ = ["day_hours", "parts_of_day", "plan_for_day"]

Floats = npt.NDArray[np.float64]

MOST_PARTS = 5  # plans of a day: what controllers in use and those who tend them keep apart
SHORTEST_PART = 1.0  # hours: each change of plan costs a few cycles
SAVES = 0.01  # of the delay, by which one more part must improve the day


def parts_of_day(flows: Floats, parts: int, *, least: int = 1) -> tuple[int, ...]:
    """Where the parts begin, so that the squared differences from the means of the parts are least.

    Square roots of the flows are compared, whose chance is alike whether many come or few.

    Parameters
    ----------
    flows : (interval, movement), in the order of the day.
    parts : how many.
    least : intervals that a part has at least.

    Returns
    -------
    tuple of int
        The first interval of each part, 0 first.

    Examples
    --------
    >>> parts_of_day(np.array([[100.0], [110], [400], [390], [100]]), 3)
    (0, 2, 4)
    """
    values = np.sqrt(np.asarray(flows, float))
    n = len(values)
    sums = np.vstack([np.zeros(values.shape[1]), values.cumsum(axis=0)])
    squares = np.concatenate([[0.0], (values**2).sum(axis=1).cumsum()])

    start, end = np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
    apart = ((sums[end] - sums[start]) ** 2).sum(axis=2) / np.maximum(end - start, 1)
    within = np.where(end > start, squares[end] - squares[start] - apart, np.inf)
    best = np.full((parts + 1, n + 1), np.inf)
    best[0, 0] = 0.0
    cut = np.zeros((parts + 1, n + 1), np.int64)
    for part in range(1, parts + 1):
        for stop in range(part * least, n + 1):
            starts = np.arange((part - 1) * least, stop - least + 1)
            values = best[part - 1, starts] + within[starts, stop]
            cut[part, stop] = starts[np.argmin(values)]
            best[part, stop] = values.min()
    found, last = [], n
    for part in range(parts, 0, -1):
        last = int(cut[part, last])
        found.append(last)
    return tuple(reversed(found))


def plan_for_day(
    junction: Junction, *, longest: float = LONGEST, most: int = MOST_PARTS, spread: float = 0.0
) -> DayPlan:
    """The plan of least delay for the day that was counted.

    Parameters
    ----------
    junction : its layout and flows.
    longest : seconds that a cycle may last.
    most : parts of the day at most.
    spread : of how full days are, as a share: delay grows faster than traffic, so the plan is that of least delay over quiet,
        usual and busy days.

    Returns
    -------
    DayPlan
        As few parts as save a hundredth of the delay each; the first begins at midnight.
    """
    least = max(1, round(SHORTEST_PART / junction.period))
    found = _plan(junction, (0,), longest=longest, spread=spread)
    hours = day_hours(junction, found, spread=spread)
    for parts in range(2, min(most, len(junction.minutes) // least) + 1):
        tried = _plan(junction, parts_of_day(junction.flows, parts, least=least), longest=longest, spread=spread)
        lost = day_hours(junction, tried, spread=spread)
        if lost < hours * (1 - SAVES * (parts - len(found.programs))):
            found, hours = tried, lost
    return found


def _plan(junction: Junction, starts: tuple[int, ...], *, longest: float, spread: float) -> DayPlan:
    ends = [*starts[1:], len(junction.minutes)]
    programs = []
    for start, end in zip(starts, ends, strict=True):
        flows = junction.during(slice(start, end)).over_days(spread)
        timing = best_timing(junction.layout, flows, longest=longest).timing
        programs.append(Program(int(junction.minutes[start]) if start else 0, timing))
    return DayPlan(tuple(programs))


def day_hours(junction: Junction, plan: DayPlan, *, spread: float = 0.0) -> float:
    """Vehicle-hours that a plan loses over the day that was counted.

    Parameters
    ----------
    junction : its layout and flows.
    plan : its timings.
    spread : of how full days are, as a share; 0 is the usual day alone.

    Returns
    -------
    float
        Hours a day, the mean of quiet, usual and busy days.
    """
    timings = [plan.at(int(minute)) for minute in junction.minutes]
    lost = 0.0
    for timing in dict.fromkeys(timings):
        places = np.flatnonzero([each == timing for each in timings])
        during = junction.during(places)
        flows = Flows(during.rows, during.period, _runs(during.follows, places)).over_days(spread)
        lost += flows.lost(junction.layout, timing) * len(places) / len(flows.rows)
    return lost


def _runs(follows: npt.NDArray[np.bool_] | None, places: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """Whether an interval follows the one before it among those that are taken."""
    next_to = np.concatenate([[False], np.diff(places) == 1])
    return next_to if follows is None else next_to & follows
