"""Prophet: a curve of trend, weekday and year for one series at a time."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analytics.forecasting.contract import forecaster, future_periods, per_series

SAMPLES = 1000


@forecaster(
    name="prophet",
    title="Prophet",
    version="1",
    limits=(
        "Looks at each area alone; slow, so it is tested on a sample of the areas.",
        "Its range assumes that the trend changes as often as it has so far.",
        "Counts near zero are treated like any other number, then cut off at zero.",
    ),
    inputs=("Past values", "Calendar"),
    value_types=("count", "continuous"),
    min_periods=28,
    complexity=4,
    slow=True,
)
@per_series
def prophet(
    series: pd.Series,
    *,
    horizon: int,
    quantiles: Sequence[float],
    regressors: pd.DataFrame | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Quantiles of Prophet's own predictive samples; counts are cut off at 0.

    Source: Taylor and Letham (2018), Forecasting at Scale. Prophet draws from numpy's global generator, which is
    seeded before each call and put back after it, so that the same seed gives the same interval.
    """
    import cmdstanpy  # noqa: F401 - sets its own logger to chatter when it is imported, so it goes first
    from prophet import Prophet

    for logger in ("cmdstanpy", "prophet"):
        logging.getLogger(logger).setLevel(logging.ERROR)
    known = series.dropna()
    if len(known) < 10 or np.ptp(known.to_numpy()) == 0:
        level = float(known.iloc[-1]) if len(known) else 0.0
        return pd.DataFrame({key: np.full(horizon, level) for key in ("mean", *quantiles)})
    names = [] if regressors is None else list(regressors.columns)
    model = Prophet(uncertainty_samples=SAMPLES)
    for name in names:
        model.add_regressor(name)
    frame = pd.DataFrame({"ds": known.index, "y": known.to_numpy()})
    ahead = pd.DataFrame({"ds": future_periods(series.to_frame(), horizon)})
    for name in names if regressors is not None else []:
        values = regressors[name]  # type: ignore[index]
        frame[name], ahead[name] = (values.reindex(each["ds"]).to_numpy() for each in (frame, ahead))
    state = np.random.get_state()  # noqa: NPY002 - the generator that Prophet uses
    np.random.seed(seed % 2**32)  # noqa: NPY002
    try:
        model.fit(frame, seed=seed % 2**31)
        samples = model.predictive_samples(ahead)["yhat"]
    finally:
        np.random.set_state(state)  # noqa: NPY002
    if known.min() >= 0:
        samples = np.maximum(samples, 0.0)
    table = {"mean": samples.mean(axis=1)} | dict(
        zip(quantiles, np.quantile(samples, list(quantiles), axis=1), strict=True)
    )
    return pd.DataFrame(table)
