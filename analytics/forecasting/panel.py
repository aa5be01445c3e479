"""Panels: values of period x (area_id, category), as the tables that models are given and the arrays that they return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from data.frequency import Frequency

__all__ = ["GRID", "columns_of", "frequency_of", "future_periods", "panel_array", "season_of"]

Array = npt.NDArray[np.float64]

GRID: tuple[float, ...] = tuple(round(step / 200, 3) for step in range(1, 200))
"""The 199 levels that stand for a distribution without a formula; five quantiles do not determine a count."""


def frequency_of(history: pd.DataFrame | pd.Series | pd.DatetimeIndex) -> Frequency:
    """The frequency of a panel, or of its periods."""
    return Frequency.of(history if isinstance(history, pd.DatetimeIndex) else pd.DatetimeIndex(history.index))


def season_of(history: pd.DataFrame | pd.Series) -> int:
    """Periods in the longest season of which the history holds two."""
    return next((season for season in frequency_of(history).seasons if 2 * season <= len(history)), 1)


def future_periods(history: pd.DataFrame, horizon: int) -> pd.DatetimeIndex:
    """The periods that follow the history's last.

    Parameters
    ----------
    history : period x column.
    horizon : how many.

    Returns
    -------
    Their starts, at the frequency of the history.
    """
    return _following(history.index[-1], horizon, frequency_of(history))


@lru_cache(maxsize=64)  # a model and whoever checks its answer ask for the same several times
def _following(last: pd.Timestamp, horizon: int, freq: Frequency) -> pd.DatetimeIndex:
    return pd.date_range(last, periods=horizon + 1, freq=freq, name="period")[1:]


def panel_array(
    values: npt.NDArray[np.floating[Any]],
    periods: pd.DatetimeIndex,
    columns: pd.MultiIndex | pd.Index[Any],
    *,
    quantiles: Sequence[float] = (),
    draws: int = 0,
) -> xr.DataArray:
    """Values (period, column) by area and category; absent pairs are NaN.

    With ``quantiles``, or a number of ``draws``, the values have that dimension first.

    Parameters
    ----------
    values : (period, column), or (quantile or draw, period, column); the array may be a view of them, so nobody is to change them.
    periods : their starts.
    columns : (area_id, category) of each column.
    quantiles : levels of the first dimension.
    draws : or how many draws it has.

    Returns
    -------
    (period, area_id, category), behind quantile or draw where the values have them.
    """
    (at_area, areas), (at_category, categories) = (_places(_Same(columns), level) for level in ("area_id", "category"))
    shape = (*values.shape[:-1], len(areas), len(categories))
    if _in_order(at_area, at_category, shape[-2:]):
        full = values.reshape(shape)
    else:
        full = np.full(shape, np.nan, dtype=values.dtype)
        full[..., at_area, at_category] = values
    named = _Periods.of(periods), areas, categories, tuple(quantiles), draws
    return _bare(*named).copy(deep=False, data=full)


@dataclass(frozen=True)
class _Periods:
    """Periods by what tells them from all others, or by themselves where they follow no frequency."""

    marks: tuple[Any, ...]
    index: pd.DatetimeIndex = field(compare=False)

    @classmethod
    def of(cls, periods: pd.DatetimeIndex) -> _Periods:
        """All periods of one beginning, number and frequency are the same."""
        first = periods[0] if len(periods) else None
        regular = periods.freq is not None and len(periods)
        marks = (first, len(periods), periods.freqstr) if regular else tuple(periods)
        return cls((*marks, periods.name, str(periods.dtype)), periods)


@lru_cache(maxsize=64)  # to make labels anew for each array took as long as to fit a small panel
def _bare(
    periods: _Periods, areas: tuple[Any, ...], categories: tuple[Any, ...], quantiles: tuple[float, ...], draws: int
) -> xr.DataArray:
    """An array with its labels and no value."""
    coords: dict[str, Any] = {"period": periods.index}
    if quantiles:
        coords = {"quantile": list(quantiles), **coords}
    elif draws:
        coords = {"draw": np.arange(draws), **coords}
    labels = xr.Coordinates(coords) | _labels(areas, categories)
    shape = [len(each) for each in (*coords.values(), areas, categories)]
    return xr.DataArray(np.broadcast_to(np.nan, shape), coords=labels, dims=[*coords, "area_id", "category"])


class _Same:
    """An index as the object that it is: no index changes, and to compare two takes longer than what is asked of them."""

    def __init__(self, index: pd.MultiIndex | pd.Index[Any]) -> None:
        self.index = index

    def __hash__(self) -> int:
        return id(self.index)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.index is other.index


@lru_cache(maxsize=64)  # asked for every array of an answer
def _places(same: _Same, level: str) -> tuple[npt.NDArray[np.intp], tuple[Any, ...]]:
    """Where each column lies along a dimension, and what stands along it, in the order in which the columns name it."""
    columns = same.index
    if isinstance(columns, pd.MultiIndex):  # whose codes are numbers, which takes a tenth of the time
        number = columns.names.index(level)
        at, found = pd.factorize(columns.codes[number])
        return at, tuple(columns.levels[number].take(found))
    at, named = pd.factorize(columns.get_level_values(level))
    return at, tuple(named)


@lru_cache(maxsize=64)
def _labels(areas: tuple[Any, ...], categories: tuple[Any, ...]) -> xr.Coordinates:
    """The coordinates of areas and categories: to make them anew for each array took as long as to fit a small panel."""
    return xr.Coordinates({"area_id": list(areas), "category": list(categories)})


def columns_of(array: xr.DataArray, columns: pd.MultiIndex | pd.Index[Any]) -> Array:
    """The values of an array by area and category as (period, column), or (quantile, period, column), in order.

    Parameters
    ----------
    array : (..., period, area_id, category).
    columns : (area_id, category) of each column that is wanted.

    Returns
    -------
    (..., period, column), in the order of the columns; it may be a view of the array, which nobody is to change then.

    Raises
    ------
    KeyError
        When the array lacks an area or a category of the panel.
    """
    at_area, at_category = (
        _along(_Same(array.get_index(level)), _Same(columns), level) for level in ("area_id", "category")
    )
    if (at_area < 0).any() or (at_category < 0).any():
        raise KeyError("the array lacks an area or a category of the panel")
    last = ("period", "area_id", "category")
    ordered = array if array.dims[-3:] == last else array.transpose(..., *last)
    values: Array = ordered.to_numpy()
    if _in_order(at_area, at_category, values.shape[-2:]):
        return values.reshape(*values.shape[:-2], -1)
    return values[..., at_area, at_category]


def _in_order(at_area: npt.NDArray[np.intp], at_category: npt.NDArray[np.intp], shape: tuple[int, ...]) -> bool:
    """Whether columns are all pairs of an array's areas and categories, in its order: then nothing need be moved."""
    areas, categories = shape
    return np.array_equal(at_area * categories + at_category, np.arange(areas * categories))


@lru_cache(maxsize=64)
def _along(same: _Same, named: _Same, level: str) -> npt.NDArray[np.intp]:
    """Where along an index each column's area or category lies; -1 where it does not."""
    index, columns = same.index, named.index
    if isinstance(columns, pd.MultiIndex):
        number = columns.names.index(level)
        codes = columns.codes[number]
        found = np.append(
            index.get_indexer(columns.levels[number]), -1
        )  # for a column without a name, whose code is -1
        return np.asarray(found[codes], dtype=np.intp)
    return index.get_indexer(columns.get_level_values(level))
