"""A part of a map: it says in its title and description, and so in every file, that it is one."""

from __future__ import annotations

from dataclasses import replace

import shapely

from dashboard.figures.chart import Chart
from dashboard.figures.maps.frame import WHOLE, Box, Window
from data import Areas
from data.words import say

__all__ = ["as_part"]


def as_part(chart: Chart, window: Window, *, areas: Areas | None, seen: Box) -> Chart:
    """A map whose title and description say which part of it is seen; as it is where all of it is.

    Parameters
    ----------
    chart : drawn for the window; its table holds the whole.
    window : what is seen.
    areas : of which the one in the middle is named; none where the city has none.
    seen : the same as a box in the metres of the areas.

    Returns
    -------
    Chart
        The same marks and numbers.
    """
    if window == WHOLE:
        return chart
    named = {"times": window.zoom, "area": _around(areas, seen)}
    part = say("charts.part" if named["area"] else "charts.part_alone", named)
    return replace(
        chart, title=say("charts.part_title", {"title": chart.title, "part": part}), alt=f"{chart.alt} {part}."
    )


def _around(areas: Areas | None, seen: Box) -> str:
    """The name of the area that holds the middle of a box, or is nearest to it."""
    if areas is None:
        return ""
    west, south, east, north = seen
    middle = shapely.Point((west + east) / 2, (south + north) / 2)
    return str(areas.frame.at[areas.frame.geometry.distance(middle).idxmin(), "name"])
