"""What is known beside the values of a series: public holidays, the clocks, and what the city gives (weather, events)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.forecasting.contract import future_periods
from data import Series
from data.frequency import Frequency
from data.holidays import public_holidays

__all__ = ["regressors_of"]


def regressors_of(series: Series, *, horizon: int) -> pd.DataFrame | None:
    """The regressors of a series, period x name, for its history and the periods to forecast; None where there are none.

    ``holiday`` is the share of public holidays in the period (days and hours: 0 or 1), ``utc_offset`` the hours that the
    local clocks of an hourly series are ahead. Of what the city gives only values up to the series' last period are
    used, as later ones are not known when the forecast is made; each later period takes the mean of the same time of the
    year (within a week of it) in the years before.

    Parameters
    ----------
    series : its frequency, country, time zone and own regressors are read.
    horizon : periods after its last for which values are made too.

    Returns
    -------
    Period x name, without gaps; None where nothing is known.
    """
    periods = pd.DatetimeIndex(series.values.index.append(future_periods(series.values, horizon)))
    table = pd.DataFrame(index=periods)
    if series.country and series.freq in (Frequency.HOUR, Frequency.DAY):
        days = _local(periods, series).normalize()
        table["holiday"] = days.isin(public_holidays(series.country, first=days[0], last=days[-1])).astype(float)
    if series.freq is Frequency.HOUR and series.timezone != "UTC":
        table["utc_offset"] = (_local(periods, series) - periods) / pd.Timedelta("1h")
    if series.regressors is not None:
        known = series.regressors.reindex(periods)
        known.loc[known.index > series.as_of] = np.nan
        table = table.join(known.apply(_filled))
    return table if table.shape[1] else None


def _local(periods: pd.DatetimeIndex, series: Series) -> pd.DatetimeIndex:
    """The local times of periods: those of hours are UTC."""
    if series.freq is not Frequency.HOUR:
        return periods
    return periods.tz_localize("UTC").tz_convert(series.timezone).tz_localize(None)


def _filled(values: pd.Series) -> pd.Series:
    """Values without gaps: each takes the mean at the same hour and time of the year, else the mean of all."""
    gaps = values.isna()
    if not gaps.any():
        return values
    periods = pd.DatetimeIndex(values.index)
    week = (periods.day_of_year // 7).to_numpy()
    usual = values.groupby([week, periods.hour]).transform("mean")
    return values.fillna(usual).fillna(float(values.mean()) if values.notna().any() else 0.0)
