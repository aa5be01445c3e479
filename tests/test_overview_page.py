"""The overview is one story: its headline counts what stands below it, in words that officials use."""

from __future__ import annotations

from dataclasses import replace

import example_results as examples
import pandas as pd
import pytest

from analytics.monitoring.targets import Chance
from analytics.monitoring.week import Figures, Week
from analytics.overview import Unusual
from dashboard.briefings import Table
from dashboard.shell.target_rows import target_row
from dashboard.views.overview.briefing import overview_briefing
from dashboard.views.overview.known import Known
from dashboard.views.overview.story import headline, ranges_sentence
from dashboard.views.overview.words import (
    alarm_record,
    alarm_sentence,
    exact_words,
    expected_words,
    first_and_others,
    value_words,
)
from data import Target
from tests.test_first_page import DAY, alarm, warnings

TODAY = DAY + pd.Timedelta(days=1)
LATER = DAY + pd.Timedelta(days=150)
WEEK = Week(
    kind="series", name="a", title="A", unit="", start=DAY - pd.Timedelta(days=6), end=DAY, value=5.0,
    police_initiated=False, made_from=(), low=4.0, high=8.0,
)  # fmt: skip


def chance(probability: float, *, over: bool = False) -> Chance:
    target = Target("t", "Fewer", "a", DAY, DAY, at_most=90.0)
    return Chance(
        made_from=(), config={}, seed=0, target=target, cutoff=DAY, unit="", so_far=80.0, middle=85.0, low=70.0, high=95.0,
        probability=probability, over=over,
    )  # fmt: skip


def known(*chances: float, alarms: int = 0) -> Known:
    found = tuple(alarm(series=str(index)) for index in range(alarms))
    figures = Figures(DAY, (WEEK, WEEK), ())
    return Known(figures, None, (), True, Unusual(warnings(*found), found, {}), tuple(map(chance, chances)))


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (known(alarms=4), "Four things are unusual this week."),
        (known(0.2, alarms=1), "One thing is unusual this week. One target will probably be missed."),
        (
            known(0.349, 0.65, 0.75, 0.95),
            "Nothing is unusual this week. One target will probably be missed; three are on course.",
        ),
        (known(0.35, 0.649, 0.65), "Nothing is unusual this week. One target is on course; two could go either way."),
        (
            known(0.1, 0.2, 0.5),
            "Nothing is unusual this week. Two targets will probably be missed; one could go either way.",
        ),
        (known(0.5), "Nothing is unusual this week. One target could go either way."),
    ],
)
def test_the_headline_counts_what_the_page_shows(page: Known, words: str) -> None:
    assert headline(page, today=TODAY) == words


@pytest.mark.parametrize(
    ("within", "outside", "words"),
    [
        (0, 1, "No alarm this week; 1 of 1 count left the range forecast before it. One target is on course."),
        (3, 2, "No alarm this week; 2 of 5 counts left the range forecast before it. One target is on course."),
        (4, 1, "Nothing is unusual this week. One target is on course."),
        (2, 0, "Nothing is unusual this week. One target is on course."),
    ],
)
def test_where_more_left_their_ranges_than_by_chance_the_headline_says_so(
    within: int, outside: int, words: str
) -> None:
    page = replace(known(0.7), weeks=(*[WEEK] * within, *[replace(WEEK, value=9.0)] * outside))
    assert headline(page, today=TODAY) == words
    assert headline(replace(page, unusual=known(alarms=1).unusual), today=TODAY).startswith("One thing is unusual")


def test_a_target_whose_time_is_over_is_in_no_count() -> None:
    page = replace(known(alarms=2), chances=(chance(0.0, over=True), chance(1.0, over=True)))
    assert headline(page, today=TODAY) == "Two things are unusual this week."


def test_a_week_of_long_ago_is_not_this_week() -> None:
    assert headline(known(alarms=2), today=LATER) == "Two things were unusual in the week to 30 June 2026."
    assert headline(known(), today=LATER) == "Nothing was unusual in the week to 30 June 2026."
    assert "this week" in headline(known(), today=DAY + pd.Timedelta(days=8))
    assert "this week" not in headline(known(), today=DAY + pd.Timedelta(days=9))


def test_before_all_is_known_the_headline_says_what_there_is() -> None:
    assert headline(Known(), today=TODAY) == "Reading the tables."
    assert headline(replace(known(), unusual=None), today=TODAY).startswith("Two figures of the week to 30 June 2026")
    assert headline(replace(known(alarms=1), chances=None), today=TODAY) == "One thing is unusual this week."
    assert known().missing == {"sources"}
    assert known().comparable
    assert not replace(known(), unusual=None).comparable
    assert not replace(known(), whole=False).comparable
    assert Known().missing == {"figures", "sources", "weeks", "unusual", "chances"}
    assert Known().having("weeks", (WEEK,)).missing == {"figures", "sources", "unusual", "chances"}


def test_ranges_that_are_left_are_told_beside_how_many_are_by_chance() -> None:
    out = replace(WEEK, value=9.0)
    assert ranges_sentence([WEEK] * 5) == ""
    assert ranges_sentence([*[WEEK] * 9, out]).startswith("1 of 10 counts left the range")
    assert "about 2 do so by chance" in ranges_sentence([*[WEEK] * 9, out])
    few = ranges_sentence([out, replace(out, low=None, high=None)])
    assert few == "1 of 1 count left the range forecast before the week, which holds 8 in 10 weeks."


@pytest.mark.parametrize(
    ("past_n", "precision", "dots"),
    [
        (120, 0.5, (6, 12)),
        (120, 0.99, (1, 12)),
        (120, 0.01, (11, 12)),
        (120, 1.0, (0, 12)),
        (12, 0.75, (3, 12)),
        (5, 0.4, (3, 5)),
        (0, float("nan"), (0, 0)),
    ],
)
def test_twelve_dots_say_how_many_such_alarms_were_wrong(past_n: int, precision: float, dots: tuple[int, int]) -> None:
    assert alarm_record(alarm(past_n=past_n, precision=precision))[:2] == dots


def test_the_dots_have_their_numbers_beside_them() -> None:
    assert alarm_record(alarm(past_n=120, precision=0.25))[2].startswith("90 of the last 120 alarms like this")
    assert alarm_record(alarm(kind="late"))[2] == "Missing data are a fact, no guess."


def test_an_alarm_of_a_kind_that_the_page_does_not_know_is_told_in_its_own_words() -> None:
    assert alarm_sentence(alarm()) == "9 on 30 June, expected 1 to 4."
    unknown = alarm(kind="farrington")
    assert "more than the same weeks of past years allow" in alarm_sentence(unknown)


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2026-06-01", "2026-06-28", "from 1 to 28 June,"),
        ("2026-05-31", "2026-06-01", "from 31 May to 1 June,"),
        ("2025-12-31", "2026-01-01", "from 31 December 2025 to 1 January 2026,"),
        ("2026-06-30 22:00", "2026-06-30 22:00", "on 30 June 2026, 22:00,"),
    ],
)
def test_an_alarm_says_its_days_without_what_stands_above(since: str, until: str, words: str) -> None:
    assert words in alarm_sentence(replace(alarm(), since=pd.Timestamp(since), until=pd.Timestamp(until)))


def test_what_left_its_range_comes_first_and_the_rest_keep_their_order() -> None:
    weeks = [replace(WEEK, name=name) for name in "abcdef"]
    weeks[3] = replace(weeks[3], value=9.0)  # a quarter of the range above it
    weeks[4] = replace(weeks[4], value=2.0)  # half of it below
    weeks[5] = replace(weeks[5], low=None, high=None, value=99.0)
    first, others = first_and_others(weeks, most=4)
    assert [each.name for each in first] == ["e", "d", "a", "b"]
    assert [each.name for each in others] == ["c", "f"]
    weeks[4] = replace(weeks[4], police_initiated=True)
    assert [each.name for each in first_and_others(weeks, most=3)[0]] == ["d", "e", "a"]
    assert first_and_others(weeks[:2], most=4) == (weeks[:2], [])
    assert [each.name for each in first_and_others([replace(WEEK, value=edge) for edge in (4.0, 8.0)], most=1)[1]] == [
        "a"
    ]


def test_millions_are_short_on_the_page_and_exact_where_somebody_asks() -> None:
    many = replace(WEEK, value=3_367_336.0, low=3_232_028.0, high=3_426_106.0)
    assert (value_words(many), expected_words(many)) == (
        "3.37\u202fmillion",
        "expected 3.23\u202fmillion to 3.43\u202fmillion",
    )
    assert exact_words(many) == "exactly 3,367,336; expected 3,232,028 to 3,426,106"
    assert exact_words(WEEK) == ""
    assert (value_words(WEEK), expected_words(WEEK)) == ("5", "expected 4 to 8")


def test_a_target_says_where_it_is_heading_and_what_has_changed() -> None:
    row = target_row(chance(0.25), 0.35, "")
    assert (row.goal, row.now, row.percent, row.word) == (
        "at most 90",
        "heading for 85",
        "25\u202f%",
        "probably missed",
    )
    assert row.change == "\u221210 points"
    assert target_row(chance(0.25), 0.2, "").change == "+5 points"
    assert target_row(chance(0.25), 0.25, "").change == target_row(chance(0.25), 0.2504, "").change == "unchanged"
    assert target_row(chance(0.25), None, "").change == ""


def test_what_is_taken_along_says_what_the_page_says() -> None:
    page = known(0.25, 0.75, alarms=3)
    page = replace(
        page, weeks=(WEEK, replace(WEEK, value=9.0)), chances=(*(page.chances or ()), chance(0.5, over=True))
    )
    made = overview_briefing(page, city=examples.city(), link="http://localhost/?city=x", made=TODAY)
    assert made.finding == headline(page, today=TODAY)
    alarms, figures, targets = (part for part in made.parts if isinstance(part, Table))
    assert [row[1] for row in alarms.rows] == [alarm_sentence(each) for each in page.unusual.alarms]  # type: ignore[union-attr]
    assert [row[1] for row in figures.rows] == ["5", "9"]
    assert [row[3] for row in targets.rows] == ["25\u202f%", "75\u202f%"], "what is over is no chance any more"
    assert ranges_sentence(page.weeks) in made.statements
    assert overview_briefing(known(), city=examples.city(), link="http://x", made=TODAY).parts == ()
