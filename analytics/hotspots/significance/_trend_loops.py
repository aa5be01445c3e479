"""Rises, falls and ties over all pairs of steps, for many series at once: compiled."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

__all__ = ["rises_and_ties"]

Floats = npt.NDArray[np.float64]


@numba.njit(cache=True, nogil=True)
def rises_and_ties(series: Floats) -> tuple[Floats, Floats]:
    """For each of (series, step): rises minus falls over all pairs of steps, and the sum of t(t-1)(2t+5) over its ties."""
    count, steps = series.shape
    rises, ties = np.zeros(count), np.zeros(count)
    for each in range(count):
        values = series[each]
        up, down = 0, 0
        for later in range(1, steps):
            now = values[later]
            for earlier in range(later):
                up += now > values[earlier]
                down += now < values[earlier]
        rises[each] = up - down
        if up + down == steps * (steps - 1) // 2:  # no two are equal
            continue
        for step in range(steps):  # each of t that are equal adds its part; to sort them takes longer to compile
            equal = 0
            for other in range(steps):
                equal += values[other] == values[step]
            ties[each] += (equal - 1) * (2 * equal + 5)
    return rises, ties
