"""Forecasts know of a season that is about to begin: by ranges, by the origins that models are judged at, in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from forecasting_panels import counts, frame, series

from analytics.forecasting import backtest, forecast, run_model
from analytics.forecasting.backtesting.selection import choose
from analytics.forecasting.calendar.seasons import unseen_share
from analytics.forecasting.registry import find_model
from analytics.forecasting.results import Backtest
from analytics.forecasting.uncertainty.distribution import (
    Distribution,
    GridDistribution,
    NegativeBinomial,
    quantiles_of,
)
from analytics.forecasting.uncertainty.other_years import with_other_years
from data.frequency import Frequency

HORIZON = 28


def winters(*, years: int = 3) -> pd.DataFrame:
    """Daily counts that come in January and February alone, about 40 a day on half of its days; two columns."""
    panel = frame(np.zeros((365 * years, 2)))
    rng = np.random.default_rng(8)
    cold = panel.index.month <= 2
    panel[cold] = rng.poisson(40.0, (cold.sum(), 2)) * rng.integers(0, 2, (cold.sum(), 2))
    return panel


def nothing(*, periods: int = HORIZON, columns: int = 2) -> NegativeBinomial:
    return NegativeBinomial(np.full((periods, columns), 1e-6), np.full((periods, columns), 1.0))


def upper(distribution: Distribution) -> np.ndarray:
    return np.asarray(quantiles_of(distribution, (0.975,))[0])


def test_a_model_that_forgot_the_season_is_told_of_it_and_only_then() -> None:
    past = winters().loc[:"2021-12-31"].asfreq("D")
    mixed = with_other_years(nothing(), past)
    assert isinstance(mixed, NegativeBinomial)
    # Of the last days of December little is missed, in January about half.
    assert (upper(mixed)[14:] > 30).all()
    assert mixed.mean[14:].mean() == pytest.approx(11, abs=4)
    summer = winters().loc[:"2021-06-30"].asfreq("D")
    quiet = nothing()
    assert with_other_years(quiet, summer) is quiet


def test_a_grid_is_mixed_at_the_weight_of_what_it_missed() -> None:
    past = winters().loc[:"2022-01-20"].asfreq("D")
    narrow = GridDistribution(np.full((199, 7, 2), 200.0), np.full((7, 2), 200.0), whole=True)
    mixed = with_other_years(narrow, past)
    # All that earlier years had was missed, so nothing of the model is left.
    assert float(mixed.mean.max()) < 40
    assert (upper(mixed) < 100).all()
    assert isinstance(mixed, GridDistribution)
    half = GridDistribution(np.zeros((199, 7, 2)), np.zeros((7, 2)), whole=True)
    mixed = with_other_years(half, past)
    assert (quantiles_of(mixed, (0.4,)) == 0).all()
    assert (quantiles_of(mixed, (0.9,)) > 25).all()


def test_a_range_that_holds_earlier_years_stays_as_it_is() -> None:
    values = counts(periods=1000, columns=3)
    right = NegativeBinomial(np.full((HORIZON, 3), 3.0), np.full((HORIZON, 3), 4.0))
    assert with_other_years(right, frame(values)) is right


def test_a_level_that_fell_is_no_season() -> None:
    rng = np.random.default_rng(2)
    values = rng.poisson(100.0, (900, 1))
    values[-60:] = rng.poisson(10.0, (60, 1))
    today = NegativeBinomial(np.full((HORIZON, 1), 10.0), np.full((HORIZON, 1), 1e4))
    mixed = with_other_years(today, frame(values))
    assert mixed.mean == pytest.approx(10, abs=2.5)
    assert (upper(mixed) < 30).all()


def test_weekdays_that_are_closed_stay_closed() -> None:
    values = np.random.default_rng(3).poisson(20.0, (800, 1))
    panel = frame(values)
    panel[panel.index.day_of_week == 6] = 0.0
    mean = np.where(pd.date_range(panel.index[-1], periods=8)[1:].day_of_week == 6, 1e-6, 20.0)[:, None]
    said = NegativeBinomial(mean, np.full((7, 1), 1e4))
    assert with_other_years(said, panel) is said


def test_no_range_is_without_width_where_the_history_varied() -> None:
    values = np.zeros((200, 2))
    values[:100, 0] = np.random.default_rng(4).poisson(5.0, 100)
    still = GridDistribution(np.zeros((199, HORIZON, 2)), np.zeros((HORIZON, 2)), whole=True)
    mixed = upper(with_other_years(still, frame(values)))
    assert (mixed[:, 0] > 0).all()
    assert (mixed[:, 1] == 0).all()  # nothing ever came here


def test_months_are_left_alone() -> None:
    still = GridDistribution(np.zeros((199, 6, 1)), np.zeros((6, 1)), whole=True)
    assert with_other_years(still, frame(np.full((60, 1), 9.0), freq="MS")) is still


def test_models_are_judged_at_the_same_time_of_earlier_years_too() -> None:
    panel = series(frame(counts(periods=1200, columns=1)))
    cutoffs = backtest(panel, "seasonal_naive", horizon=HORIZON).cutoffs
    back = [(panel.as_of - cutoff).days for cutoff in cutoffs]
    # Two earlier years leave enough of a history before them; their windows, the ones that followed, and four late ones.
    assert back == [728, 700, 364, 336, 112, 84, 56, 28]
    short = series(frame(counts(periods=400, columns=1)))
    assert (short.as_of - backtest(short, "seasonal_naive", horizon=HORIZON).cutoffs[0]).days < 250
    long = backtest(panel, "seasonal_naive", horizon=100).cutoffs
    assert {step.days for step in np.diff(long)} == {100}


@pytest.mark.parametrize("name", ["theta", "drift"])
def test_an_error_after_nothing_had_ever_come_does_not_explode(name: str) -> None:
    panel = frame(np.zeros((300, 1)))
    panel.iloc[-20:] = np.random.default_rng(6).poisson(30.0, (20, 1))
    answer = run_model(find_model(name), panel, horizon=HORIZON, quantiles=(0.5, 0.975))
    assert answer.quantiles is not None
    assert float(answer.quantiles.max()) < 10_000


def judged(like: Backtest, errors: list[float]) -> Backtest:
    by_cutoff = dict(zip(like.cutoffs, errors, strict=True))
    return replace(like, detail=like.detail.assign(sql=like.detail["cutoff"].map(by_cutoff)))


@pytest.fixture(scope="module")
def tested() -> tuple[Backtest, pd.Timestamp]:
    panel = series(frame(counts(periods=1200, columns=1)))
    return backtest(panel, "seasonal_naive", horizon=HORIZON), panel.as_of


def test_what_lies_ahead_counts_double(tested: tuple[Backtest, pd.Timestamp]) -> None:
    like, as_of = tested
    made = {"seasonal_naive": judged(like, [2.0] * 8), "pooled_counts": judged(like, [1.0] * 4 + [1.9] * 4)}
    made["theta"] = judged(like, [1.7] * 4 + [1.1] * 4)
    alike = choose(made, freq="D", failed={})
    assert alike.best == "theta"
    ahead = choose(made, freq=Frequency.DAY, failed={}, as_of=as_of)
    assert (ahead.best, ahead.chosen) == ("pooled_counts", "pooled_counts")
    said = "those of the season ahead counted twice"
    assert (said in str(alike.reason), said in str(ahead.reason)) == (False, True)
    assert ahead.ratios["pooled_counts"] == pytest.approx((2 * 1.0 + 1.9) / 3 / 2)


def test_twice_the_loss_is_no_tie_however_unsure(tested: tuple[Backtest, pd.Timestamp]) -> None:
    like, _ = tested
    made = {"seasonal_naive": judged(like, [0.0] * 7 + [80.0]), "pooled_counts": judged(like, [0.0] * 7 + [40.0])}
    assert choose(made, freq="D", failed={}).chosen == "pooled_counts"


def test_nothing_is_divided_by_almost_no_error(tested: tuple[Backtest, pd.Timestamp]) -> None:
    like, _ = tested
    made = {"seasonal_naive": judged(like, [0.019] * 8), "pooled_counts": judged(like, [0.001] * 8)}
    selection = choose(made, freq="D", failed={})
    assert (selection.chosen, selection.ratios, selection.differences) == ("pooled_counts", {}, {})
    assert "made almost no error" in str(selection.reason)
    assert "%" not in str(selection.reason)
    more = {
        name: judged(like, [2 * error] * 8) for name, error in (("seasonal_naive", 0.0101), ("pooled_counts", 0.001))
    }
    assert "less error" in str(choose(more, freq="D", failed={}).reason)


def test_a_season_without_a_past_forecast_is_a_caution() -> None:
    quick = {"horizon": HORIZON, "candidates": ("seasonal_naive", "pooled_counts"), "slow": False}
    untried, tried = (
        forecast(series(winters().loc[:cutoff].asfreq("D")), **quick) for cutoff in ("2020-12-31", "2022-01-07")
    )
    assert "season_untested" in {caveat.code for caveat in untried.caveats}
    assert "season_untested" not in {caveat.code for caveat in tried.caveats}
    assert float(tried.total.sel(quantile=0.975).min()) > 0


def test_two_weeks_from_a_day_are_its_season() -> None:
    ahead = pd.DatetimeIndex(["2021-06-15"])
    near, far = (pd.DatetimeIndex([day]) for day in ("2019-06-01", "2019-05-31"))
    assert (unseen_share(ahead, near), unseen_share(ahead, far)) == (0.0, 1.0)
    assert unseen_share(pd.DatetimeIndex(["2021-01-04"]), pd.DatetimeIndex(["2019-12-24"])) == 0.0
