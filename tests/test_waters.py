"""Waters of a city.toml: a river and a name in degrees become a line and a word on the maps, within what is seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import example_results as examples
import example_traffic as towns
import geopandas as gpd
import numpy as np
import pytest

from analytics.traffic.picture import Lines
from dashboard.figures import maps
from dashboard.figures.chart import Line, Text
from dashboard.figures.geometry import bounds
from dashboard.figures.maps.frame import waters_of
from dashboard.figures.render.file import to_image
from dashboard.figures.render.screen import screen_figure
from data import City, CivicastError, open_city
from data.tables import Water

CITY = (
    '[city]\nname = "Bare"\ntimezone = "UTC"\ncrs = "EPSG:32633"\ncurrency = "EUR"\n'
    '[series.calls]\nsource = "calls.csv"\nperiod = "day"\nvalue = "n"\nfreq = "D"\nunit = "calls"\n'
)
LAKE = '[waters.lake]\ntitle = "Still Lake"\nlongitude = 15.1\nlatitude = 53.2\n'


def stated(folder: Path, section: str) -> City:
    (folder / "city.toml").write_text(CITY + section)
    (folder / "calls.csv").write_text("day,n\n2024-01-01,1\n2024-01-02,2\n")
    return open_city(folder / "city.toml")


def test_a_lake_has_a_name_and_a_river_a_line(tmp_path: Path) -> None:
    river = "[waters.river_wide]\nlongitude = 15.0\nlatitude = 53\nline = [[15.0, 53.0], [15.1, 53.1]]\n"
    waters = stated(tmp_path, LAKE + river).of("waters")
    assert waters["lake"] == Water("lake", "Still Lake", (15.1, 53.2))
    assert waters["river_wide"].title == "River wide"
    assert waters["river_wide"].line == ((15.0, 53.0), (15.1, 53.1))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("line = [[15.0, 53.0], [15.1]]", "must be a list of points, each a longitude and a latitude"),
        ('line = "15.0, 53.0"', "must be a list of points"),
        ('line = [[15.0, "x"]]', "must be a list of points"),
        ("line = [[15.0, 91.0]]", "which is no longitude and latitude"),
        ("line = [[500000.0, 53.0]]", "write degrees, longitude first"),
    ],
)
def test_what_is_no_line_of_points_is_refused(wrong: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(CivicastError, match=words):
        _ = stated(tmp_path, LAKE + wrong + "\n").of("waters")["lake"]


def with_waters() -> City:
    """A river through the middle of the example's squares, from far west to far east, and a sea beyond them."""
    areas = examples.areas()
    west, south, east, north = bounds(areas)
    middle, width = (south + north) / 2, east - west
    ends = gpd.GeoSeries.from_xy(
        [west - width, east + width, east + width], [middle, middle, middle], crs=areas.frame.crs
    )
    first, last, beyond = ((point.x, point.y) for point in ends.to_crs("EPSG:4326"))
    at = ((first[0] + last[0]) / 2, (first[1] + last[1]) / 2)
    waters = {"river": Water("river", "Long River", at, (first, last)), "sea": Water("sea", "Far Sea", beyond)}
    return replace(examples.city(), others={**examples.city().others, "waters": waters})


def test_waters_are_drawn_as_far_as_they_are_seen() -> None:
    areas, city = examples.areas(), with_waters()
    box = bounds(areas)
    river, name = waters_of(city, areas, box)
    assert isinstance(river, Line)
    assert isinstance(name, Text)
    x, y = np.asarray(river.x), np.asarray(river.y)
    assert (x.min(), x.max()) == pytest.approx((box[0], box[2]), abs=1)
    assert y == pytest.approx((box[1] + box[3]) / 2, abs=20)
    assert (name.text, name.slanted) == ("Long River", True)
    assert waters_of(city, None, box) == ()
    assert waters_of(examples.city(), areas, box) == ()


@pytest.mark.parametrize(("share", "anchor", "at"), [(0.95, "end", 1.0), (0.5, "middle", 0.5), (0.05, "start", 0.0)])
def test_the_name_of_a_water_near_an_edge_ends_there_and_is_not_cut(share: float, anchor: str, at: float) -> None:
    areas = examples.areas()
    west, south, east, north = bounds(areas)
    point = gpd.GeoSeries.from_xy([west + share * (east - west)], [(south + north) / 2], crs=areas.frame.crs)
    [there] = point.to_crs("EPSG:4326")
    waters = {"sea": Water("sea", "Near Sea", (there.x, there.y))}
    city = replace(examples.city(), others={**examples.city().others, "waters": waters})
    [name] = waters_of(city, areas, bounds(areas))
    assert isinstance(name, Text)
    assert (name.anchor, name.x) == (anchor, pytest.approx(west + at * (east - west), abs=1))


def test_maps_on_the_screen_and_in_files_bear_the_name_of_a_river() -> None:
    city = with_waters()
    chart = maps.hotspot_map(examples.hotspots(), city_key="x", areas=examples.areas(), share=0.08, city=city)
    figure = screen_figure(chart, theme="light")
    assert "<i>Long River</i>" in [each.text for each in figure.layout.annotations]
    assert b"Long River" in to_image(chart, format="svg").replace(b"\xc2\xa0", b" ")
    where = maps.difference_map(examples.comparison(), city=city, option="Cleaner alleys", measure="requests")
    words = [trace.text or () for trace in screen_figure(where, theme="dark").data if trace.type == "scattergeo"]
    assert "<i>Long River</i>" in [each for of_trace in words for each in of_trace]


@pytest.mark.parametrize(("stretched", "named"), [(1.0, True), (6.0, False)])
def test_on_a_region_around_the_city_no_name_of_a_water_covers_its_roads(stretched: float, named: bool) -> None:
    town = towns.roads()
    assert town.lines is not None
    x, y = (at + stretched * (line - at) for at, line in ((towns.WEST, town.lines.x), (towns.SOUTH, town.lines.y)))
    region = replace(town, lines=Lines(x, y, town.lines.starts))
    chart = maps.roads_map(region, look="flow", city=with_waters())
    words = [mark.text for mark in chart.marks if isinstance(mark, Text)]
    assert ("Long River" in words) == named
    assert any(isinstance(mark, Line) and mark.role == "water" for mark in chart.marks)
