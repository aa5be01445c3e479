"""The list of checks: each is a function of a trial, under its own name."""

from __future__ import annotations

from collections.abc import Callable

from analytics.plugins.checks import Evidence
from analytics.scenarios.checks.trial import Trial

__all__ = ["CHECKS", "Evidence", "check"]

CHECKS: dict[str, Callable[[Trial], Evidence]] = {}
"""Every check by name, in the order in which they are made."""


def check(function: Callable[[Trial], Evidence]) -> Callable[[Trial], Evidence]:
    """Add a check under its function's name."""
    CHECKS[function.__name__] = function
    return function
