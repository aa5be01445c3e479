"""Amounts that are watched: their errors' season and tails are found, and an alarm lies outside the range that it states."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import scipy
from test_energy_and_heat import series_of

from analytics.forecasting.uncertainty.distribution import GridDistribution
from analytics.monitoring.warnings import Warnings, warnings_of
from analytics.monitoring.warnings.amounts import (
    Amounts,
    Edges,
    Habits,
    edges_of,
    habits_of,
    learned_of,
    put_right,
    scale_of,
)
from data import Series

DAYS = pd.date_range("2018-01-01", periods=6 * 365, freq="D")
SEASON = 1 + 0.6 * np.cos(2 * np.pi * (DAYS.day_of_year.to_numpy() - 200) / 365.25)  # errors are largest in July


def t_noise(*, freedom: float, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_t(freedom, len(DAYS))


def habits(values: np.ndarray, *, learned: bool = True) -> Habits:
    return habits_of(pd.DataFrame({"a": values}, index=DAYS), learned=learned)


def test_the_season_of_errors_is_found() -> None:
    found = habits(SEASON * t_noise(freedom=50, seed=1)).season[:, 0]
    assert np.corrcoef(found[:365], SEASON[:365])[0, 1] > 0.95
    assert found[199] / found[15] == pytest.approx(1.6 / 0.4, rel=0.3)


def test_tails_are_found_whatever_the_season() -> None:
    heavy, light = (habits(SEASON * t_noise(freedom=freedom, seed=2)).freedom[0] for freedom in (3, 50))
    assert heavy <= 5
    assert light >= 10


def test_little_history_and_longer_periods_teach_no_habits() -> None:
    short = habits_of(pd.DataFrame({"a": t_noise(freedom=3, seed=3)[:150]}, index=DAYS[:150]), learned=True)
    for found in (short, habits(t_noise(freedom=3, seed=3), learned=False)):
        assert (found.season == 1).all()
        assert found.freedom.tolist() == [4.0]


def test_a_distribution_and_its_inverse_agree_far_out() -> None:
    amounts = Amounts(np.full((1, 1), 100.0), np.full((1, 1), 5.0), np.full((1, 1), 4.0))
    levels = np.array([1e-7, 0.001, 0.2, 0.5, 0.9, 1 - 1e-7])[:, None, None]
    assert amounts.cdf(amounts.inverse(levels)).ravel() == pytest.approx(levels.ravel(), rel=1e-6)
    # Beyond all quantiles that a model states, a fall and a rise are as unlikely as each other.
    low, high = (float(amounts.cdf(np.full((1, 1), value))[0, 0]) for value in (40.0, 160.0))
    assert low == pytest.approx(1 - high, rel=1e-6)
    assert low == pytest.approx(scipy.stats.t.cdf(-12, 4), rel=1e-6)


def test_the_size_of_errors_is_told_by_their_own_days() -> None:
    found = habits(SEASON * t_noise(freedom=50, seed=4))
    errors = 7.0 * SEASON[:, None] * t_noise(freedom=50, seed=5)[:, None]
    flat = replace(found, season=np.broadcast_to(SEASON[:366, None], (366, 1)))
    assert scale_of(errors, flat, DAYS)[0] == pytest.approx(7.0, rel=0.1)
    assert np.isnan(scale_of(errors[:10], flat, DAYS[:10])[0])
    # Half of all days are exactly as forecast: the other half still says how far errors go.
    errors[::2] = 0.0
    assert scale_of(errors, flat, DAYS)[0] > 3.0


def test_counts_stay_as_they_were_forecast() -> None:
    counts = GridDistribution(np.arange(1.0, 8.0)[:, None, None], np.full((1, 1), 4.0), True)
    assert put_right(counts, np.ones(1), habits(t_noise(freedom=4, seed=6)), DAYS[:1]) is counts


def test_the_range_of_one_day_is_that_of_its_distribution_and_of_more_days_no_wider() -> None:
    amounts = Amounts(np.full((4, 1), 10.0), np.full((4, 1), 2.0), np.full((4, 1), 3.0))
    edges = edges_of(amounts, lift=np.zeros((4, 1)), keep=np.ones((4, 1)), actual=np.zeros((4, 1)))
    low, middle, high = edges.of_mean(slice(0, 1), 0, persistence=9.0)
    assert (low, middle, high) == pytest.approx((10 - 2 * 3.18245, 10.0, 10 + 2 * 3.18245), rel=1e-4)
    alike = edges.of_mean(slice(0, 4), 0, persistence=9.0)  # four days that say the same
    apart = edges.of_mean(slice(0, 4), 0, persistence=1.0)
    assert alike == pytest.approx((low, middle, high))
    assert apart[2] - apart[1] == pytest.approx((high - middle) / 2)


def test_a_gap_has_no_edges_and_counts_for_nothing() -> None:
    ones = np.array([[1.0], [np.nan], [3.0]])
    assert Edges(ones - 1, ones, ones + 1).of_mean(slice(0, 3), 0, persistence=1.0)[1] == 2.0


def test_a_forecast_that_has_run_away_teaches_nothing() -> None:
    actual, seen = np.array([[5.0], [50.0], [np.nan]]), np.array([[2.0], [5.0], [60.0], [50.0]])
    mean, spread = np.array([[1e9], [20.0], [20.0]]), np.ones((3, 1))
    found = learned_of(actual, mean, spread, seen=seen)[:, 0]
    assert found[:2].tolist() == [60.0, 22.0]  # the highest ever seen, and two spreads from what was expected
    assert np.isnan(found[2])


def wild(*, seed: int) -> Series:
    """Three years of an amount whose errors last, have heavy tails and are largest in summer; then a fifth less for ten days."""
    noise, level = t_noise(freedom=4, seed=seed)[:1095], np.zeros(1095)
    for day in range(1, 1095):
        level[day] = 0.6 * level[day - 1] + noise[day]
    days = DAYS[:1095]
    values = 200 + 20 * (days.day_of_week < 5) + 4 * SEASON[:1095] * level
    return series_of(pd.Series(values, days))


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Warnings, Warnings]:
    """A wild amount, and the same with a fall planted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIVICAST_HOME", str(tmp_path_factory.mktemp("amounts")))
        series = wild(seed=11)
        fallen = series.values.copy()
        fallen.iloc[-20:-10] *= 0.7
        both = series, replace(series, values=fallen)
        return warnings_of(both[0], alarms_per_week=np.inf), warnings_of(both[1], alarms_per_week=np.inf)


def test_an_alarm_of_an_amount_lies_outside_the_range_that_it_states(watched: tuple[Warnings, Warnings]) -> None:
    alarms = [alarm for found in watched for alarm in found.alarms if alarm.kind in ("outside", "level")]
    assert alarms
    for alarm in alarms:
        beyond = alarm.observed < alarm.low if alarm.direction == "down" else alarm.observed > alarm.high
        assert beyond, str(alarm.sentence)
        assert alarm.low < alarm.expected < alarm.high


def test_ordinary_days_raise_little_and_a_fall_is_told(watched: tuple[Warnings, Warnings]) -> None:
    quiet, fallen = watched
    assert len(quiet.alarms) <= 2, "in a year and more; two in three years are promised"
    since = DAYS[1095 - 20]
    told = [each for each in fallen.alarms if each.direction == "down" and each.until >= since]
    assert min(each.until for each in told) <= since + pd.Timedelta(days=2)
