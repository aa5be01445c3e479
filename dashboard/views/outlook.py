"""How much demand is coming, how sure are we, and how wrong have we been?"""

from __future__ import annotations

import streamlit as st

from dashboard import markup, panels
from dashboard.charts import fan_chart
from dashboard.controls import chosen_area, chosen_city, chosen_day, chosen_name, layer_of
from dashboard.panels import WORDS, await_result, downloads, figure, stale
from dashboard.sections import forecast_record, tag_of
from dashboard.work import outlook_of

HORIZONS = ("28", "14", "56", "7")


def show() -> None:
    """Draw the view."""
    opened = chosen_city()
    if not opened.city.series:
        st.info(WORDS.sentence("outlook.empty"))
        return
    left, right = st.columns([8.4, 3.6], gap="large")
    with right:
        titles = {key: each.title for key, each in opened.city.series.items()}
        name = chosen_name(WORDS.sentence("page.series"), titles, key="series")
        series = opened.city.series[name]
        area, place = chosen_area(layer_of(opened.city, series.layer), key="area")
        first, second = st.columns(2)
        with first:
            horizon = int(chosen_name(WORDS.sentence("page.horizon"), {each: each for each in HORIZONS}, key="horizon"))
        with second:
            # A replay needs at least half of the history to learn from.
            oldest = series.values.index[len(series.values) // 2]
            until = chosen_day(first=oldest, last=series.as_of, key="until")
    arguments = (opened.path, opened.stamp, name, until, horizon)
    with left:
        saying = WORDS.sentence("outlook.working", {"series": series.title})
        outlook = await_result(outlook_of, *arguments, saying=saying)
    caveats = stale(outlook.made_from, outlook.caveats)
    chart = fan_chart(outlook, area_id=area or None, place=place, caveats=caveats)
    with left:
        dated = WORDS.sentence("page.data_to", {"date": outlook.cutoff})
        parts = [opened.city.name, dated, WORDS.sentence("page.by_model", {"model": outlook.model_title})]
        st.html(markup.context_line(parts, tag=tag_of(outlook.synthetic)))
        st.html(markup.headline(chart.headline, caveats))
        figure(chart)
    with right:
        panels.notes(caveats)
        downloads(chart)
    forecast_record(outlook, arguments)
