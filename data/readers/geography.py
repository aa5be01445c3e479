"""Polygons and lines from GeoJSON, read as JSON: GDAL would follow links and open other files that a hostile file names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
from shapely.errors import ShapelyError

from data.errors import SourceError

__all__ = ["read_geojson"]

POLYGONS = ("Polygon", "MultiPolygon")


def read_geojson(path: Path, *, shapes: tuple[str, ...] = POLYGONS) -> gpd.GeoDataFrame:
    """The features of a GeoJSON file, longitude and latitude in EPSG:4326, with their properties as columns.

    Raises
    ------
    SourceError
        When the file is missing, not GeoJSON, holds anything but ``shapes``, or lies outside the globe's degrees.
    """
    if not path.is_file():
        raise SourceError("missing_file", path=path.name, folder=str(path.parent))
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise SourceError("unreadable_file", path=path.name, why=str(error)) from error
    features = content.get("features") if isinstance(content, dict) else None
    if not features:
        raise SourceError("not_geojson", path=path.name)
    try:
        frame = gpd.GeoDataFrame.from_features(features, crs="EPSG:4326")
    except (KeyError, TypeError, ValueError, AttributeError, ShapelyError) as error:
        raise SourceError("unreadable_file", path=path.name, why=str(error) or "a feature has no geometry") from error
    _check(frame, path, shapes)
    return frame


def _check(frame: gpd.GeoDataFrame, path: Path, shapes: tuple[str, ...]) -> None:
    found = frame.geometry
    wrong = frame.index[found.isna() | found.is_empty | ~found.geom_type.isin(shapes)]
    if len(wrong):
        code = "not_polygons" if shapes == POLYGONS else "not_lines"
        raise SourceError(code, path=path.name, rows=list(wrong + 1))
    west, south, east, north = frame.total_bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise SourceError("not_degrees", path=path.name, bounds=[round(float(edge), 1) for edge in frame.total_bounds])
