"""Exponentially weighted sums at several rates of forgetting, compiled: one pass over a panel, kept where they are asked for."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

__all__ = ["remembered"]

Array = npt.NDArray[np.float64]


@numba.njit(cache=True, nogil=True)
def remembered(values: Array, rates: Array, rows: npt.NDArray[np.int64]) -> Array:
    """What is left at some rows of all that came until then, (row, rate, column): each period back is multiplied by the rate."""
    columns = values.shape[1]
    kept = np.empty((len(rows), len(rates), columns))
    sums = np.zeros((len(rates), columns))
    asked = 0
    for row in range(len(values)):
        for which in range(len(rates)):
            for column in range(columns):
                sums[which, column] = values[row, column] + rates[which] * sums[which, column]
        if asked < len(rows) and rows[asked] == row:
            for which in range(len(rates)):  # a whole part at once takes five times as long to compile
                for column in range(columns):
                    kept[asked, which, column] = sums[which, column]
            asked += 1
    return kept
