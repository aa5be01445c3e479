"""Cells of every kind: each place is in one cell, counts are kept, neighbours and shares are what one sees on a map."""

from __future__ import annotations

import pickle
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.ndimage import gaussian_filter

from analytics.errors import HotspotError
from analytics.hotspots import Cells, cells_over
from analytics.hotspots.cells import KINDS, Segments, Squares, segments_of
from data import Areas, Network
from tests.small_map import CRS, HALF_YEAR, SOURCE, city, grid, layer

WHOLE = city(HALF_YEAR, days=182)


def streets(*lines: list[tuple[float, float]]) -> Network:
    frame = gpd.GeoDataFrame(geometry=[shapely.LineString(each) for each in lines], crs=CRS)
    return Network("streets", "Streets", frame, replace(SOURCE, name="streets"))


CROSS = streets([(0, 500), (1000, 500)], [(500, 0), (500, 1000)])


def cells_of(kind: str) -> Cells:
    return cells_over(WHOLE, size=200, kind=kind, network=CROSS)


def scattered(number: int = 2000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    return rng.uniform(0, 1000, number), rng.uniform(0, 1000, number)


# Squares


def test_squares_tile_the_city_and_know_their_area() -> None:
    cells = cells_of("squares")
    assert isinstance(cells, Squares)
    assert (len(cells), cells.columns, cells.rows) == (25, 5, 5)
    assert list(cells.locate(np.array([10.0, 999.0, -5.0]), np.array([10.0, 999.0, 10.0]))) == [0, 24, -1]
    # The middle column's centres lie on the border: the smallest area_id takes them.
    assert pd.Series(cells.area_id).value_counts().to_dict() == {"E": 15, "W": 10}
    assert cells.on_grid(cells.counts(HALF_YEAR))[1, 1] == 3 * 182


def test_a_city_without_areas_is_outlined_by_what_happened_before() -> None:
    incidents = city(HALF_YEAR, days=182, areas=None)
    cells = cells_over(incidents, size=200)
    assert 2 <= len(cells) < 50
    assert (cells.locate(HALF_YEAR["x"].to_numpy(), HALF_YEAR["y"].to_numpy()) >= 0).all()
    late = pd.concat([HALF_YEAR, pd.DataFrame({"time": [incidents.until], "x": [5000.0], "y": [5000.0]})])
    later = cells_over(city(late, days=182, areas=None), size=200, before=incidents.until)
    assert np.array_equal(later.x, cells.x)


def test_too_fine_a_grid_is_refused_with_one_that_fits() -> None:
    for kind in ("squares", "hexagons"):
        with pytest.raises(HotspotError, match=r"250,000: choose cells of \d+ m or more"):
            cells_over(WHOLE, size=1, kind=kind)


def test_squares_touch_eight_others_inside_and_fewer_at_the_edge() -> None:
    number = grid(5, 4).near.sum(axis=1).reshape(4, 5)
    assert (number[1:-1, 1:-1] == 9).all()
    assert number[0, 0] == 4
    assert number[0, 2] == 6


def test_squares_are_spread_as_a_filter_of_their_grid_does() -> None:
    cells = cells_over(WHOLE, size=50)
    assert isinstance(cells, Squares)
    here = np.delete(np.arange(len(cells)), [3, 4, 150, 151, 170, len(cells) - 1])  # a city with holes
    cells = replace(cells, **{name: getattr(cells, name)[here] for name in ("index", "x", "y", "extent", "area_id")})
    values = np.random.default_rng(4).poisson(0.4, (2, len(cells))).astype(float)
    values[1, 5:] = 0
    for bandwidth in (20.0, 90.0):
        sigma = (0, bandwidth / 50, bandwidth / 50)
        spread = gaussian_filter(cells.on_grid(values), sigma, mode="constant", truncate=4).reshape(2, -1)[
            :, cells.index
        ]
        given_back = spread * (values.sum(axis=1) / spread.sum(axis=1))[:, None]
        found = cells.smooth(values, bandwidth=bandwidth)
        assert found == pytest.approx(given_back, rel=1e-12, abs=1e-15)
        assert np.array_equal(cells.smooth(values, bandwidth=bandwidth, at=np.array([7, 2])), found[:, [7, 2]])
        assert np.array_equal(cells.smooth(values[0], bandwidth=bandwidth), found[0])
    assert not cells.smooth(np.zeros(len(cells)), bandwidth=90.0).any()


# Hexagons


@pytest.mark.parametrize("size", [90.0, 130.0, 200.0, 310.0])
@pytest.mark.parametrize("shift", [0.0, 37.0, 71.0])
def test_every_point_well_inside_lies_in_exactly_one_hexagon(size: float, shift: float) -> None:
    areas = layer()
    moved = replace(areas, frame=areas.frame.set_geometry(areas.frame.translate(shift, shift)))
    cells = cells_over(replace(WHOLE, areas=moved), size=size, kind="hexagons")
    x, y = scattered()
    # A hexagon counts when its middle is inside; its corners reach as far as size / sqrt(3).
    inner = shift + size + (1000 - 2 * size) * np.column_stack([x, y]) / 1000
    assert (cells.locate(inner[:, 0], inner[:, 1]) >= 0).all()
    assert shapely.union_all(cells.shapes).area == pytest.approx(cells.extent.sum(), rel=1e-6)  # type: ignore[attr-defined]
    assert cells.extent == pytest.approx(np.sqrt(3) / 2 * size**2)
    edge = np.concatenate([cells.x - shift, 1000 + shift - cells.x, cells.y - shift, 1000 + shift - cells.y])
    assert edge.min() >= 0
    for side in np.split(edge, 4):
        assert side.min() < size  # no row is missing at any side


def test_a_hexagon_has_six_neighbours_at_one_distance() -> None:
    cells = cells_of("hexagons")
    number = np.asarray(cells.near.sum(axis=1)).ravel()
    inside = number.argmax()
    assert number[inside] == 7
    others = np.setdiff1d(cells.near[[inside]].indices, [inside])
    assert np.hypot(cells.x[others] - cells.x[inside], cells.y[others] - cells.y[inside]) == pytest.approx(200)


def test_hexagons_over_a_city_without_areas_hold_every_incident() -> None:
    incidents = city(HALF_YEAR, days=182, areas=None)
    for size in (70.0, 200.0, 333.0):
        cells = cells_over(incidents, size=size, kind="hexagons")
        assert cells.counts(incidents.frame).sum() == len(incidents.frame)
        assert 1 <= len(cells) <= 2


# Areas


def test_the_share_of_areas_is_of_land_and_never_exceeded() -> None:
    # Four areas of 100, 200, 300 and 400 m: a tenth, two tenths ... of the land.
    edges = [0, 100, 300, 600, 1000]
    frame = gpd.GeoDataFrame(
        {"name": list("abcd"), "population": 1.0},
        geometry=[shapely.box(edges[place], 0, edges[place + 1], 1000) for place in range(4)],
        index=pd.Index(list("abcd"), name="area_id"),
        crs=CRS,
    )
    cells = cells_over(city(HALF_YEAR, days=182, areas=Areas("side", frame, SOURCE)), size=200, kind="areas")
    assert cells.share_of_extent == pytest.approx([0.1, 0.2, 0.3, 0.4])
    rank = np.array([2, 0, 3, 1])  # b, then d, then a, then c
    assert cells.looked_at(rank, 0.19).tolist() == [False] * 4
    assert cells.looked_at(rank, 0.2).tolist() == [False, True, False, False]
    assert cells.looked_at(rank, 0.65).tolist() == [False, True, False, True]
    assert cells.numbers_at(rank, (0.0, 0.6, 0.7, 1.0)).tolist() == [0, 2, 3, 4]


def test_cells_of_one_size_are_rounded_to_the_nearest_number() -> None:
    cells = grid(5, 5)
    rank = np.arange(25)
    assert cells.numbers_at(rank, (0.01, 0.03, 0.05, 0.07, 0.10)).tolist() == [0, 1, 1, 2, 3]


def test_areas_need_a_layer_of_areas() -> None:
    with pytest.raises(HotspotError, match="no areas to use as cells"):
        cells_over(city(HALF_YEAR, days=182, areas=None), size=200, kind="areas")


# Segments


def test_long_streets_are_cut_into_equal_parts() -> None:
    cells = segments_of(streets([(0, 0), (250, 0)], [(0, 500), (80, 500)]), longest=100)
    assert cells.extent == pytest.approx([250 / 3] * 3 + [80])
    assert cells.extent.sum() == pytest.approx(330)
    assert cells.x[:3] == pytest.approx([250 / 6, 125, 250 - 250 / 6])


def test_an_event_belongs_to_the_nearest_segment_within_sixty_metres() -> None:
    cells = segments_of(streets([(0, 0), (200, 0)], [(0, 100), (200, 100)]), longest=100)
    x, y = np.array([50.0, 150.0, 50.0, 150.0, 50.0, 50.0]), np.array([40.0, -59.0, 60.0, 101.0, -61.0, 161.0])
    assert cells.locate(x, y).tolist() == [0, 1, 2, 3, -1, -1]


def test_segments_that_meet_are_neighbours() -> None:
    cells = segments_of(CROSS, longest=500)
    assert isinstance(cells, Segments)
    assert len(cells) == 4
    assert (cells.near.toarray() == 1).all()
    apart = segments_of(streets([(0, 0), (100, 0)], [(100.5, 0), (200, 0)], [(300, 0), (400, 0)]), longest=100)
    assert apart.near.toarray().tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 1]]


def test_streets_outside_of_the_city_are_left_out_and_none_is_refused() -> None:
    both = streets([(100, 100), (200, 100)], [(5000, 100), (5100, 100)])
    assert len(segments_of(both, longest=200, areas=layer())) == 1
    with pytest.raises(HotspotError, match="Streets has no street inside the city"):
        segments_of(streets([(5000, 100), (5100, 100)]), longest=200, areas=layer())


# All kinds


def test_half_of_a_value_arrives_at_each_step_that_is_asked_for() -> None:
    cells = cells_of("squares")
    alone = np.zeros(len(cells))
    alone[0] = 1.0
    away = np.hypot(cells.x - cells.x[0], cells.y - cells.y[0])
    for step in (100.0, 400.0):
        assert cells.decayed(alone, reach=500, step=step) == pytest.approx(
            np.where(away <= 500, 1 / (1 + away / step), 0)
        )


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_counts_smooths_and_is_drawn(kind: str) -> None:
    cells = cells_of(kind)
    x, y = scattered()
    frame = pd.DataFrame({"x": x, "y": y, "time": pd.Timestamp("2024-01-01")})
    place = cells.locate(x, y)
    assert cells.counts(frame).sum() == (place >= 0).sum() > 300
    assert np.array_equal(cells.counts(cells.located(frame)), cells.counts(frame))
    values = np.random.default_rng(2).random((3, len(cells)))
    smooth = cells.smooth(values, bandwidth=150)
    assert smooth.sum(axis=1) == pytest.approx(values.sum(axis=1))
    assert cells.smooth(values, bandwidth=150, at=np.array([1, 0])) == pytest.approx(smooth[:, [1, 0]])
    near = cells.near.toarray()
    assert np.array_equal(near, near.T)
    assert (near.diagonal() == 1).all()
    assert cells.share_of_extent.sum() == pytest.approx(1)
    assert cells.looked_at(np.arange(len(cells)), 1.0).all()
    assert not cells.looked_at(np.arange(len(cells)), 0.0).any()


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_shows_the_cell_under_each_pixel(kind: str) -> None:
    cells = cells_of(kind)
    place, x0, y0, size = cells.raster
    assert set(place[place >= 0]) == set(range(len(cells)))
    row, column = np.divmod(np.arange(0, place.size, max(1, place.size // 500)), place.shape[1])
    there = cells.locate(x0 + (column + 0.5) * size, y0 + (row + 0.5) * size)
    assert np.array_equal(there, place[row, column])


@pytest.mark.parametrize("kind", KINDS)
def test_a_pickle_takes_no_more_than_the_cells(kind: str) -> None:
    cells = cells_of(kind)
    bare = len(pickle.dumps(cells))
    cells.smooth(np.ones(len(cells)), bandwidth=150)
    assert cells.near.nnz
    assert cells.raster.size
    assert len(pickle.dumps(cells)) == bare
    again = pickle.loads(pickle.dumps(cells))  # noqa: S301 - our own bytes
    assert np.array_equal(again.near.toarray(), cells.near.toarray())


def test_an_unknown_kind_names_those_that_there_are() -> None:
    with pytest.raises(HotspotError, match="“circles”: choose squares, hexagons, areas and segments"):
        cells_over(WHOLE, size=200, kind="circles")
    with pytest.raises(HotspotError, match="need a network"):
        cells_over(WHOLE, size=200, kind="segments")


def test_events_of_one_place_and_day_weigh_less_than_as_many_days() -> None:
    cells = cells_of("squares")
    days = pd.to_datetime(
        ["2024-01-01 03:00", "2024-01-01 21:00", "2024-01-02 01:00", "2024-01-03 02:00", "2024-01-03 02:00"]
    )
    middle = {"x": cells.x[[4, 4, 4, 4, 5]], "y": cells.y[[4, 4, 4, 4, 5]]}
    found = cells.located(pd.DataFrame({"time": days, **middle}))
    assert found["weight"].tolist() == pytest.approx([0.5**0.5, 0.5**0.5, 1, 1, 1])
    assert found["cell"].tolist() == [4, 4, 4, 4, 5]
