"""The inner loops of the scans, compiled.

A window can be the best only if its expected cases lie below a limit that depends on its cases. ``limits`` holds these
bounds for rising levels of the log likelihood ratio, so that each window costs a sum, a look-up and a comparison, and a
logarithm is taken only where the best may be beaten. Every window is visited.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

__all__ = ["best_cylinder", "best_square", "dealt", "limits", "summed"]

Floats = npt.NDArray[np.float64]

LISTED = 256  # cases with a limit of their own; above, a bound by the square of the excess is close enough
HALVINGS = 40  # of the bracket around a limit: its width is then below any difference that matters


def limits(total: int, fewest: int) -> tuple[Floats, Floats]:
    """Levels (k) and the expected cases (k, cases) from which on a window cannot reach the level."""
    levels = np.concatenate([np.arange(10.0), 10 * 1.25 ** np.arange(25)])
    cases = np.arange(max(LISTED, fewest + 1), dtype=float)
    low, high = np.zeros((len(levels), len(cases))), np.tile(cases, (len(levels), 1))
    inside = np.minimum(cases, total)
    with np.errstate(divide="ignore", invalid="ignore"):
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            outside = total - inside
            beyond = np.where(outside > 0, outside * np.log(outside / (total - middle)), 0.0)
            reached = inside * np.log(inside / middle) + beyond >= levels[:, None]
            low, high = np.where(reached, middle, low), np.where(reached, high, middle)
    high = np.nextafter(high, np.inf)
    high[:, : max(1, fewest)] = -1.0  # too few cases: never a cluster
    return levels, high


@numba.njit(cache=True)
def ratio(cases: float, expected: float, total: float) -> float:
    """The log likelihood ratio where there are more cases than expected."""
    usual = max(expected, 1e-12)  # sums taken away from sums may leave a little less than nothing
    if cases <= usual:
        return 0.0
    value = cases * np.log(cases / usual)
    if total > cases:
        value += (total - cases) * np.log((total - cases) / (total - usual))
    return float(value)


@numba.njit(cache=True)
def may_beat(cases: int, expected: float, total: float, best: float, limit: Any) -> bool:
    """Whether a window could be better than the best, by more than rounding: never wrong when it says no."""
    if cases < len(limit):
        return bool(expected < limit[cases])
    excess = cases - expected
    # r ln r - r + 1 <= (r - 1)²/2 inside and s ln s - s + 1 <= (s - 1)²/(2s) outside.
    return excess > 0 and excess * excess * (total - excess) >= 2 * best * expected * (total - cases)


@numba.njit(cache=True)
def level_of(best: float, levels: Any) -> int:
    """The highest level that the best has reached."""
    reached: int = np.searchsorted(levels, best, side="right") - 1  # type: ignore[assignment]
    return max(0, reached)


@numba.njit(cache=True)
def best_cylinder(
    cases: Any, expected: Any, order: Any, size: Any, complete: Any, first: Any, last: Any, total: float, levels: Any,
    limit: Any,
) -> tuple[float, int, int, int, int]:  # fmt: skip
    """The best of the circles (``order``, ``size``, ``complete``) over the intervals ``first`` to ``last``.

    ``cases`` and ``expected`` are (location, period + 1), summed over the periods before. Returns the log likelihood
    ratio, the centre, how many locations, which interval (-1 for none) and how many windows were visited.
    """
    best, centre, locations, interval, visited = 0.0, 0, 0, -1, 0
    bound = limit[0]
    count, usual = np.zeros(cases.shape[1], np.int64), np.zeros(cases.shape[1])
    for middle in range(len(order)):
        count[:] = 0
        usual[:] = 0.0
        for near in range(size[middle]):
            location = order[middle, near]
            for period in range(len(count)):
                count[period] += cases[location, period]
                usual[period] += expected[location, period]
            if not complete[middle, near]:
                continue
            for step in range(len(first)):
                visited += 1
                inside = count[last[step] + 1] - count[first[step]]
                wanted = usual[last[step] + 1] - usual[first[step]]
                if may_beat(inside, wanted, total, best, bound):
                    value = ratio(inside, wanted, total)
                    if value > best:
                        best, centre, locations, interval = value, middle, near + 1, step
                        bound = limit[level_of(best, levels)]
    return best, centre, locations, interval, visited


@numba.njit(cache=True)
def summed(plane: Any, table: Any) -> None:
    """Adds to ``table`` (row + 1, column + 1) the sums of all cells above and left of each corner of ``plane``."""
    before = np.zeros(plane.shape[1] + 1, table.dtype)
    for row in range(plane.shape[0]):
        line = plane[row, 0] - plane[row, 0]
        for column in range(plane.shape[1]):
            line += plane[row, column]
            before[column + 1] += line
            table[row + 1, column + 1] += before[column + 1]


@numba.njit(cache=True)
def best_in_row(
    high: Any, low: Any, usual_high: Any, usual_low: Any, side: int, total: float, best: float, bound: Any
) -> tuple[float, int, int]:
    """The best window between two lines of the tables: its ratio, its column (-1 when none beats ``best``), how many."""
    # Views that all run with the column: one index for eight reads more than doubles the speed.
    far_high, far_low, usual_far_high, usual_far_low = high[side:], low[side:], usual_high[side:], usual_low[side:]
    found = -1
    for column in range(len(far_high)):
        inside = far_low[column] - low[column] - far_high[column] + high[column]
        wanted = usual_far_low[column] - usual_low[column] - usual_far_high[column] + usual_high[column]
        if may_beat(inside, wanted, total, best, bound):
            value = ratio(inside, wanted, total)
            if value > best:
                best, found = value, column
    return best, found, len(far_high)


@numba.njit(cache=True)
def best_square(
    cases: Any, expected: Any, most_side: int, longest: int, prospective: bool, levels: Any, limit: Any
) -> tuple[float, int, int, int, int, int, int]:
    """The best square window of cells and periods; ``cases`` and ``expected`` are (period, row, column).

    Returns the log likelihood ratio, the row and column of the corner, the side (0 for none), the first and the last
    period and how many windows were visited.
    """
    periods, rows, columns = cases.shape
    total = float(cases.sum())
    best, top, left, width, start, end, visited = 0.0, 0, 0, 0, 0, 0, 0
    bound = limit[0]
    for last in range(periods - 1 if prospective else 0, periods):
        count, usual = np.zeros((rows + 1, columns + 1), np.int32), np.zeros((rows + 1, columns + 1))
        for first in range(last, max(-1, last - longest), -1):
            summed(cases[first], count)
            summed(expected[first], usual)
            for side in range(1, most_side + 1):
                for row in range(rows - side + 1):
                    value, column, windows = best_in_row(
                        count[row], count[row + side], usual[row], usual[row + side], side, total, best, bound
                    )
                    visited += windows
                    if column >= 0:
                        best, top, left, width, start, end = value, row, column, side, first, last
                        bound = limit[level_of(best, levels)]
    return best, top, left, width, start, end, visited


@numba.njit(cache=True)
def dealt(drawn: Any, upper: Any, guide: Any) -> Any:
    """Counts by cell of uniform numbers, where ``upper`` is the cumulated share of each cell.

    ``guide`` says for equal steps of the numbers where to begin to look (Chen and Asau, 1974): a step or two on average.
    """
    counts = np.zeros(len(upper), np.int64)
    for each in drawn:
        cell = guide[int(each * len(guide))]
        while upper[cell] <= each:
            cell += 1
        counts[cell] += 1
    return counts
