"""Drift: the last season again, moved by the average change of the past; the simplest rule that can grow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.contract import Prediction, forecaster
from analytics.forecasting.panel_models import forecast_panel
from data.words import Sentence

Array = npt.NDArray[np.float64]


@forecaster(
    name="drift",
    title=Sentence("models.drift.title"),
    version="2",
    limits=(
        Sentence("models.drift.ends"),
        Sentence("models.drift.no_holidays"),
    ),
    inputs=(Sentence("models.inputs.past_values"),),
    value_types=("count", "continuous"),
    min_periods=8,
    complexity=1,
    how=Sentence("records.drift.how"),
    source=Sentence("records.drift.source"),
    changes=(Sentence("records.shared.by_shares"),),
)
def drift(
    history: pd.DataFrame,
    *,
    horizon: int,
    quantiles: Sequence[float],
    regressors: pd.DataFrame | None = None,
    seed: int = 0,
) -> Prediction:
    """The value one season before plus the mean change a period, with ranges from its own past errors.

    Source: Hyndman and Athanasopoulos (2021), Forecasting: Principles and Practice, 3rd ed., section 5.2.
    """
    return forecast_panel(_moved, history, horizon=horizon, quantiles=quantiles)


def _moved(values: Array, horizon: int, season: int) -> tuple[Array, Array]:
    """The point (period, column) and the root mean square change of each column from one season to the next."""
    latest = values[-season:]
    if np.isnan(latest).any():
        # A gap repeats the season before it, else the value before it.
        frame = pd.DataFrame(values)
        filled = frame.groupby(np.arange(len(frame)) % season).ffill().ffill().fillna(0.0)
        latest = filled.to_numpy()[-season:]
    change = values[season:] - values[:-season]
    known = ~np.isnan(change)
    count = np.maximum(known.sum(axis=0), 1)
    slope = np.where(known, change, 0.0).sum(axis=0) / count / season
    ahead = np.arange(1, horizon + 1)
    last = latest[(ahead - 1) % season]
    seasons = season * -(-ahead // season)
    spread = np.sqrt((np.where(known, change, 0.0) ** 2).sum(axis=0) / count)
    return last + slope * seasons[:, None], np.maximum(spread, 1e-9 * np.maximum(np.abs(last).max(axis=0), 1.0))
