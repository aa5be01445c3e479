"""The spans in which a series is watched: each begins with a half-year, and knows nothing of how the span before it was watched.

So what is raised in a span depends on no day after it, nor on which span a watch began with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from analytics.monitoring.warnings.panel import Panel
from data.frequency import Frequency

__all__ = ["PACES", "Pace", "Span", "spans_of", "turn_of"]

DAYS = 7


@dataclass(frozen=True)
class Pace:
    """How a watch goes, in periods of one frequency.

    ``horizon`` periods are forecast at once, and the first forecast needs ``least_known`` before it. A watch goes back over
    ``least_watch`` periods, where there are so many, and on to the beginning of their span, which has ``months``. The
    forecasts of up to ``taught`` periods before a span, ``lead_in`` at least, teach the factor and the thresholds; over the
    last ``lead_in`` the charts already run, so that a spell that goes on is known when the span begins. After
    ``longest_spell`` a new level is learned. The variance is looked at over ``variance_window``, and how
    long errors last by whole ``block``s.
    """

    horizon: int
    least_known: int
    taught: int
    lead_in: int
    least_watch: int
    months: int
    longest_spell: int
    variance_window: int
    block: int


PACES: Mapping[Frequency, Pace] = {
    Frequency.DAY: Pace(7, 56, 112, 56, 364, 6, 28, 28, 3),
    Frequency.WEEK: Pace(1, 26, 26, 26, 156, 12, 8, 13, 4),
    Frequency.MONTH: Pace(1, 24, 24, 24, 120, 60, 6, 12, 3),
}
"""The pace of each frequency that is watched."""


@dataclass(frozen=True)
class Span:
    """Rows of a panel: forecasts are made from ``taught``, charts run from ``lead_in``, and alarms count from ``begins`` to
    ``ends``, which is not in it.
    """

    taught: int
    lead_in: int
    begins: int
    ends: int


def spans_of(panel: Panel) -> tuple[Span, ...]:
    """The spans of a watch, in order; none where too little is known.

    >>> from types import SimpleNamespace as Fake
    >>> days = pd.DataFrame(index=pd.date_range("2024-01-01", "2025-07-09", freq="D"))
    >>> [(span.begins, span.ends) for span in spans_of(Fake(values=days, series=Fake(freq=Frequency.DAY)))]
    [(182, 371), (371, 553), (553, 556)]
    """
    pace, periods = PACES[panel.series.freq], len(panel.values)
    earliest = _whole_week(panel, pace.least_known + pace.lead_in)
    turn = turn_of(panel, periods - pace.least_watch)
    begins = [max(_whole_week(panel, turn), earliest)]
    while begins[-1] < periods:
        turn = _next_turn(panel, turn)
        following = _whole_week(panel, turn)
        begins += [following] if following > begins[-1] else []
    answer = []
    for begin, end in pairwise(begins):
        spare = (begin - pace.lead_in - pace.least_known) // pace.horizon * pace.horizon
        more = min(spare, pace.taught - pace.lead_in)
        answer.append(Span(begin - pace.lead_in - more, begin - pace.lead_in, begin, min(end, periods)))
    return tuple(answer)


def turn_of(panel: Panel, row: int) -> int:
    """The first row of the span of months in which a row lies; 0 where that was before the first.

    Parameters
    ----------
    panel : whose rows they are.
    row : any, also below 0.

    Returns
    -------
    A row.
    """
    months, index = PACES[panel.series.freq].months, panel.values.index
    day = index[max(row, 0)]
    number = (day.year * 12 + day.month - 1) // months * months
    return int(index.searchsorted(pd.Timestamp(number // 12, number % 12 + 1, 1)))


def _next_turn(panel: Panel, turn: int) -> int:
    """The row of the next turn; beyond the last where it has not come yet."""
    months, index = PACES[panel.series.freq].months, panel.values.index
    day = index[min(turn, len(index) - 1)]
    number = ((day.year * 12 + day.month - 1) // months + 1) * months
    ahead = pd.Timestamp(number // 12, number % 12 + 1, 1)
    # One more than all rows, so that a Monday after the last is beyond them too.
    return int(index.searchsorted(ahead)) if ahead <= index[-1] else len(index)


def _whole_week(panel: Panel, row: int) -> int:
    """The row itself, or, where seven days are forecast at once, that of the next Monday."""
    if PACES[panel.series.freq].horizon != DAYS:
        return row
    return row + -(int(panel.values.index[0].day_of_week) + row) % DAYS
