"""What happened in the last complete week, beside what was to be expected before it began."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from analytics.errors import ForecastError
from analytics.forecasting import forecast
from analytics.forecasting.results import Forecast
from analytics.parallel import Progress, quiet
from analytics.results import Result
from analytics.scenarios.study import Study
from data import City, Incidents, Series, fingerprint_of
from data.dataset import ALL, CITY

__all__ = ["Standing", "WeekFigure", "city_total", "daily_counts", "last_week", "week_figures"]

Standing = Literal["within", "high", "low", "very_high", "very_low", "unknown"]

DRAWS = 2000  # the ends of a 95 % range then rest on 50 futures each
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
DAYS = 7
SUNDAY = 6


@dataclass(frozen=True, eq=False, kw_only=True)
class WeekFigure(Result):
    """One figure for the city as a whole, beside the range forecast from data that end before the week begins.

    ``value`` is the sum over ``start`` to ``end`` (days, both included), or the mean where the series is continuous; NaN
    when a period is missing. ``expected`` holds the quantiles .025, .1, .5, .9 and .975 of the same sum. ``held`` is the
    share of ``tested`` past periods that the model's 8-in-10 range held in its backtest, None where it was not tested.
    ``problem`` is empty, or the sentence that says why there is no range.
    """

    name: str
    title: str
    unit: str
    start: pd.Timestamp
    end: pd.Timestamp
    value: float
    expected: Mapping[float, float]
    model_title: str = ""
    held: float | None = None
    tested: int = 0
    problem: str = ""

    @property
    def standing(self) -> Standing:
        """Where the value lies: within 8 in 10 futures, beyond them, or (very) beyond 19 in 20."""
        if not self.expected or np.isnan(self.value):
            return "unknown"
        lowest, low, _, high, highest = (self.expected[level] for level in LEVELS)
        if self.value > highest:
            return "very_high"
        if self.value < lowest:
            return "very_low"
        if self.value > high:
            return "high"
        return "low" if self.value < low else "within"


def week_figures(
    city: City, *, until: pd.Timestamp | None = None, seed: int = 0, progress: Progress = quiet
) -> tuple[WeekFigure, ...]:
    """A figure for every series and every kind of incident of a city, each for its own last complete week.

    Weeks run from Monday to Sunday. ``until`` asks for the last week that ends on or before that day.

    Raises
    ------
    Cancelled
        When ``progress`` raises it.
    """
    tables = [city_total(series) for series in city.series.values()]
    tables += [daily_counts(incidents) for incidents in city.incidents.values()]
    figures = []
    for place, table in enumerate(tables):

        def part(share: float, doing: str, place: int = place, title: str = table.title) -> None:
            progress((place + share) / len(tables), title)

        daily = table.to_frequency("D") if table.freq == "h" else table
        figures.append(_figure(city, daily, until=until, seed=seed, progress=part))
    return tuple(figures)


def city_total(series: Series) -> Series:
    """A series summed over all areas and categories: one column, in the one-area layer ``city``."""
    return _one_column(series, series.total())


def daily_counts(incidents: Incidents) -> Series:
    """Incidents a day in the whole city, as a series: a day without any counts 0."""
    days = pd.date_range(incidents.since.normalize(), incidents.until.normalize(), freq="D", name="period")
    counts = incidents.frame["time"].dt.normalize().value_counts().reindex(days, fill_value=0)
    shell = Series(incidents.name, incidents.title, pd.DataFrame(), incidents.provenance, unit="incidents")
    return _one_column(shell, counts.astype(float))


def _one_column(series: Series, values: pd.Series) -> Series:
    columns = pd.MultiIndex.from_tuples([(CITY, ALL)], names=["area_id", "category"])
    frame = pd.DataFrame(values.to_numpy(float).reshape(-1, 1), index=values.index, columns=columns)
    provenance = replace(series.provenance, fingerprint=fingerprint_of(frame), as_of=frame.index[-1])
    return replace(series, values=frame, layer=CITY, provenance=provenance)


def last_week(series: Series, *, until: pd.Timestamp | None = None) -> tuple[pd.Timestamp, int] | None:
    """The first period of the last complete week and how many periods it has; None where the series holds none.

    Of a series that is coarser than days, the last period is its own week.
    """
    known = series.values.loc[:until].index
    if series.freq != "D":
        return (known[-1], 1) if len(known) > 1 else None
    if known.empty:
        return None
    sunday = known[-1] - pd.Timedelta(days=(known[-1].dayofweek - SUNDAY) % DAYS)
    start = sunday - pd.Timedelta(days=DAYS - 1)
    return (start, DAYS) if start > known[0] else None


def _figure(city: City, series: Series, *, until: pd.Timestamp | None, seed: int, progress: Progress) -> WeekFigure:
    week = last_week(series, until=until)
    if week is None:
        raise ForecastError("no_week", series=series.title, since=series.values.index[0], until=until or series.as_of)
    start, periods = week
    inside = series.values.loc[start:].iloc[:periods, 0]
    value = inside.sum(skipna=False) if series.value_type == "count" else inside.mean(skipna=False)
    end = inside.index[-1] + pd.tseries.frequencies.to_offset(series.freq) - pd.Timedelta(days=1)
    facts = {"name": series.name, "title": series.title, "unit": series.unit, "start": start, "end": end}
    history = series.until(start - pd.Timedelta(nanoseconds=1))
    try:
        outlook = forecast(history, horizon=periods, slow=False, seed=seed, progress=progress)
    except ForecastError as error:
        return WeekFigure(
            made_from=(series.provenance,), seed=seed, **facts, value=float(value), expected={}, problem=str(error)
        )
    tested = outlook.backtest
    return WeekFigure(
        made_from=(series.provenance,),
        caveats=outlook.caveats,
        config=outlook.config,
        seed=seed,
        **facts,
        value=float(value),
        expected=_expected(city, outlook, start=start, periods=periods, seed=seed),
        model_title=outlook.model_title,
        held=None if tested is None else tested.scores["pit_80"].value,
        tested=0 if tested is None else int(tested.by_origin["n"].sum()),
    )


def _expected(city: City, outlook: Forecast, *, start: pd.Timestamp, periods: int, seed: int) -> dict[float, float]:
    """Quantiles of the whole week: of sums, as the quantiles of its days do not add up."""
    study = Study(city, outlook.series, start, periods, draws=DRAWS, seed=seed)
    futures = outlook.draws(study).sum(("area_id", "category"))
    weeks = futures.sum("period") if outlook.series.value_type == "count" else futures.mean("period")
    values = np.quantile(weeks.to_numpy().astype(float), LEVELS, method="inverted_cdf")
    return dict(zip(LEVELS, map(float, values), strict=True))
