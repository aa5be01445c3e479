"""The models of location against trying every choice, and against published optima."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from analytics.scenarios.engines.sites.lagrangian import Search, search, settle
from analytics.scenarios.engines.sites.location import (
    Located,
    Rules,
    centre,
    cover_all,
    coverage,
    farthest,
    median,
    near_ties,
    total,
)
from benchmarks.scenarios.siting import problem

Floats = npt.NDArray[np.float64]

DEMANDS, PLACES, REACH = 25, 9, 35.0


def example(seed: int) -> tuple[Floats, Floats]:
    """Distances and weights of random points of a square of 100."""
    rng = np.random.Generator(np.random.Philox(seed))
    points, places = rng.uniform(0, 100, (DEMANDS, 2)), rng.uniform(0, 100, (PLACES, 2))
    return np.hypot(*(points[:, None] - places).transpose(2, 0, 1)), rng.integers(1, 20, DEMANDS).astype(float)


def covered(distance: Floats, weight: Floats, places: Sequence[int]) -> float:
    return float(weight[distance[:, list(places)].min(axis=1) <= REACH].sum())


def choices(rules: Rules) -> list[tuple[int, ...]]:
    """Every choice that rules allow."""
    free = [place for place in range(PLACES) if place not in rules.kept]
    if rules.budget is None:
        assert rules.size is not None
        return list(combinations(free, rules.size))
    assert rules.cost is not None
    most = len(free) if rules.size is None else rules.size
    each = [chosen for size in range(most + 1) for chosen in combinations(free, size)]
    return [chosen for chosen in each if rules.cost[list(chosen)].sum() <= rules.budget]


COST = np.array([5.0, 3.0, 4.0, 2.0, 6.0, 1.0, 3.0, 4.0, 2.0])
RULES = {
    "two": Rules(size=2),
    "four": Rules(size=4),
    "two beside two": Rules(size=2, kept=(1, 6)),
    "all": Rules(size=PLACES),
    "a budget": Rules(kept=(0,), cost=COST, budget=7.0),
    "a budget and at most two": Rules(size=2, kept=(8,), cost=COST, budget=9.0),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rules", RULES.values(), ids=RULES.keys())
def test_no_choice_is_better(rules: Rules, seed: int) -> None:
    distance, weight = example(seed)
    every = [(*rules.kept, *chosen) for chosen in choices(rules)]
    solved: dict[str, tuple[Located | None, float]] = {
        "median": (median(distance, weight, rules), min(total(distance, weight, each) for each in every)),
        "coverage": (
            coverage(distance, weight, rules, reach=REACH),
            max(covered(distance, weight, each) for each in every),
        ),
        "centre": (centre(distance, rules, weight=weight), min(farthest(distance, each) for each in every)),
    }
    for name, (found, best) in solved.items():
        assert found is not None, name
        assert found.value == pytest.approx(best), name
        assert found.bound == pytest.approx(best), name
        assert found.gap == 0.0, name
        assert found.chosen in choices(rules), name


@pytest.mark.parametrize("seed", range(3))
def test_the_centre_is_of_its_equals_the_one_with_the_least_mean(seed: int) -> None:
    distance, weight = example(seed)
    found = centre(distance, Rules(size=3), weight=weight)
    assert found is not None
    equals = [each for each in combinations(range(PLACES), 3) if farthest(distance, each) <= found.value + 1e-9]
    least = min(total(distance, weight, each) for each in equals)
    assert total(distance, weight, found.chosen) == pytest.approx(least)


def test_what_weighs_nothing_need_not_be_reached() -> None:
    distance = np.array([[0.0, 10.0], [90.0, 95.0], [12.0, 1.0]])
    found = centre(distance, Rules(size=1), weight=np.array([1.0, 0.0, 1.0]))
    assert found is not None
    assert (found.chosen, found.value) == ((1,), 10.0)


@pytest.mark.parametrize("seed", range(3))
def test_near_ties_are_those_of_trying_all(seed: int) -> None:
    distance, weight = example(seed)
    rules = Rules(size=3)
    best = median(distance, weight, rules)
    assert best is not None
    limit = 1.1 * best.value
    found = list(
        near_ties(
            lambda each: median(distance, weight, each), rules, best, within=lambda each: each.value <= limit, most=50
        )
    )
    every = sorted((total(distance, weight, each), each) for each in combinations(range(PLACES), 3))
    expected = [each for value, each in every if value <= limit and each != best.chosen]
    assert [each.chosen for each in found] == expected
    few = near_ties(lambda each: median(distance, weight, each), rules, best, within=lambda _: True, most=2)
    assert [each.chosen for each in few] == [each for _, each in every[1:3]]


def test_covering_all_takes_the_fewest_or_the_cheapest() -> None:
    distance, _ = example(1)
    reach = 45.0
    found = cover_all(distance, Rules(), reach=reach)
    assert found is not None
    sizes = (size for size in range(1, PLACES + 1) for each in combinations(range(PLACES), size)
             if farthest(distance, each) <= reach)  # fmt: skip
    assert found.value == next(sizes)
    cheapest = cover_all(distance, Rules(cost=COST), reach=reach)
    assert cheapest is not None
    every = [each for size in range(1, PLACES + 1) for each in combinations(range(PLACES), size)]
    assert cheapest.value == min(COST[list(each)].sum() for each in every if farthest(distance, each) <= reach)
    assert cover_all(distance, Rules(), reach=1.0) is None


def test_what_cannot_be_chosen_is_none() -> None:
    distance, weight = example(0)
    solvers: list[Callable[[Rules], Located | None]] = [
        lambda rules: median(distance, weight, rules),
        lambda rules: coverage(distance, weight, rules, reach=REACH),
        lambda rules: centre(distance, rules),
    ]
    for solve in solvers:
        assert solve(Rules(size=PLACES + 1)) is None
        assert solve(Rules(size=PLACES, kept=(1,))) is None


# Large problems: prices, swaps and branching


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("size", [1, 3, PLACES - 1, PLACES])
@pytest.mark.parametrize("seed", range(4))
def test_search_finds_the_best_and_proves_it(seed: int, size: int, whole: bool) -> None:
    distance, weight = example(seed)
    distance = np.round(distance) if whole else distance
    gain = (weight[:, None] * (distance.max(axis=1)[:, None] - distance)).T
    found = search(gain, size=size, whole=whole)
    start = float(weight @ distance.max(axis=1))
    best = min(total(distance, weight, each) for each in combinations(range(PLACES), size))
    assert start - found.value == pytest.approx(best)
    assert start - found.value == pytest.approx(total(distance, weight, [int(each) for each in found.chosen]))
    assert found.bound >= found.value - 1e-6 * found.value
    assert found.proven


def test_what_is_settled_holds_in_whatever_is_better() -> None:
    """Told a worse choice than the best, the marks must still allow the best."""
    for seed in range(20):
        distance, weight = example(seed)
        gain = np.ascontiguousarray((weight[:, None] * (distance.max(axis=1)[:, None] - distance)).T)
        values = {each: float(gain[list(each)].max(axis=0).sum()) for each in combinations(range(PLACES), 3)}
        best = max(values, key=values.__getitem__)
        found = Search(gain, 3, 0.0, np.array(sorted(values, key=values.__getitem__)[-8]))
        found.value = values[tuple(int(each) for each in found.chosen)]
        found.price = 0.6 * gain[found.chosen].max(axis=0)
        each = np.maximum(gain - found.price, 0.0).sum(axis=1)
        found.bound = float(found.price.sum() + np.sort(each)[-3:].sum())
        settle(found)
        assert found.bound >= values[best] - 1e-9
        assert not found.closed[list(best)].any()
        assert set(np.flatnonzero(found.open)) <= set(best)


def test_a_large_median_keeps_what_is_open() -> None:
    """More pairs than a programme is asked to hold: the same as trying all beside the two that are kept."""
    rng = np.random.Generator(np.random.Philox(5))
    points, places = rng.uniform(0, 100, (700, 2)), rng.uniform(0, 100, (60, 2))
    distance = np.hypot(*(points[:, None] - places).transpose(2, 0, 1))
    weight = rng.integers(1, 20, 700).astype(float)
    found = median(distance, weight, Rules(size=2, kept=(3, 17)))
    assert found is not None
    free = [place for place in range(60) if place not in (3, 17)]
    start = distance[:, [3, 17]].min(axis=1)
    best = min(
        (float(weight @ np.minimum(start, distance[:, each].min(axis=1))), each) for each in combinations(free, 2)
    )
    assert (found.value, found.chosen) == (pytest.approx(best[0]), best[1])
    assert found.gap == 0.0


# Published optima


@pytest.fixture
def siting(real_data: Path) -> Path:
    return real_data / "engines" / "siting"


def test_san_francisco(siting: Path) -> None:
    """As spopt asserts them for its own data, and set covering and the centre by full enumeration."""
    rows = pd.read_csv(siting / "sf_network_distance_m_205x16.csv").sort_values("DestinationName")
    weight = pd.read_csv(siting / "sf_demand_205.csv").sort_values("tract")["population"].to_numpy(dtype=float)
    distance = rows.drop(columns="DestinationName").to_numpy(dtype=float)
    found = median(distance, weight, Rules(size=4))
    assert found is not None
    assert found.gap == 0.0
    assert found.value / weight.sum() == pytest.approx(2982.12686, abs=5e-6)
    most = coverage(distance, weight, Rules(size=4), reach=5000.0)
    assert most is not None
    assert most.value == 875_247
    assert int((distance[:, list(most.chosen)].min(axis=1) > 5000).sum()) == 21
    fewest = cover_all(distance, Rules(), reach=5000.0)
    least = centre(distance, Rules(size=4), weight=weight)
    assert fewest is not None
    assert least is not None
    assert (fewest.value, least.value) == (8.0, pytest.approx(7403.0638, abs=1e-4))


@pytest.mark.parametrize(("number", "optimum"), [(1, 5819), (2, 4093), (6, 7824)])
def test_or_library(real_data: Path, number: int, optimum: int) -> None:
    distance, size = problem(real_data / "benchmarks" / "pmedian" / f"pmed{number}.txt")
    found = median(distance, np.ones(len(distance)), Rules(size=size))
    assert found is not None
    assert (found.value, found.gap) == (optimum, 0.0)


def test_sao_jose_dos_campos(siting: Path) -> None:
    rows = pd.read_csv(siting / "sjc" / "SJC324.csv")
    points, weight = rows[["x_m", "y_m"]].to_numpy(dtype=float), rows["demand"].to_numpy(dtype=float)
    distance = np.hypot(*(points[:, None] - points).transpose(2, 0, 1))
    found = [coverage(distance, weight, Rules(size=size), reach=800.0) for size in range(1, 6)]
    assert [each.value for each in found if each is not None] == [5_461, 8_790, 11_604, 12_106, 12_152]
