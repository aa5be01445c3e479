"""Did a past policy work, how sure are we, and what does the same question find where nothing was done?"""

from __future__ import annotations

import streamlit as st

from dashboard import markup
from dashboard.shell.ageing import stale
from dashboard.shell.controls import chosen_city
from dashboard.shell.panels import downloads, figure, notes, tag_of, take_along
from dashboard.shell.waiting import await_result
from dashboard.views.evaluation.briefing import charts_of, context_of, evaluation_briefing
from dashboard.views.evaluation.controls import chosen_policy, observed_span
from dashboard.views.evaluation.sections import empty, evidence, methods, take
from dashboard.views.evaluation.work import evaluation_of
from data.words import say


def show() -> None:
    """Draw the view."""
    opened = chosen_city()
    city = opened.city
    if not city.series:
        st.info(say("evaluated.no_series"))
        return
    left, right = st.columns([8.4, 3.6], gap="large")
    with right:
        chosen = chosen_policy(opened)
    if chosen.request is None:
        with left:
            st.html(
                markup.context_line([city.name], tag=tag_of(city.synthetic)) + markup.headline(say("pages.evaluation"))
            )
            empty(opened)
        return
    with left:
        found = await_result(evaluation_of, chosen.request, saying=say("evaluated.working"))
    caveats = stale(found.made_from, found.caveats)
    with left:
        above = st.container()
        with st.container(key="fan-choices", horizontal=True, vertical_alignment="bottom", gap="medium"):
            span = observed_span(found)
            switch = st.container(width="content")
    charts = charts_of(found, location=chosen.location, caveats=caveats, span=span)
    with above:
        parts = context_of(found, city=city.name, location=chosen.location)
        st.html(markup.context_line(parts, tag=tag_of(found.synthetic)) + markup.headline(charts[0].headline, caveats))
        figure(charts[0], source=False, switch=switch)
    with left:
        st.html(markup.source_line(f"{charts[0].source} {charts[0].interval}".strip()))
        methods(found, caveats)
    with right:
        notes(caveats)
        take(found, opened)
        downloads(charts[0])
        take_along(evaluation_briefing, found, charts, city=city, location=chosen.location, caveats=caveats)
    evidence(charts[1:])
