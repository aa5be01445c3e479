"""What limits the results of signals."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.caveats.rules import rule
from analytics.results import Caveat, Severity
from data.words import Words

# Traffic of a street grows or falls by a few per cent a year: after three it may be a tenth, as much as days differ.
OLD_YEARS = 3.0


@rule
def signals_unchecked(*, junctions: Words, signals_checked: bool) -> Caveat | None:
    """The plans were computed by formulas and not tried in a simulation of the traffic."""
    return None if signals_checked else Caveat("signals_unchecked", Severity.CAUTION, {"junctions": junctions})


@rule
def signals_few_days(
    *, junctions: Words, signals_days: int, signals_spread_assumed: bool, signals_spread: float
) -> Caveat | None:
    """Turns were counted on too few days to tell how much days differ, so that is assumed."""
    if not signals_spread_assumed:
        return None
    evidence = {"junctions": junctions, "days": max(signals_days, 1), "spread": signals_spread}
    return Caveat("signals_few_days", Severity.CAUTION, evidence)


@rule
def signals_counts_old(*, junctions: Words, signals_age_years: float | None) -> Caveat | None:
    """Turns were counted long before the city's newest data, or nobody says when."""
    if signals_age_years is not None and signals_age_years <= OLD_YEARS:
        return None
    return Caveat("signals_counts_old", Severity.CAUTION, {"junctions": junctions, "years": signals_age_years})


@rule
def signals_saturation(*, junctions: Words, signals_assumed: int, signals_movements: int) -> Caveat | None:
    """How many vehicles a lane lets pass was not measured for some movements and is that of a handbook."""
    if not signals_assumed:
        return None
    evidence = {"junctions": junctions, "n": signals_assumed, "total": signals_movements}
    return Caveat("signals_saturation", Severity.NOTE, evidence)


@rule
def signals_over_capacity(*, junctions: Words, signals_over: Sequence[Words]) -> Caveat | None:
    """At some junctions more come today than can pass, so that delay hangs on how long that lasts."""
    if not signals_over:
        return None
    evidence = {"junctions": junctions, "n": len(signals_over), "names": list(signals_over[:5])}
    return Caveat("signals_over_capacity", Severity.CAUTION, evidence)


@rule
def signals_green_short(*, junctions: Words, signals_too_short: Sequence[Words]) -> Caveat | None:
    """At some junctions a green of today is shorter than people need to cross, or than its own least green."""
    if not signals_too_short:
        return None
    evidence = {"junctions": junctions, "n": len(signals_too_short), "names": list(signals_too_short[:5])}
    return Caveat("signals_green_short", Severity.CAUTION, evidence)


@rule
def signals_follow_flow(*, junctions: Words, signals_actuated: bool) -> Caveat | None:
    """An option has controllers that follow the flow, which formulas only approximate."""
    return Caveat("signals_follow_flow", Severity.CAUTION, {"junctions": junctions}) if signals_actuated else None


@rule
def signals_by_platoons(*, junctions: Words, signals_platoons: bool) -> Caveat | None:
    """An option coordinates a corridor, whose platoons are computed at mean flows and one speed."""
    return Caveat("signals_by_platoons", Severity.NOTE, {"junctions": junctions}) if signals_platoons else None
