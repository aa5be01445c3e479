"""What the overview says of a figure, an alarm and a table, as the page and its briefing say it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.monitoring.warnings import Alarm
from analytics.monitoring.week import Apart, Figures, Week
from dashboard.markup import day as markup_day
from data.tables import ALL, CITY
from data.words import Sentence, as_count, as_number, as_short, say

__all__ = [
    "alarm_record", "alarm_sentence", "apart_words", "exact_words", "expected_words", "first_and_others", "of_week",
    "value_words", "what_of",
]  # fmt: skip

DOTS = 12  # of which those that were wrong are filled


def of_week(figures: Figures | None) -> tuple[str, ...]:
    """With which day the week of the figures ends; nothing where there is none."""
    return () if figures is None or figures.end is None else (say("overview.week", {"end": figures.end}),)


def value_words(week: Week, *, exact: bool = False) -> str:
    """The figure itself: counts are whole numbers, millions in short unless they are wanted ``exact``."""
    if week.why_not == Sentence("overview.amounts"):
        return as_number(week.value)
    return as_count(week.value) if exact else as_short(week.value)


def expected_words(week: Week, *, exact: bool = False) -> str:
    """The range that was expected, or why there is none; millions in short unless they are wanted ``exact``."""
    if week.low is not None and week.high is not None:
        expected = say(f"overview.expected{'_exact' if exact else ''}", {"low": week.low, "high": week.high})
    elif week.why_not:
        counted = week.why_not != Sentence("overview.amounts")
        expected = say(
            "overview.not_expected" if counted else "overview.mean", {"why": week.why_not, "unit": week.unit}
        )
    else:
        expected = say("overview.waiting")
    return say("overview.police", {"expected": expected}) if week.police_initiated else expected


def exact_words(week: Week) -> str:
    """The figure and its range to the last digit, where the page shows them in short; "" where it shows them so."""
    if value_words(week) == value_words(week, exact=True):
        return ""
    return f"{say('overview.exactly', {'value': week.value})}; {expected_words(week, exact=True)}"


def first_and_others(weeks: Sequence[Week], *, most: int) -> tuple[list[Week], list[Week]]:
    """The figures that matter most, and the others: those that left their range first, the farthest out before the rest.

    What the police start is never the first to be seen.

    Parameters
    ----------
    weeks : in the city's own order, which the rest keep.
    most : so many at most come first.
    """
    order = sorted(
        range(len(weeks)),
        key=lambda at: (not weeks[at].outside, weeks[at].police_initiated, -_beyond(weeks[at]), at),
    )
    return [weeks[place] for place in order[:most]], [weeks[place] for place in sorted(order[most:])]


def _beyond(week: Week) -> float:
    """How far a figure lies outside its range, in widths of the range; 0 inside it."""
    if week.low is None or week.high is None:
        return 0.0
    out = max(week.low - week.value, week.value - week.high, 0.0)
    return out / max(week.high - week.low, 1.0)


def apart_words(table: Apart) -> str:
    evidence = {"title": table.title, "last": table.last, "value": table.value, "unit": table.unit}
    return say(f"overview.{'ended' if table.ended else 'slower'}", {**evidence, "period": table.freq.word})


def alarm_sentence(alarm: Alarm) -> str:
    """What happened, without the name of the series, which stands above it."""
    code = "deeper" if alarm.deeper else alarm.kind
    if code not in ("level", "outside", "deeper", "farrington", "variance", "late"):
        return str(alarm.sentence)
    when = _when(alarm.since, alarm.until)
    values = {name: getattr(alarm, name) for name in ("observed", "low", "high", "expected")}
    amount = "_amount" if alarm.unit and code in ("level", "outside", "deeper") else ""
    return say(f"unusual.{code}{amount}", {"when": when, "unit": alarm.unit, **values})


def _when(since: pd.Timestamp, until: pd.Timestamp) -> str:
    """ "from 1 to 28 June": the year stands above; hours, and days of two years, are written in full."""
    days = since == since.normalize() and until == until.normalize() and since.year == until.year
    code = "on" if since == until else "between"
    if days:
        same = code == "between" and since.month == until.month
        code = "within_month" if same else {"on": "on_day", "between": "between_days"}[code]
    return say(f"unusual.{code}", {"since": since, "until": until, "first": since.day})


def alarm_record(alarm: Alarm) -> tuple[int, int, str]:
    """How many of twelve dots are wrong alarms (of as many as there were, where these are fewer), and the same in words."""
    if alarm.kind == "late":
        return 0, 0, say("unusual.fact")
    if not alarm.past_n:
        return 0, 0, say("unusual.unknown")
    wrong = round((1 - alarm.past_precision) * alarm.past_n)
    of = min(DOTS, alarm.past_n)
    filled = markup_day.dots_of(wrong / alarm.past_n, of=of) if alarm.past_n > DOTS else wrong
    return filled, of, say("unusual.wrong", {"wrong": wrong, "n": alarm.past_n})


def what_of(title: str, area_id: str, area_name: str, category: str) -> str:
    where = "city" if area_id == CITY else "area"
    code = f"warnings.what.{where}" if category == ALL else f"warnings.what.{where}_category"
    return say(code, {"title": title, "area": area_name or area_id, "category": category.replace("_", " ")})
