"""Whole tables that stop before the others of a city: late for some weeks, then ended."""

from __future__ import annotations

import pandas as pd

from analytics.monitoring.warnings.alarms import Alarm
from data import City, Series
from data.words import Sentence

__all__ = ["ended_tables", "late_tables"]

LATE_DAYS = 7  # behind the newest table of a city, beside a period of the table's own
ENDED_DAYS = 28  # behind it, and four periods of its own: then a table has ended, and nobody waits for it


def late_tables(city: City) -> list[Alarm]:
    """Series that end well before the newest series of the city, but not so long that they have ended."""
    newest, ended = _newest(city), _ended(city)
    return [
        _late(series, newest)
        for name, series in city.series.items()
        if name not in ended and newest - _end(series) > pd.Timedelta(days=LATE_DAYS) and _after(series, 2) <= newest
    ]


def ended_tables(city: City) -> list[Sentence]:
    """What is told of the series that have ended while others went on."""
    return [Sentence("warnings.ended", {"title": each.title, "last": each.as_of}) for each in _ended(city).values()]


def _ended(city: City) -> dict[str, Series]:
    newest = _newest(city)
    long_ago = pd.Timedelta(days=ENDED_DAYS)
    return {
        name: series
        for name, series in city.series.items()
        if newest - _end(series) > long_ago and _after(series, 5) <= newest
    }


def _newest(city: City) -> pd.Timestamp:
    return max(_end(series) for series in city.series.values())


def _end(series: Series) -> pd.Timestamp:
    return _after(series, 1)


def _after(series: Series, periods: int) -> pd.Timestamp:
    return pd.Timestamp(series.as_of) + periods * series.freq.offset


def _late(series: Series, newest: pd.Timestamp) -> Alarm:
    gap = float("nan")
    return Alarm(
        kind="late", series=series.name, series_title=series.title, area_id="city", category="all", since=_end(series),
        until=newest, direction="down", low=gap, high=gap, observed=gap, strength=0.0, false_alarms_per_year=gap,
        null_per_year=gap, past_precision=gap, past_n=0, raised_per_year=gap, expected=gap,
    )  # fmt: skip
