"""Exponential smoothing by statsmodels: one series at a time, additive and damped."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.forecasting.contract import forecaster, frequency_of, per_series
from data.words import Sentence

LONGEST = 400  # the smoothing forgets what is older than a year of days; fitting it would only cost time


@forecaster(
    name="ets",
    title=Sentence("models.ets.title"),
    version="1",
    limits=(
        Sentence("models.ets.one_season"),
        Sentence("models.ets.middle_only"),
        Sentence("models.ets.near_zero"),
    ),
    inputs=(Sentence("models.inputs.past_values"),),
    value_types=("count", "continuous"),
    min_periods=28,
    complexity=3,
    has_quantiles=False,
    slow=True,
    how=Sentence("records.ets.how"),
    source=Sentence("records.ets.source"),
    parameters=(Sentence("records.ets.longest", {"n": LONGEST}),),
)
@per_series
def ets(
    series: pd.Series,
    *,
    horizon: int,
    quantiles: Sequence[float],
    regressors: pd.DataFrame | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Error, damped trend and season, all additive; a series that does not vary repeats its value.

    Source: Hyndman, Koehler, Ord and Snyder (2008), Forecasting with Exponential Smoothing.
    """
    from statsmodels.tools.sm_exceptions import ConvergenceWarning
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    values = series.interpolate(limit_direction="both").fillna(0.0).to_numpy(dtype=float)[-LONGEST:]
    season = frequency_of(series).seasons[0]
    seasonal = len(values) >= 2 * season + 7 and season > 1
    if len(values) < 10 or np.ptp(values) == 0:
        return pd.DataFrame({"mean": np.full(horizon, values[-7:].mean() if len(values) else 0.0)})
    with warnings.catch_warnings():
        # An optimiser that stops early still gives a forecast; the backtest says what it is worth.
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        fitted = ExponentialSmoothing(
            values,
            trend="add",
            damped_trend=True,
            seasonal="add" if seasonal else None,
            seasonal_periods=season if seasonal else None,
            initialization_method="heuristic",
        ).fit(method="L-BFGS-B", minimize_kwargs={"options": {"maxiter": 40}})
    mean = np.asarray(fitted.forecast(horizon), dtype=float)
    if values.min() >= 0:
        mean = np.maximum(mean, 0.0)
    return pd.DataFrame({"mean": mean})
