"""What a hotspot method is: one function that scores cells from what was known before a day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.errors import HotspotError
from analytics.hotspots.cells import Cells
from data import Incidents

__all__ = ["Method", "hotspot_method", "run_method"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Method:
    """A hotspot method: a function, and what people must know before they trust it."""

    name: str
    title: str
    version: str
    limits: Sequence[str]
    inputs: Sequence[str]
    complexity: int
    function: Callable[..., Array]

    def __reduce__(self) -> tuple[Any, ...]:
        # The decorated name is the Method, so the function itself cannot pickle: a worker looks it up again.
        from analytics.hotspots.registry import find_method

        return find_method, (self.name,)


def hotspot_method(
    *, name: str, title: str, version: str, limits: Sequence[str], inputs: Sequence[str], complexity: int
) -> Callable[[Callable[..., Array]], Method]:
    """Turn ``function(incidents, cells, *, as_of, horizon_days, seed)`` into a registered method."""

    def wrap(function: Callable[..., Array]) -> Method:
        from analytics.hotspots.registry import register

        return register(Method(name, title, version, limits, inputs, complexity, function))

    return wrap


def run_method(
    method: Method, incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, horizon_days: int, seed: int = 0
) -> Array:
    """Expected events in each cell over the days after ``as_of``, from what happened before it.

    The method is given only the incidents before ``as_of``: it cannot see what it is judged on.

    Raises
    ------
    HotspotError
        When the method fails, or returns another shape or a value that is no number.
    """
    known = incidents.frame.loc[incidents.frame["time"] < as_of]
    if known.empty:
        raise HotspotError("nothing_before", incidents=incidents.title, as_of=as_of, since=incidents.since)
    past = replace(incidents, frame=known, until=as_of - pd.Timedelta(days=1))
    try:
        score = np.asarray(method.function(past, cells, as_of=as_of, horizon_days=horizon_days, seed=seed), dtype=float)
    except Exception as error:
        raise HotspotError("method_failed", method=method.title, error=f"{type(error).__name__}: {error}") from error
    if score.shape != (len(cells),) or not np.isfinite(score).all():
        raise HotspotError("broken_method", method=method.title, cells=len(cells))
    return score
