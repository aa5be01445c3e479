"""Equilibrium: published answers, what one can check by hand, and what holds on any road."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from analytics.errors import Cancelled, TrafficError
from analytics.traffic import Assignment, Demand, Road, assign, cheapest_costs, relative_gap
from analytics.traffic._paths_loops import grow_trees
from tests.conftest import REAL_DATA
from tests.tntp_files import read_flow, read_road, read_trips

TNTP = REAL_DATA / "benchmarks" / "tntp"
needs_tntp = pytest.mark.skipif(not TNTP.exists(), reason="the transportation networks' test files are absent")


def road_by(
    *links: tuple[int, int, float, float, float, float], through: tuple[bool, ...] = (), **changes: object
) -> Road:
    """A road of (tail, head, free time, capacity, b, power) rows."""
    rows = np.array(links, np.float64)
    nodes = int(rows[:, :2].max()) + 1
    return Road(
        link_ids=tuple(f"L{index}" for index in range(len(rows))),
        node_ids=tuple(f"N{index}" for index in range(nodes)),
        tail=rows[:, 0].astype(np.int64),
        head=rows[:, 1].astype(np.int64),
        length=np.ones(len(rows)),
        free_time=rows[:, 2],
        capacity=rows[:, 3],
        b=rows[:, 4],
        power=rows[:, 5],
        fixed=np.zeros(len(rows)),
        is_open=np.ones(len(rows), np.bool_),
        through=np.array(through or (True,) * nodes),
    ).with_(**changes)


def demand_by(zones: int, **trips: float) -> Demand:
    """Zones at the first nodes; ``t01=6`` are trips from the first to the second."""
    matrix = np.zeros((zones, zones))
    for name, value in trips.items():
        matrix[int(name[1]), int(name[2])] = value
    return Demand(tuple(f"Z{index}" for index in range(zones)), np.arange(zones), matrix)


@cache
def case(
    folder: str, name: str, toll_weight: float = 0.0, distance_weight: float = 0.0
) -> tuple[Road, Demand, np.ndarray]:
    """A test network with its trips and the published volume by link."""
    trips = next((TNTP / folder).glob(f"{name}_trips.tntp*"))
    road = read_road(TNTP / folder / f"{name}_net.tntp", toll_weight=toll_weight, distance_weight=distance_weight)
    flows = TNTP / folder / f"{name}_flow.tntp"
    published = {(int(tail), int(head)): volume for tail, head, volume in read_flow(flows)} if flows.exists() else {}
    ends = zip(road.tail + 1, road.head + 1, strict=True)
    return road, read_trips(trips), np.array([published.get(each, np.nan) for each in ends])


def chicago() -> tuple[Road, Demand, np.ndarray]:
    return case("Chicago-Sketch", "ChicagoSketch", 0.02, 0.04)


@cache
def today_in_chicago() -> Assignment:
    road, demand, _ = chicago()
    return assign(road, demand, gap=1e-4)


# Two roads side by side: 10 + v and 20 + v minutes for 20 trips, so that 15 and 5 take 25 minutes each

TWO = ((0, 1, 10.0, 10.0, 1.0, 1.0), (0, 1, 20.0, 20.0, 1.0, 1.0))


def test_two_roads_take_equally_long() -> None:
    found = assign(road_by(*TWO), demand_by(2, t01=20), gap=1e-12)
    np.testing.assert_allclose(found.volume, [15, 5])
    np.testing.assert_allclose(found.time, [25, 25])
    assert found.hours == pytest.approx(20 * 25 / 60)
    assert found.delay == pytest.approx((15 * 15 + 5 * 5) / 60)
    assert found.kilometres == pytest.approx(20)
    assert found.objective == pytest.approx(10 * 15 + 15**2 / 2 + 20 * 5 + 5**2 / 2)
    assert found.reached


def test_few_trips_leave_the_dearer_road_empty() -> None:
    found = assign(road_by(*TWO), demand_by(2, t01=10), gap=1e-12)
    np.testing.assert_array_equal(found.volume, [10, 0])


def test_a_toll_counts_as_minutes_but_takes_none() -> None:
    found = assign(road_by(*TWO, fixed=np.array([4.0, 0.0])), demand_by(2, t01=20), gap=1e-12)
    np.testing.assert_allclose(found.volume, [13, 7])  # 10 + 13 + 4 = 20 + 7
    np.testing.assert_allclose(found.time, [23, 27])
    np.testing.assert_allclose(found.cost, [27, 27])


def test_a_closed_link_carries_nothing() -> None:
    found = assign(road_by(*TWO, is_open=np.array([False, True])), demand_by(2, t01=20))
    np.testing.assert_array_equal(found.volume, [0, 20])
    assert found.gap == 0


def test_nobody_passes_through_a_zone() -> None:
    links = ((0, 2, 1.0, 1.0, 0.0, 0.0), (2, 1, 1.0, 1.0, 0.0, 0.0), (0, 1, 9.0, 1.0, 0.0, 0.0))
    trips = demand_by(3, t01=1, t02=1, t21=1)
    np.testing.assert_array_equal(assign(road_by(*links), trips).volume, [2, 2, 0])
    np.testing.assert_array_equal(assign(road_by(*links, through=(True, True, False)), trips).volume, [1, 1, 1])


def test_trips_within_a_zone_use_no_link() -> None:
    found = assign(road_by(*TWO), demand_by(2, t01=10, t00=99))
    assert found.volume.sum() == 10


def test_no_trips_are_no_volume() -> None:
    found = assign(road_by(*TWO), demand_by(2))
    np.testing.assert_array_equal(found.volume, [0, 0])
    assert found.gap == 0


@pytest.mark.parametrize(("power", "b"), [(0.0, 0.15), (4.0, 0.0)])
def test_links_without_power_or_b_take_a_constant_time(power: float, b: float) -> None:
    road = road_by((0, 1, 10.0, 10.0, b, power))
    found = assign(road, demand_by(2, t01=30))
    assert found.cost[0] == pytest.approx(10 * (1 + (b if power == 0 else 0)))
    assert found.gap == 0


def test_other_powers_are_balanced_too() -> None:
    road = road_by((0, 1, 10.0, 10.0, 0.3, 2.5), (0, 1, 12.0, 20.0, 0.2, 4.7))
    found = assign(road, demand_by(2, t01=60), gap=1e-12)
    assert found.volume.sum() == pytest.approx(60)
    assert found.time[0] == pytest.approx(found.time[1], rel=1e-9)


# What is refused


def test_trips_without_a_way_are_told() -> None:
    with pytest.raises(TrafficError, match=r"from zone “Z1” to zone “Z0”: 3 vehicles an hour of 1 pair"):
        assign(road_by(*TWO), demand_by(2, t01=1, t10=3))


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("capacity", 0.0, "Link “L1” has a capacity of 0"),
        ("free_time", -2.0, "Link “L1” takes −2 minutes"),
        ("b", -0.1, "b of −0.1"),
        ("power", np.nan, "power of"),
        ("fixed", -1.0, "costs −1 minutes"),
    ],
)
def test_a_wrong_link_is_named(column: str, value: float, message: str) -> None:
    road = road_by(*TWO)
    wrong = getattr(road, column).copy()
    wrong[1] = value
    with pytest.raises(TrafficError, match=message):
        replace(road, **{column: wrong})


def test_a_matrix_has_a_row_a_zone_and_no_negative_trips() -> None:
    with pytest.raises(TrafficError, match="3 rows for 2 zones"):
        Demand(("a", "b"), np.arange(2), np.zeros((3, 2)))
    matrix = np.array([[0.0, -1.0], [0.0, 0.0]])
    with pytest.raises(TrafficError, match="from zone “a” to zone “b” are −1"):
        Demand(("a", "b"), np.arange(2), matrix)


def test_work_can_be_stopped() -> None:
    def stop(share: float, doing: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        assign(road_by(*TWO), demand_by(2, t01=20), progress=stop)


def test_short_of_the_gap_is_not_called_reached() -> None:
    links = tuple((0, 1, 10.0 + index, 3.0 + index, 0.15, 4.0) for index in range(6))
    found = assign(road_by(*links), demand_by(2, t01=60), gap=1e-12, most=1)
    assert found.gap > 1e-12
    assert not found.reached


# Published answers


@needs_tntp
def test_braess() -> None:
    road, demand, _ = case("Braess-Example", "Braess")
    with_it = assign(road, demand, gap=1e-10)
    without = assign(road.with_(is_open=np.arange(5) != 3), demand, gap=1e-10)
    assert 60 * without.hours / 6 == pytest.approx(83)
    assert 60 * with_it.hours / 6 == pytest.approx(92)


@needs_tntp
def test_sioux_falls() -> None:
    road, demand, published = case("SiouxFalls", "SiouxFalls")
    found = assign(road, demand, gap=1e-8)
    assert found.objective / 1e5 == pytest.approx(42.31335287107440, abs=1e-8)
    assert np.abs(found.volume - published).mean() / published.mean() < 1e-5
    assert 60 * found.hours == pytest.approx(7_480_225, rel=1e-6)
    np.testing.assert_allclose(found.paths.volume(len(road.link_ids)), found.volume)
    shares = found.paths.shares(len(road.link_ids))
    np.testing.assert_allclose(shares @ demand.pairs.trips, found.volume)
    assert found.gap == pytest.approx(relative_gap(road, demand, found.volume), abs=1e-12)
    assert relative_gap(road, demand, published) == pytest.approx(0, abs=1e-12)


@needs_tntp
@pytest.mark.parametrize("name", ["Anaheim", "Winnipeg"])
def test_networks_with_zones_that_nobody_passes(name: str) -> None:
    road, demand, published = case(name, name)
    found = assign(road, demand, gap=1e-6)
    assert found.objective == pytest.approx(road.objective(published), rel=5e-7)
    rising = road.slope * road.power > 0  # volumes of links of constant time are not unique
    assert np.abs(found.volume - published)[rising].mean() / published[rising].mean() < 0.002


@needs_tntp
def test_chicago_sketch_and_an_option_after_it() -> None:
    road, demand, _ = chicago()
    today = today_in_chicago()
    assert today.gap <= 1e-4
    assert today.objective == pytest.approx(17313018.7387477, rel=1e-4)
    busiest = int(np.argmax(np.where(road.capacity > 10_000, 0, today.volume)))
    option = road.with_(is_open=np.arange(len(road.link_ids)) != busiest)
    warm = assign(option, demand, gap=1e-4, start=today)
    cold = assign(option, demand, gap=1e-6)
    assert warm.volume[busiest] == 0
    assert warm.reached
    assert warm.objective == pytest.approx(cold.objective, rel=1e-4)
    assert cold.objective > today.objective
    assert warm.iterations <= 1 + today.iterations // 2


@needs_tntp
def test_a_start_from_the_answer_stays_there() -> None:
    road, demand, _ = case("SiouxFalls", "SiouxFalls")
    found = assign(road, demand, gap=1e-8)
    again = assign(road, demand, gap=1e-8, start=found)
    assert again.iterations == 0
    np.testing.assert_allclose(again.volume, found.volume, rtol=1e-5)


@needs_tntp
def test_a_start_follows_trips_that_grow_shrink_and_go() -> None:
    road, demand, _ = case("SiouxFalls", "SiouxFalls")
    start = assign(road, demand, gap=1e-6)
    factor = np.random.default_rng(1).choice([0.0, 0.5, 1.2], demand.matrix.shape)
    moved = demand.times(factor)
    np.testing.assert_allclose(
        assign(road, moved, gap=1e-8, start=start).volume, assign(road, moved, gap=1e-8).volume, rtol=1e-3, atol=1
    )
    back = assign(road, demand, gap=1e-6, start=assign(road, moved, start=start))
    assert back.objective == pytest.approx(start.objective, rel=1e-6)


def test_costs_between_nodes_are_those_of_a_brute_search() -> None:
    generator = np.random.default_rng(5)
    links = [
        (int(a), int(b), float(c), 1.0, 0.0, 0.0)
        for a, b, c in zip(*generator.integers(0, 25, (2, 120)), generator.exponential(5, 120), strict=True)
    ]
    road = road_by(*links, (24, 0, 50.0, 1.0, 0.0, 0.0), through=tuple(generator.random(25) > 0.3))
    nodes = np.arange(len(road.node_ids))
    found = cheapest_costs(road, road.cost(np.zeros(len(road.link_ids))), origins=nodes, ends=nodes)
    wanted = np.full((25, 25), np.inf)
    for origin in nodes:  # Bellman and Ford
        wanted[origin, origin] = 0
        for _ in nodes:
            for tail, head, time in zip(road.tail, road.head, road.free_time, strict=True):
                if road.through[tail] or tail == origin:
                    wanted[origin, head] = min(wanted[origin, head], wanted[origin, tail] + time)
    np.testing.assert_allclose(found, wanted)


def test_trees_mended_after_costs_moved_cost_what_new_ones_do() -> None:
    rng = np.random.default_rng(3)
    ends = {(int(a), int(b)) for a, b in rng.integers(0, 14, (60, 2)) if a != b}
    through = tuple(bool(node % 5) for node in range(14))
    road = road_by(*((a, b, 1.0, 1.0, 0.0, 1.0) for a, b in sorted(ends)), through=through)
    star, origins, links = road.star, np.arange(14), len(road.link_ids)
    first = np.arange(15) * 14
    mended, least = np.full((14, 14), -1, np.int32), np.empty(14 * 14)
    for _ in range(40):
        cost = rng.integers(0, 6, links).astype(float)  # ties and links that cost nothing
        cost[rng.random(links) < 0.2] = np.inf
        arrays = (star.first, star.tail, star.head, star.passed, cost)
        grow_trees(origins, first, np.tile(origins, 14), *arrays, mended, least)
        anew, expected = np.full_like(mended, -1), np.empty_like(least)
        grow_trees(origins, first, np.tile(origins, 14), *arrays, anew, expected)
        assert (least == expected).all()
        assert ((mended < 0) == (anew < 0)).all()


def test_a_gap_that_is_told_is_that_of_a_search_of_its_own() -> None:
    rng = np.random.default_rng(5)
    links = [
        (a, b, 1 + rng.random(), 4.0, 0.5, 4.0) for a in range(9) for b in range(9) if a != b and rng.random() < 0.6
    ]
    road, demand = road_by(*links), Demand(tuple(map(str, range(9))), np.arange(9), rng.random((9, 9)) * 4)
    today = assign(road, demand, gap=1e-4)
    for link in range(0, len(links), 7):
        option = road.with_(is_open=np.arange(len(links)) != link)
        found = assign(option, demand, gap=1e-4, start=today)
        assert found.reached
        assert found.gap == pytest.approx(relative_gap(option, demand, found.volume), abs=1e-9)
        np.testing.assert_allclose(found.paths.volume(len(links)), found.volume, atol=1e-9)
