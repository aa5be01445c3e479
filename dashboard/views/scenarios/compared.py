"""The comparison itself: run while the page waits, the earlier one kept where it cannot be, and drawn beside its notes."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analytics.requests import CityRequest, ComparisonRequest
from analytics.results import Caveat
from analytics.scenarios import Comparison, Scenario
from dashboard import markup
from dashboard.figures.chart import Chart
from dashboard.figures.charts import difference_charts
from dashboard.figures.palette import option_looks
from dashboard.shell.panels import await_result, downloads, figure, notes
from dashboard.shell.session import keep, recall, show_as
from dashboard.views.scenarios.draft import Draft, terms_of
from dashboard.views.scenarios.drafts import Drafts
from dashboard.views.scenarios.work import Offer, comparison_of
from data import City, CivicastError
from data.words import say

__all__ = ["compared", "differences", "notes_and_files"]

SEED = 1
CHOSEN, AGAINST = "chosen", "against"


def compared(drafts: Drafts, city: City, offer: Offer, request: CityRequest) -> Comparison:
    """The comparison of the draft; where it cannot be made, the earlier one, and what was wrong is told above the levers."""
    draft, last = drafts.present, f"scenarios-last-{city.key}"
    picked = say("scenarios.picked", {"n": len(draft.areas)})
    asked = ComparisonRequest(
        request,
        scenarios=(Scenario(say("scenarios.today")), *draft.options),
        question=draft.question,
        subject=draft.subject or None,
        terms=terms_of(draft, city, layer=offer.layer, picked=picked),
        seed=SEED,
    )
    try:
        found = await_result(comparison_of, asked, saying=say("scenarios.working"))
    except CivicastError as error:
        earlier: ComparisonRequest | None = recall(last)
        if earlier is None or earlier == asked:
            raise
        drafts.complain(error)
        return await_result(comparison_of, earlier, saying=say("scenarios.working"))
    keep(last, asked)
    return found


def differences(found: Comparison, drafts: Drafts) -> tuple[str, tuple[Chart, ...]]:
    """Each measure of each option against today or another option, and whose levers are looked at.

    Returns
    -------
    chosen : the name of the option that is looked at.
    charts : its differences, drawn for a wide page.
    """
    names = [each.name for each in found.scenarios if each.name != found.baseline]
    draft = drafts.present
    index = min(draft.chosen, len(names) - 1)
    with st.container(key="compared-head", horizontal=True, vertical_alignment="center"):
        st.html(markup.section(say("scenarios.compared", {"baseline": found.baseline})))
        _choose(drafts, draft, names, found)
    charts = difference_charts(found, chosen=names[index])
    for chart in charts:
        figure(chart, title=False)
    return names[index], charts


def _choose(drafts: Drafts, draft: Draft, names: list[str], found: Comparison) -> None:
    looks = option_looks([each.name for each in found.scenarios], baseline=found.baseline)
    show_as(CHOSEN, min(draft.chosen, len(names) - 1))
    st.segmented_control(
        say("scenarios.look_at"),
        list(range(len(names))),
        key=CHOSEN,
        required=True,
        label_visibility="collapsed",
        format_func=lambda each: f"{markup.SHAPES[looks[names[each]].shape]} {markup.label(names[each])}",
        on_change=lambda: drafts.change(replace(drafts.present, chosen=recall(CHOSEN), against=None), step=False),
    )


def notes_and_files(caveats: tuple[Caveat, ...], charts: tuple[Chart, ...]) -> None:
    """What this cannot tell, and every figure as a file with that inside."""
    notes(caveats)
    with st.popover(say("page.export"), icon=":material/download:"):
        for chart in charts:
            st.html(markup.section(chart.title, chart.headline))
            downloads(chart)
