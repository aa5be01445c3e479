"""The inner loop of the Knox table, compiled.

A pair of places is found once for several groups of permutations of the days: those of a group lie side by side, so that
one pair is compared for all of them in a few instructions of the processor, and no list of pairs is kept.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

__all__ = ["GROUPS", "LANES", "near_pairs"]

LANES = 64  # permutations side by side: the neighbours of a point then stay in the processor's cache
GROUPS = 4  # of so many permutations for which a pair is found once
FULL = 65_535  # what 16 bits can count


@numba.njit(cache=True)
def close_ones(
    x: Any, y: Any, one: int, begin: int, end: int, tops: Any, manhattan: bool, near: Any, bands: Any
) -> int:
    """Writes the points within the last band of one, and the band of each, and returns how many; no branch to guess.

    ``tops`` are squared unless ``manhattan``.
    """
    # The bands of all first, which the processor computes several at a time; then those that are near move up.
    for index in range(end - begin):
        across, up = x[begin + index] - x[one], y[begin + index] - y[one]
        gap = abs(across) + abs(up) if manhattan else across * across + up * up
        band = 0
        for top in tops:
            band += gap > top
        bands[index] = band
    found = 0
    for index in range(end - begin):
        band = bands[index]
        near[found], bands[found] = begin + index, band
        found += band < len(tops)
    return found


@numba.njit(cache=True)
def compare(
    days: Any, group: int, one: int, near: Any, bands: Any, first: int, last: int, gaps: Any, tally: Any
) -> None:
    """Counts in ``tally`` (band, group, gap, lane) which near events are at most so many days from one event."""
    # Every index in full: a view of an array costs as much as comparing half of its lanes.
    for step in range(len(gaps)):
        gap = gaps[step]
        both = np.uint16(gap + gap)
        for index in range(first, last):
            other, band = np.uint64(near[index]), np.uint64(bands[index])
            for lane in range(LANES):
                # Whole numbers of 16 bits wrap around: one comparison tells whether -gap <= difference <= gap.
                apart = np.uint16(days[group, other, lane] - days[group, one, lane] + gap)
                tally[band, group, step, lane] += np.uint16(apart <= both)


@numba.njit(cache=True)
def empty_into(tally: Any, totals: Any, band: int) -> None:
    """Adds what 16 bits have counted of a band (band, group, gap, lane) to the totals, and begins anew."""
    for group in range(tally.shape[1]):  # a whole part at once takes five times as long to compile
        for step in range(tally.shape[2]):
            for lane in range(tally.shape[3]):
                totals[band, group, step, lane] += tally[band, group, step, lane]
                tally[band, group, step, lane] = 0


@numba.njit(cache=True)
def near_pairs(
    x: Any, y: Any, days: Any, starts: Any, columns: int, cell: Any, tops: Any, gaps: Any, manhattan: bool
) -> tuple[Any, Any]:
    """Pairs by band of distance and by longest gap in days, for each lane of ``days`` (group, event, lane).

    Points are sorted by ``cell`` (row * columns + column, each as wide as the last band, an empty column at either
    side and an empty row above); ``starts`` says where each cell begins. Returns (band, group, gap, lane) and the pairs
    of each band whatever their days.
    """
    shape = (len(tops), len(days), len(gaps), LANES)
    totals, tally = np.zeros(shape, np.int64), np.zeros(shape, np.uint16)
    pairs, waiting, coming = (
        np.zeros(len(tops), np.int64),
        np.zeros(len(tops), np.int64),
        np.zeros(len(tops), np.int64),
    )
    near, bands = np.empty(len(x) + 1, np.int32), np.empty(len(x) + 1, np.int32)
    for one in range(len(x)):
        above = cell[one] + columns
        # Sorted row by row, the neighbours not yet paired are two runs: onwards in this row, and three cells above.
        for run in range(2):
            begin = one + 1 if run == 0 else starts[above - 1]
            end = starts[cell[one] + 2] if run == 0 else starts[above + 2]
            found = close_ones(x, y, one, begin, end, tops, manhattan, near, bands)
            for first in range(0, found, FULL):
                last = min(first + FULL, found)
                for band in range(len(tops)):
                    coming[band] = 0
                for index in range(first, last):
                    coming[bands[index]] += 1
                for band in range(len(tops)):
                    if waiting[band] + coming[band] > FULL:
                        empty_into(tally, totals, band)
                        waiting[band] = 0
                    waiting[band] += coming[band]
                    pairs[band] += coming[band]
                for group in range(len(days)):
                    compare(days, group, one, near, bands, first, last, gaps, tally)
    for band in range(len(tops)):
        empty_into(tally, totals, band)
    return totals, pairs
