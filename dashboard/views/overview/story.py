"""The one sentence that the overview comes to: it counts what the page shows."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.caveats import assess
from analytics.monitoring.targets import Chance
from analytics.monitoring.week import Figures, Week
from analytics.results import Caveat
from dashboard.shell.ageing import stale
from dashboard.views.overview.known import Known
from data.words import say

__all__ = ["caveats_of", "headline", "ranges_sentence", "when_of"]

NEW_DAYS = 8  # within which a week is this week: its last day is a week old at most when the next one is whole
MISSED, ON_COURSE = 0.35, 0.65  # the edges of "probably missed" and "more likely than not"
USUALLY_OUTSIDE = 0.2  # of ranges that hold 8 in 10 weeks


def caveats_of(known: Known) -> tuple[Caveat, ...]:
    """What limits all that is shown, the gravest first."""
    if known.sources is None:
        return ()
    found = () if known.unusual is None else known.unusual.found.caveats
    own = [caveat for caveat in found if caveat.code != "synthetic_data"]
    return stale(known.sources.provenances, [*assess(made_from=known.sources.provenances), *own])


def when_of(figures: Figures | None, *, today: pd.Timestamp) -> str:
    """ "this week", or the week by its last day where that is longer ago.

    Parameters
    ----------
    figures : of the week.
    today : by the clock.

    Returns
    -------
    str
        As it stands inside a sentence.
    """
    if figures is None or figures.end is None or today - figures.end <= pd.Timedelta(days=NEW_DAYS):
        return say("overview.story.this_week")
    return say("overview.story.the_week", {"end": figures.end})


def headline(known: Known, *, today: pd.Timestamp) -> str:
    """What the page comes to, as far as it is known.

    Parameters
    ----------
    known : its parts.
    today : by the clock.

    Returns
    -------
    str
        One or two sentences that count the alarms and targets below them.
    """
    when = when_of(known.figures, today=today)
    if known.unusual is None:
        shown = [] if known.figures is None else known.figures.weeks
        end = None if known.figures is None else known.figures.end
        return say("overview.first", {"n": len(shown), "end": end}) if end is not None else say("overview.opening")
    number = len(known.unusual.alarms)
    past = "" if when == say("overview.story.this_week") else "_was"
    outside, ranged, usual = _outside(known.weeks)
    if not number and outside > usual:  # the page shows them: it is not as if nothing were
        unusual = say("overview.story.left", {"k": outside, "n": ranged, "when": when})
    else:
        unusual = say(f"overview.story.{'unusual' if number else 'nothing'}{past}", {"k": number, "when": when})
    clauses = _clauses(known.open)
    return say("overview.story.whole", {"unusual": unusual, "targets": clauses}) if clauses else unusual


def _clauses(chances: Sequence[Chance]) -> str:
    """How many targets will probably be missed, are on course, or could go either way; "" without any."""
    counts = {
        "missed": sum(each.probability < MISSED for each in chances),
        "on_course": sum(each.probability >= ON_COURSE for each in chances),
        "either_way": sum(MISSED <= each.probability < ON_COURSE for each in chances),
    }
    joined = ""
    for name, number in counts.items():
        if not number:
            continue
        alone = "_alone" if not joined and name != "missed" else ""
        clause = say(f"overview.story.{name}{alone}", {"n": number})
        joined = say("overview.story.two", {"one": joined, "other": clause}) if joined else clause
    return joined


def ranges_sentence(weeks: Sequence[Week]) -> str:
    """How many counts left their range, beside how many do by chance; "" where none did."""
    outside, ranged, usual = _outside(weeks)
    if not outside:
        return ""
    return say("overview.outside" if usual else "overview.outside_few", {"k": outside, "n": ranged, "usual": usual})


def _outside(weeks: Sequence[Week]) -> tuple[int, int, int]:
    """How many counts left their range, how many have one, and how many of these leave it by chance."""
    ranged = [each for each in weeks if each.low is not None]
    return sum(each.outside for each in ranged), len(ranged), round(USUALLY_OUTSIDE * len(ranged))
