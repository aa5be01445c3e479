"""What is known of work beside what it does: that it is quick, that its result is kept, that it comes step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["QUICK", "READERS", "STEPS", "quick", "read_back", "stepwise"]

T = TypeVar("T")
Work = Callable[..., Any]

QUICK: set[Work] = set()
STEPS: dict[Work, Callable[[Any, Any], bool]] = {}  # of work that comes in steps: whether one follows another
READERS: dict[Work, Callable[[Any], Any]] = {}  # of what is kept of a piece of work


def quick(function: Callable[..., T]) -> Callable[..., T]:
    """Mark work that takes a few seconds at most: it has a worker of its own."""
    QUICK.add(function)
    return function


def stepwise(follows: Callable[[Any, Any], bool]) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Mark work that is asked for step by step: ``follows`` says whether a request begins from what was built for an earlier one.

    The worker that has built it makes the next step, too, unless it is at something else; any other builds it anew.
    """

    def mark(function: Callable[..., T]) -> Callable[..., T]:
        STEPS[function] = follows
        return function

    return mark


def read_back(reader: Callable[[Any], Any]) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Mark work whose result may be kept: ``reader`` gives it for a request, None where it is not, in milliseconds."""

    def mark(function: Callable[..., T]) -> Callable[..., T]:
        READERS[function] = reader
        return function

    return mark
