"""Scans for clusters: SaTScan's own figures, squares counted by brute force, planted clusters, and p under chance."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.errors import Cancelled, HotspotError
from analytics.hotspots.clustering._scan_loops import dealt, level_of, limits, may_beat, ratio
from analytics.hotspots.clustering.circles import Circles, circles, scan_circles, scan_cylinders
from analytics.hotspots.clustering.scan import Scan, Search, expected_by_margins, likelihood_ratio
from analytics.hotspots.clustering.squares import scan_squares

ONCE = Search(replications=0)

# Log likelihood ratio, cases, expected, relative risk and p as SaTScan 9.6 reports them.
TEN_PERCENT = [
    (11.577255, 85, 49.71, 1.84, 0.0010),
    (9.019716, 38, 17.79, 2.22, 0.013),
    (6.114140, 64, 40.85, 1.64, 0.216),
    (4.651839, 25, 12.82, 1.99, 0.609),
    (4.169203, 28, 15.54, 1.84, 0.755),
    (3.363518, 12, 5.14, 2.37, 0.961),
    (3.209485, 11, 4.61, 2.41, 0.976),
]
FIRST_PLACES = [49, 48, 50, 47, 1, 15, 51, 2, 13, 14, 3, 35, 16, 52, 36, 37, 12, 11, 5, 17, 10, 4, 6, 38, 18, 9]


def new_york(folder: Path, *, most_population: float, great_circle: bool = False, replications: int = 0) -> Scan:
    """Leukemia in upstate New York, 1978 to 1982: 281 tracts, 552 cases (Turnbull et al., 1990)."""
    home = folder / "benchmarks" / "hotspots" / "ny_leukemia"
    if not home.is_dir():
        pytest.skip("no leukemia data")
    cases, coordinates, population = (
        np.loadtxt(home / f"satscan_ny_{name}.txt") for name in ("cases", "coords", "pop")
    )
    around = circles(
        coordinates[:, 2], coordinates[:, 1], population=population[:, 2], most_population=most_population,
        great_circle=great_circle,
    )  # fmt: skip
    return scan_circles(cases[:, 1], around=around, search=Search(replications=replications, seed=1))


def test_new_york_leukemia_as_satscan_reports_it(real_data: Path) -> None:
    found = new_york(real_data, most_population=0.1, replications=999).clusters
    for cluster, (llr, cases, expected, risk, p) in zip(found, TEN_PERCENT, strict=False):
        assert round(cluster.llr, 6) == llr
        assert cluster.cases == cases
        assert (round(cluster.expected, 2), round(cluster.relative_risk, 2)) == (expected, risk)
        # Two Monte Carlo tests of 999 differ by chance: four standard errors of their difference.
        assert cluster.p == pytest.approx(p, abs=4 * np.sqrt(2 * p * (1 - p) / 999) + 0.001)
    assert [place + 1 for place in found[0].locations] == FIRST_PLACES
    assert found[0].p <= 0.004


@pytest.mark.parametrize(("great_circle", "wanted"), [(False, [14.083511]), (True, [14.780276, 8.287056])])
def test_new_york_leukemia_up_to_half_the_population(real_data: Path, great_circle: bool, wanted: list[float]) -> None:
    found = new_york(real_data, most_population=0.5, great_circle=great_circle).clusters
    assert [round(cluster.llr, 6) for cluster in found[: len(wanted)]] == wanted
    if not great_circle:
        assert found[0].cases == 100


def town(*, side: int = 6) -> Circles:
    across, up = np.meshgrid(np.arange(side, dtype=float), np.arange(side, dtype=float))
    return circles(across.ravel(), up.ravel(), population=np.full(side * side, 100.0))


def test_circles_hold_places_equally_far_together() -> None:
    around = circles([0, 1, -1, 5], [0, 0, 0, 0], population=[1, 1, 1, 1], most_population=0.75)
    assert list(around.order[0, :3]) == [0, 1, 2]
    assert list(around.complete[0, :3]) == [True, False, True]
    assert list(around.size) == [3, 3, 3, 3]
    # Sums of tenths differ by rounding: 0.1 + 0.2 metres to the east are as far as 0.3 to the west.
    assert list(circles([0, 0.1 + 0.2, -0.3], [0, 0, 0], population=[1, 1, 2]).complete[0, :2]) == [True, False]


def test_a_scan_of_places_equals_every_circle_tried() -> None:
    random = np.random.default_rng(3)
    x, y, population = random.random(20), random.random(20), random.integers(1, 50, 20).astype(float)
    cases = random.poisson(population / 10)
    around = circles(x, y, population=population)
    expected = population * cases.sum() / population.sum()
    tried = []
    for centre in range(20):
        order = np.argsort(np.hypot(x - x[centre], y - y[centre]))
        for size in range(1, 21):
            inside = order[:size]
            if population[inside].sum() <= population.sum() / 2 and cases[inside].sum() >= 2:
                tried.append(likelihood_ratio(cases[inside].sum(), expected[inside].sum(), cases.sum()))
    found = scan_circles(cases, around=around, search=ONCE)
    assert found.clusters[0].llr == pytest.approx(max(tried))
    again = scan_circles(cases, around=around, expected=7 * population, search=ONCE)
    assert [each.locations for each in again.clusters] == [each.locations for each in found.clusters]


def test_clusters_share_no_place_and_come_in_order() -> None:
    cases = np.random.default_rng(0).poisson(3, 36)
    found = scan_circles(cases, around=town(), search=Search(replications=19)).clusters
    places = [place for cluster in found for place in cluster.locations]
    assert len(found) > 1
    assert len(places) == len(set(places))
    assert all(one.llr >= other.llr and one.p <= other.p for one, other in pairwise(found))


def with_outbreak(first: int, last: int) -> np.ndarray:
    """36 places and 20 periods of about two cases each, and five more in the corner from ``first`` to ``last``."""
    cases = np.random.default_rng(5).poisson(2, (36, 20))
    cases[np.ix_([0, 1, 6, 7], range(first, last + 1))] += 5
    return cases


@pytest.mark.parametrize("margins", [True, False])
def test_a_planted_cylinder_is_found_where_and_when_it_is(margins: bool) -> None:
    cases = with_outbreak(14, 19)
    expected = None if margins else np.ones(cases.shape)
    found = scan_cylinders(cases, around=town(), expected=expected, search=Search(replications=99)).clusters[0]
    assert set(found.locations) >= {0, 1, 6, 7}
    assert (found.first_period, found.last_period) == (14, 19)
    assert found.p == 0.01
    assert found.relative_risk > 1.5


def test_a_prospective_scan_finds_only_what_is_alive() -> None:
    over = scan_cylinders(with_outbreak(5, 9), around=town(), search=Search(replications=99))
    assert (over.clusters[0].first_period, over.clusters[0].last_period, over.clusters[0].p) == (5, 9, 0.01)
    search = Search(replications=99, prospective=True)
    past = scan_cylinders(with_outbreak(5, 9), around=town(), search=search).clusters
    alive = scan_cylinders(with_outbreak(17, 19), around=town(), search=search).clusters
    assert all(cluster.last_period == 19 for cluster in (*past, *alive))
    assert all(cluster.p > 0.1 for cluster in past)
    assert (alive[0].first_period, alive[0].p) == (17, 0.01)


def test_a_cluster_lasts_at_most_its_share_of_the_time() -> None:
    cases = with_outbreak(4, 19)
    found = scan_cylinders(cases, around=town(), search=Search(replications=0, most_time=0.25)).clusters
    assert max(cluster.last_period - cluster.first_period + 1 for cluster in found) <= 5


def test_p_is_uniform_when_nothing_is_there() -> None:
    random = np.random.default_rng(11)
    population = random.uniform(50, 500, 25)  # all different: with equal ones many circles tie, and p is cautious
    around = circles(random.random(25), random.random(25), population=population)
    values = []
    for seed in range(200):
        cases = random.multinomial(200, population / population.sum())
        found = scan_circles(cases, around=around, search=Search(replications=99, seed=seed, most_clusters=1))
        values.append(found.clusters[0].p)
    for share in (0.05, 0.2, 0.5, 0.8):
        sure = 4 * np.sqrt(share * (1 - share) / 200)
        assert np.mean(np.array(values) <= share) == pytest.approx(share, abs=sure)


def test_a_map_made_by_chance_that_is_as_likely_counts_for_p() -> None:
    # Both cases in one of three places: chance puts them into one place as often as in one of three maps, each of them
    # exactly as likely as the map itself.
    around = circles([0, 10, 20], [0, 0, 0], population=[1, 1, 1])
    found = scan_circles([2, 0, 0], around=around, search=Search(replications=299))
    together = int(np.isclose(found.highest, found.clusters[0].llr).sum())
    assert together == int((found.highest > 0).sum())
    assert 60 < together < 140
    assert found.clusters[0].p == (1 + together) / 300


def test_of_windows_that_are_equally_likely_the_first_is_told() -> None:
    around = circles([0, 10, 20, 31], [0, 0, 0, 0], population=[1, 1, 1, 1], most_population=0.25)
    assert scan_circles([3, 0, 3, 0], around=around, search=ONCE).clusters[0].locations == (0,)
    cube = np.zeros((1, 2, 3), dtype=int)
    cube[0, 0, 0] = cube[0, 1, 2] = 3
    found = scan_squares(cube, expected=np.ones(cube.shape), most_side=1, search=ONCE).clusters
    assert [each.locations for each in found] == [(0,), (5,)]


def test_a_seed_gives_the_same_answer_and_another_gives_another() -> None:
    cases = with_outbreak(14, 19)
    one, same, other = (
        scan_cylinders(cases, around=town(), search=Search(replications=9, seed=seed)) for seed in (1, 1, 2)
    )
    assert one.clusters == same.clusters
    np.testing.assert_array_equal(one.highest, same.highest)
    assert (one.highest != other.highest).any()


def test_a_map_without_a_cluster_has_none() -> None:
    assert scan_circles([3, 3], around=circles([0, 1], [0, 0], population=[1, 1]), search=ONCE).clusters == ()
    assert scan_squares([[[1]]], search=ONCE).clusters == ()


def test_progress_is_told_and_may_stop_the_work() -> None:
    told: list[float] = []
    scan_circles(
        np.arange(36), around=town(), search=Search(replications=4), progress=lambda share, _: told.append(share)
    )
    assert told == [0, 0.25, 0.5, 0.75]

    def stop(share: float, doing: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        scan_squares(np.ones((3, 4, 4)), search=Search(replications=4), progress=stop)


# Grids


def squares(cube: np.ndarray, *, most_side: int, longest: int, prospective: bool) -> Iterator[tuple[slice, ...]]:
    periods, rows, columns = cube.shape
    for last in range(periods - 1 if prospective else 0, periods):
        for first in range(max(0, last - longest + 1), last + 1):
            for side in range(1, most_side + 1):
                for row in range(rows - side + 1):
                    for column in range(columns - side + 1):
                        yield (
                            slice(first, last + 1), slice(row, row + side), slice(column, column + side),
                        )  # fmt: skip


@pytest.mark.parametrize("prospective", [True, False])
@pytest.mark.parametrize("mean", [0.1, 2.0, 300.0])
@pytest.mark.parametrize("margins", [True, False])
def test_a_grid_scan_equals_every_square_tried(prospective: bool, mean: float, margins: bool) -> None:
    random = np.random.default_rng(2)
    level = random.gamma(2, mean / 2, (7, 9))
    cube = random.poisson(np.broadcast_to(level, (6, 7, 9)))
    expected = expected_by_margins(cube.reshape(6, -1)).reshape(cube.shape) if margins else level + np.zeros(cube.shape)
    expected = expected * cube.sum() / expected.sum()
    search = Search(replications=0, prospective=prospective, most_clusters=1)
    found = scan_squares(cube, expected=None if margins else expected, most_side=4, search=search)
    tried = [
        likelihood_ratio(cube[window].sum(), expected[window].sum(), cube.sum()) if cube[window].sum() >= 2 else 0.0
        for window in squares(cube, most_side=4, longest=3, prospective=prospective)
    ]
    assert found.clusters[0].llr == pytest.approx(max(tried))
    assert found.windows_visited == len(tried)


def test_a_planted_square_is_found_and_the_next_lies_elsewhere() -> None:
    cube = np.random.default_rng(4).poisson(0.2, (10, 30, 40))
    cube[7:, 10:13, 20:23] += 4
    cube[8:, 25:27, 5:7] += 5
    search = Search(replications=99, prospective=True)
    found = scan_squares(cube, expected=np.ones(cube.shape), most_side=5, search=search).clusters
    rows, columns = np.divmod(found[0].locations, 40)
    assert (set(rows), set(columns)) == ({10, 11, 12}, {20, 21, 22})
    assert (found[0].first_period, found[0].last_period, found[0].p) == (7, 9, 0.01)
    assert set(found[1].locations) == {25 * 40 + 5, 25 * 40 + 6, 26 * 40 + 5, 26 * 40 + 6}
    assert not set(found[0].locations) & set(found[1].locations)
    assert all(cluster.p > 0.05 for cluster in found[2:])


@settings(deadline=None, max_examples=100)
@given(
    st.integers(0, 3000), st.floats(0, 1, exclude_min=True), st.floats(0, 100), st.integers(0, 5000), st.integers(2, 9)
)
@example(2, 0.9999999999999999, 0.0, 1, 2)
def test_the_short_cut_never_drops_a_better_window(
    cases: int, share: float, best: float, others: int, fewest: int
) -> None:
    total = cases + others
    if cases < fewest:
        return
    levels, limit = limits(total, fewest)
    # A ratio carries rounding of about its cases times the machine's precision, as two cases of which 1.9999999999999998
    # were expected show: by less than that no window is better than another.
    if ratio(cases, cases * share, float(total)) > best + 1e-13 * total:
        assert may_beat(cases, cases * share, float(total), best, limit[level_of(best, levels)])


def test_chance_deals_every_case_and_in_proportion() -> None:
    share = np.array([0.0, 0.1, 0.0, 0.6, 0.3, 0.0])
    upper = np.cumsum(share)
    upper[4:] = 1.0
    guide = np.searchsorted(upper, np.arange(6) / 6, side="right")
    counts = dealt(np.random.default_rng(0).random(100_000), upper, guide)
    assert counts.sum() == 100_000
    np.testing.assert_allclose(counts / 100_000, share, atol=0.006)


# What is refused


@pytest.mark.parametrize(
    ("cases", "expected", "sentence"),
    [
        ([[[1.5]]], None, "whole numbers"),
        ([[[-1.0]]], None, "whole numbers"),
        ([[[0.0]]], None, "at least one"),
        ([[[1.0]]], [1.0], "do not fit together"),
        ([[[1.0, 2.0]]], [[[-1.0, 2.0]]], "from 0 up"),
        ([[[1.0, 2.0]]], [[[0.0, 2.0]]], "1 case lies where none are expected"),
        ([1.0, 2.0], None, "do not fit together: periods, rows and columns"),
    ],
)
def test_cases_that_do_not_fit_are_refused(cases: list[float], expected: list[float] | None, sentence: str) -> None:
    with pytest.raises(HotspotError, match=sentence):
        scan_squares(cases, expected=expected, search=ONCE)


def test_places_that_do_not_fit_are_refused() -> None:
    with pytest.raises(HotspotError, match="do not fit together"):
        scan_circles([1, 2, 3], around=town(), expected=[1, 1, 1], search=ONCE)
    with pytest.raises(HotspotError, match="do not fit together"):
        scan_cylinders(np.ones((3, 4)), around=town(), search=ONCE)
    with pytest.raises(HotspotError, match="a population from 0 up"):
        circles([0, np.nan], [0, 0], population=[1, 1])
    with pytest.raises(HotspotError, match="scan a grid instead"):
        circles(np.zeros(10_001), np.zeros(10_001), population=np.ones(10_001))
    with pytest.raises(HotspotError, match="let its side be 1 or more"):
        scan_squares(np.ones((1, 2, 2)), most_side=0)
