"""Points shared among squares, and counts shared among kernels: compiled."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

__all__ = ["shared_out", "spread_points"]

Floats = npt.NDArray[np.float64]


@numba.njit(cache=True, nogil=True)
def spread_points(x: Floats, y: Floats, x0: float, y0: float, size: float, columns: int, rows: int) -> Floats:
    """Points shared among the middles of the four squares around them (linear binning), on a (row, column) grid.

    It keeps each point's mean place, which counting by square moves by up to half a square.
    """
    shares = np.zeros((rows, columns))
    scale = 1 / size
    for each in range(len(x)):
        across, up = (x[each] - x0) * scale - 0.5, (y[each] - y0) * scale - 0.5
        column, row = int(np.floor(across)), int(np.floor(up))
        right, above = across - column, up - row
        if 0 <= column < columns - 1 and 0 <= row < rows - 1:
            shares[row, column] += (1 - right) * (1 - above)
            shares[row, column + 1] += right * (1 - above)
            shares[row + 1, column] += (1 - right) * above
            shares[row + 1, column + 1] += right * above
        elif -1 <= column < columns and -1 <= row < rows:  # at the edge what would fall off is kept on it
            column, row = min(max(column, 0), columns - 1), min(max(row, 0), rows - 1)
            shares[row, column] += 1
    return shares


@numba.njit(cache=True, nogil=True)
def shared_out(values: Floats, counts: Floats, weights: Floats) -> Floats:
    """Counts (row) shared among columns in proportion to weight x value (row, column), and summed by column."""
    rows, columns = values.shape
    shares = np.zeros(columns)
    for row in range(rows):
        mixed = 1e-300
        for column in range(columns):
            mixed += weights[column] * values[row, column]
        scale = counts[row] / mixed
        for column in range(columns):
            shares[column] += scale * weights[column] * values[row, column]
    return shares
