"""How much demand is coming, how sure are we, and how wrong have we been?"""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard.figures.charts import effects_chart
from dashboard.shell import panels
from dashboard.shell.ageing import stale
from dashboard.shell.controls import chosen_city
from dashboard.shell.panels import downloads, take_along
from dashboard.shell.rooms import fitting
from dashboard.shell.waiting import await_result
from dashboard.views.outlook.briefing import outlook_briefing
from dashboard.views.outlook.controls import chosen_forecast
from dashboard.views.outlook.measuring import from_cold, until_measured
from dashboard.views.outlook.sections import as_it_stands, course, forecast_record
from dashboard.views.outlook.weather import with_the_weather
from dashboard.views.outlook.work import outlook_of
from dashboard.workers.work import effects_of
from data.words import say


def show() -> None:
    """Draw the view."""
    opened = chosen_city()
    city = opened.city
    if not city.series:
        st.info(say("outlook.empty"))
        return
    left, right = st.columns([8.4, 3.6], gap="large")
    with right:
        chosen = chosen_forecast(opened)
    asked = chosen.forecast
    series = city.series[asked.series]
    saying = say("outlook.working", {"series": series.title})
    if from_cold(chosen, city):
        until_measured(opened, chosen, left, right, saying=saying)
    with left:
        outlook = await_result(outlook_of, asked, saying=saying)
        beside = await_result(outlook_of, chosen.beside, saying=saying) if chosen.beside else None
    caveats = stale(outlook.made_from, outlook.caveats)
    with left:
        chart = course(outlook, chosen, beside=beside, caveats=caveats, series=series, city=city.name)
    with right:
        panels.notes(caveats)
        downloads(chart)
        along = st.container()
    charts = [chart, *forecast_record(outlook, asked, caveats=caveats)]
    if found := await_result(effects_of, chosen.effects, saying=saying):
        (effects,) = found
        drawn = partial(effects_chart, effects, location=chosen.area_name)
        charts.append(drawn())
        fitting("effects", lambda narrow: panels.show(drawn(narrow=narrow)))
    # Weather, targets and requests are told as they stand now, which was not known then.
    beside_it = with_the_weather(opened, series, above=caveats) if asked.cutoff is None else []
    if asked.cutoff is None:
        beside_it += as_it_stands(opened, chosen.effects, above=caveats)
    with along:
        take_along(outlook_briefing, outlook, charts, city=city, caveats=caveats, beside=beside_it)
