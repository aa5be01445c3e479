"""Streets and parts of maps: what is drawn of a network, that no step sends it again, and how what is seen moves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import example_results as examples
import numpy as np
import pytest

from dashboard.figures import maps
from dashboard.figures.chart import Chart, Choropleth, Outline, Strokes, Text
from dashboard.figures.geometry import bounds
from dashboard.figures.maps import WHOLE, Window
from dashboard.figures.maps.frame import map_axes
from dashboard.figures.maps.streets import street_strokes, streets_of
from dashboard.figures.render.file import to_image
from dashboard.figures.render.screen import screen_config, screen_figure
from dashboard.figures.streets import main_streets, streets_svg
from data import City, open_city

LAYER = "neighbourhood"


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
    assert street_strokes(city, bounds(areas)) == []


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


def test_a_part_of_a_map_has_its_scale_and_notes_and_names_only_what_is_on_it() -> None:
    def drawn(window: Window) -> Chart:
        return maps.hotspot_map(examples.hotspots(), city_key="x", areas=examples.areas(), share=0.08, window=window)

    whole, part = drawn(WHOLE), drawn(Window(4.0, 0.2, 0.2))
    assert part.x.range[1] - part.x.range[0] == pytest.approx((whole.x.range[1] - whole.x.range[0]) / 4)
    assert part.headline == whole.headline
    assert part.table.equals(whole.table)
    kinds = [[type(mark).__name__ for mark in chart.marks] for chart in (whole, part)]
    assert kinds[0].count("Note") == kinds[1].count("Note")
    assert kinds[1].count("Text") <= kinds[0].count("Text")
    assert not screen_config(part, moved=True)["displayModeBar"], "one set of buttons is enough"
