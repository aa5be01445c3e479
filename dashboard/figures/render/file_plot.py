"""The plot of a chart inside a page: axes, marks, labels at the right and the key under it."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from dashboard.figures.chart import Chart, Key, Text
from dashboard.figures.palette import colours
from dashboard.figures.render.file_marks import SYMBOLS, draw
from dashboard.figures.render.file_page import EDGE, Page
from dashboard.figures.render.layout import SIZE, SWATCH, end_labels, key_rows, left_margin, right_margin, tick_height
from dashboard.figures.render.typeset import SANS, SANS_STRONG, literal, points, width_of

__all__ = ["draw_plot", "plot_height"]

ABOVE, KEY_LINE = 30.0, 22.0
HIGHEST_MAP = 640.0
LINES_OF_KEY = {"line": "-", "dashes": (0, (1.4, 0.8))}


def plot_height(chart: Chart, *, width: float) -> float:
    """Pixels that the plot and its key take in a page of this inner width."""
    return _body(chart, width) + _below(chart) + KEY_LINE * len(key_rows(chart, width=width))


def draw_plot(figure: Figure, chart: Chart, *, page: Page, top: float) -> None:
    """Draw the plot with its upper edge ``top`` pixels below the page's."""
    palette = colours("light")
    body = _body(chart, page.inner)
    above = _above(chart)
    left, right = EDGE + left_margin(chart), EDGE + right_margin(chart)
    axes = figure.add_axes(
        (
            left / page.width,
            1 - (top + body) / page.height,
            (page.width - left - right) / page.width,
            (body - above) / page.height,
        )
    )
    _style(axes, chart, palette)
    for mark in chart.marks:
        draw(axes, mark, chart, palette)
    _limits(axes, chart)
    _end_labels(axes, chart, palette, pixels=body - above)
    _key(figure, chart, palette, page=page, top=top + body + _below(chart))


def _body(chart: Chart, width: float) -> float:
    if chart.x.kind == "map" and chart.x.range and chart.y.range:
        wide, high = (float(axis.range[1] - axis.range[0]) for axis in (chart.x, chart.y) if axis.range)
        return min(HIGHEST_MAP, (width - left_margin(chart) - right_margin(chart)) * high / wide)
    keys = 24.0 if chart.key else 0.0  # the screen's height includes its key
    return max(chart.height - tick_height(chart) - keys, 20.0) if chart.marks else 0.0


def _above(chart: Chart) -> float:
    return (
        ABOVE
        if any(isinstance(mark, Text) and mark.dy >= 10 and mark.column == "plot" for mark in chart.marks)
        else 8.0
    )


def _below(chart: Chart) -> float:
    if chart.x.kind == "map" or not chart.marks:
        return 8.0
    return tick_height(chart) + 6.0


def _limits(axes: Axes, chart: Chart) -> None:
    if chart.x.range:
        axes.set_xlim(*chart.x.range)
    if chart.y.range:
        axes.set_ylim(*chart.y.range)
    if chart.x.kind == "map":
        axes.set_aspect("equal", adjustable="box", anchor="NW")


def _style(axes: Axes, chart: Chart, palette: Mapping[str, str]) -> None:
    axes.set_facecolor("none")
    axes.spines[["left", "top", "right"]].set_visible(False)
    if chart.x.kind == "map" or not chart.marks:
        axes.set_axis_off()
        return
    axes.spines["bottom"].set(color=palette["line"], linewidth=points(1))
    names = chart.y.kind == "category"
    axes.set_xticks([at for at, _ in chart.x.ticks], [literal(label) for _, label in chart.x.ticks])
    beside = chart.y.beside
    labels = beside or [label for _, label in chart.y.ticks]
    axes.set_yticks([at for at, _ in chart.y.ticks], [literal(label) for label in labels])
    axes.tick_params(axis="x", length=points(5), width=points(1), color=palette["line"], pad=points(4))
    axes.tick_params(axis="y", length=0, pad=points(8))
    for label in axes.get_xticklabels():
        label.set(fontfamily=list(SANS), fontsize=points(SIZE), color=palette["ink2"])
    for label in axes.get_yticklabels():
        face, role = (SANS, "ink3") if beside else (SANS_STRONG, "ink") if names else (SANS, "ink2")
        size = SIZE + (names and not beside)
        label.set(fontfamily=list(face), fontsize=points(size), color=palette[role])
    if beside:
        _names_beside(axes, chart, palette)
    if chart.x.title:
        axes.set_xlabel(literal(chart.x.title), fontfamily=list(SANS), fontsize=points(SIZE), color=palette["ink2"])
    if not names:
        axes.grid(axis="y", color=palette["hairline"], linewidth=points(1))
        axes.set_axisbelow(True)


def _names_beside(axes: Axes, chart: Chart, palette: Mapping[str, str]) -> None:
    """The names of rows before what stands lighter behind them."""
    for (at, label), light in zip(chart.y.ticks, chart.y.beside, strict=True):
        axes.annotate(
            literal(label),
            xy=(0.0, at),
            xycoords=axes.get_yaxis_transform(),
            xytext=(-points(8 + width_of(f" {light}", face=SANS, size=SIZE)), 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontfamily=list(SANS_STRONG),
            fontsize=points(SIZE + 1),
            color=palette["ink"],
            annotation_clip=False,
        )


def _end_labels(axes: Axes, chart: Chart, palette: Mapping[str, str], *, pixels: float) -> None:
    for label in end_labels(chart, pixels=pixels):
        axes.annotate(
            literal(label.text),
            xy=(1.0, label.y),
            xycoords=axes.get_yaxis_transform(),
            xytext=(points(10), points(label.shift)),
            textcoords="offset points",
            va="center",
            fontfamily=list(SANS_STRONG if label.strong else SANS),
            fontsize=points(SIZE),
            color=palette[label.role],
            annotation_clip=False,
        )


def _key(figure: Figure, chart: Chart, palette: Mapping[str, str], *, page: Page, top: float) -> None:
    for index, row in enumerate(key_rows(chart, width=page.inner)):
        y = top + KEY_LINE * index + KEY_LINE / 2
        for left, key in row:
            _swatch(figure, key, palette, page=page, x=EDGE + left, y=y)
            figure.text(
                (EDGE + left + SWATCH) / page.width,
                1 - y / page.height,
                literal(key.label),
                fontfamily=list(SANS),
                fontsize=points(SIZE),
                color=palette["ink2"],
                va="center_baseline",
            )


def _swatch(figure: Figure, key: Key, palette: Mapping[str, str], *, page: Page, x: float, y: float) -> None:
    if key.shape in LINES_OF_KEY:
        ends = ([x / page.width, (x + 13) / page.width], [1 - y / page.height] * 2)
        line = Line2D(*ends, color=palette[key.role], linewidth=points(3))
        line.set(linestyle=LINES_OF_KEY[key.shape])
        figure.add_artist(line)
        return
    if key.shape == "square" and key.filled:
        box = Rectangle((x / page.width, 1 - (y + 6) / page.height), 12 / page.width, 12 / page.height)
        box.set(facecolor=palette[key.role], edgecolor=palette["ink2"], linewidth=points(1.0 if key.hatched else 0.0))
        box.set(transform=figure.transFigure, hatch="////" if key.hatched else None)
        figure.add_artist(box)
        return
    point = Line2D([(x + 6) / page.width], [1 - y / page.height], linestyle="none", marker=SYMBOLS[key.shape])
    point.set(markersize=points(8.5), markerfacecolor=palette[key.role] if key.filled else palette["page"])
    point.set(markeredgecolor=palette[key.role], markeredgewidth=points(0 if key.filled else 1.6))
    figure.add_artist(point)
