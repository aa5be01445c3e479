"""What is happening: the last whole week of a table beside the range that was forecast before it began."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.errors import ForecastError
from analytics.forecasting import forecast
from analytics.forecasting.uncertainty.draws import copula_of, distribution_of, sample
from analytics.parallel import Progress, quiet
from analytics.results import Caveat
from analytics.streams import Streams
from data import City, Incidents, Provenance, Series
from data.errors import TableError
from data.frequency import Frequency
from data.words import Sentence, Words, text

__all__ = ["Week", "daily_counts", "last_week", "last_weeks"]

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
    title: Words
    unit: Words
    start: pd.Timestamp
    end: pd.Timestamp
    value: float
    police_initiated: bool
    made_from: tuple[Provenance, ...]
    low: float | None = None
    high: float | None = None
    model_title: Words = ""
    coverage_80: float | None = None
    why_not: Words = ""
    caveats: tuple[Caveat, ...] = ()


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
        title=text(incidents.title),
        values=values,
        provenance=incidents.provenance,
        layer=incidents.areas.layer if incidents.areas is not None else "city",
        measure=text(incidents.title).lower(),
        unit="incidents",
    )


def last_weeks(city: City, *, progress: Progress = quiet) -> tuple[Week, ...]:
    """The last week of each series and of each table of incidents; a table without a whole day has none.

    Parameters
    ----------
    city : all of whose tables are looked at.
    progress : told how far the work is.

    Returns
    -------
    tuple of Week
        In the city's order, series first.
    """
    tables: list[Series | Incidents] = [*city.series.values(), *city.incidents.values()]
    weeks = []
    for index, table in enumerate(tables):

        def part(share: float, doing: Words, index: int = index, title: Words = table.title) -> None:
            progress((index + share) / len(tables), title)

        part(0.0, "")
        with suppress(TableError):  # hours that are no whole day yet
            weeks.append(last_week(table, progress=part))
    return tuple(weeks)


def last_week(table: Series | Incidents, *, progress: Progress = quiet) -> Week:
    """The last seven whole days of a daily table and the range forecast before they began.

    Parameters
    ----------
    table : a series, or incidents to be counted.
    progress : told how far the forecast is.

    Returns
    -------
    Week
        Without a range where there is none, and why.
    """
    series = daily_counts(table) if isinstance(table, Incidents) else table
    series = series.to_frequency(Frequency.DAY) if series.freq is Frequency.HOUR else series
    start = series.as_of - pd.Timedelta(days=DAYS - 1)
    values = series.values.loc[start:].to_numpy(dtype=float)
    known = ~np.isnan(values)
    incidents = isinstance(table, Incidents)
    week = Week(
        name=series.name,
        title=series.title,
        unit=Sentence("overview.incidents") if incidents else series.unit,
        start=start,
        end=series.as_of,
        value=float(values[known].sum()),
        police_initiated=isinstance(table, Incidents) and bool(table.police_initiated),
        made_from=(series.provenance,),
    )
    if series.value_type != "count":  # delays of forty counters add up to nothing
        mean = week.value / max(int(known.sum()), 1)
        return replace(week, value=mean, why_not=Sentence("overview.amounts"))
    if series.freq is not Frequency.DAY:
        return week
    if known.mean() < LEAST_KNOWN:
        return replace(week, why_not=Sentence("overview.mostly_missing", {"share": 1 - float(known.mean())}))
    try:
        return _with_range(week, series.until(start - pd.Timedelta(days=1)), known, progress)
    except ForecastError as error:
        return replace(week, why_not=error.sentence)


def _with_range(week: Week, before: Series, known: npt.NDArray[np.bool_], progress: Progress) -> Week:
    """The week beside what was forecast from all before it, summed over the values that are ``known``."""
    outlook = forecast(before, horizon=DAYS, candidates=QUICK, slow=False, progress=progress)
    distribution = distribution_of(outlook.mean, outlook.size, outlook.grid, before.values.columns, whole=True)
    periods = pd.DatetimeIndex(outlook.mean.get_index("period"))
    copula = copula_of(before, periods, correlation=outlook.correlation, persistence=outlook.persistence)
    # Days count by their number in the week, so that every week meets the same futures.
    copula = replace(copula, periods=[str(day) for day in range(len(periods))])
    drawn = sample(distribution, copula, Streams(seed=0, draws=DRAWS))
    # What has not arrived is in neither: a week with gaps stands beside the range of what is there.
    low, high = np.quantile((drawn * known).sum(axis=(1, 2)), LEVELS, method="inverted_cdf")
    return replace(
        week, low=float(low), high=float(high), model_title=outlook.model_title,
        coverage_80=outlook.backtest.scores["coverage_80"].value if outlook.backtest else None,
        caveats=outlook.caveats, made_from=outlook.made_from,
    )  # fmt: skip
