"""The question first: what is being decided, about which of the city's tables, and what cannot be answered yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from analytics.scenarios.questions import CityQuestion
from dashboard import markup
from dashboard.errors import DashboardError
from dashboard.shell.session import keep, link, linked, recall, show_as
from dashboard.views.scenarios.answerable import subjects_of
from dashboard.views.scenarios.draft import Draft
from dashboard.views.scenarios.drafts import Drafts
from data import City
from data.words import say, text

__all__ = ["QUESTION", "SUBJECT", "choose_question"]

BESIDE = 4  # questions that one row of a page of 1,440 holds
LISTED = "questions"  # the key of the list of more
QUESTION, SUBJECT = "question", "subject"  # keys of the widgets, and what the link calls them


def choose_question(
    city: City, asked: Sequence[CityQuestion], known: Mapping[str, CityQuestion], drafts: Drafts
) -> CityQuestion:
    """The question that is decided; a person chooses it, and the table that it is about where there are several."""
    if not drafts.started:
        drafts.start(_first(city, known, drafts))
    draft = drafts.present
    chosen = known[draft.question]
    with st.container(key="asking", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _choose(known, draft.question, drafts)
            _choose_subject(city, chosen, drafts)
        lacking = [each for each in asked if not each.answerable]
        if lacking:
            rows = [(text(each.question.title), [text(why) for why in each.missing]) for each in lacking]
            st.html(markup.details(say("scenarios.lacking", {"n": len(rows)}), rows))
    link(QUESTION, draft.question)
    link(SUBJECT, draft.subject)
    return chosen


def _choose(known: Mapping[str, CityQuestion], question: str, drafts: Drafts) -> None:
    """The questions side by side where one row holds them, else the chosen one as a button that opens the list."""
    titles = {name: markup.label(text(each.question.title)) for name, each in known.items()}
    about: dict[str, Any] = {
        "options": list(known),
        "key": QUESTION,
        "format_func": lambda name: titles.get(name, name),
        "on_change": lambda: _ask(recall(QUESTION), "", drafts),
    }
    if len(known) <= BESIDE:
        show_as(QUESTION, question)
        st.segmented_control(say("scenarios.question"), **about, required=True, wrap=True, label_visibility="collapsed")
        return
    with st.popover(markup.label(text(known[question].question.title)), key=LISTED, on_change="rerun") as opened:
        if opened.open:
            show_as(QUESTION, question)
            st.radio(markup.label(say("scenarios.questions", {"n": len(known)})), **about)


def _choose_subject(city: City, asked: CityQuestion, drafts: Drafts) -> None:
    """The table that the question is about, where the city has several."""
    draft, subjects = drafts.present, subjects_of(city, asked)
    if len(subjects) < 2:
        return
    tables = city.of(asked.question.subject)
    show_as(SUBJECT, draft.subject or subjects[0])
    st.selectbox(
        say("scenarios.subject"),
        subjects,
        key=SUBJECT,
        label_visibility="collapsed",
        width=260,
        format_func=lambda name: tables[name].title if name in tables else name,
        on_change=lambda: _ask(draft.question, recall(SUBJECT), drafts),
    )


def _ask(question: str, subject: str, drafts: Drafts) -> None:
    """Go on with another question, and close the list that it was chosen from."""
    if recall(LISTED):
        keep(LISTED, False)
    drafts.change(drafts.earlier(question, subject) or Draft(question, subject))


def _first(city: City, known: Mapping[str, CityQuestion], drafts: Drafts) -> Draft:
    """What the link asks, as far as this city can answer it."""
    usual = next(iter(known))
    draft = drafts.from_link() or Draft(linked(QUESTION) or usual, linked(SUBJECT))
    if draft.question not in known:
        drafts.complain(DashboardError("no_question_here", name=draft.question, names=list(known)))
        return Draft(usual)
    if draft.subject and draft.subject not in subjects_of(city, known[draft.question]):
        drafts.complain(DashboardError("no_subject_here", name=draft.subject))
        return Draft(draft.question)
    return draft
