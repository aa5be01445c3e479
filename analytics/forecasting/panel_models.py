"""What models of level, trend and season share: logarithms in, a smoother for all series at once, ranges on top."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.contract import GRID, Prediction, future_periods, panel_array, season_of
from analytics.forecasting.uncertainty.intervals import ranged

__all__ = ["Smoother", "forecast_panel", "stated_of"]

Array = npt.NDArray[np.float64]
Smoother = Callable[[Array, int, int], tuple[Array, Array]]

SEASONS_KEPT = 12  # older data move neither the level nor the trend that matters now
LEAST_KEPT = 200  # periods that are kept at least
LARGEST_LOG = 69.0  # e^69 is 10^30: no forecast of a positive series needs more


def forecast_panel(
    smoother: Smoother, history: pd.DataFrame, *, horizon: int, quantiles: Sequence[float]
) -> Prediction:
    """The prediction of a smoother.

    ``smoother(values, horizon, season)`` takes values (period, column), gaps NaN, and returns the point (period, column) and the
    typical one-step error of each column. Series above 0 that change by shares of what they are, and not by as much
    whatever they are, are taken as logarithms; nothing is forecast below 0 where nothing was.

    Parameters
    ----------
    smoother : the model, as above.
    history : period x (area_id, category), gaps NaN.
    horizon : periods ahead.
    quantiles : levels, rising.

    Returns
    -------
    Mean and quantiles of each column.
    """
    season = season_of(history)
    values = history.to_numpy(dtype=float)[-max(SEASONS_KEPT * season, LEAST_KEPT, 3 * horizon) :]
    levels = np.asarray(sorted({*quantiles, *GRID}))
    predicted = np.zeros((len(levels), horizon, values.shape[1]))
    some = (~np.isnan(values)).any(axis=0)
    # Below 0 in a winter before those periods that are kept, too.
    below: npt.NDArray[np.bool_] = np.any(history.to_numpy(dtype=float) < 0, axis=0)
    shares = some & ~below & _by_shares(values, season)
    for kind in (shares, some & ~shares & ~below, some & below):
        if kind.any():
            own = _predicted(smoother, values[:, kind], horizon, season, levels, logs=bool(shares[kind][0]))
            predicted[:, :, kind] = own if below[kind][0] else np.maximum(own, 0.0, out=own)
    return stated_of(predicted, levels, history, quantiles)


def stated_of(
    predicted: Array, levels: Sequence[float] | Array, history: pd.DataFrame, quantiles: Sequence[float]
) -> Prediction:
    """The prediction of quantiles that hold both ``GRID``, whose mean is the mean, and those that were asked for.

    Parameters
    ----------
    predicted : (level, period, column).
    levels : of the first dimension, rising.
    history : what came before.
    quantiles : those that were asked for, rising.

    Returns
    -------
    Mean and quantiles of each column.
    """

    def at(wanted: Sequence[float]) -> Array:
        # All of them are usually asked for, and a copy of a city's takes as long as to predict it.
        return predicted if len(wanted) == len(levels) else predicted[np.searchsorted(levels, wanted)]

    periods = future_periods(history, predicted.shape[1])
    return Prediction(
        panel_array(at(GRID).mean(axis=0), periods, history.columns),
        panel_array(at(quantiles), periods, history.columns, quantiles=quantiles),
    )


def _by_shares(values: Array, season: int) -> npt.NDArray[np.bool_]:
    """Whether the changes over a season of each column are likelier as equally wide shares than as equally wide amounts.

    The profile likelihoods of normal changes at the two ends of Box and Cox (1964), An Analysis of Transformations: a
    temperature that was at 0.3 degrees once is no series of shares, and its logarithm runs away. A column that never
    changed is one.
    """
    whole = np.nanmin(np.where(np.isnan(values), np.inf, values), axis=0) > 0
    lag = season if len(values) > 2 * season else 1
    logs = np.log(np.where(values > 0, values, np.nan))
    amounts, shares = (_mean_square(each[lag:] - each[:-lag]) for each in (values, logs))
    known = np.maximum((~np.isnan(logs)).sum(axis=0), 1)
    middle = np.exp(np.nansum(logs, axis=0) / known)
    answer: npt.NDArray[np.bool_] = whole & (np.sqrt(shares) * middle <= np.sqrt(amounts))
    return answer


def _mean_square(changes: Array) -> Array:
    mean: Array = np.nansum(changes**2, axis=0) / np.maximum((~np.isnan(changes)).sum(axis=0), 1)
    return mean


def _predicted(smoother: Smoother, values: Array, horizon: int, season: int, levels: Array, *, logs: bool) -> Array:
    """Quantiles (level, period, column) of series that are all taken as logarithms, or none."""

    def fit(past: Array, ahead: int) -> tuple[Array, Array]:
        return smoother(past, ahead, season)

    known = np.log(values) if logs else values
    _, quantiles = ranged(fit, known, horizon=horizon, season=season, levels=list(levels))
    return np.exp(np.clip(quantiles, -LARGEST_LOG, LARGEST_LOG)) if logs else quantiles
