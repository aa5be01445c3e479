"""Hexagons in metres, and the areas of a layer, as cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse

from analytics.errors import HotspotError
from analytics.hotspots.cells.base import MOST_PIXELS, Cells, Raster
from analytics.hotspots.cells.squares import MOST_CELLS
from data import Areas, Incidents
from data.tables import CITY
from data.tables.locations import area_of

__all__ = ["Polygons", "areas_as_cells", "hexagons_over", "raster_of"]

Floats = npt.NDArray[np.float64]
TOUCH = 1.0  # metres: borders of one layer that lie closer are one border, drawn twice


@dataclass(frozen=True, eq=False, kw_only=True)
class Polygons(Cells):
    """Cells with an outline each: ``shapes``, in order."""

    shapes: npt.NDArray[np.object_]

    def locate(self, x: Floats, y: Floats) -> npt.NDArray[np.int64]:
        """The index of the polygon that each point lies in (the first of several), -1 for none."""
        points, polygons = shapely.STRtree(self.shapes).query(shapely.points(x, y), predicate="intersects")
        index = np.full(len(x), len(self), dtype=np.int64)
        np.minimum.at(index, points, polygons)
        return np.where(index < len(self), index, -1)

    @cached_property
    def near(self) -> sparse.csr_array:
        """The polygons that share a border or a corner, and each itself."""
        one, other = shapely.STRtree(self.shapes).query(self.shapes, predicate="dwithin", distance=TOUCH)
        return sparse.csr_array((np.ones(len(one)), (one, other)), shape=(len(self), len(self)))

    @cached_property
    def raster(self) -> Raster:
        """A picture fine enough for a screen."""
        return raster_of(self, shapely.total_bounds(self.shapes))


def raster_of(cells: Cells, bounds: Floats) -> Raster:
    """Any cells as a picture: which cell each pixel's middle lies in.

    Parameters
    ----------
    cells : of any kind.
    bounds : west, south, east and north in metres.

    Returns
    -------
    The index of a cell a pixel, -1 where there is none.
    """
    west, south, east, north = (float(edge) for edge in bounds)
    size = float(np.sqrt((east - west) * (north - south) / MOST_PIXELS))
    columns, rows = int(np.ceil((east - west) / size)), int(np.ceil((north - south) / size))
    across, up = np.meshgrid(west + (np.arange(columns) + 0.5) * size, south + (np.arange(rows) + 0.5) * size)
    return Raster(cells.locate(across.ravel(), up.ravel()).reshape(rows, columns), west, south, size)


def hexagons_over(incidents: Incidents, *, size: float) -> Polygons:
    """Hexagons of ``size`` metres between opposite sides, pointing up, whose middle lies inside an area.

    Without areas, those that hold an incident. All neighbours of a hexagon are equally far away.

    Parameters
    ----------
    incidents : their areas outline the city.
    size : metres between opposite sides.

    Returns
    -------
    The hexagons, from the south-west.

    Raises
    ------
    HotspotError
        When there would be more than 250,000.
    """
    frame = incidents.frame
    if incidents.areas is not None:
        west, south, east, north = incidents.areas.frame.total_bounds
    else:
        west, south, east, north = frame["x"].min(), frame["y"].min(), frame["x"].max(), frame["y"].max()
    step = size * np.sqrt(3) / 2  # between rows
    # The first middles lie up to three rows and two columns before the corner, the last must lie beyond the other one.
    rows, columns = int((north - south) / step) + 6, int((east - west) / size) + 5
    if rows * columns > MOST_CELLS:
        least = np.ceil(np.sqrt((east - west) * (north - south) / MOST_CELLS) / 10) * 10
        raise HotspotError("too_many_cells", size=size, cells=rows * columns, most=MOST_CELLS, least=float(least))
    # Middles at fixed places of the crs: another day gives the same hexagons.
    first, lowest = np.floor(west / size) - 1, 2 * np.floor(south / (2 * step)) - 1
    across, up = np.meshgrid(first + np.arange(columns), lowest + np.arange(rows))
    x = (across + (up % 2) / 2).ravel() * size
    y = up.ravel() * step
    area = area_of(x, y, incidents.areas)
    corners = np.arange(6) * np.pi / 3 + np.pi / 6
    ring = size / np.sqrt(3) * np.column_stack([np.cos(corners), np.sin(corners)])
    shapes = shapely.polygons(np.stack([x, y], axis=1)[:, None, :] + ring[None])
    inside = area != ""
    if incidents.areas is None:
        inside = np.zeros(len(x), dtype=bool)
        inside[shapely.STRtree(shapes).query(shapely.points(frame["x"], frame["y"]), predicate="intersects")[1]] = True
    return _polygons("hexagons", size, np.asarray(shapes)[inside], area[inside], x[inside], y[inside])


def areas_as_cells(areas: Areas | None) -> Polygons:
    """The areas of a layer, each a cell; they differ in size, so shares are of the land and not of their number.

    Raises
    ------
    HotspotError
        For a city without areas.
    """
    if areas is None or len(areas.frame) < 2:
        raise HotspotError("no_areas")
    shapes = areas.frame.geometry.to_numpy()
    middle = shapely.point_on_surface(shapes)
    ids = areas.frame.index.to_numpy().astype(object)
    return _polygons("areas", 0.0, shapes, ids, shapely.get_x(middle), shapely.get_y(middle))


def _polygons(
    kind: str, size: float, shapes: npt.NDArray[np.object_], area_id: npt.NDArray[np.object_], x: Floats, y: Floats
) -> Polygons:
    return Polygons(
        kind=kind, size=float(size), x=np.asarray(x), y=np.asarray(y), extent=np.asarray(shapely.area(shapes)),
        area_id=np.where(area_id == "", CITY, area_id), shapes=np.asarray(shapes),
    )  # fmt: skip
