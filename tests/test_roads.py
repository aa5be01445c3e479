"""Networks that route, trips and counters: what published files become, and what malformed ones are refused or lose for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tiny_city import TOML, write_city

from data import City, open_city
from data.errors import CityFileError, CivicastError, SourceError, TableError
from data.readers import read_rows
from data.tables.roads import connected_zones
from tests.conftest import REAL_DATA

TNTP = REAL_DATA / "benchmarks" / "tntp"
published = pytest.mark.skipif(not TNTP.is_dir(), reason=f"no published networks in {TNTP}")

# Four nodes of which the first two are zones; 1 → 3 → 4 → 2 and back, at the corners of a square of a tenth of a degree.
HEAD = "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 4\n<FIRST THRU NODE> 3\n<NUMBER OF LINKS> 6\n<END OF METADATA>\n\n"
COLUMNS = "~\tinit_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed\ttoll\tlink_type\t;\n"
LINKS = tuple(
    f"\t{a}\t{b}\t{capacity}\t{length}\t{time}\t0.15\t4\t0\t{toll}\t{kind}\t;\n"
    for a, b, capacity, length, time, toll, kind in [
        (1, 3, 1000, 2.5, 3, 0, 1), (3, 4, 900, 2.0, 2, 50, 2), (4, 2, 1000, 1.0, 1, 0, 1),
        (2, 4, 1000, 1.0, 1, 0, 1), (4, 3, 900, 2.0, 2, 50, 2), (3, 1, 1000, 2.5, 3, 0, 1),
    ]
)  # fmt: skip
NODES = "node\tX\tY\t;\n1\t15.05\t50.05\t;\n2\t15.15\t50.05\t;\n3\t15.05\t50.06\t;\n4\t15.15\t50.06\t;\n"
TRIPS = (
    "<NUMBER OF ZONES> 2\n<TOTAL OD FLOW> 6.0\n<END OF METADATA>\n\n~ a comment\n"
    "Origin \t1 \n    1 :      0.0;     2 :     6.0;\n\nOrigin 2\n 1 : 4.5 ;\n"
)
SECTIONS = """
[networks.roads]
source = "net.tntp"
nodes = "node.tntp"
node_crs = "EPSG:4326"

[trips.morning]
source = "trips.tntp"
network = "roads"
areas = "ward"
hours = "7 to 8"

[counters.loops]
source = "loops.csv"
network = "roads"
id = "loop"
link = "link"
volume = "n"
"""


def city(
    folder: Path, *, links: str = "".join(LINKS), nodes: str = NODES, trips: str = TRIPS,
    loops: str = "loop,link,n\n7,3-4,400\n", sections: str = SECTIONS,
) -> City:  # fmt: skip
    """The tiny city with a network, trips and a counter."""
    for name, text in (("net", HEAD + COLUMNS + links), ("node", nodes), ("trips", trips)):
        (folder / f"{name}.tntp").write_text(text, encoding="utf-8")
    return open_city(write_city(folder, toml=TOML + sections, loops=loops))


def published_city(folder: Path, name: str, *, more: str = "", trips: str = "tntp") -> City:
    """The tiny city with a published network."""
    stem = {"Chicago-Sketch": "ChicagoSketch", "Braess-Example": "Braess"}.get(name, name)
    toml = f'{TOML}\n[networks.roads]\nsource = "{TNTP}/{name}/{stem}_net.tntp"\n{more}\n'
    toml += f'[trips.day]\nsource = "{TNTP}/{name}/{stem}_trips.{trips}"\nnetwork = "roads"\nhours = "an hour"\n'
    return open_city(write_city(folder, toml=toml))


# Published networks


@published
@pytest.mark.parametrize(
    ("name", "zones", "nodes", "links", "through", "trips", "suffix"),
    [
        ("SiouxFalls", 24, 24, 76, 24, 360_600.0, "tntp"),
        ("Chicago-Sketch", 387, 933, 2950, 933, 1_260_907.44, "tntp.gz"),
        ("Anaheim", 38, 416, 914, 378, 104_694.40, "tntp"),
        ("Winnipeg", 147, 1052, 2836, 905, 64_784.0, "tntp"),
        ("Braess-Example", 2, 4, 5, 4, 6.0, "tntp"),
    ],
)
def test_published_networks_are_read_whole(
    tmp_path: Path, name: str, zones: int, nodes: int, links: int, through: int, trips: float, suffix: str
) -> None:
    made = published_city(tmp_path, name, trips=suffix)
    network, day = made.networks["roads"], made.of("trips")["day"]
    assert network.routes
    assert (len(day.zones), len(network.nodes), len(network.links), len(network.frame)) == (zones, nodes, links, links)
    assert int(network.nodes["through"].sum()) == through
    assert network.provenance.set_aside == day.provenance.set_aside == {}
    assert day.matrix.sum() == pytest.approx(trips, abs=0.01)
    assert network.links.index.is_unique


@published
def test_units_of_a_published_network_become_ours(tmp_path: Path) -> None:
    feet = 'length_unit = "ft"\nspeed_unit = "ft/min"'
    links = published_city(tmp_path, "Anaheim", more=feet).networks["roads"].links
    first = links.loc["1-117"]  # 5280 ft in 1.090458488 min, at a speed limit of 4842 ft/min
    assert first["length"] == pytest.approx(1.609344)
    assert first["free_speed"] == pytest.approx(4842 * 0.3048 * 60 / 1000)
    assert first["free_time"] == 1.090458488


@published
def test_weights_of_tolls_and_distance_follow_their_units(tmp_path: Path) -> None:
    stated = 'length_unit = "mi"\ntoll_unit = 0.01\ntoll_weight = 0.02\ndistance_weight = 0.04'
    network = published_city(tmp_path, "Chicago-Sketch", more=stated, trips="tntp.gz").networks["roads"]
    rows = read_rows(TNTP / "Chicago-Sketch" / "ChicagoSketch_net.tntp")
    ours = network.toll_weight * network.links["toll"] + network.distance_weight * network.links["length"]
    published_cost = 0.02 * rows["toll"].astype(float) + 0.04 * rows["length"].astype(
        float
    )  # minutes a cent and a mile
    np.testing.assert_allclose(ours, published_cost, rtol=1e-12)


@published
def test_capacities_that_no_road_has_are_told(tmp_path: Path) -> None:
    found = {each.code for each in published_city(tmp_path, "Winnipeg").networks["roads"].findings}
    assert found == {"nodes_without_place", "nominal_capacity"}


# A network that one can check by hand


def test_links_nodes_zones_and_counters_by_hand(tmp_path: Path) -> None:
    made = city(tmp_path)
    network, morning = made.networks["roads"], made.of("trips")["morning"]
    assert network.nodes["through"].tolist() == [False, False, True, True]
    assert network.nodes["zone"].tolist() == ["1", "2", "", ""]
    assert network.links.index.tolist() == ["1-3", "3-4", "4-2", "2-4", "4-3", "3-1"]
    assert network.links["toll"].tolist() == [0, 50, 0, 0, 50, 0]
    assert network.links["free_speed"].tolist() == [50, 60, 60, 60, 60, 50]
    assert network.frame.geometry.length.iloc[1] == pytest.approx(7165, rel=0.01)  # a tenth of a degree at 50° north
    assert network.findings == ()
    assert morning.zones["area_id"].tolist() == ["1", "2"]
    assert morning.matrix.tolist() == [[0, 6.0], [4.5, 0]]
    assert morning.layer == "ward"
    loops = made.of("counters")["loops"].frame
    assert loops.loc["7", ["link_id", "volume"]].tolist() == ["3-4", 400.0]
    assert loops.loc["7", ["longitude", "latitude"]].tolist() == pytest.approx([15.10, 50.06])


def test_without_places_the_network_says_so(tmp_path: Path) -> None:
    sections = SECTIONS.replace('nodes = "node.tntp"\nnode_crs = "EPSG:4326"\n', "")
    made = city(tmp_path, sections=sections)
    network = made.networks["roads"]
    assert network.nodes[["x", "y", "longitude", "latitude"]].isna().all(axis=None)
    assert network.frame.geometry.is_empty.all()
    assert [each.code for each in network.findings] == ["nodes_without_place"]
    assert "node_crs" in network.findings[0].message
    assert made.of("trips")["morning"].zones["area_id"].tolist() == ["", ""]


def test_a_network_elsewhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="far from EPSG:32633"):
        _ = city(tmp_path, nodes=NODES.replace("15.", "-96.")).networks["roads"]


def test_the_fingerprint_is_that_of_the_content(tmp_path: Path) -> None:
    prints = []
    for place, links in enumerate(["".join(LINKS), "".join(LINKS), "".join(LINKS).replace("900", "901")]):
        folder = tmp_path / str(place)
        folder.mkdir()
        prints.append(city(folder, links=links).networks["roads"].provenance.fingerprint)
    assert prints[0] == prints[1] != prints[2]


# Malformed networks


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (LINKS[1], LINKS[1].replace("\t900\t", "\t0\t"), "no_capacity"),
        (LINKS[1], LINKS[1].replace("\t900\t", "\t-9\t"), "no_capacity"),
        (LINKS[1], LINKS[1].replace("\t900\t", "\tmany\t"), "capacity_unknown"),
        (LINKS[1], LINKS[1].replace("\t2\t0.15", "\t-2\t0.15"), "negative_time"),
        (LINKS[1], LINKS[1].replace("\t2\t0.15", "\tfast\t0.15"), "time_unknown"),
        (LINKS[1], LINKS[1].replace("\t2.0\t", "\t-2.0\t"), "negative_amount"),
        (LINKS[1], LINKS[1] + LINKS[1], "duplicate_link"),
        (LINKS[1], LINKS[1].replace("\t4\t", "\t5\t", 1), "unknown_node"),
        (LINKS[1], LINKS[1].replace("\t4\t", "\t3\t", 1), "loop"),
    ],
)
def test_links_that_cannot_be_driven_are_set_aside_and_counted(tmp_path: Path, old: str, new: str, reason: str) -> None:
    network = city(tmp_path, links="".join(LINKS).replace(old, new)).networks["roads"]
    assert network.provenance.set_aside == {reason: 1}
    told = [each.message for each in network.findings if each.code == "rows_set_aside"]
    assert len(told) == 1
    assert "\n" not in told[0]
    assert "[networks.roads]" in told[0]
    assert len(network.links) == len(network.frame) == (6 if reason == "duplicate_link" else 5)


def test_a_capacity_of_zero_throughout_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="6 of 6 links have a capacity of 0 or less"):
        _ = city(tmp_path, links="".join(LINKS).replace("\t1000\t", "\t0\t").replace("\t900\t", "\t0\t")).networks[
            "roads"
        ]


@pytest.mark.parametrize(
    ("left_out", "code", "nodes"),
    [
        ([3], "one_way_trap", ["2"]),  # no way out of 2
        ([2], "no_way_in", ["2"]),
        ([2, 3], None, []),  # 2 has no link at all, and so is no part of the network
        ([1, 4], "apart", ["2", "4"]),
    ],
)
def test_traps_and_islands_are_told(tmp_path: Path, left_out: list[int], code: str | None, nodes: list[str]) -> None:
    links = "".join(each for place, each in enumerate(LINKS) if place not in left_out)
    found = [each for each in city(tmp_path, links=links).networks["roads"].findings if each.code != "rows_set_aside"]
    assert [each.code for each in found] == ([code] if code else [])
    if code:
        assert found[0].evidence["nodes"] == nodes
        assert "\n" not in found[0].message


def test_trips_without_a_way_are_set_aside(tmp_path: Path) -> None:
    links = "".join(LINKS[:3] + LINKS[4:])  # nothing leaves zone 2
    morning = city(tmp_path, links=links).of("trips")["morning"]
    assert morning.provenance.set_aside == {"no_way": 1}
    assert morning.matrix.tolist() == [[0, 6.0], [0, 0]]


def test_no_way_leads_through_a_zone_that_is_closed_to_through_traffic(tmp_path: Path) -> None:
    network = city(tmp_path).networks["roads"]
    links, nodes = network.links, network.nodes
    assert connected_zones(links, nodes, ["1", "2"]).all()
    closed = nodes.assign(through=[False, False, False, True])  # the way from 1 to 2 passes 3
    assert connected_zones(links, closed, ["1", "2"]).tolist() == [[True, False], [False, True]]
    assert connected_zones(links, closed, ["3", "2"]).all()  # from 3 itself there is one


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("2 :     6.0;", "2 : 6.0; 3 : 1.0;", "unknown_zone"),
        ("2 :     6.0;", "2 : 6.0; 2 : 1.0;", "duplicate_pair"),
        ("1 :      0.0;", "1 : -1.0;", "negative_trips"),
        ("1 :      0.0;", "1 : many;", "not_a_number"),
    ],
)
def test_rows_of_a_matrix_that_cannot_be_used_are_set_aside(tmp_path: Path, old: str, new: str, reason: str) -> None:
    morning = city(tmp_path, trips=TRIPS.replace(old, new)).of("trips")["morning"]
    assert morning.provenance.set_aside == {reason: 1}
    assert morning.matrix.tolist() == [[0, 6.0], [4.5, 0]]


def test_a_matrix_of_another_network_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="name zones that the network does not have"):
        _ = city(tmp_path, trips="Origin 8\n 9 : 1.0;\n").of("trips")["morning"]


def test_a_counter_of_an_unknown_link_is_set_aside(tmp_path: Path) -> None:
    loops = "loop,link,n\n7,3-4,400\n8,3-5,9\n9,4-3,-9\n9,4-3,5\n6,1-3,7\n5,4-2,x\n4,2-4,1\n3,3-1,1\n"
    found = city(tmp_path, loops=loops).of("counters")["loops"]
    assert found.frame.index.tolist() == ["7", "6", "4", "3"]
    assert found.provenance.set_aside == {"duplicate": 1, "unknown_link": 1, "not_a_number": 1, "negative": 1}


def test_trips_may_be_left_to_population_and_jobs(tmp_path: Path) -> None:
    stated = 'trips_per_resident = 0.1\nmean_minutes = 9\ncounters = "loops"\n'
    zones = '\n[trips.morning.zones]\nsource = "z.csv"\nid = "z"\npopulation = "p"\njobs = "j"\n\n[counters'
    sections = SECTIONS.replace('source = "trips.tntp"\n', stated).replace("\n[counters", zones)
    (tmp_path / "z.csv").write_text("z,p,j\n1,100,20\n2,50,\n3,5,5\n", encoding="utf-8")
    morning = city(tmp_path, sections=sections).of("trips")["morning"]
    assert morning.matrix is None
    assert (morning.trips_per_resident, morning.mean_minutes, morning.counters) == (0.1, 9.0, "loops")
    assert morning.zones["population"].tolist() == [100, 50]
    assert morning.zones["node_id"].tolist() == ["1", "2"]
    assert np.isnan(morning.zones["jobs"].iloc[1])
    assert morning.provenance.set_aside == {"unknown_node": 1}  # the network has no zone 3


# Sections that do not fit


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'network = "roads"\nareas',
            'network = "rails"\nareas',
            "names the network “rails”, but the networks are roads",
        ),
        ('areas = "ward"', 'areas = "parish"', "names the layer “parish”, but the layers are ward"),
        ('hours = "7 to 8"', 'hours = "7 to 8"\nscale = 0', "scale is 0, but must be above 0"),
        ('source = "trips.tntp"\n', "", "lacks the key “trips_per_resident”"),
        ('source = "trips.tntp"\n', "trips_per_resident = 0.1\nmean_minutes = 9\n", "names no file of trips"),
        (
            'source = "trips.tntp"\n',
            "trips_per_resident = 0.1\nmean_minutes = 0\n",
            "mean_minutes is 0, but must be above 0",
        ),
        (
            'hours = "7 to 8"',
            'hours = "7 to 8"\ncounters = "cameras"',
            "names the counters “cameras”, but the counters are loops",
        ),
        ('source = "trips.tntp"\n', 'source = "trips.csv"\n', "lacks the key “from_zone”"),
        ('node_crs = "EPSG:4326"', 'node_crs = "EPSG:1"', "node_crs is “EPSG:1”, which is no projection"),
        (
            'node_crs = "EPSG:4326"',
            'node_crs = "EPSG:4326"\ntoll_weight = -1',
            "toll_weight is −1, but must be 0 or more",
        ),
        ('node_crs = "EPSG:4326"', 'node_crs = "EPSG:4326"\ntoll_unit = 0', "toll_unit is 0, but must be above 0"),
        ('node_crs = "EPSG:4326"', 'node_crs = "EPSG:4326"\nlength_unit = "league"', "must be one of km, m, mi and ft"),
        ('link = "link"\n', "", "either by “link” or by “from_node” and “to_node”"),
        ('link = "link"\n', 'from_node = "a"\n', "lacks the key “to_node”"),
    ],
)
def test_a_section_that_does_not_fit_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(CityFileError, match=message) as refused:
        city(tmp_path, sections=SECTIONS.replace(old, new))
    assert "\n" not in str(refused.value)


def test_lines_alone_carry_no_trips(tmp_path: Path) -> None:
    sections = SECTIONS.replace(
        'source = "net.tntp"\nnodes = "node.tntp"\nnode_crs = "EPSG:4326"', 'source = "s.geojson"'
    )
    line = '{"type": "LineString", "coordinates": [[15.05, 50.05], [15.06, 50.05]]}'
    (tmp_path / "s.geojson").write_text(
        f'{{"features": [{{"type": "Feature", "properties": {{}}, "geometry": {line}}}]}}'
    )
    with pytest.raises(TableError, match="needs a network that routes, but “roads” has only lines"):
        _ = city(tmp_path, sections=sections).of("trips")["morning"]


# Files


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        (HEAD + COLUMNS, "is empty"),
        (HEAD + COLUMNS + "\t1\t2\t3\t;\n", r"lines 8 do not have 10 values"),
        ("Origin 1\n 2 : 1.0; three\n", "line 2 is no trips"),
        ("2 : 1.0;\nOrigin 1\n", "line 1 is no trips"),
        (HEAD + "~ a a\n 1 2 ;\n", "each by its own name"),
    ],
)
def test_a_file_that_is_no_tntp_is_refused_by_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "x.tntp"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=message) as refused:
        read_rows(path)
    assert "x.tntp" in str(refused.value)


def test_numbers_that_the_file_does_not_state_are_asked_for(tmp_path: Path) -> None:
    made = city(tmp_path)
    (tmp_path / "net.tntp").write_text(COLUMNS + "".join(LINKS), encoding="utf-8")
    with pytest.raises(CivicastError, match="does not state “NUMBER OF ZONES”"):
        _ = made.networks["roads"]


def test_what_a_file_states_of_itself_stays_with_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "x.tntp"
    path.write_text(HEAD + "".join(LINKS), encoding="utf-8")  # without a header the columns are those of the format
    table = read_rows(path)
    assert table.attrs["first_thru_node"] == "3"
    assert table["init_node"].tolist() == ["1", "3", "4", "2", "4", "3"]
