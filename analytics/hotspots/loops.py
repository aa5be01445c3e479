"""Loops over points that numpy would pass over many times, compiled; the first call on a machine takes a second."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

__all__ = ["count_squares", "rises_and_ties", "shared_out", "spread_points", "square_of"]

Floats = npt.NDArray[np.float64]

BLOCK = 65_536  # points: their places stay in the processor's own memory


@numba.njit(cache=True, nogil=True)
def square_of(
    x: Floats, y: Floats, x0: float, y0: float, size: float, columns: int, rows: int
) -> npt.NDArray[np.int64]:
    """The flat position of the square of each point; columns * rows for points off the grid."""
    place = np.empty(len(x), dtype=np.int64)
    scale = 1 / size  # as in ``count_squares``, so that both put a point on a border into the same square
    for each in range(len(x)):
        across, up = (x[each] - x0) * scale, (y[each] - y0) * scale
        if 0 <= across < columns and 0 <= up < rows:
            place[each] = int(up) * columns + int(across)
        else:
            place[each] = columns * rows
    return place


@numba.njit(cache=True, nogil=True, error_model="numpy")
def count_squares(x: Floats, y: Floats, x0: float, y0: float, size: float, columns: int, rows: int) -> Floats:
    """Points in each square of a (row, column) grid; points off the grid are not counted."""
    # Places of a block first, which the processor computes several at a time, then their counts; one more place takes
    # the points off the grid.
    cells = rows * columns
    counts = np.zeros(cells + 1, dtype=np.int32)
    places = np.empty(BLOCK, dtype=np.int32)
    scale = 1 / size
    for start in range(0, len(x), BLOCK):
        east, north = x[start : start + BLOCK], y[start : start + BLOCK]
        for each in range(len(east)):
            across, up = (east[each] - x0) * scale, (north[each] - y0) * scale
            inside = (across >= 0) & (across < columns) & (up >= 0) & (up < rows)
            places[each] = np.int32(up) * np.int32(columns) + np.int32(across) if inside else np.int32(cells)
        for each in range(len(east)):
            counts[places[each]] += 1
    return counts[:-1].reshape((rows, columns)).astype(np.float64)


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
        ordered = np.sort(values)
        run = 1
        for step in range(1, steps + 1):
            if step < steps and ordered[step] == ordered[step - 1]:
                run += 1
            else:
                ties[each] += run * (run - 1) * (2 * run + 5)
                run = 1
    return rises, ties


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
