"""From what a user wrote to what engines read: every lever named, in bounds, and compared with what history showed."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from typing import Any

from analytics.errors import ScenarioError
from analytics.scenarios.contract import Lever, Uncertainty
from analytics.scenarios.study import Scenario
from data.words import as_number, as_percent

__all__ = ["flattened", "levers_outside", "resolved", "resolved_uncertainties", "shown"]


def flattened(values: Mapping[str, Any], *, declared: Sequence[str]) -> dict[str, Any]:
    """Nested tables flattened with dots until a name matches a declared one; the rest below it is its value."""
    flat: dict[str, Any] = {}

    def walk(table: Mapping[str, Any], prefix: str) -> None:
        for key, value in table.items():
            name = f"{prefix}{key}"
            if name not in declared and isinstance(value, Mapping):
                walk(value, f"{name}.")
            else:
                flat[name] = value

    walk(values, "")
    return flat


def resolved(scenario: Scenario, levers: Sequence[Lever]) -> dict[str, Any]:
    """Every declared lever with its value: a number, or one number a key where the user gave them by key.

    Raises
    ------
    ScenarioError
        When a name is unknown or a value out of bounds, naming what is allowed.
    """
    known = {lever.name: lever for lever in levers}
    given = flattened(scenario.levers, declared=list(known))
    for name in given:
        _known_name(name, list(known), scenario.name, "lever")
    return {name: _value(lever, given.get(name, lever.default), scenario.name) for name, lever in known.items()}


def resolved_uncertainties(scenario: Scenario, uncertainties: Sequence[Uncertainty]) -> dict[str, float | None]:
    """Every uncertainty with what the user assumes, or None where it is to be estimated."""
    known = {each.name: each for each in uncertainties}
    given = flattened(scenario.uncertainties, declared=list(known))
    values: dict[str, float | None] = dict.fromkeys(known)
    for name, value in given.items():
        _known_name(name, list(known), scenario.name, "uncertainty")
        each = known[name]
        values[name] = _number(value, each.low, each.high, name, "", scenario.name)
    return values


def _known_name(name: str, known: list[str], scenario: str, kind: str) -> None:
    if name not in known:
        # A lever that the city lacks (jobs.growth) must not be taken for a misspelt other one (population.growth).
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
        code = "unknown_lever_near" if near else "unknown_lever"
        raise ScenarioError(code, scenario=scenario, kind=kind, name=name, near=near[0] if near else "", names=known)


def _value(lever: Lever, value: Any, scenario: str) -> float | dict[str, float]:
    if not isinstance(value, Mapping):
        return _number(value, lever.low, lever.high, lever.name, lever.unit, scenario)
    for key in value:
        if str(key) not in lever.keys:
            near = difflib.get_close_matches(str(key), lever.keys, n=1)
            example = near or lever.keys[:5]
            kind = lever.key_kind or "number"
            raise ScenarioError(
                "unknown_lever_key", scenario=scenario, name=lever.name, key=key, kind=kind, examples=example
            )
    return {
        str(key): _number(each, lever.low, lever.high, f"{lever.name}.{key}", lever.unit, scenario)
        for key, each in value.items()
    }


def _number(value: Any, low: float, high: float, name: str, unit: str, scenario: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ScenarioError("not_a_number", scenario=scenario, name=name, value=value)
    if not low <= value <= high:
        bounds = {"low": shown(low, unit), "high": shown(high, unit), "value": shown(float(value), unit)}
        raise ScenarioError("out_of_bounds", scenario=scenario, name=name, **bounds)
    return float(value)


def shown(value: float, unit: str) -> str:
    """A lever's value as people read it."""
    return as_percent(value) if unit == "share" else f"{as_number(value)} {unit}".strip()


def levers_outside(option: str, values: Mapping[str, Any], levers: Sequence[Lever]) -> list[dict[str, Any]]:
    """The levers that stand outside what the city's history shows: facts of the caveat ``lever_extrapolates``.

    ``times`` is the distance beyond the range in widths of the range.
    """
    found = []
    for lever in levers:
        if lever.seen is None:
            continue
        value = values[lever.name]
        numbers = list(value.values()) if isinstance(value, dict) else [value]
        # The value that lies furthest out speaks for the lever; standing still is never an extrapolation.
        low, high = lever.seen
        furthest = max(numbers, key=lambda each: max(each - high, low - each), default=lever.default)
        beyond = max(furthest - high, low - furthest)
        if furthest == lever.default or beyond <= 0:
            continue
        width = high - low
        found.append(
            {
                "option": option,
                "lever": lever.title.lower(),
                "value": shown(furthest, lever.unit),
                "low": shown(low, lever.unit),
                "high": shown(high, lever.unit),
                "times": beyond / width if width > 0 else 1.0,
            }
        )
    return found
