"""Which option is better, by how much, for whom, and in how many futures?"""

from __future__ import annotations

import streamlit as st

from analytics.requests import ComparisonRequest
from analytics.scenarios import levers_of
from dashboard.figures.charts import difference_charts
from dashboard.shell import panels
from dashboard.shell.controls import chosen_city, chosen_name, layer_of
from dashboard.shell.panels import await_result, downloads, figure, stale
from dashboard.views.scenarios.options import chosen_options
from dashboard.views.scenarios.parts import who_and_where
from dashboard.views.scenarios.verdict import verdict
from dashboard.views.scenarios.work import comparison_of
from data.words import say

MONTHS = 12
SEED = 1


def show() -> None:
    """Draw the view."""
    opened = chosen_city()
    city = opened.city
    if not any(each.adds_up for each in city.series.values()):
        st.info(say("scenarios.empty"))
        return
    top = st.container()
    left, middle, right = st.columns([2.9, 6.1, 3], gap="large")
    with left:
        titles = {key: each.title for key, each in city.series.items() if each.adds_up}
        name = chosen_name(say("page.series"), titles, key="series")
        options = chosen_options(levers_of(city, series=name), layer_of(city, city.series[name].layer))
    asked = ComparisonRequest(
        opened.request, scenarios=tuple(options), series=name, periods=MONTHS, freq="MS", seed=SEED
    )
    with top:
        found = await_result(comparison_of, asked, saying=say("scenarios.working"))
    names = [each.name for each in found.scenarios if each.name != found.baseline]
    lead = next((each.option for each in found.differences if each.verdict == "better"), names[0])
    with middle:
        look = say("scenarios.look_at")
        chosen = st.segmented_control(look, names, default=lead, key="chosen", required=True) or lead
        charts = difference_charts(found, chosen=chosen)
        for chart in charts:
            figure(chart)
    caveats = stale(found.made_from, found.caveats)
    with top:
        verdict(found, city, chosen=chosen, caveats=caveats)
    with right:
        panels.notes(caveats)
        for chart in charts:
            downloads(chart)
    who_and_where(found, city, chosen=chosen)
