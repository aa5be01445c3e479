"""The hours of a table as alarms beside those of its days: of hourly counts, and of incidents with times."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.monitoring.warnings.alarms import Alarm, Record
from analytics.monitoring.warnings.hours import LEVELS, Hour, Hours, hours_of, raised_hours, stayed
from analytics.monitoring.warnings.panel import Panel
from analytics.monitoring.warnings.thresholds import BUDGET
from analytics.monitoring.warnings.watch import Watched
from data import Incidents, Series
from data.calendar import mostly_midnight
from data.frequency import Frequency
from data.tables import CITY

__all__ = ["hour_alarms", "series_of_incidents"]

HOUR, A_DAY = pd.Timedelta(hours=1), Frequency.DAY.periods_a_year
A_YEAR = Frequency.HOUR.periods_a_year


def hour_alarms(
    series: Series, panel: Panel, *, first: pd.Timestamp, days: Sequence[Watched] = ()
) -> tuple[tuple[Alarm, ...], Record]:
    """Alarms of single hours, but of no day that was already told when the hour came, and how such alarms fared.

    Parameters
    ----------
    series : hourly counts.
    panel : of the same series by days.
    first : the day from which on hours are watched.
    days : the watch of its days, span by span, where there is one.

    Returns
    -------
    Alarms in order of time; their record counts all series together.
    """
    hours = hours_of(series, panel)
    raised = [each for each in raised_hours(hours, first=first) if not _known_by_day(hours, each, days)]
    judged = stayed(hours, raised)
    begin = max(0, (first - hours.start) // HOUR)
    known = ~np.isnan(hours.up[begin:]) & ~np.isnan(hours.actual[begin:])
    record = Record(
        "hour", len(raised), len(judged), sum(judged), float(known.sum() / A_YEAR), BUDGET["hour"]
    )  # fmt: skip
    return tuple(_alarm(series, panel, hours, each, record) for each in raised), record


def series_of_incidents(incidents: Incidents, *, country: str, until: pd.Timestamp | None = None) -> Series | None:
    """Incidents of the whole city by hour and category; None where they have no time of day.

    Parameters
    ----------
    incidents : with naive local times.
    country : whose holidays there are.
    until : the last day that is known; that of the incidents by default.

    Returns
    -------
    Hourly counts, named and titled as the incidents are.
    """
    last = incidents.until if until is None else min(until, incidents.until)
    frame = incidents.frame[incidents.frame["time"] < last.normalize() + pd.Timedelta(days=1)]
    if frame.empty or mostly_midnight(frame["time"]):
        return None
    hours = pd.date_range(incidents.since.normalize(), last.normalize() + 23 * HOUR, freq="h", name="period")
    kind, kinds = pd.factorize(frame["category"], sort=True)
    hour = ((frame["time"] - hours[0]) // HOUR).to_numpy()
    inside = (hour >= 0) & (hour < len(hours)) & (kind >= 0)
    places = hour[inside].astype(np.int64) * len(kinds) + kind[inside]
    counted = np.bincount(places, minlength=len(hours) * len(kinds)).reshape(len(hours), len(kinds))
    columns = pd.MultiIndex.from_product([[CITY], kinds], names=["area_id", "category"])
    values = pd.DataFrame(counted.astype(float), hours, columns)
    return Series(
        incidents.name, str(incidents.title), values, incidents.provenance, freq=Frequency.HOUR, country=country,
    )  # fmt: skip


def _known_by_day(hours: Hours, hour: Hour, days: Sequence[Watched]) -> bool:
    """Whether an alarm of the day or of a spell that goes on was out by the end of the hour's day."""
    day = hours.start.normalize() + pd.Timedelta(days=hour.row // 24)
    for span in days:
        row = (day - span.periods[0]).days
        if span.begins <= row < len(span.periods):
            out = [each.until for each in span.raised if each.column == hour.column and each.until <= row]
            return bool(out) and bool(span.alarmed[max(out) : row + 1, hour.column].all())
    return False


def _alarm(series: Series, panel: Panel, hours: Hours, hour: Hour, record: Record) -> Alarm:
    place = (hour.row, hour.column)
    root, spread = hours.root[place], hours.spread[place]
    low, high = (max(root + sign * LEVELS * spread, 0.0) ** 2 for sign in (-1, 1))
    area, category = panel.names[hour.column]
    when = hours.start + hour.row * HOUR
    return Alarm(
        kind="hour",
        series=series.name,
        series_title=series.title,
        area_id=area,
        category=category,
        since=when,
        until=when,
        direction="up" if hour.direction > 0 else "down",
        low=float(low),
        high=float(high),
        observed=float(hours.actual[place]),
        strength=min(1.0, hour.recurrence / A_DAY),
        false_alarms_per_year=record.false_per_year,
        null_per_year=record.null_per_year,
        past_precision=record.precision,
        past_n=record.judged,
        raised_per_year=record.per_year,
        expected=float(root**2),
        area_name=area,
        after="hours",
    )
