"""A model of your own: copy this file, rename what is in it, and say in plain words what it cannot do.

A file that begins with "_" is not loaded. For a model that sees all series at once, leave out ``@per_series``: the
function then gets a frame of period x (area_id, category) and returns a ``Prediction``; ``pooled_counts.py`` is one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.forecasting.contract import forecaster, per_series


@forecaster(
    name="recent_mean",
    title="Mean of the last four weeks",
    version="1",
    limits=("Knows neither weekday nor season.",),
    inputs=("Past values",),
    value_types=("count", "continuous"),
    min_periods=28,
    complexity=1,
)
@per_series
def recent_mean(
    series: pd.Series,
    *,
    horizon: int,
    quantiles: Sequence[float],
    regressors: pd.DataFrame | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """One row a future period: the mean, and each quantile that was asked for."""
    recent = series.dropna().to_numpy(dtype=float)[-28:]
    recent = recent if len(recent) else np.zeros(1)
    row = {"mean": recent.mean()} | dict(zip(quantiles, np.quantile(recent, list(quantiles)), strict=True))
    return pd.DataFrame([row] * horizon)
