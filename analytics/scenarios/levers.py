"""From what a user wrote to what engines read: every lever named, in bounds, and compared with what history showed."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from scipy.stats import chi2

from analytics.errors import ScenarioError
from analytics.scenarios.amounts import amount
from analytics.scenarios.contract import Lever, Uncertainty
from analytics.scenarios.study import Scenario
from analytics.scenarios.values import Value
from data.words import Sentence

__all__ = ["flattened", "levers_jointly", "levers_outside", "resolved", "resolved_uncertainties"]

STANDARD = 2.0  # deviations from the middle of what history shows to either end of it
INSIDE = 0.95  # of histories lie inside its edge
ROUNDING = 1e-9


def flattened(values: Mapping[str, Any], *, declared: Sequence[str]) -> dict[str, Any]:
    """Nested tables flattened with dots until a name matches a declared one; the rest below it is its value.

    Parameters
    ----------
    values : a table of a scenario file.
    declared : the names that there are.

    Returns
    -------
    Value by dotted name.
    """
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


def resolved(scenario: Scenario, levers: Sequence[Lever]) -> dict[str, Value]:
    """Every declared lever with its value.

    Parameters
    ----------
    scenario : what the user wrote.
    levers : what the engines declare.

    Returns
    -------
    Value by name of the lever; those that are not named rest.

    Raises
    ------
    ScenarioError
        When a name is unknown or a lever cannot hold its value, naming what is allowed.
    """
    known = {lever.name: lever for lever in levers}
    given = flattened(scenario.levers, declared=list(known))
    for name in given:
        _known_name(name, list(known), scenario.name, "lever")
    return {name: lever.read(given.get(name), scenario=scenario.name) for name, lever in known.items()}


def resolved_uncertainties(scenario: Scenario, uncertainties: Sequence[Uncertainty]) -> dict[str, float | None]:
    """Every uncertainty with what the user assumes, or None where it is to be estimated.

    Parameters
    ----------
    scenario : what the user wrote.
    uncertainties : what the engines declare.

    Returns
    -------
    Value by name of the uncertainty.

    Raises
    ------
    ScenarioError
        When a name is unknown or a value out of bounds.
    """
    known = {each.name: each for each in uncertainties}
    given = flattened(scenario.uncertainties, declared=list(known))
    for name in given:
        _known_name(name, list(known), scenario.name, "uncertainty")
    return {name: each.read(given.get(name), scenario=scenario.name) for name, each in known.items()}


def _known_name(name: str, known: list[str], scenario: str, kind: Literal["lever", "uncertainty"]) -> None:
    if name not in known:
        # A lever that the city lacks (jobs.growth) must not be taken for a misspelt other one (population.growth).
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
        code = "unknown_lever_near" if near else "unknown_lever"
        word = Sentence(f"key_kinds.{kind}")
        raise ScenarioError(code, scenario=scenario, kind=word, name=name, near=near[0] if near else "", names=known)


def levers_outside(option: str, values: Mapping[str, Value], levers: Sequence[Lever]) -> list[dict[str, Any]]:
    """The levers that stand outside what the city's history shows: facts of the caveat ``lever_extrapolates``.

    Parameters
    ----------
    option : whose levers they are.
    values : every lever's value.
    levers : what the engines declare.

    Returns
    -------
    One entry a lever; ``times`` is the distance beyond the range in widths of the range.
    """
    found = []
    for lever in levers:
        if lever.seen is None or not lever.moves(values[lever.name]):
            continue
        # The value that lies furthest out speaks for the lever; standing still is never an extrapolation.
        low, high = lever.seen
        resting = set(lever.kind.numbers(lever.rest))
        moved = [each for each in lever.kind.numbers(values[lever.name]) if each not in resting]
        furthest = max(moved, key=lambda each: max(each - high, low - each), default=low)
        beyond, width = max(furthest - high, low - furthest), high - low
        if beyond > 0:
            evidence = {"value": amount(furthest, lever.unit), "low": amount(low, lever.unit)}
            evidence["high"] = amount(high, lever.unit)
            times = beyond / width if width > 0 else 1.0
            found.append({"option": option, "lever": lever.title, **evidence, "times": times})
    return found


def levers_jointly(option: str, values: Mapping[str, Value], levers: Sequence[Lever]) -> list[dict[str, Any]]:
    """Whether levers that each stand inside what history shows stand outside of it together.

    Parameters
    ----------
    option : whose levers they are.
    values : every lever's value.
    levers : what the engines declare.

    Returns
    -------
    Facts of the caveat ``levers_jointly_outside``: one entry, or none.

    Notes
    -----
    The range that history shows of a lever is taken as two standard deviations on either side of its middle, and levers as
    unrelated: the distance from the middle is then that of Mahalanobis, and its edge the root of the chi-squared quantile that
    holds 95 of 100 of such histories. Levers that move alike are nearer to history than this says.
    """
    found: list[tuple[Lever, float]] = []
    for lever in levers:
        if lever.seen is None or lever.seen[0] >= lever.seen[1] or not lever.moves(values[lever.name]):
            continue
        low, high = lever.seen
        middle, deviation = (low + high) / 2, (high - low) / 4
        resting = set(lever.kind.numbers(lever.rest))
        moved = [each for each in lever.kind.numbers(values[lever.name]) if each not in resting]
        distances = [abs(each - middle) / deviation for each in moved]
        if distances and max(distances) <= STANDARD + ROUNDING:
            found.append((lever, max(distances)))
    distance, limit = sum(each**2 for _, each in found) ** 0.5, float(chi2.ppf(INSIDE, max(len(found), 1))) ** 0.5
    if len(found) < 2 or distance <= limit:
        return []
    titles = [lever.title for lever, _ in found]
    return [{"option": option, "levers": titles, "distance": distance, "limit": limit}]
