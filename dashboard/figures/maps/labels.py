"""Names beside a map, joined to what they name by thin lines: they stand outside the city and are never cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.figures.chart import Anchor, Axis, Column, Line, Mark, Role, Text
from dashboard.figures.maps.frame import MARGIN, PHONE, Box, map_height
from dashboard.figures.render.layout import SIZE, spread
from dashboard.figures.render.typeset import SANS_STRONG, width_of, wrap

__all__ = ["Label", "labels_beside", "labels_within", "room_for"]

LINE = 16  # pixels from one line of a name to the next
WIDEST = 92  # pixels of a name before it goes on in another line
CITY = 0.45  # of a phone's width at least is kept for the city itself
ANOTHER_FONT = 1.1  # a browser that lacks ours draws with one that is about a tenth wider


@dataclass(frozen=True)
class Label:
    """Words for a point of the map, metres; a line feed begins another line."""

    text: str
    x: float
    y: float
    role: Role = "ink"
    strong: bool = False

    @property
    def lines(self) -> list[str]:
        """In lines that a phone has room for."""
        return [
            line for part in self.text.split("\n") for line in wrap(part, width=WIDEST, face=SANS_STRONG, size=SIZE)
        ]

    @property
    def width(self) -> float:
        """Pixels of the widest line."""
        return ANOTHER_FONT * max(width_of(line, face=SANS_STRONG, size=SIZE) for line in self.lines)


def sides_of(labels: Sequence[Label], box: Box) -> tuple[list[Label], list[Label]]:
    """Those whose points lie in the west of the city, and those in the east."""
    middle = (box[0] + box[2]) / 2
    return [each for each in labels if each.x < middle], [each for each in labels if each.x >= middle]


def room_for(labels: Sequence[Label], box: Box, axes: tuple[Axis, Axis], *, height: float) -> tuple[Axis, Axis]:
    """The axes of a map, made wider so that the labels stand within it, on a phone too.

    Parameters
    ----------
    labels : that stand beside the city.
    box : of the city.
    axes : around the city alone.
    height : of the map, pixels.

    Returns
    -------
    Axes x and y.
    """
    (west, east), (south, north) = (axes[0].range or (0.0, 1.0)), (axes[1].range or (0.0, 1.0))
    widths = [max((each.width for each in side), default=0.0) + 8 for side in sides_of(labels, box)]
    left, right = (width if width > 8 else 0.0 for width in widths)
    scale = max((east - west) / max(PHONE - left - right, CITY * PHONE), (north - south) / height)
    return Axis(kind="map", range=(west - left * scale, east + right * scale)), axes[1]


def labels_within(labels: Sequence[Label], box: Box, axes: tuple[Axis, Axis], *, height: float) -> list[Mark]:
    """Labels inside the axes of a map that has ``room_for`` them: words in the plot itself, which has no margins."""
    across, up = (float(axis.range[1] - axis.range[0]) if axis.range else 1.0 for axis in axes)
    return _marks(labels, box, axes, scale=max(across / PHONE, up / height), columns=False)


def labels_beside(labels: Sequence[Label], box: Box, axes: tuple[Axis, Axis]) -> list[Mark]:
    """Labels in the margins of a map, which are as wide as the words are."""
    widths = sum(max((each.width for each in side), default=0.0) + 16 for side in sides_of(labels, box))
    across, up = (float(axis.range[1] - axis.range[0]) if axis.range else 1.0 for axis in axes)
    scale = max(across / max(PHONE - widths, CITY * PHONE), up / map_height(axes))
    return _marks(labels, box, axes, scale=scale, columns=True)


def _marks(labels: Sequence[Label], box: Box, axes: tuple[Axis, Axis], *, scale: float, columns: bool) -> list[Mark]:
    west, south, east, north = box
    marks: list[Mark] = []
    low, high = axes[1].range or (south, north)
    edges = (
        axes[0].range if columns and axes[0].range else (west - MARGIN * (east - west), east + MARGIN * (east - west))
    )
    sides: tuple[tuple[Anchor, Column], ...] = (("end", "left"), ("start", "right"))
    for side, edge, (anchor, column) in zip(sides_of(labels, box), edges, sides, strict=True):
        ordered = sorted(side, key=lambda each: -each.y)
        most = max((len(each.lines) for each in ordered), default=1)
        heights = _inside(spread([each.y for each in ordered], gap=LINE * most * scale), low, high, LINE * most * scale)
        for label, y in zip(ordered, heights, strict=True):
            words = "\n".join(label.lines)
            dx = 4 if anchor == "start" else -4
            marks.append(Line([label.x, edge], [label.y, y], role="ink2", width=0.9))
            if columns:
                dx = -8 if anchor == "start" else 8
                marks.append(
                    Text(0.0, y, words, role=label.role, anchor=anchor, strong=label.strong, column=column, dx=dx)
                )
            else:
                marks.append(Text(edge, y, words, role=label.role, anchor=anchor, strong=label.strong, dx=dx))
    return marks


def _inside(heights: list[float], low: float, high: float, gap: float) -> list[float]:
    """Heights in falling order moved together so that the first and the last stand within the map, where there is room."""
    if not heights:
        return []
    over, under = heights[0] - (high - gap / 2), (low + gap / 2) - heights[-1]
    shift = -over if over > 0 else under if under > 0 else 0.0
    return [each + shift for each in heights]
