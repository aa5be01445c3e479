"""Scores of maps: what one counts by hand, intervals over windows, and promises that must hold on later data."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import scipy

from analytics.hotspots import Method, cells_over
from analytics.hotspots.backtesting.calibration import (
    Dispersion,
    busiest,
    chance_of_event,
    floored,
    membership,
    randomised_pit,
    stated_and_observed,
)
from analytics.hotspots.backtesting.scoring import Evaluation, evaluate, window_starts
from analytics.hotspots.backtesting.summary import method_scores, reliability, summarise
from analytics.hotspots.registry import methods
from analytics.resampling import BOUNDS, resamples
from tests.small_map import HALF_YEAR, START, city, events_on, grid

WHOLE = city(HALF_YEAR, days=182)
CELLS = cells_over(WHOLE, size=200)


def told(rate: np.ndarray, *, name: str = "told") -> Method:
    """A method that always says the same."""
    return Method(name, name.title(), "1", ("None.",), ("None",), 0, lambda *_, **__: rate)


def one_window() -> Evaluation:
    start = START + pd.Timedelta(days=154)
    return evaluate([methods()["count_last_year"]], WHOLE, CELLS, starts=[start], horizon_days=28, seed=0)


def test_hit_rate_pai_and_pei_are_what_one_counts_by_hand() -> None:
    table = one_window().shares
    at = table[(table["method"] == "count_last_year") & np.isclose(table["share"], 0.04)].iloc[0]
    # One of 25 cells (4 % of the area) holds 3 of the 4 events of each day: hit rate .75, PAI .75 / .04.
    assert (at["hits"], at["events"], at["cells"]) == (84, 112, 1)
    assert at["hit_rate"] == pytest.approx(0.75)
    assert at["pai"] == pytest.approx(0.75 / 0.04)
    assert at["pei"] == 1  # no other cell would have held more


def test_pei_is_beside_the_best_that_any_cells_could_have_held() -> None:
    rate = np.zeros(25)
    rate[18] = 1.0
    start = START + pd.Timedelta(days=154)
    table = evaluate([told(rate)], WHOLE, CELLS, starts=[start], horizon_days=28, seed=0).shares
    at = table[(table["method"] == "told") & np.isclose(table["share"], 0.04)].iloc[0]
    assert (at["hits"], at["hit_rate"], at["pei"]) == (28, 0.25, pytest.approx(1 / 3))


def test_rri_and_bits_by_hand() -> None:
    rate = np.full(25, 1.0)
    rate[6] = 26.0  # 50 expected, 112 come: 84 in the cell with half of the expectation, 28 in one with a fiftieth
    start = START + pd.Timedelta(days=154)
    found = evaluate([told(rate)], WHOLE, CELLS, starts=[start], horizon_days=28, seed=0)
    scores = method_scores(found).loc["told"]
    assert scores["rri"] == pytest.approx(50 / 112)
    density = 0.99 * 25 * rate / rate.sum() + 0.01  # one per cent is spread evenly
    assert scores["bits"] == pytest.approx(0.75 * np.log2(density[6]) + 0.25 * np.log2(density[18]))
    even = evaluate([told(np.ones(25))], WHOLE, CELLS, starts=[start], horizon_days=28, seed=0)
    assert method_scores(even).loc["told", "bits"] == pytest.approx(0)


def test_windows_end_with_the_data_and_do_not_overlap() -> None:
    end = WHOLE.until + pd.Timedelta(days=1)
    starts = window_starts(WHOLE, as_of=end, horizon_days=28, windows=12)
    assert starts[-1] + pd.Timedelta(days=28) == end
    assert {later - earlier for earlier, later in pairwise(starts)} == {pd.Timedelta(days=28)}
    assert starts[0] - pd.Timedelta(days=28) >= WHOLE.since


def test_random_is_as_good_as_the_area_it_looks_at() -> None:
    rng = np.random.default_rng(5)
    times = START + pd.to_timedelta(rng.integers(0, 364, 4000), unit="D")
    spread = pd.DataFrame({"time": times, "x": rng.uniform(0, 1000, 4000), "y": rng.uniform(0, 1000, 4000)})
    incidents = city(spread, days=364)
    starts = window_starts(incidents, as_of=incidents.until, horizon_days=28, windows=10)
    found = evaluate([], incidents, cells_over(incidents, size=50), starts=starts, horizon_days=28, seed=0)
    at = summarise(found.shares, seed=0).query("share == 0.1").iloc[0]
    assert at["low"] <= 0.1 <= at["high"]
    assert at["pai"] == pytest.approx(at["hit_rate"] / 0.1)


# Over windows


def shares(**hits: list[float]) -> pd.DataFrame:
    """Hits of each method at one share, window by window, out of ten events."""
    rows = [
        (method, START + pd.Timedelta(days=28 * window), 0.05, each, 10.0, 5, each / 10, each / 10 / 0.05, each / 10)
        for method, values in hits.items()
        for window, each in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=["method", "as_of", "share", "hits", "events", "cells", "hit_rate", "pai", "pei"])


def test_hits_are_pooled_over_windows_and_compared_window_by_window() -> None:
    yard = [1.0, 5.0, 2.0, 8.0, 4.0, 1.0, 7.0, 3.0]
    found = summarise(shares(count_last_year=yard, double=[2 * each for each in yard], same=yard), seed=0)
    at = found.set_index("method")
    assert at.loc["same", "hit_rate"] == pytest.approx(31 / 80)
    assert (at.loc["same", "events"], at.loc["same", "windows"]) == (80, 8)
    # Windows differ much, but the ratio never does: drawn in pairs its interval is a point, that of the rate is wide.
    double = at.loc["double", ["vs_last_year", "vs_last_year_low", "vs_last_year_high"]]
    assert double.tolist() == pytest.approx([2, 2, 2])
    assert at.loc["double", "high"] - at.loc["double", "low"] > 0.3
    assert at.loc["same", "low"] < 31 / 80 < at.loc["same", "high"]
    assert "vs_all_history" not in found.columns


def test_without_hits_of_the_yardstick_there_is_no_ratio() -> None:
    found = summarise(shares(count_last_year=[0.0, 0.0], other=[1.0, 2.0]), seed=0).set_index("method")
    assert np.isnan(found.loc["other", ["vs_last_year", "vs_last_year_low"]].astype(float)).all()
    assert found.loc["other", "hit_rate"] == pytest.approx(0.15)


def test_an_interval_is_of_the_resamples_in_which_there_is_a_ratio() -> None:
    table = summarise(shares(told=[4.0, 2.0, 6.0], count_last_year=[2.0, 0.0, 0.0]), seed=3)
    told = table[table["method"] == "told"].iloc[0]
    rows = resamples(3, seed=3, times=2000)
    ours, theirs = np.array([4.0, 2.0, 6.0])[rows].sum(axis=1), np.array([2.0, 0.0, 0.0])[rows].sum(axis=1)
    assert told["vs_last_year"] == 6
    found = told[["vs_last_year_low", "vs_last_year_high"]].tolist()
    assert found == pytest.approx(np.quantile((ours / np.where(theirs > 0, theirs, np.nan))[theirs > 0], BOUNDS))
    assert told[["low", "high"]].tolist() == pytest.approx(np.quantile(ours / 30, BOUNDS))


def test_an_interval_of_paired_windows_covers_as_often_as_it_says() -> None:
    rng = np.random.default_rng(6)
    held = 0
    for seed in range(60):
        level = rng.gamma(4, 5, 24)
        table = shares(count_last_year=list(rng.poisson(level)), ours=list(rng.poisson(1.2 * level)))
        at = summarise(table, seed=seed).set_index("method").loc["ours"]
        held += at["vs_last_year_low"] <= 1.2 <= at["vs_last_year_high"]
    assert held >= 0.83 * 60


# What is promised


def counted(mean: np.ndarray, spread: float, *, seed: int) -> np.ndarray:
    """Counts whose variance is mean + spread x mean²."""
    rng = np.random.default_rng(seed)
    return rng.poisson(mean * rng.gamma(1 / spread, spread, len(mean))).astype(float)


MEAN = np.random.default_rng(8).gamma(0.6, 3.0, 4000)


def test_places_of_counts_in_their_distribution_are_uniform() -> None:
    pit = np.sort(randomised_pit(counted(MEAN, 0.5, seed=1), MEAN, spread=0.5, seed=2))
    gap = np.abs(pit - (np.arange(len(pit)) + 0.5) / len(pit)).max()
    assert gap < 1.63 / np.sqrt(len(pit))  # Kolmogorov and Smirnov at 1 %
    poisson = randomised_pit(counted(MEAN, 0.5, seed=1), MEAN, spread=0.0, seed=2)
    assert ((poisson > 0.05) & (poisson < 0.95)).mean() < 0.85  # what scatters more than was thought falls outside


@pytest.mark.parametrize("spread", [0.0, 0.4])
def test_places_and_chances_are_those_of_the_distribution(spread: float) -> None:
    mean = np.array([0.02, 0.5, 3.0, 40.0, 0.7, 2.0])
    count = np.array([0.0, 0.0, 2.0, 55.0, 4.0, 0.0])
    known = scipy.stats.nbinom(1 / spread, 1 / (1 + spread * mean)) if spread else scipy.stats.poisson(mean)
    lot = np.random.Generator(np.random.Philox(7)).random(6)
    expected = known.cdf(count) - (1 - lot) * known.pmf(count)
    assert randomised_pit(count, mean, spread=spread, seed=7) == pytest.approx(expected, rel=1e-9)
    smooth = floored(mean)
    known = scipy.stats.nbinom(1 / spread, 1 / (1 + spread * smooth)) if spread else scipy.stats.poisson(smooth)
    assert chance_of_event(mean, spread=spread) == pytest.approx(1 - known.pmf(0), rel=1e-9)


def test_the_scatter_is_learned_from_past_windows() -> None:
    found = Dispersion()
    assert not found.known
    for seed in range(12):
        found.learn(MEAN, counted(MEAN, 0.5, seed=seed))
    assert found.spread == pytest.approx(0.5, rel=0.1)
    even = Dispersion()
    even.learn(np.full(4, 2.0), np.full(4, 2.0))
    assert even.known
    assert even.spread == 0


def test_the_chance_of_an_event_is_kept() -> None:
    said = chance_of_event(MEAN, spread=0.5)
    came = np.mean([counted(MEAN, 0.5, seed=seed) > 0 for seed in range(10)], axis=0)
    for low, high in pairwise([0, 0.2, 0.4, 0.6, 0.8, 1.0]):
        of = (said >= low) & (said < high)
        assert came[of].mean() == pytest.approx(said[of].mean(), abs=0.02)
    assert chance_of_event(np.array([1.0]), spread=0.0)[0] == pytest.approx(1 - np.exp(-1))


@pytest.mark.parametrize("number", [40, 200, 1000])
def test_membership_is_kept(number: int) -> None:
    said = membership(MEAN, number, spread=0.5)
    assert said.sum() == pytest.approx(number, rel=1e-3)  # means that agree in two digits are counted together
    came = np.mean([busiest(counted(MEAN, 0.5, seed=seed), number) for seed in range(20)], axis=0)
    for low, high in pairwise([0, 0.1, 0.3, 0.5, 0.7, 1.01]):
        of = (said >= low) & (said < high)
        if of.sum() >= 30:
            assert came[of].mean() == pytest.approx(said[of].mean(), abs=0.04)


def test_the_busiest_share_a_tie() -> None:
    assert busiest(np.array([5.0, 2, 2, 2, 0]), 2).tolist() == pytest.approx([1, 1 / 3, 1 / 3, 1 / 3, 0])
    assert busiest(np.array([5.0, 2, 2, 2, 0]), 1).tolist() == [1, 0, 0, 0, 0]
    assert busiest(np.array([5.0, 2, 2, 2, 0]), 4).tolist() == [1, 1, 1, 1, 0]
    assert busiest(np.array([5.0, 2]), 0).tolist() == [0, 0]


def test_promises_are_of_flagged_cells_alone() -> None:
    rate, count = np.array([4.0, 2.0, 0.5, 0.1]), np.array([3.0, 0.0, 4.0, 0.0])
    rank = np.arange(4)
    (number, belongs, members, chance, happened), nobody = stated_and_observed(rate, count, rank, (2, 0), spread=0.0)
    assert (number, members, happened) == (2, 0.5, 0.5)
    assert belongs == pytest.approx(membership(rate, 2, spread=0.0)[:2].mean())
    assert chance == pytest.approx((1 - np.exp(-floored(rate)[:2])).mean())
    assert nobody[0] == 0


def test_one_per_cent_is_spread_evenly_and_none_is_lost() -> None:
    assert floored(np.array([4.0, 0.0])).tolist() == pytest.approx([3.98, 0.02])
    assert floored(np.zeros(2)).min() > 0


def test_a_map_that_is_right_keeps_its_promises_over_windows() -> None:
    cells, rng = grid(20, 20, size=50), np.random.default_rng(9)
    rate = rng.gamma(0.6, 3.0, 400)
    monthly = np.array([counted(rate, 0.3, seed=seed) for seed in range(14)])
    incidents = city(events_on(cells, monthly, step_days=28), days=14 * 28)
    starts = [START + pd.Timedelta(days=28 * month) for month in range(1, 14)]
    found = evaluate([told(rate)], incidents, cells, starts=starts, horizon_days=28, seed=0)
    kept = reliability(found).set_index("share")
    assert kept.loc[0.1, "cells"] == 12 * 40  # the first window knows no scatter yet
    assert kept.loc[0.1, "members"] == pytest.approx(kept.loc[0.1, "membership"], abs=0.07)
    assert kept.loc[0.1, "with_event"] == pytest.approx(kept.loc[0.1, "chance"], abs=0.05)
    scores = method_scores(found).loc["told"]
    assert scores["coverage_90"] == pytest.approx(0.9, abs=0.02)
    assert scores["rri"] == pytest.approx(1, abs=0.1)
    assert scores["coverage_n"] == 12 * 400
