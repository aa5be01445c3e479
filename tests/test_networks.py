"""Street networks of a city.toml: lines in metres, several parts as several lines, anything else refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from analytics.hotspots import cells_over
from data import City, open_city
from data.errors import CivicastError, SourceError, TableError
from tests.tiny_city import TOML, geojson, square, write_city

SECTION = '\n[networks.streets]\nsource = "streets.geojson"\ntitle = "Streets of Tiny"\n'
# Along 50.05° N a hundredth of a degree is some 716 m.
ACROSS = {"type": "LineString", "coordinates": [[15.05, 50.05], [15.06, 50.05]]}
BROKEN_UP = {
    "type": "MultiLineString",
    "coordinates": [[[15.05, 50.06], [15.06, 50.06]], [[15.15, 50.06], [15.16, 50.06]]],
}
POINTLESS = {"type": "LineString", "coordinates": [[15.05, 50.05], [15.05, 50.05]]}


def opened(folder: Path, *shapes: dict) -> City:
    return open_city(write_city(folder, toml=TOML + SECTION, streets=lines(shapes))).opened()


def lines(shapes: Sequence[dict]) -> str:
    return geojson([({}, shape) for shape in shapes])


def test_lines_are_read_in_metres_and_parts_are_lines_of_their_own(tmp_path: Path) -> None:
    network = opened(tmp_path, ACROSS, BROKEN_UP, POINTLESS).networks["streets"]
    assert network.title == "Streets of Tiny"
    assert network.frame.crs == "EPSG:32633"
    assert network.frame.geometry.geom_type.tolist() == ["LineString"] * 3
    assert network.frame.geometry.length.tolist() == pytest.approx([716, 716, 716], rel=0.01)


def test_the_city_carries_its_network_and_its_origin(tmp_path: Path) -> None:
    city = opened(tmp_path, ACROSS)
    assert "streets" in city.networks
    other = tmp_path / "other"
    other.mkdir()
    assert opened(other, BROKEN_UP).fingerprint != city.fingerprint


def test_thefts_are_counted_on_streets(tmp_path: Path) -> None:
    city = opened(tmp_path, ACROSS, BROKEN_UP)
    cells = cells_over(city.incidents["theft"], size=400, kind="segments", network=city.networks["streets"])
    assert len(cells) == 6
    # Of three thefts two lie at an end of a street; the third is a kilometre from any.
    assert cells.counts(city.incidents["theft"].frame).sum() == 2
    assert set(cells.area_id) == {"1", "2"}


@pytest.mark.parametrize(
    ("shapes", "error"),
    [([square(15.0, 50.0)], SourceError), ([POINTLESS], TableError), ([], CivicastError)],
    ids=["no lines", "no length", "nothing"],
)
def test_what_is_no_street_is_refused(tmp_path: Path, shapes: list[dict], error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        opened(tmp_path, *shapes)
    assert "streets" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_an_unknown_key_are_named(tmp_path: Path) -> None:
    with pytest.raises(CivicastError, match="streets"):
        open_city(write_city(tmp_path, toml=TOML + SECTION)).opened()
    with pytest.raises(CivicastError, match="colour"):
        open_city(write_city(tmp_path, toml=TOML + SECTION + 'colour = "red"\n', streets=lines([ACROSS])))
