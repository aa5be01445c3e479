"""The only files that open foreign bytes."""

from data.readers.geography import read_geojson
from data.readers.tables import read_table

__all__ = ["read_geojson", "read_table"]
