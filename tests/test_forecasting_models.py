"""Every registered model keeps the contract; each built-in finds what was planted; a broken one harms nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy
from forecasting_panels import counts, frame

from analytics.errors import ForecastError, ModelError
from analytics.forecasting import Forecaster, Prediction, failed_models, per_series, run_model
from analytics.forecasting._memory_loops import remembered
from analytics.forecasting.contract import GRID, MODELS, columns_of, future_periods, panel_array
from analytics.forecasting.models._theta_loops import taken_in
from analytics.forecasting.pooled import PooledCounts
from analytics.forecasting.registry import find_model, models

LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
NAMES = list(models())
HORIZON = 10


def ordinary() -> np.ndarray:
    return counts(periods=120, columns=2)


def test_the_models_are_there_and_state_their_limits() -> None:
    assert set(NAMES) >= {
        "seasonal_naive", "drift", "pooled_counts", "hour_of_week", "theta", "ets", "unobserved_components", "prophet",
        "light_gbm", "combination",
    }  # fmt: skip
    assert all(model.limits and model.inputs and model.version for model in models().values())
    assert [model.complexity for model in models().values()] == sorted(each.complexity for each in models().values())


@pytest.mark.parametrize(("freq", "season"), [("D", 7), ("MS", 12), ("h", 168), ("W-MON", 52)])
def test_the_naive_repeats_a_season_exactly(freq: str, season: int) -> None:
    pattern = np.arange(season) % 11
    panel = frame(np.tile(pattern, 3)[:, None], freq=freq)
    answer = run_model(find_model("seasonal_naive"), panel, horizon=season, quantiles=LEVELS)
    assert answer.quantiles is not None
    for quantile in columns_of(answer.quantiles, panel.columns):
        assert quantile[:, 0].tolist() == pattern.tolist()


def test_the_naives_range_is_the_quantiles_of_past_changes() -> None:
    values = np.random.default_rng(1).normal(50, 5, (300, 1))
    answer = run_model(find_model("seasonal_naive"), frame(values), horizon=1, quantiles=(0.1, 0.9))
    assert answer.quantiles is not None
    expected = values[-7] + np.quantile(values[7:] - values[:-7], [0.1, 0.9])
    assert answer.quantiles.to_numpy().ravel() == pytest.approx(expected)


@pytest.mark.parametrize("name", ["theta", "drift", "combination"])
@pytest.mark.parametrize("winter", [False, True])
def test_temperatures_near_zero_do_not_run_away(name: str, winter: bool) -> None:
    """A summer that ends at a hair above 0, with and without the frost of the winter before it."""
    days = np.arange(320 if winter else 200)[::-1]
    noise = np.random.default_rng(5).normal(0, 1.2, 320)[-len(days) :]
    degrees = 20 * np.sin(np.pi * (days + 8) / 215) + noise
    degrees[days < 200] = np.maximum(degrees[days < 200], 1.0)
    degrees[-3] = 0.02
    assert bool(degrees.min() < 0) is winter
    answer = run_model(find_model(name), frame(degrees[:, None]), horizon=28, quantiles=LEVELS)
    assert answer.quantiles is not None
    assert np.abs(answer.quantiles).max() < 2 * degrees.max()
    assert (float(answer.quantiles.min()) < 0) is winter  # where frost was seen, frost is possible


@pytest.mark.parametrize("name", ["theta", "drift"])
def test_what_changes_by_shares_is_forecast_by_shares(name: str) -> None:
    values = 100 * np.exp(np.random.default_rng(6).normal(0, 0.7, (200, 1)))
    answer = run_model(find_model(name), frame(values), horizon=7, quantiles=LEVELS)
    assert answer.quantiles is not None
    assert (answer.quantiles > 0).all()  # as amounts the lowest would be held at nothing


def test_pooled_counts_finds_level_weekday_season_and_spread() -> None:
    days = pd.date_range("2020-01-01", periods=1461 + 28, freq="D")
    weekday = np.array([1.3, 1.2, 1.1, 1.0, 1.0, 0.8, 0.6])[days.day_of_week]
    season = np.exp(0.25 * np.sin(2 * np.pi * days.day_of_year.to_numpy() / 365.25))
    truth = (weekday * season)[:, None] * np.linspace(1, 6, 20)
    rng = np.random.default_rng(5)
    drawn = rng.negative_binomial(4.0, 4.0 / (4.0 + truth)).astype(float)
    answer = run_model(find_model("pooled_counts"), frame(drawn[:1461]), horizon=28, quantiles=LEVELS)
    assert answer.size is not None
    mean = answer.mean.to_numpy()[:, :, 0]
    assert mean.sum() == pytest.approx(truth[1461:].sum(), rel=0.05)
    assert np.abs(mean / truth[1461:] - 1).mean() < 0.12
    by_weekday = pd.Series(mean.mean(axis=1)).groupby(days[1461:].day_of_week).mean()
    assert by_weekday[0] / by_weekday[6] == pytest.approx(1.3 / 0.6, rel=0.1)
    assert np.median(answer.size) == pytest.approx(4.0, rel=0.3)


def test_pooled_counts_learns_a_new_level() -> None:
    rng = np.random.default_rng(2)
    values = np.concatenate([rng.poisson(2.0, (500, 8)), rng.poisson(6.0, (120, 8))])
    answer = run_model(find_model("pooled_counts"), frame(values), horizon=14, quantiles=LEVELS)
    assert float(answer.mean.mean()) == pytest.approx(6.0, rel=0.1)


def test_prophet_uses_regressors() -> None:
    rng = np.random.default_rng(3)
    heat = rng.normal(0, 1, 230)
    panel = frame((20 + 5 * heat[:200] + rng.normal(0, 0.5, 200))[:, None])
    beside = pd.DataFrame({"heat": heat}, index=pd.date_range(panel.index[0], periods=230, freq="D"))
    answer = run_model(find_model("prophet"), panel, horizon=30, quantiles=(0.1, 0.9), regressors=beside)
    assert np.corrcoef(answer.mean.to_numpy().ravel(), heat[200:])[0, 1] > 0.95
    with pytest.raises(ForecastError, match="heat: a number is needed for every period"):
        run_model(find_model("prophet"), panel, horizon=31, quantiles=(0.1, 0.9), regressors=beside)


def toy(function: Callable[..., Prediction], **more: Any) -> Forecaster:
    facts: dict[str, Any] = {"limits": ("A toy.",), "inputs": ("Past values",), "value_types": ("count",)}
    return Forecaster(
        name="toy", title="Toy", version="1", min_periods=1, complexity=9, function=function, **(facts | more)
    )


def zeros(history: pd.DataFrame, *, horizon: int, quantiles: Any, **_: Any) -> Prediction:
    periods = future_periods(history, horizon)
    flat = np.zeros((horizon, history.shape[1]))
    stacked = np.zeros((len(quantiles), *flat.shape))
    return Prediction(
        panel_array(flat, periods, history.columns),
        panel_array(stacked, periods, history.columns, quantiles=quantiles),
    )


def crossing(history: pd.DataFrame, **asked: Any) -> Prediction:
    answer = zeros(history, **asked)
    falling = answer.quantiles - answer.quantiles["quantile"]
    return Prediction(answer.mean, falling)


def unnumbered(history: pd.DataFrame, **asked: Any) -> Prediction:
    answer = zeros(history, **asked)
    return Prediction(answer.mean * np.nan, answer.quantiles)


def area_missing(history: pd.DataFrame, **asked: Any) -> Prediction:
    return zeros(history.iloc[:, 1:], **asked)


def a_period_late(history: pd.DataFrame, **asked: Any) -> Prediction:
    answer = zeros(history, **(asked | {"horizon": asked["horizon"] + 1}))
    return Prediction(answer.mean.isel(period=slice(1, None)), answer.quantiles)


def without_quantiles(history: pd.DataFrame, **asked: Any) -> Prediction:
    return Prediction(zeros(history, **asked).mean)


def failing(history: pd.DataFrame, **_: Any) -> Prediction:
    raise ZeroDivisionError("by nothing")


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (crossing, "its quantiles cross"),
        (unnumbered, "its mean holds values that are no finite numbers"),
        (area_missing, "its mean must hold every area"),
        (a_period_late, "its mean must be for the 10 periods after the history"),
        (without_quantiles, "it must return quantiles exactly when"),
        (lambda history, **_: history, "something else than a Prediction"),
        (failing, "Toy failed on this series .ZeroDivisionError: by nothing."),
    ],
)
def test_a_breach_of_the_contract_is_named(function: Callable[..., Prediction], words: str) -> None:
    with pytest.raises(ModelError, match=words):
        run_model(toy(function), frame(ordinary()), horizon=HORIZON, quantiles=LEVELS)


def test_a_size_must_come_with_parametric() -> None:
    with pytest.raises(ModelError, match="a size exactly when parametric says so"):
        run_model(toy(zeros, parametric=True), frame(ordinary()), horizon=HORIZON)


def test_history_that_is_too_short_or_infinite_is_refused() -> None:
    with pytest.raises(ForecastError, match="at least 24 periods of history and there are 20"):
        run_model(find_model("pooled_counts"), frame(counts(periods=20)), horizon=3)
    values = counts(periods=40)
    values[3, 0] = np.inf
    with pytest.raises(ForecastError, match="infinite value"):
        run_model(find_model("pooled_counts"), frame(values), horizon=3)


def test_a_function_of_one_series_serves_a_panel() -> None:
    @per_series
    def last_value(one: pd.Series, *, horizon: int, quantiles: Any, **_: Any) -> pd.DataFrame:
        assert one.notna().iloc[0]  # leading gaps are taken off
        return pd.DataFrame({key: [one.iloc[-1]] * horizon for key in ("mean", *quantiles)})

    values = ordinary()
    values[:30, 1] = np.nan
    answer = run_model(toy(last_value), frame(values), horizon=3, quantiles=GRID)
    assert answer.mean.to_numpy()[:, :, 0].tolist() == [values[-1].tolist()] * 3


@pytest.fixture
def plugins() -> Iterator[Callable[[str, str], None]]:
    """Load a plug-in file into the registry; it is forgotten after the test."""
    kept, broken = dict(MODELS.registry.plugins), dict(MODELS.registry.failed)
    yield lambda path, text: (Path(path).write_text(text), MODELS.registry.load_files([Path(path)]))  # type: ignore[func-returns-value]
    MODELS.registry.plugins.clear()
    MODELS.registry.plugins.update(kept)
    MODELS.registry.failed.clear()
    MODELS.registry.failed.update(broken)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import a_package_that_nobody_has", "ModuleNotFoundError"),
        ("from analytics.forecasting import register\nregister(3)", "made with @forecaster"),
        ("from analytics.forecasting import forecaster\n@forecaster(name='odd')\ndef odd(): ...", "TypeError"),
    ],
)
def test_a_broken_plug_in_is_listed_and_harms_nothing(
    plugins: Callable[[str, str], None], tmp_path: Path, text: str, why: str
) -> None:
    plugins(str(tmp_path / "odd.py"), text)
    assert why in str(failed_models()["odd"])
    assert set(models()) == set(NAMES)


def test_the_template_is_a_model(plugins: Callable[[str, str], None], tmp_path: Path) -> None:
    template = Path(__file__).parent.parent / "analytics" / "forecasting" / "models" / "_template.py"
    plugins(str(tmp_path / "mine.py"), template.read_text())
    answer = run_model(find_model("recent_mean"), frame(np.full((40, 1), 3.0)), horizon=2, quantiles=LEVELS)
    assert answer.mean.to_numpy().ravel().tolist() == [3.0, 3.0]


def test_an_unknown_model_is_refused_with_those_there_are() -> None:
    with pytest.raises(ForecastError, match=r"no model named “profet”: did you mean “prophet”"):
        find_model("profet")
    with pytest.raises(ForecastError, match=r"no model named “oracle”: there are .*seasonal_naive"):
        find_model("oracle")


def test_what_pooled_counts_remember_is_the_filter_of_all_that_came() -> None:
    values = np.random.default_rng(0).poisson(3, (50, 4)).astype(float)
    rates, rows = np.array([0.9, 0.5]), np.array([0, 7, 49])
    expected = [scipy.signal.lfilter([1.0], [1.0, -rate], values, axis=0)[rows] for rate in rates]
    assert np.array_equal(remembered(values, rates, rows), np.stack(expected, axis=1))


def test_pooled_counts_asked_at_past_moments_say_what_the_model_says_of_what_was_known_then() -> None:
    values = counts(periods=420, columns=3)
    values[50, 1] = np.nan
    panel = frame(values)
    pooled = PooledCounts.of(panel, horizon=HORIZON)
    for first, row in ((0, 420), (0, 200), (150, 413)):
        answer = run_model(find_model("pooled_counts"), panel.iloc[first:row], horizon=HORIZON, quantiles=(0.5,))
        found = pooled.ahead(panel.to_numpy()[:row], first)
        assert answer.size is not None
        assert found.mean == pytest.approx(columns_of(answer.mean, panel.columns), rel=1e-12)
        assert found.size == pytest.approx(columns_of(answer.size, panel.columns), rel=1e-12)


def test_theta_takes_in_each_value_as_its_equations_say() -> None:
    """Smoothing that began at 0, and a line through all values so far, by least squares, of which half a slope is added."""
    values, rate = np.array([5.0, np.nan, 7.0, 6.0, 9.0, 4.0]), 0.3
    squares, left, level, start, slope, mean = taken_in(values[:, None], np.array([rate]))
    known = values[~np.isnan(values)]
    weights = rate * (1 - rate) ** np.arange(len(known))[::-1]
    assert level[0, 0] == pytest.approx(weights @ known)
    assert left[0, 0] == pytest.approx((1 - rate) ** len(known))
    line = np.polyfit(np.arange(1, len(known) + 1), known, 1)
    assert (slope[0], start[0], mean[0]) == pytest.approx((line[0], line[1], known.mean()))
    # What came less what smoothing alone said of it, squared and summed over all values but the first.
    said = [(rate * (1 - rate) ** np.arange(seen)[::-1]) @ known[:seen] for seen in range(1, len(known))]
    assert squares[5, 0, 0] == pytest.approx(((known[1:] - said) ** 2).sum())
    assert squares[0, 0, 0] == pytest.approx(((1 - rate) ** (2 * np.arange(1, len(known)))).sum())
