"""What models of level, trend and season share: logarithms in, a smoother for all series at once, ranges on top."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.contract import GRID, Prediction, future_periods, panel_array, season_of
from analytics.forecasting.uncertainty.intervals import ranged

__all__ = ["Smoother", "forecast_panel"]

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
    typical one-step error of each column. Series whose values are all above 0 are taken as logarithms; nothing is
    forecast below 0 where nothing was.

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
    positive = np.nanmin(np.where(some, values, 1.0), axis=0, initial=np.inf) > 0
    for kind in (some & positive, some & ~positive):
        if kind.any():
            logs = bool(positive[kind][0])
            predicted[:, :, kind] = _predicted(smoother, values[:, kind], horizon, season, levels, logs=logs)
    periods = future_periods(history, horizon)
    return Prediction(
        panel_array(predicted[np.searchsorted(levels, GRID)].mean(axis=0), periods, history.columns),
        panel_array(predicted[np.searchsorted(levels, quantiles)], periods, history.columns, quantiles=quantiles),
    )


def _predicted(smoother: Smoother, values: Array, horizon: int, season: int, levels: Array, *, logs: bool) -> Array:
    """Quantiles (level, period, column) of series that are all taken as logarithms, or none."""

    def fit(past: Array, ahead: int) -> tuple[Array, Array]:
        return smoother(past, ahead, season)

    known = np.log(values) if logs else values
    _, quantiles = ranged(fit, known, horizon=horizon, season=season, levels=list(levels))
    if logs:
        return np.exp(np.clip(quantiles, -LARGEST_LOG, LARGEST_LOG))
    never_below = np.where(np.nanmin(values, axis=0, initial=0.0) >= 0, 0.0, -np.inf)
    predicted: Array = np.maximum(quantiles, never_below)
    return predicted
