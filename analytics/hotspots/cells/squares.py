"""Squares: a grid in metres over the places that can have incidents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.ndimage import binary_dilation

from analytics.errors import HotspotError
from analytics.hotspots.cells.base import TRUNCATE, Cells, Raster
from data import Incidents
from data.tables import CITY

__all__ = ["MOST_CELLS", "Squares", "squares_over"]

Floats = npt.NDArray[np.float64]

MOST_CELLS = 250_000  # of the whole grid: beyond this a map of a city has cells finer than its addresses


@dataclass(frozen=True, eq=False, kw_only=True)
class Squares(Cells):
    """Squares of ``size`` metres that count.

    ``x0``, ``y0`` is the lower left corner of the whole grid of ``columns`` x ``rows``; ``index`` holds, in order, the
    flat positions (row * columns + column) of the cells that count.
    """

    x0: float
    y0: float
    columns: int
    rows: int
    index: npt.NDArray[np.int64]

    def locate(self, x: Floats, y: Floats) -> npt.NDArray[np.int64]:
        """The index of the square that each point lies in; -1 where that square does not count."""
        from analytics.hotspots.cells._square_loops import square_of

        return np.asarray(self._cell_at[square_of(x, y, self.x0, self.y0, self.size, self.columns, self.rows)])

    def counts(self, frame: pd.DataFrame) -> Floats:
        """Events in each square; see ``Cells.counts``."""
        from analytics.hotspots.cells._square_loops import count_squares

        if "cell" in frame.columns:
            return super().counts(frame)
        x, y = frame["x"].to_numpy(dtype=float), frame["y"].to_numpy(dtype=float)
        grid = count_squares(x, y, self.x0, self.y0, self.size, self.columns, self.rows)
        return np.asarray(grid.ravel()[self.index])

    def on_grid(self, values: Floats, *, outside: float = 0.0) -> Floats:
        """Values of the cells that count, shape (..., cell), as a (..., row, column) grid, another value elsewhere.

        Parameters
        ----------
        values : one a cell that counts, last dimension.
        outside : what stands in the other squares.

        Returns
        -------
        The same values by row and column.
        """
        grid = np.full((*values.shape[:-1], self.columns * self.rows), outside, dtype=values.dtype)
        grid[..., self.index] = values
        return grid.reshape(*values.shape[:-1], self.rows, self.columns)

    def smooth(self, values: Floats, *, bandwidth: float, at: npt.NDArray[np.int64] | None = None) -> Floats:
        """Values spread by a Gaussian, one direction at a time; what would fall off the city is given back evenly."""
        every = np.arange(len(self))
        layers = values.reshape(-1, len(self))
        if bandwidth not in self._stays:
            self._stays[bandwidth] = self._spread(np.ones((1, len(self))), bandwidth, every)[0]
        # As much of a square reaches the city as the square would get if all of the city held one.
        total = (layers * self._stays[bandwidth]).sum(axis=1)
        found = self._spread(layers, bandwidth, every if at is None else at)
        found *= (layers.sum(axis=1) / np.where(total > 0, total, 1.0))[:, None]
        return found.reshape(*values.shape[:-1], -1)

    def _spread(self, layers: Floats, bandwidth: float, at: npt.NDArray[np.int64]) -> Floats:
        from analytics.hotspots.cells._square_loops import spread_squares

        sigma = bandwidth / self.size
        reach = int(TRUNCATE * sigma + 0.5)
        weights = np.exp(-((np.arange(-reach, reach + 1) / sigma) ** 2) / 2)
        layers = np.ascontiguousarray(layers, dtype=float)
        return np.asarray(spread_squares(layers, self.index, self.columns, self.rows, weights / weights.sum(), at))

    @cached_property
    def _stays(self) -> dict[float, Floats]:
        """How much of each square stays in the city when it is spread, by bandwidth."""
        return {}

    @cached_property
    def near(self) -> sparse.csr_array:
        """The eight squares around each and itself, of those that count."""
        ones = np.lib.stride_tricks.sliding_window_view(
            np.pad(self._cell_at[:-1].reshape(self.rows, self.columns), 1, constant_values=-1), (3, 3)
        ).reshape(-1, 9)[self.index]
        row = np.broadcast_to(np.arange(len(self))[:, None], ones.shape)[ones >= 0]
        return sparse.csr_array((np.ones(len(row)), (row, ones[ones >= 0])), shape=(len(self), len(self)))

    @cached_property
    def raster(self) -> Raster:
        """The grid itself."""
        return Raster(self._cell_at[:-1].reshape(self.rows, self.columns), self.x0, self.y0, self.size)

    @cached_property
    def _cell_at(self) -> npt.NDArray[np.int64]:
        """The index of the cell at each flat position of the grid; one more at the end, for points off the grid."""
        cell = np.full(self.columns * self.rows + 1, -1, dtype=np.int64)
        cell[self.index] = np.arange(len(self.index))
        return cell

    def __getstate__(self) -> dict[str, object]:
        return {key: value for key, value in super().__getstate__().items() if key not in ("_cell_at", "_stays")}


def squares_over(incidents: Incidents, *, size: float) -> Squares:
    """Squares whose middle lies inside an area; without areas, those with an incident and those beside them.

    A square whose middle lies outside but that holds events at the edge does not count; those events are in no score.

    Parameters
    ----------
    incidents : their areas outline the city.
    size : side of a square in metres.

    Returns
    -------
    The squares that count, row by row.

    Raises
    ------
    HotspotError
        When the grid would have more than 250,000 cells.
    """
    frame = incidents.frame
    if incidents.areas is not None:
        west, south, east, north = incidents.areas.frame.total_bounds
    else:
        west, south = frame["x"].min() - size, frame["y"].min() - size
        east, north = frame["x"].max() + size, frame["y"].max() + size
    # Corners at whole multiples of the size: another layer or another day gives the same squares.
    x0, y0 = float(np.floor(west / size) * size), float(np.floor(south / size) * size)
    columns, rows = int(np.ceil((east - x0) / size)), int(np.ceil((north - y0) / size))
    if columns * rows > MOST_CELLS:
        least = np.ceil(np.sqrt((east - west) * (north - south) / MOST_CELLS) / 10) * 10
        raise HotspotError("too_many_cells", size=size, cells=columns * rows, most=MOST_CELLS, least=float(least))
    across, up = np.meshgrid(np.arange(columns), np.arange(rows))
    x = np.asarray(x0 + (across.ravel() + 0.5) * size, dtype=float)
    y = np.asarray(y0 + (up.ravel() + 0.5) * size, dtype=float)
    area = _areas_of(incidents, x, y, (x0, y0, size, columns, rows))
    index = np.flatnonzero(area != "").astype(np.int64)
    return Squares(
        kind="squares", size=float(size), x=x[index], y=y[index], extent=np.full(len(index), float(size) ** 2),
        area_id=area[index], x0=x0, y0=y0, columns=columns, rows=rows, index=index,
    )  # fmt: skip


def _areas_of(
    incidents: Incidents, x: Floats, y: Floats, grid: tuple[float, float, float, int, int]
) -> npt.NDArray[np.object_]:
    if incidents.areas is not None:
        from data.tables.locations import area_of

        return area_of(x, y, incidents.areas)
    from analytics.hotspots.cells._square_loops import square_of

    columns, rows = grid[3:]
    busy = np.zeros(columns * rows + 1, dtype=bool)
    busy[square_of(incidents.frame["x"].to_numpy(), incidents.frame["y"].to_numpy(), *grid)] = True
    inside = binary_dilation(busy[:-1].reshape(rows, columns)).ravel()
    return np.where(inside, CITY, "").astype(object)
