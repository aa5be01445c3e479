"""The hotspot methods that can be used: those in ``methods/``, those of external packages and of the workspace."""

from __future__ import annotations

from analytics.hotspots.contract import METHODS, Method, find_method
from data.words import Words

__all__ = ["failed_methods", "find_method", "methods", "register"]


def register(method: Method) -> Method:
    """Add a method to those that can be used."""
    return METHODS.register(method)


def methods() -> dict[str, Method]:
    """Every method that works, by name, the simplest first."""
    return METHODS.all()


def failed_methods() -> dict[str, Words]:
    """Every method that could not be loaded, and why."""
    return METHODS.registry.failures()
