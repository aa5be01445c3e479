"""Where do incidents concentrate, would past maps have caught what came, and whom would they fall on?"""

from __future__ import annotations

from typing import Any

import streamlit as st

from analytics.hotspots import subjects
from dashboard import markup
from dashboard.figures.maps import hotspot_map
from dashboard.shell.ageing import stale
from dashboard.shell.cached import once
from dashboard.shell.controls import chosen_city
from dashboard.shell.moving import seen_window
from dashboard.shell.panels import tag_of, take_along
from dashboard.shell.waiting import at_once, await_result
from dashboard.views.hotspots.briefing import hotspots_briefing
from dashboard.views.hotspots.controls import chosen_map, chosen_place, chosen_share
from dashboard.views.hotspots.judging import until_judged
from dashboard.views.hotspots.tabs import open_tab
from dashboard.views.hotspots.words import in_context
from dashboard.views.hotspots.work import hotspots_of
from data.words import say


def show() -> None:
    """Draw the view."""
    opened = chosen_city()
    if not subjects(opened.city):
        st.info(say("hotspots.empty"))
        return
    top, side = st.columns([8.4, 3.6], gap="large")
    with top:
        story = st.container()
        row = st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="map-choices")
    with side:
        share = chosen_share()
    with row:
        chosen = chosen_map(opened)
    if not at_once(hotspots_of, chosen.map):
        until_judged(opened, chosen, share=share, story=story, row=row)
    with story:
        found = await_result(hotspots_of, chosen.map, saying=say("hotspots.working"))
    caveats, areas = stale(found.made_from, found.caveats), found.incidents.areas
    area, place = chosen_place(areas, within=row)
    window = seen_window(of=area)
    chart = once(
        hotspot_map, found, city_key=opened.city.key, areas=areas, share=share, area_id=area, caveats=caveats,
        city=opened.city, window=window,
    )  # fmt: skip
    with story:
        parts = once(in_context, found, city=opened.city.name, title=chosen.title, area=place)
        st.html(markup.context_line(parts, tag=tag_of(found.synthetic)) + markup.headline(chart.headline, caveats))
    audit = open_tab(found, chart, caveats, opened=opened, chosen=chosen, share=share, area=area, window=window)
    with side:
        shown: dict[str, Any] = {"share": share, "title": chosen.title, "audit": audit, "caveats": caveats}
        take_along(hotspots_briefing, found, chart, city=opened.city, area=place, **shown)
