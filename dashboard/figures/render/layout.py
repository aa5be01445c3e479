"""Where words stand beside a plot: both renderers place them alike."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.results import Severity
from dashboard.figures.chart import Axis, Band, Chart, Choropleth, Column, Grid, Key, Line, Role, Text
from dashboard.figures.render.typeset import SANS, SANS_STRONG, width_of

__all__ = [
    "BESIDE",
    "GAP",
    "SIZE",
    "SWATCH",
    "EndLabel",
    "end_labels",
    "key_of",
    "key_rows",
    "left_margin",
    "note_severity",
    "right_margin",
    "spread",
    "tick_height",
]

GAP = 18.0  # pixels between two labels of 13 px
SIZE = 13  # of words beside a plot, pixels
SWATCH, BETWEEN = 18.0, 22.0  # pixels from a swatch to its words, and from one entry of the key to the next
ANOTHER_FONT = 1.1  # a browser that lacks ours draws with one that is about a tenth wider
BESIDE = 12  # pixels between a plot and the words right of it


@dataclass(frozen=True)
class EndLabel:
    """A label right of the plot: the height of its line in data units, and how far to move it (pixels, up)."""

    y: float
    shift: float
    text: str
    role: Role
    strong: bool


def end_labels(chart: Chart, *, pixels: float) -> tuple[EndLabel, ...]:
    """The labels of lines and bands, moved apart where they would touch.

    Parameters
    ----------
    chart : whose marks have labels.
    pixels : the height of the plot.

    Returns
    -------
    From the top down.
    """
    found: list[tuple[float, str, Role, bool]] = []
    for mark in chart.marks:
        if isinstance(mark, Line) and mark.label:
            known = np.asarray(mark.y, dtype=float)
            known = known[~np.isnan(known)]
            found += [(float(known[-1]), mark.label, mark.role, mark.strong)] if len(known) else []
        elif isinstance(mark, Band) and mark.label:
            found.append((float(np.asarray(mark.high, dtype=float)[-1]), mark.label, "ink2", False))
    if not found or chart.y.range is None:
        return ()
    found.sort(key=lambda each: -each[0])
    low, high = (float(end) for end in chart.y.range)
    scale = pixels / (high - low)
    wanted = [(each[0] - low) * scale for each in found]
    placed = spread(wanted, gap=GAP)
    return tuple(
        EndLabel(y, at - want, text, role, strong)
        for (y, text, role, strong), want, at in zip(found, wanted, placed, strict=True)
    )


def spread(wanted: Sequence[float], *, gap: float) -> list[float]:
    """Heights moved as little as possible so that neighbours do not touch.

    Parameters
    ----------
    wanted : in falling order.
    gap : between neighbours at least, in the same unit.

    Returns
    -------
    As many heights, in falling order.

    Examples
    --------
    >>> spread([100.0, 99.0, 10.0], gap=18.0)
    [108.5, 90.5, 10.0]
    """
    blocks: list[tuple[float, int]] = []  # the height of a block's first label, and how many it holds
    for each in wanted:
        first, size = each, 1
        while blocks and blocks[-1][0] - gap * blocks[-1][1] < first:
            above, count = blocks.pop()
            # Both blocks move so that the sum of all moves stays zero.
            first = (count * above + size * (first + gap * count)) / (count + size)
            size += count
        blocks.append((first, size))
    return [first - gap * index for first, size in blocks for index in range(size)]


def left_margin(chart: Chart) -> int:
    """Pixels left of the plot for the ticks of the y axis, for the names of rows, or for words beside a map."""
    if chart.x.kind == "map":
        return _column(chart, "left")
    names = chart.y.kind == "category"
    face, size = (SANS_STRONG, SIZE + 1) if names else (SANS, SIZE)
    widths = [
        max(width_of(line, face=face, size=size) for line in label.split("\n")) + _beside(chart.y, index)
        for index, (_, label) in enumerate(chart.y.ticks)
    ]
    if not widths:
        return 8 if names else 12
    return math.ceil(ANOTHER_FONT * max(widths)) + 12


def _beside(axis: Axis, index: int) -> float:
    return width_of(f" {axis.beside[index]}", face=SANS, size=SIZE) + 4 if axis.beside else 0.0


def _column(chart: Chart, column: Column) -> int:
    """Pixels for the words in one of the margins."""
    words = [
        (line, mark.strong)
        for mark in chart.marks
        if isinstance(mark, Text) and mark.column == column
        for line in mark.text.split("\n")
    ]
    widths = [width_of(each, face=SANS_STRONG if strong else SANS, size=SIZE) for each, strong in words]
    return math.ceil(ANOTHER_FONT * max(widths)) + BESIDE + 4 if widths else 0


def right_margin(chart: Chart) -> int:
    """Pixels right of the plot: what the chart asks for, or more where a label is longer."""
    words = [
        (mark.label, isinstance(mark, Line) and mark.strong) for mark in chart.marks if isinstance(mark, Line | Band)
    ]
    widths = [width_of(each, face=SANS_STRONG if strong else SANS, size=SIZE) for each, strong in words if each]
    labels = math.ceil(ANOTHER_FONT * max(widths)) + BESIDE + 4 if widths else 0
    return max(chart.right, labels, _column(chart, "right"))


def tick_height(chart: Chart) -> float:
    """Pixels under the plot for the ticks of the x axis, in one line or two, and for its title."""
    lines = max((label.count("\n") + 1 for _, label in chart.x.ticks), default=0)
    return 8.0 + 16.0 * lines + (20.0 if chart.x.title else 0.0)


def note_severity(chart: Chart, number: int) -> Severity:
    """How grave the caveat of this number is."""
    return chart.caveats[number - 1].severity


def key_of(chart: Chart) -> tuple[Key, ...]:
    """What stands under the plot: a chart's own key, after the classes of a map, the strongest first."""
    for mark in chart.marks:
        if isinstance(mark, Grid | Choropleth):
            used = set(np.unique(mark.classes).tolist())
            first = 1 if isinstance(mark, Grid) else 0
            shown = [each for index, each in enumerate(mark.legend, start=first) if index in used and each.label]
            return (*(Key(each.role, each.label, hatched=each.hatched) for each in reversed(shown)), *chart.key)
    return chart.key


def key_rows(chart: Chart, *, width: float) -> list[list[tuple[float, Key]]]:
    """The entries of the key in as many rows as they need.

    Parameters
    ----------
    chart : whose key it is.
    width : of a row at most, pixels.

    Returns
    -------
    For each row its entries with their left edges, pixels.
    """
    rows: list[list[tuple[float, Key]]] = []
    reached = width
    for key in key_of(chart):
        wide = SWATCH + width_of(key.label, face=SANS, size=SIZE) + BETWEEN
        if not rows or reached + wide - BETWEEN > width:
            rows.append([])
            reached = 0.0
        rows[-1].append((reached, key))
        reached += wide
    return rows
