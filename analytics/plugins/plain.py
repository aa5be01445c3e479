"""What a plug-in answers, as bytes in which nothing can be hidden that runs: JSON, and numbers as they lie in memory.

Arrays keep the order of their axes in memory: sums over them are made in that order, and so are the same to the last bit.

Unpickling what a stranger's code may have written would run it. A dataclass comes back as a dict of its fields, a sentence as
its text; whoever asked makes of them what was asked for.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pandas as pd
import xarray as xr

from data.words import Sentence

__all__ = ["packed", "unpacked"]

LENGTH = 8
ALIGNED = 16  # numbers begin at multiples of so many bytes, so that they can be used as they lie there
NUMBERS = "biufMm"  # kinds of arrays whose bytes are all that there is to them


def packed(value: Any) -> bytes:
    """A value as bytes.

    Raises
    ------
    TypeError
        When it holds something that is not plain, such as a function.
    """
    numbers: list[bytes] = []
    head = orjson.dumps(_plain(value, numbers))
    head += b" " * (-(LENGTH + len(head)) % ALIGNED)
    return b"".join([len(head).to_bytes(LENGTH, "big"), head, *numbers])


def unpacked(content: bytes) -> Any:
    """The value that ``packed`` was given; arrays cannot be written to.

    Raises
    ------
    ValueError
        When the bytes are none that ``packed`` gives.
    """
    start = LENGTH + int.from_bytes(content[:LENGTH], "big")
    try:
        return _value(orjson.loads(content[LENGTH:start]), memoryview(content)[start:])
    except (TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from error


def _plain(value: Any, numbers: list[bytes]) -> Any:
    match value:
        case None | bool() | str() | Sentence() | Path():
            return value if value is None or isinstance(value, bool) else str(value)
        case int() | np.integer():
            return int(value)
        case float() | np.floating():
            return float(value) if math.isfinite(value) else {"number": str(value)}
        case Enum():
            return _plain(value.value, numbers)
        case pd.Timestamp():
            return {"moment": value.isoformat()}
        case xr.DataArray():
            coordinates = {
                str(name): [list(each.dims), _array(each.to_numpy(), numbers)] for name, each in value.coords.items()
            }
            return {"labelled": [list(value.dims), coordinates, _array(value.to_numpy(), numbers)]}
        case np.ndarray():
            return _array(value, numbers)
        case Mapping():
            return {"fields": {str(name): _plain(entry, numbers) for name, entry in value.items()}}
        case list() | tuple():
            return [_plain(entry, numbers) for entry in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return {"fields": {name: _plain(getattr(value, name), numbers) for name in names}}
    raise TypeError(f"{type(value).__name__} is not plain")


def _array(values: npt.NDArray[Any], numbers: list[bytes]) -> dict[str, Any]:
    if values.dtype.kind not in NUMBERS:
        return {"texts": [list(values.shape), [str(each) for each in values.ravel()]]}
    start = sum(map(len, numbers))
    order = sorted(range(values.ndim), key=lambda axis: -abs(values.strides[axis]))
    laid = values.transpose(order)
    content = np.ascontiguousarray(laid).tobytes()
    numbers.append(content + bytes(-len(content) % ALIGNED))
    return {"array": [values.dtype.str, [values.shape[axis] for axis in order], order, start]}


def _value(plain: Any, numbers: memoryview) -> Any:
    if isinstance(plain, list):
        return [_value(entry, numbers) for entry in plain]
    if not isinstance(plain, dict):
        return plain
    ((kind, entry),) = plain.items()
    match kind:
        case "fields":
            return {name: _value(each, numbers) for name, each in entry.items()}
        case "number":
            return float(entry)
        case "texts":
            shape, texts = entry
            return np.array(texts, dtype=object).reshape(shape)
        case "moment":
            return pd.Timestamp(entry)
        case "array":
            code, shape, order, start = entry
            dtype = np.dtype(code)
            if dtype.kind not in NUMBERS or start < 0 or min(shape, default=0) < 0:
                raise ValueError(code)
            laid = np.frombuffer(numbers, dtype, count=math.prod(shape), offset=start).reshape(shape)
            return laid.transpose(np.argsort(order))
        case "labelled":
            dims, coordinates, values = entry
            return xr.DataArray(
                _value(values, numbers),
                {name: (along, _value(each, numbers)) for name, (along, each) in coordinates.items()},
                dims,
            )
    raise ValueError(kind)
