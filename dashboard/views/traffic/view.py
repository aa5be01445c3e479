"""What do the roads carry, where is time lost, and what would an option or another plan of signals change?"""

from __future__ import annotations

import streamlit as st

from dashboard import markup
from dashboard.shell.controls import chosen_city, chosen_tab
from dashboard.shell.panels import tag_of, take_along
from dashboard.views.traffic.briefing import context_of, traffic_briefing
from dashboard.views.traffic.controls import TAB, chosen_trips
from dashboard.views.traffic.sections import empty
from dashboard.views.traffic.tabs import open_tab, tabs_of
from data.words import say


def show() -> None:
    """Draw the view."""
    opened = chosen_city()
    city = opened.city
    story, row = (
        st.container(),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="map-choices"),
    )
    with row:
        trips = chosen_trips(city)
    names = tabs_of(city, trips)
    if not names:
        empty(city)
        return
    name, tab = chosen_tab({each: say(f"traffic.tab_{each}") for each in names}, key=TAB)
    with tab:
        shown = open_tab(name, opened=opened, trips=trips, row=row)
    with story:
        parts = context_of(shown, city=city.name)
        line = markup.context_line(parts, tag=tag_of(shown.result.synthetic))
        st.html(line + markup.headline(shown.finding, shown.caveats))
    with row:
        take_along(traffic_briefing, shown, city=city)
    if shown.late is not None:
        shown.late()
