"""Days of a series and the temperature beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.errors import MeasurementError
from data import Series
from data.frequency import Frequency
from data.holidays import public_holidays

__all__ = ["Days", "daily", "days_beside"]


@dataclass(frozen=True, eq=False)
class Days:
    """Days with both: ``frame`` has day × (temperature, observed); ``left_out`` counts those that lack one."""

    frame: pd.DataFrame
    left_out: int

    def working(self, country: str) -> npt.NDArray[np.float64]:
        """1 from Monday to Friday, 0 at weekends and on the public holidays of a country ("" for none)."""
        index = pd.DatetimeIndex(self.frame.index)
        working = index.day_of_week.to_numpy() < 5
        if country:
            working = working & ~index.isin(public_holidays(country, first=index[0], last=index[-1]))
        return np.asarray(working, dtype=np.float64)


def daily(series: Series) -> pd.Series:
    """The total of a series by local day; days of hourly amounts are means of their hours.

    Raises
    ------
    MeasurementError
        When its periods are longer than a day, or its areas do not add up.
    """
    if series.freq not in (Frequency.HOUR, Frequency.DAY):
        raise MeasurementError("longer_than_days", series=series.title, freq=series.freq)
    if not series.adds_up:
        raise MeasurementError("several_places", series=series.title, areas=list(series.area_ids))
    days = series if series.freq is Frequency.DAY else series.to_frequency(Frequency.DAY)
    return days.total()


def days_beside(
    values: pd.Series, temperature: pd.Series, *, since: pd.Timestamp | None = None, until: pd.Timestamp | None = None
) -> Days:
    """The days of both within the days asked for.

    Parameters
    ----------
    values : by local day.
    temperature : by local day.
    since, until : the first and the last day that count; None for all.

    Returns
    -------
    Days
        Those that have both.
    """
    frame = pd.DataFrame({"temperature": temperature, "observed": values}).loc[since:until]
    known = frame.dropna()
    if known.empty:
        return Days(known, 0)
    inside = frame.loc[known.index[0] : known.index[-1]]
    return Days(known, len(inside) - len(known))
