"""The option that a link from Scenarios brings along, and the way back to it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analytics.scenarios import Scenario
from dashboard import markup
from dashboard.errors import DashboardError
from dashboard.shell.controls import link_to
from dashboard.shell.session import linked
from dashboard.views.scenarios.draft import Draft
from dashboard.views.scenarios.link import from_link
from data.words import say

__all__ = ["back", "linked_draft", "scenarios_of"]

PLAN = "plan"  # what a link calls a draft, here as in Scenarios


def linked_draft() -> Draft | None:
    """The draft that the link holds; None where it holds none, or one that cannot be read, which is told."""
    if not linked(PLAN):
        return None
    try:
        draft = from_link(linked(PLAN))
    except DashboardError as error:
        st.warning(markup.label(str(error)), icon=":material/link_off:")
        return None
    return draft if draft.options else None


def scenarios_of(draft: Draft | None) -> tuple[Scenario, Scenario | None]:
    """What today and the option are: what is assumed for all options is assumed for both.

    Parameters
    ----------
    draft : from Scenarios; None where somebody came without.

    Returns
    -------
    today, option
        The option is None where there is none.
    """
    if draft is None:
        return Scenario(""), None
    assumed = dict(draft.circumstances)
    return Scenario("", levers=assumed), replace(draft.option, levers={**assumed, **draft.option.levers})


def back() -> None:
    """A button to the comparison that the link came from; nothing where it came from none."""
    if linked(PLAN):
        st.link_button(say("traffic.back"), link_to("scenarios", plan=linked(PLAN)), icon=":material/arrow_back:")
