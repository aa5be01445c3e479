"""From people who are needed in each hour to shifts that somebody can work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import scipy

from analytics.scenarios.engines.desks.erlang import load_of, staff_for

__all__ = ["Roster", "bound_of", "cover", "needed", "open_hours", "openings_of", "shifts_within"]

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

PARTS = 12  # of an hour, in which the load is followed
PER_SHIFT = 1e-3  # hours that one shift more counts as: of rosters of equal hours the one of fewer shifts


@dataclass(frozen=True, eq=False)
class Roster:
    """Shifts, as (first hour of the week, hours, how many people), the staff by hour that they make, and what was needed."""

    shifts: tuple[tuple[int, int, int], ...]
    staff: Whole
    need: Whole

    @property
    def hours(self) -> int:
        """Hours worked in a week."""
        return int(self.staff.sum())


def open_hours(staff: Sequence[float]) -> npt.NDArray[np.bool_]:
    """The hours of the week in which somebody is there today.

    Parameters
    ----------
    staff : by hour of the week.

    Returns
    -------
    Array
        One truth an hour.
    """
    return np.asarray(staff) > 0


def needed(usual: Floats, *, handling_hours: float, slack: float, opened: npt.NDArray[np.bool_]) -> Whole:
    """People needed in each open hour by the square-root rule on the offered load; at least one.

    Parameters
    ----------
    usual : contacts expected in each hour of the week.
    handling_hours : of one contact.
    slack : beta.
    opened : the hours in which the desk is open.

    Returns
    -------
    Array
        The greatest need within each hour, 0 while closed.
    """
    rates = np.repeat(np.where(opened, usual, 0.0), PARTS)
    week = len(rates)
    # Two weeks, of which the second has the end of the first behind it.
    load = load_of(np.tile(rates, 2), service=1 / handling_hours, step=1 / PARTS, before=0.0)[week:]
    greatest = load.reshape(-1, PARTS).max(axis=1)
    return np.where(opened, np.maximum(staff_for(greatest, slack=slack), 1), 0)


def shifts_within(opened: npt.NDArray[np.bool_], lengths: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Every shift, as (first hour, hours), that lies within opening hours; a shorter opening is a shift of its own.

    Parameters
    ----------
    opened : one truth an hour of the week.
    lengths : hours of the shortest and the longest shift.

    Returns
    -------
    tuple
        In order of time.
    """
    found: list[tuple[int, int]] = []
    for first, end in openings_of(opened):
        room = end - first
        short, long = min(lengths[0], room), min(lengths[1], room)
        for length in range(short, long + 1):
            found += [(start, length) for start in range(first, end - length + 1)]
    return tuple(sorted(found))


def cover(need: Whole, lengths: tuple[int, int]) -> Roster:
    """The roster of fewest hours that has the people needed in every hour (set cover of shifts; Dantzig 1954).

    Parameters
    ----------
    need : people by hour of the week, at least one in each hour that is open.
    lengths : hours of the shortest and the longest shift.

    Returns
    -------
    Roster
        Proven to be the least by ``scipy.optimize.milp`` (HiGHS); of equal ones with the fewest shifts.
    """
    staff = np.zeros(len(need), dtype=np.int64)
    chosen: list[tuple[int, int, int]] = []
    # No shift reaches from one opening to the next, so each is covered by itself, and again only where its need changes.
    for first, end in openings_of(need > 0):
        for start, length, people in _covered(tuple(int(each) for each in need[first:end]), lengths):
            chosen.append((first + start, length, people))
            staff[first + start : first + start + length] += people
    return Roster(tuple(chosen), staff, need)


def bound_of(need: Whole, lengths: tuple[int, int]) -> float:
    """Hours below which no roster covers a need: the relaxation, in which shifts may be worked in part.

    Parameters
    ----------
    need : people by hour of the week.
    lengths : hours of the shortest and the longest shift.

    Returns
    -------
    float
        Hours a week.
    """
    shifts = shifts_within(need > 0, lengths)
    hours = np.array([length for _, length in shifts], dtype=float)
    enough = scipy.optimize.LinearConstraint(_covers(len(need), shifts), lb=need)
    found = scipy.optimize.milp(hours, constraints=enough, bounds=scipy.optimize.Bounds(0))
    return float(np.asarray(found.fun))


@lru_cache(maxsize=4096)
def _covered(need: tuple[int, ...], lengths: tuple[int, int]) -> tuple[tuple[int, int, int], ...]:
    """The shifts of one opening: first hour, hours, people."""
    shifts = shifts_within(np.ones(len(need), dtype=bool), lengths)
    hours = np.array([length for _, length in shifts], dtype=float)
    enough = scipy.optimize.LinearConstraint(_covers(len(need), shifts), lb=need)
    whole = np.ones(len(shifts), dtype=np.int64)
    found = scipy.optimize.milp(
        hours + PER_SHIFT, constraints=enough, bounds=scipy.optimize.Bounds(0), integrality=whole
    )
    people = np.rint(np.asarray(found.x)).astype(np.int64)
    return tuple((first, length, int(n)) for (first, length), n in zip(shifts, people, strict=True) if n)


def openings_of(opened: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The first hour of the week of each opening and the hour at which it ends."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], opened, [False]]).astype(int)))
    return [(int(first), int(end)) for first, end in zip(edges[::2], edges[1::2], strict=True)]


def _covers(hours: int, shifts: Sequence[tuple[int, int]]) -> Floats:
    """1 where a shift covers an hour, (hour, shift)."""
    covers = np.zeros((hours, len(shifts)))
    for place, (first, length) in enumerate(shifts):
        covers[first : first + length, place] = 1
    return covers
