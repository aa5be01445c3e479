"""What can be done with a decision that is recorded: sign it, look at it again, take it along, open what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import streamlit as st

from analytics.decisions import Outcome, Recorded, Role, review, sign
from dashboard import markup
from dashboard.shell.panels import take_along
from dashboard.views.decisions.briefing import decision_briefing, decision_json
from data import City, CivicastError
from data.store.records import Records
from data.words import say

__all__ = ["acting"]


def acting(recorded: Recorded, book: Records, *, city: City, outcomes: Sequence[Outcome], today: date) -> None:
    """The side of a decision.

    Parameters
    ----------
    recorded : the decision.
    book : the records that it stands in.
    city : whose it is.
    outcomes : of its promises.
    today : reminds where a review is due.
    """
    due = recorded.due(today)
    if due is not None:
        st.warning(markup.label(say("decisions.due", {"date": due})), icon=":material/event:")
    if recorded.decision.link:
        st.link_button(say("decisions.open_evidence"), recorded.decision.link, icon=":material/open_in_new:")
    with st.popover(say("decisions.sign"), icon=":material/draw:"), st.form("sign", border=False):
        name = st.text_input(say("decide.name"), max_chars=200)
        role = st.selectbox(
            say("decide.role"),
            [each.value for each in Role],
            index=None,
            placeholder=say("decide.role_hint"),
            format_func=lambda each: say(f"roles.{each}"),
        )
        if st.form_submit_button(say("decisions.sign_now"), type="primary"):
            _done(lambda: sign(book, recorded, name=name, role=role or ""))
    with st.popover(say("decisions.review"), icon=":material/rate_review:"), st.form("review", border=False):
        note = st.text_area(say("decisions.review_note"), max_chars=20_000)
        name = st.text_input(say("decide.author"), max_chars=200)
        if st.form_submit_button(say("decisions.review_now"), type="primary"):
            _done(lambda: review(book, recorded, name=name, note=note))
    st.download_button(
        say("decisions.json"),
        data=decision_json(recorded),
        file_name=f"decision-{recorded.entry.number}-{recorded.entry.digest[:8]}.json",
        mime="application/json",
        key="decision-json",
        on_click="ignore",
        icon=":material/download:",
    )
    take_along(decision_briefing, recorded, city=city, outcomes=tuple(outcomes))


def _done(record: Callable[[], object]) -> None:
    """Record, and draw the page anew; what is refused is told, and what was typed stays."""
    try:
        record()
    except CivicastError as error:
        st.error(markup.label(str(error)), icon=":material/info:")
    else:
        st.rerun()
