"""Building options: up to three beside today, each with a name and the levers of its question; every step can be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from analytics.scenarios import Choice, Lever, Number, PerKey, Scenario, Schedule
from analytics.scenarios.amounts import SHARE
from dashboard import markup
from dashboard.shell.session import recall, show_as
from dashboard.views.scenarios.draft import Draft
from dashboard.views.scenarios.drafts import Drafts
from dashboard.views.scenarios.levers import lever_widget
from dashboard.views.scenarios.link import NAME_LENGTH, moved
from dashboard.views.scenarios.work import Offer
from data import CivicastError
from data.words import say

__all__ = ["begun", "option_panel", "teller"]

LETTERS = "ABC"
STARTING_SHARE = 0.05  # by which a lever in per cent moves in an option that nobody has set yet


def begun(draft: Draft, offer: Offer) -> Draft:
    """The draft with two options to begin with, where it has none: the first levers, each moved a little."""
    if draft.options:
        return draft
    first, last = offer.levers[0], offer.levers[-1]
    moves = [(first, 1), (first, 2) if last is first or isinstance(first.kind, Choice) else (last, -1)]
    for letter, (lever, way) in zip(LETTERS, moves, strict=False):
        value = _first_move(lever, way)
        name = say("scenarios.option", {"letter": letter})
        levers = {} if value is None else {lever.name: value}
        draft = draft.with_option(Scenario(name, levers=levers), taken=[say("scenarios.today")])
    return replace(draft, chosen=0)


def _first_move(lever: Lever, way: int) -> Any:
    """A value beside rest: one candidate more, one step, or a few per cent; None where that is out of bounds."""
    kind = lever.kind
    if isinstance(kind, Choice):
        rest = list(lever.kind.plain(lever.rest))
        others = [each for each in kind.candidates if each not in rest]
        value: Any = [*rest, *others[abs(way) - 1 : abs(way)]]
    elif lever.unit == SHARE:
        value = lever.kind.numbers(lever.rest)[0] + way * STARTING_SHARE
    elif isinstance(kind, Schedule):
        value = [each + way * (kind.step or 1.0) if each else each for each in kind.numbers(lever.rest)]
    else:
        assert isinstance(kind, Number | PerKey)
        value = kind.numbers(lever.rest)[0] + way * (kind.step or (kind.high - kind.low) / 10)
    try:
        return moved(lever, value, scenario="")
    except CivicastError:
        return None


def teller(
    drafts: Drafts, lever: Lever, become: Callable[[Draft, str, Any], Draft], *, scenario: str
) -> Callable[[Any], None]:
    """What a lever's widget tells its value to: another draft, or one sentence where the lever cannot hold it."""

    def tell(value: Any) -> None:
        try:
            new = become(drafts.present, lever.name, moved(lever, value, scenario=scenario))
        except CivicastError as error:
            drafts.complain(error)
        else:
            drafts.change(new)

    return tell


def option_panel(drafts: Drafts, offer: Offer, *, fixed: tuple[str, ...] = ()) -> None:
    """The option that is looked at: its name and levers, and what can be done with options."""
    draft = drafts.present
    option = draft.option
    st.html(markup.section(say("scenarios.levers_of", {"option": option.name})))
    _actions(drafts)
    for error in drafts.problems:
        st.error(markup.label(str(error)), icon=":material/info:")
    show_as("option-name", option.name)
    st.text_input(
        say("scenarios.name"), key="option-name", max_chars=NAME_LENGTH, on_change=_rename, args=(drafts, _taken())
    )
    for lever in offer.levers:
        lever_widget(
            lever,
            option.levers.get(lever.name),
            key=f"lever-{draft.question}-{lever.name}",
            tell=teller(drafts, lever, Draft.with_lever, scenario=option.name),
            names=offer.names.get(lever.name),
            fixed=fixed,
        )
    if option.rationale:
        st.html(markup.paragraph(option.rationale))


def _actions(drafts: Drafts) -> None:
    draft, history = drafts.present, drafts.history
    new = say("scenarios.option", {"letter": LETTERS[min(len(draft.options), len(LETTERS) - 1)]})
    copy = replace(draft.option, name=say("scenarios.copy", {"option": draft.option.name})[:NAME_LENGTH])
    added, copied = (draft.with_option(each, taken=_taken()) for each in (Scenario(new), copy))

    def act(name: str, icon: str, does: Callable[[], None], *, off: bool) -> None:
        st.button(
            say(f"scenarios.{name}"),
            icon=f":material/{icon}:",
            key=f"option-{name}",
            type="tertiary",
            on_click=does,
            disabled=off,
        )

    with st.container(key="actions", horizontal=True, gap="small"):
        act("undo", "undo", drafts.undo, off=not history.past)
        act("redo", "redo", drafts.redo, off=not history.future)
        act("add", "add", lambda: drafts.change(added), off=draft.full)
        act("duplicate", "content_copy", lambda: drafts.change(copied), off=draft.full)
        act("remove", "delete", lambda: drafts.change(draft.without_option()), off=len(draft.options) < 2)


def _rename(drafts: Drafts, taken: list[str]) -> None:
    draft = drafts.present
    name = str(recall("option-name")).strip()
    if name:
        drafts.change(draft.with_changed(replace(draft.option, name=name), taken=taken))


def _taken() -> list[str]:
    return [say("scenarios.today")]
