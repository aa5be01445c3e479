"""Falls and rises of known size planted into days of electricity and air, and what is raised where nothing was planted.

The choice of models, and that holidays are taken off with the weather while yesterday's temperature is not, were made on
Commonwealth Edison's days of 2015 and 2016; told is 2017. Of London's air and Meridian nothing was tuned on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from analytics.monitoring.warnings import Alarm, Warnings, warnings_of
from analytics.monitoring.warnings.thresholds import BUDGET
from benchmarks.forecasting.sets import chicago, data_folder, one_series, panel
from benchmarks.rows import Row
from data import Series, open_city

__all__ = ["GRACE", "SIZES", "Change", "changes_in", "found_after", "moved", "rows"]

SIZES = (0.1, 0.2, 0.3)  # of each day's value
LENGTHS = (1, 3, 7, 14)
SIGNS = (-1, 1)
APART = 60  # days from one to the next: a watch has forgotten the one before
GRACE = 2  # days after the last in which an alarm is still told of it
TIMES, QUICK_TIMES = 10, 1  # of each size, length and direction
PROMISED = BUDGET["level"] + BUDGET["outside"]
YEAR = 365.25


@dataclass(frozen=True)
class Change:
    """So large a share more (or, below 0, less) on so many days from ``start`` on."""

    start: pd.Timestamp
    days: int
    share: float

    @property
    def last(self) -> pd.Timestamp:
        """Its last day."""
        return self.start + pd.Timedelta(days=self.days - 1)


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Alarms of nothing, the share of days in alarms and what is found, by series; electricity without its temperature too."""
    for name, series, until in _series():
        yield from _still(name, series, until)
        if series.degrees:
            yield from _still(f"{name}_without_weather", replace(series, regressors=None, degrees=()), until)
        yield from _found(name, series, until, times=QUICK_TIMES if quick else TIMES)


def _series() -> Iterator[tuple[str, Series, pd.Timestamp]]:
    if data_folder().is_dir():
        yield "comed", chicago().series["electricity"], pd.Timestamp("2017-12-31")
        table = pd.read_csv(
            data_folder() / "engines" / "environment" / "london_marylebone_road_hourly_1998_2005.csv.gz",
            parse_dates=["date"],
        )
        days = table.set_index("date")["no2"].resample("D").mean()
        no2 = one_series("no2", panel(days.to_numpy()[:, None], start=str(days.index[0].date()), freq="D"))
        yield "london_no2", replace(no2, value_type="continuous", unit="ppb"), days.index[-10]
    meridian = open_city("meridian")
    for name in ("electricity", "nitrogen_dioxide"):
        series = meridian.series[name]
        one = series.select(areas=series.area_ids[:1])
        yield f"meridian_{name}", one, one.as_of.normalize() - pd.Timedelta(days=1)


def changes_in(days: pd.DatetimeIndex, *, times: int, seed: int) -> tuple[tuple[Change, ...], ...]:
    """Changes of all sizes, lengths and directions, so often each, as many beside each other as fit into the days.

    Parameters
    ----------
    days : that are watched.
    times : how often each.
    seed : of their order and their days.

    Returns
    -------
    tuple
        Those that are planted into one copy of the series together, ``APART`` days or more from each other.
    """
    rng = np.random.default_rng(seed)
    every = [kind for kind in product(SIZES, LENGTHS, SIGNS) for _ in range(times)]
    order = [every[index] for index in rng.permutation(len(every))]
    room = APART + max(LENGTHS)
    fit = len(days) // room
    copies = []
    for begin in range(0, len(order), fit):
        spare = len(days) - fit * room
        shift = int(rng.integers(0, spare + 1))
        copies.append(
            tuple(
                Change(days[shift + place * room + int(rng.integers(0, max(LENGTHS)))], length, sign * size)
                for place, (size, length, sign) in enumerate(order[begin : begin + fit])
            )
        )
    return tuple(copies)


def moved(series: Series, changes: Sequence[Change]) -> Series:
    """The series with each change in the values of its days; hours belong to the days of the series' clock."""
    values = series.values.copy()
    clock = pd.DatetimeIndex(values.index)
    if series.freq == "h":
        clock = clock.tz_localize("UTC").tz_convert(series.timezone).tz_localize(None)
    for each in changes:
        own = (clock.normalize() >= each.start) & (clock.normalize() <= each.last)
        values.loc[own] *= 1 + each.share
    return replace(series, values=values)


def found_after(change: Change, alarms: Sequence[Alarm], *, still: Sequence[Alarm]) -> int | None:
    """Days from the beginning of a change to the first alarm of its direction that was not raised without it; None without any.

    Parameters
    ----------
    change : what was planted.
    alarms : of the series with it.
    still : of the series without.

    Returns
    -------
    0 on the first day.
    """
    direction = "up" if change.share > 0 else "down"
    own = [
        (each.until - change.start).days
        for each in alarms
        if each.direction == direction
        and change.start <= each.until <= change.last + pd.Timedelta(days=GRACE)
        and not any((each.until, each.direction) == (other.until, other.direction) for other in still)
    ]
    return min(own, default=None)


def _watch(series: Series, until: pd.Timestamp) -> Warnings:
    return warnings_of(series, until=until, alarms_per_week=np.inf)


def _still(name: str, series: Series, until: pd.Timestamp) -> Iterator[Row]:
    found = _watch(series, until)
    years = found.watched_periods / YEAR
    guessed = [each for each in found.alarms if each.kind in ("outside", "level")]
    inside = {day for each in guessed for day in pd.date_range(each.since, each.until)}
    note = f"{len(guessed)} alarms in {years:.2f} years; {PROMISED:.2f} promised"
    yield Row(f"{name}_alarms_a_year", len(guessed) / years, "alarms a year", note=note)
    yield Row(f"{name}_days_alarmed", len(inside) / found.watched_periods, "share")


def _found(name: str, series: Series, until: pd.Timestamp, *, times: int) -> Iterator[Row]:
    before = _watch(series, until)
    days = pd.date_range(until - pd.Timedelta(days=before.watched_periods - 1), until)[:-GRACE]
    told: list[tuple[Change, int | None]] = []
    for changes in changes_in(days, times=times, seed=1):
        after = _watch(moved(series, changes), until)
        told += [(each, found_after(each, after.alarms, still=before.alarms)) for each in changes]
    for size in SIZES:
        own = [(change, days_after) for change, days_after in told if abs(change.share) == size]
        by_length = [[after for change, after in own if change.days == length] for length in LENGTHS]
        shares = ", ".join(
            f"{_share(each):.0%} of {length} days" for length, each in zip(LENGTHS, by_length, strict=True)
        )
        signs = ", ".join(
            f"{_share([after for change, after in own if change.share * sign > 0]):.0%} of {word}"
            for sign, word in ((-1, "falls"), (1, "rises"))
        )
        waits = [after for _, after in own if after is not None]
        note = f"{shares}; {signs}; after {np.mean(waits) if waits else np.nan:.1f} days; {len(own)} planted"
        yield Row(f"{name}_found_{size:.0%}".replace("%", ""), _share([after for _, after in own]), "share", note=note)


def _share(found: Sequence[int | None]) -> float:
    return float(np.mean([each is not None for each in found]))
