"""Hourly series cut to 7, 14 and 26 months: a week ahead over the last third of each, of which nothing was tuned on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.forecasting.hourly import TRAINED, WEEK, as_panel, hour_of_week
from benchmarks.forecasting.peers import prophet, seasonal_naive
from benchmarks.forecasting.sets import calls, divvy, electricity, fremont, i94, melbourne, sql
from benchmarks.paired import Array, paired
from benchmarks.rows import Row
from data.holidays import public_holidays

MONTHS, HOURS_A_MONTH = (7, 14, 26), 30.4375 * 24
APART = 3  # weeks between windows
SHORT = 40 * WEEK
LEAST = 0.97  # of the months that a series must have


@dataclass(frozen=True, eq=False)
class _Window:
    """A week of a cut series: where, what came before and in it, and which of its hours are on holidays."""

    country: str
    past: pd.DataFrame
    ahead: Array
    holiday: npt.NDArray[np.bool_]


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Us, Prophet with its country's holidays, and the seasonal naive of 168 hours; coverage on holidays apart."""
    windows = list(_windows())[:: 20 if quick else 1]
    losses: dict[str, list[float]] = {"ours": [], "prophet": [], "naive": []}
    inside = []
    for window in windows:
        ours = hour_of_week(window.past, window.country)
        theirs = prophet(window.past, WEEK, country=window.country.split("-")[0])
        naive = seasonal_naive(window.past, WEEK, season=WEEK)
        for name, predicted in (("ours", ours), ("prophet", theirs), ("naive", naive)):
            losses[name].append(float(sql(window.past.to_numpy(float), window.ahead, predicted, season=WEEK)[0]))
        covered = [(window.ahead >= ours[low]) & (window.ahead <= ours[-1 - low]) for low in (1, 0)]
        inside.append(np.where(np.isnan(window.ahead[:, 0]), np.nan, np.array(covered)[:, :, 0]))
    scores = {name: np.array(each) for name, each in losses.items()}
    for name, peer, goal in (("vs_snaive", "naive", 0.8), ("vs_prophet", "prophet", 0.75)):
        yield paired(
            f"unseen_hourly_{name}", scores["ours"], scores[peer], peer_name=peer, unit="SQL", goal=goal, on_point=True
        )
    hours = np.stack(inside)  # window, range, hour
    holiday = np.stack([window.holiday for window in windows])
    short = np.array([len(window.past) < SHORT for window in windows])[:, None] & ~holiday
    everything = np.ones_like(holiday)
    for place, level, slack in ((0, 80, 4), (1, 95, 3)):
        yield _coverage(f"unseen_hourly_coverage_{level}_error", hours[:, place], everything, level, slack)
        yield _coverage(f"unseen_hourly_short_{level}_error", hours[:, place], short, level, slack)
    yield _coverage("unseen_hourly_holidays_80_error", hours[:, 0], holiday, 80, 10)


def _coverage(name: str, inside: Array, kept: npt.NDArray[np.bool_], level: int, slack: float) -> Row:
    covered = 100 * float(np.nanmean(inside[kept])) if kept.any() else np.nan
    return Row(name, abs(covered - level), "points", slack, note=f"covers {covered:.1f} of {level}, {kept.sum()} hours")


def _windows() -> Iterator[_Window]:
    for series, country in _series():
        for months in MONTHS:
            wanted = round(months * HOURS_A_MONTH)
            if len(series) < LEAST * wanted:
                continue
            cut = series.iloc[-wanted:]
            days = public_holidays(country, first=cut.index[0], last=cut.index[-1])
            holiday = np.asarray(cut.index.normalize().isin(days))
            for row in range(2 * len(cut) // 3, len(cut) - WEEK + 1, APART * WEEK):
                past, ahead = cut.iloc[max(0, row - TRAINED) : row], cut.iloc[row : row + WEEK]
                yield _Window(country, as_panel(past), ahead.to_numpy(dtype=float)[:, None], holiday[row : row + WEEK])


def _series() -> Iterator[tuple[pd.Series, str]]:
    for sensor in melbourne().values():
        yield sensor, "AU-VIC"
    yield fremont()["east"].iloc[: -120 * 24], "US-WA"
    yield divvy(), "US-IL"
    yield electricity(), "AU-VIC"
    yield calls(), "US"
    yield i94(), "US-MN"
