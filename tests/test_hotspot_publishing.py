"""A map that leaves the house: no place is too small, no event is lost or counted twice, no point is where it happened."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.hotspots import find_hotspots, publishable, snapped_points
from analytics.hotspots.publishing import Published
from analytics.hotspots.results import Hotspots
from data import Areas
from tests.small_map import SOURCE, START, city, layer

DAYS = 200
SIZE = 100.0


def mapped(
    *, kind: str = "squares", people: float = 0.0, areas: bool = True, folder: pytest.TempPathFactory
) -> Hotspots:
    """Events that are dense in the south-west and rare elsewhere."""
    rng = np.random.default_rng(4)
    x, y = (
        np.append(rng.uniform(0, 300, 500), rng.uniform(0, 1000, 60)),
        np.append(rng.uniform(0, 300, 500), rng.uniform(0, 1000, 60)),
    )
    times = START + pd.to_timedelta(rng.integers(0, DAYS, 560), unit="D")
    whole = layer(4)
    layer_of = Areas("side", whole.frame.assign(population=people), SOURCE)
    found = np.minimum(x // 250, 3).astype(int)
    frame = pd.DataFrame({"time": times, "x": x, "y": y, "area_id": np.array(["A0", "A1", "A2", "A3"])[found]})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIVICAST_HOME", str(folder.mktemp("map")))
        return find_hotspots(
            city(frame, days=DAYS, areas=layer_of if areas else None), windows=3, cell_size=SIZE, cell_kind=kind,
            method="count_last_year",
        )  # fmt: skip


@pytest.fixture(scope="module", params=["squares", "hexagons", "areas", "no areas"])
def hotspots(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Hotspots:
    if request.param == "no areas":
        return mapped(areas=False, folder=tmp_path_factory)
    return mapped(kind=request.param, folder=tmp_path_factory)


@pytest.fixture(scope="module")
def squares(tmp_path_factory: pytest.TempPathFactory) -> Hotspots:
    return mapped(folder=tmp_path_factory)


@pytest.mark.parametrize("least", [1, 5, 20, 10_000])
def test_no_published_place_is_below_the_minimum_and_totals_are_kept(hotspots: Hotspots, least: int) -> None:
    published = publishable(hotspots, share=0.05, least_count=least)
    assert (published.locations["count"] >= least).all()
    assert published.locations["count"].sum() + published.withheld_events == hotspots.count.sum()
    assert published.locations["cells"].sum() + published.withheld == len(hotspots.cells)
    assert sorted(np.unique(published.label[published.label >= 0])) == list(range(len(published.locations)))
    assert (published.withheld_events == 0) or (published.withheld > 0)
    assert published.locations["rank"].tolist() == list(range(1, len(published.locations) + 1))


def test_places_have_enough_events_or_enough_people(tmp_path_factory: pytest.TempPathFactory) -> None:
    found = mapped(people=500.0, folder=tmp_path_factory)  # 20 a cell: five cells hold a hundred
    published = publishable(found, share=0.05)
    enough = (published.locations["count"] >= 5) | (published.locations["people"] >= 100)
    assert enough.all()
    assert (published.locations["count"] < 5).any()
    assert published.locations["people"].sum() == pytest.approx(20 * (100 - published.withheld), rel=0.01)


def test_dense_cells_stay_single_and_rare_ones_are_merged(squares: Hotspots) -> None:
    published = publishable(squares, share=0.05)
    count = squares.count.to_numpy()
    sizes = published.locations.set_index(["x", "y"])["cells"]
    for cell in np.flatnonzero(count >= 5):
        assert sizes[squares.cells.x[cell], squares.cells.y[cell]] == 1
    assert published.merged == published.locations.loc[published.locations["cells"] > 1, "cells"].sum() > 0


def test_a_place_is_flagged_when_all_of_it_is(squares: Hotspots) -> None:
    published = publishable(squares, share=0.2)
    flags = pd.Series(squares.cells.looked_at(squares.rank.to_numpy(), 0.2))[published.label >= 0]
    of = flags.groupby(published.label[published.label >= 0])
    assert (of.any() & ~of.all()).any()  # some places are flagged in part
    assert published.locations["flagged"].sum() == of.all().sum() > 0
    assert not publishable(squares, share=0.0).locations["flagged"].any()


def test_points_lie_on_middles_of_places_and_are_all_there(hotspots: Hotspots) -> None:
    published = publishable(hotspots, share=0.05)
    points = snapped_points(hotspots, published)
    middles = {
        (row.x, row.y): row.count_ for row in published.locations.rename(columns={"count": "count_"}).itertuples()
    }
    assert points.groupby(["x", "y"]).size().to_dict() == {key: each for key, each in middles.items() if each}
    assert (points["date"] == points["date"].dt.normalize()).all()
    assert list(points.columns) == ["x", "y", "date", "category"]


def test_no_more_points_than_the_limit_by_the_seed(squares: Hotspots) -> None:
    published = publishable(squares, share=0.05)
    few = snapped_points(squares, published, most=50)
    assert len(few) == 50
    pd.testing.assert_frame_equal(few, snapped_points(squares, published, most=50))
    assert not few.equals(snapped_points(replace(squares, seed=1), published, most=50))
    assert few["date"].is_monotonic_increasing


def test_where_all_is_held_back_nothing_is_shown(squares: Hotspots) -> None:
    published = publishable(squares, share=0.05, least_count=10_000)
    assert published.locations.empty
    assert isinstance(published, Published)
    assert published.withheld_events == squares.count.sum()
    assert snapped_points(squares, published).empty
