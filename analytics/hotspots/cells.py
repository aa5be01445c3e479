"""Cells: a grid of squares in metres over the places that can have incidents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from analytics.errors import HotspotError
from data import Incidents
from data.dataset import CITY

__all__ = ["Cells", "cells_over"]

MOST_CELLS = 250_000  # of the whole grid: beyond this a map of a city has cells finer than its addresses


@dataclass(frozen=True, eq=False)
class Cells:
    """Squares of ``size`` metres whose centres lie inside the city.

    ``x0``, ``y0`` is the lower left corner of the whole grid of ``columns`` x ``rows``; ``index`` holds, in order, the
    flat positions (row * columns + column) of the cells that count, ``area_id`` the area that each centre lies in.
    """

    size: float
    x0: float
    y0: float
    columns: int
    rows: int
    index: npt.NDArray[np.int64]
    area_id: npt.NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.index)

    def locate(self, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """The place in ``index`` of the cell that each point lies in; -1 where that cell does not count."""
        column = np.floor((x - self.x0) / self.size).astype(np.int64)
        row = np.floor((y - self.y0) / self.size).astype(np.int64)
        inside = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        place = np.full(self.columns * self.rows, -1, dtype=np.int64)
        place[self.index] = np.arange(len(self.index))
        flat = np.where(inside, row * self.columns + column, 0)
        return np.where(inside, place[flat], -1)

    def counts(self, frame: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Events in each cell that counts; ``frame`` has x and y in metres."""
        place = self.locate(frame["x"].to_numpy(), frame["y"].to_numpy())
        return np.bincount(place[place >= 0], minlength=len(self)).astype(np.float64)

    def on_grid(self, values: npt.NDArray[np.float64], *, outside: float = 0.0) -> npt.NDArray[np.float64]:
        """Values of the cells that count as a (row, column) grid, another value elsewhere."""
        grid = np.full(self.columns * self.rows, outside)
        grid[self.index] = values
        return grid.reshape(self.rows, self.columns)


def cells_over(incidents: Incidents, *, size: float) -> Cells:
    """The cells of a city, fixed before any day is tested: centre inside an area, or within a cell of a point without areas.

    A city without areas is outlined by all its points, grown by one cell. A cell whose centre lies outside but that holds
    events at the edge does not count; those events are in no score.

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
    x0, y0 = np.floor(west / size) * size, np.floor(south / size) * size
    columns, rows = int(np.ceil((east - x0) / size)), int(np.ceil((north - y0) / size))
    if columns * rows > MOST_CELLS:
        least = np.ceil(np.sqrt((east - west) * (north - south) / MOST_CELLS) / 10) * 10
        raise HotspotError("too_many_cells", size=size, cells=columns * rows, most=MOST_CELLS, least=float(least))
    across, up = np.meshgrid(np.arange(columns), np.arange(rows))
    x, y = x0 + (across.ravel() + 0.5) * size, y0 + (up.ravel() + 0.5) * size
    area = _areas_of(incidents, x, y, size)
    index = np.flatnonzero(area != "")
    return Cells(float(size), float(x0), float(y0), columns, rows, index.astype(np.int64), area[index])


def _areas_of(
    incidents: Incidents, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], size: float
) -> npt.NDArray[np.object_]:
    if incidents.areas is None:
        points = np.atleast_1d(np.asarray(shapely.points(incidents.frame["x"], incidents.frame["y"])))
        near = shapely.STRtree(points).query(shapely.points(x, y), predicate="dwithin", distance=size)[0]
        area = np.full(len(x), "", dtype=object)
        area[np.unique(near)] = CITY
        return area
    from data.places import area_of

    return area_of(x, y, incidents.areas)
