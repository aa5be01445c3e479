"""Prophet: a curve of trend, weekday and year for one series at a time."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.contract import forecaster, future_periods, per_series
from data.words import Sentence

SAMPLES = 1000
FEWEST = 10  # values below which a trend and a week cannot be told apart


@forecaster(
    name="prophet",
    title=Sentence("models.prophet.title"),
    version="1",
    limits=(
        Sentence("models.shared.sampled"),
        Sentence("models.prophet.trend"),
        Sentence("models.shared.cut_off"),
    ),
    inputs=(Sentence("models.inputs.past_values"), Sentence("models.inputs.calendar")),
    value_types=("count", "continuous"),
    min_periods=28,
    complexity=6,
    slow=True,
    uses=("holiday", "others"),
    how=Sentence("records.prophet.how"),
    source=Sentence("records.prophet.source"),
    parameters=(Sentence("records.prophet.samples", {"n": SAMPLES}),),
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
    known = series.dropna()
    if len(known) < FEWEST or np.ptp(known.to_numpy()) == 0:
        level = float(known.iloc[-1]) if len(known) else 0.0
        return pd.DataFrame({key: np.full(horizon, level) for key in ("mean", *quantiles)})
    ahead = future_periods(series.to_frame(), horizon)
    samples = _samples(known, ahead, regressors, seed=seed)
    if known.min() >= 0:
        samples = np.maximum(samples, 0.0)
    stated = np.quantile(samples, list(quantiles), axis=1)
    return pd.DataFrame({"mean": samples.mean(axis=1)} | dict(zip(quantiles, stated, strict=True)))


def _samples(
    known: pd.Series, ahead: pd.DatetimeIndex, regressors: pd.DataFrame | None, *, seed: int
) -> npt.NDArray[np.float64]:
    """Predictive samples (period, sample)."""
    import cmdstanpy  # noqa: F401 - sets its own logger to chatter when it is imported, so it goes first
    from prophet import Prophet

    for logger in ("cmdstanpy", "prophet"):
        logging.getLogger(logger).setLevel(logging.ERROR)
    beside = pd.DataFrame(index=known.index.append(ahead)) if regressors is None else regressors
    model = Prophet(uncertainty_samples=SAMPLES)
    for name in beside.columns:
        model.add_regressor(name)
    past = beside.reindex(known.index).assign(y=known).rename_axis("ds").reset_index()
    future = beside.reindex(ahead).rename_axis("ds").reset_index()
    state = np.random.get_state()  # noqa: NPY002 - the generator that Prophet uses
    np.random.seed(seed % 2**32)  # noqa: NPY002
    try:
        model.fit(past, seed=seed % 2**31)
        samples: npt.NDArray[np.float64] = model.predictive_samples(future)["yhat"]
    finally:
        np.random.set_state(state)  # noqa: NPY002
    return samples
