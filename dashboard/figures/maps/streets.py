"""Main streets on maps: their lines, and the names of a few where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import shapely

from dashboard.figures.chart import Mark, Outline, Strokes, Text
from dashboard.figures.maps.frame import Box
from dashboard.figures.streets import MainStreet, main_streets, streets_url
from data import City

__all__ = ["street_names", "street_strokes", "streets_of"]

MOST_NAMES = 4
EDGE = 0.07  # of the map's width that a name keeps from its edges
ABOVE = 9  # pixels from a street to its name
APART = 0.16, 0.08  # of its width and height between two names


def streets_of(
    city: City, layer: str, box: Box, *, seen: Box, part: Box | None = None, beside: Sequence[Mark] = ()
) -> list[Mark]:
    """The streets of a map in metres: their lines by URL, which no step of a slider sends again, and a few names.

    Parameters
    ----------
    city : that may have a network.
    layer : of the areas whose ``box`` the lines fill.
    box : of the layer.
    seen : what the map shows of it.
    part : what is drawn, where that is not the whole.
    beside : marks that may be names of waters, which no street's name covers.

    Returns
    -------
    list
        Empty for a city whose streets have no names.
    """
    found = _streets(city, part or box)
    if not found:
        return []
    rings = [line for street in found for line in street.lines]
    lines = Outline(streets_url(city.key, layer, part=part), part or box, rings, open=True)
    return [lines, *_names(found, seen, beside)]


def street_names(city: City, box: Box, *, seen: Box, beside: Sequence[Mark] = ()) -> list[Mark]:
    """The names of a few streets of a ``box``, for a map that draws their lines itself; as in ``streets_of``."""
    return _names(_streets(city, box), seen, beside)


@lru_cache(maxsize=8)
def street_strokes(city: City, box: Box) -> tuple[Mark, ...]:
    """The streets of a map in degrees, as one stroke without names: those of a ``box``."""
    lines = [line for street in _streets(city, box) for line in street.lines]
    if not lines:
        return ()
    gap = np.full((1, 2), np.nan)
    x, y = np.vstack([each for line in lines for each in (line, gap)]).T
    return (Strokes(x, y, role="border", width=0.9),)


@lru_cache(maxsize=8)  # the same at each step of a slider
def _streets(city: City, box: Box) -> tuple[MainStreet, ...]:
    return tuple(main_streets(city, box))


@lru_cache(maxsize=8)
def _inside(streets: tuple[MainStreet, ...], seen: Box) -> tuple[npt.NDArray[np.float64], ...]:
    """Points of each street at which its name may stand, as shares of what is seen."""
    west, south, east, north = seen
    size = np.array([east - west, north - south])
    found = []
    for street in streets:
        # A straight street has no points but its ends, which may lie outside of what is seen.
        lines = shapely.segmentize(shapely.MultiLineString(street.lines), EDGE * size.min())
        points = (shapely.get_coordinates(lines) - (west, south)) / size
        found.append(points[((points > EDGE) & (points < 1 - EDGE)).all(axis=1)])
    return tuple(found)


def _names(streets: tuple[MainStreet, ...], seen: Box, beside: Sequence[Mark]) -> list[Mark]:
    """The names of the longest streets, each near an end of its street, where maps are emptier, and none beside another."""
    west, south, east, north = seen
    size = np.array([east - west, north - south])
    words = [(each.x, each.y) for each in beside if isinstance(each, Text)]
    placed = [(np.array(at) - (west, south)) / size for at in words]
    marks: list[Mark] = []
    for street, inside in zip(streets, _inside(streets, seen), strict=True):
        if len(marks) == MOST_NAMES:
            break
        for other in placed:
            inside = inside[(np.abs(inside - other) > APART).any(axis=1)]
        if not len(inside):
            continue
        at = inside[np.hypot(*(inside - 0.5).T).argmax()]
        placed.append(at)
        x, y = np.round(at * size + (west, south), 1)
        marks.append(Text(float(x), float(y), street.name, role="ink2", anchor="middle", minor=True, dy=ABOVE))
    return marks
