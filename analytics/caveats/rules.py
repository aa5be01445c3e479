"""The rules by code, and how facts become caveats."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from analytics.results import Caveat, by_severity

__all__ = ["RULES", "assess", "rule"]

Rule = Callable[..., Caveat | Sequence[Caveat] | None]
RULES: dict[str, Rule] = {}


def rule(function: Rule) -> Rule:
    """Put a rule into ``RULES`` under its own name, which is the caveat's code."""
    RULES[getattr(function, "__name__", "")] = function
    return function


def assess(**facts: Any) -> tuple[Caveat, ...]:
    """The caveats that follow from the facts, gravest first."""
    found: list[Caveat] = []
    for function in RULES.values():
        needs = _needs(function)
        if all(name in facts for name in needs):
            answer = function(**{name: facts[name] for name in needs})
            found += [answer] if isinstance(answer, Caveat) else list(answer or ())
    return by_severity(found)


@cache
def _needs(function: Rule) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)
