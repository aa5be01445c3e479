"""CSV, plain or gzipped."""

from __future__ import annotations

import codecs
import contextlib
import re
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from data.errors import SourceError
from data.readers.quotes import line_of_open_quote
from data.words import Sentence

__all__ = ["read_csv"]

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
OTHER_DELIMITERS = {b";": "semicolons", b"\t": "tabs", b"|": "bars"}
PART = 1 << 24  # bytes
LONGEST_LINE = 1_000_000  # bytes: the reader holds a file in parts of 1 MiB, and a row must fit into one
_QUOTED = re.compile(rb'"[^"]*"')
_HEADER = re.compile(rb"[^\r\n]+")


def read_csv(source: str) -> pa.Table:
    """The rows of a file in UTF-8 with commas, every value as text, so that "01001" and "NA" stay what they are.

    Empty lines are no rows.

    Raises
    ------
    SourceError
        When it is not in UTF-8 or not with commas, a quote is not closed, or a row has too many or too few values.
    """
    path = Path(source)
    try:
        with pa.input_stream(str(path), compression="detect") as stream:
            content = stream.read().removeprefix(BYTE_ORDER_MARK)
        return _read_csv(content, name=path.name)
    except (pa.ArrowException, OSError) as error:
        raise SourceError("unreadable_file", path=path.name, why=_one_line(error)) from error


def _read_csv(content: bytes, *, name: str) -> pa.Table:
    if not content.strip():
        raise SourceError("empty_file", path=name)
    _check_encoding(content, name=name)
    _check_delimiter(content, name=name)
    # A quoted line break belongs to its value. The reader is strict about the number of values; pandas would pad.
    parse = csv.ParseOptions(newlines_in_values=True)
    try:
        names = _names(content)
    except pa.ArrowInvalid:
        _check_lines(content, name=name)
        raise
    line = line_of_open_quote(content, columns=len(names))
    if line is not None:
        raise SourceError("open_quote", path=name, line=line)
    try:
        convert = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
        return csv.read_csv(pa.BufferReader(content), parse_options=parse, convert_options=convert)
    except pa.ArrowInvalid as error:
        _check_lines(content, name=name)
        ragged = _ragged_rows(content)
        if not ragged:
            raise
        evidence = {"rows": [row.number - 1 for row in ragged], "columns": ragged[0].expected_columns}
        raise SourceError("ragged_rows", path=name, **evidence) from error


def _check_encoding(content: bytes, *, name: str) -> None:
    """Refuse what is not in UTF-8; part by part, as the letters of a whole file take up to four times its bytes."""
    decoder, parts = codecs.getincrementaldecoder("utf-8")(), memoryview(content)
    try:
        for start in range(0, len(content), PART):
            decoder.decode(parts[start : start + PART])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise SourceError("not_utf8", path=name) from error


def _check_delimiter(content: bytes, *, name: str) -> None:
    """Refuse a header that has more of another delimiter than commas."""
    found = _HEADER.search(content)
    header = _QUOTED.sub(b"", found[0]) if found else b""
    for mark, word in OTHER_DELIMITERS.items():
        if header.count(mark) > header.count(b","):
            raise SourceError("other_delimiter", path=name, delimiter=Sentence(f"delimiters.{word}"))


def _check_lines(content: bytes, *, name: str) -> None:
    """Refuse a line that the reader cannot hold."""
    for number, line in enumerate(content.splitlines(), start=1):
        if len(line) > LONGEST_LINE:
            raise SourceError("line_too_long", path=name, line=number, most=LONGEST_LINE)


def _names(content: bytes) -> list[str]:
    parse = csv.ParseOptions(newlines_in_values=True, invalid_row_handler=lambda row: "skip")
    with csv.open_csv(pa.BufferReader(content), parse_options=parse) as start:
        return [str(each) for each in start.schema.names]


def _ragged_rows(content: bytes) -> list[csv.InvalidRow]:
    """All rows with too many or too few values, the header being row 1; only a single thread can number them."""
    rows: list[csv.InvalidRow] = []

    def note(row: csv.InvalidRow) -> str:
        rows.append(row)
        return "skip"

    parse = csv.ParseOptions(newlines_in_values=True, invalid_row_handler=note)
    with contextlib.suppress(pa.ArrowInvalid):  # whatever else is wrong with the file, the rows noted are ragged
        csv.read_csv(pa.BufferReader(content), read_options=csv.ReadOptions(use_threads=False), parse_options=parse)
    return rows


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200].rstrip(".")
