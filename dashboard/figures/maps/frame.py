"""What every map has: borders, a scale bar, hidden axes in projected metres."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import shapely
from pyproj import Transformer

from analytics.results import Caveat, by_severity
from dashboard.figures.axes import nice_step
from dashboard.figures.chart import Anchor, Axis, Chart, Line, Mark, Note, Outline, Text
from dashboard.figures.geometry import Box, outline_rings, svg_url
from dashboard.figures.render.layout import left_margin, right_margin
from data import Areas, City
from data.tables import Water
from data.words import say

__all__ = [
    "MARGIN", "PHONE", "WHOLE", "Box", "Window", "as_high_as_needed", "map_axes", "map_height", "notes_below", "outline",
    "part_of", "scale_bar", "waters_of",
]  # fmt: skip

MAP_HEIGHT, LEAST_HEIGHT = 720, 320  # pixels
COLUMN_WIDTH = 780  # pixels of the column that a map stands in, on a page of 1,440
PHONE = 350  # pixels of a map on a phone 390 wide
RIVER = 5  # pixels across
NOTE_STEP = 24  # pixels from one number to the next
MARGIN = 0.02  # of the city's width, so that borders are not cut
NEAR_EDGE = 0.17  # of a map's width: half of a name on a phone
BAR_ROOM = 0.07  # of the city's height, below, where the scale bar stands


class Window(NamedTuple):
    """A part of a map: how many times it is enlarged, and its middle as shares of the whole, from the left and from below."""

    zoom: float = 1.0
    x: float = 0.5
    y: float = 0.5

    def of(self, box: Box) -> Box:
        """What is seen of a box: a part of the same shape that lies within it."""
        west, south, east, north = box
        across, up = (east - west) / self.zoom, (north - south) / self.zoom
        left = min(max(west + self.x * (east - west) - across / 2, west), east - across)
        low = min(max(south + self.y * (north - south) - up / 2, south), north - up)
        return left, low, left + across, low + up


WHOLE = Window()


def part_of(seen: Box, axes: tuple[Axis, Axis], *, whole: Box) -> Box | None:
    """How far the lines of a part go: to the edges of its map, in whole metres. None of the whole, which end with the city."""
    if seen == whole or axes[0].range is None or axes[1].range is None:
        return None
    (west, east), (south, north) = axes[0].range, axes[1].range
    return math.floor(west), math.floor(south), math.ceil(east), math.ceil(north)


def outline(city_key: str, areas: Areas | None, box: Box, *, part: Box | None) -> list[Outline]:
    """The borders of a layer, all of them in its ``box`` or those of a ``part``; nothing for a city without areas."""
    if areas is None:
        return []
    return [Outline(svg_url(city_key, areas.layer, part=part), part or box, outline_rings(areas, part=part))]


@lru_cache(maxsize=16)  # the same at each step of a slider
def waters_of(city: City, areas: Areas | None, box: Box) -> tuple[Mark, ...]:
    """The rivers of a city and the names of its waters, as far as they lie on the map; nothing without a projection.

    Parameters
    ----------
    city : that may name waters.
    areas : in whose metres the map is drawn.
    box : of what is shown.
    """
    if areas is None:
        return ()
    metres = Transformer.from_crs("EPSG:4326", areas.frame.crs, always_xy=True)
    marks: list[Mark] = []
    west, south, east, north = box
    waters: Iterable[Water] = city.of("waters").values()
    for water in waters:
        if len(water.line) > 1:
            river = shapely.LineString(np.column_stack(metres.transform(*np.array(water.line).T)))
            for part in shapely.get_parts(shapely.clip_by_rect(river, *box)):
                x, y = np.round(part.xy)
                marks.append(Line(x, y, role="water", width=RIVER))
        across, up = metres.transform(*water.at)
        if west <= across <= east and south <= up <= north:
            at, anchor = _not_cut(across, west, east)
            marks.append(Text(at, up, water.title, role="ink3", anchor=anchor, slanted=True))
    return tuple(marks)


def _not_cut(across: float, west: float, east: float) -> tuple[float, Anchor]:
    """Where words stand, and which side of them: near an edge they end there, instead of being cut by it."""
    near = NEAR_EDGE * (east - west)
    if across > east - near:
        return east, "end"
    return (west, "start") if across < west + near else (across, "middle")


def scale_bar(box: Box) -> list[Mark]:
    """A line of a round number of kilometres below the city."""
    west, south, east, north = box
    length = nice_step((east - west) / 1000, most=6)
    y = south - 0.05 * (north - south)
    words = say("labels.kilometres", {"n": length})
    return [
        Line([west, west + 1000 * length], [y, y], role="ink3", width=1.6),
        Text(west, y, words, role="ink2", dy=11),
    ]


def notes_below(box: Box, caveats: Sequence[Caveat], *, codes: Sequence[str]) -> list[Mark]:
    """The numbers of what limits a map as a whole, in the corner below the city.

    Parameters
    ----------
    box : of what is shown.
    caveats : of the chart.
    codes : of those that are placed.
    """
    _, south, east, north = box
    y = south - 0.05 * (north - south)
    present = [caveat.code for caveat in by_severity(list(caveats)) if caveat.code in codes]
    return [
        Note(east, y, code, dx=-NOTE_STEP * (len(present) - 1 - index) - 9, dy=8) for index, code in enumerate(present)
    ]


def map_height(axes: tuple[Axis, Axis], *, width: float = COLUMN_WIDTH) -> int:
    """Pixels that a map needs in a column of the page: a wide city leaves no empty room above and below.

    Parameters
    ----------
    axes : of the map.
    width : that is left for it beside its words, pixels.
    """
    across, up = (float(axis.range[1] - axis.range[0]) if axis.range else 1.0 for axis in axes)
    return round(min(MAP_HEIGHT, max(LEAST_HEIGHT, width * up / across)))


def as_high_as_needed(chart: Chart, *, across: float = COLUMN_WIDTH, most: float = MAP_HEIGHT) -> Chart:
    """A map with no empty room under it in a column of the page.

    Parameters
    ----------
    chart : in metres, with or without words beside it.
    across, most : pixels of the column, and of the map's height.
    """
    width = across - left_margin(chart) - right_margin(chart)
    return replace(chart, height=min(map_height((chart.x, chart.y), width=width), round(most)))


def map_axes(box: Box, *, bar: bool = True) -> tuple[Axis, Axis]:
    """Axes around the city, with room for a scale ``bar`` below."""
    west, south, east, north = box
    side, edge = MARGIN * (east - west), MARGIN * (north - south)
    below = (BAR_ROOM if bar else MARGIN) * (north - south)
    return (
        Axis(kind="map", range=(west - side, east + side)),
        Axis(kind="map", range=(south - below, north + edge)),
    )
