"""A question answered from the pages themselves: words, caveats, models, controls, alarms, and what the calendar does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from analytics.caveats import RULES
from analytics.forecasting.calendar.effects import CalendarEffects
from analytics.hotspots.backtesting.standing import JUDGED_AT
from analytics.overview import kept_unusual
from analytics.requests import SeriesRequest
from analytics.results import Severity
from dashboard import markup
from dashboard.help.glossary import Term, terms
from dashboard.help.search import Document, search, stems_of
from dashboard.markup.words import Found, answers
from dashboard.shell.controls import Opened, chosen_text, link_to, present_city
from dashboard.shell.panels import tell
from dashboard.shell.session import ALONE, keep, linked, reader_language, recall
from dashboard.shell.waiting import await_result
from dashboard.views.models.measurements import Measurements, measured_in
from dashboard.views.models.register import Entry, entries
from dashboard.views.models.tables import EXPLAINED
from dashboard.workers.work import effects_of
from data.frequency import Frequency
from data.words import as_month, as_weekday, say, text, use_language

__all__ = ["Library", "about_days", "answered", "ask", "day_documents", "library_of"]

ASK = "ask"
OPEN = "ask-open"  # the key of the box
# Controls whose help is a sentence of its own, by the page on which they stand.
CONTROLS = (
    ("page.as_known", "page.as_known_help", "outlook"),
    ("outlook.reason", "outlook.reason_help", "outlook"),
    ("hotspots.measure_slow", "hotspots.measure_help", "hotspots"),
)
CALENDAR = "calendar"
YEAR = 2001  # any
MOST = 6


@dataclass(frozen=True, eq=False)
class Library:
    """What can be found, and the answer that each document is."""

    documents: Sequence[Document]
    found: dict[str, Found]

    def with_others(self, other: Library) -> Library:
        """Both."""
        return Library([*self.documents, *other.documents], self.found | other.found)


@st.fragment
def ask() -> None:
    """The box that stands on every page: what somebody asks in it, and the answers. Only it is drawn anew when it is used."""
    with use_language(reader_language()):
        if linked(ASK) and recall(OPEN) is None:
            keep(OPEN, True)  # a link that asks something shows the answer
        with st.popover(say("glossary_page.open_box"), icon=":material/search:", key=OPEN, on_change="rerun") as box:
            question = chosen_text(say("glossary_page.ask"), key=ASK, help=say("glossary_page.ask_about")).strip()
            if question and box.open:
                tell(partial(_answer, question))


def _answer(question: str) -> None:
    opened = present_city()
    measured = measured_in(opened.city)
    library = library_of(opened, measured, entries(measured))
    if about_days(question):
        for name, series in opened.city.series.items():
            if series.freq in (Frequency.DAY, Frequency.HOUR):
                request = SeriesRequest(opened.request, series=name)
                saying = say("glossary_page.looking", {"series": series.title})
                for effects in await_result(effects_of, request, saying=saying):
                    library = library.with_others(day_documents(effects, name))
    found = answered(question, library)
    st.html(markup.section(say("glossary_page.answers")))
    st.html(answers(found) if found else markup.paragraph(say("glossary_page.none")))


def answered(question: str, library: Library) -> list[Found]:
    """The answers to a question, the best first.

    Parameters
    ----------
    question : as somebody types it.
    library : in which it is looked for.

    Returns
    -------
    list of Found
        A few.
    """
    return [library.found[f"{each.kind}.{each.key}"] for each in search(question, library.documents, most=MOST)]


def about_days(question: str) -> bool:
    """Whether a question names a weekday, a month or holidays."""
    named = [*map(as_weekday, range(7)), *(_month(month) for month in range(1, 13))]
    return bool(
        set(stems_of(question)) & set(stems_of(" ".join([*named, say("glossary_page.holiday"), "weekday month"])))
    )


def library_of(opened: Opened, measured: Measurements, entries: Sequence[Entry]) -> Library:
    """All that can be found without computing anything.

    Parameters
    ----------
    opened : the city.
    measured : what is stored of it.
    entries : of its register.

    Returns
    -------
    Library
        Words, caveats, the register, controls and the alarms of now.
    """
    found: dict[tuple[str, str], tuple[Found, str]] = {}
    alarms = kept_unusual(opened.request)
    number_of = _numbers(measured, None if alarms is None else len(alarms.alarms))
    for term in terms():
        found["word", term.name] = _word(term, number_of.get(term.name, "")), " ".join((*term.also, term.meaning))
    for code in RULES:
        name, appears = say(f"caveats.{code}.name"), say(f"caveats.{code}.appears")
        where = link_to("models", tab="caveats")
        found["caveat", code] = _found("caveat", name, appears, where, page="models"), appears
    for entry in entries:
        where = link_to("models", tab="record", record=entry.key)
        words = " ".join((entry.purpose, *entry.inputs, *entry.limits))
        first = entry.wrong[0] if entry.wrong else ""
        found["entry", entry.key] = (
            _found("entry", entry.title, entry.purpose, where, page="models", number=first),
            words,
        )
    for label, code, view in (
        *CONTROLS,
        *((f"models.head_{each}", f"models.help_{each}", "models") for each in EXPLAINED),
    ):
        found["control", label] = _found("control", say(label), say(code), link_to(view), page=view), say(code)
    for place, alarm in enumerate(() if alarms is None else alarms.alarms):
        where = link_to("outlook", series=alarm.series)
        title = f"{alarm.series_title}, {alarm.area_name}" if alarm.area_name else alarm.series_title
        days = " ".join(as_weekday(day.day_of_week) for day in {alarm.since, alarm.until})
        words = f"{alarm.sentence} {days} {say('glossary.alarm.also')}"
        found["alarm", str(place)] = _found("alarm", title, str(alarm.sentence), where, page="outlook"), words
    return _library(found)


def _library(found: dict[tuple[str, str], tuple[Found, str]]) -> Library:
    documents = [Document(kind, key, answer.title, words) for (kind, key), (answer, words) in found.items()]
    return Library(documents, {f"{kind}.{key}": answer for (kind, key), (answer, _) in found.items()})


def _found(kind: str, title: str, about: str, href: str, *, page: str, number: str = "") -> Found:
    opens = say("glossary_page.open", {"page": say(f"pages.{page}")})
    return Found(say(f"glossary_page.kind_{kind}"), title[:1].upper() + title[1:], about, number, href, opens)


def _word(term: Term, number: str) -> Found:
    return _found("word", term.title, term.meaning, link_to(term.view, **term.link), page=term.view, number=number)


def _numbers(measured: Measurements, alarms: int | None) -> dict[str, str]:
    """What this city has measured of a word, by its name."""
    numbers: dict[str, str] = {}
    if measured.forecasts:
        covered = [each.result.scores["coverage_80"].value for each in measured.forecasts]
        fit = sum(each.verdict is Severity.NOTE for each in measured.forecasts)
        sentence = say("glossary_page.covered", {"low": min(covered), "high": max(covered), "n": len(covered)})
        numbers |= {"coverage": sentence, "eight_in_ten": sentence}
        beats = say("glossary_page.beats", {"fit": fit, "n": len(covered)})
        numbers |= {"fit_for_use": beats, "yardstick": beats, "error": beats}
    if measured.maps:
        where = measured.maps[0]
        best = where.standings[0]
        evidence = {"map": where.title, "rate": best.hit_rate, "low": best.low, "high": best.high, "share": JUDGED_AT}
        numbers |= dict.fromkeys(("hit_rate", "hotspot"), say("glossary_page.found_by", evidence))
    if alarms is not None:
        numbers["alarm"] = say("glossary_page.alarms", {"n": alarms})
    return numbers


def day_documents(effects: CalendarEffects, series: str) -> Library:
    """What each weekday, month and holiday is usually like in a series, as answers that lead to the figure.

    Parameters
    ----------
    effects : of the series.
    series : its name.

    Returns
    -------
    Library
        One answer an effect, with its range.
    """
    found = {}
    title = text(effects.series.title)
    where = link_to("outlook", series=series, **{ALONE: "effects"})
    meaning = say("glossary.weekday_effect.also")
    for row in effects.effects.to_dict("records"):
        part, number = str(row["part"]), int(row["number"])
        name = _named(part, number)
        evidence = {"part": name, "series": title, **{each: float(row[each]) for each in ("ratio", "low", "high")}}
        answer = _found("calendar", say("glossary_page.day_title", {"part": name, "series": title}),
                        say("glossary_page.day_alarm"), where, page="outlook",
                        number=say("glossary_page.day_range", evidence))  # fmt: skip
        words = f"{meaning} {say('glossary.alarm.also')} {part}"
        found[CALENDAR, f"{series}-{part}-{number}"] = answer, words
    return _library(found)


def _named(part: str, number: int) -> str:
    if part == "weekday":
        return as_weekday(number)
    return _month(number) if part == "month" else say("glossary_page.holiday")


def _month(number: int) -> str:
    """The name of a month without a year."""
    return as_month(pd.Timestamp(YEAR, number, 1)).replace(str(YEAR), "").strip()
