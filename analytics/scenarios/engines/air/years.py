"""A year of a monitor's air in each future: weeks that were measured, each in its season, with the road's part moved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.environment.roadside import hourly_beside, running_means
from analytics.streams import Streams
from data.tables import Monitor

__all__ = ["WEATHER", "Weeks", "levels_of", "weeks_of", "years_of"]

Array = npt.NDArray[np.float64]

WEEK, WEEKS = 168, 52
HOURS_A_YEAR = 8_766.0
NEAR = 2  # weeks of the year: as far from its own a week may stand in
WEATHER = "air.weeks"


@dataclass(frozen=True, eq=False)
class Weeks:
    """Whole weeks that were measured: hourly ``air`` and ``vehicles``, and the running means of both that end in each hour,
    (week, hour), NaN for gaps; ``season`` is the week of the year of each.
    """

    air: Array
    vehicles: Array
    mean_air: Array
    mean_vehicles: Array
    season: npt.NDArray[np.int64]

    @property
    def seen(self) -> tuple[float, float]:
        """The least and the most that a week's traffic was, over the mean of all, less 1."""
        weekly = np.nanmean(self.vehicles, axis=1) / np.nanmean(self.vehicles)
        return float(weekly.min() - 1), float(weekly.max() - 1)


@lru_cache(maxsize=8)
def weeks_of(monitor: Monitor) -> Weeks:
    """The weeks of a monitor in which at least half of the hours have both values."""
    frame = hourly_beside(monitor)[["air", "vehicles"]]
    both = frame.where(frame.notna().all(axis=1)).to_numpy(dtype=float).T
    lead = np.full((2, monitor.hours - 1), np.nan)
    means = running_means(np.concatenate([lead, both], axis=1), monitor.hours)
    whole = both.shape[1] // WEEK
    split = [each[: whole * WEEK].reshape(whole, WEEK) for each in (*both, *means)]
    starts = pd.DatetimeIndex(frame.index)[: whole * WEEK : WEEK]
    season = np.minimum((starts.day_of_year.to_numpy() - 1) // 7, WEEKS - 1).astype(np.int64)
    known = (~np.isnan(split[0])).mean(axis=1) >= 0.5
    air, vehicles, mean_air, mean_vehicles = (each[known] for each in split)
    return Weeks(air, vehicles, mean_air, mean_vehicles, season[known])


def years_of(weeks: Weeks, streams: Streams) -> npt.NDArray[np.int64]:
    """Of each future the weeks that its year is made of, (draw, week of the year): one of those nearest in season.

    Parameters
    ----------
    weeks : that were measured.
    streams : the same for every option.

    Returns
    -------
    numpy array
        Rows of `weeks`.
    """
    luck = streams.uniform(WEATHER, [str(each) for each in range(WEEKS)])
    chosen = np.empty((luck.shape[1], WEEKS), dtype=np.int64)
    for week in range(WEEKS):
        apart = np.abs(weeks.season - week)
        apart = np.minimum(apart, WEEKS - apart)
        near = np.flatnonzero(apart <= max(NEAR, int(apart.min())))
        chosen[:, week] = near[(luck[week] * len(near)).astype(np.int64)]
    return chosen


def levels_of(
    weeks: Weeks, chosen: npt.NDArray[np.int64], added: Array, guideline: float | None
) -> tuple[Array, Array | None]:
    """The year's mean at the monitor, and the hours whose running mean lies above the guideline, by draw.

    Parameters
    ----------
    weeks : that were measured.
    chosen : of each draw its weeks, (draw, week).
    added : for each vehicle of an hour, in the unit of the air, by draw; 0 changes nothing.
    guideline : None where there is none.

    Returns
    -------
    tuple
        Means, and hours of a year, by draw.
    """
    known = (~np.isnan(weeks.air)).sum(axis=1)
    air, vehicles = np.nansum(weeks.air, axis=1), np.nansum(weeks.vehicles, axis=1)
    counted = known[chosen].sum(axis=1)
    mean = (air[chosen].sum(axis=1) + added * vehicles[chosen].sum(axis=1)) / counted
    if guideline is None:
        return np.maximum(mean, 0.0), None
    stated = (~np.isnan(weeks.mean_air)).sum(axis=1)
    above = np.empty(len(added))
    for draw, each in enumerate(added):
        over = (weeks.mean_air + each * weeks.mean_vehicles > guideline).sum(axis=1)
        above[draw] = over[chosen[draw]].sum() / max(stated[chosen[draw]].sum(), 1)
    return np.maximum(mean, 0.0), above * HOURS_A_YEAR
