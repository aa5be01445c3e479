"""Street segments as cells: an event belongs to the nearest one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse
from shapely.ops import substring

from analytics.errors import HotspotError
from analytics.hotspots.cells.base import Cells, Raster
from analytics.hotspots.cells.polygons import raster_of
from data import Areas, Network
from data.tables import CITY
from data.tables.locations import area_of

__all__ = ["Segments", "segments_of"]

Floats = npt.NDArray[np.float64]

FARTHEST = 60.0  # metres: half a block; what lies farther from any street is on none
JOINED = 1.0  # metres: ends that lie closer meet


@dataclass(frozen=True, eq=False, kw_only=True)
class Segments(Cells):
    """Pieces of street: ``lines``, in order. ``extent`` is their length in metres."""

    lines: npt.NDArray[np.object_]

    def locate(self, x: Floats, y: Floats) -> npt.NDArray[np.int64]:
        """The index of the segment nearest to each point, the first of equals; -1 beyond 60 m of any."""
        points, lines = shapely.STRtree(self.lines).query_nearest(shapely.points(x, y), max_distance=FARTHEST)
        index = np.full(len(x), len(self), dtype=np.int64)
        np.minimum.at(index, points, lines)
        return np.where(index < len(self), index, -1)

    @cached_property
    def near(self) -> sparse.csr_array:
        """The segments that meet at a crossing, and each itself."""
        one, other = shapely.STRtree(self.lines).query(self.lines, predicate="dwithin", distance=JOINED)
        return sparse.csr_array((np.ones(len(one)), (one, other)), shape=(len(self), len(self)))

    @cached_property
    def raster(self) -> Raster:
        """A picture in which streets are as wide as an event may lie beside them."""
        return raster_of(self, shapely.total_bounds(self.lines))


def segments_of(network: Network, *, longest: float, areas: Areas | None = None) -> Segments:
    """The lines of a network, those longer than ``longest`` metres cut into equal parts.

    Parameters
    ----------
    network : lines in metres.
    longest : metres; longer lines are cut.
    areas : where given, segments whose middle lies in none of them are left out.

    Returns
    -------
    The segments, their extent in metres of street.

    Raises
    ------
    HotspotError
        When the network has no line inside the city.
    """
    parts = [_cut(line, longest) for line in network.streets]
    lines = np.asarray([piece for line in parts for piece in line], dtype=object)
    middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    x, y = shapely.get_x(middle), shapely.get_y(middle)
    area = area_of(x, y, areas)
    inside = area != ""
    if not inside.any():
        raise HotspotError("no_segments", network=network.title)
    return Segments(
        kind="segments", size=float(longest), x=x[inside], y=y[inside], extent=shapely.length(lines)[inside],
        area_id=np.where(area[inside] == "", CITY, area[inside]), lines=lines[inside],
    )  # fmt: skip


def _cut(line: shapely.LineString, longest: float) -> list[Any]:
    pieces = max(1, int(np.ceil(line.length / longest)))
    if pieces == 1:
        return [line]
    ends = np.linspace(0, line.length, pieces + 1)
    return [substring(line, start, end) for start, end in pairwise(ends)]
