"""Whether a watch that is replayed day by day raises what it raises all at once."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.monitoring.warnings import Alarm, warnings_of
from benchmarks.rows import Row
from benchmarks.warnings.real_series import places
from data import Series
from data.frequency import Frequency

__all__ = ["rows"]

COLUMNS = 6  # of a panel: each replayed day is a whole watch
BACK = (
    3,
    40,
    120,
    190,
    300,
)  # days before the last on which a watch is replayed: the farthest lie before a half-year's turn


def rows(*, quick: bool = False) -> Iterator[Row]:
    """The share of alarms that are the same in both, over all replayed days up to each; late data left aside."""
    same = every = days = 0
    for place in places(tuned=quick):
        series = place.series.to_frequency(Frequency.DAY) if place.series.freq is Frequency.HOUR else place.series
        series = series.select(areas=series.area_ids[:COLUMNS])
        first, once = _raised(series, series.as_of)
        for back in BACK[::4] if quick else BACK:
            day = series.as_of - pd.Timedelta(days=back)
            began, then = _raised(series, day)
            since = max(first, began)
            both = [{each for each in found if since <= each[1] <= day} for found in (once, then)]
            same += len(both[0] & both[1])
            every += len(both[0] | both[1])
            days += 1
    yield Row(
        "warning_replayed_equal", 100 * same / every if every else math.nan, "% of alarms", 100.0, most=False,
        note=f"{every} alarms over {days} replayed days",
    )  # fmt: skip


def _raised(series: Series, until: pd.Timestamp) -> tuple[pd.Timestamp, set[tuple[object, ...]]]:
    """The first watched day, and each alarm as it was raised."""
    found = warnings_of(series, until=until, alarms_per_week=math.inf)
    since = found.since if found.since is not None else until
    return since, {_as_raised(each) for each in found.alarms if each.kind != "late"}


def _as_raised(alarm: Alarm) -> tuple[object, ...]:
    what = (alarm.kind, alarm.until, alarm.since, alarm.area_id, alarm.category, alarm.direction, alarm.deeper)
    figures = (alarm.low, alarm.high, alarm.observed, alarm.strength)
    return (*what, *(float(np.round(each, 9)) for each in figures))
