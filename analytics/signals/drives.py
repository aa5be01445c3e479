"""What can be driven in the simulator: a junction or a corridor in its busiest hour, under whatever plans it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from analytics.signals.simulation import Case, SignalProgram
from analytics.signals.timings import DayPlan, Timing

__all__ = ["Drive", "Movable", "Plans", "Written", "busiest_hour", "with_timing"]

BUSIEST = 4  # intervals that are driven: an hour of quarters

Plans = Mapping[str, DayPlan]
"""The plan of each junction, by its id."""


def busiest_hour(come: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """The intervals within an hour in which most come.

    Parameters
    ----------
    come : vehicles by interval.

    Returns
    -------
    Places of the intervals, in order; all where they are fewer than an hour's.
    """
    windows = [come[place : place + BUSIEST].sum() for place in range(max(1, len(come) - BUSIEST + 1))]
    first = int(np.argmax(windows))
    return np.arange(first, min(first + BUSIEST, len(come)))


def with_timing(plan: DayPlan, old: Timing, new: Timing) -> DayPlan:
    """A plan with another timing wherever one of its own runs.

    Parameters
    ----------
    plan : of a junction.
    old, new : the timing that runs, and the one in its place.

    Returns
    -------
    DayPlan
        With the same starts.
    """
    return DayPlan(tuple(replace(each, timing=new) if each.timing == old else each for each in plan.programs))


@dataclass(frozen=True, eq=False)
class Written:
    """Roads and travellers as files, what the signals run under plans, and how many ``trips`` are made in the hour."""

    case: Case
    programs: Callable[[Plans], list[SignalProgram]]
    trips: float


@dataclass(frozen=True, eq=False)
class Movable:
    """What a search may move of plans, as numbers in a row: where each starts, and the least that it may be.

    ``plans`` gives those that other numbers stand for, None where no controller could run them.
    """

    start: tuple[float, ...]
    least: tuple[float, ...]
    plans: Callable[[tuple[float, ...]], Plans | None]


class Drive(Protocol):
    """A junction or a corridor in the hour in which most come."""

    @property
    def minute(self) -> int:
        """Of the day: when that hour begins."""
        ...

    def driven(self, plans: Plans) -> tuple[object, ...]:
        """All that is driven: roads, vehicles, and what today's plans and these do in that hour.

        Parameters
        ----------
        plans : by junction, those that are proposed.

        Returns
        -------
        tuple
            Of values whose ``repr`` says them.
        """
        ...

    def tried(self, plans: Plans) -> dict[str, Plans]:
        """Plans with those that they are held against, today's first.

        Parameters
        ----------
        plans : by junction, those that are proposed.

        Returns
        -------
        dict
            By ``TODAY``, ``PROPOSED`` and what else there is.
        """
        ...

    def written(self, folder: Path, *, netconvert: Path) -> Written:
        """The hour as files of the simulator.

        Parameters
        ----------
        folder : where they are written.
        netconvert : SUMO's program that makes roads.

        Returns
        -------
        Written
            Of use for as long as the folder is there.
        """
        ...

    def hours(self, plans: Plans) -> float:
        """Vehicle-hours lost in that hour by formula.

        Parameters
        ----------
        plans : by junction.

        Returns
        -------
        float
            In all.
        """
        ...

    @property
    def counted(self) -> tuple[object, ...]:
        """What plans for the whole day are made from: roads, ways and all counts, whatever plan runs today."""
        ...

    def movable(self, plans: Plans, *, longest: float) -> Movable:
        """What may be moved of plans in that hour.

        Parameters
        ----------
        plans : by junction, from which a search starts.
        longest : seconds that a cycle may last.

        Returns
        -------
        Movable
            Of which the start is the plans themselves.
        """
        ...
