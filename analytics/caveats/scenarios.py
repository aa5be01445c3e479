"""What limits a comparison of options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.caveats.rules import rule
from analytics.results import Caveat, Severity


@rule
def lever_extrapolates(*, levers_outside: Sequence[Mapping[str, Any]]) -> list[Caveat]:
    """A lever stands outside the range that the data ever showed: one caveat a lever.

    Each entry holds lever (title), value, low, high, unit, option, and ``times``, how many widths of the
    seen range it lies outside.
    """
    return [
        Caveat("lever_extrapolates", Severity.DO_NOT_USE if entry["times"] > 3 else Severity.CAUTION, dict(entry))
        for entry in levers_outside
    ]


@rule
def cross_sectional(*, cross_sectional_drivers: Sequence[str], periods_varying: int) -> Caveat | None:
    """An elasticity rests on differences between areas because the driver hardly varies over time."""
    if not cross_sectional_drivers:
        return None
    evidence = {"drivers": list(cross_sectional_drivers), "years": periods_varying}
    return Caveat("cross_sectional", Severity.CAUTION, evidence)


@rule
def group_from_area_shares(*, groups: Sequence[str], groups_absent: Sequence[str]) -> Caveat | None:
    """Results by group assume that everyone in an area fares alike."""
    if not groups and not groups_absent:
        return None
    return Caveat("group_from_area_shares", Severity.NOTE, {"groups": list(groups), "absent": list(groups_absent)})


@rule
def driver_absent(*, drivers_absent: Sequence[str]) -> Caveat | None:
    """The city has no data on a driver (or none that says anything), so no lever can move it."""
    return Caveat("driver_absent", Severity.NOTE, {"drivers": list(drivers_absent)}) if drivers_absent else None


@rule
def not_causal(*, elasticity_drivers: Sequence[str]) -> Caveat | None:
    """A lever's effect was estimated from what happened to vary, not from an experiment."""
    if not elasticity_drivers:
        return None
    return Caveat("not_causal", Severity.CAUTION, {"drivers": list(elasticity_drivers)})
