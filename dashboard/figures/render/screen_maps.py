"""Maps as plotly draws them: grids and borders in metres, areas by class in degrees with what stands on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from dashboard.figures.chart import Axis, Choropleth, Grid, GridHover, Line, Outline, Points, Strokes, Text
from dashboard.figures.palette import Theme
from dashboard.figures.render.layout import SIZE
from dashboard.figures.render.screen_drawing import DIGITS, Drawing, Trace
from dashboard.figures.render.screen_text import as_hover, as_html, as_letters

__all__ = [
    "CHOSEN_ALIKE",
    "SYMBOLS",
    "add_choropleth",
    "add_strokes",
    "degrees_layout",
    "grid",
    "halo",
    "on_degrees",
    "outline",
    "rings",
]

SYMBOLS = {"circle": "circle", "square": "square", "diamond": "diamond", "triangle": "triangle-up", "cross": "x"}
MILLIMETRE = 1e-3
HALO = "0 0 2px {}"
# Where points can be chosen the page draws which are: plotly would fade all others.
CHOSEN_ALIKE = {"selected": {"marker": {"opacity": 1}}, "unselected": {"marker": {"opacity": 1}}}


def halo(palette: Mapping[str, str]) -> str:
    """A light around words on a map; one alone is too pale to read them over a dark square."""
    return ",".join([HALO.format(palette["page"])] * 4)


def degrees_layout(mark: Choropleth, x: Axis, y: Axis, palette: Mapping[str, str]) -> dict[str, Any]:
    """The part of the globe that a map in degrees shows: the box of its axes, which are in metres."""
    corners = np.array([(east, north) for east in x.range or () for north in y.range or ()])
    longitude, latitude = mark.to_degrees(corners[:, 0], corners[:, 1])
    return {
        "visible": False,
        "lonaxis": {"range": [float(longitude.min()), float(longitude.max())]},
        "lataxis": {"range": [float(latitude.min()), float(latitude.max())]},
        "projection": {"type": "mercator"},
        "bgcolor": "rgba(0,0,0,0)",
        "showframe": False,
        "showcoastlines": False,
        "showland": False,
        "lakecolor": palette["page"],
    }


def on_degrees(mark: Line | Points | Strokes | Text, map: Choropleth, palette: Mapping[str, str]) -> Trace:
    """A mark in metres on a map in degrees."""
    colour = palette[mark.role]
    x, y = (np.atleast_1d(np.asarray(values, dtype=float)) for values in (mark.x, mark.y))
    longitude, latitude = map.to_degrees(x, y)
    # Half the bytes on the wire; a metre and a half at the other side of the globe.
    place: dict[str, Any] = (
        {"lon": longitude.astype(np.float32), "lat": latitude.astype(np.float32)}
        if isinstance(mark, Strokes)
        else {"lon": longitude.round(5), "lat": latitude.round(5)}
    )
    if isinstance(mark, Text):
        side = {"start": "right", "middle": "center", "end": "left"}[mark.anchor]
        font = {"size": SIZE, "color": colour, "shadow": halo(palette)}
        words = {
            "text": [as_html(mark.text, strong=mark.strong, slanted=mark.slanted)],
            "textposition": f"{'top' if mark.dy > 0 else 'middle'} {side}",
            "textfont": font,
        }
        return Trace(type="scattergeo", **place, mode="text", hoverinfo="skip", **words)
    if isinstance(mark, Line | Strokes):
        return Trace(
            type="scattergeo", **place, mode="lines", line={"color": colour, "width": mark.width}, hoverinfo="skip"
        )
    return Trace(
        type="scattergeo",
        **place,
        mode="markers",
        marker={
            "symbol": SYMBOLS[mark.shape],
            "size": mark.size,
            "color": colour if mark.filled else palette["page"],
            "line": {"color": palette["page"] if mark.filled else colour, "width": 1.0 if mark.filled else 1.8},
        },
        hovertext=[as_hover(words) for words in mark.hover] or None,
        hoverinfo="text" if mark.hover else "skip",
        customdata=list(mark.ids) or None,
        **CHOSEN_ALIKE,
    )


def add_strokes(figure: Drawing, mark: Strokes, palette: Mapping[str, str], *, dash: str) -> None:
    """Strokes under all else are one path: of a trace each stroke between two gaps is an element that the browser moves."""
    line = {"color": palette[mark.role], "width": mark.width, "dash": dash}
    x, y = np.asarray(mark.x, dtype=np.float32), np.asarray(mark.y, dtype=np.float32)
    if figure.data:
        how = {"mode": "lines", "line": line | {"simplify": False}, "hoverinfo": "skip", "connectgaps": False}
        figure.add_trace(Trace(type="scatter", x=x, y=y, **how))
    else:
        figure.add_shape(type="path", path=_path(x, y), xref="x", yref="y", layer="below", line=line)


def _path(x: npt.NDArray[np.float32], y: npt.NDArray[np.float32]) -> str:
    """Lines with gaps as one path, with a move after each gap."""
    seen = np.isfinite(x) & np.isfinite(y)
    begins = seen & ~np.concatenate([[False], seen[:-1]])
    parts = zip(x[seen].tolist(), y[seen].tolist(), begins[seen].tolist(), strict=True)
    return "".join(f"{'M' if first else 'L'}{across:.{DIGITS}g},{up:.{DIGITS}g}" for across, up, first in parts)


def grid(mark: Grid, palette: Mapping[str, str]) -> Trace:
    shades = ["rgba(0,0,0,0)", *(palette[each.role] for each in mark.legend)]
    edges = np.linspace(0, 1, len(shades) + 1)
    scale = [[float(edge), shade] for index, shade in enumerate(shades) for edge in edges[index : index + 2]]
    speech: dict[str, Any] = {"hoverinfo": "skip"}
    z: Any = mark.classes
    if mark.hover is not None:
        # Where there is no square there is nothing to say: plotly is silent over gaps alone.
        # Rows end with their last square: what follows it would say nothing, thousands of times.
        ends = tuple(int(row.nonzero()[0].max(initial=-1)) + 1 for row in np.asarray(mark.classes))
        z = [[each or None for each in row[:end]] for row, end in zip(mark.classes.tolist(), ends, strict=True)]
        words = as_hover(mark.hover.template).replace("{area}", "%{text}").replace("{value}", "%{customdata}")
        speech = {
            **_spoken(mark.hover, ends),
            "hovertemplate": f"{words}<extra></extra>",
            "hoverongaps": False,
        }
    return Trace(
        type="heatmap",
        z=z,
        x0=mark.x0 + mark.size / 2,
        dx=mark.size,
        y0=mark.y0 + mark.size / 2,
        dy=mark.size,
        zmin=-0.5,
        zmax=len(shades) - 0.5,
        colorscale=scale,
        showscale=False,
        zsmooth=False,
        **speech,
    )


@lru_cache(maxsize=8)  # the same at each step of a share, which changes classes and no words
def _spoken(hover: GridHover, ends: tuple[int, ...]) -> dict[str, list[list[str]]]:
    return {"text": _escaped(hover.areas, ends), "customdata": _escaped(hover.values, ends)}


def _escaped(words: npt.NDArray[np.str_], ends: Sequence[int]) -> list[list[str]]:
    """Each of the few different words made plain once, in their rows and columns, as far as each row goes."""
    different, which = np.unique(words, return_inverse=True)
    plain = np.array([as_letters(each) for each in different.tolist()], dtype=object)
    rows: list[list[str]] = plain[which.reshape(words.shape)].tolist()
    return [row[:end] for row, end in zip(rows, ends, strict=True)]


def outline(mark: Outline, theme: Theme) -> dict[str, Any]:
    west, south, east, north = mark.bounds
    return {
        "source": mark.url.format(theme=theme),
        "xref": "x",
        "yref": "y",
        "x": west,
        "y": north,
        # Plotly tells images apart by place and size alone, and would draw one of two that fill the same box.
        "sizex": east - west + (MILLIMETRE if mark.open else 0.0),
        "sizey": north - south,
        "sizing": "stretch",
        "layer": "below" if mark.below else "above",
    }


def rings(mark: Points, palette: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rings around points: plotly lays images over all traces, and shapes over images."""
    shape = {
        "type": "circle", "xref": "x", "yref": "y", "xsizemode": "pixel", "ysizemode": "pixel", "layer": "above",
        "x0": -mark.size / 2, "x1": mark.size / 2, "y0": -mark.size / 2, "y1": mark.size / 2,
        "line": {"color": palette[mark.role], "width": 1.8},
    }  # fmt: skip
    places = zip(np.asarray(mark.x).tolist(), np.asarray(mark.y).tolist(), strict=True)
    return [shape | {"xanchor": x, "yanchor": y} for x, y in places]


def add_choropleth(figure: Drawing, mark: Choropleth, palette: Mapping[str, str]) -> None:
    shades = [palette[each.role] for each in mark.legend]
    edges = np.linspace(0, 1, len(shades) + 1)
    figure.add_trace(
        Trace(
            type="choropleth",
            geojson=mark.url,
            featureidkey="id",
            locations=list(mark.area_ids),
            z=mark.classes,
            zmin=-0.5,
            zmax=len(shades) - 0.5,
            colorscale=[[float(edge), shade] for at, shade in enumerate(shades) for edge in edges[at : at + 2]],
            showscale=False,
            marker={"line": {"color": palette["page"], "width": 0.9}},
            text=[as_hover(words) for words in mark.hover] or None,
            hoverinfo="text" if mark.hover else "skip",
            **({"customdata": list(mark.area_ids), **CHOSEN_ALIKE} if mark.choosable else {}),
        )
    )
    if len(mark.outlined):
        _add_borders(figure, mark, palette)
    hatched = np.array([mark.legend[index].hatched for index in mark.classes], dtype=bool)
    figure.add_trace(
        Trace(
            type="scattergeo",
            lon=mark.degrees[hatched, 0],
            lat=mark.degrees[hatched, 1],
            mode="markers",
            marker={"symbol": "x-thin", "size": 7, "line": {"color": palette["ink"], "width": 1.4}},
            hoverinfo="skip",
        )
    )


def _add_borders(figure: Drawing, mark: Choropleth, palette: Mapping[str, str]) -> None:
    """The borders of the areas that are outlined, over nothing."""
    figure.add_trace(
        Trace(
            type="choropleth",
            geojson=mark.url,
            featureidkey="id",
            locations=list(mark.outlined),
            z=np.zeros(len(mark.outlined), dtype=np.int8),
            colorscale=[[0, "rgba(0,0,0,0)"], [1, "rgba(0,0,0,0)"]],
            showscale=False,
            marker={"line": {"color": palette["ink2"], "width": 1.4}},
            hoverinfo="skip",
        )
    )
