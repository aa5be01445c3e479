"""What is happening: the last whole week of a table beside the range that was forecast before it began."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.errors import ForecastError
from analytics.forecasting import forecast
from analytics.forecasting.uncertainty.draws import column_names, distribution_of, sample
from analytics.results import Caveat
from analytics.streams import Streams
from data import Incidents, Provenance, Series
from data.frequency import Frequency
from data.words import say

__all__ = ["Week", "daily_counts", "last_week"]

DAYS = 7
LEAST_KNOWN = 0.5  # of a week: of less than half no total can be told
DRAWS = 1000
LEVELS = (0.1, 0.9)
QUICK = ("seasonal_naive", "pooled_counts")  # a glance at the week must not wait for the whole leaderboard


@dataclass(frozen=True)
class Week:
    """Seven days up to ``end`` (inclusive) of one table: what came, and the range that held 8 in 10 futures before.

    ``value`` is the sum of counts, over areas too, and the mean of other values.
    ``low`` and ``high`` are None where there was too little history to say. ``police_initiated`` marks counts of what
    the police do.
    """

    name: str
    title: str
    unit: str
    start: pd.Timestamp
    end: pd.Timestamp
    value: float
    low: float | None
    high: float | None
    model_title: str
    coverage_80: float | None
    police_initiated: bool
    why_not: str
    caveats: tuple[Caveat, ...]
    made_from: tuple[Provenance, ...]


def daily_counts(incidents: Incidents) -> Series:
    """Incidents by day and area, 0 where nothing happened, over the days that were observed."""
    frame = incidents.frame
    days = pd.date_range(incidents.since, incidents.until, freq="D", name="period")
    ids = list(incidents.areas.frame.index) if incidents.areas is not None else sorted(set(frame["area_id"]))
    columns = pd.MultiIndex.from_product([ids, ["all"]], names=["area_id", "category"])
    counts = (
        frame.assign(period=frame["time"].dt.normalize(), category="all")
        .groupby(["period", "area_id", "category"])
        .size()
    )
    values = (
        counts.unstack(["area_id", "category"], fill_value=0)
        .reindex(index=days, columns=columns, fill_value=0)
        .astype(float)
    )
    values.index = pd.DatetimeIndex(values.index, freq="D", name="period")
    return Series(
        name=incidents.name,
        title=incidents.title,
        values=values,
        provenance=incidents.provenance,
        layer=incidents.areas.layer if incidents.areas is not None else "city",
        measure=incidents.title.lower(),
        unit="incidents",
    )


def last_week(table: Series | Incidents) -> Week:
    """The last seven whole days of a daily table and the range forecast before they began."""
    series = daily_counts(table) if isinstance(table, Incidents) else table
    series = series.to_frequency(Frequency.DAY) if series.freq is Frequency.HOUR else series
    police = isinstance(table, Incidents) and bool(table.police_initiated)
    end = series.as_of
    start = end - pd.Timedelta(days=DAYS - 1)
    week = series.values.loc[start:].to_numpy(dtype=float)
    known = ~np.isnan(week)
    value = float(week[known].sum())
    if series.value_type != "count":  # delays of forty counters add up to nothing
        value /= max(int(known.sum()), 1)
        return _without_range(series, start, end, value, police, say("overview.amounts"))
    if series.freq is not Frequency.DAY:
        return _without_range(series, start, end, value, police, "")
    if known.mean() < LEAST_KNOWN:
        why = say("overview.mostly_missing", {"share": 1 - float(known.mean())})
        return _without_range(series, start, end, value, police, why)
    try:
        before = series.until(start - pd.Timedelta(days=1))
        outlook = forecast(before, horizon=DAYS, candidates=QUICK, slow=False)
    except ForecastError as error:
        return _without_range(series, start, end, value, police, str(error))
    distribution = distribution_of(outlook.mean, outlook.size, outlook.grid, before.values.columns, whole=True)
    drawn = sample(
        distribution,
        Streams(seed=0, draws=DRAWS),
        names=column_names(before),
        common=before.name,
        rho=outlook.correlation,
        kappa=outlook.persistence,
    )
    # What has not arrived is in neither: a week with gaps is held against the range of what is there.
    drawn = (drawn * known).sum(axis=(1, 2))
    low, high = np.quantile(drawn, LEVELS, method="inverted_cdf")
    coverage = outlook.backtest.scores["coverage_80"].value if outlook.backtest else None
    return Week(
        series.name, series.title, series.unit, start, end, value, float(low), float(high), outlook.model_title,
        coverage, police, "", outlook.caveats, outlook.made_from,
    )  # fmt: skip


def _without_range(
    series: Series, start: pd.Timestamp, end: pd.Timestamp, value: float, police: bool, why: str
) -> Week:
    return Week(
        series.name, series.title, series.unit, start, end, value, None, None, "", None, police, why, (), (series.provenance,)
    )  # fmt: skip
