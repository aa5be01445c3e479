"""A chart's table as an Excel workbook: one sheet of figures, one of sources and caveats.

Text is written as text, whatever it begins with: no cell is a formula or a link.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dashboard.figures.chart import Chart
from dashboard.figures.statement import statement
from data.words import say

__all__ = ["to_xlsx", "xlsx_of"]

AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
# The same chart gives the same bytes: a file of Excel holds when it was made, and the date of the data is on its second sheet.
MADE = datetime(2000, 1, 1)
WIDEST = 48  # characters of a column
LABEL, WORDS = 18, 110  # characters of the two columns on the sheet of sources


def to_xlsx(chart: Chart) -> bytes:
    """The table of a chart, and beside it everything that its pictures say, as a workbook of two sheets.

    Numbers stay numbers, days and times stay days and times, a gap is an empty cell.
    """
    return xlsx_of(chart.table, stated=statement(chart), title=chart.headline, comments=chart.source)


def xlsx_of(table: pd.DataFrame, *, stated: Sequence[tuple[str, str]], title: str, comments: str) -> bytes:
    """A table and what must travel with it, as ``to_xlsx`` writes them.

    Parameters
    ----------
    table : columns of numbers, dates and texts.
    stated : label and text of each line of the second sheet.
    title, comments : in the file's own properties.

    Returns
    -------
    bytes
        Of a workbook.
    """
    buffer = BytesIO()
    with Workbook(buffer, AS_TEXT) as book:
        book.set_properties({"title": title, "comments": comments, "created": MADE})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        _figures(book, book.add_worksheet(say("workbook.table")), table, head)
        _about(book.add_worksheet(say("workbook.about")), stated, head, book.add_format({"text_wrap": True}))
    return buffer.getvalue()


def _figures(book: Workbook, sheet: Worksheet, table: pd.DataFrame, head: Format) -> None:
    day, moment = (book.add_format({"num_format": each}) for each in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm"))
    for place, name in enumerate(table.columns):
        column = table.iloc[:, place]
        sheet.write_string(0, place, str(name), head)
        if is_bool_dtype(column.dtype):
            column = column.map({True: say("columns.yes"), False: say("columns.no")})
        dated = is_datetime64_any_dtype(column.dtype)
        whole_days = dated and bool((column.dropna() == column.dropna().dt.normalize()).all())
        for row, value in enumerate(column, start=1):
            if pd.isna(value):
                continue
            if dated:
                at = pd.Timestamp(value).tz_localize(None).to_pydatetime()  # Excel knows no zones
                sheet.write_datetime(row, place, at, day if whole_days else moment)
            elif is_numeric_dtype(column.dtype) and math.isfinite(value):
                sheet.write_number(row, place, float(value))
            else:
                sheet.write_string(row, place, str(value))
        longest = column.astype(str).str.len().max() if len(column) else 0
        sheet.set_column(place, place, min(max(len(str(name)) * 0.6, longest, 8) + 2, WIDEST))
    sheet.freeze_panes(1, 0)
    if table.shape[1]:
        sheet.autofilter(0, 0, max(len(table), 1), table.shape[1] - 1)


def _about(sheet: Worksheet, stated: Sequence[tuple[str, str]], head: Format, wrapped: Format) -> None:
    sheet.set_column(0, 0, LABEL)
    sheet.set_column(1, 1, WORDS)
    for row, (label, words) in enumerate(stated):
        sheet.write_string(row, 0, label, head)
        sheet.write_string(row, 1, words, wrapped)
