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
        return parquet.ParquetFile(source).read()
    except (pa.ArrowException, OSError) as error:
        why = " ".join(str(error).split())[:200].rstrip(".")
        raise SourceError("unreadable_file", path=Path(source).name, why=why) from error
