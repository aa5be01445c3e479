"""What a monitor beside a counted road shows of its traffic: micrograms for each vehicle, and how far they would fall or rise.

Where a background is measured too, what both share (weather, other sources) is taken off first: the roadside increment
(Lenschow et al. 2001, Some ideas about the sources of PM10, Atmospheric Environment 35). The increment of an hour is a line on
the vehicles of the hour, by least squares; intervals come from whole weeks drawn with replacement, as neighbouring hours are
alike. Without a background, hour of the day, weekend and month stand in for it, and the line is of what strays from them.
Nothing here is a model of how air moves: what is measured at the monitor is told of the monitor alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.errors import MeasurementError
from analytics.resampling import BOUNDS, resamples
from data.tables import Monitor

__all__ = ["FEWEST_HOURS", "Roadside", "hours_above", "roadside_relation", "running_means"]

Array = npt.NDArray[np.float64]

WEEK = 168
TIMES = 400
FEWEST_HOURS = 26 * WEEK  # half a year, so that weeks of more than one season are drawn


@dataclass(frozen=True, eq=False)
class Roadside:
    """The relation at a monitor.

    ``per_vehicle`` (unit of the air for each vehicle an hour) with 95 % interval ``low`` to ``high`` and standard ``error``;
    ``share`` of the mean at the monitor that goes with the road's traffic; ``hours`` that it rests on, ``left_out`` for want of a
    value; ``vehicles`` the least and most an hour that were seen (1 in 100 hours beyond each); ``increment`` whether a
    background was taken off.
    """

    per_vehicle: float
    low: float
    high: float
    error: float
    share: float
    hours: int
    left_out: int
    vehicles: tuple[float, float]
    increment: bool
    r2: float


def hourly_beside(monitor: Monitor) -> pd.DataFrame:
    """The hours of a monitor: ``air``, ``vehicles`` and, where there is one, ``background``; gaps are NaN."""
    air = monitor.air.values.T.groupby(level="area_id").mean().T  # categories of one place are stated one by one
    traffic = monitor.traffic.values.T.groupby(level="area_id").sum(min_count=1).T
    found = {"air": air[monitor.area_id], "vehicles": traffic[monitor.counter_id]}
    if monitor.background_id:
        found["background"] = air[monitor.background_id]
    return pd.DataFrame(found)


def roadside_relation(monitor: Monitor, *, seed: int = 0) -> Roadside:
    """What one vehicle an hour more goes with at a monitor.

    Parameters
    ----------
    monitor : beside a counted road.
    seed : of the resamples.

    Returns
    -------
    Roadside
        With its uncertainty.

    Raises
    ------
    MeasurementError
        When fewer than half a year of hours have all values, or the traffic hardly varies.
    """
    frame = hourly_beside(monitor)
    known = frame.dropna()
    if len(known) < FEWEST_HOURS:
        raise MeasurementError("few_hours", monitor=monitor.title, hours=len(known), least=FEWEST_HOURS)
    vehicles, response = known["vehicles"].to_numpy(), known["air"].to_numpy()
    if monitor.background_id:
        explained, rest = vehicles - vehicles.mean(), response - known["background"].to_numpy()
    else:
        hours = pd.DatetimeIndex(known.index)
        strata = [hours.hour, hours.day_of_week > 4, hours.month]
        explained, rest = (each - each.groupby(strata).transform("mean") for each in (known["vehicles"], known["air"]))
        explained, rest = explained.to_numpy(), rest.to_numpy()
    if not np.var(explained) > 1e-9 * max(float(np.mean(vehicles)) ** 2, 1e-9):
        raise MeasurementError("traffic_flat", monitor=monitor.title)
    week = (np.asarray(pd.DatetimeIndex(known.index).asi8) // (WEEK * 3_600_000_000_000)).astype(np.int64)
    slope, low, high, error = _slope(explained, rest, np.unique(week, return_inverse=True)[1], seed=seed)
    fitted = rest.mean() + slope * (explained - explained.mean())
    least, most = np.quantile(vehicles, (0.01, 0.99))
    return Roadside(
        per_vehicle=slope, low=low, high=high, error=error, share=float(slope * vehicles.mean() / response.mean()),
        hours=len(known), left_out=int(frame["air"].notna().sum()) - len(known), vehicles=(float(least), float(most)),
        increment=bool(monitor.background_id), r2=float(1 - np.var(rest - fitted) / np.var(rest)),
    )  # fmt: skip


def _slope(x: Array, y: Array, block: npt.NDArray[np.int64], *, seed: int) -> tuple[float, float, float, float]:
    """The slope of least squares with an intercept, its interval over blocks drawn with replacement, and its spread."""
    sums = np.stack([np.bincount(block, each) for each in (np.ones(len(x)), x, y, x * x, x * y)])
    drawn = resamples(sums.shape[1], seed=seed, times=TIMES)
    n, sx, sy, sxx, sxy = (each[drawn].sum(axis=1) for each in sums)
    slopes = (n * sxy - sx * sy) / (n * sxx - sx**2)
    n, sx, sy, sxx, sxy = sums.sum(axis=1)
    low, high = np.quantile(slopes, BOUNDS)
    return float((n * sxy - sx * sy) / (n * sxx - sx**2)), float(low), float(high), float(slopes.std(ddof=1))


def running_means(values: Array, hours: int) -> Array:
    """The mean of each hour and those before it, so many in all.

    Parameters
    ----------
    values : by hour on the last axis, without gaps but at whole stretches of NaN.
    hours : of a mean.

    Returns
    -------
    As many as there are hours, less ``hours`` - 1; NaN where one of its hours is.
    """
    if hours == 1:
        return values
    windows = np.lib.stride_tricks.sliding_window_view(values, hours, axis=-1)
    return np.asarray(windows.mean(axis=-1))


def hours_above(values: Array, *, guideline: float, hours: int) -> Array:
    """The share of running means above a guideline.

    Parameters
    ----------
    values : by hour on the last axis; NaN for gaps.
    guideline : that a mean may reach and not exceed.
    hours : of a mean.

    Returns
    -------
    Between 0 and 1, of the means that are known; NaN where none is.
    """
    means = running_means(values, hours)
    known = ~np.isnan(means)
    return np.asarray(
        ((means > guideline) & known).sum(axis=-1) / np.where(known.any(axis=-1), known.sum(axis=-1), np.nan)
    )
