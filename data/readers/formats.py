"""Which file reads which format: found by the end of a file's name, or by the scheme of an address.

A reader is a function of the source, one format a file. The only files that open foreign bytes are in this folder, and they do
so in processes of their own: what a reader is given as a file is ``/dev/fd/N``, whose name says nothing, and no gzip.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import pandas as pd
import pyarrow as pa

from data.errors import SourceError
from data.readers.apart import read_apart
from data.readers.tntp import STATED

__all__ = ["LINES", "POLYGONS", "ROWS", "SHAPES", "read_rows", "read_shapes", "reader_of"]

R = TypeVar("R")

OURS = "data.readers."
POLYGONS = ("Polygon", "MultiPolygon")
LINES = ("LineString", "MultiLineString")

ROWS: dict[str, Callable[[str], pa.Table]] = {}
"""Readers of rows by suffix (".csv") or scheme ("sqlite://"); what they read keeps its texts as they are."""
SHAPES: dict[str, Callable[[str], gpd.GeoDataFrame]] = {}
"""Readers of shapes, longitude and latitude in EPSG:4326, their properties as columns."""


def reader_of(readers: dict[str, Callable[[str], R]], name: str) -> Callable[[str], R]:
    """The reader of a file of this name: that of the longest suffix that it ends in.

    Parameters
    ----------
    readers : ``ROWS`` or ``SHAPES``.
    name : of the file.

    Returns
    -------
    A function of the source.

    Raises
    ------
    SourceError
        When files of this kind are not read.
    """
    found = sorted((end for end in readers if name.lower().endswith(end)), key=len)
    if not found:
        raise SourceError("unknown_kind", path=name, kinds=list(readers))
    return readers[found[-1]]


def _read(readers: dict[str, Callable[[str], R]], source: str, *, kind: str) -> R:
    """What the reader of a source makes of it: a file's in a process of its own, an address's by its scheme."""
    scheme, colon, _ = source.partition("://")
    if colon:
        if f"{scheme}://" not in readers:
            raise SourceError("unknown_kind", path=f"{scheme}://", kinds=list(readers))
        return readers[f"{scheme}://"](source)
    path = Path(source)
    if not _is_file(path):
        raise SourceError("missing_file", path=path.name, folder=str(path.parent))
    reader = reader_of(readers, path.name)
    if not reader.__module__.startswith(OURS):  # what somebody registered here is known to this process alone
        return reader(source)
    read: R = read_apart(reader, source, kind=kind)
    return read


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that is too long, or holds a NUL
        return False


def read_rows(source: str | Path) -> pd.DataFrame:
    """The rows of a source, numbered from 0; ``attrs`` has what the source tells of itself.

    Raises
    ------
    SourceError
        When it is missing, of a format that is not read, has two columns of one name, or cannot be read.
    """
    table = _read(ROWS, str(source), kind="rows")
    twice = sorted(name for name, times in Counter(table.column_names).items() if times > 1)
    if twice:
        raise SourceError("duplicate_column", path=Path(source).name, columns=twice)
    try:
        frame: pd.DataFrame = table.to_pandas(ignore_metadata=True)
    except UnicodeDecodeError as error:  # a damaged file whose form is whole
        raise SourceError("not_utf8", path=Path(source).name) from error
    frame.attrs = json.loads((table.schema.metadata or {}).get(STATED, b"{}"))
    return frame


def read_shapes(source: str | Path, *, shapes: tuple[str, ...] = POLYGONS) -> gpd.GeoDataFrame:
    """The features of a source.

    Parameters
    ----------
    source : a file, or an address with a scheme.
    shapes : the types of geometry that it may hold, ``POLYGONS`` or ``LINES``.

    Returns
    -------
    gpd.GeoDataFrame
        Longitude and latitude in EPSG:4326, their properties as columns.

    Raises
    ------
    SourceError
        When it is missing, of a format that is not read, cannot be read, holds anything but ``shapes``, or lies outside the
        globe's degrees.
    """
    frame, name = _read(SHAPES, str(source), kind="shapes"), Path(source).name
    found = frame.geometry
    wrong = frame.index[found.isna() | found.is_empty | ~found.geom_type.isin(shapes)]
    if len(wrong):
        raise SourceError("not_polygons" if shapes == POLYGONS else "not_lines", path=name, rows=list(wrong + 1))
    west, south, east, north = frame.total_bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise SourceError("not_degrees", path=name, bounds=[round(float(edge), 1) for edge in frame.total_bounds])
    return frame
