"""One column's latest values beside the range that was forecast of them from week to week, for a small drawing."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.errors import ForecastError
from analytics.forecasting.uncertainty.distribution import quantiles_of
from analytics.monitoring.warnings.panel import chosen_model, forecasts_of, watched_panel
from analytics.monitoring.warnings.spans import PACES, Span
from analytics.monitoring.warnings.weather import explained, without_explained
from data import Series
from data.frequency import Frequency
from data.tables import ALL, CITY

__all__ = ["Column", "Trace", "trace_of"]

Array = npt.NDArray[np.float64]
Column = tuple[str, str, str]
"""A series, an area of it ("city" for all) and a category ("all" for all)."""

LEVELS = (0.025, 0.975)
SHOWN = {Frequency.DAY: 56, Frequency.WEEK: 26, Frequency.MONTH: 24}  # periods: a change stands beside what was usual
YEARS = 3  # a forecast of a week gains nothing from older days


@dataclass(frozen=True)
class Trace:
    """Values by period, NaN where none is known, and what 95 in 100 would have been (empty where nobody can tell)."""

    periods: tuple[pd.Timestamp, ...]
    values: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


def trace_of(series: Series, *, area: str, category: str) -> Trace:
    """The trace of one column or total; hours are summed to days.

    Each week (week or month of longer periods) is forecast from nothing but what was known before it.

    Parameters
    ----------
    series : that the column belongs to.
    area : an area's id, or "city" for all.
    category : a category, or "all".

    Returns
    -------
    Trace
        Of the last eight weeks, half-year of weeks, or two years of months.
    """
    daily = (
        series if series.freq is not Frequency.HOUR else replace(series, values=series.values.iloc[-24 * 366 * YEARS :])
    )
    one = watched_panel(_column(daily, area=area, category=category))
    freq, values = one.series.freq, one.values
    shown = min(SHOWN.get(freq, 0), len(values) // 2)
    rows = values.iloc[len(values) - shown :]
    low, high = _band(one.series, shown) if shown else (np.empty(0), np.empty(0))
    periods = tuple(pd.Timestamp(each) for each in rows.index)
    return Trace(periods, *(tuple(map(float, each)) for each in (rows.to_numpy(dtype=float).sum(axis=1), low, high)))


def _column(series: Series, *, area: str, category: str) -> Series:
    """One column of its own; a total with a gap in it is a gap."""
    chosen = series.select(
        areas=None if area == CITY and CITY not in series.area_ids else (area,),
        categories=None if category == ALL and ALL not in series.categories else (category,),
    )
    total = chosen.values.sum(axis=1, skipna=False).to_frame()
    total.columns = pd.MultiIndex.from_tuples([(area, category)], names=["area_id", "category"])
    return replace(chosen, values=total.asfreq(series.freq))


def _band(series: Series, shown: int) -> tuple[Array, Array]:
    """The range of each of the last periods, forecast a week at a time."""
    whole = watched_panel(series)
    horizon, last = PACES[series.freq].horizon, len(whole.values)
    first = last - shown
    added = explained(whole, Span(first, first, first, last))
    panel = without_explained(whole, added)
    parts = []
    try:
        early = replace(panel.series, values=panel.values.iloc[:first])
        ahead = forecasts_of(chosen_model(early, horizon=horizon, seed=0), panel, horizon=horizon, seed=0)
        for row in range(first, last, horizon):
            parts.append(quantiles_of(ahead(panel.values.iloc[:row]), LEVELS)[:, : last - row, 0])
    except ForecastError:  # too short a history, or a model that needs more of it
        return np.empty(0), np.empty(0)
    low, high = np.concatenate(parts, axis=1)
    return (low, high) if added is None else (low + added[first:, 0], high + added[first:, 0])
