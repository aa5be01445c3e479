"""What stands out from chance: exact p against every deal of a tiny map, published values, and maps of nothing."""

from __future__ import annotations

from itertools import product
from math import exp, factorial

import numpy as np
import pytest
from scipy import sparse

from analytics.hotspots.significance import beyond_chance, discoveries, gi_star, gi_z, local_moran, mann_kendall
from tests.small_map import grid, line

TINY = np.array([0.0, 0.0, 1.0, 3.0])


def dealt(values: np.ndarray, number: int) -> np.ndarray:
    """The sums of every way to deal so many of the values, each with replacement."""
    return np.array([sum(each) for each in product(values, repeat=number)])


def test_p_of_gi_is_the_share_of_all_deals() -> None:
    found, near = gi_star(TINY, line(4)), line(4).toarray()
    for cell in range(4):
        sums, held = dealt(TINY, int(near[cell].sum())), near[cell] @ TINY
        assert found.p_hot[cell] == pytest.approx((sums >= held).mean(), rel=1e-9)
        assert found.p_cold[cell] == pytest.approx((sums <= held).mean(), rel=1e-9)


def test_p_of_moran_is_twice_the_smaller_share_of_all_deals() -> None:
    found, others = local_moran(TINY, line(4)), line(4).toarray() - np.eye(4)
    for cell in range(4):
        sums, held = dealt(TINY, int(others[cell].sum())), others[cell] @ TINY
        smaller = min((sums >= held).mean(), (sums <= held).mean())
        assert found.p[cell] == pytest.approx(min(1.0, 2 * smaller), rel=1e-9)


def test_values_that_are_no_counts_have_nearly_the_same_p() -> None:
    whole, scaled = (gi_star(TINY * unit, line(4)) for unit in (1.0, 0.123))
    assert scaled.p_hot == pytest.approx(whole.p_hot)
    assert scaled.z == pytest.approx(whole.z)


def test_a_map_without_differences_has_nothing_to_find() -> None:
    found = gi_star(np.full(9, 2.0), grid(3, 3))
    assert (found.z == 0).all()
    assert (found.p_hot == 1).all()
    assert (found.p_cold == 1).all()
    assert (local_moran(np.full(9, 2.0), grid(3, 3)).i == 0).all()


# Six points that pysal's esda publishes (Getis and Ord 1996), neighbours within 15 m.

POINTS = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)], dtype=float)
VALUES = np.array([2, 3, 3.2, 5, 8, 7])
G = [-1.0136729, -0.04361589, 1.31558703, -0.31412676, 1.15373986, 1.77833941]
G_STAR = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]


def test_gi_of_six_points_is_as_published() -> None:
    apart = np.linalg.norm(POINTS[:, None] - POINTS[None], axis=2)
    near = sparse.csr_array((apart <= 15).astype(float))
    assert gi_z(VALUES, near) == pytest.approx(G_STAR, abs=1e-8)
    assert gi_z(VALUES, near, star=False) == pytest.approx(G, abs=1e-7)
    both = gi_z(np.stack([VALUES, VALUES[::-1]]), near)
    assert both[0] == pytest.approx(G_STAR, abs=1e-8)


# Moran's I by hand: mean 1, standard deviation sqrt(1.5), z = (-1, -1, 0, 2) / sqrt(1.5).


def test_local_moran_is_what_one_counts_by_hand() -> None:
    found = local_moran(TINY, line(4))
    # Neighbours' mean z: -1, (-1 + 0) / 2, (-1 + 2) / 2, 0; all over sqrt(1.5).
    assert found.i == pytest.approx(np.array([1.0, 0.5, 0.0, 0.0]) / 1.5)
    assert found.kind.tolist()[:2] == ["low-low", "low-low"]
    assert local_moran(np.array([0.0, 9.0, 0.0, 0.0]), line(4)).kind[:2].tolist() == [
        "low-high",
        "high-low",
    ]


# False discoveries


def test_discoveries_of_benjamini_and_hochberg() -> None:
    # The fifteen p-values of their paper (1995, section 3.2): the first four at a rate of 5 %.
    p = [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1.0]  # fmt: skip
    turned = np.array(p)[::-1]
    assert discoveries(turned)[::-1].tolist() == [True] * 4 + [False] * 11
    # A p-value above its own line is kept where a later one is below its line.
    assert discoveries(np.array([0.03, 0.04, 0.045])).all()
    assert not discoveries(np.array([0.06, 0.5])).any()
    assert discoveries(np.array([0.06, 0.5]), rate=0.2).tolist() == [True, False]


def test_a_p_at_exactly_its_bound_is_a_discovery() -> None:
    for tests in range(2, 40):
        for k in range(1, tests + 1):
            p = np.ones(tests)
            p[:k] = 0.05 * k / tests
            assert discoveries(p).tolist() == [True] * k + [False] * (tests - k)
            assert not discoveries(np.where(p < 1, p * (1 + 1e-9), 1.0)).any()


def shuffles(number: int = 20) -> list[np.ndarray]:
    """The counts of a skewed map, dealt to its cells again and again."""
    rng = np.random.default_rng(3)
    counts = rng.negative_binomial(0.3, 0.15, 900).astype(float)
    return [rng.permutation(counts) for _ in range(number)]


def test_of_a_shuffled_map_five_per_cent_pass_alone_and_almost_none_together() -> None:
    found = [gi_star(each, grid(30, 30)) for each in shuffles()]
    alone = np.mean([(each.p_hot <= 0.05).mean() for each in found])
    assert 0.035 <= alone <= 0.055  # never above by more than 20 maps scatter; sums of counts are not finer
    kept = [int(discoveries(each.p_hot).sum()) for each in found]
    assert sum(each > 0 for each in kept) <= 4  # a rate of 5 %: one map in twenty, and luck
    normal = np.mean([(each.z > 3.29).mean() for each in found])
    assert normal > 4 * 0.0005  # why the p of a normal would not do


def test_a_planted_place_is_found_among_the_shuffled() -> None:
    values = shuffles(1)[0].reshape(30, 30)
    values[10:13, 20:23] += 15
    found = discoveries(gi_star(values.ravel(), grid(30, 30)).p_hot).reshape(30, 30)
    assert found[11, 21]
    assert found[9:14, 19:24].sum() >= 5
    assert found[:, :15].sum() <= 0.05 * found.sum() + 2  # a rate of false discoveries, not none


# Trends


def test_the_trend_of_four_steps_by_hand() -> None:
    # Pairs of 1 2 4 3: five rises and a fall. n(n-1)(2n+5) / 18 = 4 x 3 x 13 / 18.
    found = mann_kendall(np.array([[1.0], [2.0], [4.0], [3.0]]))
    assert found.s[0] == 4
    assert found.z[0] == pytest.approx(3 / np.sqrt(156 / 18))


def test_ties_take_their_part_of_the_variance() -> None:
    # 1 1 2 2 2: six rises, six ties. n(n-1)(2n+5) = 300; t = 2 takes 2 x 1 x 9 = 18, t = 3 takes 3 x 2 x 11 = 66.
    found = mann_kendall(np.array([[1.0, 3], [1, 3], [2, 3], [2, 3], [2, 3]]))
    assert found.s.tolist() == [6, 0]
    assert found.z[0] == pytest.approx(5 / np.sqrt((300 - 18 - 66) / 18))
    assert (found.z[1], found.p[1]) == (0, 1)


def test_a_trend_turned_round_falls_as_it_rose() -> None:
    values = np.random.default_rng(4).poisson(3, (24, 50)).astype(float) + np.arange(24)[:, None] / 4
    rising, falling = mann_kendall(values), mann_kendall(values[::-1])
    assert np.array_equal(rising.s, -falling.s)
    assert rising.p == pytest.approx(falling.p)
    assert (rising.p < 0.05).mean() > 0.5


def test_noise_has_a_trend_in_five_series_of_a_hundred() -> None:
    found = mann_kendall(np.random.default_rng(5).poisson(2, (24, 4000)).astype(float))
    assert (found.p < 0.05).mean() == pytest.approx(0.05, abs=0.015)


def test_a_lone_corner_and_a_busy_quarter_both_stand_out() -> None:
    cells = grid(20, 20)
    counts = np.full(400, 2.0)
    counts[5] = 20  # alone: its neighbours are as quiet as any
    quarter = [20 * row + column for row in (10, 11, 12) for column in (10, 11, 12)]
    counts[quarter] = 7
    p = beyond_chance(counts, cells)
    found = discoveries(p)
    assert found[5]
    assert found[quarter[4]]
    assert found.sum() < 40
    assert p[quarter[4]] < 2 * gi_star(counts, cells).p_hot[quarter[4]] * 1.01
    assert not discoveries(beyond_chance(np.full(400, 2.0), cells)).any()


def test_standing_out_is_twice_the_smaller_of_two_tails() -> None:
    cells = grid(3, 3)
    counts = np.array([0.0, 1.0, 0.0, 2.0, 6.0, 1.0, 0.0, 1.0, 1.0])
    usual = counts.sum() / 9
    # P(N >= count) of a Poisson, term by term: as many as it had count as standing out, not only more.
    fewer = [sum(exp(-usual) * usual**n / factorial(n) for n in range(int(count))) for count in counts]
    around = gi_star(counts, cells).p_hot
    smaller = np.minimum(1 - np.array(fewer), around)
    assert beyond_chance(counts, cells) == pytest.approx(np.minimum(1.0, 2 * smaller), rel=1e-9)
    assert 1 - fewer[4] < around[4]  # the middle stands out by itself
    assert around[2] < 1 - fewer[2]  # a corner with nothing only by its neighbourhood


def test_an_even_spread_is_called_chance() -> None:
    cells, found = grid(20, 20), []
    for seed in range(20):
        found.append(
            discoveries(beyond_chance(np.random.default_rng(seed).poisson(2.0, 400).astype(float), cells)).any()
        )
    assert np.mean(found) <= 0.15
