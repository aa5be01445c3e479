"""How much demand is coming, how sure are we, and how wrong have we been?"""

from __future__ import annotations

import streamlit as st

from dashboard import markup
from dashboard.figures.charts import effects_chart, fan_chart
from dashboard.shell import panels, sections
from dashboard.shell.controls import chosen_city, chosen_forecast
from dashboard.shell.panels import await_result, downloads, figure, stale
from dashboard.shell.work import chances_of, effects_of, outlook_of, service_of
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
        asked = chosen_forecast(city)
    series = city.series[asked.series]
    arguments = (opened.path, opened.stamp, asked.series, asked.until, asked.horizon)
    with left:
        saying = say("outlook.working", {"series": series.title})
        outlook = await_result(outlook_of, *arguments, asked.model, asked.reason, saying=saying)
        beside = await_result(outlook_of, *arguments, asked.beside, "", saying=saying) if asked.beside else None
    caveats = stale(outlook.made_from, outlook.caveats)
    since = series if asked.until else None
    area = asked.area or None
    chart = fan_chart(outlook, area_id=area, place=asked.place, caveats=caveats, beside=beside, since=since)
    with left:
        dated = say("page.data_to", {"date": outlook.cutoff})
        parts = [city.name, dated, say("page.by_model", {"model": outlook.model_title})]
        st.html(markup.context_line(parts, tag=sections.tag_of(outlook.synthetic)))
        st.html(markup.headline(chart.headline, caveats))
        figure(chart)
    with right:
        panels.notes(caveats)
        downloads(chart)
    sections.forecast_record(outlook, arguments)
    effects = await_result(effects_of, *arguments[:4], asked.area, saying=saying)
    if effects is not None:
        panels.show(effects_chart(effects, place=asked.place))
    if asked.until:
        return  # targets and requests are told as they stand now, which was not known then
    if any(target.series == asked.series for target in city.targets):
        found = await_result(chances_of, opened.path, opened.stamp, saying=say("targets.working"))
        sections.targets([each for each in found if each.target.series == asked.series])
    if asked.series in city.requests:
        working = say("quality.working")
        sections.service(await_result(service_of, opened.path, opened.stamp, asked.series, saying=working))
