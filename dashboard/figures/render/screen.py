"""A chart on the screen: plotly, all of it SVG or canvas, so that it draws without WebGL and without a network."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import plotly.graph_objects as go

from dashboard.figures.chart import (
    Axis,
    Chart,
    Choropleth,
    Key,
    Text,
)
from dashboard.figures.palette import Theme, colours
from dashboard.figures.render.layout import SIZE, end_labels, key_of, key_rows, left_margin, right_margin, tick_height
from dashboard.figures.render.screen_marks import as_html, draw, plain

__all__ = ["SCREEN_CONFIG", "screen_figure"]

SCREEN_CONFIG: Mapping[str, Any] = {
    "displayModeBar": False,
    "responsive": True,
    # Plotly asks for a base map even where none is drawn; this route answers with an empty one.
    "topojsonURL": "/geometry/topojson/",
}
FONT = "Source Sans, sans-serif"
TOP, TOP_LABELS, KEY_LINE = 12, 30, 24
KEY_WIDTH = 480  # pixels of a row of the key: a column of half a page has so many
GLYPHS = {
    "square": ("■", "□"),
    "circle": ("●", "○"),
    "diamond": ("◆", "◇"),
    "triangle": ("▲", "△"),
    "cross": ("×", "×"),
}


def screen_figure(chart: Chart, *, theme: Theme) -> go.Figure:
    """The figure of a chart in a theme; its headline, source and notes are HTML beside it (see ``panels``)."""
    palette = colours(theme)
    figure = go.Figure(layout=_layout(chart, palette))
    if any(isinstance(mark, Choropleth) for mark in chart.marks):
        _geo(figure, palette)
    else:
        figure.update_layout(xaxis=_axis(chart.x, palette, horizontal=True), yaxis=_axis(chart.y, palette))
        if chart.x.kind == "map":
            figure.update_yaxes(scaleanchor="x", constrain="domain")
            figure.update_xaxes(constrain="domain")
    for mark in chart.marks:
        draw(figure, mark, chart, palette, theme)
    _add_end_labels(figure, chart, palette)
    _add_key(figure, chart, palette)
    return figure


def _margins(chart: Chart) -> dict[str, float]:
    if chart.x.kind == "map":
        return {"l": 0, "r": 0, "t": 0, "b": KEY_LINE * len(_key_lines(chart)), "pad": 0}
    above = any(isinstance(mark, Text) and mark.dy >= 10 and mark.column == "plot" for mark in chart.marks)
    bottom = tick_height(chart) + KEY_LINE * len(_key_lines(chart))
    return {"l": left_margin(chart), "r": right_margin(chart), "t": TOP_LABELS if above else TOP, "b": bottom, "pad": 0}


def _height(chart: Chart) -> float:
    lines = len(_key_lines(chart))
    # A map's height is that of the map itself: its key, which may have a line or five, stands below. Other charts have
    # room for one line of it.
    return chart.height + KEY_LINE * (lines if chart.x.kind == "map" else max(lines - 1, 0))


def _key_lines(chart: Chart) -> list[list[Key]]:
    if chart.x.kind == "map":
        return [[key] for key in key_of(chart)]
    return [[key for _, key in row] for row in key_rows(chart, width=KEY_WIDTH)]


def _layout(chart: Chart, palette: Mapping[str, str]) -> dict[str, Any]:
    margins = _margins(chart)
    return {
        # Plotly's own template would add colours that are not ours, and seven kilobytes to every figure.
        "template": go.layout.Template(),
        "height": _height(chart),
        "margin": margins,
        "autosize": True,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": SIZE, "color": palette["ink2"]},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": palette["surface"],
            "bordercolor": palette["line"],
            "font": {"family": FONT, "size": SIZE, "color": palette["ink"]},
        },
        "separators": ".,",
        "bargap": 0,
    }


def _axis(axis: Axis, palette: Mapping[str, str], *, horizontal: bool = False) -> dict[str, Any]:
    if axis.kind == "map":
        return {"visible": False, "range": list(axis.range or ()), "fixedrange": True}
    names = axis.kind == "category"
    look: dict[str, Any] = {
        "range": None if axis.range is None else [plain(end) for end in axis.range],
        "tickmode": "array",
        "tickvals": [plain(at) for at, _ in axis.ticks],
        "ticktext": [as_html(label, strong=names) for _, label in axis.ticks],
        "tickangle": 0,
        "tickfont": {"size": SIZE + 1 if names else SIZE, "color": palette["ink" if names else "ink2"]},
        "zeroline": False,
        "fixedrange": True,
        "showgrid": not horizontal and not names,
        "gridcolor": palette["hairline"],
        "gridwidth": 1,
        "showline": horizontal,
        "linecolor": palette["line"],
        "ticks": "outside" if horizontal else "",
        "ticklen": 5,
        "tickcolor": palette["line"],
        "title": {"text": escape(axis.title), "standoff": 6, "font": {"size": SIZE}},
    }
    if axis.kind == "date":
        look["type"] = "date"
    if names:
        # Row names begin at the left edge of the figure, whatever their length.
        look |= {"ticklabelposition": "outside", "ticklabelstandoff": 6}
    return look


def _geo(figure: go.Figure, palette: Mapping[str, str]) -> None:
    figure.update_geos(
        visible=False,
        fitbounds="locations",
        projection={"type": "mercator"},
        bgcolor="rgba(0,0,0,0)",
        showframe=False,
        showcoastlines=False,
        showland=False,
        lakecolor=palette["page"],
    )


def _add_end_labels(figure: go.Figure, chart: Chart, palette: Mapping[str, str]) -> None:
    margins = _margins(chart)
    for label in end_labels(chart, pixels=_height(chart) - margins["t"] - margins["b"]):
        figure.add_annotation(
            x=1,
            xref="x domain",
            y=label.y,
            text=as_html(label.text, strong=label.strong),
            font={"size": SIZE, "color": palette[label.role]},
            showarrow=False,
            xanchor="left",
            yanchor="middle",
            xshift=10,
            yshift=label.shift,
        )


def _glyph(key: Key) -> str:
    # The browser's map has no hatching: a cross marks what is hatched in files.
    return "■×" if key.hatched else GLYPHS[key.shape][0 if key.filled else 1]


def _add_key(figure: go.Figure, chart: Chart, palette: Mapping[str, str]) -> None:
    lines = [
        "    ".join(f'<span style="color:{palette[key.role]}">{_glyph(key)}</span> {escape(key.label)}' for key in line)
        for line in _key_lines(chart)
    ]
    if not lines:
        return
    stacked = chart.x.kind == "map"
    figure.add_annotation(
        x=0,
        xref="paper",
        y=0,
        yref="paper",
        text="<br>".join(lines),
        font={"size": SIZE, "color": palette["ink2"]},
        showarrow=False,
        align="left",
        xanchor="left",
        yanchor="top",
        xshift=0 if stacked else -left_margin(chart),
        yshift=-4 if stacked else -tick_height(chart),
    )
