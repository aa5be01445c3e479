"""The list of checks: each is a function of a trial, under its own name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from analytics.forecasting.checks.trial import Trial

__all__ = ["CHECKS", "Evidence", "check"]

Evidence = Mapping[str, Any] | None
"""Nothing where the promise is kept, else what its sentence under ``[checks.<name>]`` is filled with."""

CHECKS: dict[str, Callable[[Trial], Evidence]] = {}
"""Every check by name, in the order in which they are made."""


def check(function: Callable[[Trial], Evidence]) -> Callable[[Trial], Evidence]:
    """Add a check under its function's name."""
    CHECKS[function.__name__] = function
    return function
