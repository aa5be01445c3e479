"""Exponential smoothing beside a line that turns as data come in, compiled: one pass over a panel at several rates."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

__all__ = ["taken_in"]

Array = npt.NDArray[np.float64]


@numba.njit(cache=True, nogil=True)
def taken_in(values: Array, rates: Array) -> tuple[Array, Array, Array, Array, Array, Array]:
    """What all values (period, column) leave, gaps NaN, at each rate of forgetting.

    First the sums over one-step forecasts, (6, rate, column), from which the best line and first level follow: with what is left
    of the first level (f), what the line adds (l) and what the level missed (r) they are of ff, fl, ll, fr, lr and rr. Then, by
    rate and column, what is left of the first level and the level of smoothing that began at 0; then, by column, the line's
    start and slope, and the mean of all values.
    """
    columns = values.shape[1]
    squares = np.zeros((6, len(rates), columns))
    left, level = np.ones((len(rates), columns)), np.zeros((len(rates), columns))
    start, slope, mean = np.zeros(columns), np.zeros(columns), np.zeros(columns)
    for column in range(columns):
        seen = 0.0
        for row in range(len(values)):
            value = values[row, column]
            if np.isnan(value):
                continue
            for which in range(len(rates)):
                rate, first = rates[which], left[which, column]
                if seen > 0:
                    line = first * start[column] + (1 - first * (1 - rate)) / rate * slope[column]
                    rest = value - level[which, column]
                    squares[0, which, column] += first * first
                    squares[1, which, column] += first * line
                    squares[2, which, column] += line * line
                    squares[3, which, column] += first * rest
                    squares[4, which, column] += line * rest
                    squares[5, which, column] += rest * rest
                left[which, column] = first * (1 - rate)
                level[which, column] = rate * value + (1 - rate) * level[which, column]
            count = seen + 1
            if seen > 0:
                turned = ((count - 2) * slope[column] + 6 / count * (value - mean[column])) / (count + 1)
                slope[column] = turned
                mean[column] = (seen * mean[column] + value) / count
                start[column] = mean[column] - (count + 1) / 2 * turned
            else:
                mean[column] = start[column] = value
            seen = count
    return squares, left, level, start, slope, mean
