"""Networks from GMNS tables and from lines joined at their ends, and the zipped Shapefiles that lines may be in."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapefile
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer
from tiny_city import TOML, write_city

from data import Network, open_city
from data.errors import CityFileError, SourceError, TableError
from data.readers import LINES, read_shapes
from data.readers.shapefile import read_shapefile
from data.readers.tntp import read_tntp

# Metres east and north of a corner of the tiny city, in its projection, as degrees.
DEGREES = Transformer.from_crs("EPSG:32633", "EPSG:4326", always_xy=True)
CORNER = (505_000.0, 5_545_000.0)


def degrees(x: float, y: float) -> list[float]:
    return list(DEGREES.transform(CORNER[0] + x, CORNER[1] + y))


def opened(folder: Path, section: str, **files: str) -> Network:
    return open_city(write_city(folder, toml=f"{TOML}\n[networks.roads]\n{section}\n", **files)).networks["roads"]


# GMNS

NODES = "node_id,x_coord,y_coord,zone_id,node_type\n" + "".join(
    f"{name},{degrees(x, y)[0]},{degrees(x, y)[1]},{zone},{kind}\n"
    for name, x, y, zone, kind in [
        ("a", 0, 0, "1", "centroid"), ("b", 1000, 0, "1", ""), ("c", 2000, 0, "2", ""), ("d", 2000, 1000, "0", ""),
    ]
)  # fmt: skip
CORNERS = ((2000, 1000), (1500, 500), (1000, 0))
WKT = f"LINESTRING ({', '.join(' '.join(map(str, degrees(*each))) for each in CORNERS)})"
LINKS = (
    "link_id,name,from_node_id,to_node_id,directed,length,facility_type,capacity,free_speed,lanes,geometry\n"
    '1,Entry,a,b,1,1.0,connector,900,60,1,\n'
    '2,High Street,b,c,false,1.2,arterial,800,48,2,\n'
    f'3,Side Street,b,d,0,,street,700,40,1,"{WKT}"\n'
)  # fmt: skip
GMNS = 'source = "link.csv"\nnodes = "node.csv"\n'


def test_gmns_links_by_hand(tmp_path: Path) -> None:
    network = opened(tmp_path, GMNS, link=LINKS, node=NODES)
    links = network.links
    assert links.index.tolist() == ["1", "2", "2r", "3", "3r"]
    assert links["from_node"].tolist() == ["a", "b", "c", "b", "d"]
    assert links["to_node"].tolist() == ["b", "c", "b", "d", "b"]
    assert links["capacity"].tolist() == [900, 1600, 1600, 700, 700]  # stated a lane
    assert links["free_time"].tolist()[:3] == [1.0, 1.5, 1.5]
    assert links["length"].iloc[3] == pytest.approx(np.sqrt(2), rel=1e-3)  # that of its line
    assert links["kind"].tolist() == ["connector", "arterial", "arterial", "street", "street"]
    assert links["name"].iloc[1] == "High Street"
    assert (links["b"] == 0.15).all()
    assert (links["power"] == 4).all()
    nodes = network.nodes
    assert nodes["through"].tolist() == [False, True, True, True]
    assert nodes["zone"].tolist() == ["1", "", "2", ""]  # of two nodes of zone 1 the centroid
    assert network.provenance.rows_read == 3
    assert {each.code for each in network.findings} == {"usual_cost", "zone_nodes", "no_way_in"}  # nothing leads to a
    assert all("\n" not in each.message for each in network.findings)


def test_lines_of_gmns_run_as_their_links_do(tmp_path: Path) -> None:
    network = opened(tmp_path, GMNS, link=LINKS, node=NODES)
    lines, nodes = network.frame.geometry, network.nodes
    for place, (start, end) in enumerate(zip(network.links["from_node"], network.links["to_node"], strict=True)):
        assert lines.iloc[place].coords[0] == pytest.approx(tuple(nodes.loc[start, ["x", "y"]]), abs=0.01)
        assert lines.iloc[place].coords[-1] == pytest.approx(tuple(nodes.loc[end, ["x", "y"]]), abs=0.01)
    assert len(lines.iloc[3].coords) == 3  # the file has it from d to b


def test_names_of_columns_may_be_the_citys_own(tmp_path: Path) -> None:
    renamed = LINKS.replace("free_speed", "limit").replace("lanes", "width")
    section = GMNS + 'columns = { speed = "limit", lanes = "width" }\ncapacity_per_lane = false\nspeed_unit = "mph"\n'
    links = opened(tmp_path, section, link=renamed, node=NODES).links
    assert links["free_speed"].tolist()[:2] == pytest.approx([60 * 1.609344, 48 * 1.609344])
    assert links["capacity"].tolist()[:2] == [900, 800]


def test_a_capacity_that_is_not_stated_is_taken_from_lanes_and_told(tmp_path: Path) -> None:
    bare = LINKS.replace(",800,48,", ",,48,")
    network = opened(tmp_path, GMNS + "lane_capacity = 850\n", link=bare, node=NODES)
    assert network.links.loc["2", "capacity"] == 1700
    taken = next(each for each in network.findings if each.code == "capacity_assumed")
    assert taken.message.startswith("[networks.roads]: 1 of 3 links state no capacity: 850")
    other = opened(tmp_path, GMNS, link=bare, node=NODES)
    assert other.provenance.set_aside == {"capacity_unknown": 2}


def test_a_node_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="the nodes a stand more than once"):
        opened(tmp_path, GMNS, link=LINKS, node=NODES + NODES.splitlines()[1] + "\n")


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ('source = "link.csv"', "names a table of links, and no table of nodes"),
        (GMNS + "join = 5", "“join” is for lines"),
        (GMNS + "lane_capacity = 0", "lane_capacity is 0, but must be above 0"),
        (GMNS + 'columns = { colour = "x" }', "columns has the name “colour”, but the names are id, from_node"),
    ],
)
def test_keys_that_do_not_fit_are_refused(tmp_path: Path, section: str, message: str) -> None:
    with pytest.raises(CityFileError, match=message):
        opened(tmp_path, section, link=LINKS, node=NODES)


def test_a_column_that_is_named_and_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="has no column “price”"):
        opened(tmp_path, GMNS + 'columns = { toll = "price" }', link=LINKS, node=NODES)


# Lines joined at their ends


def lines(*shapes: tuple[dict[str, Any], list[tuple[float, float]]]) -> str:
    features = [
        {
            "type": "Feature",
            "properties": about,
            "geometry": {"type": "LineString", "coordinates": [degrees(*each) for each in line]},
        }
        for about, line in shapes
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


JOINED = 'source = "s.geojson"\njoin = 10\nforward = { oneway = ["yes"] }\nbackward = { oneway = ["-1"] }\n'
JOINED += 'columns = { capacity = "cap", speed = "limit" }\n'
ABOUT = {"cap": 900, "limit": 60, "oneway": "no"}
# A long street, one that ends into its middle, one way, one that begins 6 m from its end, and one that only crosses it.
STREETS = (
    (ABOUT, [(0, 0), (2000, 0)]),
    (ABOUT | {"oneway": "yes"}, [(500, 1000), (500, 4)]),
    (ABOUT | {"oneway": "-1"}, [(2006, 0), (3000, 0)]),
    (ABOUT, [(1000, -500), (1000, 500)]),
)


def test_lines_are_joined_at_their_ends_and_where_one_ends_into_another(tmp_path: Path) -> None:
    network = opened(tmp_path, JOINED, s=lines(*STREETS))
    links = network.links
    assert links.index.tolist() == ["1.1", "1.1r", "1.2", "1.2r", "2", "3", "4", "4r"]
    assert links["length"].tolist() == pytest.approx([0.5, 0.5, 1.5, 1.5, 0.996, 0.994, 1, 1], abs=2e-3)
    assert links.loc["1.2", "free_time"] == pytest.approx(1.5, abs=2e-3)  # a kilometre a minute
    assert links.loc["1.1", "to_node"] == links.loc["1.2", "from_node"] == links.loc["2", "to_node"]
    assert links.loc["3", "to_node"] == links.loc["1.2", "to_node"]  # against the line
    assert links.loc["4", "from_node"] not in set(links["from_node"].iloc[:6])
    said = {each.code: each.evidence for each in network.findings}
    assert said["dangling_ends"]["ends"] == 5  # both of the crossing street, and three far ones
    assert said["parts_of_network"]["parts"] == 2
    assert said["parts_of_network"]["share"] == pytest.approx(0.8, abs=0.01)
    assert said["apart"]["count"] == 2
    for place, start in enumerate(links["from_node"]):
        begin = np.array(network.frame.geometry.iloc[place].coords[0])
        assert np.hypot(*(begin - network.nodes.loc[start, ["x", "y"]].to_numpy(float))) < 10


def test_the_tolerance_decides_what_is_joined(tmp_path: Path) -> None:
    tight = opened(tmp_path, JOINED.replace("join = 10", "join = 5"), s=lines(*STREETS))
    assert next(each for each in tight.findings if each.code == "parts_of_network").evidence["parts"] == 3
    assert tight.provenance.fingerprint != opened(tmp_path, JOINED, s=lines(*STREETS)).provenance.fingerprint


def test_without_join_lines_stay_lines(tmp_path: Path) -> None:
    network = opened(tmp_path, 'source = "s.geojson"', s=lines(*STREETS))
    assert not network.routes
    assert len(network.frame) == 4


def test_rows_with_the_degrees_of_their_ends_are_lines(tmp_path: Path) -> None:
    section = 'source = "s.csv"\njoin = 10\nforward = { way = ["*"] }\n'
    ends = 'from_longitude = "a", from_latitude = "b", to_longitude = "c", to_latitude = "d"'
    section += f'columns = {{ {ends}, capacity = "n", speed = "v" }}\n'
    rows = [[*degrees(0, 0), *degrees(1000, 0), 900, 60], [*degrees(1005, 0), *degrees(2000, 0), 900, 30]]
    text = "a,b,c,d,n,v,way\n" + "".join(f"{','.join(map(str, row))},EB\n" for row in rows)
    links = opened(tmp_path, section, s=text).links
    assert links.index.tolist() == ["1", "2"]
    assert links["to_node"].iloc[0] == links["from_node"].iloc[1]
    with pytest.raises(TableError, match="rows 2 do not state the degrees of both ends"):
        opened(tmp_path, section, s=text.replace(str(rows[1][0]), ""))


# Shapefiles


def zipped(
    path: Path, *, crs: str | None = "EPSG:32633", names: tuple[str, ...] = ("streets",), cut: int | None = None
) -> Path:
    """Two lines in metres as a Shapefile in a zip."""
    with zipfile.ZipFile(path, "w") as packed:
        for name in names:
            parts = {end: io.BytesIO() for end in ("shp", "shx", "dbf")}
            with shapefile.Writer(**parts, shapeType=shapefile.POLYLINE) as writer:
                writer.field("name", "C")
                for number, (x, y) in enumerate([(0, 1000), (1000, 2000)]):
                    writer.line([[(CORNER[0] + x, CORNER[1]), (CORNER[0] + y, CORNER[1])]])
                    writer.record(name=f"Straße {number}")
            for end, content in parts.items():
                packed.writestr(f"data/{name}.{end}", content.getvalue()[:cut])
            if crs is not None:
                packed.writestr(f"data/{name}.prj", CRS.from_user_input(crs).to_wkt("WKT1_ESRI"))
        packed.writestr("data/readme.txt", "not read")
    return path


def test_a_zipped_shapefile_is_read_in_degrees(tmp_path: Path) -> None:
    frame = read_shapes(zipped(tmp_path / "x.zip"), shapes=LINES)
    assert frame["name"].tolist() == ["Straße 0", "Straße 1"]
    assert frame.geometry.iloc[0].coords[0] == pytest.approx(degrees(0, 0), abs=1e-9)
    assert frame.crs == "EPSG:4326"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"crs": None}, "does not say in which projection it is"),
        ({"names": ()}, "must hold one Shapefile, but has none"),
        ({"names": ("a", "b")}, "must hold one Shapefile, but has data/a.shp and data/b.shp"),
        ({"cut": 60}, "cannot be read"),
    ],
)
def test_a_zip_that_is_no_whole_shapefile_is_refused(tmp_path: Path, more: dict[str, Any], message: str) -> None:
    with pytest.raises(SourceError, match=message) as refused:
        read_shapes(zipped(tmp_path / "x.zip", **more), shapes=LINES)
    assert "\n" not in str(refused.value)


def test_a_bare_shapefile_and_a_damaged_zip_are_refused(tmp_path: Path) -> None:
    for name, message in (("x.shp", "put its .shp, .shx, .dbf and .prj into a zip"), ("x.zip", "cannot be read")):
        (tmp_path / name).write_bytes(b"PK\x03\x04 and nothing")
        with pytest.raises(SourceError, match=message):
            read_shapes(tmp_path / name, shapes=LINES)


def test_a_shapefile_that_expands_without_end_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w", compression=zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("x.shp", b"\0" * (32 << 20))
    with pytest.raises(SourceError, match="expands over 100 times"):
        read_shapes(tmp_path / "x.zip", shapes=LINES)


# Hostile bytes: whatever is in a file, it is read or refused in one sentence


@settings(max_examples=150)
@given(text=st.text(st.sampled_from("<>~:; \t\n0123456789.aOrigin"), max_size=120))
def test_any_text_is_a_table_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("tntp") / "x.tntp"
    path.write_text(text, encoding="utf-8")
    try:
        assert read_tntp(str(path)).num_columns >= 1
    except SourceError as refused:
        told = str(refused)
    else:
        told = ""
    assert "\n" not in told


@settings(max_examples=60)
@given(place=st.floats(0, 1), byte=st.integers(0, 255), end=st.sampled_from(["shp", "shx", "dbf", "prj"]))
def test_a_damaged_shapefile_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, place: float, byte: int, end: str
) -> None:
    folder = tmp_path_factory.mktemp("shapes")
    with zipfile.ZipFile(zipped(folder / "whole.zip")) as whole, zipfile.ZipFile(folder / "x.zip", "w") as damaged:
        for name in whole.namelist():
            content = bytearray(whole.read(name))
            if name.endswith(end):
                content[int(place * (len(content) - 1))] = byte
            damaged.writestr(name, bytes(content))
    try:
        assert len(read_shapefile(str(folder / "x.zip"))) <= 2
    except SourceError as refused:
        told = str(refused)
    else:
        told = ""
    assert "\n" not in told
