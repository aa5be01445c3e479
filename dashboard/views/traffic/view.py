"""What do the roads carry, where is time lost, and what would an option change?"""

from __future__ import annotations

import streamlit as st

from dashboard import markup
from dashboard.shell.ageing import stale
from dashboard.shell.controls import chosen_city, chosen_tab
from dashboard.shell.panels import await_result, tag_of, take_along
from dashboard.views.traffic.briefing import context_of, traffic_briefing
from dashboard.views.traffic.controls import TAB, chosen_trips, routed
from dashboard.views.traffic.sections import empty
from dashboard.views.traffic.tabs import open_tab, tabs_of
from dashboard.views.traffic.work import RoadsRequest, roads_of
from data.words import say


def show() -> None:
    """Draw the view."""
    opened = chosen_city()
    city, tables = opened.city, routed(opened.city)
    if not tables:
        empty()
        return
    story, row = (
        st.container(),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="map-choices"),
    )
    with row:
        trips = chosen_trips(tables)
    with story:
        found = await_result(roads_of, RoadsRequest(opened.request, trips=trips), saying=say("traffic.working"))
    caveats = stale(found.made_from, found.caveats)
    name, tab = chosen_tab({each: say(f"traffic.tab_{each}") for each in tabs_of(found)}, key=TAB)
    with tab:
        charts = open_tab(name, found, caveats, opened=opened, row=row)
    with story:
        parts = context_of(found, city=city.name)
        st.html(markup.context_line(parts, tag=tag_of(found.synthetic)) + markup.headline(charts[0].headline, caveats))
    with row:
        take_along(traffic_briefing, found, charts, city=city, caveats=caveats)
