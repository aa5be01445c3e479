"""LightGBM, one model for all series: boosted trees on what each series showed lately and on the calendar.

Needs the package lightgbm (``pip install -e ".[ml]"``); without it the model is listed as not available.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.calendar.seasons import remembered
from analytics.forecasting.contract import GRID, Prediction, forecaster, future_periods, panel_array, season_of
from analytics.forecasting.uncertainty.intervals import ranged
from data.words import Sentence

if find_spec("lightgbm") is None:
    raise ImportError('LightGBM is not installed: in the folder of this program, pip install -e ".[ml]" adds it')

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

HALF_LIVES = (1.0, 4.0, 16.0)  # seasons after which a value counts for half in the memories that trees see
ROWS = 40_000  # examples that are learned from; more cost time and change little
MOMENTS = 60  # past moments whose following horizon is learned from
SEASONS_LEARNED = 110  # how far back the moments reach
TREES = 120
PARAMETERS: dict[str, Any] = {
    "learning_rate": 0.06,
    "num_leaves": 31,
    "min_child_samples": 60,
    "subsample": 0.8,
    "subsample_freq": 1,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


@forecaster(
    name="light_gbm",
    title=Sentence("models.light_gbm.title"),
    version="1",
    limits=(
        Sentence("models.light_gbm.no_new_level"),
        Sentence("models.light_gbm.pooled_errors"),
        Sentence("models.light_gbm.unread"),
    ),
    inputs=(
        Sentence("models.inputs.past_values_of_all"),
        Sentence("models.inputs.calendar"),
        Sentence("models.inputs.what_the_city_gives"),
    ),
    value_types=("count", "continuous"),
    min_periods=60,
    complexity=5,
    slow=True,
    uses=("holiday", "others"),
    how=Sentence("records.light_gbm.how"),
    source=Sentence("records.light_gbm.source"),
    parameters=(
        Sentence(
            "records.light_gbm.trees",
            {"trees": TREES, "leaves": PARAMETERS["num_leaves"], "rate": PARAMETERS["learning_rate"]},
        ),
        Sentence("records.light_gbm.rows", {"n": ROWS}),
    ),
)
def light_gbm(
    history: pd.DataFrame,
    *,
    horizon: int,
    quantiles: Sequence[float],
    regressors: pd.DataFrame | None = None,
    seed: int = 0,
) -> Prediction:
    """Boosted regression trees over all series at once, values divided by each series' own mean.

    Source: Ke and others (2017), LightGBM; pooling over series as in Januschowski and others (2020), Criteria for
    Classifying Forecasting Methods.
    """
    season = season_of(history)
    values = history.to_numpy(dtype=float)
    ahead = future_periods(history, horizon)
    periods = pd.DatetimeIndex(history.index.append(ahead))
    calendar = _calendar(periods, regressors)

    def fit(past: Array, steps: int) -> tuple[Array, Array]:
        return _fit(past, calendar[: len(past) + steps], steps, season, seed=seed)

    levels = np.asarray(sorted({*quantiles, *GRID}))
    _, predicted = ranged(fit, values, horizon=horizon, season=season, levels=list(levels))
    never_below = np.where(np.nanmin(values, axis=0, initial=0.0) >= 0, 0.0, -np.inf)
    predicted = np.maximum(predicted, never_below)
    mean = predicted[np.searchsorted(levels, GRID)].mean(axis=0)
    return Prediction(
        panel_array(mean, ahead, history.columns),
        panel_array(predicted[np.searchsorted(levels, quantiles)], ahead, history.columns, quantiles=quantiles),
    )


def _calendar(periods: pd.DatetimeIndex, regressors: pd.DataFrame | None) -> Array:
    """What is known of each period beforehand, (period, feature)."""
    angle = 2 * np.pi * periods.day_of_year.to_numpy() / 365.25
    own = [periods.day_of_week, periods.hour, np.sin(angle), np.cos(angle)]
    beside = [] if regressors is None else [regressors[name].reindex(periods) for name in regressors]
    return np.column_stack([np.asarray(each, dtype=float) for each in (*own, *beside)])


def _fit(values: Array, calendar: Array, horizon: int, season: int, *, seed: int) -> tuple[Array, Array]:
    """The point (period, column) and each column's mean absolute error on what was learned from."""
    import lightgbm

    known = ~np.isnan(values)
    scale = np.where(known, np.abs(values), 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    scale = np.where(scale > 0, scale, 1.0)
    scaled = values / scale
    now = len(values) - 1
    first = max(2 * season, now - SEASONS_LEARNED * season, 1)
    rng = np.random.Generator(np.random.Philox(seed))
    moments = np.unique(np.linspace(first, max(now - 1, first), MOMENTS).astype(np.int64))
    memories = [remembered(scaled, lag=lag, half_life=half_life) for lag in (1, season) for half_life in HALF_LIVES]

    def examples(origin: Indices, lead: Indices, column: Indices) -> Array:
        ahead = origin + lead
        of_season = ahead - season * -(-lead // season)
        recent = [each[origin, column] for each in memories[: len(HALF_LIVES)]]
        seasonal = [each[of_season, column] for each in memories[len(HALF_LIVES) :]]
        known_ahead = [calendar[ahead, index] for index in range(calendar.shape[1])]
        return np.column_stack([*recent, *seasonal, *known_ahead, lead, np.log(scale[column])])

    grid = np.stack(np.meshgrid(moments, np.arange(1, horizon + 1), np.arange(values.shape[1]), indexing="ij"))
    origin, lead, column = grid.reshape(3, -1)
    there = np.flatnonzero(origin + lead <= now)
    there = there[known[origin[there] + lead[there], column[there]]]
    if len(there) > ROWS:
        there = np.sort(rng.choice(there, ROWS, replace=False))
    origin, lead, column = origin[there], lead[there], column[there]
    if len(there) < 2 * PARAMETERS["min_child_samples"] or not scaled[origin + lead, column].any():
        level = np.nan_to_num(memories[1][now]) * scale
        return np.tile(level, (horizon, 1)), scale
    observed = scaled[origin + lead, column]
    kind = "poisson" if np.nanmin(values) >= 0 else "regression"
    data = lightgbm.Dataset(
        examples(origin, lead, column), observed, weight=scale[column] if kind == "poisson" else None
    )
    trees = lightgbm.train(PARAMETERS | {"objective": kind, "seed": seed}, data, TREES)
    error = np.abs(observed - np.asarray(trees.predict(examples(origin, lead, column))))
    own = np.bincount(column, error, minlength=len(scale)) / np.maximum(np.bincount(column, minlength=len(scale)), 1)
    steps, columns = np.meshgrid(np.arange(1, horizon + 1), np.arange(values.shape[1]), indexing="ij")
    ahead = examples(np.full(steps.size, now), steps.ravel(), columns.ravel())
    point = np.asarray(trees.predict(ahead)).reshape(steps.shape) * scale
    pooled = float(error.mean())
    return point, np.maximum((own + pooled) / 2, 1e-9) * scale
