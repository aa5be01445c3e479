"""Points are placed in areas, and events in order, as one by one they would be."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Polygon, box

from data import Areas
from data.tables.events import _in_order
from data.tables.locations import area_of
from tests.example_results import provenance

SHAPES = {
    "b": box(0, 0, 10, 10),
    "a": box(5, 5, 15, 15),  # lies over a part of b, and comes first
    "d": Polygon([(20, 0), (30, 0), (30, 10), (20, 10)], holes=[[(23, 3), (27, 3), (27, 7), (23, 7)]]),
    "c": shapely.union_all([box(40, 0, 42, 2), box(44, 4, 46, 6)]),
    "10": box(-5, -5, -1, -1),
    "9": Polygon(),
}


def layer() -> Areas:
    frame = gpd.GeoDataFrame(
        {"name": list(SHAPES), "population": 1.0, "geometry": list(SHAPES.values())},
        index=pd.Index(list(SHAPES), name="area_id"),
        crs="EPSG:26971",
    )
    return Areas("ward", frame, provenance("ward"))


def test_a_point_lies_in_the_first_area_that_holds_it_edges_included() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.uniform(-8, 50, 4_000).round(1), rng.uniform(-8, 18, 4_000).round(1)
    x, y = np.append(x, [0, 10, 15, 23, 5, np.inf, np.nan]), np.append(y, [0, 10, 15, 3, 5, np.inf, 1])
    expected = [
        next((name for name in sorted(SHAPES) if SHAPES[name].intersects(shapely.Point(*each))), "")
        if np.isfinite(each).all()
        else ""
        for each in zip(x, y, strict=True)
    ]
    found = area_of(x, y, layer())
    assert found.tolist() == expected
    assert set(expected) == {"a", "b", "c", "d", "10", ""}
    assert area_of(x[:0], y[:0], layer()).tolist() == []


def test_events_of_one_moment_stand_from_west_to_east_and_from_south_to_north() -> None:
    rng = np.random.default_rng(4)
    n = 2_000
    rows = pd.DataFrame(
        {
            "time": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 1_500, n), unit="s"),
            "x": rng.integers(0, 3, n).astype(float),
            "y": rng.integers(0, 3, n).astype(float),
            "number": np.arange(n),
        }
    )
    for each in (rows, rows.head(1), rows.assign(time=rows["time"].iloc[0]), rows.drop_duplicates("time")):
        pd.testing.assert_frame_equal(_in_order(each), each.sort_values(["time", "x", "y"], kind="stable"))
