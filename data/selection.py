"""Which rows a section asks for: its drop rules, and its first and last day."""

from __future__ import annotations

import re

import pandas as pd

from data.cityfile import Section
from data.schemas import column

__all__ = ["dropped", "first_day", "last_day", "words_of"]

# What stands in the place of an empty category.
UNKNOWN = "unknown"


def dropped(table: pd.DataFrame, section: Section) -> pd.Series:
    """Whether a drop rule leaves a row out: the value of the column matches a pattern, in which ``*`` is any text."""
    out = pd.Series(False, index=table.index)
    for name, patterns in section.get("drop", {}).items():
        text = column(table, name, table=section.label).astype("string").str.strip().fillna("")
        for pattern in [patterns] if isinstance(patterns, str) else patterns:
            expression = ".*".join(re.escape(part) for part in pattern.split("*"))
            out |= text.str.fullmatch(expression).astype(bool)
    return out


def words_of(values: pd.Series) -> pd.Series:
    """Categories as text; an empty one is "unknown"."""
    text = values.astype("string").str.strip().fillna("")
    return text.mask(text == "", UNKNOWN).astype(object)


def first_day(section: Section) -> pd.Timestamp | None:
    """The first day asked for, if one is."""
    return None if section.get("from") is None else pd.Timestamp(section["from"]).normalize()


def last_day(section: Section) -> pd.Timestamp | None:
    """The last day asked for, if one is."""
    return None if section.get("until") is None else pd.Timestamp(section["until"]).normalize()
