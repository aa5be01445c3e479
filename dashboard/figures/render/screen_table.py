"""A chart's table on the screen: the same numbers, with as many digits as the chart writes."""

from __future__ import annotations

import math
from typing import Literal

import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

from analytics.spreadsheets import harmless
from dashboard.figures.chart import Chart
from dashboard.figures.columns import SHARE, column
from data.words import say

__all__ = ["Kind", "kind_of", "screen_table"]

Kind = Literal["text", "number", "name", "share", "day", "moment"]
PLACES, TIMES = ("x", "y", "longitude", "latitude"), ("year", "hour")
DIGITS = 3  # that matter, as in every sentence


def screen_table(chart: Chart) -> pd.DataFrame:
    """The rows of a chart's table, rounded as its words are; whole numbers and coordinates stay as they are."""
    return pd.DataFrame({str(name): _rounded(str(name), chart.table[name]) for name in chart.table})


def kind_of(name: str, values: pd.Series) -> Kind:
    """How a column is written: a ``name`` is a number that is no amount, such as a year.

    Parameters
    ----------
    name : its head.
    values : that stand in it.

    Returns
    -------
    The kind, from the head where two kinds look alike.
    """
    if is_datetime64_any_dtype(values.dtype):
        known = values.dropna()
        return "day" if (known == known.dt.normalize()).all() else "moment"
    if is_bool_dtype(values.dtype) or not is_numeric_dtype(values.dtype):
        return "text"
    if name in _heads(*TIMES):
        return "name"
    return "share" if name.endswith(_share_ending()) else "number"


def _rounded(name: str, values: pd.Series) -> pd.Series:
    if is_bool_dtype(values.dtype):
        return values.map({True: say("columns.yes"), False: say("columns.no")})
    if is_datetime64_any_dtype(values.dtype):
        return values
    if not is_numeric_dtype(values.dtype):
        return values.map(lambda value: harmless(value) if isinstance(value, str) else value)
    return values if _is_exact(name) else values.map(_number)


def _number(value: float) -> float:
    if not math.isfinite(value) or value == round(value):
        return value
    return round(value, DIGITS - 1 - math.floor(math.log10(abs(value))))


def _is_exact(name: str) -> bool:
    """Whether a column tells where or when something is: its digits are no precision."""
    return any(name == head or name.startswith(f"{head} (") for head in _heads(*PLACES, *TIMES))


def _heads(*names: str) -> set[str]:
    return {column(name) for name in names}


def _share_ending() -> str:
    return column("share", unit=SHARE).removeprefix(column("share"))
