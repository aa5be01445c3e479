"""What limits travel to sites."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.caveats.rules import rule
from analytics.results import Caveat, Severity


@rule
def travel_is_straight(*, sites_detour: float | None, sites_detour_stated: bool) -> Caveat | None:
    """Travel is the straight line times a factor, not the way along streets; graver where nobody stated the factor."""
    if sites_detour is None:
        return None
    severity = Severity.NOTE if sites_detour_stated else Severity.CAUTION
    return Caveat("travel_is_straight", severity, {"detour": sites_detour, "stated": sites_detour_stated})


@rule
def travel_from_middles(*, sites_spread: float, sites_unit: str) -> Caveat | None:
    """Travel is counted from the middle of each area, whose places lie some way from it."""
    if sites_spread <= 0:
        return None
    return Caveat("travel_from_middles", Severity.NOTE, {"spread": sites_spread, "unit": sites_unit})


@rule
def off_the_network(*, sites_off_network: Sequence[str]) -> Caveat | None:
    """Areas or sites that the network does not reach: their travel is the straight line times the detour."""
    if not sites_off_network:
        return None
    return Caveat("off_the_network", Severity.CAUTION, {"n": len(sites_off_network), "names": list(sites_off_network)})
