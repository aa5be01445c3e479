"""Words are explained once and where they stand, and a question leads to the page and the number that answer it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import example_results as examples
import pandas as pd
import pytest
from test_charts import EVERY
from test_register import measurements

from analytics.forecasting.calendar.effects import CalendarEffects
from analytics.requests import CityRequest
from analytics.results import Caveat, Severity
from dashboard.app import VIEWS
from dashboard.help.explain import explanation
from dashboard.help.glossary import STANDING, WORDS, marked, term_of, terms
from dashboard.help.search import Document, search, stems_of
from dashboard.markup import section
from dashboard.markup.words import explained, questions
from dashboard.shell.controls import Opened
from dashboard.views.models.asking import Library, about_days, answered, day_documents, library_of
from dashboard.views.models.register import entries
from data.words import say

# Words


def test_every_word_is_told_in_whole_sentences_and_met_on_a_page() -> None:
    assert len(WORDS) >= 30
    for term in terms():
        assert term.meaning.endswith("."), term.name
        assert term.view in VIEWS, term.name
        assert all(form and form == form.strip() for form in term.also), term.name
    titles = [term.title for term in terms()]
    assert titles == sorted(titles, key=str.casefold)
    forms = [form.casefold() for name in STANDING for form in term_of(name).also]
    assert len(forms) == len(set(forms))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Coverage of past forecasts", ["coverage", "backtest"]),
        ("coverage and coverage", ["coverage"]),
        ("discoverage, 18 in 10", []),
        ("8-in-10 band held", ["eight_in_ten", "coverage"]),
        ("", []),
    ],
)
def test_a_word_is_marked_once_whole_and_in_any_case(text: str, found: list[str]) -> None:
    pieces = list(marked(text))
    assert "".join(piece for piece, _ in pieces) == text
    assert [term.name for _, term in pieces if term is not None] == found


def test_a_marked_word_is_reached_with_the_keyboard_and_says_its_meaning() -> None:
    html = section("Title", "<b>Coverage</b> here")
    assert "<b>" not in html
    assert 'tabindex="0"' in html
    assert f'aria-label="Coverage: {term_of("coverage").meaning}"' in html
    assert explained("Nothing of the field.") == "Nothing of the field."


# Questions


def documents() -> list[Document]:
    return [
        Document("word", "coverage", "Coverage", "How often a range held."),
        Document("word", "band", "Band", "A range; its coverage is how often it held."),
        Document("word", "hotspot", "Hotspot", "A place with many incidents."),
    ]


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        ("What is coverage?", ["coverage", "band"]),
        ("COVERAGES", ["coverage", "band"]),
        ("what is covrage", ["coverage", "band"]),  # misspelt
        ("hotspots", ["hotspot"]),
        ("zebra", []),
        ("what is it?", []),
        ("", []),
    ],
)
def test_a_question_finds_what_answers_it_the_best_first(question: str, keys: list[str]) -> None:
    assert [each.key for each in search(question, documents())] == keys


def test_no_more_are_given_than_are_asked_for() -> None:
    assert [each.key for each in search("coverage", documents(), most=1)] == ["coverage"]
    assert search("coverage", []) == []


def test_stems_join_the_forms_of_a_word() -> None:
    assert stems_of("forecasts forecasting forecast") == ["forecast"] * 3
    assert stems_of("bus buses Monday Mondays") == ["bus", "bus", "monda", "monda"]


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    alarm = SimpleNamespace(
        series="requests", series_title="Requests", area_name="Ward 7", since=pd.Timestamp("2026-06-23"),
        until=pd.Timestamp("2026-06-23"), sentence="Far more than usual.",
    )  # fmt: skip
    kept: Any = SimpleNamespace(alarms=[alarm])
    monkeypatch.setattr("dashboard.views.models.asking.kept_unusual", lambda request: kept)
    opened = Opened(examples.city(), CityRequest("examples"))
    return library_of(opened, measurements(), entries(measurements()))


def test_what_is_coverage_leads_to_the_word_and_to_the_number_of_this_city(library: Library) -> None:
    first = answered("what is coverage?", library)[0]
    assert (first.kind, first.title) == ("Word", "Coverage")
    assert first.number == (
        "On this city the ranges that should hold 80 of 100 outcomes held between 79\u202f% and 79\u202f% in 3 measurements."
    )
    assert first.href.startswith("models?")


@pytest.mark.parametrize(
    ("question", "kind", "title", "link"),
    [
        ("how does Prophet work", "Model", "Prophet", "record=forecasting.prophet"),
        ("why is the history short", "Caveat", "History short", "tab=caveats"),
        ("as known on", "Word", "As known on", "outlook?"),
        ("unusual ward 7", "Now", "Requests, Ward 7", "outlook?series=requests"),
    ],
)
def test_questions_lead_to_their_page(library: Library, question: str, kind: str, title: str, link: str) -> None:
    first = answered(question, library)[0]
    assert (first.kind, first.title) == (kind, title)
    assert link in first.href


def effects() -> CalendarEffects:
    rows = [("weekday", day, 1.2 if day == 1 else 0.9, 0.8, 1.3, 100) for day in range(7)]
    rows += [("month", 3, 1.1, 1.0, 1.2, 60), ("holiday", 0, 0.5, 0.4, 0.6, 20)]
    table = pd.DataFrame(rows, columns=["part", "number", "ratio", "low", "high", "n"])
    series = examples.series()
    return CalendarEffects(made_from=(series.provenance,), series=series, level=pd.Series(dtype=float), effects=table)


def test_why_is_tuesday_unusual_leads_to_the_calendar_figure_with_its_number(library: Library) -> None:
    question = "Why is Tuesday unusual?"
    assert about_days(question)
    first = answered(question, library.with_others(day_documents(effects(), "requests")))[0]
    assert first.title == "Tuesday in Sanitation requests"
    assert first.number == ("Tuesday: 120\u202f% of an average day for Sanitation requests [80\u202f%, 130\u202f%].")
    assert "series=requests" in first.href
    assert "figure=effects" in first.href


@pytest.mark.parametrize(
    ("question", "about"),
    [("march", True), ("public holidays", True), ("Mondays", True), ("what is coverage?", False), ("", False)],
)
def test_the_calendar_is_looked_at_only_where_a_question_names_days(question: str, about: bool) -> None:
    assert about_days(question) is about


def test_a_city_without_measurements_says_no_number(library: Library) -> None:
    empty = replace(measurements(), forecasts=(), maps=())
    opened = Opened(examples.city(), CityRequest("examples"))
    first = answered("what is coverage?", library_of(opened, empty, entries(empty)))[0]
    assert (first.title, first.number) == ("Coverage", "")


# Figures


@pytest.mark.parametrize("drawn", EVERY)
def test_a_figure_is_explained_from_its_own_numbers(drawn: str) -> None:
    chart = EVERY[drawn]()
    told = dict(explanation(chart))
    assert list(told)[:4] == ["What it says", "What was done", "On what", "How sure"]
    assert told["What it says"] == (chart.headline,)
    name = chart.name.removesuffix("-narrow")
    assert told["What was done"] == (say(f"explain.done.{name}"),)
    assert told["What next"][1] == say(f"explain.next.{name}")
    assert chart.source in told["On what"][0]
    assert chart.date in told["On what"][0]
    assert told["How sure"][0] == chart.interval or "no range" in told["How sure"][0]
    assert len(told.get("What it cannot tell", ())) == len(chart.caveats)
    for number, caveat in enumerate(chart.caveats, start=1):
        line = told["What it cannot tell"][number - 1]
        assert line.startswith(f"{number}. ")
        assert caveat.message in line
        assert caveat.detail in line
    assert len(told["What next"]) == 2


@pytest.mark.parametrize(
    ("kinds", "step"),
    [
        ((), "Nothing found here stands in the way"),
        ((Severity.NOTE,), "Nothing found here stands in the way"),
        ((Severity.CAUTION, Severity.CAUTION, Severity.NOTE), "weigh 2 notes marked caution, from number 1 on"),
        ((Severity.DO_NOT_USE, Severity.CAUTION), "Do not decide on this figure: read note 1 first"),
    ],
)
def test_the_first_step_is_what_the_gravest_limit_asks_for(kinds: tuple[Severity, ...], step: str) -> None:
    caveats = tuple(Caveat("not_causal", kind, {"drivers": [str(place)]}) for place, kind in enumerate(kinds))
    told = dict(explanation(replace(EVERY["fan"](), caveats=caveats)))
    assert step in told["What next"][0]
    counted = told["How sure"][1]
    assert counted.startswith(f"{len(kinds)} limit") if kinds else "proves nothing" in counted


def test_the_words_of_a_figure_are_explained_with_it() -> None:
    told = dict(explanation(EVERY["fan"]()))
    assert any(line.startswith("8 in 10: ") for line in told["Words in it"])


def test_what_explains_a_figure_escapes_its_names() -> None:
    evil = replace(EVERY["fan"](), headline="<script>x</script>")
    assert "<script" not in questions(explanation(evil))
