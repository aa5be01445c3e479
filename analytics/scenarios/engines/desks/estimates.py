"""How long it takes, how long people wait before they leave, and how much busier a day or a month may be than forecast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting import Backtest
from data.tables import Desk

__all__ = [
    "Duration",
    "Spreads",
    "handling_of",
    "hours_of_week",
    "own_variance",
    "patience_of",
    "spreads_of",
    "variance_of",
]

Floats = npt.NDArray[np.float64]

LEVELS = (
    np.arange(199) + 0.5
) / 199  # at which handling times are kept: their mean is the mean of what is drawn between
SWANSON = (
    0.3  # of the 10 % and of the 90 % point in the mean of a skewed distribution (Swanson's rule; Hurst et al. 2000)
)
TENTHS_APART = 2.5631  # standard deviations between these two points of a normal
QUIET = 0.1  # of the busiest day: a day below it says little of how days scatter
ROUNDS = 4
LEAST_DAYS = 5  # below it the scatter of days is not told from that of hours
WEEKS_KNOWN = pd.Timedelta(hours=2 * 168 - 1)  # by a first cutoff that knew two weeks: others cannot tell the weekdays


@dataclass(frozen=True, eq=False)
class Duration:
    """A mean in seconds and the standard error of its logarithm; ``n`` is what it was estimated from, 0 where it is stated.

    ``table`` holds evenly spaced quantiles over the mean.
    """

    mean: float
    error: float
    n: int
    table: Floats

    def scaled(self, normal: Floats) -> Floats:
        """The mean in each future, from a standard normal."""
        return self.mean * np.exp(self.error * normal)


@dataclass(frozen=True)
class Spreads:
    """Standard deviations of the logarithm by which a whole day, and a whole study, may be busier than forecast.

    They come on top of what each hour's own range says; ``days`` is how many were looked at.
    """

    day: float = 0.0
    whole: float = 0.0
    days: int = 0


def handling_of(desk: Desk) -> Duration:
    """How long it takes to serve somebody: what is stated, taken as exponential, else as the contacts show it.

    Parameters
    ----------
    desk : with either.

    Returns
    -------
    Duration
        Of contacts the mean, its error by the central limit theorem, and the quantiles as they are.
    """
    if desk.handling_seconds is not None:
        return Duration(desk.handling_seconds, 0.0, 0, _exponential())
    assert desk.contacts is not None  # a desk states one or the other
    handled = desk.contacts.loc[desk.contacts["answered"], "handled"].to_numpy(dtype=float)
    mean, n = float(handled.mean()), len(handled)
    quantiles = np.quantile(handled, LEVELS)
    error = float(handled.std(ddof=1)) / mean / np.sqrt(n) if n > 1 else 1.0
    return Duration(mean, float(error), n, quantiles / quantiles.mean())


def patience_of(desk: Desk) -> Duration | None:
    """How long people wait before they leave: what is stated, else the estimate, or None where nothing is known.

    Exponential patience, of which each wait that ended in service saw only the beginning: the maximum likelihood estimate is
    the time that all waited over how many left, with a standard error of 1 / sqrt(left) of the logarithm (Brown et al. 2005,
    JASA 100:36-50, section 5).

    Parameters
    ----------
    desk : with either, or neither.

    Returns
    -------
    Duration or None
        None also where nobody has left yet.
    """
    if desk.patience_seconds is not None:
        return Duration(desk.patience_seconds, 0.0, 0, _exponential())
    left = 0 if desk.contacts is None else int((~desk.contacts["answered"]).sum())
    if desk.contacts is None or not left:
        return None
    return Duration(float(desk.contacts["waited"].sum()) / left, 1 / float(np.sqrt(left)), left, _exponential())


def _exponential() -> Floats:
    quantiles = -np.log1p(-LEVELS)
    found: Floats = quantiles / quantiles.mean()
    return found


def hours_of_week(periods: pd.DatetimeIndex, *, timezone: str) -> npt.NDArray[np.int64]:
    """The hour of the week of each hour, on local clocks.

    Parameters
    ----------
    periods : naive, in UTC.
    timezone : whose clocks.

    Returns
    -------
    Array
        From 0, Monday midnight, to 167.
    """
    local = periods.tz_localize("UTC").tz_convert(timezone)
    return np.asarray(24 * local.day_of_week + local.hour, dtype=np.int64)


def spreads_of(tested: Backtest | None, *, timezone: str, come: npt.NDArray[np.bool_], since: pd.Timestamp) -> Spreads:
    """How much days, and whole horizons, scattered around past forecasts beyond what the ranges of their hours explain.

    Hours of one future are drawn apart from each other, so sums of them would scatter too little: what is seen of sums less
    what the hours explain is left for the day and for the horizon (a decomposition of variances, by moments).

    Parameters
    ----------
    tested : the backtest of an hourly series; its ``track`` has the quantiles of the total of each period.
    timezone : whose days they are.
    come : by hour of the week, whether anybody may come; other hours are left out.
    since : the first hour of the series; what was forecast from less than two weeks is left out.

    Returns
    -------
    Spreads
        None where the track record has no five days.
    """
    if tested is None or tested.track.empty:
        return Spreads()
    track = tested.track.dropna()
    track = track[track["cutoff"] >= since + WEEKS_KNOWN]
    track = track[come[hours_of_week(pd.DatetimeIndex(track["period"]), timezone=timezone)]]
    low, middle, high = (track[f"q{level:g}"].to_numpy(float) for level in (0.1, 0.5, 0.9))
    day = pd.DatetimeIndex(track["period"]).tz_localize("UTC").tz_convert(timezone).normalize()
    parts = pd.DataFrame(
        {"cutoff": track["cutoff"].to_numpy(), "day": day, "seen": track["observed"].to_numpy(float),
         "mean": SWANSON * (low + high) + (1 - 2 * SWANSON) * middle, "hours": variance_of(low, high)}
    )  # fmt: skip
    of_day = 0.0
    # The range of an hour holds the scatter of its day too, and what is told of the one is taken from the other.
    for _ in range(ROUNDS):
        own = parts.assign(hours=own_variance(parts["hours"].to_numpy(), mean=parts["mean"].to_numpy(), common=of_day))
        days = own.groupby(["cutoff", "day"])[["seen", "mean", "hours"]].sum()
        # A holiday that nobody forecast is no slow day: who does not come then waits for nobody.
        busy = days[(days["mean"] > QUIET * days["mean"].max()) & (days["seen"] > QUIET * days["mean"])]
        if len(busy) < LEAST_DAYS:
            return Spreads()
        of_day = max(float(((busy["seen"] - busy["mean"]) ** 2 - busy["hours"]).sum() / (busy["mean"] ** 2).sum()), 0.0)
    sums = busy.assign(squares=busy["mean"] ** 2).groupby("cutoff").sum()
    explained = sums["hours"] + of_day * sums["squares"]
    of_whole = max(float((((sums["seen"] - sums["mean"]) ** 2 - explained) / sums["mean"] ** 2).mean()), 0.0)
    # What lasts over the horizon is part of what each of its days showed.
    return Spreads(float(np.sqrt(max(of_day - of_whole, 0.0))), float(np.sqrt(of_whole)), len(busy))


def own_variance(total: Floats, *, mean: Floats, common: float) -> Floats:
    """What is left of the variance of an hour's count when that which it shares with its day and its study is taken out.

    Parameters
    ----------
    total : variances of counts.
    mean : their means.
    common : variance of the logarithm of what they share.

    Returns
    -------
    Array
        No less than Poisson's, unless the total is.
    """
    found: Floats = np.maximum(total - mean**2 * common, np.minimum(mean, total))
    return found


def variance_of(low: Floats, high: Floats) -> Floats:
    """The variance of a normal by its 10 % and its 90 % point.

    Parameters
    ----------
    low, high : the points.

    Returns
    -------
    Array
        Of their shape.
    """
    found: Floats = ((high - low) / TENTHS_APART) ** 2
    return found
