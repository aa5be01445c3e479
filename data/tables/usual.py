"""What a series by the hour usually counts at some hours of its days, such as eight to nine on working days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.holidays import public_holidays
from data.tables.series import Series

__all__ = ["FEWEST_DAYS", "DayHours", "usual_counts"]

FEWEST_DAYS = 5  # a working week: a mean over fewer would be that of some weekdays
DAYS_OF_A_WEEK = 7


@dataclass(frozen=True)
class DayHours:
    """The hours from ``first`` up to ``end`` on some days of the week (Monday is 0) that are no public holidays."""

    first: int
    end: int
    weekdays: tuple[int, ...]


def usual_counts(series: Series, hours: DayHours, *, weeks: int) -> pd.DataFrame:
    """The mean count an hour by area and by category over the usual days of the series' last weeks.

    A day counts where each of its hours has a value, by the clocks of the city: a day on which the clocks change within the
    hours does not. Of an area all categories are summed, of a category all areas; where one of them has a gap, so has the sum.

    Parameters
    ----------
    series : counts by the hour.
    hours : of which days.
    weeks : how many back from the newest day of the series, that day included.

    Returns
    -------
    pd.DataFrame
        By id (of an area or category): ``volume`` (the series' unit an hour; NaN where no day counts), ``days`` that count,
        ``spread`` (the standard deviation from day to day, NaN of a single one), and ``since`` and ``until``, the first
        and the last of them (NaT where there is none).
    """
    values = _usual(series, hours, weeks=weeks)
    by = {level: values.T.groupby(level=level, sort=False).sum(min_count=1).T for level in values.columns.names}
    whole = {level: values.isna().T.groupby(level=level, sort=False).any().T for level in values.columns.names}
    wide = pd.concat([each.where(~whole[level]) for level, each in by.items()], axis=1)
    wide = wide.loc[:, ~wide.columns.duplicated()]  # an area that is called like a category comes first
    days = wide.groupby(pd.DatetimeIndex(wide.index).normalize())
    counted = days.mean().where(days.count() == hours.end - hours.first)
    known = counted.notna()
    dates = pd.DataFrame(np.where(known, counted.index.to_numpy()[:, None], np.datetime64("NaT")), columns=wide.columns)
    return pd.DataFrame(
        {
            "volume": counted.mean(),
            "days": known.sum(),
            "spread": counted.std(),
            "since": dates.min(),
            "until": dates.max(),
        }
    )


def _usual(series: Series, hours: DayHours, *, weeks: int) -> pd.DataFrame:
    """The values at the hours of the usual days, by the city's clocks."""
    local = pd.DatetimeIndex(series.values.index).tz_localize("UTC").tz_convert(series.timezone).tz_localize(None)
    newest = local[-1].normalize()
    first = newest - pd.Timedelta(days=DAYS_OF_A_WEEK * weeks - 1)
    chosen = (local >= first) & (local.hour >= hours.first) & (local.hour < hours.end)
    chosen &= local.day_of_week.isin(hours.weekdays)
    if series.country:
        chosen &= ~local.normalize().isin(public_holidays(series.country, first=first, last=newest))
    return series.values.loc[chosen].set_axis(local[chosen])
