"""Unobserved components by statsmodels: a level and a season that wander, one series at a time, with regressors."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.forecasting.contract import forecaster, frequency_of, per_series
from data.words import Sentence

LONGEST = 800  # the filter forgets what is older; fitting it would only cost time
LONGEST_SEASON = 24  # a season of more states than this takes the filter too long
FEWEST = 20


@forecaster(
    name="unobserved_components",
    title=Sentence("models.unobserved_components.title"),
    version="1",
    limits=(
        Sentence("models.shared.sampled"),
        Sentence("models.unobserved_components.normal_errors"),
        Sentence("models.shared.cut_off"),
    ),
    inputs=(Sentence("models.inputs.past_values"), Sentence("models.inputs.what_the_city_gives")),
    value_types=("count", "continuous"),
    min_periods=28,
    complexity=5,
    slow=True,
    uses=("holiday", "others"),
    how=Sentence("records.unobserved_components.how"),
    source=Sentence("records.unobserved_components.source"),
    parameters=(Sentence("records.unobserved_components.longest", {"n": LONGEST}),),
)
@per_series
def unobserved_components(
    series: pd.Series,
    *,
    horizon: int,
    quantiles: Sequence[float],
    regressors: pd.DataFrame | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """A local level with a stochastic season and regression effects; a series that does not vary repeats its value.

    Source: Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter.
    """
    values = series.to_numpy(dtype=float)[-LONGEST:]
    known = values[~np.isnan(values)]
    if len(known) < FEWEST or np.ptp(known) == 0:
        level = float(known[-1]) if len(known) else 0.0
        return pd.DataFrame({key: np.full(horizon, level) for key in ("mean", *quantiles)})
    scale = float(np.abs(known).mean()) or 1.0
    beside = None if regressors is None else regressors.loc[series.index[-len(values)] :].to_numpy(dtype=float)
    mean, spread = _forecast(values / scale, beside, horizon, season=_season(series))
    from scipy.special import ndtri

    table = {"mean": mean} | {level: mean + spread * ndtri(level) for level in quantiles}
    frame = pd.DataFrame(table) * scale
    return frame.clip(lower=0.0) if known.min() >= 0 else frame


def _season(series: pd.Series) -> int:
    """The longest season that the filter can carry and of which two are known; 1 for none."""
    seasons = frequency_of(series).seasons
    fitting = (each for each in seasons if each <= LONGEST_SEASON and 2 * each <= len(series))
    return next(fitting, 1)


def _forecast(
    values: np.ndarray, beside: np.ndarray | None, horizon: int, *, season: int
) -> tuple[np.ndarray, np.ndarray]:
    """The mean and standard deviation of each period to come."""
    from statsmodels.tools.sm_exceptions import ConvergenceWarning
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    varying = None if beside is None else beside[:, np.ptp(beside[: len(values)], axis=0) > 0]
    past, ahead = (None, None) if varying is None or not varying.size else np.split(varying, [len(values)])
    with warnings.catch_warnings():
        # An optimiser that stops early still gives a forecast; the backtest says what it is worth.
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        model = UnobservedComponents(values, "llevel", seasonal=season if season > 1 else None, exog=past)
        fitted = model.fit(disp=False, maxiter=30)
        predicted = fitted.get_forecast(horizon, exog=ahead)
    mean = np.nan_to_num(np.asarray(predicted.predicted_mean, dtype=float))
    variance = np.nan_to_num(np.asarray(predicted.var_pred_mean, dtype=float))
    return mean, np.sqrt(np.maximum(variance, 0.0))
