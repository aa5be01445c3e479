"""Recording a decision from a comparison, and keeping the comparison as a study."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from analytics.decisions import (
    NOT_YET,
    Attachment,
    Decision,
    Role,
    advice_of,
    decide,
    decisions_of,
    limits_of,
    promises_of,
    save_study,
)
from analytics.recipes import Recipe, recipe_of
from analytics.results import Caveat
from analytics.scenarios import Comparison
from analytics.scenarios.questions import question_named
from dashboard import markup
from dashboard.shell.controls import link_to
from dashboard.shell.session import forget, keep, page_link, recall, show_as
from dashboard.views.scenarios.compared import asked_last
from data import City, CivicastError
from data.store.records import Records, open_records
from data.words import say, text

__all__ = ["decide_panel"]

DONE = "decided"
PROBLEM = "decision-problem"
TYPED = "decision-typed"  # what is typed is kept when the dialog is closed by mistake
ATTACHED = ("expert_review", "hearing")
LONGEST = 20_000


def decide_panel(found: Comparison, city: City, *, chosen: str, caveats: tuple[Caveat, ...]) -> None:
    """The buttons under the notes: record a decision, keep the study.

    Parameters
    ----------
    found : the comparison that is shown.
    city : whose it is.
    chosen : the option that is looked at, which the dialog opens with.
    caveats : of the comparison and of the age of its data, as they are numbered on the page.
    """
    with st.container(horizontal=True, gap="small", key="decide"):
        if st.button(say("decide.button"), type="primary", icon=":material/gavel:", key="decide-open"):
            forget(DONE)
            forget(PROBLEM)
            show_as("decision-choice", chosen)
            _dialog(found, city, caveats=caveats)
        with st.popover(say("decide.keep"), icon=":material/bookmark_add:", key="study-keep"):
            _keep_study(found, city)


def _dialog(found: Comparison, city: City, *, caveats: tuple[Caveat, ...]) -> None:
    @st.dialog(say("decide.title"), width="medium")
    def ask() -> None:
        if recall(DONE):
            st.success(markup.label(say("decide.done", {"number": recall(DONE)})), icon=":material/check:")
            st.link_button(say("decide.open_page"), link_to("decisions"))
            return
        _form(found, city, caveats=caveats)

    ask()


def _form(found: Comparison, city: City, *, caveats: tuple[Caveat, ...]) -> None:
    recipe = recipe_of(asked_last(city), found)
    st.html(markup.paragraph(say("decide.about")))
    options = tuple(each.name for each in found.scenarios)
    choice = st.radio(
        say("decide.choice"),
        [*options, NOT_YET],
        format_func=lambda each: markup.label(each) if each else say("decide.not_yet"),
        horizontal=True,
        key="decision-choice",
    )
    reasons = _typed(say("decide.reasons"), "reasons", hint=say("decide.reasons_hint"))
    dissent = _typed(say("decide.dissent"), "dissent", hint=say("decide.dissent_hint"))
    with st.expander(say("decide.more")):
        conditions = _typed(say("decide.conditions"), "conditions", hint=say("decide.conditions_hint"))
        reviews = st.date_input(
            say("decide.review"), value=None, min_value=date.today(), key="decision-review", format="YYYY-MM-DD"
        )
        attachments = tuple(filter(None, map(_attachment, ATTACHED)))
    st.html(markup.margin_notes(caveats, most=len(caveats), title=say("decide.limits")))
    read = st.checkbox(say("decide.read"), key="decision-read")
    name_column, role_column = st.columns(2)
    with name_column:
        name = st.text_input(say("decide.name"), key="decision-name", max_chars=200)
    with role_column:
        role = st.selectbox(
            say("decide.role"),
            [each.value for each in Role],
            index=None,
            placeholder=say("decide.role_hint"),
            format_func=lambda each: say(f"roles.{each}"),
            key="decision-role",
        )
    st.html(
        markup.source_line(
            say("decide.evidence", {"receipt": found.receipt, "draws": found.study.draws, "seed": found.seed})
        )
    )
    made = Decision(
        question=_question(found),
        choice=choice,
        options=options,
        reasons=reasons,
        recipe=recipe,
        dissent=dissent,
        conditions=conditions,
        attachments=attachments,
        advice=advice_of(found),
        limits=limits_of(caveats),
        promises=promises_of(found, option=choice) if choice else (),
        review_on=(reviews,) if isinstance(reviews, date) else (),
        synthetic=found.synthetic,
        link=page_link(),
    )
    signed = {"name": name, "role": role or "", "limits_read": read}
    problem: CivicastError | None = recall(PROBLEM)
    if problem is not None:  # where the button was that somebody pressed, and so in sight however high the dialog is
        st.error(markup.label(str(problem)), icon=":material/info:")
    st.button(
        say("decide.sign"),
        type="primary",
        disabled=not read,
        key="decision-sign",
        on_click=_record,
        args=(made, signed),
    )


def _record(made: Decision, signed: dict[str, Any]) -> None:
    """Record what was signed; what is refused is told above the button, and what was typed stays."""
    forget(PROBLEM)
    book = open_records()
    try:
        recorded = decide(book, replace(made, follows=_follows(book, made.recipe)), **signed)
    except CivicastError as error:
        keep(PROBLEM, error)
    else:
        keep(DONE, recorded.entry.number)
        forget(TYPED)


def _follows(book: Records, recipe: Recipe) -> str:
    """The digest of the decision on the same comparison that stands when somebody signs; "" where there is none."""
    known = decisions_of(book, city=recipe.asked.city)
    return next(
        (
            each.entry.digest
            for each in known
            if each.decision.recipe.receipt == recipe.receipt and not each.replaced_by
        ),
        "",
    )


def _typed(label: str, name: str, *, hint: str) -> str:
    """A text that is kept while the dialog is closed."""
    typed: dict[str, str] = recall(TYPED, {})
    key = f"decision-{name}"
    show_as(key, typed.get(name, ""))

    def take() -> None:
        keep(TYPED, {**recall(TYPED, {}), name: recall(key, "")})

    return st.text_area(markup.label(label), key=key, placeholder=hint, height=84, max_chars=LONGEST, on_change=take)


def _attachment(kind: str) -> Attachment | None:
    words = _typed(say(f"decide.{kind}"), kind, hint=say("decide.attached_hint"))
    file = st.text_input(say(f"decide.{kind}_file"), key=f"decision-{kind}-file", max_chars=200)
    return Attachment(kind, words, file.strip()) if words.strip() or file.strip() else None  # type: ignore[arg-type]


def _question(found: Comparison) -> str:
    study = found.study
    return text(question_named(study.city, study.question).title) if study.question else text(study.title)


def _keep_study(found: Comparison, city: City) -> None:
    st.html(markup.paragraph(say("decide.keep_about")))
    with st.form("study-form", border=False, clear_on_submit=False):
        name = st.text_input(say("decide.study_name"), max_chars=200)
        author = st.text_input(say("decide.author"), max_chars=200)
        note = st.text_area(say("decide.note"), max_chars=LONGEST, height=84)
        if st.form_submit_button(say("decide.keep_now")):
            try:
                recipe = recipe_of(asked_last(city), found)
                study = save_study(open_records(), recipe, name=name, author=author, note=note, link=page_link())
            except CivicastError as error:
                st.error(markup.label(str(error)), icon=":material/info:")
            else:
                st.success(markup.label(say("decide.kept", {"name": study.name})), icon=":material/check:")
