"""Daily counts: crimes by grid cell, police district, and sanitation requests by area, 28 days ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from scipy import stats

from analytics.forecasting.registry import find_model
from analytics.forecasting.running import run_model
from benchmarks.forecasting.peers import nixtla, prophet, seasonal_naive
from benchmarks.forecasting.sets import LEVELS, chicago, crime_grids, sql
from benchmarks.paired import Array, paired
from benchmarks.rows import Row, cost_of

HORIZON, SEASON, ORIGINS = 28, 7, 3
STATSFORECAST = ("AutoETS", "DynamicOptimizedTheta", "AutoCES", "CrostonOptimized", "TSB", "IMAPA")
RECENT = 1461  # days of the long sets that all are given


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Crime grids against every peer; districts and sanitation against Prophet and the seasonal naive."""
    panel = crime_grids()
    panel = panel.iloc[:, ::20] if quick else panel
    ours, seconds = cost_of(lambda: _scored(panel, _pooled))
    theirs, slow = cost_of(lambda: _scored(panel, lambda past: prophet(past, HORIZON)))
    naive = _scored(panel, lambda past: seasonal_naive(past, HORIZON, season=SEASON))
    unit = "SQL"
    yield paired("daily_sql_vs_prophet", ours, theirs, peer_name="Prophet", unit=unit, goal=0.74, on_point=True)
    yield paired("daily_sql_vs_snaive", ours, naive, peer_name="seasonal naive", unit=unit, goal=0.65, on_point=True)
    yield paired(
        "daily_sql_vs_floor", ours, _floor(panel), peer_name="Poisson floor", unit=unit, goal=1.05, on_point=True
    )
    yield Row("daily_cpu_vs_prophet", seconds, "CPU s", 1 / 150, peer=slow, peer_name="Prophet")
    yield _against_statsforecast(panel, ours, models=STATSFORECAST[:2] if quick else STATSFORECAST)
    city = chicago()
    for short, name in (("district", "district_crime"), ("service", "sanitation_requests")):
        panel = city.series[name].values.iloc[-RECENT:]
        panel = panel.iloc[:, ::8] if quick else panel
        ours = _scored(panel, _pooled)
        theirs = _scored(panel, lambda past: prophet(past, HORIZON))
        naive = _scored(panel, lambda past: seasonal_naive(past, HORIZON, season=SEASON))
        yield paired(f"{short}_sql_vs_prophet", ours, theirs, peer_name="Prophet", unit=unit, goal=0.95)
        yield paired(f"{short}_sql_vs_snaive", ours, naive, peer_name="seasonal naive", unit=unit, goal=0.95)


def _pooled(past: pd.DataFrame) -> Array:
    answer = run_model(find_model("pooled_counts"), past, horizon=HORIZON, quantiles=LEVELS).quantiles
    assert answer is not None
    return answer.sel(category="all").transpose("quantile", "period", "area_id").to_numpy()


def _scored(panel: pd.DataFrame, predicted: Callable[[pd.DataFrame], Array]) -> Array:
    """The mean SQL of each column over the last origins."""
    losses = []
    for origin in range(ORIGINS, 0, -1):
        row = len(panel) - origin * HORIZON
        past = panel.iloc[:row].asfreq("D")
        ahead = panel.iloc[row : row + HORIZON].to_numpy(dtype=float)
        losses.append(sql(past.to_numpy(dtype=float), ahead, predicted(past), season=SEASON))
    return np.mean(losses, axis=0)


def _floor(panel: pd.DataFrame) -> Array:
    """What a Poisson with each window's own mean would lose: it uses the future, so nothing can reach it."""
    losses = []
    for origin in range(ORIGINS, 0, -1):
        row = len(panel) - origin * HORIZON
        past = panel.iloc[:row].to_numpy(dtype=float)
        ahead = panel.iloc[row : row + HORIZON].to_numpy(dtype=float)
        predicted = np.stack([np.tile(stats.poisson.ppf(level, ahead.mean(axis=0)), (HORIZON, 1)) for level in LEVELS])
        losses.append(sql(past, ahead, np.maximum(predicted, 0.0), season=SEASON))
    return np.mean(losses, axis=0)


def _against_statsforecast(panel: pd.DataFrame, ours: Array, *, models: tuple[str, ...]) -> Row:
    """The best of statsforecast's models on this set, known only afterwards, which favours the peer."""
    losses: dict[str, list[Array]] = {name: [] for name in models}
    for origin in range(ORIGINS, 0, -1):
        row = len(panel) - origin * HORIZON
        past = panel.iloc[:row].asfreq("D")
        ahead = panel.iloc[row : row + HORIZON].to_numpy(dtype=float)
        for name, (predicted, _) in nixtla(past, HORIZON, models, season=SEASON).items():
            losses[name].append(sql(past.to_numpy(dtype=float), ahead, predicted, season=SEASON))
    means = {name: np.mean(each, axis=0) for name, each in losses.items()}
    best = min(means, key=lambda name: float(np.nanmean(means[name])))
    return paired(
        "daily_sql_vs_statsforecast", ours, means[best], peer_name=f"statsforecast {best}", unit="SQL", goal=1.0
    )
