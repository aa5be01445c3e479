"""Intervals for models that have none: their past errors, pooled over series and horizons (split conformal)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.contract import GRID
from analytics.forecasting.distribution import GridDistribution
from analytics.forecasting.scoring import naive_scales

__all__ = ["conformal", "error_scale"]

Array = npt.NDArray[np.float64]

SMALLEST_SCALE = 0.1  # of a series that never changed


def error_scale(history: pd.DataFrame, mean: Array) -> Array:
    """What an error is divided by before it is pooled, (period, column).

    It grows with the root of the mean, as a count's spread does, and is at least half of the change from one season to
    the next, for values that are no counts.
    """
    change = np.nan_to_num(naive_scales(history)[0], nan=0.0)
    scale: Array = np.maximum(np.sqrt(np.maximum(mean, 0.0)), change / 2) + SMALLEST_SCALE
    return scale


def conformal(history: pd.DataFrame, mean: Array, errors: Array, *, whole: bool) -> GridDistribution:
    """The distribution around a model's mean (period, column) that its past errors give.

    ``errors`` are past (actual - mean) / scale, pooled into one dimension; gaps are left out. Of n errors the k-th
    smallest is at level k / (n + 1), which keeps the promise for exchangeable errors (Lei and others 2018,
    Distribution-Free Predictive Inference for Regression). The mean is corrected by theirs. Nothing is below 0 where
    nothing in the history was.
    """
    known = errors[~np.isnan(errors)]
    known = known if len(known) else np.zeros(1)
    scale = error_scale(history, mean)
    spread = np.quantile(known, GRID, method="weibull")
    values = mean + scale * spread[:, None, None]
    corrected = mean + scale * known.mean()
    if np.nanmin(history.to_numpy(dtype=float), initial=0.0) >= 0:
        values, corrected = np.maximum(values, 0.0), np.maximum(corrected, 0.0)
    return GridDistribution(values, corrected, whole)
