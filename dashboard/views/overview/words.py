"""What the overview says of a figure, an alarm and a table, as the page and its briefing say it."""

from __future__ import annotations

from analytics.monitoring.warnings import Alarm
from analytics.monitoring.week import Apart, Week
from dashboard import markup_day
from data.tables import ALL, CITY
from data.words import Sentence, as_count, as_number, say

__all__ = ["alarm_record", "alarm_sentence", "apart_words", "expected_words", "value_words", "what_of"]

DOTS = 12  # of which those that were wrong are filled


def value_words(week: Week) -> str:
    """The figure itself: counts are whole numbers."""
    return as_count(week.value) if week.why_not != Sentence("overview.amounts") else as_number(week.value)


def expected_words(week: Week) -> str:
    """The range that was expected, or why there is none."""
    if week.low is not None and week.high is not None:
        expected = say("overview.expected", {"low": week.low, "high": week.high})
    elif week.why_not:
        counted = week.why_not != Sentence("overview.amounts")
        expected = say(
            "overview.not_expected" if counted else "overview.mean", {"why": week.why_not, "unit": week.unit}
        )
    else:
        expected = say("overview.waiting")
    return say("overview.police", {"expected": expected}) if week.police_initiated else expected


def apart_words(table: Apart) -> str:
    evidence = {"title": table.title, "last": table.last, "value": table.value, "unit": table.unit}
    return say(f"overview.{'ended' if table.ended else 'slower'}", {**evidence, "period": table.freq.word})


def alarm_sentence(alarm: Alarm) -> str:
    """What happened, without the name of the series, which stands above it."""
    code = "deeper" if alarm.deeper else alarm.kind
    if code not in ("level", "outside", "deeper", "farrington", "variance", "late"):
        return str(alarm.sentence)
    when = say(
        f"unusual.{'on' if alarm.since == alarm.until else 'between'}", {"since": alarm.since, "until": alarm.until}
    )
    values = {name: getattr(alarm, name) for name in ("observed", "low", "high", "expected")}
    return say(f"unusual.{code}", {"when": when, **values})


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
