"""The only file that keeps things between reruns: cities and rendered files, by content and never by name alone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar
from weakref import WeakKeyDictionary

import pandas as pd
import streamlit as st
from cachetools import LRUCache

from analytics.answers import kept
from analytics.requests import CityRequest, TablesRequest, city_request
from analytics.results import Caveat
from dashboard.briefings import Briefing, BriefingFormat, to_file
from dashboard.figures.chart import Chart
from dashboard.figures.exports import Format, to_csv, to_pdf, to_png, to_svg, to_xlsx
from dashboard.figures.exports.table import csv_of
from dashboard.figures.exports.workbook import xlsx_of
from dashboard.figures.palette import Theme
from dashboard.figures.render.screen import sent_figure
from dashboard.figures.render.screen_drawing import Checked
from data import City, open_city
from data.words import language, use_language

# Streamlit warns where a cache is declared before its server runs, which is where the server reads this file.
logging.getLogger("streamlit.runtime.caching.cache_data_api").setLevel(logging.ERROR)

__all__ = ["briefing_file_of", "city_for_routes", "file_of", "once", "sent_once", "table_file_of"]

PLAIN = (str, int, float, bool, type(None))  # what is told apart by its value
T = TypeVar("T")

_MADE: LRUCache[tuple[Any, ...], tuple[Any, Any]] = LRUCache(
    maxsize=96
)  # a map with what is said over it holds two megabytes
_SENT: WeakKeyDictionary[Chart, dict[tuple[Theme, str], Checked]] = WeakKeyDictionary()
_LOCK = threading.Lock()


@st.cache_resource(max_entries=4, show_spinner=False)
def _opened(key: str, _request: CityRequest) -> City:
    found: City | None = kept(TablesRequest(_request))
    return open_city(_request.name) if found is None else found


def city_for_routes(path: Path) -> City:
    """The city whose geometry a route serves."""
    request = city_request(str(path))
    return _opened(request.fingerprint, request)


@st.cache_data(max_entries=60, show_spinner=False)
def file_of(key: str, format: Format, language: str, _chart: Chart) -> bytes:
    """A chart as a file in a language; ``key`` stands for everything in it.

    The language is given, not that of the moment: the server asks for a download in a thread of its own.
    """
    with use_language(language):
        writers = {"png": to_png, "svg": to_svg, "pdf": to_pdf, "csv": to_csv, "xlsx": to_xlsx}
        return writers[format](_chart)


@st.cache_data(max_entries=20, show_spinner=False)
def briefing_file_of(key: str, format: BriefingFormat, language: str, _briefing: Briefing) -> bytes:
    """A briefing as a file in a language, as in ``file_of``."""
    with use_language(language):
        return to_file(_briefing, format=format)


@st.cache_data(max_entries=20, show_spinner=False)
def table_file_of(
    key: str, format: Literal["csv", "xlsx"], language: str, _table: pd.DataFrame, _stated: Sequence[tuple[str, str]]
) -> bytes:
    """A table with what must travel with it as a file in a language, as in ``file_of``."""
    with use_language(language):
        if format == "csv":
            return csv_of(_table, stated=_stated)
        return xlsx_of(_table, stated=_stated, title=_stated[0][1], comments=_stated[-1][1])


def once(function: Callable[..., T], *given: Any, **more: Any) -> T:
    """What a function makes of values that nobody changes, made once in a language for all who look at it.

    Parameters
    ----------
    function : without a mark of its own on the world.
    given, more : results, told apart as objects; words, numbers and caveats, alone or in tuples, by their content.

    Returns
    -------
    What it makes, which nobody must change.
    """
    key = (function, language(), *map(_identity, given), *((name, _identity(each)) for name, each in more.items()))
    with _LOCK:
        found = _MADE.get(key)
    if found is None:
        # With what it was made of: while that is kept, no other object takes its identity.
        found = function(*given, **more), (given, more)
        with _LOCK:
            _MADE[key] = found
    made: T = found[0]
    return made


def sent_once(chart: Chart, *, theme: Theme) -> Checked:
    """The figure of a chart as a page shows it, drawn once for as long as there is the chart."""
    drawn = _SENT.setdefault(chart, {})
    key = theme, language()
    if key not in drawn:
        drawn[key] = sent_figure(chart, theme=theme)
    return drawn[key]


def _identity(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_identity, value))
    if isinstance(value, Caveat):
        return value.code, value.severity, repr(value.evidence)
    return (type(value), value) if isinstance(value, PLAIN) else id(value)
