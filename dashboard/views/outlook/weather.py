"""A series with the weather: what a degree adds to an amount, or what came of counts in heat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from analytics.environment import Energy, Heat
from analytics.errors import MeasurementError
from analytics.requests import HeatRequest, temperatures_of
from analytics.results import Caveat
from dashboard import markup
from dashboard.briefings import Table
from dashboard.figures.charts import energy_chart, heat_chart
from dashboard.figures.tables import spells_table
from dashboard.shell.ageing import stale
from dashboard.shell.cached import once
from dashboard.shell.controls import Opened, chosen_name
from dashboard.shell.panels import all_rows, downloads, figure, notes, numbered_on
from dashboard.shell.waiting import await_result
from dashboard.views.outlook.briefing import Beside
from dashboard.views.outlook.tables import spell_rows
from dashboard.views.outlook.work import weather_of, weather_request
from data import Series
from data.words import say, text

__all__ = ["with_the_weather"]

NUMBERS = (1, 2, 3, 4)  # columns of the table of spells


def with_the_weather(opened: Opened, series: Series, *, above: Sequence[Caveat] = ()) -> list[Beside]:
    """The section of a series that has a temperature beside it; nothing where it has none.

    Parameters
    ----------
    opened : the city.
    series : that the page is about, whole.
    above : the caveats that the page tells already.

    Returns
    -------
    list
        What was shown: one result, or none.
    """
    beside = {each.name: each.title for each in temperatures_of(opened.city, series.name)}
    if not beside:
        return []
    left, right = st.columns([8.4, 3.6], gap="large")
    with right:
        label = say("weather.temperature")
        name = chosen_name(label, beside, key="temperature") if len(beside) > 1 else next(iter(beside))
    with left:
        st.html(markup.section(say("weather.section")))
        try:
            found = await_result(weather_of, weather_request(opened.request, series, name), saying=_saying(series))
        except MeasurementError as error:
            st.html(markup.paragraph(str(error)))
            return []
    with right:
        drawn = _spell(opened, series, found) if isinstance(found, Heat) and len(found.spells) > 1 else found
    caveats = stale(drawn.made_from, drawn.caveats)
    chart = energy_chart(drawn, caveats=caveats) if isinstance(drawn, Energy) else heat_chart(drawn, caveats=caveats)
    with right:
        notes(caveats, on=chart.title, above=above)
        downloads(chart)
    with left:
        figure(replace(chart, caveats=numbered_on(caveats, above=above)), subtitle=chart.headline)
        tables = _spells(found, numbered_on(caveats, above=above)) if isinstance(found, Heat) else ()
    return [Beside(drawn, (chart, *tables))]


def _spell(opened: Opened, series: Series, found: Heat) -> Heat:
    """The spell that somebody wants to see: the hottest, or another by its first day."""
    rows = {f"{row['first']:%Y-%m-%d}": row for row in found.spells.to_dict("records")}
    hottest = next(iter(rows))
    titles = {
        key: say("weather.hottest" if key == hottest else "weather.days", {str(name): row[name] for name in row})
        for key, row in rows.items()
    }
    first = chosen_name(say("weather.spell"), titles, key="spell")
    if first == hottest:
        return found
    asked = HeatRequest(
        opened.request, series=series.name, temperature=str(found.config["temperature"]), since=rows[first]["first"],
        until=rows[first]["last"],
    )  # fmt: skip
    return await_result(weather_of, asked, saying=_saying(series))  # type: ignore[return-value]


def _spells(found: Heat, caveats: tuple[Caveat, ...]) -> tuple[Table, ...]:
    """The table of all spells, shown where there are several."""
    if len(found.spells) == 1:
        return ()
    heads, rows = spell_rows(found)
    st.html(
        markup.section(say("weather.spells")) + markup.table(heads, rows, right=NUMBERS, label=say("weather.spells"))
    )
    all_rows(lambda: once(spells_table, found, caveats=caveats), name="spells", of=say("weather.spells"))
    return (Table(say("weather.spells"), tuple(heads), tuple(map(tuple, rows)), right=NUMBERS),)


def _saying(series: Series) -> str:
    return say("weather.working", {"series": text(series.title)})
