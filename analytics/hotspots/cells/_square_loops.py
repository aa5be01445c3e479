"""Which square each point lies in, how many lie in each, and squares spread over those around: compiled."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

__all__ = ["count_squares", "spread_squares", "square_of"]

Floats = npt.NDArray[np.float64]

Rows = npt.NDArray[np.int64]

BLOCK = 65_536  # points: their positions stay in the processor's own memory


@numba.njit(cache=True, nogil=True)
def square_of(
    x: Floats, y: Floats, x0: float, y0: float, size: float, columns: int, rows: int
) -> npt.NDArray[np.int64]:
    """The flat position of the square of each point; columns * rows for points off the grid.

    Parameters
    ----------
    x, y : points in metres.
    x0, y0 : the south-western corner of the grid.
    size : side of a square in metres.
    columns, rows : of the grid.

    Returns
    -------
    Row × columns + column, a point.
    """
    position = np.empty(len(x), dtype=np.int64)
    scale = 1 / size  # as in ``count_squares``, so that both put a point on a border into the same square
    for each in range(len(x)):
        across, up = (x[each] - x0) * scale, (y[each] - y0) * scale
        if 0 <= across < columns and 0 <= up < rows:
            position[each] = int(up) * columns + int(across)
        else:
            position[each] = columns * rows
    return position


@numba.njit(cache=True, nogil=True, error_model="numpy")
def count_squares(x: Floats, y: Floats, x0: float, y0: float, size: float, columns: int, rows: int) -> Floats:
    """Points in each square of a (row, column) grid; points off the grid are not counted.

    Parameters
    ----------
    x, y : points in metres.
    x0, y0 : the south-western corner of the grid.
    size : side of a square in metres.
    columns, rows : of the grid.

    Returns
    -------
    Counts by row and column.
    """
    # Positions of a block first, which the processor computes several at a time, then their counts; one more position takes
    # the points off the grid.
    cells = rows * columns
    counts = np.zeros(cells + 1, dtype=np.int32)
    positions = np.empty(BLOCK, dtype=np.int32)
    scale = 1 / size
    for start in range(0, len(x), BLOCK):
        east, north = x[start : start + BLOCK], y[start : start + BLOCK]
        for each in range(len(east)):
            across, up = (east[each] - x0) * scale, (north[each] - y0) * scale
            inside = (across >= 0) & (across < columns) & (up >= 0) & (up < rows)
            positions[each] = np.int32(up) * np.int32(columns) + np.int32(across) if inside else np.int32(cells)
        for each in range(len(east)):
            counts[positions[each]] += 1
    return counts[:-1].reshape((rows, columns)).astype(np.float64)


@numba.njit(cache=True, nogil=True)
def spread_squares(values: Floats, index: Rows, columns: int, rows: int, weights: Floats, at: Rows) -> Floats:
    """Values of squares spread by the same weights in both directions, at some of the squares; nothing comes from off the grid.

    Parameters
    ----------
    values : (layer, square).
    index : flat position of each square on the grid.
    columns, rows : of the grid.
    weights : an odd number, that of a square itself in the middle.
    at : the squares that are asked for.

    Returns
    -------
    Spread values, (layer, square asked for).
    """
    half = len(weights) // 2
    found = np.empty((len(values), len(at)))
    across = np.empty((rows, columns))
    for layer in range(len(values)):
        across[:] = 0.0
        for each in range(len(index)):
            value = values[layer, each]
            if value != 0.0:  # most of a grid holds nothing that could be spread
                row, column = index[each] // columns, index[each] % columns
                for there in range(max(0, column - half), min(columns, column + half + 1)):
                    across[row, there] += value * weights[there - column + half]
        for each in range(len(at)):
            row, column = index[at[each]] // columns, index[at[each]] % columns
            summed = 0.0
            for there in range(max(0, row - half), min(rows, row + half + 1)):
                summed += across[there, column] * weights[there - row + half]
            found[layer, each] = summed
    return found
