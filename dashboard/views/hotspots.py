"""Where do incidents concentrate, and would past maps have caught what came?"""

from __future__ import annotations

import streamlit as st

from dashboard import markup, panels
from dashboard.charts import capture_chart
from dashboard.controls import chosen_city, chosen_day, chosen_incidents, chosen_share
from dashboard.maps import hotspot_map
from dashboard.panels import WORDS, await_result, downloads, figure, stale
from dashboard.sections import tag_of
from dashboard.tables import flagged_rows, method_rows
from dashboard.work import hotspots_of

HORIZON_DAYS = 28


def show() -> None:
    """Draw the view."""
    opened = chosen_city()
    if not opened.city.incidents:
        st.info(WORDS.sentence("hotspots.empty"))
        return
    top, side = st.columns([8.4, 3.6], gap="large")
    with side:
        incidents, title = chosen_incidents(opened.city)
        share = chosen_share()
        oldest = incidents.since + (incidents.until - incidents.since) / 2
        as_of = chosen_day(first=oldest, last=incidents.until, key="as_of")
    with top:
        arguments = (opened.path, opened.stamp, incidents.name, as_of, HORIZON_DAYS)
        found = await_result(hotspots_of, *arguments, saying=WORDS.sentence("hotspots.working"))
    caveats = stale(found.made_from, found.caveats)
    chart = hotspot_map(found, city_key=opened.city.key, areas=incidents.areas, share=share)
    with top:
        parts = [opened.city.name, title, WORDS.sentence("page.data_to", {"date": found.incidents.until})]
        st.html(markup.context_line(parts, tag=tag_of(found.synthetic)))
        st.html(markup.headline(chart.headline, caveats))
    left, middle, right = st.columns([5.4, 3.6, 3], gap="large")
    with left:
        figure(chart)
    with middle:
        panels.show(capture_chart(found, share=share))
    with right:
        panels.notes(caveats)
        downloads(chart)
        st.html(markup.section(WORDS.sentence("hotspots.where")))
        st.html(markup.table(*flagged_rows(found, share=share), right=(1, 2), label=WORDS.sentence("hotspots.where")))
    st.html(markup.section(WORDS.sentence("hotspots.methods"), WORDS.sentence("hotspots.methods_sub")))
    st.html(markup.table(*method_rows(found), right=(1, 2, 3, 4), label=WORDS.sentence("hotspots.methods")))
