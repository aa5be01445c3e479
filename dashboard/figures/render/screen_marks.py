"""Each mark of a chart as a trace, shape or annotation of plotly."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from dashboard.figures.chart import (
    Axis,
    Band,
    Bars,
    Chart,
    Choropleth,
    Grid,
    Line,
    Mark,
    Note,
    Outline,
    Points,
    Rule,
    Strokes,
    Text,
    Voices,
)
from dashboard.figures.palette import SEVERITY_ROLES, Theme
from dashboard.figures.render.layout import BESIDE, SIZE, note_severity
from dashboard.figures.render.screen_drawing import Drawing, Trace
from dashboard.figures.render.screen_maps import (
    CHOSEN_ALIKE,
    SYMBOLS,
    add_choropleth,
    add_strokes,
    grid,
    halo,
    on_degrees,
    outline,
    rings,
)
from dashboard.figures.render.screen_text import as_hover, as_html, as_letters

__all__ = ["draw", "plain", "speaking", "thinned"]

MOST_POINTS = 720  # of a line on the screen: about as many as it has pixels across
NOTE = 9  # radius of a caveat's number, pixels
DASHES = {"solid": "solid", "dot": "2.5px,2.5px", "dash": "6px,4px"}


def draw(figure: Drawing, mark: Mark, chart: Chart, palette: Mapping[str, str], theme: Theme) -> None:
    """Add a mark of the chart to the figure."""
    map = next((each for each in chart.marks if isinstance(each, Choropleth)), None)
    if map is not None and isinstance(mark, Line | Points | Strokes | Text):
        figure.add_trace(on_degrees(mark, map, palette))
    elif isinstance(mark, Line):
        figure.add_trace(_line(mark, palette))
    elif isinstance(mark, Strokes):
        add_strokes(figure, mark, palette, dash=DASHES[mark.dash])
    elif isinstance(mark, Voices):
        figure.add_trace(_voices(mark))
    elif isinstance(mark, Band):
        figure.add_trace(_band(mark, palette))
    elif isinstance(mark, Points):
        figure.add_trace(_points(mark, palette))
        for ring in rings(mark, palette) if mark.above else ():
            figure.add_shape(**ring)
    elif isinstance(mark, Bars):
        figure.add_trace(_bars(mark, palette, dates=chart.x.kind == "date"))
    elif isinstance(mark, Rule):
        _add_rule(figure, mark, palette)
    elif isinstance(mark, Text):
        figure.add_annotation(**_text(mark, palette, on_map=chart.x.kind == "map"))
    elif isinstance(mark, Note):
        _add_note(figure, mark, chart, palette)
    elif isinstance(mark, Grid):
        figure.add_trace(grid(mark, palette))
    elif isinstance(mark, Outline):
        figure.add_image(**outline(mark, theme))
    elif isinstance(mark, Choropleth):
        add_choropleth(figure, mark, palette)


def thinned(line: Line) -> Line:
    """A line of more points than a screen has pixels, by the least and the most of each stretch: it looks the same.

    What is left are points of the line with their own sentences; a stretch with a gap keeps it.
    """
    y = np.asarray(line.y, dtype=float)
    if len(y) <= MOST_POINTS:
        return line
    kept: set[int] = {0, len(y) - 1}
    for stretch in np.array_split(np.arange(len(y)), MOST_POINTS // 2):
        known = stretch[np.isfinite(y[stretch])]
        kept.update(int(each) for each in stretch[~np.isfinite(y[stretch])][:1])
        if len(known):
            kept |= {int(known[y[known].argmin()]), int(known[y[known].argmax()])}
    at = sorted(kept)
    x = line.x[at] if isinstance(line.x, pd.Index) else np.asarray(line.x)[at]
    return replace(line, x=x, y=y[at], hover=[line.hover[each] for each in at] if line.hover else ())


def plain(value: Any) -> Any:
    """A position as JSON can hold it."""
    return value.isoformat() if isinstance(value, pd.Timestamp) else value


def _values(values: Any) -> Any:
    """Dates as naive timestamps, numbers as float32: half the bytes on the wire, and more digits than pixels."""
    if isinstance(values, pd.Series | pd.Index):
        values = values.to_numpy()
    array = np.asarray(values)
    if array.dtype == object or np.issubdtype(array.dtype, np.datetime64):
        return pd.DatetimeIndex(array).strftime("%Y-%m-%dT%H:%M:%S").tolist()
    return array.astype(np.float32)


def _hovers(hover: Sequence[str]) -> dict[str, Any]:
    """The sentences over a mark, or silence: plotly's own words would be bare numbers."""
    return {"hovertext": [as_hover(each) for each in hover], "hoverinfo": "text"} if hover else {"hoverinfo": "skip"}


def _line(mark: Line, palette: Mapping[str, str]) -> Trace:
    return Trace(
        type="scatter",
        x=_values(mark.x),
        y=_values(mark.y),
        mode="lines",
        line={"color": palette[mark.role], "width": mark.width, "dash": DASHES[mark.dash]},
        opacity=mark.opacity,
        **_hovers(mark.hover),
        connectgaps=False,
    )


def _voices(mark: Voices) -> Trace:
    """What is told of each point; only what can be chosen is an element that the browser has to keep."""
    chosen = [list(mark.ids)] if len(mark.ids) else []
    columns = chosen + [[as_letters(each) for each in column] for column in mark.parts.T.tolist()]
    # Lines are broken as the longest texts need it: until then zeros keep their room.
    room = [max(map(len, column), default=0) for column in mark.parts.T.tolist()]
    roomy = re.sub(r"\{(\d)\}", lambda match: f"{{{match[1]}{'0' * (room[int(match[1])] - 3)}}}", mark.template)
    words = re.sub(r"\{(\d)0*\}", lambda match: f"%{{customdata[{int(match[1]) + len(chosen)}]}}", as_hover(roomy))
    return Trace(
        type="scatter",
        x=_values(mark.x),
        y=_values(mark.y),
        mode="markers" if chosen else "none",
        marker={"opacity": 0, "size": NOTE},
        customdata=list(zip(*columns, strict=True)),
        hovertemplate=f"{words}<extra></extra>",
        **({"selected": {"marker": {"opacity": 0}}, "unselected": {"marker": {"opacity": 0}}} if chosen else {}),
    )


def _band(mark: Band, palette: Mapping[str, str]) -> Trace:
    x = np.asarray(mark.x)
    path = np.concatenate([np.asarray(mark.high, dtype=float), np.asarray(mark.low, dtype=float)[::-1]])
    return Trace(
        type="scatter",
        x=_values(np.concatenate([x, x[::-1]])),
        y=_values(path),
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=palette[mark.role],
        hoverinfo="skip",
    )


def _points(mark: Points, palette: Mapping[str, str]) -> Trace:
    colour = palette[mark.role]
    return Trace(
        type="scatter",
        x=_values(mark.x),
        y=_values(mark.y),
        mode="markers",
        marker={
            "symbol": SYMBOLS[mark.shape],
            "size": mark.size,
            "color": colour if mark.filled else palette["page"],
            "line": {"color": colour, "width": 0 if mark.filled else 1.6},
            "opacity": 1.0,
        },
        **_hovers(mark.hover),
        customdata=list(mark.ids) or None,
        cliponaxis=False,
        **CHOSEN_ALIKE,
    )


def _bars(mark: Bars, palette: Mapping[str, str], *, dates: bool) -> Trace:
    low, high = np.asarray(mark.low, dtype=float), np.asarray(mark.high, dtype=float)
    milliseconds = 86_400_000 if dates else 1
    return Trace(
        type="bar",
        x=_values(mark.x),
        y=_values(high - low),
        base=_values(low).tolist(),
        width=mark.width * milliseconds,
        marker={"color": palette[mark.role], "line": {"width": 0}},
        **_hovers(mark.hover),
    )


def speaking(marks: Sequence[Mark]) -> Trace:
    """All sentences of a chart that is read along x, in one trace that nobody sees: of several each would answer.

    Parameters
    ----------
    marks : of which lines, points and bars may hold sentences.

    Returns
    -------
    A point for each sentence.
    """
    silent = Trace(type="scatter", mode="markers", marker={"opacity": 0}, x=[], y=[], hovertext=[], hoverinfo="text")
    voices = [mark for mark in marks if isinstance(mark, Line | Points | Bars) and mark.hover]
    if not voices:
        return silent
    heights = [np.asarray(mark.high if isinstance(mark, Bars) else mark.y, dtype=float) for mark in voices]
    words = [sentence for mark in voices for sentence in mark.hover]
    kept = [index for index, sentence in enumerate(words) if sentence]
    across = pd.concat([pd.Series(np.asarray(mark.x)) for mark in voices], ignore_index=True)
    return silent | Trace(
        x=_values(across.iloc[kept]),
        y=_values(np.concatenate(heights)[kept]),
        hovertext=[as_hover(words[index]) for index in kept],
    )


def _add_rule(figure: Drawing, mark: Rule, palette: Mapping[str, str]) -> None:
    along, across = ("x", "y") if mark.axis == "x" else ("y", "x")
    ends = {f"{along}0": plain(mark.at), f"{along}1": plain(mark.at), f"{across}0": 0, f"{across}1": 1}
    figure.add_shape(
        type="line",
        layer="below",
        line={"color": palette[mark.role], "width": mark.width, "dash": DASHES[mark.dash]},
        **ends,
        **{f"{along}ref": along, f"{across}ref": f"{across} domain"},
    )


def _text(mark: Text, palette: Mapping[str, str], *, on_map: bool) -> dict[str, Any]:
    edge, shift = {"left": (0, -BESIDE), "right": (1, BESIDE), "start": (0, 0), "end": (1, 0)}.get(
        mark.column, (None, 0)
    )
    return {
        "x": plain(mark.x) if edge is None else edge,
        "xref": "x" if edge is None else "x domain",
        "y": plain(mark.y),
        "text": as_html(mark.text, strong=mark.strong, slanted=mark.slanted, minor=mark.minor),
        "font": {
            "size": SIZE,
            "color": palette[mark.role],
            "shadow": halo(palette) if on_map and edge is None else None,
        },
        "showarrow": False,
        # Words inside the plot stand before its lines, not among them.
        "bgcolor": palette["page"] if mark.column in ("start", "end") else None,
        "align": {"start": "left", "middle": "center", "end": "right"}[mark.anchor],
        "xanchor": {"start": "left", "middle": "center", "end": "right"}[mark.anchor],
        "yanchor": "middle",
        "xshift": shift + mark.dx,
        "yshift": mark.dy,
    }


def _add_note(figure: Drawing, mark: Note, chart: Chart, palette: Mapping[str, str]) -> None:
    number = chart.number_of(mark.code, about=mark.about)
    if number is None:
        return
    role = SEVERITY_ROLES[note_severity(chart, number)]
    grave = role == "do_not_use"
    fill = {"do_not_use": palette["do_not_use"], "caution": palette["caution_fill"]}.get(role, palette["page"])
    # In shares of the plot, because shapes at data positions are cut off at its edges.
    # A map's plot is narrower or lower than its room, and can be moved: its numbers stay where they are on the ground.
    on_map = chart.x.kind == "map"
    x, y = (mark.x, mark.y) if on_map else (_share(mark.x, chart.x), _share(mark.y, chart.y))
    refs = {"xref": "x" if on_map else "paper", "yref": "y" if on_map else "paper"}
    figure.add_shape(
        type="rect" if grave else "circle",
        **refs,
        xsizemode="pixel",
        ysizemode="pixel",
        xanchor=x,
        yanchor=y,
        x0=mark.dx - NOTE,
        x1=mark.dx + NOTE,
        y0=mark.dy - NOTE,
        y1=mark.dy + NOTE,
        fillcolor=fill,
        line={"color": palette[role], "width": 1.4},
        layer="above",
    )
    figure.add_annotation(
        x=x,
        y=y,
        **refs,
        xanchor="center",
        yanchor="middle",
        text=f"<b>{number}</b>",
        font={"size": 12, "color": palette["page" if grave else role]},
        showarrow=False,
        xshift=mark.dx,
        yshift=mark.dy,
        hovertext=as_hover(chart.caveats[number - 1].message),
    )


def _share(value: Any, axis: Axis) -> float:
    low, high = axis.range or (value, value)
    return float((value - low) / (high - low)) if high != low else 0.0
