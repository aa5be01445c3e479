"""Names on a map beside what they name, or outside the city and joined to it by thin lines: they are never cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dashboard.figures.chart import Anchor, Axis, Line, Mark, Role, Text
from dashboard.figures.maps.frame import MARGIN, PHONE, Box
from dashboard.figures.render.layout import SIZE, spread
from dashboard.figures.render.typeset import SANS_STRONG, width_of, wrap

__all__ = ["Label", "labels_on", "labels_within", "not_under", "room_for"]

LINE = 16  # pixels from one line of a name to the next
WIDEST = 92  # pixels of a name before it goes on in another line
CITY = 0.45  # of a phone's width at least is kept for the city itself
ANOTHER_FONT = 1.1  # a browser that lacks ours draws with one that is about a tenth wider
# Where a name may stand from its point, in its own widths across and in lines up: the nearest first.
SPOTS = tuple(
    (across, up)
    for up in (1.2, -1.2, 1.8, -1.8, 0.0, 2.4, -2.4)
    for across in ((-0.7, 0.7) if up == 0 else (0.0, -0.4, 0.4))
)
Metres = npt.NDArray[np.float64]


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
    return _marks(labels, box, axes, scale=_metres_a_pixel(axes, height))


def _metres_a_pixel(axes: tuple[Axis, Axis], height: float) -> float:
    """Of a map on a phone, on which words take most of it."""
    across, up = (float(axis.range[1] - axis.range[0]) if axis.range else 1.0 for axis in axes)
    return max(across / PHONE, up / height)


def not_under(labels: Sequence[Mark], marks: Sequence[Mark], axes: tuple[Axis, Axis], *, height: float) -> list[Mark]:
    """The marks without those words that labels would stand over.

    Parameters
    ----------
    labels : of ``labels_within``.
    marks : such as the names of waters.
    axes, height : of the map, as there.
    """
    scale = _metres_a_pixel(axes, height)
    taken = [_room_of(each, scale) for each in labels if isinstance(each, Text)]
    return [
        each
        for each in marks
        if not (isinstance(each, Text) and any(_touch(_room_of(each, scale), other) for other in taken))
    ]


def labels_on(labels: Sequence[Label], box: Box, *, dark: Metres, beside: Sequence[Mark] = ()) -> list[Mark]:
    """Labels on the map itself, which then has all of its room, a phone's too: each as near to its point as it covers little.

    Parameters
    ----------
    labels : those that matter most first.
    box : of what is seen, metres.
    dark : points that words should not cover, (n, 2) metres.
    beside : marks that may be words that stand there already.

    Returns
    -------
    list of Text
        Fewer where there is no room beside the others.
    """
    scale = (box[2] - box[0]) / PHONE
    taken = [_room_of(each, scale) for each in beside if isinstance(each, Text)]
    marks: list[Mark] = []
    for label in labels:
        across, up = label.width * scale, LINE * len(label.lines) * scale
        spots = [_room(label.x + dx * across, label.y + dy * LINE * scale, across, up) for dx, dy in SPOTS]
        free = [each for each in spots if _is_within(each, box) and not any(_touch(each, other) for other in taken)]
        if free:
            spot = min(free, key=lambda each: _covered(each, dark))
            taken.append(spot)
            x, y = (spot[0] + spot[2]) / 2, (spot[1] + spot[3]) / 2
            words = "\n".join(label.lines)
            marks.append(Text(round(x, 1), round(y, 1), words, role=label.role, anchor="middle", strong=label.strong))
    return marks


def _words_wide(words: str) -> float:
    return ANOTHER_FONT * width_of(words, face=SANS_STRONG, size=SIZE)


def _room_of(words: Text, scale: float) -> Box:
    """What words on a map take of it, metres."""
    lines = words.text.split("\n")
    across, up = max(map(_words_wide, lines)) * scale, LINE * len(lines) * scale
    middle = words.x + words.dx * scale + {"start": 0.5, "middle": 0.0, "end": -0.5}[words.anchor] * across
    return _room(middle, words.y + words.dy * scale, across, up)


def _room(x: float, y: float, across: float, up: float) -> Box:
    return x - across / 2, y - up / 2, x + across / 2, y + up / 2


def _is_within(room: Box, box: Box) -> bool:
    return room[0] >= box[0] and room[1] >= box[1] and room[2] <= box[2] and room[3] <= box[3]


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _covered(room: Box, dark: Metres) -> int:
    return int(((dark >= room[:2]) & (dark <= room[2:])).all(axis=1).sum())


def _marks(labels: Sequence[Label], box: Box, axes: tuple[Axis, Axis], *, scale: float) -> list[Mark]:
    west, south, east, north = box
    lines: list[Mark] = []
    texts: list[Mark] = []
    low, high = axes[1].range or (south, north)
    edges = (west - MARGIN * (east - west), east + MARGIN * (east - west))
    anchors: tuple[Anchor, ...] = ("end", "start")
    for side, edge, anchor in zip(sides_of(labels, box), edges, anchors, strict=True):
        ordered = sorted(side, key=lambda each: -each.y)
        most = max((len(each.lines) for each in ordered), default=1)
        heights = _inside(spread([each.y for each in ordered], gap=LINE * most * scale), low, high, LINE * most * scale)
        for label, y in zip(ordered, heights, strict=True):
            words = "\n".join(label.lines)
            dx = 4 if anchor == "start" else -4
            lines.append(Line([label.x, edge], [label.y, y], role="ink2", width=0.9))
            texts.append(Text(edge, y, words, role=label.role, anchor=anchor, strong=label.strong, dx=dx))
    return [*lines, *texts]


def _inside(heights: list[float], low: float, high: float, gap: float) -> list[float]:
    """Heights in falling order moved together so that the first and the last stand within the map, where there is room."""
    if not heights:
        return []
    over, under = heights[0] - (high - gap / 2), (low + gap / 2) - heights[-1]
    shift = -over if over > 0 else under if under > 0 else 0.0
    return [each + shift for each in heights]
