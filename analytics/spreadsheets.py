"""Tables as CSV that a spreadsheet shows as they are: no name in the data becomes a formula there."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from data.words import Sentence

__all__ = ["csv_of", "harmless"]

# Spreadsheets run a cell that begins with one of these as a formula; in East Asia the wide ones too (OWASP, CSV injection).
FORMULA = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")


def harmless(text: str) -> str:
    """The text of a cell, with an apostrophe before it where a spreadsheet would run it."""
    return f"'{text}" if FORMULA.match(text) else text


def csv_of(frame: pd.DataFrame) -> bytes:
    """A table in UTF-8 with commas: texts are harmless in a spreadsheet, and whatever is no text stays as it is.

    The index is left out where it only numbers the rows.
    """
    names = ["" if name is None else name for name in frame.index.names]
    numbered = isinstance(frame.index, pd.RangeIndex)
    table = frame if numbered else frame.reset_index(names=names, allow_duplicates=True)
    cells = [table.iloc[:, place] for place in range(table.shape[1])]
    safe = [cell if pd.api.types.is_numeric_dtype(cell.dtype) else cell.astype(object).map(_cell) for cell in cells]
    made = pd.concat(safe, axis=1) if safe else table
    return made.to_csv(index=False, header=[harmless(str(name)) for name in table.columns]).encode()


def _cell(value: Any) -> Any:
    return harmless(str(value)) if isinstance(value, str | Sentence) else value
