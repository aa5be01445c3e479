"""The M3 competition's monthly series, 18 months ahead, and the M4 competition's hourly ones, 48 hours ahead."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.forecasting.registry import find_model
from analytics.forecasting.running import run_model
from benchmarks.forecasting.peers import prophet
from benchmarks.forecasting.sets import LEVELS, m3_monthly, m4_hourly, panel, sql
from benchmarks.paired import Array, paired
from benchmarks.rows import Row

MONTHS, YEAR = 18, 12
DAY = 24
PUBLISHED_NAIVE = 1.193  # the M4 competition's own figure for the seasonal naive


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Theta on M3; the hour of the week on M4, after the seasonal naive has reproduced the published error."""
    history, ahead = m3_monthly()
    history, ahead = (history[:, ::100], ahead[:, ::100]) if quick else (history, ahead)
    past = panel(history, start="1980-01-01", freq="MS")
    ours = _quantiles("theta", past, MONTHS)
    smape = 200 * np.abs(ahead - ours[2]) / (np.abs(ahead) + np.abs(ours[2]))
    yield Row("m3_smape", float(smape.mean()), "per cent", 13.5, note=f"{ahead.shape[1]} series; published Theta 13.85")
    theirs = prophet(past, MONTHS, clipped=False)
    losses = [sql(history, ahead, predicted, season=YEAR) for predicted in (ours, theirs)]
    yield paired("m3_sql_vs_prophet", *losses, peer_name="Prophet", unit="SQL", goal=0.6)
    covered = 100 * np.array([((ahead >= ours[low]) & (ahead <= ours[-1 - low])).mean() for low in (1, 0)])
    note = f"coverage {covered[0]:.1f} / {covered[1]:.1f}"
    yield Row("m3_coverage_error", float(np.abs(covered - [80, 95]).max()), "points", 1, note=note)
    yield from _m4(quick=quick)


def _m4(*, quick: bool) -> Iterator[Row]:
    train, test = m4_hourly()
    train, test = (train[::40], test[::40]) if quick else (train, test)
    naive = [
        np.abs(observed - np.tile(past[-DAY:], 2)).mean() / _scale(past)
        for past, observed in zip(train, test, strict=True)
    ]
    yield Row("m4_hourly_naive_error", abs(float(np.mean(naive)) - PUBLISHED_NAIVE), "MASE", 0.0005,
              note=f"seasonal naive {np.mean(naive):.4f}; published {PUBLISHED_NAIVE}")  # fmt: skip
    errors = []
    for past, observed in zip(train, test, strict=True):
        predicted = _quantiles("hour_of_week", panel(past[:, None], start="2024-01-01", freq="h"), 2 * DAY)
        errors.append(np.abs(observed - predicted[2, :, 0]).mean() / _scale(past))
    yield Row("m4_hourly_mase", float(np.mean(errors)), "MASE", 0.9, note="published FFORMA .819, ES-RNN .893")


def _scale(past: Array) -> float:
    return float(np.abs(past[DAY:] - past[:-DAY]).mean())


def _quantiles(name: str, past: pd.DataFrame, horizon: int) -> Array:
    answer = run_model(find_model(name), past, horizon=horizon, quantiles=LEVELS).quantiles
    assert answer is not None
    return answer.sel(category="all").transpose("quantile", "period", "area_id").to_numpy()
