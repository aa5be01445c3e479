"""Holidays, bridges and the days beside them: which they are, and how they are forecast by what such days were."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from forecasting_panels import frame

from analytics.forecasting import run_model
from analytics.forecasting.calendar.odd_days import Kind, Oddness, kinds_of, oddness_of
from analytics.forecasting.registry import find_model

WEEK, DAY = 168, 24
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)


def kinds(*holidays: int, days: int = 14) -> str:
    """The kinds of two weeks from a Monday on, one letter a day."""
    holiday = np.isin(np.arange(days), holidays)
    return "".join(".HBb"[kind] for kind in kinds_of(holiday, first_weekday=0))


def test_days_are_odd_by_the_holidays_around_them() -> None:
    assert kinds(2) == ".bHb.........."  # a Wednesday
    assert kinds(3) == "..bHB........."  # a Thursday: the Friday is a bridge
    assert kinds(8) == ".......BHb...."  # a Tuesday: the Monday is one
    assert kinds(0, 7) == "HBBBBBBHb....."  # a week apart
    assert kinds(0, 8) == "Hb.....BHb...."  # and a day more
    assert kinds(2, 3) == ".bHHB........."


def days(*, place: float, level: float = 1.0, number: int = 6) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Days that lie so far between a Sunday of 40 and a weekday of 100."""
    sunday, weekday = np.full((number, DAY), 40.0), np.full((number, DAY), 100.0)
    return level * (sunday + place * (weekday - sunday)), weekday, sunday


def test_the_place_of_a_day_is_learned_and_drawn_towards_what_is_usual() -> None:
    first = oddness_of(Kind.HOLIDAY, *(each[:0] for each in days(place=0.0)))
    assert first.place == pytest.approx(0.1)
    assert first.place_spread > 0.5
    one = oddness_of(Kind.HOLIDAY, *days(place=0.7, number=1))
    many = oddness_of(Kind.HOLIDAY, *days(place=0.7, number=30))
    assert (one.place, many.place) == (pytest.approx(0.3), pytest.approx(0.6625))
    assert many.place_spread < one.place_spread <= first.place_spread
    assert many.level_spread < first.level_spread


def test_days_that_vary_have_a_wider_spread() -> None:
    alike, apart = days(place=0.5), days(place=0.5)
    apart[0][::2] *= 0.6
    assert oddness_of(Kind.BRIDGE, *apart).place_spread > 1.3 * oddness_of(Kind.BRIDGE, *alike).place_spread
    # Where Sundays are like weekdays nothing is learned of the place, and all that varies is the level.
    same = np.full((6, DAY), 50.0)
    flat = oddness_of(Kind.BRIDGE, same * 1.5, same, same)
    assert flat.place == oddness_of(Kind.BRIDGE, same[:0], same[:0], same[:0]).place
    assert flat.level_spread > 0.4
    assert oddness_of(Kind.BRIDGE, np.full((3, DAY), np.nan), same[:3], same[:3]) == Oddness(
        0.8, pytest.approx(0.35 * np.sqrt(1.5)), pytest.approx(0.15 * np.sqrt(1.5))
    )


def quantiles_of_a_holiday(*, past: int, value: float) -> np.ndarray:
    """What is forecast for a week whose Wednesday is a holiday, after so many that had this value; Sundays have 40, others 100."""
    panel = frame(np.zeros((30 * WEEK, 1)), freq="h")
    index = pd.DatetimeIndex(panel.index)
    values = np.where(index.day_of_week == 6, 40.0, 100.0)
    number = np.arange(len(index)) // DAY
    free = np.isin(number, 2 + 7 * np.arange(28, 28 - 4 * past, -4))
    values[free] = value
    panel.iloc[:, 0] = values + np.random.default_rng(1).normal(0, 2, len(values))
    beside = pd.DataFrame({"holiday": 0.0}, index=pd.date_range(index[0], periods=len(index) + WEEK, freq="h"))
    beside.iloc[: len(free), 0] = free.astype(float)
    beside.iloc[len(free) + 2 * DAY : len(free) + 3 * DAY] = 1.0
    answer = run_model(find_model("hour_of_week"), panel, horizon=WEEK, quantiles=LEVELS, regressors=beside)
    assert answer.quantiles is not None
    return answer.quantiles.to_numpy()[:, :, 0, 0].reshape(5, 7, DAY).mean(axis=2)


def test_a_first_holiday_is_near_a_sunday_with_a_range_up_to_a_weekday() -> None:
    answer = quantiles_of_a_holiday(past=0, value=0.0)
    low, _, middle, _, high = answer[:, 2]
    assert middle == pytest.approx(46, abs=5)
    assert high > 90
    assert low < 20
    # The day after the next is an ordinary one, in an ordinary range.
    assert answer[:, 4][[0, -1]] == pytest.approx([96, 104], abs=3)


def test_holidays_are_forecast_as_those_before_them() -> None:
    first, known = (quantiles_of_a_holiday(past=past, value=82.0)[:, 2] for past in (0, 6))
    assert known[2] == pytest.approx(40 + 60 * 0.55, abs=5)
    assert known[-1] - known[0] < first[-1] - first[0]
