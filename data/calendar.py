"""Time: naive local dates for days and longer, UTC for hours, and what a change of the clocks does to them.

An ambiguous local time (the hour that happens twice) takes its first occurrence; a time that never was (the hour that
is skipped) moves forward to the next one that is. Both are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

__all__ = ["FREQUENCIES", "PERIODS_A_YEAR", "LocalTimes", "period_of", "read_times", "to_local", "to_utc"]

FREQUENCIES = ("h", "D", "W-MON", "MS", "YS")
PERIODS_A_YEAR = {"h": 8766.0, "D": 365.25, "W-MON": 52.18, "MS": 12.0, "YS": 1.0}


@dataclass(frozen=True, eq=False)
class LocalTimes:
    """Times after the rule was applied, and how many it touched."""

    times: pd.Series
    ambiguous: int
    nonexistent: int


def read_times(text: pd.Series, *, timezone: str, time_format: str | None = None) -> pd.Series:
    """Naive local times from text or timestamps; what cannot be read is NaT.

    A time that states its offset from UTC is brought to the city's own clock.
    """
    if isinstance(text.dtype, pd.DatetimeTZDtype):
        local: pd.Series = text.dt.tz_convert(timezone).dt.tz_localize(None)
        return local
    if pd.api.types.is_datetime64_any_dtype(text.dtype):
        return text.astype("datetime64[ns]")
    words = text.astype("string").str.strip()
    offset = words.str.contains(r"\d(?:Z|[+-]\d\d:?\d\d)$", regex=True, na=False)
    options: dict[str, Any] = {"format": time_format or "ISO8601", "errors": "coerce"}
    times = pd.to_datetime(words.where(~offset), **options).astype("datetime64[ns]")
    if offset.any():
        aware = pd.to_datetime(words.where(offset), utc=True, **options)
        times = times.fillna(aware.dt.tz_convert(timezone).dt.tz_localize(None))
    return pd.Series(times, index=text.index)


def to_utc(times: pd.Series, *, timezone: str) -> LocalTimes:
    """UTC (naive) for naive local times, under the rule for changes of the clocks."""
    known = times.notna()
    # pandas marks with NaT what it is told not to resolve, so each kind can be counted.
    unresolved = times.dt.tz_localize(timezone, ambiguous="NaT", nonexistent="shift_forward")
    ambiguous = int((unresolved.isna() & known).sum())
    skipped = times.dt.tz_localize(timezone, ambiguous=_first(times), nonexistent="NaT")
    nonexistent = int((skipped.isna() & known).sum())
    aware = times.dt.tz_localize(timezone, ambiguous=_first(times), nonexistent="shift_forward")
    return LocalTimes(aware.dt.tz_convert("UTC").dt.tz_localize(None), ambiguous, nonexistent)


def to_local(times: pd.Series, *, timezone: str) -> LocalTimes:
    """Naive local times of which each one exists."""
    utc = to_utc(times, timezone=timezone)
    local = utc.times.dt.tz_localize("UTC").dt.tz_convert(timezone).dt.tz_localize(None)
    return LocalTimes(local, utc.ambiguous, utc.nonexistent)


def period_of(times: pd.Series, freq: str) -> pd.Series:
    """The start of the period that each time lies in."""
    starts: pd.Series
    match freq:
        case "h":
            starts = times.dt.floor("h")
        case "D":
            starts = times.dt.normalize()
        case "W-MON":
            days = times.dt.normalize()
            starts = days - pd.to_timedelta(days.dt.dayofweek, unit="D")
        case _:
            starts = times.dt.to_period("M" if freq == "MS" else "Y").dt.to_timestamp()
    return starts


def _first(times: pd.Series) -> Any:
    # The first occurrence is the one on summer time.
    return pd.Series(True, index=times.index).to_numpy()
