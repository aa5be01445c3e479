"""Tables from CSV, gzipped CSV and Parquet."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyarrow import csv, parquet

from data.errors import SourceError

__all__ = ["read_table"]

KINDS = (".csv", ".csv.gz", ".parquet")


def read_table(path: Path) -> pd.DataFrame:
    """The rows of a file, numbered from 0; of a CSV every value as text, so that "01001" and "NA" stay what they are.

    A CSV is in UTF-8 with commas. Empty lines are no rows.

    Raises
    ------
    SourceError
        When the file is missing, of another kind, has two columns of one name, or a row with too many or too few values.
    """
    if not path.is_file():
        raise SourceError("missing_file", path=path.name, folder=str(path.parent))
    try:
        if path.name.endswith(".parquet"):
            table = parquet.ParquetFile(path).read()
        elif path.name.endswith((".csv", ".csv.gz")):
            table = _read_csv(path)
        else:
            raise SourceError("unknown_kind", path=path.name, kinds=KINDS)
    except UnicodeDecodeError as error:
        raise SourceError("not_utf8", path=path.name) from error
    except (pa.ArrowException, OSError) as error:
        code = "not_utf8" if "invalid UTF8" in str(error) else "unreadable_file"
        raise SourceError(code, path=path.name, why=_one_line(error)) from error
    twice = sorted({name for name in table.column_names if table.column_names.count(name) > 1})
    if twice:
        raise SourceError("duplicate_column", path=path.name, columns=twice)
    return table.to_pandas(ignore_metadata=True)  # type: ignore[no-any-return]


def _read_csv(path: Path) -> pa.Table:
    # A quoted line break belongs to its value. The reader is strict about the number of values; pandas would pad.
    parse = csv.ParseOptions(newlines_in_values=True)
    try:
        with csv.open_csv(path, parse_options=parse) as start:
            names = start.schema.names
        convert = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
        return csv.read_csv(path, parse_options=parse, convert_options=convert)
    except pa.ArrowInvalid as error:
        ragged = _ragged_rows(path)
        if not ragged:
            raise
        evidence = {"rows": [row.number - 1 for row in ragged], "columns": ragged[0].expected_columns}
        raise SourceError("ragged_rows", path=path.name, **evidence) from error


def _ragged_rows(path: Path) -> list[csv.InvalidRow]:
    """All rows with too many or too few values, the header being row 1; only a single thread can number them."""
    rows: list[csv.InvalidRow] = []

    def note(row: csv.InvalidRow) -> str:
        rows.append(row)
        return "skip"

    parse = csv.ParseOptions(newlines_in_values=True, invalid_row_handler=note)
    with contextlib.suppress(pa.ArrowInvalid):  # whatever else is wrong with the file, the rows noted are ragged
        csv.read_csv(path, read_options=csv.ReadOptions(use_threads=False), parse_options=parse)
    return rows


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200].rstrip(".")
