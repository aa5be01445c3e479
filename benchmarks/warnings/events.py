"""Two known events: the fall of CTA boardings in March 2020, and of British drivers killed or seriously injured when seat
belts became compulsory on 31 January 1983.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from analytics.monitoring.warnings import warnings_of
from benchmarks.forecasting.sets import data_folder
from benchmarks.rows import Row
from benchmarks.warnings.planted_spells import series_of

__all__ = ["real_events", "rows"]


def rows(*, quick: bool = False) -> Iterator[Row]:
    """How long until each event was told; both are quick."""
    yield from real_events(data_folder())


def real_events(folder: Path) -> list[Row]:
    """Whether the events are found, and after how many periods."""
    rides = pd.read_csv(folder / "chicago" / "service_cta_daily_boardings_2001_2021-05.csv")
    dates = pd.to_datetime(rides["service_date"], format="mixed")
    boardings = pd.Series(rides["total_rides"].to_numpy(dtype=float), index=dates).groupby(level=0).max().asfreq("D")
    drivers = pd.read_csv(folder / "benchmarks" / "seatbelts" / "Seatbelts.csv")["drivers"].to_numpy(dtype=float)
    months = pd.Series(drivers, index=pd.date_range("1969-01-01", periods=len(drivers), freq="MS"))
    return [
        _event("warning_delay_cta_2020", boardings[:"2020-04-30"], "D", pd.Timestamp("2020-03-12"), "days"),
        _event("warning_delay_seat_belts", months, "MS", pd.Timestamp("1983-02-01"), "months"),
    ]


def _event(name: str, values: pd.Series, freq: str, since: pd.Timestamp, unit: str) -> Row:
    """Periods from an event's first to the first alarm downward, and what the alarm says."""
    frame = values.to_frame()
    frame.columns = pd.MultiIndex.from_tuples([("city", "all")], names=["area_id", "category"])
    frame.index = pd.DatetimeIndex(frame.index, freq=freq, name="period")
    alarms = warnings_of(series_of(frame, freq=freq), alarms_per_week=math.inf).alarms
    later = sorted(
        (each for each in alarms if each.until >= since and each.direction == "down"), key=lambda each: each.until
    )
    delay = float(len(frame.loc[since : later[0].until]) - 1) if later else math.nan
    return Row(name, delay, unit, note=str(later[0].sentence) if later else "not told")
