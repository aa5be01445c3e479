"""What limits trips that a model made, or that counts corrected."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.caveats.rules import rule
from analytics.results import Caveat, Severity

MUCH = 0.25  # of all trips: a prior that counts move so far was no good one


@rule
def trips_by_gravity(*, gravity_trips: str, gravity_mean: float, gravity_wanted: float, gravity_fitted: bool) -> Caveat:
    """Trips are those of a gravity model by population and jobs; graver where it misses the minutes that trips take."""
    severity = Severity.NOTE if gravity_fitted else Severity.CAUTION
    return Caveat(
        "trips_by_gravity", severity, {"trips": gravity_trips, "mean": gravity_mean, "wanted": gravity_wanted}
    )


@rule
def matrix_moved_far(*, estimated_change: float, estimated_far_zones: Sequence[str]) -> Caveat | None:
    """Counts moved the trips far from what was known before: of all, or of some zones by more than half."""
    if estimated_change <= MUCH and not estimated_far_zones:
        return None
    severity = Severity.CAUTION if estimated_change > MUCH else Severity.NOTE
    evidence = {"change": estimated_change, "n": len(estimated_far_zones), "zones": list(estimated_far_zones)}
    return Caveat("matrix_moved_far", severity, evidence)


@rule
def matrix_undetermined(*, estimated_counters: int, estimated_pairs: int) -> Caveat | None:
    """There are fewer counters than pairs of zones: many matrices carry the same counts, and the prior chose among them."""
    if estimated_counters >= estimated_pairs:
        return None
    return Caveat("matrix_undetermined", Severity.NOTE, {"counters": estimated_counters, "pairs": estimated_pairs})


@rule
def matrix_unsettled(*, estimated_moving: float, estimated_still: float) -> Caveat | None:
    """Routes and trips were still moving when the search for the matrix ended."""
    if estimated_moving <= estimated_still:
        return None
    return Caveat("matrix_unsettled", Severity.NOTE, {"moving": estimated_moving, "wanted": estimated_still})
