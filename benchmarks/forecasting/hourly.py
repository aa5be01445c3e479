"""Hourly traffic and bicycles, a week ahead: 18 windows of each series, three weeks apart, so that they span a year."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.forecasting.registry import find_model
from analytics.forecasting.running import run_model
from benchmarks.forecasting.peers import prophet, seasonal_naive
from benchmarks.forecasting.sets import LEVELS, fremont, i94, sql
from benchmarks.paired import Array, paired
from benchmarks.rows import Row, cost_of
from data.holidays import public_holidays

__all__ = ["TRAINED", "WEEK", "as_panel", "hour_of_week"]

WEEK, WINDOWS, APART = 168, 18, 3
TRAINED = 2 * 365 * 24  # hours that all are given


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Us, Prophet with its country's holidays, and the seasonal naive of 168 hours, on the same windows."""
    bikes = fremont()
    sets = {"i94": (i94(), "US-MN"), "east": (bikes["east"], "US-WA"), "west": (bikes["west"], "US-WA")}
    windows = [(series, country, len(series) - WEEK * (1 + APART * place))
               for series, country in sets.values() for place in range(2 if quick else WINDOWS)]  # fmt: skip
    losses: dict[str, list[float]] = {"ours": [], "prophet": [], "naive": []}
    inside: list[Array] = []
    seconds = 0.0
    # The first call loads models and holidays, which is no cost of a series; statsforecast is warmed up likewise.
    for series, country, row in {country: (series, country, row) for series, country, row in windows}.values():
        hour_of_week(as_panel(series.iloc[max(0, row - TRAINED) : row]), country)
    for series, country, row in windows:
        past = as_panel(series.iloc[max(0, row - TRAINED) : row])
        ahead = series.iloc[row : row + WEEK].to_numpy(dtype=float)[:, None]
        mine, spent = cost_of(lambda past=past, country=country: hour_of_week(past, country))
        seconds += spent
        theirs = prophet(past, WEEK, country=country.split("-")[0])
        naive = seasonal_naive(past, WEEK, season=WEEK)
        for name, predicted in (("ours", mine), ("prophet", theirs), ("naive", naive)):
            losses[name].append(float(sql(past.to_numpy(float), ahead, predicted, season=WEEK)[0]))
        known = ~np.isnan(ahead)
        inside.append(np.array([((ahead >= mine[low]) & (ahead <= mine[-1 - low]))[known].mean() for low in (1, 0)]))
    scores = {name: np.array(each) for name, each in losses.items()}
    yield paired("hourly_sql_vs_prophet", scores["ours"], scores["prophet"], peer_name="Prophet", unit="SQL", goal=0.5)
    yield paired(
        "hourly_sql_vs_snaive168", scores["ours"], scores["naive"], peer_name="seasonal naive", unit="SQL", goal=0.65
    )
    covered = 100 * np.mean(inside, axis=0)
    note = f"coverage {covered[0]:.1f} / {covered[1]:.1f}"
    yield Row("hourly_coverage_error", float(np.abs(covered - [80, 95]).max()), "points", 3, note=note)
    yield Row("hourly_ms", 1000 * seconds / len(windows), "ms a series", 30)


def as_panel(series: pd.Series) -> pd.DataFrame:
    """An hourly series as a panel of one column."""
    columns = pd.MultiIndex.from_tuples([("S", "all")], names=["area_id", "category"])
    return pd.DataFrame(series.to_numpy()[:, None], series.index, columns).rename_axis(index="period").asfreq("h")


def hour_of_week(past: pd.DataFrame, country: str) -> Array:
    """Our quantiles (level, period, column) of the week after a panel, with its country's holidays."""
    periods = past.index.append(pd.date_range(past.index[-1], periods=WEEK + 1, freq="h")[1:])
    days = public_holidays(country, first=periods[0], last=periods[-1])
    free = pd.DataFrame({"holiday": periods.normalize().isin(days).astype(float)}, index=periods)
    answer = run_model(find_model("hour_of_week"), past, horizon=WEEK, quantiles=LEVELS, regressors=free).quantiles
    assert answer is not None
    return answer.to_numpy()[:, :, 0, :]
