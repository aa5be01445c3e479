"""Each mark of a chart drawn by matplotlib; sizes are pixels, as in the chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from dashboard.figures.chart import (
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
)
from dashboard.figures.palette import SEVERITY_ROLES
from dashboard.figures.render.layout import BESIDE, SIZE, note_severity
from dashboard.figures.render.typeset import SANS, SANS_STRONG, literal, points

__all__ = ["draw"]

NOTE_SIZE = 11.5
STREET, STREET_CORE = 2.0, 0.6  # pixels
DASHES = {"solid": "-", "dot": (0, (2.5, 2.5)), "dash": (0, (6, 3))}
SYMBOLS = {"circle": "o", "square": "s", "diamond": "D", "triangle": "^", "cross": "X"}
# Bands and squares below, then rules, lines, points, words.
BELOW, RULES, LINES, POINTS, WORDS = 1, 2, 3, 4, 5


def draw(axes: Axes, mark: Mark, chart: Chart, palette: Mapping[str, str]) -> None:
    """Add a mark of the chart to the axes."""
    if isinstance(mark, Line):
        _line(axes, mark, palette)
    elif isinstance(mark, Strokes):
        [stroke] = axes.plot(mark.x, mark.y, solid_capstyle="round", zorder=LINES)
        stroke.set(color=palette[mark.role], linewidth=points(mark.width), linestyle=DASHES[mark.dash])
    elif isinstance(mark, Band):
        low, high = np.asarray(mark.low, dtype=float), np.asarray(mark.high, dtype=float)
        axes.fill_between(mark.x, low, high, color=palette[mark.role], linewidth=0, zorder=BELOW)
    elif isinstance(mark, Points):
        _points(axes, mark, palette, on_map=chart.x.kind == "map")
    elif isinstance(mark, Bars):
        low, high = np.asarray(mark.low, dtype=float), np.asarray(mark.high, dtype=float)
        axes.bar(mark.x, high - low, bottom=low, width=mark.width, color=palette[mark.role], linewidth=0, zorder=BELOW)
    elif isinstance(mark, Rule):
        rule = axes.axvline(mark.at) if mark.axis == "x" else axes.axhline(mark.at)
        rule.set(color=palette[mark.role], linewidth=points(mark.width), linestyle=DASHES[mark.dash], zorder=RULES)
    elif isinstance(mark, Text):
        _text(axes, mark, palette, on_map=chart.x.kind == "map")
    elif isinstance(mark, Note):
        _note(axes, mark, chart, palette)
    elif isinstance(mark, Grid):
        _grid(axes, mark, palette)
    elif isinstance(mark, Outline):
        if mark.open:
            _lines(axes, mark.rings, palette)
        else:
            _paths(axes, mark.rings, edge=palette["border"], order=BELOW if mark.below else RULES)
    elif isinstance(mark, Choropleth):
        _choropleth(axes, mark, palette)


def _line(axes: Axes, mark: Line, palette: Mapping[str, str]) -> None:
    axes.plot(
        mark.x,
        np.asarray(mark.y, dtype=float),
        color=palette[mark.role],
        linewidth=points(mark.width),
        linestyle=DASHES[mark.dash],
        alpha=mark.opacity,
        solid_capstyle="butt",
        zorder=LINES,
    )


def _points(axes: Axes, mark: Points, palette: Mapping[str, str], *, on_map: bool) -> None:
    colour = palette[mark.role]
    axes.plot(
        mark.x,
        np.asarray(mark.y, dtype=float),
        linestyle="none",
        marker=SYMBOLS[mark.shape],
        # A diamond is drawn on its side, so its diagonal is what must fit.
        markersize=points(mark.size) * (0.75 if mark.shape == "diamond" else 1.0),
        markerfacecolor=colour if mark.filled else palette["page"],
        markeredgecolor=colour,
        markeredgewidth=points(0 if mark.filled else 1.6),
        zorder=POINTS,
        clip_on=on_map,  # a part of a map shows no points of the rest
    )


def _text(axes: Axes, mark: Text, palette: Mapping[str, str], *, on_map: bool) -> None:
    edge, shift = {"left": (0, -BESIDE), "right": (1, BESIDE), "start": (0, 0), "end": (1, 0)}.get(
        mark.column, (None, 0)
    )
    words: dict[str, Any] = {
        "text": literal(mark.text),
        "xy": (mark.x if edge is None else edge, mark.y),
        "xycoords": "data" if edge is None else axes.get_yaxis_transform(),
        "xytext": (points(shift + mark.dx), points(mark.dy)),
        "textcoords": "offset points",
        "ha": {"start": "left", "middle": "center", "end": "right"}[mark.anchor],
        "va": "center",
        "fontfamily": list(SANS_STRONG if mark.strong else SANS),
        "fontsize": points(SIZE),
        "color": palette[mark.role],
        # Words inside the plot stand before its lines, not among them.
        "bbox": {"facecolor": palette["page"], "linewidth": 0, "pad": 0} if mark.column in ("start", "end") else None,
        "zorder": WORDS,
        "annotation_clip": False,
    }
    if on_map and edge is None:
        # Matplotlib writes words that have an edge as shapes: the words themselves stand over it, to be read and searched.
        axes.annotate(**words, path_effects=[withStroke(linewidth=points(3), foreground=palette["page"])])
    axes.annotate(**words)


def _note(axes: Axes, mark: Note, chart: Chart, palette: Mapping[str, str]) -> None:
    number = chart.number_of(mark.code, about=mark.about)
    if number is None:
        return
    role = SEVERITY_ROLES[note_severity(chart, number)]
    grave = role == "do_not_use"
    fill = {"do_not_use": palette["do_not_use"], "caution": palette["caution_fill"]}.get(role, palette["page"])
    axes.annotate(
        str(number),
        xy=(mark.x, mark.y),
        xytext=(points(mark.dx), points(mark.dy)),
        textcoords="offset points",
        ha="center",
        va="center",
        fontfamily=list(SANS_STRONG),
        fontsize=points(NOTE_SIZE),
        color=palette["page" if grave else role],
        bbox={
            "boxstyle": "square,pad=0.3" if grave else "circle,pad=0.25",
            "facecolor": fill,
            "edgecolor": palette[role],
            "linewidth": points(1.4),
        },
        zorder=WORDS,
        annotation_clip=False,
    )


def _grid(axes: Axes, mark: Grid, palette: Mapping[str, str]) -> None:
    rows, columns = mark.classes.shape
    shades = ListedColormap([palette[each.role] for each in mark.legend])
    axes.pcolormesh(
        mark.x0 + mark.size * np.arange(columns + 1),
        mark.y0 + mark.size * np.arange(rows + 1),
        np.ma.masked_equal(mark.classes, 0),
        cmap=shades,
        norm=BoundaryNorm(np.arange(0.5, len(mark.legend) + 1), len(mark.legend)),
        zorder=BELOW,
        # As pixels: ten thousand squares as paths would make a vector file of megabytes.
        rasterized=True,
    )


def _paths(
    axes: Axes, rings: Sequence[npt.NDArray[Any]], *, edge: str, face: str = "none", hatch: str = "", order: int = RULES
) -> None:
    if not rings:
        return
    codes = [np.r_[Path.MOVETO, np.full(len(ring) - 2, Path.LINETO), Path.CLOSEPOLY] for ring in rings]
    outline = Path(np.vstack(list(rings)), np.concatenate(codes).astype(Path.code_type))
    style: dict[str, Any] = {"facecolor": face, "edgecolor": edge, "linewidth": points(0.9), "zorder": order}
    collection = PathCollection([outline], **style)
    if hatch:
        collection.set_hatch(hatch)
    axes.add_collection(collection, autolim=False)


def _lines(axes: Axes, lines: Sequence[npt.NDArray[Any]], palette: Mapping[str, str]) -> None:
    """Streets: a light line with a thin dark one on it, seen on pale squares and on dark ones."""
    for role, width in (("page", STREET), ("ink3", STREET_CORE)):
        style: dict[str, Any] = {"colors": palette[role], "linewidths": points(width), "zorder": RULES}
        axes.add_collection(LineCollection(list(lines), **style), autolim=False)


def _choropleth(axes: Axes, mark: Choropleth, palette: Mapping[str, str]) -> None:
    for index, each in enumerate(mark.legend):
        members = (mark.classes == index).tolist()
        rings = [ring for of_area, member in zip(mark.rings, members, strict=True) if member for ring in of_area]
        # Hatches take the colour of the border.
        hatch, edge = ("////", palette["ink2"]) if each.hatched else ("", palette["page"])
        _paths(axes, rings, edge=edge, face=palette[each.role], hatch=hatch)
    outlined = set(mark.outlined)
    for area_id, own in zip(mark.area_ids, mark.rings, strict=True):
        if area_id in outlined:
            _paths(axes, own, edge=palette["ink2"])
