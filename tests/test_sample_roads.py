"""Meridian's roads: a whole network, trips whose planted volumes are an equilibrium, and counters that tell of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from analytics.traffic import assign, demand_of, relative_gap, road_of
from analytics.traffic.picture import geh
from data import City
from data.sample import morning_of_meridian, roads_of_meridian
from data.sample.counted import DAY_NOISE, DAYS, NEAR, counts_of
from data.tables.usual import DayHours, usual_counts


def test_the_network_is_whole_and_of_the_size_of_a_city(meridian: City) -> None:
    network = meridian.networks["roads"]
    assert network.routes
    assert network.findings == ()  # no trap, nothing apart, every node on the map
    assert network.provenance.set_aside == {}
    assert network.provenance.synthetic
    assert (len(meridian.of("trips")["morning"].zones), len(network.nodes), len(network.links)) == (60, 200, 718)
    assert (network.links["kind"] == "bridge").sum() == 14  # seven, each way
    assert not network.drawn
    assert meridian.streets is None  # its lines are no map of streets


def test_bridges_alone_cross_the_river_beside_the_ring_road() -> None:
    from shapely import LineString

    from data.sample.plan import plan_of_meridian

    plan = roads_of_meridian()
    river = plan_of_meridian().river
    for kind, links in plan.links.groupby("kind"):
        lines = [
            LineString([plan.nodes.loc[a, ["x", "y"]], plan.nodes.loc[b, ["x", "y"]]])
            for a, b in links.iloc[:, :2].to_numpy()
        ]
        crossing = sum(line.crosses(river) for line in lines)
        assert crossing == {"bridge": 14, "expressway": 4}.get(str(kind), 0), kind


def test_the_planted_volumes_are_an_equilibrium_of_the_planted_trips(meridian: City) -> None:
    road, volume = road_of(meridian.networks["roads"]), morning_of_meridian().volume.to_numpy()
    demand = demand_of(meridian.of("trips")["morning"], road)
    assert abs(relative_gap(road, demand, volume)) < 1e-13
    time = morning_of_meridian().time
    np.testing.assert_allclose(road.time(volume), time, rtol=1e-12)
    assert time.to_numpy() * 10 == pytest.approx(np.rint(time.to_numpy() * 10))  # whole units of six seconds
    for node in np.setdiff1d(np.arange(len(road.node_ids)), demand.nodes):  # what comes to a crossing leaves it
        assert volume[road.head == node].sum() == pytest.approx(volume[road.tail == node].sum(), rel=1e-9)


def test_an_assignment_finds_the_planted_volumes(meridian: City) -> None:
    road, planted = road_of(meridian.networks["roads"]), morning_of_meridian().volume.to_numpy()
    found = assign(road, demand_of(meridian.of("trips")["morning"], road), gap=1e-7)
    assert found.gap <= 1e-7
    assert np.abs(found.volume - planted).sum() / planted.sum() < 1e-4


def test_congestion_is_that_of_a_city(meridian: City) -> None:
    morning, links = morning_of_meridian(), roads_of_meridian().links
    load = (morning.volume / links["capacity"])[links["kind"] != "connector"]
    assert 0.3 < load.mean() < 0.7
    assert 1.2 < load.max() < 1.7
    speed = 60 * links["length"] / morning.free_time
    assert (0.65 * links["speed"] < speed).all()
    assert (speed < 1.5 * links["speed"]).all()
    assert morning.matrix.to_numpy().sum() == pytest.approx(0.105 * 627_029, rel=1e-3)
    assert (np.diag(morning.matrix) == 0).all()


def test_junctions_are_crossings_of_streets_and_the_corridor_is_one(meridian: City) -> None:
    plan = roads_of_meridian()
    streets = plan.links[plan.links["kind"] != "connector"]
    assert len(set(plan.junctions)) == 12
    assert all((streets["from_node"] == each).sum() >= 3 for each in plan.junctions)
    x = plan.nodes.loc[list(plan.corridor), "x"]
    assert x.is_monotonic_increasing
    names = [streets.loc[f"{a}-{b}", "name"] for a, b in zip(plan.corridor, plan.corridor[1:], strict=False)]
    assert names == ["Guild Street"] * 5


def test_counters_stand_on_a_part_of_the_links_and_some_are_those_of_the_series(meridian: City) -> None:
    counters, volume = meridian.of("counters")["roads"], morning_of_meridian().volume
    frame = counters.frame
    assert counters.provenance.set_aside == {}
    assert frame["link_id"].is_unique
    assert not (roads_of_meridian().links.loc[frame["link_id"], "kind"] == "connector").any()
    true = volume[frame["link_id"]].to_numpy()
    geh = np.sqrt(2 * (frame["volume"] - true) ** 2 / np.maximum(frame["volume"] + true, 1))
    assert 0.2 < geh.median() < 1.5
    tied = [each for each in frame.index if each in meridian.areas["neighbourhood"].frame.index]
    assert len(tied) >= 10
    assert (geh[tied] <= NEAR + 0.1).all()
    values = meridian.series["traffic_counts"].values
    seen = values.loc[(values.index.hour == 8) & (values.index.day_of_week < 5)].mean()
    for area in tied:
        assert float(seen.xs(area, level="area_id").iloc[0]) == pytest.approx(frame.loc[area, "volume"], rel=0.1)


def test_the_series_usually_counts_at_eight_what_is_planted(meridian: City) -> None:
    series, frame = meridian.series["traffic_counts"], meridian.of("counters")["roads"].frame
    usual = usual_counts(series, DayHours(8, 9, (0, 1, 2, 3, 4)), weeks=8)
    tied = [each for each in frame.index if each in usual.index]
    apart = geh(usual.loc[tied, "volume"], frame.loc[tied, "volume"])
    assert (apart <= 5).all()
    assert (usual.loc[tied, "days"] >= 35).all()
    assert (usual.loc[tied, "days"] <= 40).all()
    night = usual_counts(series, DayHours(3, 4, (0, 1, 2, 3, 4)), weeks=8)
    assert (geh(night.loc[tied, "volume"], frame.loc[tied, "volume"]) > 5).mean() > 0.8


def test_counts_stray_as_much_as_they_say() -> None:
    volume = np.full(4000, 900.0)
    ratio = counts_of(volume, "test") / volume
    expected = np.sqrt((DAY_NOISE**2 + 1 / 900) / DAYS)
    assert ratio.std() == pytest.approx(expected, rel=0.1)
    assert ratio.mean() == pytest.approx(1.0, abs=0.01)


def test_the_truth_is_told(sample_files: Path) -> None:
    told = json.loads((sample_files / "truth.json").read_text(encoding="utf-8"))["roads"]
    assert told["corridor"] == list(roads_of_meridian().corridor)
    assert told["volume"] == morning_of_meridian().volume.round(3).to_dict()


def test_where_the_trips_come_from_is_told(meridian: City) -> None:
    for kind in ("networks", "trips", "counters"):
        for table in meridian.of(kind).values():
            assert "imaginary" in str(table.provenance.origin)
