"""Streets and parts of maps: what is drawn of a network, that no step sends it again, and how what is seen moves."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import example_results as examples
import example_traffic as towns
import geopandas as gpd
import numpy as np
import pytest
import shapely

from dashboard.figures import maps
from dashboard.figures.chart import Chart, Choropleth, Line, Outline, Points, Strokes, Text, Voices
from dashboard.figures.exports import to_csv
from dashboard.figures.geometry import bounds, layer_svg
from dashboard.figures.maps import WHOLE, Window
from dashboard.figures.maps.frame import map_axes
from dashboard.figures.maps.labels import Label, labels_on, labels_within, not_under, room_for
from dashboard.figures.maps.streets import street_strokes, streets_of
from dashboard.figures.render.file import to_image
from dashboard.figures.render.screen import screen_config, screen_figure
from dashboard.figures.render.typeset import SANS, width_of
from dashboard.figures.statement import drawing, statement
from dashboard.figures.streets import main_streets, streets_svg
from data import City, open_city
from data.tables import Network

LAYER = "neighbourhood"
FAR = Window(4.0, 0.15, 0.85)


@pytest.fixture
def meridian(sample_city: Path) -> City:
    return open_city(sample_city)


def test_main_streets_are_the_named_ones_of_most_capacity_within_the_box(meridian: City) -> None:
    box = bounds(meridian.areas[LAYER])
    found = main_streets(meridian, box)
    links = meridian.networks["roads"].links
    named = links[links["name"] != ""].groupby("name")["capacity"].max()
    assert 10 <= len(found) <= 30
    assert {each.name for each in found} <= set(named.index)
    left_out = named.drop([each.name for each in found])
    assert named[[each.name for each in found]].min() >= left_out.max()
    for line in (line for street in found for line in street.lines):
        assert (line >= np.array(box[:2]) - 1).all()
        assert (line <= np.array(box[2:]) + 1).all()


def test_a_city_without_a_network_has_no_streets() -> None:
    city, areas = examples.city(), examples.areas()
    assert main_streets(city, bounds(areas)) == []
    assert streets_of(city, "ward", bounds(areas), seen=bounds(areas)) == []
    assert street_strokes(city, bounds(areas)) == ()


def test_streets_are_sent_by_address_and_drawn_beside_the_borders(meridian: City) -> None:
    box = bounds(meridian.areas[LAYER])
    lines, *names = streets_of(meridian, LAYER, box, seen=box)
    assert isinstance(lines, Outline)
    assert lines.open
    assert all(isinstance(each, Text) and each.minor for each in names)
    chart = examples.hotspots()
    drawn = maps.hotspot_map(chart, city_key="x", areas=examples.areas(), share=0.08)
    borders = next(each for each in drawn.marks if isinstance(each, Outline))
    figure = screen_figure(replace(drawn, marks=[replace(lines, bounds=borders.bounds), borders]), theme="light")
    assert [each.source for each in figure.layout.images] == [
        f"/geometry/meridian/{LAYER}/streets.svg?theme=light", borders.url.format(theme="light"),
    ]  # fmt: skip
    # Plotly draws one of two images that have the same place and size.
    assert figure.layout.images[0].sizex != figure.layout.images[1].sizex
    svg = streets_svg(meridian, box, "dark").decode()
    assert svg.count("M") == 2 * len(lines.rings), "each line once light and once dark"


def test_streets_of_a_map_in_degrees_and_of_a_file_are_drawn(meridian: City) -> None:
    box = bounds(meridian.areas[LAYER])
    [stroke] = street_strokes(meridian, box)
    assert isinstance(stroke, Strokes)
    where = maps.difference_map(
        examples.comparison(), city=examples.city(), option="Cleaner alleys", measure="requests"
    )
    ground = next(each for each in where.marks if isinstance(each, Choropleth))
    figure = screen_figure(replace(where, marks=[ground, stroke]), theme="light")
    assert len(figure.data[-1].lon) == len(stroke.x)
    lines = streets_of(meridian, LAYER, box, seen=box)
    x, y = map_axes(box)
    plain = replace(where, marks=[], x=x, y=y)
    assert len(to_image(replace(plain, marks=lines), format="svg")) > 1.2 * len(to_image(plain, format="svg"))


@pytest.mark.parametrize("window", [WHOLE, Window(2.0, 0.5, 0.5), Window(4.0, 0.0, 1.0), Window(8.0, 0.9, 0.2)])
def test_what_is_seen_lies_within_the_whole_and_has_its_shape(window: Window) -> None:
    box = (1_000.0, 2_000.0, 5_000.0, 3_000.0)
    west, south, east, north = window.of(box)
    assert 1_000 <= west < east <= 5_000
    assert 2_000 <= south < north <= 3_000
    assert (east - west) == pytest.approx(4_000 / window.zoom)
    assert (north - south) == pytest.approx(1_000 / window.zoom)


MOVED: dict[str, Callable[[Window], Chart]] = {
    "hotspots": lambda window: maps.hotspot_map(
        examples.hotspots(), city_key="x", areas=examples.areas(), share=0.08, window=window
    ),
    "emerging": lambda window: maps.emerging_map(
        examples.hotspots(), city_key="x", areas=examples.areas(), window=window
    ),
    "where": lambda window: maps.difference_map(
        examples.comparison(), city=examples.city(), option="Cleaner alleys", measure="requests", window=window
    ),
    "sites": lambda window: maps.sites_map(examples.city(), examples.sites(), chosen=["S0"], window=window),
    "roads": lambda window: maps.roads_map(towns.roads(), look="flow", city=examples.city(), window=window),
    "users": lambda window: maps.users_map(towns.users(), city=examples.city(), end="origins", window=window),
}


@pytest.mark.parametrize("name", MOVED)
def test_two_parts_around_one_area_are_two_pictures(name: str) -> None:
    one, same, other = (MOVED[name](Window(8.0, x, 0.5)) for x in (0.5, 0.5, 0.51))
    assert statement(one) == statement(other)
    assert drawing(one) == drawing(same) != drawing(other)


def test_a_map_on_which_another_road_is_marked_is_another_picture() -> None:
    made = [maps.roads_map(towns.roads(), look="flow", city=examples.city(), chosen=each) for each in ("L2", "L3")]
    assert statement(made[0]) == statement(made[1])
    assert drawing(made[0]) != drawing(made[1])


@pytest.mark.parametrize("name", MOVED)
def test_a_part_of_a_map_says_that_it_is_one_and_keeps_its_finding_and_numbers(name: str) -> None:
    whole, part = (MOVED[name](window) for window in (WHOLE, Window(4.0, 0.15, 0.85)))
    areas = examples.areas().frame
    box = (
        bounds(examples.areas())
        if name != "roads"
        else (whole.x.range[0], whole.y.range[0], whole.x.range[1], whole.y.range[1])
    )
    middle = shapely.Point(box[0] + 0.15 * (box[2] - box[0]), box[1] + 0.85 * (box[3] - box[1]))
    around = areas["name"][areas.geometry.distance(middle).idxmin()]
    assert part.title == f"{whole.title}. The picture shows a part of the map, 4×, around {around}"
    assert part.alt.endswith(f"a part of the map, 4×, around {around}.")
    assert (part.headline, part.caveats) == (whole.headline, whole.caveats)
    assert part.table.equals(whole.table)
    west, east = part.x.range
    assert (whole.x.range[0] <= west) & (east <= whole.x.range[1])
    assert "shows a part of the map" in to_csv(part).decode()
    # Text of a part stands on it: in files nothing cuts off what stands beside.
    assert all(west <= mark.x <= east for mark in part.marks if isinstance(mark, Text))


def test_a_part_of_the_roads_sends_and_tells_no_others() -> None:
    whole, part = (MOVED["roads"](window) for window in (WHOLE, Window(8.0, 0.0, 0.0)))
    told = [
        {words for mark in chart.marks if isinstance(mark, Voices) for words in mark.parts[:, 1]}
        for chart in (whole, part)
    ]
    assert told[1] < told[0]
    strokes = [sum(len(mark.x) for mark in chart.marks if isinstance(mark, Strokes)) for chart in (whole, part)]
    assert 0 < strokes[1] < strokes[0]


def test_a_region_around_a_city_has_no_names_of_the_citys_streets_over_its_roads() -> None:
    west, south, east, north = bounds(examples.areas())
    city = _with_streets(shapely.linestrings([[(west, y), (east, y)] for y in np.linspace(south, north, 12)]))
    roads = towns.roads()
    wide = replace(roads.lines, x=west + 6 * (roads.lines.x - west), y=south + 6 * (roads.lines.y - south))
    named = [
        any(isinstance(mark, Text) and mark.minor for mark in maps.roads_map(each, look="flow", city=city).marks)
        for each in (roads, replace(roads, lines=wide))
    ]
    assert named == [True, False]


def test_a_file_of_a_part_draws_no_points_of_the_rest() -> None:
    chart = MOVED["hotspots"](WHOLE)
    (west, east), (south, north) = chart.x.range, chart.y.range
    beside = Points([east + 0.2 * (east - west)], [(south + north) / 2], "worse", "square", True, 60.0)
    drawn = [to_image(replace(chart, marks=[*chart.marks, *more]), format="png") for more in ((), (beside,))]
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize("name", ["hotspots", "emerging", "roads"])
def test_lines_of_a_part_are_drawn_for_it_and_so_as_thin_as_those_of_the_whole(name: str) -> None:
    areas = examples.areas()
    whole, part = (
        next(mark for mark in MOVED[name](window).marks if isinstance(mark, Outline)) for window in (WHOLE, FAR)
    )
    assert whole.bounds == bounds(areas)
    assert "part" not in whole.url
    chart = MOVED[name](FAR)
    (west, east), (south, north) = chart.x.range, chart.y.range
    assert np.abs(np.array(part.bounds) - (west, south, east, north)).max() < 1
    assert part.url == whole.url + "&part=" + ",".join(str(each) for each in part.bounds)
    svg = layer_svg(areas, "dark", part=part.bounds)
    strokes = [each.partition(b"stroke-width=")[2].partition(b" ")[0] for each in (svg, layer_svg(areas, "dark"))]
    assert strokes[0] == strokes[1]
    wide, high = (float(svg.partition(f' {side}="'.encode())[2].partition(b'"')[0]) for side in ("width", "height"))
    assert max(wide, high) == 1600
    assert wide / high == pytest.approx((part.bounds[2] - west) / (part.bounds[3] - south), rel=0.01)


def test_a_part_has_streets_that_are_not_among_the_main_ones_of_the_city(meridian: City) -> None:
    main = {each.name for each in main_streets(meridian, bounds(meridian.areas[LAYER]))}
    network = meridian.networks["roads"]
    links = network.links.assign(line=network.frame.geometry.to_numpy())
    other = links[(links["name"] != "") & ~links["name"].isin(main)]
    around = tuple(shapely.union_all(other["line"].to_numpy()[:1]).buffer(50).bounds)
    assert str(other["name"].iloc[0]) in {each.name for each in main_streets(meridian, around)}


def test_a_part_shows_more_of_a_streets_bends() -> None:
    west, south, east, north = box = bounds(examples.areas())
    x = np.linspace(west, east, 401)
    bends = (south + north) / 2 + np.where(np.arange(401) % 2, 0.001, 0) * (east - west)
    city = _with_streets(shapely.linestrings([np.column_stack([x, bends])]))
    eighth = (west, (south + north) / 2 - 1000, west + (east - west) / 8, (south + north) / 2 + 1000)
    whole, part = (sum(len(line) for street in main_streets(city, of) for line in street.lines) for of in (box, eighth))
    assert whole < 10 < part


def test_what_is_no_longer_than_a_decimetre_is_no_street() -> None:
    west, south, east, north = box = bounds(examples.areas())
    middle = (south + north) / 2
    city = _with_streets(
        shapely.linestrings([[(west, middle), (west + 0.01, middle)], [(west, middle), (east, middle)]])
    )
    lines, *names = streets_of(city, "ward", box, seen=box)
    assert isinstance(lines, Outline)
    assert len(lines.rings) == 1
    assert [each.text for each in names] == ["Road 1"]


def _with_streets(lines: np.ndarray) -> City:
    names = {"name": [f"Road {at}" for at in range(len(lines))]}
    frame = gpd.GeoDataFrame(names, geometry=lines, crs=examples.areas().frame.crs)
    return replace(examples.city(), networks={"roads": Network("roads", "Roads", frame, examples.provenance("roads"))})


@pytest.mark.parametrize("draw", ["where", "sites", "users"])
def test_an_enlarged_map_in_degrees_names_streets(draw: str) -> None:
    west, south, east, north = bounds(examples.areas())
    lines = shapely.linestrings([[(west, y), (east, y)] for y in np.linspace(south, north, 40)])
    city = _with_streets(lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(examples, "city", lambda: city)
        whole, part = (
            [mark for mark in MOVED[draw](window).marks if isinstance(mark, Text) and "Road" in mark.text]
            for window in (WHOLE, FAR)
        )
    assert (len(whole), bool(part)) == (0, True)


def test_a_part_of_a_map_has_its_scale_and_notes() -> None:
    whole, part = (MOVED["hotspots"](window) for window in (WHOLE, Window(4.0, 0.2, 0.2)))
    assert part.x.range[1] - part.x.range[0] == pytest.approx((whole.x.range[1] - whole.x.range[0]) / 4)
    kinds = [[type(mark).__name__ for mark in chart.marks] for chart in (whole, part)]
    assert kinds[0].count("Note") == kinds[1].count("Note")
    assert not screen_config(part, moved=True)["displayModeBar"], "one set of buttons is enough"


def test_names_on_a_map_cover_no_flagged_cells_and_no_other_name() -> None:
    box = (0.0, 0.0, 35_000.0, 20_000.0)  # a hundred metres a pixel of a phone
    dark = np.array([(17_000.0 + dx, 10_000.0 + dy) for dx in (-200, 0, 200) for dy in (1_700, 1_900, 2_100)])
    labels = [
        Label(name, 17_000.0, 10_000.0 + up) for name, up in (("North Quay", 0.0), ("Mill", 100.0), ("Abbey", -100.0))
    ]
    placed = labels_on(labels, box, dark=dark)
    assert [mark.text for mark in placed] == ["North Quay", "Mill", "Abbey"]
    rooms = [
        shapely.box(mark.x - wide, mark.y - 800, mark.x + wide, mark.y + 800)
        for mark in placed
        for wide in [50 * width_of(mark.text, face=SANS, size=13)]
    ]
    assert not any(one.intersects(other) for one, other in itertools.combinations(rooms, 2))
    assert not any(room.intersects(shapely.Point(point)) for room in rooms for point in dark)
    crowded = [Label(f"Name {number}", 17_000.0, 10_000.0) for number in range(200)]
    assert 3 < len(labels_on(crowded, box, dark=dark)) < 200, "fewer where there is no room"


def test_the_name_of_a_water_gives_way_to_labels_beside_the_city() -> None:
    box = (0.0, 0.0, 20_000.0, 30_000.0)
    labels = [Label("West Garfield Park\n2.4 % more", 15_000.0, 20_000.0)]
    axes = room_for(labels, box, map_axes(box, bar=False), height=320)
    beside = labels_within(labels, box, axes, height=320)
    under, apart = (Text(21_500.0, up, "Lake Michigan", anchor="middle", slanted=True) for up in (20_000.0, 4_000.0))
    river = Line([0.0, 1.0], [20_000.0, 20_000.0], role="water")
    assert not_under(beside, [under, apart, river], axes, height=320) == [apart, river]
    assert not_under([], [under], axes, height=320) == [under]
