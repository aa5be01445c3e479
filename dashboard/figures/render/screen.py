"""A chart on the screen: plotly, all of it SVG or canvas, so that it draws without WebGL and without a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go

from dashboard.figures.chart import (
    Axis,
    Bars,
    Chart,
    Choropleth,
    Key,
    Line,
    Points,
    Text,
    Voices,
)
from dashboard.figures.palette import Theme, colours
from dashboard.figures.render.layout import SIZE, end_labels, key_of, key_rows, left_margin, right_margin, tick_height
from dashboard.figures.render.screen_drawing import Checked, Drawing
from dashboard.figures.render.screen_maps import degrees_layout
from dashboard.figures.render.screen_marks import draw, plain, speaking, thinned
from dashboard.figures.render.screen_text import as_html, as_letters

__all__ = [
    "KEY_LINE",
    "SCREEN_CONFIG",
    "can_choose",
    "chosen_ids",
    "least_height",
    "screen_config",
    "screen_figure",
    "sent_figure",
]

SCREEN_CONFIG: Mapping[str, Any] = {
    "displayModeBar": False,
    "responsive": True,
    # Plotly asks for a base map even where none is drawn; this route answers with an empty one.
    "topojsonURL": "/geometry/topojson/",
}
# Buttons, not the wheel or a finger: whoever scrolls the page over a map is not caught in it.
MAP_BUTTONS = (("zoomIn2d", "zoomOut2d", "pan2d", "resetScale2d"), ("zoomInGeo", "zoomOutGeo", "pan2d", "resetGeo"))
FONT = "Source Sans, sans-serif"
REACH_ON_MAP = 5  # pixels: beyond it the cell under the pointer answers
REACH = 30  # pixels from a mark within which its sentence is told
TOP, TOP_LABELS, KEY_LINE, MAP_KEY_LINE = 12, 30, 24, 19
GLYPHS = {
    "square": ("■", "□"),
    "circle": ("●", "○"),
    "diamond": ("◆", "◇"),
    "triangle": ("▲", "△"),
    "cross": ("×", "×"),
    "line": ("<b>—</b>", "<b>—</b>"),
    "dashes": ("<b>- -</b>", "<b>- -</b>"),
}


def screen_figure(chart: Chart, *, theme: Theme) -> go.Figure:
    """The figure of a chart in a theme, every value checked by plotly: what pages show, for whoever works with it in Python."""
    # Plotly's own template would add colours that are not ours.
    whole = _drawn(chart, theme).whole()
    return go.Figure({**whole, "layout": {"template": {}, **whole["layout"]}})


def sent_figure(chart: Chart, *, theme: Theme) -> Checked:
    """The figure of a chart in a theme, as a page shows it; its headline, source and notes are HTML beside it (see ``panels``)."""
    return Checked(_drawn(chart, theme))


def _drawn(chart: Chart, theme: Theme) -> Drawing:
    palette = colours(theme)
    figure = Drawing(_layout(chart, palette) | _ground(chart, palette))
    along = _speaks_along(chart)
    marks = [thinned(mark) if isinstance(mark, Line) else mark for mark in chart.marks]
    for mark in marks:
        silent = replace(mark, hover=()) if along and isinstance(mark, Line | Points | Bars) else mark
        draw(figure, silent, chart, palette, theme)
    if along:
        figure.add_trace(speaking(marks))
    _add_end_labels(figure, chart, palette)
    _add_key(figure, chart, palette)
    return figure


def _ground(chart: Chart, palette: Mapping[str, str]) -> dict[str, Any]:
    """What marks stand on: the part of a globe, or two axes."""
    areas = next((mark for mark in chart.marks if isinstance(mark, Choropleth)), None)
    if areas is not None:
        return {"geo": degrees_layout(areas, chart.x, chart.y, palette)}
    x, y = _axis(chart.x, palette, horizontal=True), _axis(chart.y, palette)
    if chart.x.kind == "map":
        x |= {"constrain": "domain"}
        y |= {"scaleanchor": "x", "constrain": "domain", "constraintoward": "top"}
    return {"xaxis": x, "yaxis": y}


def screen_config(chart: Chart, *, moved: bool = False) -> dict[str, Any]:
    """How plotly shows a chart: bare, and a map with buttons that enlarge and move it unless the page has it ``moved``."""
    if chart.x.kind != "map" or moved:
        return dict(SCREEN_CONFIG)
    globe = any(isinstance(mark, Choropleth) for mark in chart.marks)
    buttons = {"modeBarButtons": [list(MAP_BUTTONS[globe])], "displaylogo": False, "scrollZoom": False}
    return {**SCREEN_CONFIG, "displayModeBar": True, **buttons}


def least_height(chart: Chart) -> str:
    """The height that a map of metres and its key need in a room narrower than its own, as a length of CSS.

    The figure is as high on every screen, because its height is stated before the width is known: what is empty below a
    narrow map is cut off.
    """
    across, up = (float(axis.range[1] - axis.range[0]) if axis.range else 1.0 for axis in (chart.x, chart.y))
    beside = left_margin(chart) + right_margin(chart)
    below = MAP_KEY_LINE * len(_key_lines(chart)) + 8
    return f"calc((100cqw - {beside:.0f}px) * {up / across:.3f} + {below}px)"


def can_choose(chart: Chart) -> bool:
    """Whether people can choose points or areas of a chart: the page then asks for selections of ``points``."""
    return any(
        mark.choosable if isinstance(mark, Choropleth) else isinstance(mark, Points | Voices) and len(mark.ids) > 0
        for mark in chart.marks
    )


def chosen_ids(state: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the points or areas that were chosen, as ``st.plotly_chart`` tells them.

    Parameters
    ----------
    state : what ``st.plotly_chart(..., on_select="rerun", selection_mode="points")`` gives.

    Returns
    -------
    Ids in the order in which they were chosen; points without one are left out.
    """
    found = [point.get("customdata") for point in state.get("selection", {}).get("points", [])]
    return tuple(dict.fromkeys(str(each[0] if isinstance(each, list) else each) for each in found if each))


def _margins(chart: Chart) -> dict[str, float]:
    if chart.x.kind == "map":
        sides = {"l": left_margin(chart), "r": right_margin(chart)}
        return {**sides, "t": 0, "b": MAP_KEY_LINE * len(_key_lines(chart)) + 4, "pad": 0}
    above = any(isinstance(mark, Text) and mark.dy >= 10 and mark.column == "plot" for mark in chart.marks)
    bottom = tick_height(chart) + KEY_LINE * len(_key_lines(chart))
    return {"l": left_margin(chart), "r": right_margin(chart), "t": TOP_LABELS if above else TOP, "b": bottom, "pad": 0}


def _height(chart: Chart) -> float:
    lines = len(_key_lines(chart))
    # A map's height is that of the map itself: its key, which may have a line or five, stands below. Other charts have
    # room for one line of it.
    if chart.x.kind == "map":
        return chart.height + MAP_KEY_LINE * lines + 4
    return chart.height + KEY_LINE * max(lines - 1, 0)


def _key_lines(chart: Chart) -> list[list[Key]]:
    if chart.x.kind == "map":
        return [[key] for key in key_of(chart)]
    return [[key for _, key in row] for row in key_rows(chart, width=chart.key_width)]


def _layout(chart: Chart, palette: Mapping[str, str]) -> dict[str, Any]:
    margins = _margins(chart)
    return {
        "height": _height(chart),
        "margin": margins,
        "autosize": True,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": SIZE, "color": palette["ink2"]},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "x" if _speaks_along(chart) else "closest",
        "hoverdistance": REACH_ON_MAP if chart.x.kind == "map" and not _has_voices(chart) else REACH,
        **({"clickmode": "event+select"} if can_choose(chart) else {}),
        "hoverlabel": {
            "bgcolor": palette["surface"],
            "bordercolor": palette["line"],
            "align": "left",
            "font": {"family": FONT, "size": SIZE, "color": palette["ink"]},
        },
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": palette["ink3"], "activecolor": palette["primary"]},
        "separators": ".,",
        "bargap": 0,
    }


def _has_voices(chart: Chart) -> bool:
    """Whether sentences are told of lines, which people point at from beside."""
    return any(isinstance(mark, Voices) for mark in chart.marks)


def _speaks_along(chart: Chart) -> bool:
    """Whether one sentence tells all that stands at one x: of lines through many points, and of bars."""
    return any(
        len(mark.hover) > 2 if isinstance(mark, Line) else isinstance(mark, Bars) and len(mark.hover) > 0
        for mark in chart.marks
    )


def _axis(axis: Axis, palette: Mapping[str, str], *, horizontal: bool = False) -> dict[str, Any]:
    if axis.kind == "map":
        return {"visible": False, "range": list(axis.range or ())}
    names = axis.kind == "category"
    look: dict[str, Any] = {
        "range": None if axis.range is None else [plain(end) for end in axis.range],
        "tickmode": "array",
        "tickvals": [plain(at) for at, _ in axis.ticks],
        "ticktext": [_tick(axis, index, palette) for index in range(len(axis.ticks))],
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
        "title": {"text": as_letters(axis.title), "standoff": 6, "font": {"size": SIZE}},
    }
    if axis.kind == "date":
        look["type"] = "date"
    if names:
        # Row names begin at the left edge of the figure, whatever their length.
        look |= {"ticklabelposition": "outside", "ticklabelstandoff": 6}
    return look


def _tick(axis: Axis, index: int, palette: Mapping[str, str]) -> str:
    words = as_html(axis.ticks[index][1], strong=axis.kind == "category")
    if not axis.beside:
        return words
    return f'{words} <span style="color:{palette["ink3"]}">{as_letters(axis.beside[index])}</span>'


def _add_end_labels(figure: Drawing, chart: Chart, palette: Mapping[str, str]) -> None:
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


def _add_key(figure: Drawing, chart: Chart, palette: Mapping[str, str]) -> None:
    lines = [
        "    ".join(
            f'<span style="color:{palette[key.role]}">{_glyph(key)}</span> {as_letters(key.label)}' for key in line
        )
        for line in _key_lines(chart)
    ]
    if not lines:
        return
    stacked = chart.x.kind == "map"
    cartesian_map = stacked and not any(isinstance(mark, Choropleth) for mark in chart.marks)
    figure.add_annotation(
        x=0,
        xref="paper",
        y=0,
        # Under a map that is less high than its room, as on a phone.
        yref="y domain" if cartesian_map else "paper",
        text="<br>".join(lines),
        font={"size": SIZE, "color": palette["ink2"]},
        showarrow=False,
        align="left",
        xanchor="left",
        yanchor="top",
        xshift=-left_margin(chart),
        yshift=-4 if stacked else -tick_height(chart),
    )
