"""The terms: what is assumed for all options alike, for which areas, within which budget, and what is worth how much."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from analytics.scenarios import Comparison
from analytics.scenarios.amounts import SHARE
from analytics.scenarios.prices import COST
from dashboard import markup
from dashboard.shell.session import recall, show_as
from dashboard.views.scenarios.draft import Draft
from dashboard.views.scenarios.drafts import Drafts
from dashboard.views.scenarios.levers import lever_widget
from dashboard.views.scenarios.link import MOST_RATE, MOST_YEARS
from dashboard.views.scenarios.options import teller
from dashboard.views.scenarios.work import Offer
from data import City
from data.words import say

__all__ = ["assumptions", "region_panel", "terms_panel"]


def assumptions(drafts: Drafts, offer: Offer) -> None:
    """What we assume for all options, today included: growth, prices, weather."""
    if not offer.circumstances:
        return
    draft = drafts.present
    with st.expander(say("scenarios.assumed"), expanded=bool(draft.circumstances)):
        for lever in offer.circumstances:
            lever_widget(
                lever,
                draft.circumstances.get(lever.name),
                key=f"assumed-{draft.question}-{lever.name}",
                tell=teller(drafts, lever, Draft.with_circumstance, scenario=say("scenarios.assumed")),
                names=offer.names.get(lever.name),
            )


def region_panel(drafts: Drafts, city: City, offer: Offer, found: Comparison) -> None:
    """For which areas the comparison is told: all, a region that the city names, or areas picked by name."""
    if not offer.layer or not found.by_area:
        return
    draft, regions = drafts.present, city.of("regions")
    names = city.areas[offer.layer].frame["name"].astype(str)
    with st.expander(say("scenarios.region"), expanded=bool(draft.region or draft.areas)):
        if regions:
            show_as("terms-region", draft.region)
            st.selectbox(
                say("scenarios.region_named"),
                ["", *regions],
                key="terms-region",
                format_func=lambda each: regions[each].title if each else say("page.whole_city"),
                on_change=lambda: drafts.change(replace(draft, region=recall("terms-region"), areas=())),
            )
        show_as("terms-areas", list(draft.areas))
        st.multiselect(
            say("scenarios.region_picked"),
            [str(each) for each in names.sort_values().index],
            key="terms-areas",
            format_func=lambda each: names.get(each, each),
            placeholder=say("scenarios.pick"),
            on_change=lambda: drafts.change(replace(draft, areas=tuple(recall("terms-areas")), region="")),
        )


def terms_panel(drafts: Drafts, city: City, found: Comparison) -> None:
    """Budget, discount rate, years and the worth of an outcome; only where the city states costs."""
    if not city.of("costs"):
        return
    draft, currency = drafts.present, city.currency
    with st.expander(say("scenarios.money")):
        _typed(drafts, "budget", say("scenarios.budget", {"currency": currency}), draft.budget, lambda each: each)
        rate = round(100 * draft.discount_rate, 6)
        _typed(drafts, "discount_rate", say("scenarios.rate"), rate, lambda each: each / 100, most=100 * MOST_RATE)
        _typed(
            drafts, "appraisal_years", say("scenarios.years"), draft.appraisal_years, lambda each: each, most=MOST_YEARS
        )
        st.html(markup.paragraph(say("scenarios.worth_about")))
        for measure in _valued(found):
            code = "scenarios.worth_share" if measure.unit == SHARE else "scenarios.worth"
            label = say(code, {"currency": currency, "unit": measure.unit, "measure": measure.title})

            def become(new: Any, name: str = measure.name) -> Draft:
                others = {key: each for key, each in draft.worth.items() if key != name}
                return replace(draft, worth=others if not new else others | {name: float(new)})

            _number(drafts, f"worth-{measure.name}", label, draft.worth.get(measure.name), become)


def _valued(found: Comparison) -> Sequence[Any]:
    """The measures that can be worth something: where more or less is better, and that are no money themselves."""
    return [each for each in found.measures if each.direction != "neutral" and not each.money and each.name != COST]


def _typed(
    drafts: Drafts,
    name: str,
    label: str,
    now: float | None,
    read: Callable[[float], float],
    *,
    most: float | None = None,
) -> None:
    def become(new: Any) -> Draft:
        value: Any = getattr(Draft(""), name) if new is None else read(new)
        changes: dict[str, Any] = {name: value}
        return replace(drafts.present, **changes)

    _number(drafts, name, label, now, become, most=most)


def _number(
    drafts: Drafts,
    name: str,
    label: str,
    now: float | None,
    become: Callable[[Any], Draft],
    *,
    most: float | None = None,
) -> None:
    whole = isinstance(now, int)
    key = f"terms-{name}"
    show_as(key, now)
    st.number_input(
        markup.label(label),
        min_value=1 if whole else 0.0,
        max_value=None if most is None else int(most) if whole else float(most),
        value=None,
        step=1 if whole else None,
        key=key,
        placeholder=say("scenarios.not_stated"),
        on_change=lambda: drafts.change(become(recall(key))),
    )
