"""Ranges from past errors, pooled over series and steps ahead (split conformal), wider when they lately missed too often.

``conformal`` serves models that say only where the middle lies: their errors come from the backtest. ``ranged`` serves
models that make their own ranges: it fits them at a few earlier moments of the history that they are given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.contract import GRID
from analytics.forecasting.scoring import naive_scales
from analytics.forecasting.uncertainty.distribution import GridDistribution

__all__ = ["conformal", "error_scale", "growth_of", "ranged", "spread_factor"]

Array = npt.NDArray[np.float64]
Fit = Callable[[Array, int], tuple[Array, Array]]

SMALLEST_SCALE = 0.1  # of a series that never changed
PROMISED = 0.8  # the range that is watched for drift
# How fast the spread follows misses: a window that missed half instead of a fifth widens the next by a third.
ADAPTING = 1.0
WIDEST, NARROWEST = 3.0, 1 / 1.5
EXTREME = 20.0  # errors beyond this many scales say nothing about how errors grow with the step
OWN_ORIGINS = (0.5, 1.0)  # horizons before the end at which a model is fitted again for its own ranges
SEASONS_KNOWN = 2.5  # what a series must hold before such a moment
MOST_GROWN = 2.0  # times that a series' typical error may have grown since such a moment
PRIOR = 0.5  # moments' worth of belief that a series errs as its one-step errors say


def error_scale(history: pd.DataFrame, mean: Array) -> Array:
    """What an error is divided by before it is pooled, (period, column).

    It grows with the root of the mean, as a count's spread does, and is at least half of the change from one season to
    the next, for values that are no counts.

    Parameters
    ----------
    history : period x column.
    mean : the model's, (period, column).

    Returns
    -------
    (period, column), in the unit of the values, above 0.
    """
    change = np.nan_to_num(naive_scales(history)[0], nan=0.0)
    scale: Array = np.maximum(np.sqrt(np.maximum(mean, 0.0)), change / 2) + SMALLEST_SCALE
    return scale


def growth_of(errors: Array, *, horizon: int) -> Array:
    """How errors (origin, step, column) grow with the step, (horizon,): their mean size as step ** power.

    The power, from 0 (no growth) to 1, is fitted to the logarithms, so a few noisy steps do not bend it and it goes on
    beyond the steps that were seen; all are 1 where nothing was seen.

    Parameters
    ----------
    errors : scaled, (origin, step, column), gaps NaN.
    horizon : steps that are wanted, also beyond those seen.

    Returns
    -------
    (horizon,), rising or level.
    """
    size = np.minimum(np.abs(errors), EXTREME)
    known = ~np.isnan(size)
    count = known.sum(axis=(0, 2))
    mean = np.where(known, size, 0.0).sum(axis=(0, 2)) / np.maximum(count, 1)
    seen = np.flatnonzero(mean > 0)
    if not len(seen):
        return np.ones(horizon)
    steps, weight = np.log(seen + 1.0), np.sqrt(count[seen])
    apart = steps - np.average(steps, weights=weight)
    logs = np.log(mean[seen])
    power = float(np.clip((weight * apart * logs).sum() / max((weight * apart**2).sum(), 1e-12), 0.0, 1.0))
    start = np.exp(np.average(logs - power * steps, weights=weight))
    growth: Array = start * np.arange(1, horizon + 1) ** power
    return growth


def spread_factor(errors: Array) -> float:
    """How much wider (or narrower) a range must be than past errors (origin, ...) say, because it lately failed.

    Each origin's range is made from the origins before it; where it held less than promised the next is widened, and
    the other way round: the quantile tracking of Angelopoulos, Candès and Tibshirani (2023), Conformal PID Control, on
    a logarithmic scale.
    """
    factor = 1.0
    for index in range(1, len(errors)):
        before = errors[:index][~np.isnan(errors[:index])]
        here = errors[index][~np.isnan(errors[index])]
        if len(before) and len(here):
            low, high = np.quantile(before, [(1 - PROMISED) / 2, (1 + PROMISED) / 2])
            middle = (low + high) / 2
            missed = float((np.abs(here - middle) > factor * (high - low) / 2).mean())
            factor *= float(np.exp(ADAPTING * (missed - (1 - PROMISED))))
            factor = float(np.clip(factor, NARROWEST, WIDEST))
    return factor


def conformal(history: pd.DataFrame, mean: Array, errors: Array, *, whole: bool) -> GridDistribution:
    """The distribution around a model's mean (period, column) that its past errors give.

    ``errors`` (origin, step, column), oldest first, are past (observed - mean) / scale; gaps are left out. They are pooled
    over series and, freed of their growth with the step, over steps. Of n errors the k-th smallest is at level
    k / (n + 1), which keeps the promise for exchangeable errors (Lei and others 2018, Distribution-Free Predictive
    Inference for Regression); for those that drift it is widened by ``spread_factor``. The mean is corrected by theirs.
    Nothing is below 0 where nothing in the history was.

    Parameters
    ----------
    history : period x column.
    mean : the model's, (period, column).
    errors : as above.
    whole : whether values are whole numbers.

    Returns
    -------
    At ``GRID``, for each (period, column).
    """
    growth = growth_of(errors, horizon=max(len(mean), errors.shape[1]))
    level = errors / growth[: errors.shape[1], None]
    known = level[~np.isnan(level)]
    known = known if len(known) else np.zeros(1)
    centre = float(np.median(known))
    spread = centre + (np.quantile(known, GRID, method="weibull") - centre) * spread_factor(level)
    scale = error_scale(history, mean) * growth[: len(mean), None]
    values = mean + scale * spread[:, None, None]
    corrected = mean + scale * known.mean()
    if np.nanmin(history.to_numpy(dtype=float), initial=0.0) >= 0:
        values, corrected = np.maximum(values, 0.0), np.maximum(corrected, 0.0)
    return GridDistribution(values, corrected, whole)


def ranged(fit: Fit, values: Array, *, horizon: int, season: int, levels: Sequence[float]) -> tuple[Array, Array]:
    """A model's point (period, column), and quantiles (level, period, column) from its errors at earlier moments.

    ``fit(values, horizon)`` returns the point and each column's typical error one step ahead, (column,), for values
    (period, column) whose gaps are NaN. An error is divided by that, by the growth with the step that all series share,
    and by how much larger than them the series' errors at the *other* moments were; what is left is pooled.

    Parameters
    ----------
    fit : the model, as above.
    values : (period, column), gaps NaN.
    horizon : periods ahead.
    season : periods: a series must hold two and a half before a moment counts.
    levels : of the quantiles, rising.

    Returns
    -------
    (period, column) and (level, period, column).
    """
    point, scale = fit(values, horizon)
    moments = sorted({max(1, round(share * horizon)) for share in OWN_ORIGINS})
    least = scale / MOST_GROWN
    errors = np.stack([_errors_at(fit, values, len(values) - back, horizon, season, least) for back in moments])
    growth = growth_of(errors, horizon=horizon)
    level = errors / growth[:, None]
    size = np.where(np.isnan(level), 0.0, np.minimum(np.abs(level), EXTREME)).sum(axis=1)
    count = (~np.isnan(level)).sum(axis=1).astype(float)
    prior = PRIOR * max(float(count.max(initial=0.0)), 1.0)

    def own(kept: list[int]) -> Array:
        larger: Array = (size[kept].sum(axis=0) + prior) / (count[kept].sum(axis=0) + prior)
        return larger

    indices = range(len(moments))
    pooled = np.stack([level[index] / own([each for each in indices if each != index]) for index in indices])
    known = pooled[~np.isnan(pooled)]
    # Too short a history for any trial: the one-step errors, taken as normal, are all there is.
    spread = np.quantile(known, levels, method="weibull") if len(known) else np.asarray(_normal_quantiles(levels))
    width = scale * own(list(indices)) * growth[:, None]
    return point, point + width * spread[:, None, None]


def _errors_at(fit: Fit, values: Array, row: int, horizon: int, season: int, least: Array) -> Array:
    """Scaled errors (step, column) of a model fitted on the rows before one; NaN where too little was known.

    No column's scale is below ``least``: where nothing had varied yet, its first error would be endlessly many scales.
    """
    errors = np.full((horizon, values.shape[1]), np.nan)
    enough = (~np.isnan(values[: max(row, 0)])).sum(axis=0) >= max(SEASONS_KNOWN * season, 4)
    if row < 2 or not enough.any():
        return errors
    point, scale = fit(values[:row][:, enough], horizon)
    observed = values[row : row + horizon][:, enough]
    errors[: len(observed), enough] = (observed - point[: len(observed)]) / np.maximum(scale, least[enough])
    return errors


def _normal_quantiles(levels: Sequence[float]) -> Array:
    from scipy.special import ndtri

    answer: Array = ndtri(np.asarray(levels, dtype=float))
    return answer
