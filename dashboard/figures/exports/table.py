"""A chart's table as CSV: comment lines with all that must travel, then the columns.

``pandas.read_csv(file, comment="#")`` and spreadsheets both read it. Text cells are quoted, so that a ``#`` or a comma
inside them is no comment and no column.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from analytics.spreadsheets import harmless
from dashboard.figures.chart import Chart
from dashboard.figures.statement import statement
from data.words import say

__all__ = ["csv_of", "to_csv"]

# A comment line is split into cells at these, and what follows would begin a cell.
INSIDE = re.compile(r"([,;|\t])(\s*)(?=[=+\-@＝＋－＠])")
BOM = "\ufeff"  # without it Excel takes UTF-8 for the machine's own code page


def to_csv(chart: Chart) -> bytes:
    """UTF-8 bytes: the statement of the chart in lines that begin with ``#``, then its table.

    Numbers stay numbers, dates are ISO 8601, a gap is empty; text that a spreadsheet would run is made harmless by an
    apostrophe before it.
    """
    return csv_of(chart.table, stated=statement(chart))


def csv_of(table: pd.DataFrame, *, stated: Sequence[tuple[str, str]]) -> bytes:
    """A table and what must travel with it, as ``to_csv`` writes them.

    Parameters
    ----------
    table : columns of numbers, dates and texts.
    stated : label and text of each line before it.

    Returns
    -------
    bytes
        UTF-8.
    """
    buffer = io.StringIO()
    buffer.write(BOM)
    for label, text in stated:
        buffer.write(f"# {_comment(label)}: {_comment(text)}\r\n")
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([harmless(str(column)) for column in table.columns])
    columns = [_cells(table.iloc[:, index]) for index in range(table.shape[1])]
    writer.writerows(zip(*columns, strict=True))
    return buffer.getvalue().encode("utf-8")


def _comment(text: str) -> str:
    one_line = " ".join(text.split()).replace('"', "”")
    return INSIDE.sub(r"\1\2'", one_line)


def _cells(column: pd.Series) -> list[object]:
    if is_bool_dtype(column.dtype):
        return [say("columns.yes" if value else "columns.no") for value in column]
    if is_numeric_dtype(column.dtype):
        return [None if pd.isna(value) else _number(value) for value in column.tolist()]
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return ["" if pd.isna(value) else _date(value) for value in column]
    return [_cell(value) for value in column]


def _cell(value: Any) -> object:
    """A value of a column of texts, in which a number may stand."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "" if pd.isna(value) else _number(value)
    return "" if pd.isna(value) else harmless(str(value))


def _number(value: float) -> float | int:
    """Ten digits that matter: more than any of our figures has, and no tail of binary rounding."""
    return value if isinstance(value, int) else float(f"{value:.10g}")


def _date(value: pd.Timestamp) -> str:
    return value.date().isoformat() if value == value.normalize() else value.isoformat()
