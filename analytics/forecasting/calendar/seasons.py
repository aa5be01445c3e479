"""The season of each series of a panel: its shape, shrunk to nothing where it is no clearer than chance, and its memory."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy

__all__ = ["remembered", "seasonal_shape", "trend_line", "unseen_share"]

Array = npt.NDArray[np.float64]

NEAR = 14  # days of the year within which it is the same season
LEAP_YEAR = 366
HALF_LIFE = 5.0  # seasons after which a season counts for half in the shape


def trend_line(values: Array, *, season: int) -> Array:
    """The centred mean over one season, (period, column); NaN within half a season of either end and over gaps.

    Parameters
    ----------
    values : (period, column), gaps NaN.
    season : periods.

    Returns
    -------
    (period, column).
    """
    width = np.ones(season + 1 - season % 2)
    if season % 2 == 0:
        width[[0, -1]] = 0.5
    half = len(width) // 2
    line = np.full(values.shape, np.nan)
    inside = len(values) - 2 * half
    if inside > 0:
        total = np.zeros((inside, *values.shape[1:]))
        for place, weight in enumerate(width):
            total += weight * values[place : place + inside]
        line[half : half + inside] = total / season
    return line


def seasonal_shape(values: Array, *, season: int) -> Array:
    """What each place in the season adds to a series, (season, column), by row number modulo the season; sums to 0.

    The mean distance from the trend line at each place, recent seasons counting more, shrunk by James and Stein's
    factor: the share of its variance that the noise of the means does not explain (Miller and Williams 2003, Shrinkage
    Estimators of Time Series Seasonal Factors). 0 for a season of one period or a history below two seasons.

    Parameters
    ----------
    values : (period, column), gaps NaN.
    season : periods.

    Returns
    -------
    (season, column), in the unit of the values.
    """
    columns = values.shape[1]
    if season < 2 or len(values) < 2 * season:
        return np.zeros((max(season, 1), columns))
    apart = values - trend_line(values, season=season)
    known = ~np.isnan(apart)
    index = np.arange(len(values)) % season
    belief = 0.5 ** ((len(values) - 1 - np.arange(len(values))) / (HALF_LIFE * season))[:, None] * known
    weighed = np.where(known, apart, 0.0) * belief
    total, weight = (_folded(each, season) for each in (weighed, belief))
    shape = np.divide(total, weight, out=np.zeros_like(total), where=weight > 0)
    shape -= shape.mean(axis=0)
    rest = np.where(known, apart - shape[index], 0.0)
    count = known.sum(axis=0)
    noise = (rest**2).sum(axis=0) / np.maximum(count - season + 1, 1) / np.maximum(count / season, 1.0)
    strength = (shape**2).mean(axis=0)
    # With fewer than four places the formula has no mean; then nothing is shrunk away.
    share = max(season - 3, 0) / season
    kept = np.clip(1 - share * noise / np.maximum(strength, 1e-300), 0.0, 1.0)
    shrunk: Array = shape * np.where(count >= 2 * season, kept, 0.0)
    return shrunk


def _folded(values: Array, season: int) -> Array:
    """The sum at each place in the season, (season, column)."""
    rows = -(-len(values) // season)
    whole = np.zeros((rows * season, values.shape[1]))
    whole[: len(values)] = values
    folded: Array = whole.reshape(rows, season, values.shape[1]).sum(axis=0)
    return folded


def remembered(values: Array, *, lag: int, half_life: float) -> Array:
    """At each period the mean of it and of those whole multiples of ``lag`` before it; NaN where none of them is known.

    ``values`` is (period,) or (period, column), gaps NaN; a value ``half_life`` lags older counts for half.

    Parameters
    ----------
    values : (period,) or (period, column), gaps NaN.
    lag : periods between the values that belong together.
    half_life : lags after which a value counts for half.

    Returns
    -------
    Of the shape of the values.

    >>> remembered(np.array([1.0, 9.0, 2.0, np.nan]), lag=2, half_life=1.0).round(3).tolist()
    [1.0, 9.0, 1.667, 9.0]
    """
    rows = -(-len(values) // lag)
    ahead = rows * lag - len(values)
    folded = np.full((rows * lag, *values.shape[1:]), np.nan)
    folded[ahead:] = values
    folded = folded.reshape(rows, -1)
    known = ~np.isnan(folded)
    rate = 0.5 ** (1 / half_life)
    total, count = (
        np.asarray(scipy.signal.lfilter([1.0], [1.0, -rate], each, axis=0))
        for each in (np.where(known, folded, 0.0), known.astype(float))
    )
    mean = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 1e-6)
    answer: Array = mean.reshape(rows * lag, *values.shape[1:])[ahead:]
    return answer


def unseen_share(ahead: pd.DatetimeIndex, seen: pd.DatetimeIndex) -> float:
    """The share of periods that lie over two weeks of the year from all others, whatever the year.

    Parameters
    ----------
    ahead : periods, at least one.
    seen : those that are compared with; may be none.

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> days = pd.date_range("2021-12-18", "2022-01-14")
    >>> unseen_share(days, pd.DatetimeIndex(["2019-12-20"])), unseen_share(days, days - pd.DateOffset(years=1))
    (0.42857142857142855, 0.0)
    """
    covered = np.zeros(LEAP_YEAR + 1, dtype=bool)
    for off in range(-NEAR, NEAR + 1):
        covered[(seen.day_of_year.to_numpy() + off - 1) % LEAP_YEAR + 1] = True
    return float((~covered[ahead.day_of_year.to_numpy()]).mean())
