"""Ranges that grow with the step and widen after misses; seasons, theta and the combination find what was planted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from forecasting_panels import counts, frame

from analytics.forecasting import run_model
from analytics.forecasting.calendar.seasons import seasonal_shape, trend_line
from analytics.forecasting.contract import columns_of
from analytics.forecasting.memory import predicted
from analytics.forecasting.registry import find_model
from analytics.forecasting.uncertainty.intervals import growth_of, ranged, spread_factor

LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)


def test_errors_that_grow_as_a_random_walks_do_are_seen_to() -> None:
    walk = np.cumsum(np.random.default_rng(1).normal(size=(40, 28, 50)), axis=1)
    growth = growth_of(walk, horizon=56)
    assert growth[[0, 3, 15]] / growth[0] == pytest.approx([1, 2, 4], rel=0.15)
    assert growth[55] / growth[13] == pytest.approx(2, rel=0.1)
    assert (np.diff(growth) >= 0).all()
    flat = growth_of(np.random.default_rng(2).normal(size=(40, 28, 50)), horizon=28)
    assert flat[-1] / flat[0] == pytest.approx(1, abs=0.1)
    assert growth_of(np.full((1, 3, 1), np.nan), horizon=4).tolist() == [1, 1, 1, 1]


def test_ranges_widen_when_the_latest_errors_are_larger_and_else_stay() -> None:
    rng = np.random.default_rng(3)
    steady = rng.normal(size=(10, 14, 40))
    drifting = steady * np.linspace(1, 4, 10)[:, None, None]
    assert spread_factor(steady) == pytest.approx(1, abs=0.1)
    assert spread_factor(drifting) > 1.3
    assert spread_factor(steady[:1]) == 1


def test_a_drifting_range_covers_better_for_having_adapted() -> None:
    rng = np.random.default_rng(4)
    errors = rng.normal(size=(10, 14, 40)) * np.linspace(1, 4, 10)[:, None, None]
    low, high = np.quantile(errors, [0.1, 0.9])
    new = rng.normal(size=20_000) * 4.3
    plain = ((new > low) & (new < high)).mean()
    factor = spread_factor(errors)
    adapted = ((new > factor * low) & (new < factor * high)).mean()
    assert plain < 0.72
    assert abs(adapted - 0.8) < abs(plain - 0.8)


def test_ranges_of_a_models_own_past_errors_keep_their_promise() -> None:
    rng = np.random.default_rng(5)
    values = np.cumsum(rng.normal(size=(150, 300)) * np.linspace(0.5, 3, 300), axis=0)

    def last_value(past: np.ndarray, horizon: int) -> tuple[np.ndarray, np.ndarray]:
        return np.repeat(past[-1:], horizon, axis=0), np.abs(np.diff(past, axis=0)).mean(axis=0)

    _, said = ranged(last_value, values[:138], horizon=12, season=1, levels=LEVELS)
    came = values[138:]
    assert ((came >= said[1]) & (came <= said[3])).mean() == pytest.approx(0.8, abs=0.04)
    assert ((came >= said[0]) & (came <= said[4])).mean() == pytest.approx(0.95, abs=0.02)
    assert (np.diff(said, axis=0) >= 0).all()


def test_of_a_models_n_own_errors_the_kth_smallest_is_at_level_k_of_n_plus_one() -> None:
    count = 19
    errors = np.random.default_rng(9).permutation(np.linspace(-3, 4, count))
    values = np.concatenate([np.zeros((9, count)), errors[None]])

    def nothing(past: np.ndarray, horizon: int) -> tuple[np.ndarray, np.ndarray]:
        return np.zeros((horizon, past.shape[1])), np.ones(past.shape[1])

    levels = np.arange(1, count + 1) / (count + 1)
    _, found = ranged(nothing, values, horizon=1, season=1, levels=list(levels))
    # Each series' own width is between that of all and that of its one error; freed of it, the errors come back.
    typical = np.abs(errors).mean()
    width = typical * (np.abs(errors) / typical + 0.5) / 1.5
    assert found[:, 0, :] / width == pytest.approx(np.repeat(np.sort(errors)[:, None] / typical, count, axis=1))


def test_a_season_comes_back_and_noise_has_none() -> None:
    rng = np.random.default_rng(6)
    shape = np.sin(2 * np.pi * np.arange(12) / 12)
    line = np.arange(120) * 0.1
    values = np.stack([line + np.tile(shape, 10) + rng.normal(0, 0.1, 120), rng.normal(size=120)], axis=1)
    found = seasonal_shape(values, season=12)
    assert found[:, 0] == pytest.approx(shape, abs=0.12)
    assert np.abs(found[:, 1]).max() < 0.35
    assert found.sum(axis=0) == pytest.approx(0, abs=1e-9)
    assert seasonal_shape(values[:20], season=12).tolist() == np.zeros((12, 2)).tolist()
    assert trend_line(line[:, None], season=12)[6:-6, 0] == pytest.approx(line[6:-6])


@pytest.mark.parametrize("name", ["theta", "drift"])
def test_a_line_is_continued(name: str) -> None:
    line = frame(50 + 2 * np.arange(60.0)[:, None], freq="MS")
    said = run_model(find_model(name), line, horizon=6, quantiles=LEVELS)
    middle = columns_of(said.quantiles, line.columns)[2, :, 0]
    rise = {"theta": 1.0, "drift": 2.0}[name]  # theta's line counts for at most the whole of its slope
    assert (np.diff(middle) > rise - 0.6).all()
    assert middle[0] > 160


def test_theta_forecasts_the_season_that_it_took_out() -> None:
    months = pd.date_range("2005-01-01", periods=120, freq="MS")
    values = 100 * np.exp(0.3 * np.sin(2 * np.pi * months.month.to_numpy() / 12))
    noisy = values * np.exp(np.random.default_rng(7).normal(0, 0.02, 120))
    said = run_model(find_model("theta"), frame(noisy[:108, None], freq="MS"), horizon=12, quantiles=LEVELS)
    assert said.mean.to_numpy()[:, 0, 0] == pytest.approx(values[108:], rel=0.08)


def test_the_combination_leans_on_what_did_well_and_asks_each_member_once() -> None:
    values = counts(periods=400, columns=10, mean=3.0)
    panel = frame(values)
    said = run_model(find_model("combination"), panel, horizon=28, quantiles=LEVELS)
    pooled = predicted(find_model("pooled_counts"), panel, horizon=28, quantiles=LEVELS, regressors=None, seed=0)
    naive = predicted(find_model("seasonal_naive"), panel, horizon=28, quantiles=LEVELS, regressors=None, seed=0)
    apart = [float(np.abs(said.mean - each.mean).mean()) for each in (pooled, naive)]
    assert apart[0] < apart[1]
    again = predicted(find_model("pooled_counts"), panel, horizon=28, quantiles=LEVELS, regressors=None, seed=0)
    assert again is pooled


def test_a_model_is_asked_once_whatever_else_is_known_that_it_does_not_use() -> None:
    panel = frame(counts(periods=120, columns=2, mean=3.0))
    holidays = pd.DataFrame({"holiday": 0.0}, index=pd.date_range(panel.index[0], periods=148, freq="D"))
    others = pd.DataFrame({"rain": 1.0}, index=holidays.index)

    def asked(model: str, regressors: pd.DataFrame | None) -> object:
        return predicted(find_model(model), panel, horizon=28, quantiles=LEVELS, regressors=regressors, seed=0)

    assert asked("drift", None) is asked("drift", holidays) is asked("drift", others)
    assert asked("combination", holidays) is not asked("combination", others)
    assert asked("combination", holidays) is not asked("combination", None)


@pytest.mark.parametrize("change", ["value", "column", "period"])
def test_another_history_is_asked_anew(change: str) -> None:
    panel = frame(counts(periods=120, columns=2, mean=3.0))
    other = panel.copy()
    if change == "value":
        other.iloc[7, 1] += 1
    elif change == "column":
        other.columns = pd.MultiIndex.from_tuples([("other", "one"), *panel.columns[1:]], names=panel.columns.names)
    else:
        other.index = panel.index.shift(1)
    first, second = (
        predicted(find_model("drift"), each, horizon=7, quantiles=LEVELS, regressors=None, seed=0)
        for each in (panel, other)
    )
    assert first is not second


def test_unobserved_components_uses_regressors() -> None:
    rng = np.random.default_rng(8)
    days = pd.date_range("2020-01-01", periods=240, freq="D")
    rain = pd.DataFrame({"rain": rng.integers(0, 2, 240).astype(float)}, index=days)
    values = (50 + 20 * rain["rain"].to_numpy() + rng.normal(0, 1, 240))[:, None]
    panel = frame(values[:210])
    said = run_model(find_model("unobserved_components"), panel, horizon=30, quantiles=(0.1, 0.9), regressors=rain)
    assert said.mean.to_numpy()[:, 0, 0] == pytest.approx(values[210:, 0], abs=5)
