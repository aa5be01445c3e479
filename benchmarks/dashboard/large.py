"""A city of 195 areas and a million incidents, made for this and labelled so: when its first number stands, and the rest."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from benchmarks.dashboard.overview import waited
from benchmarks.rows import Row

__all__ = ["rows", "write_large_city"]

COLUMNS, ROWS = 15, 13  # of areas, each a square kilometre
INCIDENTS = 1_000_000
CENTRES = 40  # around which incidents lie
DAYS = 3 * 365
KINDS = ("burglary", "noise", "theft", "vandalism")
CRS = "EPSG:32633"
WEST, SOUTH, SIDE = 500_000.0, 5_500_000.0, 1_000.0
CITY = """[city]
name = "Large"
timezone = "Europe/Prague"
crs = "EPSG:32633"
currency = "EUR"
origin = "made for a benchmark"
licence = "CC0"
synthetic = true

[areas.ward]
source = "wards.geojson"
id = "ward"
name = "title"
population = "people"

[incidents.reports]
source = "reports.parquet"
time = "time"
longitude = "longitude"
latitude = "latitude"
category = "kind"
areas = "ward"
equal_rows = "each"
reported_by = "public"

[series.requests]
from_points = "reports.parquet"
time = "time"
longitude = "longitude"
latitude = "latitude"
areas = "ward"
freq = "D"
unit = "requests"
"""


def rows(*, quick: bool = False) -> Iterator[Row]:
    """From cold, then after a restart; a tenth of the incidents where it is quick."""
    with tempfile.TemporaryDirectory() as folder:
        city = write_large_city(Path(folder), incidents=INCIDENTS // (10 if quick else 1))
        home = Path(folder) / "home"
        cold = waited(str(city), home)
        yield Row("cold_overview_first_s_large", cold.first, "s by the clock", 5.0, note=cold.note)
        yield Row("cold_overview_s_large", cold.whole, "s by the clock", note=cold.note)
        again = waited(str(city), home)
        yield Row("restart_overview_s_large", again.whole, "s by the clock", 2.0, note=again.note)


def write_large_city(folder: Path, *, incidents: int) -> Path:
    """Write the city's files.

    Parameters
    ----------
    folder : where they are to lie.
    incidents : how many.

    Returns
    -------
    Path
        Of its city.toml.
    """
    rng = np.random.default_rng(1)
    squares = [(column, row) for row in range(ROWS) for column in range(COLUMNS)]
    shapes = [box(*(_corner(*each) + _corner(each[0] + 1, each[1] + 1))) for each in squares]
    named = {
        "ward": [f"W{number:03d}" for number in range(len(squares))],
        "people": rng.integers(2_000, 30_000, len(squares)),
    }
    wards = gpd.GeoDataFrame(
        named | {"title": [f"Ward {each[1:]}" for each in named["ward"]]}, geometry=shapes, crs=CRS
    )
    wards.to_crs("EPSG:4326").to_file(folder / "wards.geojson", driver="GeoJSON")
    centres = rng.uniform((0, 0), (COLUMNS, ROWS), (CENTRES, 2))
    places = centres[rng.integers(0, CENTRES, incidents)] + rng.normal(0, 0.6, (incidents, 2))
    places = np.clip(places, 0.001, (COLUMNS - 0.001, ROWS - 0.001)) * SIDE + (WEST, SOUTH)
    points = gpd.GeoSeries.from_xy(*places.T, crs=CRS).to_crs("EPSG:4326")
    seconds = np.sort(rng.integers(0, DAYS * 86_400, incidents))
    reports = {
        "time": pd.Timestamp("2023-01-01") + pd.to_timedelta(seconds, unit="s"),
        "longitude": points.x.to_numpy(), "latitude": points.y.to_numpy(),
        "kind": np.array(KINDS)[rng.integers(0, len(KINDS), incidents)],
    }  # fmt: skip
    pd.DataFrame(reports).to_parquet(folder / "reports.parquet")
    path = folder / "city.toml"
    path.write_text(CITY, encoding="utf-8")
    return path


def _corner(column: int, row: int) -> tuple[float, float]:
    return WEST + column * SIDE, SOUTH + row * SIDE
