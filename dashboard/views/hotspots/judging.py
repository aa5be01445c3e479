"""What stands on Hotspots while past maps are judged: the map alone, said to be that."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.errors import HotspotError
from dashboard import markup
from dashboard.figures.maps import hotspot_map
from dashboard.shell.ageing import stale
from dashboard.shell.cached import once
from dashboard.shell.controls import Opened
from dashboard.shell.moving import seen_window
from dashboard.shell.panels import tag_of
from dashboard.shell.waiting import await_result
from dashboard.views.hotspots.controls import Chosen, chosen_place
from dashboard.views.hotspots.tabs import tab_until_judged
from dashboard.views.hotspots.words import in_context
from dashboard.views.hotspots.work import hotspots_of, unjudged_of
from data.words import say

__all__ = ["until_judged"]


def until_judged(opened: Opened, chosen: Chosen, *, share: float, story: DeltaGenerator, row: DeltaGenerator) -> None:
    """The map by itself, with the progress of the judging where its results will stand; then the page anew.

    Parameters
    ----------
    opened : the city.
    chosen : what is mapped.
    share : of the city that is looked at.
    story, row : where the headline stands, and the choices under it.
    """
    with story:
        try:
            first = await_result(unjudged_of, chosen.map, saying=say("hotspots.drawing"))
        except HotspotError:  # too short a history, or nothing that happened, which the map itself tells
            return
    caveats, areas = stale(first.made_from, first.caveats), first.incidents.areas
    area, place = chosen_place(areas, within=row)
    window = seen_window(of=area)
    shown = {"city_key": opened.city.key, "areas": areas, "share": share, "area_id": area, "caveats": caveats}
    chart = once(hotspot_map, first, **shown, city=opened.city, window=window)
    with story:
        parts = in_context(first, city=opened.city.name, title=chosen.title, area=place)
        st.html(markup.context_line(parts, tag=tag_of(first.synthetic)) + markup.headline(chart.headline, caveats))
        st.html(markup.paragraph(say("hotspots.first", {"method": first.method_title})))
    with tab_until_judged(chart, caveats, chosen=chosen, area=area, window=window):
        await_result(hotspots_of, chosen.map, saying=say("hotspots.working"))
    st.rerun()
