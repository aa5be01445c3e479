"""Time: naive local dates for days and longer, UTC for hours, and what a change of the clocks does to them.

An ambiguous local time (the hour that happens twice) takes its first occurrence; a time that never was (the hour that
is skipped) moves forward to the next one that is. Both are counted. A time that states its offset from UTC is exact,
and the rule never touches it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data.frequency import Frequency

__all__ = [
    "LocalTimes",
    "mostly_midnight",
    "period_of",
    "read_times",
    "read_utc",
    "to_local",
    "to_utc",
    "whole_periods",
]


# ISO 8601 and PostgreSQL: after a time of day comes Z, +01, +0100 or +01:00. A date alone ends in "-01", too.
# Spaces are spelled out, because with \s a text at a time is looked at by Python: half a million take a second.
_OFFSET = r"[T ]\d\d(?::?\d\d){0,2}(?:[.,]\d+)?[ \t\n\r\f\v]*(?:Z|[+-]\d\d(?::?\d\d)?)$"
_WHOLE_HOURS = r"[+-]\d\d$"


@dataclass(frozen=True, eq=False)
class LocalTimes:
    """Times after the rule was applied, and for each whether it was ambiguous or never was."""

    times: pd.Series
    ambiguous: pd.Series
    nonexistent: pd.Series

    @classmethod
    def exact(cls, times: pd.Series) -> LocalTimes:
        """Times that no rule decided."""
        never = pd.Series(False, index=times.index)
        return cls(times, never, never)

    @property
    def touched(self) -> pd.Series:
        """Whether the rule decided the time."""
        return self.ambiguous | self.nonexistent


def read_times(values: pd.Series, *, timezone: str, time_format: str | None = None) -> pd.Series:
    """Naive local times from text or timestamps; a time that states its offset from UTC is brought to the city's own clock.

    Parameters
    ----------
    values : text, or timestamps with or without a zone.
    timezone : the city's, as "Europe/Prague".
    time_format : of the text, as ``strptime`` takes it; None for ISO 8601.

    Returns
    -------
    pd.Series
        By the index of ``values``; what cannot be read is NaT.
    """
    naive, exact = _read(values, time_format)
    times: pd.Series = naive.fillna(exact.dt.tz_localize("UTC").dt.tz_convert(timezone).dt.tz_localize(None))
    return times


def read_utc(values: pd.Series, *, timezone: str, time_format: str | None = None) -> LocalTimes:
    """Naive UTC times from text or timestamps, naive ones taken as local under the rule for changes of the clocks.

    Parameters
    ----------
    values : text, or timestamps with or without a zone.
    timezone : the city's, as "Europe/Prague".
    time_format : of the text, as ``strptime`` takes it; None for ISO 8601.

    Returns
    -------
    LocalTimes
        What cannot be read is NaT; a time that states its offset is touched by no rule.
    """
    naive, exact = _read(values, time_format)
    utc = to_utc(naive, timezone=timezone)
    return LocalTimes(utc.times.fillna(exact), utc.ambiguous, utc.nonexistent)


def _read(values: pd.Series, time_format: str | None) -> tuple[pd.Series, pd.Series]:
    """Naive times as written, and in UTC those that state their offset; each is NaT where the other is not."""
    nothing = pd.Series(pd.NaT, index=values.index, dtype="datetime64[ns]")
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return nothing, _within_range(values.dt.tz_convert("UTC").dt.tz_localize(None))
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return _within_range(values), nothing
    words = values.astype("string").str.strip()
    offset = _states_offset(words, time_format)
    options: dict[str, Any] = {"format": time_format or "ISO8601", "errors": "coerce"}
    naive = _within_range(pd.to_datetime(words.where(~offset), **options))
    if not offset.any():
        return naive, nothing
    whole = words.where(offset).str.replace(_WHOLE_HOURS, r"\g<0>00", regex=True)
    return naive, _within_range(pd.to_datetime(whole, utc=True, **options).dt.tz_localize(None))


def _states_offset(words: pd.Series, time_format: str | None) -> pd.Series:
    """Whether each text says how far its clock is from UTC."""
    if time_format is not None:
        states = "%z" in time_format.lower() or time_format.endswith("Z")
        return words.notna() & states
    return words.str.contains(_OFFSET, regex=True, na=False).astype(bool)


def _within_range(times: pd.Series) -> pd.Series:
    # Nanoseconds reach from 1678 to 2261: a date beyond them (9999 stands for "open") is as good as unreadable.
    year = times.dt.year
    return times.where(year.between(1678, 2261)).astype("datetime64[ns]")


def mostly_midnight(times: pd.Series) -> bool:
    """Whether more than half of the times are midnight to the second, as dates are that have no time of day."""
    known = times.dropna()
    return bool((known == known.dt.normalize()).sum() > len(known) / 2)


def to_utc(times: pd.Series, *, timezone: str) -> LocalTimes:
    """UTC (naive) for naive local times, under the rule for changes of the clocks.

    Parameters
    ----------
    times : naive local times.
    timezone : the city's, as "Europe/Prague".

    Returns
    -------
    LocalTimes
        Naive UTC.
    """
    known = times.notna()
    first = np.ones(len(times), dtype=bool)  # the first occurrence is the one on summer time
    # pandas marks with NaT what it is told not to resolve, so each kind can be told.
    ambiguous = times.dt.tz_localize(timezone, ambiguous="NaT", nonexistent="shift_forward").isna() & known
    nonexistent = times.dt.tz_localize(timezone, ambiguous=first, nonexistent="NaT").isna() & known
    aware = times.dt.tz_localize(timezone, ambiguous=first, nonexistent="shift_forward")
    return LocalTimes(aware.dt.tz_convert("UTC").dt.tz_localize(None), ambiguous, nonexistent)


def to_local(times: pd.Series, *, timezone: str) -> LocalTimes:
    """Naive local times of which each one exists.

    Parameters
    ----------
    times : naive local times.
    timezone : the city's, as "Europe/Prague".

    Returns
    -------
    LocalTimes
        Naive local times; one that never was is moved forward.
    """
    utc = to_utc(times, timezone=timezone)
    local = utc.times.dt.tz_localize("UTC").dt.tz_convert(timezone).dt.tz_localize(None)
    return LocalTimes(local, utc.ambiguous, utc.nonexistent)


def period_of(times: pd.Series, freq: Frequency) -> pd.Series:
    """The start of the period that each time lies in; weeks start on Monday.

    Parameters
    ----------
    times : naive.
    freq : of the periods.

    Returns
    -------
    pd.Series
        By the index of ``times``.
    """
    starts: pd.Series
    match freq:
        case Frequency.HOUR:
            starts = times.dt.floor("h")
        case Frequency.DAY:
            starts = times.dt.normalize()
        case Frequency.WEEK:
            days = times.dt.normalize()
            starts = days - pd.to_timedelta(days.dt.day_of_week, unit="D")
        case _:
            starts = times.dt.to_period("M" if freq is Frequency.MONTH else "Y").dt.to_timestamp()
    return starts.astype("datetime64[ns]")


def whole_periods(since: pd.Timestamp, end: pd.Timestamp, *, freq: Frequency) -> pd.DatetimeIndex:
    """The starts of the periods that lie wholly between two moments, the second not included.

    Parameters
    ----------
    since, end : the moments.
    freq : of the periods.

    Returns
    -------
    pd.DatetimeIndex
        In order, with its frequency.

    Examples
    --------
    >>> since, end = pd.Timestamp("2024-01-15"), pd.Timestamp("2024-04-01")
    >>> [str(day.date()) for day in whole_periods(since, end, freq=Frequency.MONTH)]
    ['2024-02-01', '2024-03-01']
    """
    starts = pd.date_range(since, end, freq=freq, name="period", unit="ns")
    return pd.DatetimeIndex(starts[starts + freq.offset <= end], freq=freq)
