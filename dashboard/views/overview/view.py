"""What is happening, beside the range that was expected, and how fresh is what we know?"""

from __future__ import annotations

import streamlit as st

from analytics.caveats import assess
from dashboard import markup
from dashboard.shell import panels
from dashboard.shell.ageing import stale
from dashboard.shell.controls import chosen_city
from dashboard.shell.panels import await_result, begin, tag_of
from dashboard.shell.targets import targets
from dashboard.shell.work import chances_of
from dashboard.views.overview.sections import alarms, week_figures
from dashboard.views.overview.tables import freshness_rows, set_aside_rows
from dashboard.views.overview.work import warnings_of, weeks_of
from data import City
from data.words import say


def show() -> None:
    """Draw the view."""
    opened = chosen_city()
    city = opened.city
    for work in (warnings_of, chances_of):
        begin(work, opened.request)  # begun now, so that they are done when the page reaches them
    weeks = await_result(weeks_of, opened.request, saying=say("overview.working"))
    of_weeks = [caveat for week in weeks for caveat in week.caveats if caveat.code != "synthetic_data"]
    caveats = stale(city.provenances, [*assess(made_from=city.provenances), *of_weeks])
    st.html(markup.context_line([city.name, say("page.newest", {"date": city.as_of})], tag=tag_of(city.synthetic)))
    left, right = st.columns([8.4, 3.6], gap="large")
    with left:
        week_figures(weeks, caveats)
        if city.series:
            working = say("alarms.working")
            alarms(await_result(warnings_of, opened.request, saying=working))
        if city.targets:
            saying = say("targets.working")
            targets(await_result(chances_of, opened.request, saying=saying))
        st.html(markup.section(say("overview.aside"), say("overview.aside_sub")))
        st.html(markup.table(*set_aside_rows(city), right=(1, 2), label=say("overview.aside")))
        st.html(markup.source_line(_source(city)))
    with right:
        st.html(markup.section(say("overview.fresh"), say("overview.fresh_sub")))
        st.html(markup.table(*freshness_rows(city), right=(1, 2), label=say("overview.fresh")))
        panels.notes(caveats)


def _source(city: City) -> str:
    sources = list(dict.fromkeys(f"{table.origin} ({table.licence})" for table in city.provenances))
    evidence = {"sources": sources, "date": city.as_of, "snapshot": city.fingerprint[:6]}
    return say("overview.source", evidence)
