"""What the pages of signals say: parts of the day, waits before and after, and how sure the difference is."""

from __future__ import annotations

import math

from analytics.scenarios import Comparison
from analytics.signals.sheets import CorridorPart, CorridorSheet, DayPart, JunctionSheet
from dashboard.figures.charts.turning import clock
from dashboard.markup import Rows
from data.words import as_count, as_number, say

__all__ = ["outcome_words", "part_words", "wait_rows"]

DELAY = "signal_delay"  # the measure of the engine, in vehicle-hours a day
SECONDS = 3600


def part_words(part: DayPart | CorridorPart) -> str:
    """A part of the day from when to when.

    Parameters
    ----------
    part : of a plan.
    """
    if part.start == 0 and part.end == 24 * 60:
        return say("traffic.all_day")
    return say("traffic.from_to", {"start": clock(part.start), "end": clock(part.end)})


def wait_rows(sheet: JunctionSheet) -> Rows:
    """By part of the day: vehicles, cycles, and what each vehicle waits today and under the proposal."""
    heads = [
        say(f"traffic.head_{key}") for key in ("part", "volume", "cycle", "cycle_proposed", "wait", "wait_proposed")
    ]
    rows = [
        [part_words(each), as_count(round(each.vehicles)), as_number(each.today.cycle), as_number(each.proposed.cycle),
         _seconds(each.wait_today), _seconds(each.wait_proposed)]
        for each in sheet.parts
    ]  # fmt: skip
    return heads, rows


def _seconds(value: float) -> str:
    return say("traffic.not_counted") if math.isnan(value) else as_number(value)


def _difference(found: Comparison) -> str:
    (one,) = [each for each in found.differences if each.measure == DELAY]
    ends = abs(one.low95), abs(one.high95)
    evidence = {
        "saved": abs(one.median), "low": min(ends), "high": max(ends), "n": one.agreeing, "draws": one.draws,
        "detectable": one.detectable, "from": one.low95, "to": one.high95,
    }  # fmt: skip
    return say(f"traffic.outcome_{one.verdict}", evidence)


def outcome_words(sheet: JunctionSheet | CorridorSheet, found: Comparison | None) -> str:
    """What the proposal saves in all futures, with its range, or that it is too close to call.

    Parameters
    ----------
    sheet : of a junction or a corridor.
    found : the comparison of its proposal, alone, with today; None where there is none.

    Returns
    -------
    str
        Of vehicle-hours a day, which nothing else in the comparison changes.
    """
    words = say("traffic.outcome_unknown") if found is None else _difference(found)
    if not isinstance(sheet, JunctionSheet) or not sheet.vehicles:
        return words
    waits = {
        "before": SECONDS * sheet.hours_today / sheet.vehicles, "after": SECONDS * sheet.hours_proposed / sheet.vehicles,
    }  # fmt: skip
    return f"{words} {say('traffic.waits_mean', waits)}"
