"""CSV, plain or gzipped."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from data.errors import SourceError

__all__ = ["read_csv"]


def read_csv(source: str) -> pa.Table:
    """The rows of a file in UTF-8 with commas, every value as text, so that "01001" and "NA" stay what they are.

    Empty lines are no rows.

    Raises
    ------
    SourceError
        When it is not in UTF-8, or a row has too many or too few values.
    """
    path = Path(source)
    try:
        return _read_csv(path)
    except UnicodeDecodeError as error:
        raise SourceError("not_utf8", path=path.name) from error
    except (pa.ArrowException, OSError) as error:
        code = "not_utf8" if re.search(r"invalid UTF8", str(error)) else "unreadable_file"
        raise SourceError(code, path=path.name, why=_one_line(error)) from error


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
