"""A saved study again with only what was known on a past day."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analytics.decisions import SavedStudy
from dashboard import markup
from dashboard.shell.controls import Opened
from dashboard.shell.panels import notes
from dashboard.shell.session import keep, recall
from dashboard.shell.waiting import await_result
from dashboard.views.decisions.briefing import outcome_rows
from dashboard.views.decisions.work import PastRequest, past_of
from data import CivicastError
from data.words import say

__all__ = ["past_panel"]

ASKED = "past-asked"


def past_panel(saved: SavedStudy, opened: Opened, *, today: pd.Timestamp) -> None:
    """A day to stand at, and what the study would have said then beside what came.

    Parameters
    ----------
    saved : the study.
    opened : the city.
    today : the latest day that can be chosen.
    """
    if saved.link:
        st.link_button(say("decisions.open_study"), saved.link, icon=":material/open_in_new:")
    st.html(markup.section(say("decisions.past"), say("decisions.past_sub")))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        day = st.date_input(
            say("decisions.past_day"),
            value=None,
            max_value=today.date(),
            key="past-day",
            format="YYYY-MM-DD",
            width=200,
        )
        if st.button(say("decisions.past_go"), disabled=day is None, key="past-go"):
            keep(ASKED, (saved.entry.digest, pd.Timestamp(str(day))))
    asked = recall(ASKED)
    if asked is None or asked[0] != saved.entry.digest:
        return
    try:
        found = await_result(
            past_of, PastRequest(opened.request, study=asked[0], day=asked[1]), saying=say("decisions.past_making")
        )
    except CivicastError as error:
        st.error(markup.label(str(error)), icon=":material/info:")
        return
    left, right = st.columns([8.4, 3.6], gap="large")
    with left:
        st.html(markup.statement(say("decisions.past_verdict", {"day": asked[1], "verdict": found.verdict})))
        st.html(markup.paragraph(say("decisions.past_now", {"verdict": saved.recipe.answer.verdict})))
        heads, rows = outcome_rows(found.outcomes)
        title = say("decisions.past_came", {"option": found.baseline})
        st.html(markup.section(title, say("decisions.past_came_sub", {"start": found.start})))
        st.html(markup.table(heads, rows, label=title))
        st.html(markup.source_line(say("decisions.past_source", {"receipt": found.receipt, "seed": found.seed})))
    with right:
        notes(found.caveats)
