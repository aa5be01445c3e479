"""Parquet."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from data.errors import SourceError

__all__ = ["read_parquet"]


def read_parquet(source: str) -> pa.Table:
    """The rows of a file with the types that it states.

    Raises
    ------
    SourceError
        When it is damaged, or no Parquet.
    """
    try:
        table = parquet.ParquetFile(source).read()
    except (pa.ArrowException, OSError) as error:
        why = " ".join(str(error).split())[:200].rstrip(".")
        raise SourceError("unreadable_file", path=Path(source).name, why=why) from error
    kinds = [pa.string() if _bytes(each.type) else each.type for each in table.schema]
    try:
        return table.cast(pa.schema(list(zip(table.column_names, kinds, strict=True))))
    except pa.ArrowInvalid as error:
        raise SourceError("not_utf8", path=Path(source).name) from error


def _bytes(kind: pa.DataType) -> bool:
    """Whether a column holds bytes, which are texts where they are in UTF-8."""
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind))
