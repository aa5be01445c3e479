"""A whole leaderboard (six models, six origins, a thousand daily series, with ranges) against one pass of Prophet."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analytics.forecasting.contract import GRID
from analytics.forecasting.memory import predicted
from analytics.forecasting.registry import find_model
from benchmarks.forecasting.peers import prophet
from benchmarks.forecasting.sets import crime_grids, panel
from benchmarks.rows import Row, cost_of

MODELS = ("seasonal_naive", "drift", "pooled_counts", "theta", "light_gbm", "combination")
HORIZON, ORIGINS, SERIES = 28, 6, 1000


def rows(*, quick: bool = False) -> Iterator[Row]:
    """CPU seconds of both; the series are the crime grids' own, repeated with their days rotated to make a thousand."""
    values = crime_grids().to_numpy(dtype=float)
    copies = -(-SERIES // values.shape[1])
    # Whole weeks are rotated, so that weekdays stay what they are.
    whole = np.concatenate([np.roll(values, 7 * 13 * copy, axis=0) for copy in range(copies)], axis=1)[:, :SERIES]
    days = panel(whole[:, :: 20 if quick else 1], start="2014-01-01", freq="D")

    def ours() -> None:
        for origin in range(ORIGINS, 0, -1):
            past = days.iloc[: len(days) - origin * HORIZON].asfreq("D")
            for name in MODELS:
                predicted(find_model(name), past, horizon=HORIZON, quantiles=GRID, regressors=None, seed=0)

    _, mine = cost_of(ours)
    _, theirs = cost_of(lambda: prophet(days, HORIZON))
    note = "the combination weighs the quick models; LightGBM stands beside them"
    yield Row("leaderboard_vs_prophet_pass", mine, "CPU s", 1.0, peer=theirs, peer_name="one Prophet pass", note=note)
