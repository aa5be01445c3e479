"""Plans that an engine proposes, and that become options which say how they were found."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.equity import group_label
from analytics.requests import CityRequest, SuggestRequest
from analytics.scenarios import Ask, Scenario, Suggestion, Suggestions
from dashboard import markup
from dashboard.shell.session import forget, keep, recall
from dashboard.shell.waiting import await_result
from dashboard.views.scenarios.draft import Draft, terms_of
from dashboard.views.scenarios.drafts import Drafts
from dashboard.views.scenarios.link import checked
from dashboard.views.scenarios.work import Offer, suggestions_of
from data import City, CivicastError
from data.words import say, text

__all__ = ["propose_panel", "run_proposals"]

ASKED, FOUND = "scenarios-proposing", "scenarios-proposed"
MOST_SIZE = 50
NEAR_TIES = 5  # listed of a plan


@dataclass(frozen=True)
class _Proposed:
    """What was found for a question, and the draft's subject that it fits."""

    question: str
    subject: str
    found: Suggestions


def propose_panel(drafts: Drafts, city: City, offer: Offer, request: CityRequest) -> DeltaGenerator:
    """What is wanted of a plan, the button that looks for one, and the plans that were found; gives where to wait for them."""
    if not offer.objectives:
        return st.container()
    draft = drafts.present
    with st.expander(say("scenarios.propose"), icon=":material/lightbulb:", expanded=_of(draft) is not None):
        titles = {each.name: text(each.title) for each in offer.objectives}
        objective = st.selectbox(
            say("scenarios.objective"),
            list(titles),
            key="propose-objective",
            format_func=lambda each: titles.get(each, each),
        )
        size = st.number_input(
            say("scenarios.size"),
            1,
            MOST_SIZE,
            None,
            step=1,
            key="propose-size",
            placeholder=say("scenarios.not_stated"),
        )
        weighed = any(each.by_need for each in offer.objectives if each.name == objective)
        groups = list(city.areas[offer.layer].groups) if offer.layer and weighed else []
        group = ""
        if groups:
            labels = {"": say("scenarios.everyone"), **{each: text(group_label(each)) for each in groups}}
            group = st.selectbox(
                say("scenarios.need"),
                list(labels),
                key="propose-group",
                format_func=lambda each: labels.get(each, each),
            )
        region = terms_of(draft, city, layer=offer.layer).region
        ask = Ask(
            objective=objective or "", budget=draft.budget, group=group or "", size=None if size is None else int(size)
        )
        wanted = SuggestRequest(request, question=draft.question, ask=ask, subject=draft.subject or None, region=region)
        st.button(
            say("scenarios.propose_now"), key="propose", type="primary", on_click=keep, args=(ASKED, wanted),
            disabled=draft.full, help=say("scenarios.no_room") if draft.full else None,
        )  # fmt: skip
        waiting = st.container()
        _found(drafts, city, offer)
    return waiting


def run_proposals(drafts: Drafts, city: City, offer: Offer) -> None:
    """Look for the plans that were asked for, with progress and a button that stops it, and add the best as an option."""
    wanted = recall(ASKED)
    if wanted is None:
        return
    forget(ASKED)
    try:
        found = await_result(suggestions_of, wanted, saying=say("scenarios.proposing"))
        if not found.suggestions:
            return
        option = _fitting(drafts.present, city, offer, _as_option(found.suggestions[0]))
        draft = drafts.present.with_option(option, taken=[say("scenarios.today")])
    except CivicastError as error:
        drafts.complain(error)
    else:
        drafts.change(draft)
        keep(FOUND, _Proposed(draft.question, draft.subject, found))
    st.rerun()


def _fitting(draft: Draft, city: City, offer: Offer, option: Scenario) -> Scenario:
    """The option as the levers on offer can hold it; raises why they cannot."""
    fitting, problems = checked(replace(draft, options=(option,), chosen=0), city, offer)
    if problems:
        raise problems[0]
    return fitting.options[0]


def _as_option(found: Suggestion, scenario: Scenario | None = None) -> Scenario:
    """A plan, or one that is about as good, as an option that says how it was found."""
    plan = scenario or found.scenario
    return replace(plan, name=text(plan.name), rationale=text(found.found_by))


def _of(draft: Draft) -> _Proposed | None:
    proposed: _Proposed | None = recall(FOUND)
    fits = proposed is not None and (proposed.question, proposed.subject) == (draft.question, draft.subject)
    return proposed if fits else None


def _found(drafts: Drafts, city: City, offer: Offer) -> None:
    proposed, draft = _of(drafts.present), drafts.present
    if proposed is None:
        return
    for number, plan in enumerate(proposed.found.suggestions):
        mark = say("scenarios.cheapest_plan") if plan.cheapest else ""
        st.html(markup.paragraph(f"{text(plan.scenario.name)}. {text(plan.found_by)} {mark}".strip()))
        there = next((each.name for each in draft.options if _same(each, plan.scenario)), None)
        if there is None:
            _button(
                drafts,
                city,
                offer,
                _as_option(plan),
                key=f"plan-{number}",
                label=say("scenarios.add_plan"),
                off=draft.full,
            )
        else:
            st.html(markup.source_line(say("scenarios.plan_there", {"option": there})))
        if plan.near_ties:
            st.html(markup.paragraph(say("scenarios.near_ties", {"n": len(plan.near_ties)})))
        for index, tie in enumerate(plan.near_ties[:NEAR_TIES]):
            name = say("scenarios.instead", {"option": tie.name})
            _button(drafts, city, offer, _as_option(plan, tie), key=f"tie-{number}-{index}", label=name, instead=plan)


def _button(
    drafts: Drafts, city: City, offer: Offer, option: Scenario, *, key: str, label: str, off: bool = False,
    instead: Suggestion | None = None,
) -> None:  # fmt: skip
    """Add a plan; ``instead`` of another that stands among the options."""
    draft = drafts.present
    places = [index for index, each in enumerate(draft.options) if instead and _same(each, instead.scenario)]
    taken = [say("scenarios.today")]

    def add() -> None:
        try:
            fitting = _fitting(draft, city, offer, option)
        except CivicastError as error:
            drafts.complain(error)
            return
        if places:
            drafts.change(replace(draft, chosen=places[0]).with_changed(fitting, taken=taken))
        else:
            drafts.change(draft.with_option(fitting, taken=taken))

    off = off or (draft.full and not places)
    st.button(
        markup.label(label), key=key, type="tertiary", on_click=add, disabled=off,
        help=say("scenarios.no_room") if off else None,
    )  # fmt: skip


def _same(option: Scenario, plan: Scenario) -> bool:
    """Whether an option is a plan as it was proposed, whatever it is called now."""
    return {key: sorted(map(str, _listed(each))) for key, each in option.levers.items()} == {
        key: sorted(map(str, _listed(each))) for key, each in plan.levers.items()
    }


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]
