"""What limits the results of signals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.caveats.rules import rule
from analytics.results import Caveat, Severity
from data.words import Sentence, Words

# Traffic of a street grows or falls by a few per cent a year: after three it may be a tenth, as much as days differ.
OLD_YEARS = 3.0
MOST_NAMED = 5

# Of a plan that was tried in the simulator: its name, the mean difference of seconds a trip with its interval, the pairs, the
# verdict, and whether the formula puts it in the same order.
Tried = Mapping[str, Any]


@rule
def signals_unchecked(*, junctions: Words, signals_tried: Sequence[Tried]) -> Caveat | None:
    """The plans were computed by formulas and not tried in a simulation of the traffic."""
    return None if signals_tried else Caveat("signals_unchecked", Severity.CAUTION, {"junctions": junctions})


@rule
def signals_partly_checked(*, junctions: Words, signals_changed: int, signals_tried: Sequence[Tried]) -> Caveat | None:
    """Some of the changed plans were computed by formulas and not tried in a simulation of the traffic."""
    left = signals_changed - len(signals_tried)
    if not signals_tried or left <= 0:
        return None
    return Caveat(
        "signals_partly_checked", Severity.CAUTION, {"junctions": junctions, "n": left, "total": signals_changed}
    )


@rule
def signals_in_simulation(*, junctions: Words, signals_tried: Sequence[Tried]) -> Caveat | None:
    """Plans were tried in a simulation, which drives single vehicles through a sketch of the junctions."""
    if not signals_tried:
        return None
    seeds = min(each["pairs"] for each in signals_tried)
    evidence = {"junctions": junctions, "n": len(signals_tried), "seeds": seeds, "found": _outcomes(signals_tried)}
    return Caveat("signals_in_simulation", Severity.NOTE, evidence)


@rule
def signals_simulation_differs(*, junctions: Words, signals_tried: Sequence[Tried]) -> Caveat | None:
    """In the simulation a plan comes out the other way round than by the formula that the results rest on."""
    apart = [each for each in signals_tried if not each["same_order"]]
    if not apart:
        return None
    evidence = {"junctions": junctions, "n": len(apart), "found": _outcomes(apart)}
    return Caveat("signals_simulation_differs", Severity.CAUTION, evidence)


@rule
def signals_refined(*, junctions: Words, signals_refined: Sequence[Mapping[str, Any]]) -> Caveat | None:
    """Plans were moved for as long as a simulation lost less, so that they are fitted to the arrivals that it drew."""
    if not signals_refined:
        return None
    proven = all(each["check"] is not None and each["check"]["verdict"] == "better" for each in signals_refined)
    named = signals_refined[:MOST_NAMED]
    evidence = {
        "junctions": junctions, "n": len(signals_refined),
        "moved": [Sentence("signals.moved", dict(each)) for each in named],
        "checked": [
            Sentence("signals.tried_never", dict(each)) if each["check"] is None else _outcomes([each["check"]])[0]
            for each in named
        ],
        "judged": [
            Sentence(f"signals.judged_{'worse' if each['after'] > each['before'] else 'better'}", dict(each)) for each in named
        ],
    }  # fmt: skip
    return Caveat("signals_refined", Severity.NOTE if proven else Severity.CAUTION, evidence)


def _outcomes(tried: Sequence[Tried]) -> list[Words]:
    """What the simulation said of each, the first few."""
    return [Sentence(f"signals.tried_{each['verdict']}", dict(each)) for each in tried[:MOST_NAMED]]


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


@rule
def signals_grow_with_trips(*, junctions: Words, signals_by_trips: bool, signals_follows: float) -> Caveat | None:
    """Growth of trips, people or jobs moves the turns at junctions as today's equilibrium has it, on the paths of today."""
    if not signals_by_trips:
        return None
    return Caveat("signals_grow_with_trips", Severity.CAUTION, {"junctions": junctions, "spread": signals_follows})
