"""Sites chosen on a map: pointing at one opens or closes it in the option that is looked at."""

from __future__ import annotations

import streamlit as st

from analytics.scenarios import Choice, Question
from dashboard.figures.maps import sites_map
from dashboard.shell.cached import once
from dashboard.shell.moving import moving_map, seen_window
from dashboard.shell.panels import take
from dashboard.views.scenarios.choices import toggled
from dashboard.views.scenarios.draft import Draft
from dashboard.views.scenarios.drafts import Drafts
from dashboard.views.scenarios.options import teller
from dashboard.views.scenarios.work import Offer
from data import City, fingerprint_of
from data.words import say

__all__ = ["sites_panel"]


def sites_panel(drafts: Drafts, city: City, offer: Offer, question: Question) -> None:
    """The map of the sites that the question is about; nothing for a question about something else."""
    if question.subject != "sites":
        return
    draft, tables = drafts.present, city.of("sites")
    table = tables[draft.subject or next(iter(tables))]
    known = {str(each) for each in table.frame.index}
    lever = next((each for each in offer.levers if isinstance(each.kind, Choice)), None)
    if lever is None or not isinstance(lever.kind, Choice) or not set(lever.kind.candidates) <= known:
        return
    option = draft.option
    value = option.levers.get(lever.name)
    chosen = list(lever.kind.plain(lever.rest)) if value is None else list(value)
    tell = teller(drafts, lever, Draft.with_lever, scenario=option.name)

    def pointed(ids: tuple[str, ...]) -> None:
        if ids:
            tell(toggled(lever, value, ids))

    with st.expander(say("scenarios.on_map"), expanded=True):
        window = seen_window("sites")
        chart = once(sites_map, city, table, chosen=tuple(chosen), window=window)
        # The map of who gains has the keys. Another choice forgets what was pointed at.
        moving_map(
            chart, window, name="sites", keys=False, subtitle=chart.headline, tell=pointed,
            chosen=fingerprint_of((option.name, chosen))[:12],
        )  # fmt: skip
        take(chart)
