"""The model is chosen by what it did; a forecast carries what it cannot tell, and refuses what cannot be forecast."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from forecasting_panels import counts, frame, series

from analytics.errors import ForecastError
from analytics.forecasting import Backtest, backtest, forecast, measure, mostly_measured
from analytics.forecasting.backtesting.selection import choose

QUICK = ("seasonal_naive", "pooled_counts")


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Backtest]:
    """The two quick models' backtests, from which others are made up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIVICAST_HOME", str(tmp_path_factory.mktemp("home")))
        panel = series(frame(counts(periods=300, columns=4)))
        return {name: backtest(panel, name, horizon=14) for name in QUICK}


def scored(result: Backtest, factor: np.ndarray | float) -> Backtest:
    """The same backtest with its errors multiplied, by origin."""
    by_cutoff = dict(zip(result.cutoffs, np.broadcast_to(factor, len(result.cutoffs)), strict=True))
    return replace(result, detail=result.detail.assign(sql=result.detail["cutoff"].map(by_cutoff)))


def test_what_another_process_has_measured_is_not_measured_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = series(frame(counts(periods=200)))
    alone = forecast(panel, horizon=14, slow=False)
    monkeypatch.setenv("CIVICAST_HOME", str(tmp_path / "another"))
    assert not mostly_measured(panel, horizon=14)
    measure(panel, horizon=14)
    assert mostly_measured(panel, horizon=14)
    monkeypatch.setattr("analytics.forecasting.backtesting.backtest._computed", None)
    shared = forecast(panel, horizon=14, slow=False)
    assert list(shared.backtests) == list(alone.backtests)
    assert shared.selection == alone.selection
    np.testing.assert_array_equal(shared.total, alone.total)


def test_the_simplest_within_one_standard_error_is_chosen(tested: dict[str, Backtest]) -> None:
    wobble = np.tile([0.05, -0.05], 4)
    best, simple, naive = (scored(tested["seasonal_naive"], each) for each in (0.70, 0.705 + wobble, np.full(8, 1.0)))
    selection = choose({"seasonal_naive": naive, "pooled_counts": simple, "prophet": best}, freq="D", failed={})
    assert (selection.best, selection.chosen, selection.beats_naive) == ("prophet", "pooled_counts", True)
    assert set(selection.tied) == {"prophet", "pooled_counts"}
    assert selection.ratios["prophet"] == pytest.approx(0.70)
    assert "less error than repeating the same day last week over 8 past forecasts" in str(selection.reason)
    assert "Prophet did about as well; the simplest is used." in str(selection.reason)


@pytest.mark.parametrize(("errors", "chosen"), [(0.95, "pooled_counts"), (1.05, "prophet"), (1.9, "prophet")])
def test_one_standard_error_behind_the_best_is_a_tie_and_more_is_not(
    tested: dict[str, Backtest], errors: float, chosen: str
) -> None:
    wobble = np.tile([0.05, -0.05], 4)
    behind = errors * wobble.std(ddof=1) / np.sqrt(len(wobble))
    made = {"seasonal_naive": 1.0, "pooled_counts": 0.7 + behind + wobble, "prophet": 0.7}
    scores = {name: scored(tested["seasonal_naive"], each) for name, each in made.items()}
    assert choose(scores, freq="D", failed={}).chosen == chosen


def test_a_clear_winner_is_chosen_however_involved(tested: dict[str, Backtest]) -> None:
    levels = {"seasonal_naive": 1.0, "pooled_counts": 0.8, "prophet": 0.7}
    made = {name: scored(tested["seasonal_naive"], level) for name, level in levels.items()}
    assert choose(made, freq="D", failed={}).chosen == "prophet"


def test_it_says_when_nothing_beats_the_naive(tested: dict[str, Backtest]) -> None:
    made = {name: scored(tested["seasonal_naive"], level) for name, level in (("seasonal_naive", 1), ("prophet", 1.2))}
    selection = choose(made, freq="MS", failed={})
    assert (selection.chosen, selection.beats_naive) == ("seasonal_naive", False)
    assert str(selection.reason).startswith(
        "Nothing tested does clearly better than repeating the same month last year"
    )


def test_a_pinned_model_is_used_and_the_best_is_named(tested: dict[str, Backtest]) -> None:
    levels = {"seasonal_naive": 1.0, "pooled_counts": 0.8, "prophet": 1.3}
    made = {name: scored(tested["seasonal_naive"], level) for name, level in levels.items()}
    selection = choose(made, freq="D", failed={}, pinned="prophet")
    assert (selection.chosen, selection.best) == ("prophet", "pooled_counts")
    assert "more error" in str(selection.reason)
    assert "in the test Pooled counts did best" in str(selection.reason)


def codes(panel: pd.DataFrame, *, horizon: int = 14, **options: Any) -> set[str]:
    return {caveat.code for caveat in forecast(series(panel), horizon=horizon, slow=False, **options).caveats}


def test_caveats_follow_from_the_history_and_the_test() -> None:
    good = frame(counts(periods=800, columns=6))
    assert codes(good) == set()
    assert codes(good.iloc[:200]) == {"history_short"}
    assert codes(good.iloc[:100], horizon=40) >= {"history_short", "horizon_long"}
    assert codes(good, model="seasonal_naive") <= {"interval_undercovers"}
    gaps = good.copy()
    gaps.iloc[100:160] = np.nan
    assert codes(gaps) == {"missing_periods"}
    assert codes(frame(counts(periods=800, columns=6, mean=0.4))) == {"small_counts"}


def test_synthetic_data_are_said_to_be() -> None:
    panel = series(frame(counts(periods=800, columns=2)))
    made = replace(panel, provenance=replace(panel.provenance, synthetic=True))
    assert "synthetic_data" in {caveat.code for caveat in forecast(made, horizon=14, slow=False).caveats}


@pytest.mark.parametrize("periods", [15, 30])
def test_a_history_too_short_to_test_still_forecasts_and_says_so(periods: int) -> None:
    outlook = forecast(series(frame(counts(periods=periods, columns=3))), horizon=14, slow=False)
    assert ("untested" in {caveat.code for caveat in outlook.caveats}) == (outlook.backtest is None)
    assert np.isfinite(outlook.quantiles.to_numpy()).all()
    assert np.isfinite(outlook.total.to_numpy()).all()


def test_a_history_of_zeros_forecasts_zeros() -> None:
    outlook = forecast(series(frame(np.zeros((200, 3)))), horizon=14, slow=False)
    assert outlook.model == "seasonal_naive"
    assert "never changes" in str(outlook.selection.reason)
    assert float(outlook.quantiles.max()) == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"horizon": 0}, "The horizon is 0, but must be from 1"),
        ({"quantiles": (0.9, 0.1)}, "not levels between 0 and 1 in rising order"),
        ({"model": "profet"}, "no model named “profet”"),
        ({"candidates": ["profet"]}, "no model named “profet”"),
    ],
)
def test_what_cannot_be_forecast_is_refused_in_a_sentence(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ForecastError, match=words):
        forecast(series(frame(counts(periods=60))), **({"horizon": 7} | options))


def test_a_model_for_counts_refuses_other_values() -> None:
    panel = series(frame(np.random.default_rng(1).normal(0, 1, (80, 2))), value_type="continuous")
    with pytest.raises(ForecastError, match="Pooled counts works on count values only"):
        forecast(panel, horizon=7, model="pooled_counts")
    outlook = forecast(panel, horizon=7, slow=False)
    assert float(outlook.quantiles.sel(quantile=0.1).min()) < 0
