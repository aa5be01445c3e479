"""A chart as a file that stands on its own: PNG, SVG or PDF, with all that must travel with it inside the picture.

Matplotlib's ``Figure`` alone, without pyplot and without a browser. The picture grows in height with what it has to say:
what does not fit beside the marks goes below them, never away.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from io import BytesIO
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from dashboard.figures.chart import Chart
from dashboard.figures.palette import colours
from dashboard.figures.render.file_page import Page
from dashboard.figures.render.file_plot import draw_plot, plot_height
from dashboard.figures.render.typeset import DPI, SANS, SANS_STRONG, SERIF
from dashboard.figures.statement import marking, statement
from data.words import NARROW, say

__all__ = ["Picture", "page_figure", "plot_figure", "to_image", "to_plot"]

# Matplotlib's settings belong to the process, and a dashboard draws for several people at once.
_LOCK = threading.Lock()
# Text stays text in an SVG and a PDF, the same chart gives the same bytes, and letters stand where their widths put them.
SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "civicast",
    "pdf.fonttype": 42,
    "text.hinting": "no_hinting",
}
Picture = Literal["png", "svg", "pdf"]


def to_image(chart: Chart, *, format: Picture, width: Literal[800, 1200] = 800) -> bytes:
    """The bytes of a picture in light colours, the same bytes for the same chart.

    The file's own metadata repeat all that stands in it, so that it survives a change of size.

    Parameters
    ----------
    chart : with all that must travel with it.
    format : pixels, or shapes with words that stay words.
    width : of the picture, pixels.

    Returns
    -------
    A whole file.
    """
    return _saved(lambda: page_figure(chart, width=width), format=format, metadata=_metadata(chart, format))


def to_plot(chart: Chart, *, format: Picture, width: int = 800, scale: float = 1.0) -> bytes:
    """The plot and its key alone, for a document that says around it what must travel with it.

    Parameters
    ----------
    chart : the caveats' numbers on its marks are their positions in ``chart.caveats``.
    format : pixels, or shapes with words that stay words.
    width : of the picture, pixels.
    scale : how many pixels of the file stand for one of these, for print.

    Returns
    -------
    A whole file.
    """
    return _saved(lambda: plot_figure(chart, width=width), format=format, dpi=DPI * scale, metadata=_undated(format))


def _saved(make: Callable[[], Figure], *, format: Picture, metadata: dict[str, Any], dpi: float = DPI) -> bytes:
    with _LOCK, mpl.rc_context(SETTINGS), warnings.catch_warnings():
        # Scripts that none of the fonts has are drawn as boxes in a PNG; in an SVG they stay text and are whole.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        buffer = BytesIO()
        make().savefig(buffer, format=format, dpi=dpi, metadata=metadata)
    return buffer.getvalue()


def page_figure(chart: Chart, *, width: int) -> Figure:
    """The page of a file: marking, headline and title, then the plot, then key, ranges, choices, source and every caveat.

    Parameters
    ----------
    chart : with all that must travel with it.
    width : pixels; the height follows from what there is to say.

    Returns
    -------
    A figure of matplotlib, drawn and not yet saved.
    """
    page = Page(width)
    _opening(page, chart)
    top = page.take(plot_height(chart, width=page.inner))
    _closing(page, chart)
    return _drawn(page, chart, top=top)


def _drawn(page: Page, chart: Chart, *, top: float) -> Figure:
    size = (page.width / DPI, page.height / DPI)
    figure = Figure(figsize=size, dpi=DPI, facecolor=colours("light")["page"])
    FigureCanvasAgg(figure)
    page.draw(figure)
    draw_plot(figure, chart, page=page, top=top)
    return figure


def plot_figure(chart: Chart, *, width: int) -> Figure:
    """The plot and its key on a page of their own.

    Parameters
    ----------
    chart : as in ``page_figure``.
    width : pixels; the height follows from the plot.

    Returns
    -------
    A figure of matplotlib, drawn and not yet saved.
    """
    page = Page(width)
    top = page.take(plot_height(chart, width=page.inner))
    return _drawn(page, chart, top=top)


def _metadata(chart: Chart, format: Picture) -> dict[str, Any]:
    words = "\n".join(f"{label}: {text}" for label, text in statement(chart))
    if format == "svg":
        more = {"Description": f"{chart.alt}\n{words}", "Source": chart.source}
    elif format == "pdf":
        more = {"Subject": f"{chart.alt}\n{words}", "Keywords": chart.source, "Creator": "Civicast"}
    else:
        more = {"Description": words, "Source": chart.source, "Software": "Civicast"}
    return {"Title": chart.headline} | more | _undated(format)


def _undated(format: Picture) -> dict[str, Any]:
    """No date: the same chart gives the same bytes."""
    return {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[format]


def _opening(page: Page, chart: Chart) -> None:
    for _, text in marking(chart):
        page.tag(text)
    # The serif has no narrow space; one from another font would be set to that font's width.
    headline = chart.headline.replace(NARROW, "\u00a0")
    page.write(headline, face=SERIF, size=22, role="ink", leading=28)
    page.space(10)
    page.write(chart.title, face=SANS_STRONG, size=15, role="ink", leading=20)
    if chart.subtitle:
        page.write(chart.subtitle, face=SANS, size=13, role="ink2", leading=18)
    page.space(6)


def _closing(page: Page, chart: Chart) -> None:
    page.space(10)
    page.rule()
    for part in ("interval", "filters", "source"):
        if text := getattr(chart, part):
            words = f"{say('statement.filters')}: {text}" if part == "filters" else text
            page.write(words, face=SANS, size=13, role="ink3" if part == "source" else "ink2", leading=18)
            page.space(3)
    page.space(8)
    for number, caveat in enumerate(chart.caveats, start=1):
        page.note(number, caveat)
    page.space(8)
