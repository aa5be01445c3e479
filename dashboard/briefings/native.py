"""Charts of PowerPoint from ours: lines, bands, points and bars as series that can be edited, on axes of numbers or dates.

A slide's chart of x and y has neither filled bands nor words on its axes: the edges of a band become two lines, and the names
of rows become the labels of points without a mark. Maps have no such chart; they stay pictures.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from lxml.etree import SubElement
from pptx.chart.chart import Chart as SlideChart
from pptx.chart.data import XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_AXIS_CROSSES,
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml.ns import qn
from pptx.shapes.shapetree import SlideShapes
from pptx.util import Length, Pt

from dashboard.briefings.words import plain
from dashboard.figures.chart import Axis, Band, Bars, Chart, Line, Note, Points, Rule, Text
from dashboard.figures.palette import SEVERITY_ROLES, colours
from dashboard.figures.render.layout import SIZE, end_labels, left_margin, note_severity, right_margin, tick_height
from data.words import say

__all__ = ["add_chart", "can_be_native"]

EPOCH = pd.Timestamp("1899-12-30")  # day 0 of a spreadsheet
MARKERS = {
    "circle": XL_MARKER_STYLE.CIRCLE, "square": XL_MARKER_STYLE.SQUARE, "diamond": XL_MARKER_STYLE.DIAMOND,
    "triangle": XL_MARKER_STYLE.TRIANGLE, "cross": XL_MARKER_STYLE.X,
}  # fmt: skip
DASHES = {"dot": MSO_LINE_DASH_STYLE.ROUND_DOT, "dash": MSO_LINE_DASH_STYLE.DASH}
LABELS = {"start": XL_LABEL_POSITION.RIGHT, "middle": XL_LABEL_POSITION.ABOVE, "end": XL_LABEL_POSITION.LEFT,
          "centre": XL_LABEL_POSITION.CENTER, "below": XL_LABEL_POSITION.BELOW}  # fmt: skip
DESIGNED = 800  # pixels of the picture for which the words beside a plot are measured
LABELLED = (
    0.7  # of a figure's height, over which names at the ends of lines are set apart: a slide's letters are larger
)
LEAST, MOST = 7, 10  # points of the letters beside marks: smaller where a figure has many rows
PALE = 0.6  # how far a hollow mark's filling is mixed with the page: LibreOffice draws no edge around a mark
SMALLEST, LARGEST = 3, 20  # points of a marker that PowerPoint draws well


@dataclass(frozen=True)
class _Series:
    """Points in the axes' own numbers, drawn as a line, as markers, or as bare labels."""

    name: str
    xy: tuple[tuple[float, float], ...]
    role: str
    width: float = 0.0
    dash: str = "solid"
    shape: str = ""
    filled: bool = True
    size: float = 6.0
    labels: tuple[str, ...] = ()
    side: str = "start"


def can_be_native(chart: Chart) -> bool:
    """Whether a chart has marks, and axes that a slide's chart has too."""
    return bool(chart.marks) and chart.x.kind != "map" and chart.y.kind != "map"


def add_chart(shapes: SlideShapes, chart: Chart, *, left: Length, top: Length, width: Length, height: Length) -> None:
    """Put a chart on a slide that can be edited there.

    Parameters
    ----------
    shapes : of the slide.
    chart : with axes of numbers, dates or names.
    left, top, width, height : where it stands.
    """
    # The longest first: LibreOffice loses series that stand before a longer one.
    series = sorted((each for each in _series(chart) if each.xy), key=lambda each: -len(each.xy))
    data = XyChartData()
    for each in series:
        added = data.add_series(plain(each.name))
        for x, y in each.xy:
            added.add_data_point(x, y)
    letters = Pt(max(LEAST, min(MOST, SIZE * height / Pt(1) / chart.height)))
    frame = shapes.add_chart(XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, left, top, width, height, data)
    frame._element._nvXxPr.cNvPr.set("descr", plain(f"{chart.headline} {chart.alt}"))
    _dress(frame.chart, chart, series, letters=letters)


def _series(chart: Chart) -> Iterator[_Series]:
    names = _names(chart)
    for mark in chart.marks:
        if isinstance(mark, Line):
            yield from _line(chart, mark, names)
        elif isinstance(mark, Band):
            for edge, values in (("low", mark.low), ("high", mark.high)):
                name = say(f"briefing.band_{edge}", {"band": mark.label or names.get(mark.role, say("briefing.range"))})
                yield from _line(chart, Line(mark.x, values, role="seq6", width=1.2), {"seq6": name})
        elif isinstance(mark, Points):
            xy = _xy(chart, mark.x, mark.y)
            name = names.get(mark.role, say("briefing.values"))
            kept = tuple(each for each in xy if not any(map(math.isnan, each)))
            yield _Series(name, kept, mark.role, shape=mark.shape, filled=mark.filled, size=mark.size)
        elif isinstance(mark, Bars):
            name = names.get(mark.role, say("briefing.range"))
            for (x, low), (_, high) in zip(_xy(chart, mark.x, mark.low), _xy(chart, mark.x, mark.high), strict=True):
                yield _Series(name, ((x, low), (x, high)), mark.role, width=6)
        elif isinstance(mark, Rule):
            yield _rule(chart, mark)
        elif isinstance(mark, Note):
            number = chart.number_of(mark.code, about=mark.about)
            if number is not None:
                role = SEVERITY_ROLES[note_severity(chart, number)]
                at = _moved(chart, (_number(mark.x), _number(mark.y)), mark.dx, mark.dy)
                yield _Series(say("page.note", {"n": number}), (at,), role, shape="circle", filled=False, size=14,
                              labels=(str(number),), side="centre")  # fmt: skip
    yield from _ends(chart)
    yield from _words(chart)
    yield from _ticks(chart)


def _names(chart: Chart) -> dict[str, str]:
    """What colours mean, by the key under the chart."""
    return {key.role: key.label for key in reversed(chart.key)}


def _line(chart: Chart, mark: Line, names: dict[str, str]) -> Iterator[_Series]:
    """A series for each stretch without a gap: a line must not be drawn across what is not known."""
    name = mark.label or names.get(mark.role, say("briefing.values"))
    stretch: list[tuple[float, float]] = []
    for x, y in (*_xy(chart, mark.x, mark.y), (math.nan, math.nan)):
        if not math.isnan(x) and not math.isnan(y):
            stretch.append((x, y))
            continue
        if stretch:
            yield _Series(name, tuple(stretch), mark.role, width=mark.width, dash=mark.dash)
        stretch = []


def _rule(chart: Chart, mark: Rule) -> _Series:
    x, y = _span(chart.x), _span(chart.y)
    at = _number(mark.at)
    ends = ((at, y[0]), (at, y[1])) if mark.axis == "x" else ((x[0], at), (x[1], at))
    return _Series(say("briefing.rule"), ends, mark.role, width=mark.width, dash=mark.dash)


def _words(chart: Chart) -> Iterator[_Series]:
    """Words beside marks; those of one place, which stand in two lines on the page, in one label."""
    low, high = _span(chart.x)
    across = {"left": low, "start": low, "right": high, "end": high}
    sides = {"left": "end", "start": "start", "right": "start", "end": "end"}
    places: dict[tuple[float, float, str], list[Text]] = {}
    for mark in chart.marks:
        if isinstance(mark, Text) and mark.text.strip():
            at = (across.get(mark.column, math.nan), _number(mark.y))
            at = (_number(mark.x), at[1]) if math.isnan(at[0]) else at
            places.setdefault((*at, sides.get(mark.column, mark.anchor)), []).append(mark)
    for (x, y, side), marks in places.items():
        words = "\n".join(" ".join(each.text.split()) for each in sorted(marks, key=lambda each: -each.dy))
        at = (x, y) if marks[0].column != "plot" else _moved(chart, (x, y), marks[0].dx, 0.0)
        yield _Series(say("briefing.words"), (at,), marks[0].role, labels=(words,), side=side)


def _ends(chart: Chart) -> Iterator[_Series]:
    """What lines and bands are called, right of the plot as on the page."""
    _, right = _span(chart.x)
    low, high = _span(chart.y)
    for each in end_labels(chart, pixels=chart.height * LABELLED):
        up = each.shift / (chart.height * LABELLED) * (high - low)
        yield _Series(
            say("briefing.words"), ((right, min(max(each.y + up, low), high)),), each.role, labels=(each.text,)
        )


def _moved(chart: Chart, at: tuple[float, float], dx: float, dy: float) -> tuple[float, float]:
    """A place moved by pixels as on the page, but kept inside the axes: outside them nothing is drawn."""
    moved = []
    for place, axis, by, pixels in (
        (at[0], chart.x, dx, DESIGNED - left_margin(chart) - right_margin(chart)),
        (at[1], chart.y, dy, chart.height),
    ):
        low, high = _span(axis)
        moved.append(min(max(place + by * (high - low) / max(pixels, 1), low), high))
    return moved[0], moved[1]


def _ticks(chart: Chart) -> Iterator[_Series]:
    """The names of rows and the ticks in their units, which a slide's axes cannot hold; dates they can."""
    (left, right), (low, _) = _span(chart.x), _span(chart.y)
    if chart.x.title:  # an axis' own title would stand on the ticks, which are words of ours
        middle = (left + right) / 2
        yield _Series(
            say("briefing.ticks"), ((middle, low),), "ink2", labels=(f"\u00a0\n{chart.x.title}",), side="below"
        )
    for axis, side in ((chart.x, "below"), (chart.y, "end")):
        if axis.kind != "date" and axis.ticks:
            places = [_number(at) for at, _ in axis.ticks]
            at = tuple((place, low) if axis is chart.x else (left, place) for place in places)
            labels = tuple(" ".join(label.split()) for _, label in axis.ticks)
            yield _Series(
                say("briefing.ticks"), at, "ink" if axis.kind == "category" else "ink2", labels=labels, side=side
            )


def _xy(chart: Chart, x: Any, y: Any) -> tuple[tuple[float, float], ...]:
    pairs = np.broadcast_arrays(np.asarray(x), np.asarray(y))
    return tuple((_number(first), _number(second)) for first, second in zip(*pairs, strict=True))


def _number(value: Any) -> float:
    """As a spreadsheet counts: days since its day 0, or the number itself."""
    if isinstance(value, pd.Timestamp | np.datetime64):
        return math.nan if pd.isna(value) else (pd.Timestamp(value) - EPOCH) / pd.Timedelta(days=1)
    return float(value)


def _span(axis: Axis) -> tuple[float, float]:
    places = axis.range or [at for at, _ in axis.ticks] or (0.0, 1.0)
    numbers = [_number(pd.Timestamp(each) if axis.kind == "date" else each) for each in places]
    return min(numbers), max(numbers)


def _dress(made: SlideChart, chart: Chart, series: Sequence[_Series], *, letters: Length) -> None:
    made.has_legend, made.has_title = False, False
    made.font.size = Pt(11)
    made.font.color.rgb = _colour("ink2")
    for axis, ours in ((made.category_axis, chart.x), (made.value_axis, chart.y)):
        low, high = _span(ours)
        hair = 1e-6 * (high - low)  # what stands on an edge is inside, however the edge is rounded
        axis.minimum_scale, axis.maximum_scale = low - hair, high + hair
        axis.has_major_gridlines, axis.crosses = False, XL_AXIS_CROSSES.MINIMUM
        axis.format.line.color.rgb = _colour("line")
        steps = np.diff([_number(pd.Timestamp(at)) for at, _ in ours.ticks]) if ours.kind == "date" else np.empty(0)
        if len(steps) and steps.min() > 0:
            axis.major_unit = float(np.median(steps))
        axis.tick_labels.number_format_is_linked = False
        axis.tick_labels.number_format = "d mmm yyyy"
        axis.major_tick_mark = XL_TICK_MARK.OUTSIDE if ours.kind == "date" else XL_TICK_MARK.NONE
        axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW if ours.kind == "date" else XL_TICK_LABEL_POSITION.NONE
        if ours.title and ours is not chart.x:
            axis.has_title = True
            axis.axis_title.text_frame.text = plain(ours.title)
    _inset(made, chart)
    for drawn, each in zip(made.plots[0].series, series, strict=True):
        _draw(drawn, each, letters=letters)


def _inset(made: SlideChart, chart: Chart) -> None:
    """Room left and right of the plot for the words that stand there."""
    left, right = left_margin(chart) / DESIGNED, right_margin(chart) / DESIGNED
    below = tick_height(chart) / chart.height
    shares = {"x": left, "y": 0.04, "w": max(1 - left - right, 0.2), "h": max(0.96 - below - 0.04, 0.2)}
    layout = SubElement(made._chartSpace.chart.plotArea, qn("c:layout"))
    made._chartSpace.chart.plotArea.insert(0, layout)
    manual = SubElement(layout, qn("c:manualLayout"))
    SubElement(manual, qn("c:layoutTarget"), val="inner")
    for each in ("x", "y"):
        SubElement(manual, qn(f"c:{each}Mode"), val="edge")
    for name, share in shares.items():
        SubElement(manual, qn(f"c:{name}"), val=f"{share:.4f}")


def _draw(drawn: Any, series: _Series, *, letters: Length) -> None:
    drawn.smooth = False
    line = drawn.format.line
    if series.width:
        line.color.rgb, line.width = _colour(series.role), Pt(max(0.75, 0.75 * series.width))
        if series.dash in DASHES:
            line.dash_style = DASHES[series.dash]
    else:
        line.fill.background()
    marker = drawn.marker
    marker.style = MARKERS.get(series.shape, XL_MARKER_STYLE.NONE)
    if series.shape:
        marker.size = int(min(max(series.size, SMALLEST), LARGEST))
        marker.format.line.color.rgb = _colour(series.role)
        marker.format.fill.solid()
        marker.format.fill.fore_color.rgb = _colour(series.role, towards_page=0.0 if series.filled else PALE)
    for place, words in enumerate(series.labels):
        label = drawn.points[place].data_label
        label.has_text_frame = True
        label.text_frame.text = plain(words)
        label.position = LABELS[series.side]
        for line in label.text_frame.paragraphs:
            font = line.runs[0].font
            font.size, font.color.rgb = letters, _colour(series.role)


def _colour(role: str, *, towards_page: float = 0.0) -> Any:
    colour, page = (bytes.fromhex(colours("light")[each].removeprefix("#")) for each in (role, "page"))
    return RGBColor(*(round(a + (b - a) * towards_page) for a, b in zip(colour, page, strict=True)))
