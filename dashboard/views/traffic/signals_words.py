"""What the pages of signals say: parts of the day, waits before and after, and how sure the difference is."""

from __future__ import annotations

import math

from analytics.signals.before_after import Difference
from analytics.signals.checks import ALONE, PROPOSED, TODAY, Check
from analytics.signals.sheets import CorridorPart, DayPart, JunctionSheet
from dashboard.figures.charts import movement_words
from dashboard.figures.charts.turning import clock
from dashboard.markup import Rows
from data.words import as_count, as_number, say

__all__ = ["check_words", "outcome_words", "part_words", "wait_rows"]

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


def outcome_words(sheet: JunctionSheet) -> str:
    """What the proposal saves over the counted intervals, with its interval, or that it is too close to call.

    Parameters
    ----------
    sheet : of a junction.

    Returns
    -------
    str
        In seconds a vehicle too, and who would wait longer.
    """
    one = sheet.difference
    ends = abs(one.low), abs(one.high)
    evidence = {
        "saved": abs(one.mean) * one.pairs, "low": min(ends) * one.pairs, "high": max(ends) * one.pairs, "pairs": one.pairs,
        "detectable": one.detectable * one.pairs, "from": one.low * one.pairs, "to": one.high * one.pairs,
    }  # fmt: skip
    words = [say(f"traffic.outcome_{one.verdict}", evidence)]
    if sheet.vehicles:
        waits = {"before": SECONDS * sheet.hours_today / sheet.vehicles,
                 "after": SECONDS * sheet.hours_proposed / sheet.vehicles}  # fmt: skip
        words.append(say("traffic.waits_mean", waits))
    if sheet.worse_for:
        longer = {"movement": movement_words(sheet.worse_for), "seconds": sheet.worse_by}
        words.append(say("traffic.waits_longer", longer))
    return " ".join(words)


def check_words(found: Check) -> str:
    """What the simulator says of the proposal beside today's plan, and beside each junction's own where that was driven.

    Parameters
    ----------
    found : of both plans.
    """
    if not found.checked:
        return say("traffic.no_simulator")
    one = found.beside(PROPOSED, TODAY)
    about = {"when": clock(found.minute), "n": one.pairs, "version": found.version}
    words = [say(f"traffic.checked_{one.verdict}", _waits(one) | about)]
    if ALONE in found.runs:
        alone = found.beside(PROPOSED, ALONE)
        words.append(say(f"traffic.checked_alone_{alone.verdict}", _waits(alone) | about))
    words.append(say("traffic.same_order" if found.agrees(PROPOSED) else "traffic.other_order"))
    return " ".join(words)


def _waits(one: Difference) -> dict[str, float]:
    return {"before": one.before, "after": one.after, "low": one.low, "high": one.high}
