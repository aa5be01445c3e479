"""The comparison itself: run while the page waits, the earlier one kept where it cannot be, and drawn beside its notes."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analytics.requests import ComparisonRequest
from analytics.results import Caveat
from analytics.scenarios import Comparison
from dashboard import markup
from dashboard.figures.chart import Chart
from dashboard.figures.charts import difference_charts
from dashboard.figures.palette import option_looks
from dashboard.shell.ageing import stale
from dashboard.shell.cached import once
from dashboard.shell.explain import explain
from dashboard.shell.panels import figures, files, notes
from dashboard.shell.popovers import on_opening
from dashboard.shell.rooms import fitting
from dashboard.shell.session import keep, recall, show_as
from dashboard.shell.waiting import await_result
from dashboard.views.scenarios.draft import Draft
from dashboard.views.scenarios.drafts import Drafts
from dashboard.views.scenarios.opening import asked_of, first_comparison
from dashboard.views.scenarios.words import telling
from dashboard.views.scenarios.work import Offer, OfferRequest, comparison_of
from data import City, CivicastError
from data.words import say

__all__ = ["aged", "asked_last", "compared", "differences", "notes_and_files"]

CHOSEN, AGAINST = "chosen", "against"
TODAY = -1  # what is measured against, where it is no option


def compared(drafts: Drafts, city: City, offer: Offer, wanted: OfferRequest) -> Comparison:
    """The comparison of the draft; where it cannot be made, the earlier one, and what was wrong is told above the levers."""
    draft, last = drafts.present, _last(city)
    asked, first = asked_of(draft, city, offer, wanted.city), first_comparison(city, wanted, offer)
    try:
        # As long as nobody has chosen anything it is the work that is begun beforehand, and kept.
        found = await_result(comparison_of, first if asked == first.asked else asked, saying=say("scenarios.working"))
    except CivicastError as error:
        earlier: ComparisonRequest | None = recall(last)
        if earlier is None or earlier == asked:
            raise
        drafts.complain(error)
        return _here(await_result(comparison_of, earlier, saying=say("scenarios.working")), city)
    keep(last, asked)
    return _here(found, city)


def _here(found: Comparison, city: City) -> Comparison:
    """A comparison from a worker, with the city as the page has it open."""
    return once(Comparison.of_city, found, city)


def asked_last(city: City) -> ComparisonRequest:
    """What the comparison that is shown answers."""
    asked: ComparisonRequest = recall(_last(city))
    return asked


def _last(city: City) -> str:
    return f"scenarios-last-{city.key}"


def aged(found: Comparison) -> Comparison:
    """The comparison as it is told: with the age of its data, so that figures and files number notes as the page does."""
    return once(_with_caveats, found, stale(found.made_from, found.caveats))


def _with_caveats(found: Comparison, caveats: tuple[Caveat, ...]) -> Comparison:
    return replace(found, caveats=caveats)


def differences(found: Comparison, drafts: Drafts) -> tuple[str, str, tuple[Chart, ...]]:
    """Each measure of each option against today or another option, and whose levers are looked at.

    Returns
    -------
    chosen, against : the names of the option that is looked at and of what it is measured against.
    charts : its differences, drawn for a wide page.
    """
    names = [each.name for each in found.scenarios if each.name != found.baseline]
    draft = drafts.present
    index = min(draft.chosen, len(names) - 1)
    others = [each for each in range(len(names)) if each != index]
    against = found.baseline if draft.against not in others else names[draft.against]
    with st.container(key="compared-head", horizontal=True, vertical_alignment="center", gap="small"):
        if others:
            st.html(markup.section(say("scenarios.compared_with")), width="content")
            _measure_against(drafts, names, others, found.baseline)
        else:
            st.html(markup.section(say("scenarios.compared", {"baseline": against})))
        _choose(drafts, draft, names, found)
    shown, unchanged = once(telling, found)
    other = "" if against == found.baseline else against

    def charts(narrow: bool) -> tuple[Chart, ...]:
        return once(difference_charts, shown, chosen=names[index], against=other, narrow=narrow)

    fitting("differences", lambda narrow: figures(charts(narrow)))
    if unchanged:
        st.html(markup.source_line(say("scenarios.unchanged", {"measures": unchanged})))
    return names[index], against, charts(False)


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


def _measure_against(drafts: Drafts, names: list[str], others: list[int], baseline: str) -> None:
    now = drafts.present.against
    show_as(AGAINST, now if now in others else TODAY)
    st.selectbox(
        say("scenarios.against"),
        [TODAY, *others],
        key=AGAINST,
        width=170,
        label_visibility="collapsed",
        format_func=lambda each: baseline if each == TODAY else names[each],
        on_change=lambda: drafts.change(
            replace(drafts.present, against=None if recall(AGAINST) == TODAY else recall(AGAINST)), step=False
        ),
    )


def notes_and_files(caveats: tuple[Caveat, ...], charts: tuple[Chart, ...]) -> None:
    """What this cannot tell, and every figure as a file with that inside."""
    notes(caveats)

    def draw() -> None:
        for chart in charts:
            st.html(markup.section(chart.title, chart.headline))
            explain(chart)
            files(chart)

    on_opening("page.export", draw, icon=":material/download:", key="take-differences")
