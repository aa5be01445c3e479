"""GeoJSON, read as JSON: GDAL would follow links and open other files that a hostile file names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
from shapely.errors import ShapelyError

from data.errors import SourceError
from data.words import Sentence

__all__ = ["read_geojson"]

LONGEST = 300  # digits that a float can hold


def read_geojson(source: str) -> gpd.GeoDataFrame:
    """The features of a file in EPSG:4326, with their properties as columns.

    Raises
    ------
    SourceError
        When it is not GeoJSON.
    """
    path = Path(source)
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=str, parse_int=_whole)
    except UnicodeDecodeError as error:
        raise SourceError("not_utf8", path=path.name) from error
    except RecursionError as error:
        raise SourceError("nested_too_deep", path=path.name) from error
    except (OSError, json.JSONDecodeError) as error:
        raise SourceError("unreadable_file", path=path.name, why=str(error)) from error
    features = content.get("features") if isinstance(content, dict) else None
    if not features:
        raise SourceError("not_geojson", path=path.name)
    try:
        return gpd.GeoDataFrame.from_features(features, crs="EPSG:4326")
    except RecursionError as error:
        raise SourceError("nested_too_deep", path=path.name) from error
    except (KeyError, TypeError, ValueError, AttributeError, ShapelyError) as error:
        why = str(error) or Sentence("wanted.no_geometry")
        raise SourceError("unreadable_file", path=path.name, why=why) from error


def _whole(digits: str) -> int | float:
    """A number of hundreds of digits is beyond all that can be counted: infinity, as for floats."""
    return int(digits) if len(digits) <= LONGEST else float(digits)
