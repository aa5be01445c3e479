"""One week of all tables: which it is, what it counts, and that what stopped before it is told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from forecasting_panels import counts, frame, series

from analytics.monitoring.week import PAST, figures_in, last_week
from data import Series


def city_of(*tables: Series) -> Any:
    return SimpleNamespace(series={each.name: each for each in tables}, incidents={})


def daily(name: str, *, days: int, start: str = "2023-01-01") -> Series:
    values = frame(counts(periods=days, columns=2, mean=20.0))
    values.index = pd.date_range(start, periods=days, freq="D", name="period")
    return series(values, name=name)


def test_the_week_ends_with_the_last_day_that_all_but_the_ended_tables_have() -> None:
    fresh, late, old = daily("fresh", days=200), daily("late", days=193), daily("old", days=192)
    figures = figures_in(city_of(fresh, late, old))
    assert figures.end == late.as_of
    assert [(each.name, each.end, each.start) for each in figures.weeks] == [
        ("fresh", late.as_of, late.as_of - pd.Timedelta(days=6)),
        ("late", late.as_of, late.as_of - pd.Timedelta(days=6)),
    ]
    ((ended),) = figures.apart
    assert (ended.name, ended.last, ended.ended, ended.value) == (
        "old",
        old.as_of,
        True,
        old.values[-7:].to_numpy().sum(),
    )
    assert figures.ended == {"old"}
    assert figures.weeks[0].value == fresh.values.loc[: late.as_of][-7:].to_numpy().sum()


def test_what_is_counted_by_the_month_has_no_week() -> None:
    months = frame(counts(periods=40, columns=1, mean=50.0), freq="MS")
    monthly = series(months, name="monthly")
    figures = figures_in(city_of(daily("fresh", days=200), monthly))
    assert [each.name for each in figures.weeks] == ["fresh"]
    assert [(each.name, each.ended, each.value) for each in figures.apart] == [("monthly", False, months.iloc[-1, 0])]
    assert figures.ended == frozenset()
    assert figures_in(city_of(monthly)).end is None


def shares_inside(weeks: Sequence[Any]) -> float:
    return sum(not each.outside for each in weeks) / len(weeks)


def test_eight_in_ten_weeks_lie_in_their_ranges() -> None:
    # Days that vary more than a model of counts knows: the range is that of what the forecasts were worth.
    rng = np.random.default_rng(5)
    level = np.repeat(np.exp(rng.normal(0, 0.3, 120)), 7)
    values = frame(rng.poisson(40 * level[:, None], (840, 1)).astype(float))
    whole = series(values)
    weeks = [last_week(whole, end=whole.values.index[-1 - 7 * ago]) for ago in range(40)]
    assert 0.7 <= shares_inside(weeks) <= 0.95
    assert all(each.low is not None for each in weeks)


def test_a_short_history_has_no_range_and_says_how_many_weeks_are_wanted() -> None:
    short = daily("short", days=28 + 13 * 7 + 6)
    assert "12 weeks before it can be compared, and 13 are wanted" in str(last_week(short).why_not)
    for days in (7, 8):  # it begins with the week, or a day before it
        just_begun = last_week(daily("begun", days=days))
        assert "0 weeks before it can be compared" in str(just_begun.why_not)
        assert just_begun.value == daily("begun", days=days).values[-7:].to_numpy().sum()
    assert last_week(daily("enough", days=28 + 13 * 7 + 7)).low is not None


def test_only_the_latest_weeks_make_the_range() -> None:
    values = counts(periods=7 * 120, columns=1, mean=30.0)
    calm = last_week(series(frame(values)))
    wild = values.copy()
    first = len(values) - 7 * (PAST + 1) - 7
    wild[first : first + 7] *= 30  # in the week before the first that counts
    assert last_week(series(frame(wild), name="wild")).high == pytest.approx(calm.high or 0, rel=0.25)


def test_a_value_at_an_end_of_its_range_lies_inside() -> None:
    week = last_week(daily("fresh", days=400))
    assert week.low is not None
    assert week.low == np.floor(week.low)
    assert not replace(week, value=week.low).outside
    assert not replace(week, value=week.high or 0).outside
    assert replace(week, value=week.low - 1).outside
    assert replace(week, value=(week.high or 0) + 1).outside
    assert not replace(week, low=None).outside
