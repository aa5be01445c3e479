"""Where do incidents concentrate, and would past maps have caught what came?"""

from __future__ import annotations

import streamlit as st

from dashboard import markup
from dashboard.charts import capture_chart
from dashboard.controls import chosen_city, chosen_day, chosen_name, chosen_share
from dashboard.maps import hotspot_map
from dashboard.panels import WORDS, await_result, downloads, figure, stale
from dashboard.tables import flagged_rows, method_rows
from dashboard.work import hotspots_of

HORIZON_DAYS = 28


def show() -> None:
    """Draw the view."""
    opened = chosen_city()
    if not opened.city.incidents:
        st.info(WORDS.sentence("hotspots.empty"))
        return
    # What the police start themselves is never the first that a person sees.
    kinds = dict(sorted(opened.city.incidents.items(), key=lambda pair: bool(pair[1].police_initiated)))
    top, side = st.columns([8.4, 3.6], gap="large")
    with side:
        titles = {
            key: WORDS.sentence("hotspots.by_police", {"title": each.title}) if each.police_initiated else each.title
            for key, each in kinds.items()
        }
        name = chosen_name(WORDS.sentence("page.incidents"), titles, key="incidents")
        incidents = kinds[name]
        share = chosen_share()
        first = incidents.since + (incidents.until - incidents.since) / 2
        as_of = chosen_day(
            WORDS.sentence("page.as_known"),
            first=first,
            last=incidents.until,
            key="as_of",
            help=WORDS.sentence("page.as_known_help"),
        )
    with top:
        found = await_result(
            hotspots_of, opened.path, opened.stamp, name, as_of, HORIZON_DAYS, saying=WORDS.sentence("hotspots.working")
        )
    caveats = stale(found.made_from, found.caveats)
    chart = hotspot_map(found, city_key=opened.city.key, areas=incidents.areas, share=share)
    with top:
        parts = [opened.city.name, titles[name], WORDS.sentence("page.data_to", {"date": found.as_of})]
        st.html(markup.context_line(parts, tag=WORDS.sentence("labels.synthetic") if found.synthetic else ""))
        st.html(markup.headline(chart.headline, caveats))
    left, middle, right = st.columns([4.9, 3.9, 3.2], gap="large")
    with left:
        figure(chart)
    with middle:
        figure(capture_chart(found, share=share))
    with right:
        st.html(markup.margin_notes(caveats))
        downloads(chart)
        st.html(markup.section(WORDS.sentence("hotspots.where")))
        st.html(markup.table(*flagged_rows(found, share=share), right=(1, 2), label=WORDS.sentence("hotspots.where")))
    st.html(markup.section(WORDS.sentence("hotspots.methods"), WORDS.sentence("hotspots.methods_sub")))
    st.html(markup.table(*method_rows(found), right=(1, 2, 3, 4), label=WORDS.sentence("hotspots.methods")))
