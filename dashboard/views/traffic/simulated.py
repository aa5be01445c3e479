"""What the simulator says of plans: as it is kept, or once somebody asks, driven while the rest of the page stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.errors import Cancelled
from analytics.requests import CheckRequest
from analytics.signals.checks import Check
from analytics.signals.simulation import find_sumo
from dashboard import markup
from dashboard.shell.session import forget, keep, recall
from dashboard.shell.waiting import await_result
from dashboard.views.traffic.signals_words import check_words
from dashboard.views.traffic.signals_work import check_of
from data import CivicastError
from data.words import say

__all__ = ["Late", "simulated"]

ASKED, STOPPED = "check-asked", "check-stopped"  # the request that somebody made, and the one that somebody stopped

Late = Callable[[], None]
"""Work that a page begins when all of it is drawn."""


def simulated(
    asked: CheckRequest, before: Check | None, *, takes: str, changes: bool
) -> tuple[Check | None, Late | None]:
    """What the simulator said; else a button that asks, or the place where work stands that the page begins at its end.

    Parameters
    ----------
    asked : what would be driven.
    before : what is kept of it.
    takes : the sentence that says what the driving takes.
    changes : whether the plans differ at all.

    Returns
    -------
    check, late
        What is known, and what is to be called last; each is None where there is none.
    """
    known = recall(_found(asked)) if before is None else before
    if known is not None:
        st.html(markup.paragraph(check_words(known)))
    elif find_sumo() is None:
        st.html(markup.paragraph(say("traffic.no_simulator")))
    elif not changes:
        st.html(markup.paragraph(say("traffic.nothing_to_check")))
    elif recall(ASKED) == asked:
        return None, partial(_drive, asked, st.container())
    else:
        stopped = recall(STOPPED) == asked
        st.html(markup.paragraph(say("traffic.check_stopped" if stopped else "traffic.not_checked")))
        st.button(say("traffic.check"), key="check", help=say(f"traffic.{takes}"), on_click=keep, args=(ASKED, asked))
    return known, None


def _drive(asked: CheckRequest, place: DeltaGenerator) -> None:
    """Wait for the simulator where the page left room, and draw the page anew with what it said, or that it was stopped."""
    with place:
        try:
            keep(_found(asked), await_result(check_of, asked, saying=say("traffic.checking")))
        except Cancelled:
            keep(STOPPED, asked)
        except CivicastError as error:
            forget(ASKED)
            st.error(markup.label(str(error)), icon=":material/info:")
            return
    forget(ASKED)
    st.rerun()


def _found(asked: CheckRequest) -> str:
    """Where a session has it, too: a workspace that cannot be written to keeps nothing."""
    return f"check-found-{asked.fingerprint}"
