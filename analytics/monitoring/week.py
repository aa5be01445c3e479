"""What is happening: one week of all tables, and each count of it beside the range that was forecast before it began."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.pooled import PooledCounts
from analytics.forecasting.registry import find_model
from analytics.parallel import Progress, quiet
from data import City, Incidents, Provenance, Series
from data.errors import TableError
from data.frequency import Frequency
from data.tables import ALL, CITY
from data.words import Sentence, Words, text

__all__ = ["Apart", "Figures", "Week", "daily_counts", "figures_in", "last_week"]

DAYS = 7
LATE_DAYS = 7  # behind the newest table: what stopped earlier is told apart, so that one week is that of all others
RECENT = 21  # days that are looked at for it: the week, what may be late, and a day that is not over
LEAST_KNOWN = 0.5  # of a week: of less than half no total can be told
MODEL = "pooled_counts"  # a glance at the week must not wait for the whole leaderboard
YEARS_KNOWN = 3  # a forecast of a week gains nothing from older days
LEVELS = (0.1, 0.9)
PAST = 39  # weeks before it whose forecasts say how far off they are: three quarters of a year
FEWEST_PAST = 13  # of them: of fewer the outermost are all that there is
LEAST_BEFORE = 28  # days that a forecast needs before it
ONE = 1.0  # event, added to what is seen and to what is forecast, so that a week without any has a share


@dataclass(frozen=True)
class Week:
    """Seven days up to ``end`` (inclusive) of one table: what came, and the range in which 8 in 10 weeks came before.

    ``kind`` is "series" or "incidents". ``value`` is the sum of counts, over areas too, and the mean of other values.
    ``low`` and ``high`` are None where there was too little history to say, and ``why_not`` says so; in ``Figures``
    they are not looked for yet. ``police_initiated`` marks counts of what the police do.
    """

    kind: Literal["series", "incidents"]
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
    why_not: Words = ""

    @property
    def outside(self) -> bool:
        """Whether it lies outside its range; never where there is none."""
        return self.low is not None and self.high is not None and not self.low <= self.value <= self.high


@dataclass(frozen=True)
class Apart:
    """A table without a figure in the week: it had ``ended`` with ``last``, or it is counted by longer periods.

    ``value`` is the sum of counts (the mean of other values) of its last seven days, or of the period of length ``freq``
    that begins with ``last``.
    """

    kind: Literal["series", "incidents"]
    name: str
    title: Words
    unit: Words
    freq: Frequency
    last: pd.Timestamp
    value: float
    ended: bool


@dataclass(frozen=True)
class Figures:
    """One week of a city up to ``end`` (inclusive; None without any table by the day or hour), from its tables alone.

    It is the latest that is whole in all tables but those that stopped over a week before the newest: these are ``apart``,
    and so are those of longer periods.
    """

    end: pd.Timestamp | None
    weeks: tuple[Week, ...]
    apart: tuple[Apart, ...]

    @property
    def ended(self) -> frozenset[str]:
        """The names of the series that had stopped before this week."""
        return frozenset(each.name for each in self.apart if each.ended and each.kind == "series")


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


def figures_in(city: City, *, progress: Progress = quiet) -> Figures:
    """The figures of one week of each series and each table of incidents; nothing is forecast.

    Parameters
    ----------
    city : all of whose tables are looked at.
    progress : told how far the work is.

    Returns
    -------
    Figures
        In the city's order, series first. A table without a whole day has none.
    """
    tables: list[Series | Incidents] = [*city.series.values(), *city.incidents.values()]
    days: list[tuple[Series | Incidents, Series]] = []
    apart = []
    for index, table in enumerate(tables):
        progress(index / len(tables), table.title)
        if isinstance(table, Series) and table.freq not in (Frequency.HOUR, Frequency.DAY):
            apart.append(_apart(table, table, ended=False))
            continue
        with suppress(TableError):  # hours that are no whole day yet
            days.append((table, _daily(table, recent=RECENT)))
    if not days:
        return Figures(None, (), tuple(apart))
    newest = max(each.as_of for _, each in days)
    late = newest - pd.Timedelta(days=LATE_DAYS)
    end = min(each.as_of for _, each in days if each.as_of >= late)
    weeks = tuple(_counted(table, each.until(end))[0] for table, each in days if each.as_of >= late)
    ended = [_apart(table, each, ended=True) for table, each in days if each.as_of < late]
    return Figures(end, weeks, (*ended, *apart))


def last_week(table: Series | Incidents, *, end: pd.Timestamp | None = None, progress: Progress = quiet) -> Week:
    """Seven whole days of a table by the day or hour, and the range that was forecast before they began.

    Parameters
    ----------
    table : whatever is counted or measured.
    end : the last of the days; None is the table's last whole day.
    progress : told how far the work is.

    Returns
    -------
    Week
        With a range, or the reason why there is none.
    """
    series = _daily(table)
    week, known = _counted(table, series if end is None else series.until(end))
    if week.why_not or series.freq is not Frequency.DAY:
        return week
    if series.values.index[0] >= week.start:
        return replace(week, why_not=_few_weeks(0))
    if known.all():
        # The total by itself is a fraction of the work of all its areas.
        series, known = _total(series), known[:, :1]
    return _with_range(week, series.until(week.start - pd.Timedelta(days=1)), known, progress)


def _total(series: Series) -> Series:
    """All areas and categories as one column; a day with a gap in any of them is a gap."""
    total = series.values.sum(axis=1, skipna=False).to_frame()
    total.columns = pd.MultiIndex.from_tuples([(CITY, ALL)], names=series.values.columns.names)
    return replace(series, layer=CITY, values=total.asfreq(series.freq))


def _daily(table: Series | Incidents, *, recent: int | None = None) -> Series:
    """A table by the day; only its last days where only ``recent`` ones are asked for."""
    if isinstance(table, Incidents):
        since = table.since if recent is None else max(table.since, table.until - pd.Timedelta(days=recent - 1))
        return daily_counts(replace(table, frame=table.frame[table.frame["time"] >= since], since=since))
    hourly = table.freq is Frequency.HOUR
    if recent is not None:
        table = replace(table, values=table.values.iloc[-recent * (24 if hourly else 1) :])
    return table.to_frequency(Frequency.DAY) if hourly else table


def _counted(table: Series | Incidents, series: Series) -> tuple[Week, npt.NDArray[np.bool_]]:
    """The last seven days of a daily series without a range, and which of its values are known."""
    start = series.as_of - pd.Timedelta(days=DAYS - 1)
    values = series.values.loc[start:].to_numpy(dtype=float)
    known = ~np.isnan(values)
    incidents = isinstance(table, Incidents)
    week = Week(
        kind="incidents" if incidents else "series",
        name=series.name,
        title=table.title,
        unit=Sentence("overview.incidents") if incidents else series.unit,
        start=start,
        end=series.as_of,
        value=float(values[known].sum()),
        police_initiated=isinstance(table, Incidents) and bool(table.police_initiated),
        made_from=(series.provenance,),
    )
    if series.value_type != "count":  # delays of forty counters add up to nothing
        mean = week.value / max(int(known.sum()), 1)
        return replace(week, value=mean, why_not=Sentence("overview.amounts")), known
    if known.mean() < LEAST_KNOWN:
        return replace(week, why_not=Sentence("overview.mostly_missing", {"share": 1 - float(known.mean())})), known
    return week, known


def _apart(table: Series | Incidents, series: Series, *, ended: bool) -> Apart:
    """The last seven days of a daily series, or the last period of another."""
    values = series.values.iloc[-DAYS if series.freq is Frequency.DAY else -1 :].to_numpy(dtype=float)
    known = ~np.isnan(values)
    value = float(values[known].sum())
    incidents = isinstance(table, Incidents)
    return Apart(
        kind="incidents" if incidents else "series",
        name=series.name,
        title=table.title,
        unit=Sentence("overview.incidents") if incidents else series.unit,
        freq=series.freq,
        last=series.as_of,
        value=value if series.value_type == "count" else value / max(int(known.sum()), 1),
        ended=ended,
    )


def _with_range(week: Week, before: Series, known: npt.NDArray[np.bool_], progress: Progress) -> Week:
    """The week beside its forecast and how far the weeks before it were from theirs.

    Each of the last 39 weeks is forecast from what was known before it, and the range is that in which 8 in 10 of them
    came, as a share of their forecasts (Vovk, Gammerman and Shafer 2005). What has not arrived is in neither: a week with
    gaps stands beside forecasts of what is there.
    """
    values, least = before.values, max(find_model(MODEL).min_periods, LEAST_BEFORE)
    counts, pooled = values.to_numpy(dtype=float), PooledCounts.of(values, horizon=DAYS)
    ratios: list[float] = []

    def forecast(row: int) -> npt.NDArray[np.float64]:
        """The mean of each of the seven days after so many that are known, (day, column)."""
        first = values.index.searchsorted(values.index[row - 1] - pd.DateOffset(years=YEARS_KNOWN))
        return pooled.ahead(counts[:row], int(first)).mean

    for ago in range(1, PAST + 1):
        progress(ago / (PAST + 1), week.title)
        row = len(counts) - DAYS * ago
        if row < least:
            break
        actual = counts[row : row + DAYS]
        cells = known & ~np.isnan(actual)
        if cells.sum() >= LEAST_KNOWN * known.sum():
            stated = forecast(row)[cells].sum()
            ratios.append((float(actual[cells].sum()) + ONE) / (float(stated) + ONE))
    if len(ratios) < FEWEST_PAST:
        return replace(week, why_not=_few_weeks(len(ratios)))
    middle = float(forecast(len(counts))[known].sum()) + ONE
    low, high = (_ranked(ratios, level) * middle - ONE for level in LEVELS)
    # Whole numbers outwards, so that a count that stands at an end as it is written lies inside.
    return replace(week, low=max(float(np.floor(low)), 0.0), high=float(np.ceil(high)))


def _few_weeks(number: int) -> Sentence:
    return Sentence("overview.few_weeks", {"n": number, "least": FEWEST_PAST})


def _ranked(ratios: Sequence[float], level: float) -> float:
    """The ratio at a level among those and one more, whose place is not known: a little further out than their quantile."""
    ranked = sorted(ratios)
    place = level * (len(ranked) + 1)
    index = int(np.floor(place)) if level < 0.5 else int(np.ceil(place))
    return ranked[min(max(index - 1, 0), len(ranked) - 1)]
