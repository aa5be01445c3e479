"""Tables from CSV, gzipped CSV and Parquet."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyarrow import csv, parquet

from data.errors import SourceError

__all__ = ["read_table"]

KINDS = (".csv", ".csv.gz", ".parquet")


def read_table(path: Path) -> pd.DataFrame:
    """The rows of a file; of a CSV every value as text, so that "01001" and the country code "NA" stay what they are.

    Raises
    ------
    SourceError
        When the file is missing, of another kind, or has a row with too many or too few values: no row is dropped.
    """
    if not path.is_file():
        raise SourceError("missing_file", path=path.name, folder=str(path.parent))
    try:
        if path.name.endswith(".parquet"):
            return parquet.ParquetFile(path).read().to_pandas()  # type: ignore[no-any-return]
        if path.name.endswith((".csv", ".csv.gz")):
            return _read_csv(path)
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError) as error:
        raise SourceError("unreadable_file", path=path.name, why=_one_line(error)) from error
    raise SourceError("unknown_kind", path=path.name, kinds=KINDS)


def _read_csv(path: Path) -> pd.DataFrame:
    parse = csv.ParseOptions(newlines_in_values=True)
    with csv.open_csv(path, parse_options=parse) as start:
        names = start.schema.names
    convert = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    table = csv.read_csv(path, parse_options=parse, convert_options=convert)
    return table.to_pandas().astype("str")  # type: ignore[no-any-return]


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200].rstrip(".")
