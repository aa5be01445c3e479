"""A chart as a file that stands on its own: PNG or SVG, with all that must travel with it inside the picture.

Matplotlib's ``Figure`` alone, without pyplot and without a browser. The picture grows in height with what it has to say:
what does not fit beside the marks goes below them, never away.
"""

from __future__ import annotations

import threading
import warnings
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

__all__ = ["page_figure", "to_image"]

# Matplotlib's settings belong to the process, and a dashboard draws for several people at once.
_LOCK = threading.Lock()
# Text stays text in an SVG, the same chart gives the same bytes, and letters stand where their widths put them.
SETTINGS: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "civicast", "text.hinting": "no_hinting"}


def to_image(chart: Chart, *, format: Literal["png", "svg"], width: Literal[800, 1200] = 800) -> bytes:
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
    with _LOCK, mpl.rc_context(SETTINGS), warnings.catch_warnings():
        # Scripts that none of the fonts has are drawn as boxes in a PNG; in an SVG they stay text and are whole.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = page_figure(chart, width=width)
        buffer = BytesIO()
        figure.savefig(buffer, format=format, dpi=DPI, metadata=_metadata(chart, format))
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
    figure = Figure(figsize=(width / DPI, page.height / DPI), dpi=DPI, facecolor=colours("light")["page"])
    FigureCanvasAgg(figure)
    page.draw(figure)
    draw_plot(figure, chart, page=page, top=top)
    return figure


def _metadata(chart: Chart, format: str) -> dict[str, Any]:
    words = "\n".join(f"{label}: {text}" for label, text in statement(chart))
    if format == "svg":
        # No date: the same chart gives the same bytes.
        return {"Title": chart.headline, "Description": f"{chart.alt}\n{words}", "Source": chart.source, "Date": None}
    return {"Title": chart.headline, "Description": words, "Source": chart.source, "Software": "Civicast"}


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
