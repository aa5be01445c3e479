"""Trips by gravity and trips corrected by counts: sums met, means fitted, and small cases worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.caveats import assess
from analytics.errors import TrafficError
from analytics.scenarios.engines.traffic.known import case_of
from analytics.scenarios.framing import study_of
from analytics.scenarios.registry import engines
from analytics.traffic import (
    Demand,
    Deterrence,
    Spreads,
    assign,
    demand_of,
    estimate_matrix,
    fit_gravity,
    fit_of_counts,
    gravity_on,
    made_facts,
    made_trips,
    road_of,
)
from analytics.traffic.counts import r_squared
from analytics.traffic.gravity import spread
from data import Counters, Trips
from tests.road_city import network, road_city, trips
from tests.small_city import provenance

START, END = np.array([100.0, 300.0, 200.0]), np.array([250.0, 50.0, 300.0])
MINUTES = np.array([[np.inf, 5.0, 12.0], [5.0, np.inf, 8.0], [12.0, 8.0, np.inf]])


def counters(links: list[str], volume: list[float]) -> Counters:
    frame = pd.DataFrame({"link_id": links, "volume": volume, "longitude": np.nan, "latitude": np.nan})
    return Counters(
        "loops", "Loops", "roads", frame.set_axis([f"C{n}" for n in range(len(links))]), provenance("loops", frame)
    )


# Gravity


def test_trips_start_and_end_as_they_should() -> None:
    liking = Deterrence(0.1).of(np.where(np.isinf(MINUTES), 1.0, MINUTES))
    matrix, error = spread(START, END, liking)
    np.testing.assert_allclose(matrix.sum(axis=1), START, rtol=1e-8)
    np.testing.assert_allclose(matrix.sum(axis=0), END, rtol=1e-12)
    assert error < 1e-8
    # Each cell is its liking times a factor of its row and one of its column: all cross ratios are those of the liking.
    ratio = matrix[0, 0] * matrix[1, 2] / (matrix[0, 2] * matrix[1, 0])
    assert ratio == pytest.approx(liking[0, 0] * liking[1, 2] / (liking[0, 2] * liking[1, 0]))


@pytest.mark.parametrize(("rate", "shape"), [(0.05, 0.0), (0.3, 0.0), (0.2, 0.8)])
def test_the_fit_finds_the_deterrence_that_made_the_trips(rate: float, shape: float) -> None:
    rng = np.random.default_rng(1)
    places = rng.uniform(0, 10, (8, 2))
    minutes = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) + 1
    start, end = rng.uniform(50, 200, (2, 8))
    end *= start.sum() / end.sum()
    made, _ = spread(start, end, Deterrence(rate, shape).of(minutes))
    share = made / made.sum()
    logs = {"mean_log": float((share * np.log(minutes)).sum())} if shape else {}
    found = fit_gravity(start, end, minutes, mean=float((share * minutes).sum()), **logs)
    assert found.fitted
    assert (found.deterrence.rate, found.deterrence.shape) == pytest.approx((rate, shape), abs=1e-3)
    np.testing.assert_allclose(found.matrix, made, rtol=5e-3)


def test_longer_trips_are_rarer_and_none_go_where_no_way_leads() -> None:
    within = np.where(np.isinf(MINUTES), 2.0, MINUTES)
    within[0, 2] = np.inf
    short, long = (fit_gravity(START, END, within, mean=mean) for mean in (5.0, 6.0))
    assert (short.mean, long.mean) == pytest.approx((5.0, 6.0), rel=1e-5)
    assert short.deterrence.rate > long.deterrence.rate
    assert short.matrix[0, 2] == 0
    assert Deterrence(0.1).of(np.array([1.0, 2.0, np.inf])).tolist() == pytest.approx([np.exp(-0.1), np.exp(-0.2), 0.0])
    assert Deterrence(0.1, 2.0).of(np.array([3.0]))[0] == pytest.approx(9 * np.exp(-0.3))


@pytest.mark.parametrize(
    ("start", "mean", "message"),
    [
        (START, 40.0, "cannot take 40 minutes on average"),
        (np.zeros(3), 7.0, "needs zones with people"),
    ],
)
def test_what_no_trips_can_do_is_refused(start: np.ndarray, mean: float, message: str) -> None:
    with pytest.raises(TrafficError, match=message):
        fit_gravity(start, END, MINUTES, mean=mean)


def test_a_zone_without_a_way_is_refused() -> None:
    alone = MINUTES.copy()
    alone[0] = np.inf
    with pytest.raises(TrafficError, match="no zone to exchange them with"):
        fit_gravity(START, START, alone, mean=7.0)


def test_gravity_and_equilibrium_agree_on_the_minutes() -> None:
    road = road_of(network())
    zones = demand_of(trips(), road)
    start, end = zones.matrix.sum(axis=1), zones.matrix.sum(axis=0)
    found, assignment = gravity_on(road, zones, start, end, mean=5.8)
    np.testing.assert_allclose(found.matrix.sum(axis=1), start, rtol=1e-6)
    np.testing.assert_allclose(found.matrix.sum(axis=0), end, rtol=1e-6)
    assert found.mean == pytest.approx(5.8, rel=1e-3)
    assert assignment.gap < 1e-3
    assert (found.minutes[np.isfinite(found.minutes)] > 1.0).all()


# Counts


def test_counts_beside_volumes_by_hand() -> None:
    assert r_squared(np.array([1.0, 2.0]), np.array([1.0, 2.0])) == 1.0
    assert r_squared(np.array([1.5, 1.5]), np.array([1.0, 2.0])) == 0.0  # as good as their mean
    assert r_squared(np.array([2.0, 1.0]), np.array([1.0, 2.0])) == -3.0
    assert np.isnan(r_squared(np.array([2.0, 1.0]), np.array([2.0, 2.0])))


def test_a_counter_that_parts_from_the_model_is_told() -> None:
    road = road_of(network())
    found = assign(road, demand_of(trips(), road), gap=1e-6)
    place = road.place_of_link
    links = ["M1-M2", "M2-M3", "M5-M4"]
    volumes = [float(found.volume[place[each]]) for each in links]
    same = fit_of_counts(counters(links, volumes), found)
    assert same.near == same.r2 == same.ratio == 1.0
    assert not [each for each in same.caveats if each.code == "counts_apart"]
    apart = fit_of_counts(counters(links, [volumes[0], 3 * volumes[1], 3 * volumes[2]]), found)
    assert apart.near == pytest.approx(1 / 3)
    assert apart.r2 < 0.5
    assert apart.ratio < 0.6
    assert [each.code for each in apart.caveats] == ["counts_apart"]


def test_a_counter_off_the_road_is_refused() -> None:
    road = road_of(network())
    with pytest.raises(TrafficError, match="the network lacks, M9-M8 for one"):
        fit_of_counts(counters(["M9-M8"], [5.0]), assign(road, demand_of(trips(), road)))


# Trips from counts


def test_counts_that_agree_with_the_prior_leave_it() -> None:
    road = road_of(network())
    prior = demand_of(trips(), road)
    volume = assign(road, prior, gap=1e-8).volume
    links = [link for link in road.link_ids if link.startswith("M")]
    seen = counters(links, [float(volume[road.place_of_link[each]]) for each in links])
    found = estimate_matrix(road, prior, seen, spreads=Spreads(0.3, 0.3))
    np.testing.assert_allclose(found.demand.matrix, prior.matrix, rtol=0.02)
    assert found.change < 0.005
    assert found.after.near == 1.0
    assert {each.code for each in found.caveats} == {"matrix_undetermined"}  # fewer counters than the 30 pairs


@pytest.mark.parametrize("factor", [0.8, 1.3])
def test_counts_of_more_trips_bring_more_trips(factor: float) -> None:
    road = road_of(network())
    prior = demand_of(trips(scale=0.7), road)
    true = prior.times(factor)
    volume = assign(road, true, gap=1e-8).volume
    links = [link for link in road.link_ids if link.startswith("M")]
    seen = counters(links, [float(volume[road.place_of_link[each]]) for each in links])
    found = estimate_matrix(road, prior, seen, spreads=Spreads(0.3, 0.1, whole=0.5))
    moving = ~np.eye(6, dtype=bool)  # trips within a zone use no road and stay
    assert found.demand.matrix[moving].sum() / prior.matrix[moving].sum() == pytest.approx(factor, abs=0.04)
    assert found.growth == pytest.approx(found.demand.matrix.sum() / prior.matrix.sum() - 1)
    assert (found.demand.matrix >= 0).all()
    assert found.zones["starting"].sum() == pytest.approx(found.demand.matrix.sum())
    assert found.zones["ending_before"].sum() == pytest.approx(prior.matrix.sum())


def test_one_zone_that_sends_twice_as_much_is_found_by_counts_around_it() -> None:
    road = road_of(network())
    prior = demand_of(trips(scale=0.5), road)
    matrix = prior.matrix.copy()
    matrix[1] *= 2
    volume = assign(road, replace(prior, matrix=matrix), gap=1e-8).volume
    links = [link for link in road.link_ids if link.startswith("M")]
    seen = counters(links, [float(volume[road.place_of_link[each]]) for each in links])
    found = estimate_matrix(road, prior, seen, spreads=Spreads(0.5, 0.1))
    ratio = found.zones["starting"] / found.zones["starting_before"]
    # The diagonal uses no road, so that nothing can be seen of it.
    expected = (matrix[1].sum() - prior.matrix[1, 1]) / prior.matrix[1].sum()
    assert ratio.iloc[1] == pytest.approx(expected, rel=0.12)
    assert ratio.drop(ratio.index[1]).to_numpy() == pytest.approx(1.0, abs=0.12)
    assert "matrix_moved_far" in {each.code for each in found.caveats}


def test_tight_spreads_keep_the_prior_and_counts_choose_their_own() -> None:
    road = road_of(network())
    prior = demand_of(trips(scale=0.6), road)
    volume = assign(road, prior.times(1.5), gap=1e-8).volume
    links = [link for link in road.link_ids if link.startswith("M")]
    seen = counters(links, [float(volume[road.place_of_link[each]]) for each in links])
    tight = estimate_matrix(road, prior, seen, spreads=Spreads(0.001, 0.001, whole=0.001))
    free = estimate_matrix(road, prior, seen)
    assert not tight.chosen
    assert free.chosen
    assert abs(tight.growth) < 0.02 < free.growth
    assert free.after.frame["geh"].mean() < tight.after.frame["geh"].mean()


def test_counters_that_no_trip_passes_are_refused() -> None:
    road = road_of(network())
    prior = demand_of(trips(), road)
    still = Demand(prior.zone_ids, prior.nodes, _one())
    with pytest.raises(TrafficError, match="no trip passes any counter"):
        estimate_matrix(road, still, counters(["M5-M6"], [10.0]))


def _one() -> np.ndarray:
    """Trips from the first zone to the second alone."""
    matrix = np.zeros((6, 6))
    matrix[0, 1] = 10.0
    return matrix


# Trips that no file states


def unstated(**more: object) -> Trips:
    return replace(trips(), matrix=None, trips_per_resident=0.1, mean_minutes=5.8, **more)


def test_trips_are_made_from_population_and_jobs_where_no_file_states_them() -> None:
    made = made_trips(unstated(), network())
    people = trips().zones["population"].to_numpy()
    np.testing.assert_allclose(made.trips.matrix.sum(axis=1), 0.1 * people, rtol=1e-6)
    assert made.estimation is None
    assert [each.code for each in assess(**made_facts(made))] == ["trips_by_gravity"]
    assert made_trips(unstated(), network()) is made  # kept for the same tables
    assert made_facts(made_trips(trips(), network())) == {}


def test_made_trips_are_corrected_by_the_counters_that_are_named() -> None:
    road = road_of(network())
    volume = assign(road, demand_of(made_trips(unstated(), network()).trips, road).times(1.3), gap=1e-8).volume
    links = [link for link in road.link_ids if link.startswith("M")]
    seen = counters(links, [float(volume[road.place_of_link[each]]) for each in links])
    made = made_trips(unstated(counters="loops"), network(), seen)
    assert made.trips.matrix.sum() > 1.05 * made.gravity.matrix.sum()
    assert {"trips_by_gravity", "matrix_undetermined"} <= {each.code for each in assess(**made_facts(made))}


def test_a_zone_whose_people_are_not_known_is_named() -> None:
    zones = trips().zones.assign(population=[1.0, np.nan, 1.0, 1.0, 1.0, 1.0])
    with pytest.raises(TrafficError, match="population or jobs of 1 zone are not known"):
        made_trips(unstated(zones=zones), network())


def test_the_engine_answers_by_trips_that_gravity_made() -> None:
    city = road_city()
    city = replace(city, others={**city.others, "trips": {"morning": replace(unstated(), name="morning")}})
    engine = engines()["traffic"]
    assert engine.applies(city) is None
    about = study_of(city, question=engine.questions[0], draws=100)
    assert case_of(about).demand.matrix.sum() == pytest.approx(0.1 * trips().zones["population"].sum())
    assert "trips_by_gravity" in {each.code for each in engine.evidence(about, moved=(), assumed=()).caveats}
