"""The inner loop of the Knox table, compiled.

A pair of places is found once for many permutations of the days: their days lie side by side, so that one pair is
compared for all of them in a few instructions of the processor, and no list of pairs is kept.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

__all__ = ["LANES", "near_pairs"]

LANES = 64  # permutations side by side: more would no longer stay in the processor's cache
FULL = 65_535  # what 16 bits can count


@numba.njit(cache=True)
def close_ones(
    x: Any, y: Any, one: int, begin: int, end: int, tops: Any, manhattan: bool, near: Any, bands: Any
) -> int:
    """Writes the points within the last band of one, and the band of each, and returns how many; no branch to guess.

    ``tops`` are squared unless ``manhattan``.
    """
    found = 0
    for other in range(begin, end):
        across, up = x[other] - x[one], y[other] - y[one]
        gap = abs(across) + abs(up) if manhattan else across * across + up * up
        band = 0
        for top in tops:
            band += gap > top
        near[found] = other
        bands[found] = band
        found += band < len(tops)
    return found


@numba.njit(cache=True)
def compare(days: Any, one: int, other: int, gaps: Any, tally: Any) -> None:
    """Counts in ``tally`` (gap, lane) whether two events are at most so many days apart."""
    for step in range(len(gaps)):
        gap = gaps[step]
        both = np.uint16(gap + gap)
        for lane in range(LANES):
            # Whole numbers of 16 bits wrap around: one comparison tells whether -gap <= difference <= gap.
            apart = np.uint16(days[other, lane] - days[one, lane] + gap)
            tally[step, lane] += np.uint16(apart <= both)


@numba.njit(cache=True)
def empty_into(tally: Any, totals: Any) -> None:
    """Adds what 16 bits have counted to the totals and begins anew."""
    for step in range(tally.shape[0]):
        for lane in range(LANES):
            totals[step, lane] += tally[step, lane]
            tally[step, lane] = 0


@numba.njit(cache=True)
def near_pairs(
    x: Any, y: Any, days: Any, starts: Any, columns: int, cell: Any, tops: Any, gaps: Any, manhattan: bool
) -> tuple[Any, Any]:
    """Pairs by band of distance and by longest gap in days, for each lane of ``days``.

    Points are sorted by ``cell`` (row * columns + column, each as wide as the last band, an empty column at either
    side and an empty row above); ``starts`` says where each cell begins. Returns (band, gap, lane) and the pairs of
    each band whatever their days.
    """
    totals = np.zeros((len(tops), len(gaps), LANES), np.int64)
    tally = np.zeros((len(tops), len(gaps), LANES), np.uint16)
    pairs, waiting = np.zeros(len(tops), np.int64), np.zeros(len(tops), np.int64)
    near, bands = np.empty(len(x) + 1, np.int32), np.empty(len(x) + 1, np.int32)
    for one in range(len(x)):
        above = cell[one] + columns
        # Sorted row by row, the neighbours not yet paired are two runs: onwards in this row, and three cells above.
        for run in range(2):
            begin = one + 1 if run == 0 else starts[above - 1]
            end = starts[cell[one] + 2] if run == 0 else starts[above + 2]
            for place in range(close_ones(x, y, one, begin, end, tops, manhattan, near, bands)):
                band = bands[place]
                compare(days, one, near[place], gaps, tally[band])
                pairs[band] += 1
                waiting[band] += 1
                if waiting[band] == FULL:
                    empty_into(tally[band], totals[band])
                    waiting[band] = 0
    for band in range(len(tops)):
        empty_into(tally[band], totals[band])
    return totals, pairs
