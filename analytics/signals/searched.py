"""Plans that took a search, kept in the workspace: the next process that asks for them reads them.

They are kept under what they depend on: roads and counts, the longest cycle, and the code that searches.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from analytics.results import code_version
from analytics.signals.timings import DayPlan, Program, Timing
from data import Junctions, fingerprint_of
from data.store.results import keep, load

__all__ = ["from_plain", "searched", "to_plain"]

KIND = "signal_plans"


def searched(table: Junctions, place: str, search: Callable[[], Mapping[str, DayPlan]]) -> dict[str, DayPlan]:
    """The plans of a place: as they were kept, or as a search finds them, which are then kept.

    Parameters
    ----------
    table : of a city.
    place : what stands for the junction or corridor that is searched for.
    search : finds the plans, by junction.

    Returns
    -------
    dict
        By junction.
    """
    key = fingerprint_of(code_version(), table.provenance.fingerprint, table.longest_cycle, place)
    stored = load(KIND, key)
    if stored is not None:
        return from_plain(stored.record["plans"])
    found = dict(search())
    keep(KIND, key, tables={}, record={"plans": to_plain(found)})
    return found


def to_plain(plans: Mapping[str, DayPlan]) -> dict[str, Any]:
    """Plans as values that a record holds."""
    return {
        name: [[each.start, list(each.timing.greens), each.timing.offset] for each in plan.programs]
        for name, plan in plans.items()
    }


def from_plain(plain: Mapping[str, Any]) -> dict[str, DayPlan]:
    """The plans that ``to_plain`` made values of."""
    return {
        name: DayPlan(tuple(Program(start, Timing(tuple(greens), offset)) for start, greens, offset in programs))
        for name, programs in plain.items()
    }
