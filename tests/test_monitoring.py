"""What was said is kept and scored; a model that has become worse says so on all that is built from it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from forecasting_panels import counts, frame, series

from analytics.forecasting import forecast
from analytics.forecasting.backtesting.health import health_of, keep_forecast, scored_forecasts

QUICK = ("seasonal_naive", "pooled_counts")


@pytest.fixture(autouse=True)
def own_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICAST_HOME", str(tmp_path))


def test_a_kept_forecast_is_scored_when_its_periods_have_come() -> None:
    whole = series(frame(counts(periods=428, columns=20)))
    then = whole.until(whole.values.index[399])
    said = forecast(then, horizon=28, candidates=QUICK, keep=True)
    assert scored_forecasts(then) == ()
    (scored,) = scored_forecasts(whole)
    assert (scored.model, scored.cutoff, scored.horizon, scored.periods) == (said.model, then.as_of, 28, 28)
    assert said.backtest is not None
    assert scored.sql == pytest.approx(said.backtest.scores["sql"].value, rel=0.15)
    assert scored.coverage_80 >= 0.75
    assert scored.coverage_95 >= scored.coverage_80
    keep_forecast(said)
    assert len(scored_forecasts(whole)) == 1


def test_a_break_after_the_forecast_is_seen_as_drift_on_the_next_one() -> None:
    values = counts(periods=400 + 56, columns=20, mean=3.0)
    values[400:] = counts(periods=56, columns=20, mean=14.0, seed=2)
    whole = series(frame(values))
    steady = forecast(whole.until(whole.values.index[399]), horizon=28, candidates=QUICK, keep=True)
    after = forecast(whole, horizon=28, candidates=QUICK)
    assert "model_drift" not in [caveat.code for caveat in steady.caveats]
    assert "model_drift" in [caveat.code for caveat in after.caveats]
    drift = next(caveat for caveat in after.caveats if caveat.code == "model_drift")
    assert "lately been worse" in drift.message


def test_too_few_past_forecasts_say_nothing_of_health() -> None:
    short = forecast(series(frame(counts(periods=60, columns=3))), horizon=14, candidates=QUICK)
    assert health_of(None) is None
    assert short.backtest is None or len(short.backtest.cutoffs) >= 5 or health_of(short.backtest) is None


def test_a_pinned_model_carries_its_reason() -> None:
    panel = series(frame(counts(periods=300, columns=4)))
    pinned = forecast(panel, horizon=14, candidates=QUICK, model="seasonal_naive", reason="The council knows it")
    (caveat,) = (each for each in pinned.caveats if each.code == "pinned_model")
    assert "The council knows it" in caveat.detail
    assert pinned.selection.best == "pooled_counts"


def test_a_tie_is_called_one() -> None:
    panel = series(frame(counts(periods=400, columns=12, mean=5.0)))
    selection = forecast(panel, horizon=14, candidates=("seasonal_naive", "pooled_counts", "theta")).selection
    assert selection.level_with_best(selection.best)
    assert not selection.level_with_best("seasonal_naive")
    apart = selection.differences["seasonal_naive"]
    assert apart.low is not None
    assert 0 < apart.low <= apart.value <= (apart.high or 0)
    assert apart.value == pytest.approx(1 - selection.ratios[selection.best])


def test_what_was_said_then_uses_nothing_later() -> None:
    values = frame(counts(periods=430, columns=4))
    other = values.copy()
    other.iloc[400:] = 99.0
    cutoff = values.index[399]
    first, second = (forecast(series(each).until(cutoff), horizon=14, candidates=QUICK) for each in (values, other))
    assert first.quantiles.identical(second.quantiles)
    assert isinstance(first.cutoff, pd.Timestamp)
    assert np.isfinite(first.total.to_numpy()).all()
