"""What is sent to the process of an engine: the study that is asked about, and what other engines wrote."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, fields
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import xarray as xr

from analytics.scenarios.study import Study
from data import City
from data.city import OWN
from data.words import language

__all__ = ["About", "Laid", "about", "laid", "unlaid"]

_NUMBERS: WeakKeyDictionary[City | Study, int] = WeakKeyDictionary()
_COUNT = itertools.count()
_LOCK = Lock()

Laid = tuple[tuple[str, ...], xr.DataArray]
"""The dimensions of an array, and the array with these in the order in which it lies in memory."""


@dataclass(frozen=True)
class About:
    """A city, but for its tables, and a study of it; both under numbers, by which what is kept of them is found again.

    ``names`` holds the names of the city's tables by kind.
    """

    language: str
    city: int
    facts: Mapping[str, Any]
    names: Mapping[str, tuple[str, ...]]
    study: int | None
    frame: Mapping[str, Any]


def about(city: City, study: Study | None) -> About:
    """What is told of a city and a study of it.

    Parameters
    ----------
    city : none of whose tables is opened for it.
    study : of that city, or None.

    Returns
    -------
    To be pickled.
    """
    kinds = dict.fromkeys([*OWN, *city.others])
    facts = {each.name: getattr(city, each.name) for each in fields(city) if each.name not in (*OWN, "others")}
    names = {kind: tuple(city.of(kind)) for kind in kinds}
    frame = {} if study is None else {each.name: getattr(study, each.name) for each in fields(study)}
    frame.pop("city", None)
    return About(language(), _number(city), facts, names, None if study is None else _number(study), frame)


def _number(kept: City | Study) -> int:
    """No other's, now or later."""
    with _LOCK:
        return _NUMBERS.setdefault(kept, next(_COUNT))


def laid(array: xr.DataArray) -> Laid:
    """An array as pickling keeps its axes in memory, in whose order sums over them are made."""
    strides = array.to_numpy().strides
    order = sorted(range(array.ndim), key=lambda axis: -abs(strides[axis]))
    return tuple(map(str, array.dims)), array.transpose(*(array.dims[axis] for axis in order))


def unlaid(sent: Laid) -> xr.DataArray:
    """The array that ``laid`` was given, not to be written into."""
    dims, array = sent
    array.values.setflags(write=False)
    return array.transpose(*dims)
