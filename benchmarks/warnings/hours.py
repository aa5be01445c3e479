"""Single hours planted into real hourly series and told, and hours that are told where nothing was planted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.monitoring.warnings.hours import Hours, hours_of, raised_hours
from analytics.monitoring.warnings.panel import watched_panel
from analytics.monitoring.warnings.thresholds import BUDGET
from benchmarks.rows import Row
from benchmarks.warnings.meridian import share
from benchmarks.warnings.real_series import places
from data import Series
from data.frequency import Frequency

__all__ = ["rows"]

SIZES = (10.0, 20.0)  # standard deviations of the square root that a planted hour lies above what was expected
WATCHED = 364  # days
APART = 28  # days from one planted hour of a column to the next
NAMED = 4  # hours named beside a row


def rows(*, quick: bool = False) -> Iterator[Row]:
    """The share of planted hours that is told by size, and hours told a series and year where nothing was planted."""
    found: dict[float, list[bool]] = {size: [] for size in SIZES}
    by_chance: list[bool] = []
    raised, years, strongest = 0, 0.0, []
    for place in places(tuned=quick):
        if place.series.freq is not Frequency.HOUR:
            continue
        panel = watched_panel(place.series)
        still = hours_of(place.series, panel)
        first = still.start + pd.Timedelta(days=len(still.actual) // 24 - WATCHED)
        own = raised_hours(still, first=first)
        raised += len(own)
        years += float((~np.isnan(still.up[-24 * WATCHED :])).sum() / Frequency.HOUR.periods_a_year)
        strongest += [(each.recurrence, place.name, still.start + pd.Timedelta(hours=each.row)) for each in own]
        for seed, size in enumerate(SIZES):
            planted = _places(still, columns=place.series.values.shape[1], seed=seed)
            moved = hours_of(_planted(place.series, still, planted, size), panel)
            told = {(each.row, each.column) for each in raised_hours(moved, first=first)}
            found[size] += [each in told for each in planted]
            by_chance += [each in {(one.row, one.column) for one in own} for each in planted]
    for size, hits in found.items():
        note = f"{len(hits)} hours; {np.mean(by_chance):.0%} by chance"
        yield share(f"warning_recall_hour_{size:g}sd", hits, note=note)
    named = "; ".join(f"{name} {when:%d %b %Y %H:00}" for _, name, when in sorted(strongest)[:NAMED])
    yield Row(
        "warning_raised_hour", raised / years, "a series and year", peer=BUDGET["hour"], peer_name="promised",
        note=f"{years:.0f} series-years; the rarest: {named}",
    )  # fmt: skip


def _places(still: Hours, *, columns: int, seed: int) -> list[tuple[int, int]]:
    """Hours (row, column) of the watched days, drawn by lot; none where nobody can say how rare an hour is."""
    rng = np.random.default_rng(seed)
    begin = len(still.actual) - 24 * WATCHED
    drawn = [
        (begin + 24 * (day + int(rng.integers(0, APART // 2))) + int(rng.integers(0, 24)), column)
        for column in range(columns)
        for day in range(0, WATCHED - APART, APART)
    ]
    return [each for each in drawn if not np.isnan(still.up[each]) and not np.isnan(still.actual[each])]


def _planted(series: Series, still: Hours, planted: list[tuple[int, int]], size: float) -> Series:
    """The series with each hour at so many standard deviations above what was expected; its clock is its own."""
    values = series.values.sort_index(axis=1).copy()
    offset = (still.start - values.index[0]) // pd.Timedelta(hours=1)
    for row, column in planted:
        root = still.root[row, column] + size * still.spread[row, column]
        values.iloc[row + offset, column] = np.rint(root**2)
    return replace(series, values=values)
