"""When something was or will be, as the words over a mark say it, and what a title says of a series' periods and unit."""

from __future__ import annotations

import pandas as pd

from data import Series
from data.frequency import Frequency
from data.words import as_date, as_month, as_short_date, as_weekday, say, text

__all__ = ["measured_words", "moment_words"]


def moment_words(period: pd.Timestamp, *, freq: Frequency, summed: bool = False) -> str:
    """ "Tuesday 21 April 2026", "week to 21 April 2026", "April 2026": one period of a series.

    Parameters
    ----------
    period : as the series stamps it: its first moment, or the last day of days that were ``summed`` to weeks.
    freq : of what is drawn.
    summed : whether days were summed.

    Returns
    -------
    As exact as the period is.
    """
    if summed:
        return say("moments.week_to", {"date": period})
    if freq is Frequency.WEEK:
        return say("moments.week_from", {"date": period})
    if freq is Frequency.MONTH:
        return as_month(period)
    if freq is Frequency.YEAR:
        return as_short_date(period, part="year")
    day = say("moments.day", {"weekday": as_weekday(period.weekday()), "date": as_date(period.normalize())})
    if freq is Frequency.DAY:
        return day
    return say("moments.hour", {"day": day, "hour": as_short_date(period, part="hour")})


def measured_words(series: Series, *, freq: Frequency) -> str:
    """What stands behind the name of a series: " a week" of counts, ", MW" of a level, which is no amount of any period.

    Parameters
    ----------
    series : that is drawn.
    freq : of what is drawn.
    """
    if series.value_type == "count":
        return say("charts.per_period", {"each": freq.each})
    return say("charts.in_unit", {"unit": text(series.unit)})
