"""The tabs of the page: decisions one by one, all promises, saved studies, and the records themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from analytics.decisions import Recorded, SavedStudy, Tracked, found_in
from dashboard import markup
from dashboard.figures.charts import Promised, promise_chart
from dashboard.shell.controls import Opened, chosen_name, chosen_text
from dashboard.shell.panels import notes, show
from dashboard.shell.rooms import fitting
from dashboard.views.decisions.acting import acting
from dashboard.views.decisions.briefing import decision_rows, outcome_rows
from dashboard.views.decisions.past import past_panel
from dashboard.views.decisions.words import chosen_words, signed_words
from data.store.records import Records, verify
from data.words import as_date, say

__all__ = ["Shown", "decisions", "promises", "records", "studies"]

SHORT = 12  # digits of a digest by which a link names a decision
LINES = 8  # of a list that stand at once


@dataclass(frozen=True, eq=False)
class Shown:
    """What the page is about."""

    opened: Opened
    book: Records
    recorded: tuple[Recorded, ...]
    saved: tuple[SavedStudy, ...]
    tracked: Tracked
    today: date


def decisions(shown: Shown) -> None:
    """A list that can be searched, and the whole record of one."""
    if not shown.recorded:
        st.html(markup.paragraph(say("decisions.none_yet")))
        return
    words = chosen_text(say("decisions.search"), key="words", help=say("decisions.search_hint"))
    found = found_in(shown.recorded, words)
    if not found:
        st.info(markup.label(say("decisions.no_match", {"words": words})))
        return
    heads = [say(f"decisions.head_{each}") for each in ("date", "question", "choice", "signed", "state")]
    rows = [_line(each, today=shown.today) for each in found]
    st.html(markup.table(heads, rows[:LINES], label=say("decisions.title")))
    if len(rows) > LINES:
        st.html(markup.folded(say("decisions.more", {"n": len(rows) - LINES}), markup.table(heads, rows[LINES:])))
    titles = {each.entry.digest[:SHORT]: _title(each) for each in found}
    name = chosen_name(say("decisions.which"), titles, key="decision")
    chosen = next(each for each in found if each.entry.digest[:SHORT] == name)
    _record(chosen, shown)


def _record(recorded: Recorded, shown: Shown) -> None:
    decision = recorded.decision
    left, right = st.columns([8.4, 3.6], gap="large")
    with left:
        st.html(markup.section(chosen_words(decision), decision.question))
        st.html(markup.facts(decision_rows(recorded)))
        outcomes = shown.tracked.outcomes.get(recorded.entry.digest, ())
        if outcomes:
            heads, rows = outcome_rows(outcomes)
            st.html(markup.section(say("decisions.promised"), say("decisions.promised_sub")))
            st.html(markup.table(heads, rows, label=say("decisions.promised")))
        lost = shown.tracked.lost.get(recorded.entry.digest)
        if lost:
            st.warning(markup.label(say("decisions.lost", {"why": lost})))
    with right:
        acting(recorded, shown.book, city=shown.opened.city, outcomes=outcomes, today=shown.today)


def _line(recorded: Recorded, *, today: date) -> list[str]:
    decision, due = recorded.decision, recorded.due(today)
    state = say("decisions.stands")
    if recorded.replaced_by:
        state = say("decisions.replaced")
    elif due is not None:
        state = say("decisions.due", {"date": due})
    return [as_date(recorded.entry.at.date()), decision.question, chosen_words(decision), signed_words(recorded), state]


def _title(recorded: Recorded) -> str:
    evidence = {"date": recorded.entry.at.date(), "choice": chosen_words(recorded.decision), "n": recorded.entry.number}
    return say("decisions.one", evidence)


def promises(shown: Shown) -> None:
    """Every promise that can be judged on one scale, and those that cannot."""
    judged, waiting = _promised(shown, judged=True), _promised(shown, judged=False)
    if judged:
        left, right = st.columns([8.4, 3.6], gap="large")
        with left:
            fitting("promises", lambda narrow: show(promise_chart(judged, shown.tracked, narrow=narrow)))
        with right:
            notes(shown.tracked.caveats)
    else:
        st.html(markup.paragraph(say("decisions.no_promises")))
    if waiting:
        heads, rows = outcome_rows([each.outcome for each in waiting])
        st.html(markup.section(say("decisions.waiting"), say("decisions.waiting_sub") if judged else ""))
        st.html(markup.table(heads, rows, label=say("decisions.waiting")))


def _promised(shown: Shown, *, judged: bool) -> list[Promised]:
    names = {each.entry.digest: chosen_words(each.decision) for each in shown.recorded}
    return [
        Promised(names[digest], outcome)
        for digest, outcomes in shown.tracked.outcomes.items()
        for outcome in outcomes
        if (outcome.observed is not None) == judged
    ]


def studies(shown: Shown) -> None:
    """The comparisons that were kept, each with a link that opens it, and any of them on a past day."""
    if not shown.saved:
        st.html(markup.paragraph(say("decisions.no_studies")))
        return
    heads = [say(f"decisions.head_{each}") for each in ("date", "study", "author", "note", "receipt")]
    rows = [
        [as_date(each.entry.at.date()), each.name, each.entry.author, each.note, each.recipe.receipt]
        for each in shown.saved
    ]
    st.html(markup.table(heads, rows, label=say("decisions.tab_studies")))
    titles = {each.entry.digest[:SHORT]: f"{each.name} · {as_date(each.entry.at.date())}" for each in shown.saved}
    name = chosen_name(say("decisions.study"), titles, key="study")
    chosen = next(each for each in shown.saved if each.entry.digest[:SHORT] == name)
    past_panel(chosen, shown.opened, today=pd.Timestamp(shown.today))


def records(shown: Shown) -> None:
    """Whether the records are as they were written, and where they are."""
    found = verify(shown.book)
    if found.faults:
        st.error(markup.label(say("decisions.broken", {"n": len(found.faults)})), icon=":material/warning:")
        st.html(markup.table([say("decisions.fault")], [[str(each.sentence)] for each in found.faults]))
    else:
        st.html(markup.statement(say("decisions.sound", {"n": found.entries})))
        if found.last:
            st.html(markup.paragraph(say("decisions.last")))
            st.code(found.last, language=None)
    st.html(markup.paragraph(say("decisions.about_records")))
    _listed(shown.recorded)


def _listed(recorded: Sequence[Recorded]) -> None:
    if recorded:
        heads = [say(f"decisions.head_{each}") for each in ("number", "date", "digest")]
        rows = [[str(each.entry.number), as_date(each.entry.at.date()), each.entry.digest] for each in recorded]
        st.html(markup.folded(say("decisions.digests"), markup.table(heads, rows)))
