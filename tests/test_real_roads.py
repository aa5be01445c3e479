"""Real networks: Chicago's where its city lies, and Anaheim's lines joined at their ends into the network that they came from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from data import City, open_city
from data.readers import read_rows
from tests.conftest import REAL_DATA
from tests.tiny_city import TOML, write_city

ANAHEIM = REAL_DATA / "benchmarks" / "tntp" / "Anaheim"
LAKE = 1_500.0  # metres: a zone of the sketch is some three kilometres wide


def test_the_region_of_chicago_is_read_whole_and_for_research_only(chicago: City) -> None:
    network, trips = chicago.networks["region"], chicago.of("trips")["region"]
    assert (len(network.nodes), len(network.links), len(trips.zones)) == (933, 2950, 387)
    for table in (network, trips):
        assert not table.provenance.redistributable
        assert table.provenance.set_aside == {}
    assert {each.code for each in network.findings} == set()
    assert trips.matrix.sum() == pytest.approx(1_260_907.44, abs=0.01)


def test_its_roads_follow_the_shore(chicago: City) -> None:
    """In the latitudes of the city no node lies out on the lake, and some lie along its whole shore."""
    city = chicago.areas["community"].frame.union_all()
    west, south, east, north = city.bounds
    nodes = chicago.networks["region"].nodes
    near = nodes[nodes["y"].between(south, north)]
    shore = []
    for low in np.arange(south + 3000, north - 3000, 3000):
        band = near[near["y"].between(low, low + 3000)]
        edge = city.intersection(shapely.box(west, low, east, low + 3000)).bounds[2]
        if low > 570_000 and len(band):  # south of it the region goes on into Indiana
            shore.append(band["x"].max() - edge)
    assert max(shore) < LAKE
    assert np.median(np.abs(shore)) < LAKE


def test_trips_go_where_the_jobs_of_todays_areas_are(chicago: City, real_data: Path) -> None:
    """Of jobs and households of 2019 by subzone; moved back to the places that are stated, the two hardly go together."""
    trips = chicago.of("trips")["region"]
    own = trips.zones["area_id"] != ""
    assert own.sum() == pytest.approx(36, abs=2)
    found = pd.Series(trips.matrix.sum(axis=0), trips.zones.index)[own].groupby(trips.zones["area_id"]).sum()
    jobs = chicago.drivers["jobs"].values.iloc[-1].droplevel("category")
    both = pd.concat([np.log(found), np.log(jobs)], axis=1, join="inner")
    assert both.corr().iloc[0, 1] > 0.45


def test_arterial_segments_have_the_speeds_of_their_buses(chicago: City) -> None:
    arterials = chicago.networks["arterials"]
    assert not arterials.routes
    assert arterials.provenance.rows_read == 1257
    frame = arterials.frame
    assert frame["speed"].isna().sum() == 555
    assert 15 < frame["speed"].median() < 50
    assert frame.geometry.length.sum() / 1609.344 == pytest.approx(685, rel=0.02)
    assert chicago.streets is arterials


@pytest.mark.skipif(not ANAHEIM.is_dir(), reason=f"no published networks in {ANAHEIM}")
def test_lines_joined_at_their_ends_are_the_network_that_they_were_drawn_from(tmp_path: Path) -> None:
    toml = TOML.replace("EPSG:32633", "EPSG:26911").replace("Europe/Prague", "America/Los_Angeles")
    toml += f'\n[networks.roads]\nsource = "{ANAHEIM}/anaheim.geojson"\njoin = 1\nlength_unit = "ft"\nspeed_unit = "ft/min"\n'
    toml += 'forward = { link_type = ["*"] }\n[networks.roads.columns]\ncapacity = "capacity"\nlength = "length"\n'
    toml += 'free_time = "free_flow_time"\nb = "b"\npower = "power"\nspeed = "speed"\nkind = "link_type"\n'
    joined = open_city(write_city(tmp_path, toml=toml)).networks["roads"]
    published = read_rows(ANAHEIM / "Anaheim_net.tntp")
    assert len(joined.links) == len(published) == 914
    assert len(joined.nodes) == 416
    assert joined.links["capacity"].tolist() == published["capacity"].astype(float).tolist()
    # One node of ours for each of theirs, at every end of every link.
    pairs = {
        pair
        for ours, theirs in (("from_node", "init_node"), ("to_node", "term_node"))
        for pair in zip(joined.links[ours], published[theirs], strict=True)
    }
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs}) == 416
