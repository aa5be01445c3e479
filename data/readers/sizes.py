"""Files that hold more than is read, refused before they are parsed: by their headers, or as soon as they have expanded so far."""

from __future__ import annotations

import gzip
import os
import struct
import zlib

import pyarrow as pa
from pyarrow import parquet

from data.errors import SourceError

__all__ = ["MOST_BYTES", "MOST_VALUES", "refuse_expanded", "refuse_parquet", "refuse_size", "unpacked"]

MEGABYTE = 1 << 20
MOST_BYTES = 2048 * MEGABYTE  # once unpacked: some ten million rows of twenty columns
MOST_VALUES = 500_000_000  # rows times columns; each takes 8 bytes or more of memory
# Tables shrink to a tenth, seldom to a fiftieth; what shrinks further and is large was made to do harm.
TIMES, UNSUSPECTED = 100, 16 * MEGABYTE
STEP = MEGABYTE


def refuse_size(name: str, size: int) -> None:
    """Refuse a file that has more bytes than are read.

    Parameters
    ----------
    name : of the file, for the sentence.
    size : in bytes, once it is unpacked.

    Raises
    ------
    SourceError
        When it has.
    """
    if size > MOST_BYTES:
        raise SourceError("too_many_bytes", path=name, megabytes=size / MEGABYTE, most=MOST_BYTES / MEGABYTE)


def unpacked(name: str, file: int) -> int:
    """A new file in memory that holds what a gzipped one does.

    Parameters
    ----------
    name : of the gzipped file, for the sentence.
    file : the gzipped file, open.

    Returns
    -------
    The new file, open.

    Raises
    ------
    SourceError
        When it expands to more than is read, or further than tables do, or is no gzip.
    """
    packed = os.fstat(file).st_size
    if packed >= 18:  # the least that gzip needs; the last four bytes are the size before packing, modulo 2^32
        refuse_expanded(name, packed, struct.unpack("<I", os.pread(file, 4, packed - 4))[0])
    fresh = os.memfd_create(name)
    try:
        with (
            open(os.dup(file), "rb") as source,
            gzip.open(source) as stream,
            open(fresh, "wb", closefd=False) as target,
        ):
            while part := stream.read(STEP):
                target.write(part)
                # Beside what was taken so far: of a large bomb no more is unpacked than of a small one.
                refuse_expanded(name, source.tell(), target.tell())
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError("unreadable_file", path=name, why=str(error).rstrip(".")) from error
    return fresh


def refuse_expanded(name: str, packed: int, size: int) -> None:
    """Refuse a file that holds more than is read, or expands further than tables do.

    Parameters
    ----------
    name : of the file, for the sentence.
    packed : bytes as they lie in it.
    size : bytes once they are unpacked.

    Raises
    ------
    SourceError
        When it does.
    """
    refuse_size(name, size)
    if size > UNSUSPECTED and size > TIMES * packed:
        raise SourceError("expands_too_far", path=name, megabytes=size / MEGABYTE, times=TIMES)


def refuse_parquet(name: str, path: str) -> None:
    """Refuse a Parquet file whose footer tells of more than is read.

    Parameters
    ----------
    name : of the file, for the sentence.
    path : where it is opened.

    Raises
    ------
    SourceError
        When it does. What is no Parquet is left to the reader.
    """
    try:
        about = parquet.read_metadata(path)
    except (pa.ArrowException, OSError):
        return
    if about.num_rows * about.num_columns > MOST_VALUES:
        evidence = {"rows": about.num_rows, "columns": about.num_columns, "most": MOST_VALUES}
        raise SourceError("too_many_values", path=name, **evidence)
    refuse_size(name, sum(about.row_group(group).total_byte_size for group in range(about.num_row_groups)))
