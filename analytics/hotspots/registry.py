"""The hotspot methods that can be used: those in ``methods/``, those of external packages and of the workspace."""

from __future__ import annotations

import copyreg
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.errors import HotspotError
from analytics.hotspots.contract import Method
from analytics.plugins.registry import Registry
from data.words import Words

__all__ = ["REGISTRY", "failed_methods", "find_method", "hotspot_method", "methods", "register"]

Array = npt.NDArray[np.float64]


def _problem(method: object) -> str | None:
    if not isinstance(method, Method):
        return "a hotspot method is made with @hotspot_method(...)"
    empty = [name for name in ("name", "title", "version", "limits", "inputs") if not getattr(method, name)]
    return f"the method states no {', '.join(empty)}" if empty else None


REGISTRY: Registry[Method] = Registry("analytics.hotspots.methods", "civicast.hotspot_methods", _problem, "methods")


def register(method: Method) -> Method:
    """Add a method to those that can be used."""
    return REGISTRY.register(method)


def hotspot_method(
    *,
    name: str,
    title: Words,
    version: str,
    limits: Sequence[Words],
    inputs: Sequence[Words],
    complexity: int,
    fit: Callable[..., Any] | None = None,
    slow: bool = False,
) -> Callable[[Callable[..., Array]], Method]:
    """Turn ``function(incidents, cells, *, as_of, horizon_days, seed)`` into a registered method.

    With ``fit``, which takes the same arguments, the function gets one more: ``fitted``, what ``fit`` returned.

    Parameters
    ----------
    name : under which it is found.
    title : what people read.
    version : raise it when the answers change.
    limits : what it cannot do, in plain words.
    inputs : what it needs, in plain words.
    complexity : orders methods: of those as good the simplest is used.
    fit : what learns, for methods that do.
    slow : judged on request only.

    Returns
    -------
    A decorator that gives the registered method.
    """

    def wrap(function: Callable[..., Array]) -> Method:
        return register(Method(name, title, version, limits, inputs, complexity, function, fit, slow))

    return wrap


def methods() -> dict[str, Method]:
    """Every method that works, by name, the simplest first."""
    return dict(sorted(REGISTRY.all().items(), key=lambda pair: pair[1].complexity))


def failed_methods() -> dict[str, Words]:
    """Every method that could not be loaded, and why."""
    return REGISTRY.failures()


def find_method(name: str) -> Method:
    """The method of this name.

    Raises
    ------
    HotspotError
        When there is none, naming those that there are.
    """
    known = methods()
    if name not in known:
        raise HotspotError("no_such_method", name=name, names=list(known))
    return known[name]


# The decorated name is the Method, so the function itself cannot pickle: a worker looks the method up again by its name.
copyreg.pickle(Method, lambda method: (find_method, (method.name,)))
