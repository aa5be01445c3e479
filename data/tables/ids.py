"""Ids of areas, and categories, as text."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

__all__ = ["as_ids", "known_ids", "words_of"]

UNKNOWN = "unknown"  # what stands in the place of an empty category


def as_ids(values: pd.Series) -> pd.Series:
    """Area ids as text: 11 and 11.0 become "11"; "01001" stays."""

    def written(each: pd.Series) -> pd.Series:
        text = each.astype("string").str.strip().str.replace(r"^(\d+)\.0+$", r"\1", regex=True)
        return text.fillna("").astype(str)

    return _by_value(values, written)


def known_ids(values: pd.Series, known: pd.Index[str]) -> pd.Series:
    """Area ids as a layer writes them: "011" and "11" are one area, unless the layer tells them apart.

    Parameters
    ----------
    values : as a source writes them.
    known : those of the layer.

    Returns
    -------
    pd.Series
        Text, by the index of ``values``; an id that the layer does not know stays as it is.
    """
    ids = as_ids(values)
    short = {_short(each): each for each in known}
    if len(short) < len(known):
        return ids
    written = {each: each if each in known else short.get(_short(each), each) for each in ids.unique()}
    return ids.map(written)


def _short(area_id: str) -> str:
    return area_id.lstrip("0") or "0" if area_id.isdecimal() else area_id


def words_of(values: pd.Series) -> pd.Series:
    """Categories as text; an empty one is "unknown"."""

    def written(each: pd.Series) -> pd.Series:
        text = each.astype("string").str.strip().fillna("")
        return text.mask(text == "", UNKNOWN).astype(object)

    return _by_value(values, written)


def _by_value(values: pd.Series, written: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """What is made of each value, asked once for those that are the same: a column has few ids in many rows."""
    if values.dtype == object:  # where 1 and True are the same to a table of values, but are written differently
        return written(values)
    codes, distinct = pd.factorize(values, use_na_sentinel=False)
    found = written(pd.Series(distinct, dtype=values.dtype)).take(codes).set_axis(values.index)
    found.name = values.name
    return found
