"""Where do incidents concentrate, would past maps have caught what came, and whom would they fall on?"""

from __future__ import annotations

import streamlit as st

from analytics.hotspots import subjects
from dashboard import markup
from dashboard.figures.maps import hotspot_map
from dashboard.shell.controls import chosen_city, chosen_map, chosen_share
from dashboard.shell.panels import await_result, stale
from dashboard.shell.sections import tag_of
from dashboard.shell.work import audit_of, delays_of, hotspots_of, lately_of
from dashboard.views.hotspots import tabs as hotspot_tabs
from data.words import say

TABS = ("tab_map", "tab_fairness", "tab_signal", "tab_method")


def show() -> None:
    """Draw the view."""
    opened = chosen_city()
    if not subjects(opened.city):
        st.info(say("hotspots.empty"))
        return
    top, side = st.columns([8.4, 3.6], gap="large")
    with side:
        share = chosen_share()
        asked, title = chosen_map(opened.city)
    arguments = (opened.path, opened.stamp, asked)
    with top:
        found = await_result(hotspots_of, *arguments, saying=say("hotspots.working"))
    caveats = stale(found.made_from, found.caveats)
    areas = found.incidents.areas
    chart = hotspot_map(found, city_key=opened.city.key, areas=areas, share=share)
    with top:
        parts = [opened.city.name, title, say("page.data_to", {"date": found.incidents.until})]
        st.html(markup.context_line(parts, tag=tag_of(found.synthetic)))
        st.html(markup.headline(chart.headline, caveats))
    tabs = st.tabs([say(f"hotspots.{name}") for name in TABS], key="tab", bind="query-params")
    for name, tab in zip(TABS, tabs, strict=True):
        if tab.open:
            with tab:
                if name == "tab_map":
                    hotspot_tabs.map_tab(found, chart, caveats, share=share)
                    if asked.congestion:
                        saying = say("hotspots.working")
                        delays = await_result(delays_of, *arguments[:2], asked.incidents, saying=saying)
                        hotspot_tabs.delays(delays, opened.city.series[asked.incidents].unit, areas)
                elif name == "tab_signal":
                    hotspot_tabs.signal_tab(found, caveats, city_key=opened.city.key, areas=areas)
                    if not asked.congestion:
                        scanned = await_result(lately_of, *arguments, saying=say("hotspots.scanning"))
                        hotspot_tabs.lately(scanned)
                elif name == "tab_method":
                    hotspot_tabs.method_tab(found, caveats)
                else:
                    audit = await_result(audit_of, *arguments, share, saying=say("hotspots.auditing"))
                    hotspot_tabs.fairness_tab(audit, stale(audit.made_from, audit.caveats))
