"""What was decided, by whom and why, and did it bring what it promised?"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from analytics.decisions import decisions_of, studies_of
from dashboard import markup
from dashboard.shell.controls import chosen_city, chosen_tab
from dashboard.shell.panels import tag_of
from dashboard.shell.waiting import await_result
from dashboard.views.decisions.sections import Shown, decisions, promises, records, studies
from dashboard.views.decisions.words import finding, statement
from dashboard.views.decisions.work import TrackRequest, tracked_of
from data.store.records import open_records
from data.words import say

TABS: dict[str, Callable[[Shown], None]] = {
    "decisions": decisions,
    "promises": promises,
    "studies": studies,
    "records": records,
}


def show() -> None:
    """Draw the view."""
    opened = chosen_city()
    city, book = opened.city, open_records()
    recorded, saved = decisions_of(book, city=city.key), studies_of(book, city=city.key)
    today = pd.Timestamp.now().date()
    parts = [city.name, say("decisions.title"), say("decisions.newest", {"date": city.as_of.date()})]
    st.html(markup.context_line(parts, tag=tag_of(city.synthetic)))
    st.html(markup.headline(finding(recorded, today=today)))
    place = st.empty()
    if not recorded and not saved:
        st.info(say("decisions.empty"), icon=":material/info:")
    wanted = TrackRequest(opened.request, last=recorded[0].entry.digest if recorded else "")
    tracked = await_result(tracked_of, wanted, saying=say("decisions.tracking"))
    place.html(markup.statement(statement(tracked)))
    name, tab = chosen_tab({each: say(f"decisions.tab_{each}") for each in TABS}, key="tab")
    with tab:
        TABS[name](Shown(opened, book, recorded, saved, tracked, today))
