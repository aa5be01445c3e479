"""The share answered in time, each opening of a desk served by itself, so that a roster is served anew only where it differs.

Nobody waits from one opening to the next: who waits at closing time is turned away.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from analytics.scenarios.engines.desks.queues import Contacts, Outcome, contacts_within
from analytics.scenarios.engines.desks.rosters import openings_of

__all__ = ["answered_by_opening"]

Floats = npt.NDArray[np.float64]
Serve = Callable[[Contacts, Floats], Outcome]

HOUR = 3600.0
ROSTERS = 4096  # of openings that are remembered: a search tries hundreds


def answered_by_opening(
    people: Contacts, serve: Serve, *, slots: npt.NDArray[np.int64], opened: npt.NDArray[np.bool_], longest: float
) -> Callable[[Floats], Floats]:
    """From the staff by hour of the week to the share answered in time in each future.

    Parameters
    ----------
    people : who comes, in every future.
    serve : what becomes of contacts under the staff by hour of the week.
    slots : the hour of the week of each hour.
    opened : hours of the week outside of which there is no staff.
    longest : seconds that the longest service may take.

    Returns
    -------
    Callable
        The same shares as when all are served at once.
    """
    parts = [(hours, contacts_within(people, hours[slots])) for hours in _apart(opened, longest)]
    total = people.counts.sum(axis=1)

    @lru_cache(maxsize=ROSTERS)
    def in_time(part: int, staff: tuple[float, ...]) -> Floats:
        hours, own = parts[part]
        everywhere = np.zeros(len(hours))
        everywhere[hours] = staff
        found: Floats = np.rint(serve(own, everywhere).answered_within * own.counts.sum(axis=1))
        return found

    def answered(staff: Floats) -> Floats:
        good = sum((in_time(part, tuple(staff[hours])) for part, (hours, _) in enumerate(parts)), np.zeros(len(total)))
        return np.where(total > 0, good / np.maximum(total, 1), 1.0)

    return answered


def _apart(opened: npt.NDArray[np.bool_], longest: float) -> list[npt.NDArray[np.bool_]]:
    """The hours of each opening; all at once where a service may last until the next, which then begins with fewer hands."""
    found = openings_of(opened)
    following = [first for first, _ in found[1:]] + [first + len(opened) for first, _ in found[:1]]
    gaps = [begin - end for (_, end), begin in zip(found, following, strict=True)]
    if not found or min(gaps) * HOUR <= longest:
        return [opened]
    hours = np.arange(len(opened))
    return [(hours >= first) & (hours < end) for first, end in found]
