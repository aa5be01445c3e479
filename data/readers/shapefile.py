"""Shapefiles in a zip, read without GDAL: of what is in the zip only the parts of one Shapefile are opened, by their names."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError, ProjError

from data.errors import SourceError
from data.readers.sizes import refuse_expanded, refuse_size

__all__ = ["read_bare_shapefile", "read_shapefile"]

PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def read_bare_shapefile(source: str) -> gpd.GeoDataFrame:
    """Refuse a .shp without the files that belong to it.

    Raises
    ------
    SourceError
        Always: it tells to zip them.
    """
    raise SourceError("shapefile_alone", path=Path(source).name)


def read_shapefile(source: str) -> gpd.GeoDataFrame:
    """The features of a zipped Shapefile in EPSG:4326, with their properties as columns.

    Raises
    ------
    SourceError
        When the zip is damaged, holds more than is read or not just one Shapefile, or that has no projection or cannot be read.
    """
    name = Path(source).name
    try:
        with zipfile.ZipFile(source) as packed:
            parts = _parts(packed, name)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise SourceError("unreadable_file", path=name, why=_one_line(error)) from error
    crs = _projection(parts, name)
    shapes, records = _features(parts, name)
    if not shapes:
        raise SourceError("not_geojson", path=name)
    try:
        return gpd.GeoDataFrame(records, geometry=shapes, crs=crs).to_crs("EPSG:4326")
    except (ValueError, ProjError) as error:
        raise SourceError("unreadable_file", path=name, why=_one_line(error)) from error


def _parts(packed: zipfile.ZipFile, name: str) -> dict[str, bytes]:
    """The parts of the one Shapefile in a zip by their endings."""
    own = [each for each in packed.infolist() if not each.is_dir() and not each.filename.startswith("__MACOSX/")]
    found = sorted(each.filename for each in own if each.filename.lower().endswith(".shp"))
    if len(found) != 1:
        raise SourceError("shapefiles", path=name, names=found)
    stem = found[0][: -len(".shp")]
    wanted = {each.filename[len(stem) :].lower(): each for each in own if each.filename.startswith(stem)}
    wanted = {end: each for end, each in wanted.items() if end in PARTS}
    size, taken = (sum(getattr(each, what) for each in wanted.values()) for what in ("file_size", "compress_size"))
    refuse_size(name, size)
    refuse_expanded(name, taken, size)
    return {end: packed.read(each) for end, each in wanted.items()}


def _projection(parts: dict[str, bytes], name: str) -> CRS:
    if ".prj" not in parts:
        raise SourceError("shapefile_projection", path=name)
    try:
        return CRS.from_wkt(parts[".prj"].decode("utf-8", errors="replace"))
    except CRSError as error:
        raise SourceError("shapefile_projection", path=name) from error


def _features(parts: dict[str, bytes], name: str) -> tuple[list[Any], list[dict[str, Any]]]:
    import shapefile

    encoding = parts.get(".cpg", b"utf-8").decode("ascii", errors="replace").strip() or "utf-8"
    files: dict[str, Any] = {end[1:]: io.BytesIO(parts[end]) for end in (".shp", ".shx", ".dbf") if end in parts}
    doubtful = (shapefile.PossibleDataLoss, shapefile.PossiblyCorruptFileHeader)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for each in doubtful:  # nothing is lost without a word
                warnings.simplefilter("error", each)
            reader = shapefile.Reader(**files, encoding=encoding)
            shapes = [None if not each.points else shapely.geometry.shape(each) for each in reader.iterShapes()]
            records = [each.as_dict() for each in reader.iterRecords()] if ".dbf" in parts else [{} for _ in shapes]
    except UnicodeDecodeError as error:
        raise SourceError("not_utf8", path=name) from error
    except (shapefile.ShapefileException, *doubtful, struct.error, ValueError, LookupError, IndexError, TypeError, MemoryError,
            shapely.errors.ShapelyError, OSError) as error:  # fmt: skip
        raise SourceError("unreadable_file", path=name, why=_one_line(error)) from error
    if len(shapes) != len(records):
        raise SourceError("shapefile_records", path=name, shapes=len(shapes), records=len(records))
    return shapes, records


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__
