"""Pooled counts as a model: see ``pooled``, which whoever forecasts one panel from many moments asks directly."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.forecasting.contract import Prediction, forecaster, future_periods, panel_array
from analytics.forecasting.pooled import HALF_LIVES_DAYS, PAST_ORIGINS, POOL_SHARE, WEEKDAY_PRIOR, PooledCounts
from analytics.forecasting.uncertainty.distribution import quantiles_of
from data.words import Sentence


@forecaster(
    name="pooled_counts",
    title=Sentence("models.pooled_counts.title"),
    version="1",
    limits=(
        Sentence("models.pooled_counts.no_holidays"),
        Sentence("models.pooled_counts.one_season"),
        Sentence("models.pooled_counts.slow_to_learn"),
    ),
    inputs=(Sentence("models.inputs.past_counts"), Sentence("models.inputs.calendar")),
    value_types=("count",),
    min_periods=24,
    complexity=2,
    parametric=True,
    how=Sentence("records.pooled_counts.how"),
    source=Sentence("records.pooled_counts.source"),
    parameters=(
        Sentence("records.pooled_counts.half_lives", {"days": [f"{days:.0f}" for days in HALF_LIVES_DAYS]}),
        Sentence("records.pooled_counts.shrunk", {"events": WEEKDAY_PRIOR, "share": POOL_SHARE}),
        Sentence("records.pooled_counts.origins", {"n": PAST_ORIGINS}),
    ),
)
def pooled_counts(
    history: pd.DataFrame,
    *,
    horizon: int,
    quantiles: Sequence[float],
    regressors: pd.DataFrame | None = None,
    seed: int = 0,
) -> Prediction:
    """Negative binomials for each series and period, fitted to all series of a category at once."""
    periods = future_periods(history, horizon)
    found = PooledCounts.of(history, horizon=horizon).ahead(history.to_numpy(dtype=float))
    return Prediction(
        panel_array(found.mean, periods, history.columns),
        panel_array(quantiles_of(found, quantiles), periods, history.columns, quantiles=quantiles),
        panel_array(found.size, periods, history.columns),
    )
