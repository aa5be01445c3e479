"""Scores on numbers that one can check by hand, and distributions against what they were drawn from."""

from __future__ import annotations

import numpy as np
import pytest
from forecasting_panels import counts, frame
from scipy import stats

from analytics.forecasting.scoring import (
    LEVELS,
    naive_scales,
    pinball,
    scaled_scores,
)
from analytics.forecasting.uncertainty import pit as pit_module
from analytics.forecasting.uncertainty.distribution import GridDistribution, NegativeBinomial, quantiles_of
from analytics.forecasting.uncertainty.intervals import conformal, error_scale
from analytics.forecasting.uncertainty.pit import COLUMNS_AT_ONCE, normal_scores, pit, score_strengths, step_of


@pytest.mark.parametrize(
    ("observed", "said", "level", "loss"),
    [(3, 5, 0.5, 2.0), (5, 3, 0.5, 2.0), (3, 5, 0.9, 0.4), (5, 3, 0.9, 3.6), (4, 4, 0.1, 0.0), (0, 10, 0.025, 19.5)],
)
def test_pinball(observed: float, said: float, level: float, loss: float) -> None:
    assert float(pinball(np.array(float(observed)), np.array(float(said)), level)) == pytest.approx(loss)


def test_scores_by_hand() -> None:
    # Two alternating weeks, 0 and 2: the seasonal naive errs by 2 each day, so every scale is 2.
    history = frame(np.repeat([0.0, 2.0, 0.0, 2.0], 7)[:, None])
    assert [float(scale[0]) for scale in naive_scales(history)] == [2.0, 2.0]
    observed = np.array([[1.0], [5.0], [np.nan]])
    quantiles = np.full((len(LEVELS), 3, 1), 3.0)
    scores = scaled_scores(naive_scales(history), observed, np.full((3, 1), 4.0), quantiles)
    # 3 is said at every level. For an observed of 1 the losses are 2 (2) (1 - level), for 5 they are 2 (2) level.
    below, above = (np.mean([4 * (1 - level) for level in LEVELS]), np.mean([4 * level for level in LEVELS]))
    assert scores["sql"][0] == pytest.approx((below + above) / 2 / 2)
    assert scores["mase"][0] == pytest.approx(2 / 2)
    assert scores["rmsse"][0] == pytest.approx(np.sqrt((9 + 1) / 2) / 2)
    assert (scores["error"][0], scores["total"][0], scores["n"][0]) == (2.0, 6.0, 2.0)


def test_a_series_that_never_changed_has_no_scaled_score() -> None:
    history = frame(np.full((60, 1), 4.0))
    scores = scaled_scores(naive_scales(history), np.full((3, 1), 4.0), np.full((3, 1), 4.0), np.full((5, 3, 1), 4.0))
    assert np.isnan(scores["sql"][0])
    assert np.isnan(scores["rmsse"][0])


@pytest.mark.parametrize("mean", [0.02, 0.7, 4.0, 60.0, 250.0])
def test_the_pit_of_a_known_distribution_is_uniform(mean: float) -> None:
    values = counts(periods=2000, columns=2, mean=mean, size=1.5)
    known = NegativeBinomial(np.full(values.shape, mean), np.full(values.shape, 1.5))
    fell = pit(step_of(known, values), values, uniform=np.random.default_rng(2).random(values.shape))
    assert stats.kstest(fell.ravel(), "uniform").pvalue > 0.01


def test_the_pit_sees_an_interval_that_is_too_narrow() -> None:
    values = counts(periods=1000, columns=2, mean=20, size=2)
    narrow = NegativeBinomial(np.full(values.shape, 20.0), np.full(values.shape, 1e4))
    fell = pit(step_of(narrow, values), values, uniform=np.random.default_rng(2).random(values.shape))
    assert (np.abs(fell - 0.5) <= 0.4).mean() < 0.5


@pytest.mark.parametrize("size", [0.05, 3.0, 1e4])
@pytest.mark.parametrize("mean", [0.05, 0.7, 5.0, 57.0, 99.0, 300.0])
def test_counts_are_those_of_scipy(mean: float, size: float) -> None:
    uniform = np.random.default_rng(3).random((1000, 1))
    ours = NegativeBinomial(np.array([mean]), np.array([size])).inverse(uniform)
    assert (ours == stats.nbinom.ppf(uniform, size, size / (size + mean))).all()


@pytest.mark.parametrize("middle", [0.05, 0.7, 6.3, 80.0, 400.0])
def test_counts_from_a_grid_are_whole_keep_the_mean_and_agree_with_its_cdf(middle: float) -> None:
    values = np.sort(np.random.default_rng(4).gamma(2, middle / 2, (199, 1)), axis=0)
    grid = GridDistribution(values, np.array([middle]), True)
    drawn = grid.inverse((np.arange(20_000)[:, None] + 0.5) / 20_000)
    assert (drawn == np.round(drawn)).all()
    assert drawn.mean() == pytest.approx(middle, rel=0.01)
    for count in np.quantile(drawn, [0.1, 0.5, 0.9]):
        assert (drawn <= count).mean() == pytest.approx(float(grid.cdf(np.array([count]))[0]), abs=0.01)


def test_quantiles_of_continuous_values_are_the_grids_own() -> None:
    values = stats.norm.ppf(np.arange(1, 200) / 200)[:, None]
    grid = GridDistribution(values, np.zeros(1), False)
    assert quantiles_of(grid, (0.1, 0.5, 0.9)).ravel() == pytest.approx(stats.norm.ppf([0.1, 0.5, 0.9]))


def test_small_counts_blur_a_correlation_as_published() -> None:
    # A planted .30 reads as about .195 in randomised PITs of counts with a mean of 0.7.
    first, second = score_strengths(NegativeBinomial(np.array([[0.7]]), np.array([[1e4]])))
    assert 0.3 * first[0, 0] ** 2 + 0.09 * second[0, 0] ** 2 == pytest.approx(0.195, abs=0.01)
    values = counts(periods=20_000, columns=2, mean=0.7, size=1e4, rho=0.3)
    known = NegativeBinomial(np.full(values.shape, 0.7), np.full(values.shape, 1e4))
    fell = stats.norm.ppf(pit(step_of(known, values), values, uniform=np.random.default_rng(6).random(values.shape)))
    assert np.corrcoef(fell.T)[0, 1] == pytest.approx(0.195, abs=0.02)
    scores = normal_scores(step_of(known, values), values)
    assert (scores[:, 0] * scores[:, 1]).mean() == pytest.approx(np.corrcoef(fell.T)[0, 1], abs=0.02)


def test_small_counts_are_climbed_no_further_for_large_ones_beside_them(monkeypatch: pytest.MonkeyPatch) -> None:
    mean, size = np.tile([0.1, 90.0], (3, 2 * COLUMNS_AT_ONCE)), np.full((3, 4 * COLUMNS_AT_ONCE), 8.0)
    alone = [score_strengths(NegativeBinomial(mean[:, [each]], size[:, [each]])) for each in range(2)]
    climbed, strengths = [], pit_module._strengths

    def counted(reached: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        climbed.append(len(reached))
        return strengths(reached)

    monkeypatch.setattr(pit_module, "_strengths", counted)
    together = score_strengths(NegativeBinomial(mean, size))
    assert max(climbed[:2]) < 10 < min(climbed[2:])
    for kind in range(2):
        assert all((together[which][:, kind::2] == alone[kind][which]).all() for which in range(2))


def test_large_counts_and_continuous_values_are_not_blurred() -> None:
    first, second = score_strengths(NegativeBinomial(np.array([[500.0]]), np.array([[3.0]])))
    assert (first[0, 0], second[0, 0]) == (1.0, 0.0)


def test_normal_scores_leave_gaps_and_survive_the_impossible() -> None:
    values = np.array([[np.nan, 0.0, 900.0]])
    scores = normal_scores(step_of(NegativeBinomial(np.full((1, 3), 1.0), np.full((1, 3), 1e4)), values), values)
    assert np.isnan(scores[0, 0])
    assert np.isfinite(scores[0, 1:]).all()
    assert scores[0, 2] > 4


def test_conformal_intervals_keep_their_promise() -> None:
    history = frame(counts(periods=200, columns=5, mean=40, size=1e4))
    rng = np.random.default_rng(7)
    mean = np.full((400, 5), 40.0)
    outcomes = mean + error_scale(history, mean) * rng.standard_t(4, (400, 5))
    around = conformal(history, mean, rng.standard_t(4, (6, 100, 5)), whole=False)
    low, high = quantiles_of(around, (0.1, 0.9))
    assert ((outcomes >= low) & (outcomes <= high)).mean() == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize("count", [9, 19, 49])
def test_of_n_errors_the_kth_smallest_is_at_level_k_of_n_plus_one(count: int) -> None:
    # The rule that keeps the promise for exchangeable errors: with 19 of them, 95 % are below the largest, not 100 %.
    errors = np.random.default_rng(8).normal(2, 3, count)
    history = frame(np.array([[-5.0], [5.0]] * 20))
    mean = np.full((1, 1), 10.0)
    around = conformal(history, mean, errors.reshape(1, 1, count), whole=False)
    levels = np.arange(1, count + 1) / (count + 1)
    found = around.values[np.rint(levels * 200).astype(int) - 1, 0, 0]
    assert found == pytest.approx(10 + error_scale(history, mean)[0, 0] * np.sort(errors))


def test_conformal_intervals_correct_a_models_own_bias() -> None:
    history = frame(counts(periods=200, columns=3, mean=40, size=1e4))
    mean = np.full((5, 3), 30.0)
    scale = error_scale(history, mean)
    around = conformal(history, mean, np.full((2, 5, 5), (40.0 - 30.0) / scale[0, 0]), whole=False)
    assert around.mean[:, 0] == pytest.approx(40.0)
