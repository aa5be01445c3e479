"""A figure's switch between the chart and its table: which of the two is shown is in the link."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard.figures.chart import Chart
from dashboard.figures.render.screen_table import kind_of, screen_table
from dashboard.shell.session import keep, link, linked, recall
from data.words import say

__all__ = ["chart_or_table", "charts_or_tables", "sortable"]

TABLES = "table"  # what a link calls the figures that are shown as tables
ROW, MOST = 35, 420  # pixels of a row, and of a table before it scrolls inside itself


def chart_or_table(chart: Chart, draw: Callable[[], object], *, switch: DeltaGenerator | None = None) -> None:
    """A figure, or in its place the table behind it, and the switch between them.

    Parameters
    ----------
    chart : whose table holds what it draws.
    draw : draws it.
    switch : where the switch stands; under the figure where None.
    """
    charts_or_tables({chart: draw}, switch=switch)


def charts_or_tables(drawn: Mapping[Chart, Callable[[], object]], *, switch: DeltaGenerator | None = None) -> None:
    """The panels of one figure, or their tables, and one switch for all, which bears the name of the first.

    Parameters
    ----------
    drawn : what draws each, from the top down.
    switch : as in ``chart_or_table``.
    """
    name = next(iter(drawn)).name
    key = f"table-{name}"
    named = [each for each in linked(TABLES).split(",") if each]
    if recall(key) is None and name in named:
        keep(key, True)
    for chart, draw in drawn.items():
        if recall(key):
            sortable(chart)
        else:
            draw()
    with st.container() if switch is None else switch:
        chosen = st.toggle(say("page.as_table"), key=key)
    if chosen != (name in named):
        link(TABLES, ",".join([*named, name] if chosen else [each for each in named if each != name]))


def sortable(chart: Chart) -> None:
    """The table behind a chart, which a click on a head sorts."""
    table = screen_table(chart)
    st.dataframe(
        table,
        hide_index=True,
        height=min(ROW * (len(table) + 1) + 3, MOST),
        column_config={str(name): _config(str(name), chart) for name in table},
        alt=f"{chart.title}. {chart.headline}",
    )


def _config(name: str, chart: Chart) -> ColumnConfig:
    kind = kind_of(name, chart.table[name])
    if kind == "share":
        return st.column_config.NumberColumn(name, format="percent")
    if kind == "number":
        return st.column_config.NumberColumn(name, format="localized")
    if kind == "name":
        return st.column_config.NumberColumn(name, format="%d")
    if kind == "day":
        return st.column_config.DatetimeColumn(name, format="D MMM YYYY")
    if kind == "moment":
        return st.column_config.DatetimeColumn(name, format="D MMM YYYY, HH:mm")
    return st.column_config.TextColumn(name)
