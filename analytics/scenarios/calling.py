"""Calling engines: whatever one raises becomes one sentence that names it, and what it gives is what it promised."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np
import xarray as xr

from analytics.errors import ScenarioError
from analytics.plugins.registry import reason_of
from analytics.scenarios.contract import Engine
from analytics.scenarios.measure import Measure
from data import CivicastError
from data.words import Sentence

__all__ = ["Results", "called", "checked"]

T = TypeVar("T")

Results = dict[str, xr.DataArray]
"""Each measure of an engine by its name."""


def called(engine: Engine, part: str, function: Callable[[], T]) -> T:
    """What a part of an engine returns.

    Parameters
    ----------
    engine : whose part it is.
    part : "applies", "declare", "prepare", "run" or "evidence", for the sentence.
    function : calls it.

    Returns
    -------
    The answer as it came.

    Raises
    ------
    ScenarioError
        When it raises anything but a refusal in words.
    """
    try:
        return function()
    except CivicastError:
        raise
    except Exception as error:
        raise ScenarioError("engine_failed", engine=engine.title, part=part, error=reason_of(error)) from error


def checked(engine: Engine, results: Results, *, measures: Sequence[Measure], draws: int) -> Results:
    """The results, made read-only.

    Parameters
    ----------
    engine : whose they are.
    results : what it gave.
    measures : what it promised.
    draws : how many each must have.

    Returns
    -------
    The same results by measure.

    Raises
    ------
    ScenarioError
        When a measure is missing or not promised, has other dimensions, or has no number somewhere.
    """
    wanted = {measure.name: measure for measure in measures}
    if not isinstance(results, Mapping) or set(results) != set(wanted):
        got = sorted(map(str, results)) if isinstance(results, Mapping) else [type(results).__name__]
        raise ScenarioError("broken_engine", engine=engine.title, wanted=sorted(wanted), got=got)
    for name, array in results.items():
        promised = ["draw", *wanted[name].over]
        dims = {str(dimension): size for dimension, size in getattr(array, "sizes", {}).items()}
        if set(dims) != set(promised) or dims["draw"] != draws:
            sizes = [Sentence("amounts.dimension", {"name": each, "size": size}) for each, size in dims.items()]
            evidence = {"measure": name, "wanted": promised, "draws": draws, "got": sizes}
            raise ScenarioError("wrong_dimensions", engine=engine.title, **evidence)
        if not bool(np.isfinite(array.to_numpy()).all()):
            raise ScenarioError("not_finite", engine=engine.title, measure=name, where=_first_gap(array))
        # Options and later comparisons share the array: an engine that wrote into what it reads would change them all.
        array.values.setflags(write=False)
    return dict(results)


def _first_gap(array: xr.DataArray) -> list[str]:
    """Where the first value stands that is no number."""
    first = np.argwhere(~np.isfinite(array.to_numpy()))[0]
    named = zip(array.dims, first, strict=True)
    return [f"{name} {array.get_index(name)[index] if name in array.coords else index}" for name, index in named]
