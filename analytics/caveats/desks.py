"""What limits the results of a desk."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.caveats.rules import rule
from analytics.results import Caveat, Severity
from data.words import Sentence, Words

# A few contacts out of hours are slips of the clock.
CLOSED_SHARE = 0.01
# Formulas know each hour by itself and exponential times: a difference of this many points is more than that explains.
FORMULA_APART = 0.10


@rule
def desk_stated(*, desk: Words, desk_stated: Sequence[str]) -> Caveat | None:
    """How long an answer takes, or how long people wait before they leave, is stated and was not measured."""
    if not desk_stated:
        return None
    what = [Sentence(f"desk_facts.{each}") for each in desk_stated]
    return Caveat("desk_stated", Severity.CAUTION, {"desk": desk, "what": what})


@rule
def desk_nobody_leaves(*, desk: Words, desk_nobody_leaves: bool) -> Caveat | None:
    """Nothing is known of when people give up, so all are taken to wait until they are served."""
    return Caveat("desk_nobody_leaves", Severity.CAUTION, {"desk": desk}) if desk_nobody_leaves else None


@rule
def desk_overloaded(*, desk: Words, desk_overloaded: Sequence[str], desk_least: int) -> Caveat | None:
    """In some hours today's staff cannot keep up with those who come: no formula of a steady queue holds there."""
    if not desk_overloaded:
        return None
    evidence = {"desk": desk, "n": len(desk_overloaded), "hours": list(desk_overloaded[:5]), "least": desk_least}
    return Caveat("desk_overloaded", Severity.NOTE, evidence)


@rule
def desk_closed(*, desk: Words, desk_closed_share: float) -> Caveat | None:
    """Some people come while nobody is there; they count as not answered."""
    if desk_closed_share <= CLOSED_SHARE:
        return None
    return Caveat("desk_closed", Severity.NOTE, {"desk": desk, "share": desk_closed_share})


@rule
def desk_formula_apart(*, desk: Words, desk_simulated: float, desk_formula: float) -> Caveat | None:
    """The simulation and the formula of a steady queue say clearly different things of today."""
    if abs(desk_simulated - desk_formula) <= FORMULA_APART:
        return None
    evidence = {"desk": desk, "simulated": desk_simulated, "formula": desk_formula}
    return Caveat("desk_formula_apart", Severity.NOTE, evidence)
