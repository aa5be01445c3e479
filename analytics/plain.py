"""Any result as plain values (dicts, lists, numbers, text) for ``--json``: keys are the dataclass fields, NaN becomes null."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from enum import Enum
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from analytics.hotspots import Cells
from analytics.results import Caveat, Result
from data import City, Provenance
from data.words import Sentence

__all__ = ["to_plain"]

# A panel of inputs is named, not repeated: it is the caller's own data. So is an array beyond this many values.
MOST_VALUES = 200_000


def to_plain(value: Any) -> Any:
    """Plain values for JSON; a table of input data (whatever has a provenance) appears as name, rows, class and provenance."""
    match value:
        case None | bool() | str():
            return value.value if isinstance(value, Enum) else value
        case int() | np.integer():
            return int(value)
        case float() | np.floating():
            return float(value) if math.isfinite(value) else None
        case pd.Timestamp():
            return value.isoformat()
        case Sentence():
            return str(value)
        case Caveat():
            return _fields(value) | {"message": value.message, "detail": value.detail}
        case City():
            return {"name": value.name, "key": value.key, "fingerprint": value.fingerprint}
        case Cells():
            keep = ("kind", "size", "x0", "y0", "columns", "rows")  # the last four are of squares
            return {name: to_plain(getattr(value, name)) for name in keep if hasattr(value, name)} | {
                "cells": len(value)
            }
        case pd.DataFrame() | pd.Series() | xr.DataArray() | np.ndarray():
            return _table(value)
        case Mapping():
            return {_key(key): to_plain(entry) for key, entry in value.items()}
        case list() | tuple() | set() | frozenset():
            return [to_plain(entry) for entry in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(getattr(value, "provenance", None), Provenance):
        return _input(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    return str(value)


def _input(table: Any) -> dict[str, Any]:
    """A table of input data of whatever kind: never row by row."""
    rows = getattr(table, "frame", getattr(table, "values", ()))
    about: Provenance = table.provenance
    return {
        "name": about.name,
        "rows": len(rows),
        "classification": about.classification.value,
        "provenance": to_plain(about),
    }


def _fields(value: Any) -> dict[str, Any]:
    # Which of several kinds it is stands in a field of the class: a reducer does, a lever holds.
    plain = {name: getattr(value, name) for name in ("does", "holds") if isinstance(getattr(value, name, None), str)}
    plain |= {field.name: to_plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Result):
        plain["classification"] = value.classification.value
    return plain


def _table(value: pd.DataFrame | pd.Series | xr.DataArray | np.ndarray[Any, Any]) -> Any:
    if value.size > MOST_VALUES:
        return {"omitted": True, "shape": list(value.shape)}
    if isinstance(value, np.ndarray):
        return [to_plain(entry) for entry in value.tolist()]
    if isinstance(value, xr.DataArray):
        coords = {str(name): [to_plain(entry) for entry in _listed(value[name])] for name in value.dims}
        return {"dims": list(value.dims), "coords": coords, "values": _nested(value.to_numpy().tolist())}
    frame = value.to_frame() if isinstance(value, pd.Series) else value
    frame = frame if isinstance(frame.index, pd.RangeIndex) else frame.reset_index()
    columns = [str(column) for column in frame.columns]
    return [dict(zip(columns, map(to_plain, row), strict=True)) for row in frame.itertuples(index=False, name=None)]


def _listed(coordinate: xr.DataArray) -> list[Any]:
    return list(coordinate.to_index())


def _nested(values: Any) -> Any:
    return [_nested(entry) for entry in values] if isinstance(values, list) else to_plain(values)


def _key(key: Any) -> str:
    return " / ".join(map(str, key)) if isinstance(key, tuple) else str(to_plain(key))
