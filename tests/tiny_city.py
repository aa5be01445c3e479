"""A city of two squares that one can check by hand, and ways to spoil it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

# Two squares of 0.1 degrees side by side near 15° E, 50° N; the second lies east of the first.
WEST, EAST = (15.05, 50.05), (15.15, 50.05)
OUTSIDE = (15.95, 50.05)

TOML = """
[city]
name = "Tiny"
timezone = "Europe/Prague"
crs = "EPSG:32633"
currency = "CZK"
licence = "CC0"

[areas.ward]
source = "wards.geojson"
id = "ward"
name = "title"
population = "people"

[incidents.theft]
source = "thefts.csv"
time = "when"
longitude = "lon"
latitude = "lat"
areas = "ward"
until = 2024-01-03

[series.requests]
source = "requests.csv"
period = "day"
area = "ward"
areas = "ward"
value = "n"
freq = "D"
unit = "requests"
"""


def square(left: float, low: float, *, side: float = 0.1) -> dict[str, Any]:
    """A GeoJSON polygon."""
    right, high = left + side, low + side
    return {"type": "Polygon", "coordinates": [[[left, low], [right, low], [right, high], [left, high], [left, low]]]}


def geojson(features: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> str:
    """A FeatureCollection of (properties, geometry)."""
    made = [{"type": "Feature", "properties": dict(about), "geometry": dict(shape)} for about, shape in features]
    return json.dumps({"type": "FeatureCollection", "features": made})


WARDS = geojson(
    [
        ({"ward": 1, "title": "WEST END", "people": 100}, square(15.0, 50.0)),
        ({"ward": 2, "title": "Eastgate", "people": 300}, square(15.1, 50.0)),
    ]
)
THEFTS = "when,lon,lat\n2024-01-01 10:00,15.05,50.05\n2024-01-02 11:00,15.15,50.05\n2024-01-03 12:00,15.15,50.06\n"
REQUESTS = (
    "day,ward,n\n2024-01-01,1,3\n2024-01-01,2,4\n2024-01-02,1,0\n2024-01-02,2,5\n2024-01-03,1,1\n2024-01-03,2,2\n"
)


def write_city(folder: Path, *, toml: str = TOML, **files: str) -> Path:
    """Write the city into a folder, some of its files replaced (by stem), and return its city.toml."""
    texts = {"wards": WARDS, "thefts": THEFTS, "requests": REQUESTS} | files
    for name, text in texts.items():
        kind = "geojson" if text.startswith("{") else "csv"
        (folder / f"{name}.{kind}").write_text(text, encoding="utf-8")
    path = folder / "city.toml"
    path.write_text(toml, encoding="utf-8")
    return path


def spoiled(old: str, new: str, *, text: str = TOML) -> str:
    """The text with one part replaced, which must be in it."""
    assert old in text
    return text.replace(old, new, 1)
