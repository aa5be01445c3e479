"""The same day last week (or month last year): the yardstick that every model must beat."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.forecasting.contract import Prediction, forecaster, future_periods, panel_array, season_of

SEASONS_REMEMBERED = 104  # two years of weeks: older errors say little about today's
FEWEST_ERRORS = 20


@forecaster(
    name="seasonal_naive",
    title="Same day last week",
    version="1",
    limits=(
        "Repeats last week (or last year's month): it knows no trend and no holiday.",
        "Its range is as wide as past changes from one season to the next.",
    ),
    inputs=("Past values",),
    value_types=("count", "continuous"),
    min_periods=14,
    complexity=0,
)
def seasonal_naive(
    history: pd.DataFrame,
    *,
    horizon: int,
    quantiles: Sequence[float],
    regressors: pd.DataFrame | None = None,
    seed: int = 0,
) -> Prediction:
    """The value one season before, with the quantiles of y(t) - y(t - season) in the history."""
    season = season_of(history)
    filled = history.ffill().fillna(0.0)
    values = filled.to_numpy()
    last = values[-season:]
    point = np.stack([last[step % season] for step in range(horizon)])
    errors = (history - history.shift(season)).to_numpy()[-max(SEASONS_REMEMBERED * season, FEWEST_ERRORS) :]
    errors = np.where(np.isnan(errors).all(axis=0), 0.0, errors)
    spread = np.nanquantile(errors, list(quantiles), axis=0)
    banded = point[None] + spread[:, None, :]
    if (np.nan_to_num(values) >= 0).all():
        banded = np.maximum(banded, 0.0)
    periods = future_periods(history, horizon)
    return Prediction(
        panel_array(point, periods, history.columns),
        panel_array(banded, periods, history.columns, quantiles=quantiles),
    )
