"""The bootstrap: how far a figure would move if other origins, windows or days had been met.

Source: Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapters 13 (percentile intervals) and 8 (blocks).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["BOUNDS", "block_resamples", "mean_interval", "ratio_interval", "resamples"]

Array = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

TIMES = 1000
BOUNDS = (0.025, 0.975)
"""The levels of a 95 % interval."""


def resamples(count: int, *, seed: int, times: int = TIMES) -> Rows:
    """Rows of resamples with replacement, (resample, row); the same for all that is to be compared in pairs.

    Parameters
    ----------
    count : rows that there are, and rows of each resample.
    seed : the same seed gives the same rows.
    times : resamples.

    Returns
    -------
    Whole numbers from 0 to ``count`` - 1.
    """
    return np.random.Generator(np.random.Philox(seed)).integers(0, count, (times, count))


def block_resamples(count: int, *, width: int, seed: int, times: int) -> Rows:
    """Rows of resamples of whole blocks of neighbours, (resample, row), for values that are not independent.

    Parameters
    ----------
    count : rows that there are; those after the last whole block are in no resample.
    width : rows of a block: at least as many as neighbours stay alike.
    seed : the same seed gives the same rows.
    times : resamples.

    Returns
    -------
    Rows in rising order, so that a slow trend stays what it is.
    """
    starts = np.sort(resamples(count // width, seed=seed, times=times), axis=1) * width
    rows: Rows = (starts[:, :, None] + np.arange(width)).reshape(times, -1)
    return rows


def mean_interval(values: Sequence[float] | Array, *, seed: int) -> tuple[float, float, float]:
    """The mean of the known values with its 95 % interval, which is over resamples of them.

    Parameters
    ----------
    values : one each, as of an origin; gaps are NaN.
    seed : of the resamples.

    Returns
    -------
    Mean, low and high; all NaN where no value is known.
    """
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if not len(known):
        return np.nan, np.nan, np.nan
    low, high = np.quantile(known[resamples(len(known), seed=seed)].mean(axis=1), BOUNDS)
    return float(known.mean()), float(low), float(high)


def ratio_interval(ours: Array, theirs: Array, *, seed: int) -> tuple[float, float, float]:
    """The ratio of two means with its 95 % interval, which is over resamples of pairs.

    Parameters
    ----------
    ours, theirs : scores of the same origins, (origin,), without gaps.
    seed : of the resamples.

    Returns
    -------
    Ratio, low and high; all NaN where there is nothing to compare, or theirs is 0 everywhere.
    """
    if not len(ours) or not theirs.any():
        return np.nan, np.nan, np.nan
    rows = resamples(len(ours), seed=seed)
    above, below = ours[rows].mean(axis=1), theirs[rows].mean(axis=1)
    ratios = np.divide(above, below, out=np.full_like(above, np.inf), where=below > 0)
    low, high = np.quantile(ratios, BOUNDS, method="inverted_cdf")
    return float(ours.mean() / theirs.mean()), float(low), float(high)
