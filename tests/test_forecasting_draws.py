"""Joint futures: each keeps its own distribution, together they keep what areas share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from forecasting_panels import counts, frame, series, study
from scipy import stats

from analytics.errors import ForecastError
from analytics.forecasting import Forecast, forecast
from analytics.forecasting.contract import columns_of
from analytics.forecasting.uncertainty.distribution import GridDistribution, NegativeBinomial
from analytics.forecasting.uncertainty.draws import Copula, copula_of, sample, sample_totals
from analytics.forecasting.uncertainty.factor import USUAL, _read, common_factor
from analytics.forecasting.uncertainty.pit import normal_scores, score_strengths, step_of
from analytics.streams import Streams
from data.sample import sample_panel

HORIZON = 14
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)


def panel(*, mean: float = 2.0, rho: float = 0.3, columns: int = 8) -> pd.DataFrame:
    return frame(counts(periods=300, columns=columns, mean=mean, size=5.0, rho=rho))


def copula(shape: tuple[int, int], *, rho: float, kappa: float) -> Copula:
    """Of so many periods and columns."""
    periods, columns = ([str(each) for each in range(count)] for count in shape)
    return Copula(columns, periods, "all", rho, kappa)


@pytest.fixture(scope="module", params=["pooled_counts", "seasonal_naive"])
def outlook(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Forecast:
    """One forecast by parameters, one by a grid of quantiles."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIVICAST_HOME", str(tmp_path_factory.mktemp("home")))
        return forecast(series(panel()), horizon=HORIZON, quantiles=LEVELS, model=request.param, slow=False)


def test_draws_agree_with_every_stated_quantile(outlook: Forecast) -> None:
    draws = outlook.draws(study(outlook.series, periods=HORIZON)).transpose("draw", "period", "area_id", "category")
    for level in LEVELS:
        said = outlook.quantiles.sel(quantile=level)
        error = 4 * np.sqrt(level * (1 - level) / draws.sizes["draw"])
        assert float((draws < said).mean("draw").max()) <= level + error
        assert float((draws <= said).mean("draw").min()) >= level - error


def test_draws_are_whole_and_keep_the_mean(outlook: Forecast) -> None:
    draws = outlook.draws(study(outlook.series, periods=HORIZON))
    assert draws.dims == ("draw", "area_id", "category", "period")
    assert draws.dtype == np.float32
    assert bool((draws == draws.round()).all())
    assert float(draws.mean()) == pytest.approx(float(outlook.mean.mean()), rel=0.01)


def test_the_total_is_the_sum_of_draws(outlook: Forecast) -> None:
    draws = outlook.draws(study(outlook.series, periods=HORIZON, draws=1000, seed=outlook.seed))
    summed = draws.sum(("area_id", "category")).transpose("draw", "period").to_numpy()
    expected = np.quantile(summed, LEVELS, axis=0, method="inverted_cdf")
    assert (outlook.total.to_numpy() == expected).all()


def test_more_draws_keep_the_earlier_ones(outlook: Forecast) -> None:
    few, many = (outlook.draws(study(outlook.series, periods=HORIZON, draws=draws)) for draws in (50, 120))
    assert bool((many.isel(draw=slice(0, 50)) == few).all())
    other = outlook.draws(study(outlook.series, periods=HORIZON, draws=50, seed=4))
    assert not bool((other == few).all())


def test_another_length_of_period_is_refused(outlook: Forecast) -> None:
    monthly = outlook.series.to_frequency("MS")
    with pytest.raises(ForecastError, match=r"periods .“MS”. are not those of the forecast of Requests .“D”."):
        outlook.draws(study(monthly, periods=3))


def test_periods_that_were_not_forecast_are_refused(outlook: Forecast) -> None:
    with pytest.raises(ForecastError, match="forecast that far"):
        outlook.draws(study(outlook.series, periods=HORIZON + 1))


@pytest.mark.parametrize("mean", [0.05, 0.7, 5.0, 50.0])
def test_the_mean_of_draws_is_the_forecasts(mean: float) -> None:
    shape = (20, 30)
    known = NegativeBinomial(np.full(shape, mean), np.full(shape, 3.0))
    drawn = sample(known, copula(shape, rho=0.1, kappa=0.0), Streams(1, 4000))
    assert float(drawn.mean()) == pytest.approx(mean, rel=0.01)


def test_another_column_changes_no_draw() -> None:
    known = NegativeBinomial(np.full((5, 3), 4.0), np.full((5, 3), 3.0))
    together = copula((5, 3), rho=0.3, kappa=0.2)
    three = sample(known, together, Streams(1, 100))
    part = NegativeBinomial(known.mean[:, :2], known.size[:, :2])
    two = sample(part, replace(together, columns=[together.columns[2], together.columns[0]]), Streams(1, 100))
    assert (three[:, :, [2, 0]] == two).all()


def test_totals_are_sums_of_the_same_draws() -> None:
    known = NegativeBinomial(np.full((5, 3), 4.0), np.full((5, 3), 3.0))
    days = pd.date_range("2024-01-01", periods=5, freq="D")
    together = copula_of(series(panel(columns=3)), days, correlation=0.3, persistence=0.2)
    drawn = sample(known, together, Streams(1, 100))
    assert (sample_totals([known], together, Streams(1, 100))[0] == drawn.sum(axis=2)).all()


@pytest.mark.parametrize("whole", [True, False])
def test_totals_of_many_columns_are_sums_of_what_each_alone_draws(whole: bool) -> None:
    rng = np.random.default_rng(4)
    mean = rng.gamma(2.0, 2.0, (3, 35)) * np.where(np.arange(35) % 5 == 0, 90, 1)  # large counts among small ones
    grid = GridDistribution(np.sort(rng.gamma(2.0, 0.5, (199, 3, 35)), axis=0) * mean, mean, whole)
    together = copula((3, 35), rho=0.3, kappa=0.2)
    drawn = sample(grid, together, Streams(1, 100)).astype(float)
    totals = sample_totals([grid, grid], together, Streams(1, 100))
    assert (mean > 100).any(axis=0).sum() > 3
    for total in totals:
        assert total == pytest.approx(drawn.sum(axis=2), rel=1e-6)  # samples are kept in single precision


@pytest.mark.parametrize("draws", [3, 400])
def test_counts_at_the_ends_of_what_is_drawn_are_those_of_the_distribution(draws: int) -> None:
    values = np.sort(np.random.default_rng(5).gamma(2.0, 3.0, (199, 1, 1)), axis=0)
    grid = GridDistribution(values, np.full((1, 1), 6.0), whole=True)
    reached = np.stack(list(grid.cumulative()))[:, 0, 0]
    parts = np.arange(1, 65) / 64
    uniform = np.resize(np.concatenate([[1.0, 1e-300], parts, np.nextafter(parts, 0), np.nextafter(parts, 1)]), draws)
    drawn = grid.inverse(uniform[:, None, None])[:, 0, 0]
    assert drawn.tolist() == np.searchsorted(reached, uniform).tolist()


@pytest.mark.parametrize("mean", [0.3, 0.7, 20.0])
@pytest.mark.parametrize("rho", [0.0, 0.3, 0.6])
def test_the_planted_factor_is_found_whatever_the_size_of_counts(mean: float, rho: float) -> None:
    values = counts(periods=1000, columns=25, mean=mean, size=4.0, rho=rho)
    known = NegativeBinomial(np.full((250, 25), mean), np.full((250, 25), 4.0))
    found, lasting = common_factor([(known, values[start : start + 250]) for start in range(0, 1000, 250)])
    assert found == pytest.approx(rho, abs=0.05)
    assert lasting <= 0.1 or rho == 0


@pytest.mark.parametrize("kappa", [0.2, 0.5, 0.8])
def test_a_factor_that_lasts_is_told_from_one_that_passes(kappa: float) -> None:
    shape, windows = (20, 30), []
    known = NegativeBinomial(np.full(shape, 5.0), np.full(shape, 4.0))
    together = copula(shape, rho=0.4, kappa=kappa)
    for seed in range(60):
        drawn = sample(known, together, Streams(seed, 1))
        windows.append((known, drawn[0].astype(float)))
    found, lasting = common_factor(windows)
    assert found == pytest.approx(0.4, abs=0.08)
    assert lasting == pytest.approx(kappa, abs=0.15)


def test_periods_share_what_lasts_and_columns_share_what_passes_too() -> None:
    normals = copula((2, 2), rho=0.5, kappa=0.8).normals(Streams(7, 40_000))
    drawn = np.concatenate([each.T for each in normals])  # a first, a second, b first, b second
    found = np.corrcoef(drawn)
    assert found[0, 2] == pytest.approx(0.5, abs=0.02)  # the same period: the whole factor
    assert found[0, 3] == pytest.approx(0.5 * 0.8, abs=0.02)  # another period: what of it lasts
    assert found[0, 1] == pytest.approx(0.5 * 0.8, abs=0.02)
    assert drawn.std(axis=1) == pytest.approx(1.0, abs=0.02)


def test_gaps_do_not_count_towards_the_factor() -> None:
    values = counts(periods=600, columns=20, mean=3.0, size=4.0, rho=0.3)
    values[np.random.default_rng(1).random(values.shape) < 0.3] = np.nan
    known = NegativeBinomial(np.full(values.shape, 3.0), np.full(values.shape, 4.0))
    assert common_factor([(known, values)])[0] == pytest.approx(0.3, abs=0.05)


def test_too_few_periods_to_tell_are_taken_to_be_as_periods_usually_are() -> None:
    values = counts(periods=20, columns=40)

    def found(periods: int) -> tuple[float, float]:
        known = NegativeBinomial(np.full((periods, 40), 3.0), np.full((periods, 40), 4.0))
        return common_factor([(known, values[:periods])])

    assert found(19) == USUAL
    assert found(20) != USUAL
    assert USUAL[0] > 0.1  # areas that nobody has seen together are not taken to be independent


def test_one_column_shares_nothing() -> None:
    known = NegativeBinomial(np.full((100, 1), 3.0), np.full((100, 1), 4.0))
    assert common_factor([(known, counts(periods=100, columns=1))]) == (0.0, 0.0)


@pytest.mark.parametrize("seed", [1, 2])
def test_meridians_total_is_covered_and_its_areas_correlate_as_planted(seed: int) -> None:
    values, truth = sample_panel(seed=seed)
    requests = series(values.xs("refuse", axis=1, level="category", drop_level=False), name=f"requests {seed}")
    outlook = forecast(requests, horizon=28, quantiles=LEVELS, slow=False)
    assert outlook.model == "pooled_counts"
    assert outlook.backtest is not None
    track = outlook.backtest.track
    inside = (track["observed"] >= track["q0.025"]) & (track["observed"] <= track["q0.975"])
    assert 0.90 <= inside.mean() <= 0.98
    assert outlook.correlation == pytest.approx(truth.correlation, abs=0.1)
    draws = outlook.draws(study(requests, periods=28))
    assert float(draws.mean()) == pytest.approx(float(outlook.mean.mean()), rel=0.01)
    drawn = columns_of(draws, requests.values.columns)
    # Spearman's correlation of what is drawn, large counts first: those hardly blur the planted one.
    busiest = np.argsort(-outlook.mean.mean("period").to_numpy().ravel())[:15]
    ranks = np.argsort(
        np.argsort(drawn[:, 0, busiest] + 1e-3 * np.random.default_rng(1).random((2000, 15)), axis=0), axis=0
    )
    between = np.corrcoef(ranks.T)[~np.eye(15, dtype=bool)]
    assert between.mean() == pytest.approx(truth.correlation, abs=0.1)


@pytest.mark.parametrize("draws", [40, 400])
def test_counts_are_those_of_the_distribution_however_large_their_mean(draws: int) -> None:
    rng = np.random.default_rng(3)
    mean, size = np.append(rng.gamma(1, 150, 198), [500.0, 500.1])[None, :], rng.uniform(0.3, 6000, (1, 200))
    uniform = rng.random((draws, 1, 200))
    expected = stats.nbinom.ppf(uniform, size, size / (size + mean))
    assert np.array_equal(NegativeBinomial(mean, size).inverse(uniform), expected)
    assert (mean > 500).sum() > 3


def test_counts_by_quantiles_reach_each_whole_number_as_often_as_their_distribution_says() -> None:
    rng = np.random.default_rng(2)
    grid = GridDistribution(np.sort(rng.gamma(2.0, 3.0, (199, 3, 2)), axis=0), rng.gamma(2.0, 3.0, (3, 2)), whole=True)
    reached = np.stack(list(grid.cumulative()))
    for count, each in enumerate(reached):
        assert each == pytest.approx(grid.cdf(np.full((3, 2), float(count))), abs=1e-12)
    assert (reached[-1] == 1).all()
    uniform = rng.random((400, 3, 2))
    drawn = grid.inverse(uniform)
    for cell in np.ndindex(3, 2):
        assert drawn[:, *cell].tolist() == np.searchsorted(reached[:, *cell], uniform[:, *cell]).tolist()


def test_what_scores_keep_of_a_column_is_the_same_whatever_columns_stand_beside_it() -> None:
    rng = np.random.default_rng(6)
    mean = rng.gamma(2.0, 4.0, (3, 40))
    grid = GridDistribution(np.sort(rng.gamma(2.0, 0.5, (199, 3, 40)), axis=0) * mean, mean, whole=True)
    for known in (grid, NegativeBinomial(mean, np.full(mean.shape, 2.0))):
        strengths = score_strengths(known)
        for column in range(40):
            alone = score_strengths(known.column(np.array([column])))
            for found, own in zip(strengths, alone, strict=True):
                np.testing.assert_allclose(found[:, [column]], own, rtol=1e-12, atol=1e-15)


def test_windows_of_small_counts_are_read_at_once_as_they_are_one_by_one() -> None:
    rng = np.random.default_rng(3)
    windows = []
    for rows in (7, 3):
        stated = NegativeBinomial(rng.gamma(2.0, 2.0, (rows, 4)), np.full((rows, 4), 3.0))
        windows.append((stated, np.where(rng.random((rows, 4)) < 0.2, np.nan, rng.poisson(stated.mean).astype(float))))
    steps = [step_of(*each) for each in windows]
    for (stated, observed), (scores, strengths) in zip(windows, _read(windows, steps), strict=True):
        np.testing.assert_allclose(scores, normal_scores(step_of(stated, observed), observed), rtol=1e-12)
        for found, alone in zip(strengths, score_strengths(stated), strict=True):
            np.testing.assert_allclose(found, alone, rtol=1e-12)
