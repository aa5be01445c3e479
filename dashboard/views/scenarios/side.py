"""The side of the page: everything that changes what is compared."""

from __future__ import annotations

import streamlit as st

from analytics.scenarios import Comparison
from analytics.scenarios.questions import CityQuestion
from dashboard.shell.controls import Opened
from dashboard.views.scenarios.drafts import Drafts
from dashboard.views.scenarios.files import file_panel
from dashboard.views.scenarios.options import option_panel
from dashboard.views.scenarios.propose import propose_panel, run_proposals
from dashboard.views.scenarios.terms import assumptions, region_panel, terms_panel
from dashboard.views.scenarios.work import Offer

__all__ = ["side"]


def side(drafts: Drafts, opened: Opened, offer: Offer, *, asked: CityQuestion, found: Comparison) -> None:
    """The option that is looked at, what is assumed for all, for whom, at what price, and plans; these may take long."""
    city = opened.city
    about = drafts.present.subject or asked.subjects[0]
    with st.container(key="levers"):
        option_panel(drafts, offer, fixed=getattr(city.of(asked.question.subject).get(about), "kept", ()))
        assumptions(drafts, offer)
        region_panel(drafts, city, offer, found)
        terms_panel(drafts, city, found)
        waiting = propose_panel(drafts, city, offer, opened.request)
        file_panel(drafts, city, offer)
        with waiting:
            run_proposals(drafts, city, offer)
