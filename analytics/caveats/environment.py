"""What limits measures of energy, heat and air."""

from __future__ import annotations

import pandas as pd

from analytics.caveats.rules import rule
from analytics.results import Caveat, Severity

POOR_R2, WEAK_R2 = 0.3, 0.6
DRIFTED = 0.02  # of mean demand
UNLIKELY = 0.05


@rule
def energy_poorly_explained(*, energy_title: str, energy_temperature: str, energy_r2: float) -> Caveat | None:
    """Temperature and the day of the week explain too little of what a day uses."""
    if energy_r2 >= WEAK_R2:
        return None
    severity = Severity.DO_NOT_USE if energy_r2 < POOR_R2 else Severity.CAUTION
    evidence = {"title": energy_title, "temperature": energy_temperature, "r2": energy_r2, "wanted": WEAK_R2}
    return Caveat("energy_poorly_explained", severity, evidence)


@rule
def energy_one_side(
    *, energy_title: str, energy_balance: float, energy_days_below: int, energy_days_above: int, energy_least: int
) -> Caveat | None:
    """Few days lie on one side of the balance point, so what a degree adds there is hardly known."""
    if min(energy_days_below, energy_days_above) >= energy_least:
        return None
    evidence = {
        "title": energy_title, "balance": energy_balance, "below": energy_days_below, "above": energy_days_above,
        "least": energy_least,
    }  # fmt: skip
    return Caveat("energy_one_side", Severity.CAUTION, evidence)


@rule
def energy_no_balance(*, energy_title: str, energy_balance: float, energy_at_edge: bool) -> Caveat | None:
    """The best balance point is the first or the last that was tried: demand may turn at none, or beyond."""
    if not energy_at_edge:
        return None
    return Caveat("energy_no_balance", Severity.CAUTION, {"title": energy_title, "balance": energy_balance})


@rule
def energy_drifts(*, energy_title: str, energy_drift: float) -> Caveat | None:
    """In its last year demand lay above or below the curve of all years."""
    if abs(energy_drift) <= DRIFTED:
        return None
    return Caveat("energy_drifts", Severity.NOTE, {"title": energy_title, "drift": energy_drift, "most": DRIFTED})


@rule
def excess_any_cause(
    *, heat_title: str, heat_first: pd.Timestamp, heat_last: pd.Timestamp, heat_observed: float, heat_expected: float,
    heat_years: int,
) -> Caveat:  # fmt: skip
    """Always with an excess: it counts all that was above the usual, whatever the cause, and only what the series holds."""
    evidence = {
        "title": heat_title, "first": heat_first, "last": heat_last, "observed": heat_observed, "expected": heat_expected,
        "years": heat_years,
    }  # fmt: skip
    return Caveat("excess_any_cause", Severity.NOTE, evidence)


@rule
def excess_trend(
    *, heat_title: str, heat_trend_p: float, heat_expected: float, heat_with_trend: float
) -> Caveat | None:
    """The same days of other years rise or fall over the years, so their mean is not the level of this year."""
    if heat_trend_p >= UNLIKELY:
        return None
    evidence = {"title": heat_title, "expected": heat_expected, "line": heat_with_trend, "p": heat_trend_p}
    return Caveat("excess_trend", Severity.CAUTION, evidence)


@rule
def excess_few_years(*, heat_title: str, heat_years: int) -> Caveat | None:
    """Few other years have the same days, so what is usual is hardly known."""
    if heat_years >= 5:
        return None
    return Caveat("excess_few_years", Severity.CAUTION, {"title": heat_title, "years": heat_years})


@rule
def excess_brought_forward(*, heat_title: str, heat_later: float, heat_later_high: float) -> Caveat | None:
    """In the four weeks after, less than usual was counted: part of the excess was only brought forward."""
    if not heat_later_high < 0:
        return None
    return Caveat("excess_brought_forward", Severity.CAUTION, {"title": heat_title, "fewer": -heat_later})


@rule
def air_not_dispersed(
    *, air_monitor: str, air_unit: str, air_per_vehicle: float, air_low: float, air_high: float, air_hours: int
) -> Caveat:
    """Always with the air beside a road: the relation is measured at one monitor, and how air moves is not modelled."""
    evidence = {
        "monitor": air_monitor, "unit": air_unit, "per_vehicle": air_per_vehicle, "low": air_low, "high": air_high,
        "hours": air_hours,
    }  # fmt: skip
    return Caveat("air_not_dispersed", Severity.CAUTION, evidence)


@rule
def air_no_background(*, air_monitor: str, air_increment: bool) -> Caveat | None:
    """No background is measured, so weather and other sources are only taken off by hour, weekend and month."""
    if air_increment:
        return None
    return Caveat("air_no_background", Severity.CAUTION, {"monitor": air_monitor})


@rule
def air_other_hours(*, air_monitor: str, air_trip_hours: str) -> Caveat | None:
    """A plan for the roads is computed for the hours of its trips; the traffic of all other hours is taken to change alike."""
    if not air_trip_hours:
        return None
    return Caveat("air_other_hours", Severity.CAUTION, {"monitor": air_monitor, "hours": air_trip_hours})


@rule
def air_relation_unclear(
    *, air_monitor: str, air_unit: str, air_low: float, air_high: float, air_assumed: bool
) -> Caveat | None:
    """What was measured allows no relation between the road's traffic and the air, or one the other way round."""
    if air_low > 0 or air_assumed:
        return None
    severity = Severity.DO_NOT_USE if air_high <= 0 else Severity.CAUTION
    evidence = {"monitor": air_monitor, "unit": air_unit, "low": air_low, "high": air_high}
    return Caveat("air_relation_unclear", severity, evidence)
