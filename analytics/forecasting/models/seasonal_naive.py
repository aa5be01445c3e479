"""The season before, once more (for days: last week): the yardstick that every model must beat."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.contract import GRID, Prediction, forecaster, season_of
from analytics.forecasting.panel_models import stated_of
from data.words import Sentence

Array = npt.NDArray[np.float64]

SEASONS_REMEMBERED = 104  # two years of weeks: older errors say little about today's


@forecaster(
    name="seasonal_naive",
    title=Sentence("models.seasonal_naive.title"),
    version="2",
    limits=(
        Sentence("models.seasonal_naive.repeats"),
        Sentence("models.seasonal_naive.range"),
    ),
    inputs=(Sentence("models.inputs.past_values"),),
    value_types=("count", "continuous"),
    min_periods=14,
    complexity=0,
    how=Sentence("records.seasonal_naive.how"),
    source=Sentence("records.seasonal_naive.source"),
    parameters=(Sentence("records.seasonal_naive.remembered", {"n": SEASONS_REMEMBERED}),),
    changes=(Sentence("records.seasonal_naive.version_2"),),
)
def seasonal_naive(
    history: pd.DataFrame,
    *,
    horizon: int,
    quantiles: Sequence[float],
    regressors: pd.DataFrame | None = None,
    seed: int = 0,
) -> Prediction:
    """The value one season before, plus the quantiles of y(t) - y(t - season) in the history; never below 0 for counts.

    Source: Hyndman and Athanasopoulos (2021), Forecasting: Principles and Practice, 3rd ed., section 5.2.
    """
    season = season_of(history)
    values = history.to_numpy(dtype=float)
    last = values[-season:]
    if np.isnan(last).any():
        # A gap repeats the season before it, else the value before it; a series without any is taken to be 0.
        filled = history.groupby(np.arange(len(history)) % season).ffill().ffill().fillna(0.0)
        last = filled.to_numpy(dtype=float)[-season:]
    point = last[np.arange(horizon) % season]
    errors = np.sort((values[season:] - values[:-season])[-SEASONS_REMEMBERED * season :], axis=0)
    never_below = 0.0 if np.nanmin(values, initial=0.0) >= 0 else -np.inf

    levels = sorted({*quantiles, *GRID})
    predicted = np.maximum(point + _quantiles(errors, levels)[:, None, :], never_below)
    return stated_of(predicted, levels, history, quantiles)


def _quantiles(ordered: Array, levels: Sequence[float]) -> Array:
    """Quantiles (level, column) of sorted values (row, column) whose gaps come last; 0 where there is no value."""
    known = (~np.isnan(ordered)).sum(axis=0)
    position = np.asarray(levels)[:, None] * np.maximum(known - 1, 0)
    low = np.floor(position).astype(int)
    high = np.minimum(low + 1, np.maximum(known - 1, 0))
    below, above = (np.take_along_axis(ordered, each, axis=0) for each in (low, high))
    return np.where(known > 0, below + (position - low) * (above - below), 0.0)
