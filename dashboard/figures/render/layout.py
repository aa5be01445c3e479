"""Where words stand beside a plot: both renderers place them alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.results import Severity
from dashboard.figures.chart import Band, Chart, Choropleth, Grid, Key, Line, Role

__all__ = [
    "GAP",
    "EndLabel",
    "end_labels",
    "key_of",
    "left_margin",
    "note_severity",
    "right_margin",
    "spread",
    "tick_height",
]

GAP = 18.0  # pixels between two labels of 13 px
CHARACTER = 6.4  # mean width in pixels of a character of 13 px


@dataclass(frozen=True)
class EndLabel:
    """A label right of the plot: the height of its line in data units, and how far to move it (pixels, up)."""

    y: float
    shift: float
    text: str
    role: Role
    strong: bool


def end_labels(chart: Chart, *, pixels: float) -> tuple[EndLabel, ...]:
    """The labels of lines and bands, from the top, moved apart where they would touch in a plot of this height."""
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
    """Heights in falling order moved as little as possible so that neighbours are ``gap`` apart.

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
    return [first - gap * place for first, size in blocks for place in range(size)]


def left_margin(chart: Chart) -> int:
    """Pixels left of the plot for the ticks of the y axis, or for the names of rows."""
    if chart.x.kind == "map":
        return 0
    longest = max((len(line) for _, label in chart.y.ticks for line in label.split("\n")), default=0)
    if chart.y.kind == "category":
        return round(1.14 * CHARACTER * longest) + 14 if longest else 8
    return round(CHARACTER * longest) + 12


def right_margin(chart: Chart) -> int:
    """Pixels right of the plot: what the chart asks for, or more where a label is longer."""
    labels = [mark.label for mark in chart.marks if isinstance(mark, Line | Band)]
    return max(chart.right, round(1.08 * CHARACTER * max(map(len, labels), default=0)) + 16 if any(labels) else 0)


def tick_height(chart: Chart) -> float:
    """Pixels under the plot for the ticks of the x axis, in one line or two, and for its title."""
    lines = max((label.count("\n") + 1 for _, label in chart.x.ticks), default=0)
    return 8.0 + 16.0 * lines + (20.0 if chart.x.title else 0.0)


def note_severity(chart: Chart, number: int) -> Severity:
    """How grave the caveat of this number is."""
    return chart.caveats[number - 1].severity


def key_of(chart: Chart) -> tuple[Key, ...]:
    """What stands under the plot: a chart's own key, or the classes of a map, the strongest first."""
    for mark in chart.marks:
        if isinstance(mark, Grid | Choropleth):
            used = set(np.unique(mark.classes).tolist())
            first = 1 if isinstance(mark, Grid) else 0
            shown = [each for place, each in enumerate(mark.legend, start=first) if place in used and each.label]
            return tuple(Key(each.role, each.label, hatched=each.hatched) for each in reversed(shown))
    return chart.key
