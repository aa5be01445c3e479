"""Street networks: lines from a GeoJSON file, in the city's own metres."""

from __future__ import annotations

import geopandas as gpd

from data.cityfile import Section
from data.dataset import Network
from data.errors import TableError
from data.places import provenance_of
from data.readers import read_geojson

__all__ = ["read_network"]

LINES = ("LineString", "MultiLineString")


def read_network(section: Section, *, crs: str) -> Network:
    """The lines of one section; a line in several parts becomes several lines.

    Raises
    ------
    SourceError
        When the file is missing, not GeoJSON, or holds anything but lines.
    TableError
        When every line has no length.
    """
    source = read_geojson(section.path(), shapes=LINES)
    parts = source[["geometry"]].explode(index_parts=False, ignore_index=True)
    metric = parts.to_crs(crs)
    long = metric.geometry.length > 0
    if not long.any():
        raise TableError("no_streets", table=section.label)
    frame = gpd.GeoDataFrame(geometry=metric.geometry[long].to_numpy(), crs=crs)
    provenance = provenance_of(section, rows_read=len(source))
    return Network(section.name, section.title, frame, provenance)
