"""The only files that open foreign bytes, one format a file."""

from data.readers.csv import read_csv as _read_csv
from data.readers.formats import LINES, POLYGONS, ROWS, SHAPES, read_rows, read_shapes
from data.readers.geojson import read_geojson as _read_geojson
from data.readers.parquet import read_parquet as _read_parquet
from data.readers.shapefile import read_bare_shapefile as _read_bare_shapefile
from data.readers.shapefile import read_shapefile as _read_shapefile
from data.readers.tntp import read_tntp as _read_tntp

__all__ = ["LINES", "POLYGONS", "ROWS", "SHAPES", "read_rows", "read_shapes"]

ROWS |= {
    ".csv": _read_csv,
    ".csv.gz": _read_csv,
    ".parquet": _read_parquet,
    ".tntp": _read_tntp,
    ".tntp.gz": _read_tntp,
}
SHAPES |= {".geojson": _read_geojson, ".json": _read_geojson, ".zip": _read_shapefile, ".shp": _read_bare_shapefile}
