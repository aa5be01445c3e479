"""Where do incidents concentrate, would past maps have caught what came, and whom would they fall on?"""

from __future__ import annotations

from typing import Any

import streamlit as st

from analytics.hotspots import subjects
from analytics.requests import AuditRequest, SeriesRequest
from dashboard import markup
from dashboard.figures.maps import hotspot_map
from dashboard.shell.ageing import stale
from dashboard.shell.controls import chosen_city, chosen_tab
from dashboard.shell.panels import await_result, tag_of, take_along
from dashboard.views.hotspots import tabs as hotspot_tabs
from dashboard.views.hotspots.briefing import hotspots_briefing
from dashboard.views.hotspots.controls import chosen_map, chosen_place, chosen_share
from dashboard.views.hotspots.words import in_context
from dashboard.views.hotspots.work import audit_of, hotspots_of, lately_of
from data.words import say

TABS = ("map", "fairness", "signal", "method")


def show() -> None:
    """Draw the view."""
    opened = chosen_city()
    if not subjects(opened.city):
        st.info(say("hotspots.empty"))
        return
    top, side = st.columns([8.4, 3.6], gap="large")
    with side:
        share = chosen_share()
        chosen = chosen_map(opened)
    with top:
        found = await_result(hotspots_of, chosen.map, saying=say("hotspots.working"))
    caveats, areas = stale(found.made_from, found.caveats), found.incidents.areas
    area, place = chosen_place(areas, within=side)
    chart = hotspot_map(found, city_key=opened.city.key, areas=areas, share=share, area_id=area, caveats=caveats)
    with top:
        parts = in_context(found, city=opened.city.name, title=chosen.title, area=place)
        st.html(markup.context_line(parts, tag=tag_of(found.synthetic)) + markup.headline(chart.headline, caveats))
    audit = None
    name, tab = chosen_tab({name: say(f"hotspots.tab_{name}") for name in TABS}, key="tab")
    with tab:
        if name == "map":
            hotspot_tabs.map_tab(found, chart, caveats, share=share)
            if chosen.congestion:
                hotspot_tabs.delays(opened, SeriesRequest(opened.request, series=chosen.map.incidents), areas)
        elif name == "signal":
            hotspot_tabs.signal_tab(found, caveats, city_key=opened.city.key, areas=areas, share=share)
            if not chosen.congestion:
                hotspot_tabs.lately(await_result(lately_of, chosen.map, saying=say("hotspots.scanning")))
        elif name == "method":
            hotspot_tabs.method_tab(found, caveats)
        else:
            audit = await_result(audit_of, AuditRequest(chosen.map, share=share), saying=say("hotspots.auditing"))
            hotspot_tabs.fairness_tab(audit, stale(audit.made_from, audit.caveats))
    with side:
        shown: dict[str, Any] = {"share": share, "title": chosen.title, "audit": audit, "caveats": caveats}
        take_along(hotspots_briefing, found, chart, city=opened.city, area=place, **shown)
