"""Each mark of a chart as a trace, shape or annotation of plotly."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

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
    Text,
)
from dashboard.figures.palette import SEVERITY_ROLES, Theme
from dashboard.figures.render.layout import SIZE, note_severity

__all__ = ["as_html", "draw", "plain"]

NOTE = 9  # radius of a caveat's number, pixels
DASHES = {"solid": "solid", "dot": "2.5px,2.5px", "dash": "6px,4px"}
SYMBOLS = {"circle": "circle", "square": "square", "diamond": "diamond", "triangle": "triangle-up", "cross": "x"}


def draw(figure: go.Figure, mark: Mark, chart: Chart, palette: Mapping[str, str], theme: Theme) -> None:
    """Add a mark of the chart to the figure."""
    if isinstance(mark, Line):
        figure.add_trace(_line(mark, palette))
    elif isinstance(mark, Band):
        figure.add_trace(_band(mark, palette))
    elif isinstance(mark, Points):
        figure.add_trace(_points(mark, palette))
    elif isinstance(mark, Bars):
        figure.add_trace(_bars(mark, palette, dates=chart.x.kind == "date"))
    elif isinstance(mark, Rule):
        _add_rule(figure, mark, palette)
    elif isinstance(mark, Text):
        figure.add_annotation(**_text(mark, palette))
    elif isinstance(mark, Note):
        _add_note(figure, mark, chart, palette)
    elif isinstance(mark, Grid):
        figure.add_trace(_grid(mark, palette))
    elif isinstance(mark, Outline):
        figure.add_layout_image(_outline(mark, theme))
    elif isinstance(mark, Choropleth):
        _add_choropleth(figure, mark, palette)


def as_html(label: str, *, strong: bool = False) -> str:
    """A label as plotly reads it, every name escaped."""
    text = escape(label).replace("\n", "<br>")
    return f"<b>{text}</b>" if strong else text


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


def _line(mark: Line, palette: Mapping[str, str]) -> go.Scatter:
    return go.Scatter(
        x=_values(mark.x),
        y=_values(mark.y),
        mode="lines",
        line={"color": palette[mark.role], "width": mark.width, "dash": DASHES[mark.dash]},
        opacity=mark.opacity,
        hoverinfo="skip" if mark.width < 1.3 or len(np.asarray(mark.y)) < 3 else "x+y",
        connectgaps=False,
    )


def _band(mark: Band, palette: Mapping[str, str]) -> go.Scatter:
    x = np.asarray(mark.x)
    path = np.concatenate([np.asarray(mark.high, dtype=float), np.asarray(mark.low, dtype=float)[::-1]])
    return go.Scatter(
        x=_values(np.concatenate([x, x[::-1]])),
        y=_values(path),
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=palette[mark.role],
        hoverinfo="skip",
    )


def _points(mark: Points, palette: Mapping[str, str]) -> go.Scatter:
    colour = palette[mark.role]
    return go.Scatter(
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
        hovertext=[escape(words) for words in mark.hover] or None,
        hoverinfo="text" if mark.hover else "x+y",
        cliponaxis=False,
    )


def _bars(mark: Bars, palette: Mapping[str, str], *, dates: bool) -> go.Bar:
    low, high = np.asarray(mark.low, dtype=float), np.asarray(mark.high, dtype=float)
    milliseconds = 86_400_000 if dates else 1
    return go.Bar(
        x=_values(mark.x),
        y=_values(high - low),
        base=_values(low),
        width=mark.width * milliseconds,
        marker={"color": palette[mark.role], "line": {"width": 0}},
        hoverinfo="skip",
    )


def _add_rule(figure: go.Figure, mark: Rule, palette: Mapping[str, str]) -> None:
    along, across = ("x", "y") if mark.axis == "x" else ("y", "x")
    ends = {f"{along}0": plain(mark.at), f"{along}1": plain(mark.at), f"{across}0": 0, f"{across}1": 1}
    figure.add_shape(
        type="line",
        layer="below",
        line={"color": palette[mark.role], "width": mark.width, "dash": DASHES[mark.dash]},
        **ends,
        **{f"{along}ref": along, f"{across}ref": f"{across} domain"},
    )


def _text(mark: Text, palette: Mapping[str, str]) -> dict[str, Any]:
    right = mark.column == "right"
    return {
        "x": 1 if right else plain(mark.x),
        "xref": "x domain" if right else "x",
        "y": plain(mark.y),
        "text": as_html(mark.text, strong=mark.strong),
        "font": {"size": SIZE, "color": palette[mark.role]},
        "showarrow": False,
        "xanchor": {"start": "left", "middle": "center", "end": "right"}[mark.anchor],
        "yanchor": "middle",
        "xshift": (12 if right else 0) + mark.dx,
        "yshift": mark.dy,
    }


def _add_note(figure: go.Figure, mark: Note, chart: Chart, palette: Mapping[str, str]) -> None:
    number = chart.number_of(mark.code, about=mark.about)
    if number is None:
        return
    role = SEVERITY_ROLES[note_severity(chart, number)]
    grave = role == "do_not_use"
    fill = {"do_not_use": palette["do_not_use"], "caution": palette["caution_fill"]}.get(role, palette["page"])
    # In shares of the plot, because shapes at data positions are cut off at its edges.
    x, y = _share(mark.x, chart.x), _share(mark.y, chart.y)
    figure.add_shape(
        type="rect" if grave else "circle",
        xref="paper",
        yref="paper",
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
        xref="paper",
        yref="paper",
        xanchor="center",
        yanchor="middle",
        text=f"<b>{number}</b>",
        font={"size": 12, "color": palette["page" if grave else role]},
        showarrow=False,
        xshift=mark.dx,
        yshift=mark.dy,
        hovertext=escape(chart.caveats[number - 1].message),
    )


def _share(value: Any, axis: Axis) -> float:
    low, high = axis.range or (value, value)
    return float((value - low) / (high - low)) if high != low else 0.0


def _grid(mark: Grid, palette: Mapping[str, str]) -> go.Heatmap:
    shades = ["rgba(0,0,0,0)", *(palette[each.role] for each in mark.legend)]
    edges = np.linspace(0, 1, len(shades) + 1)
    scale = [[float(edge), shade] for index, shade in enumerate(shades) for edge in edges[index : index + 2]]
    return go.Heatmap(
        z=mark.classes,
        x0=mark.x0 + mark.size / 2,
        dx=mark.size,
        y0=mark.y0 + mark.size / 2,
        dy=mark.size,
        zmin=-0.5,
        zmax=len(shades) - 0.5,
        colorscale=scale,
        showscale=False,
        hoverinfo="skip",
        zsmooth=False,
    )


def _outline(mark: Outline, theme: Theme) -> dict[str, Any]:
    west, south, east, north = mark.bounds
    return {
        "source": mark.url.format(theme=theme),
        "xref": "x",
        "yref": "y",
        "x": west,
        "y": north,
        "sizex": east - west,
        "sizey": north - south,
        "sizing": "stretch",
        "layer": "above",
    }


def _add_choropleth(figure: go.Figure, mark: Choropleth, palette: Mapping[str, str]) -> None:
    shades = [palette[each.role] for each in mark.legend]
    edges = np.linspace(0, 1, len(shades) + 1)
    figure.add_trace(
        go.Choropleth(
            geojson=mark.url,
            featureidkey="id",
            locations=list(mark.area_ids),
            z=mark.classes,
            zmin=-0.5,
            zmax=len(shades) - 0.5,
            colorscale=[[float(edge), shade] for at, shade in enumerate(shades) for edge in edges[at : at + 2]],
            showscale=False,
            marker={"line": {"color": palette["page"], "width": 0.9}},
            text=[escape(words) for words in mark.hover],
            hoverinfo="text",
        )
    )
    hatched = np.array([mark.legend[index].hatched for index in mark.classes], dtype=bool)
    figure.add_trace(
        go.Scattergeo(
            lon=mark.degrees[hatched, 0],
            lat=mark.degrees[hatched, 1],
            mode="markers",
            marker={"symbol": "x-thin", "size": 7, "line": {"color": palette["ink"], "width": 1.4}},
            hoverinfo="skip",
        )
    )
