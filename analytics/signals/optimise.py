"""The plan of one junction that loses the fewest vehicle-hours, by search from Webster's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from analytics.signals.critical import critical_ratios, greens_within, webster_timing
from analytics.signals.delay import total_delay
from analytics.signals.handbook import PERIOD
from analytics.signals.layouts import Layout
from analytics.signals.timings import Timing
from analytics.signals.webster import LONGEST, webster_greens

__all__ = ["Flows", "Found", "best_timing"]

Floats = npt.NDArray[np.float64]
Lost = Callable[[tuple[float, ...]], float]
"""Vehicle-hours that greens lose."""

COARSE = 6  # seconds between the cycles that are tried first
STEPS = (8.0, 4.0, 2.0, 1.0)  # seconds that are moved from one green to another
WORTH = 1e-9
DAYS = (-(1.5**0.5), 0.0, 1.5**0.5)  # in standard deviations: three values as likely, of mean 0 and variance 1


@dataclass(frozen=True, eq=False)
class Flows:
    """Flows that a plan has to serve: ``rows`` (row, movement) in vehicles an hour, each for ``period`` hours; ``follows``
    by row, whether it comes right after the row before.
    """

    rows: Floats
    period: float = PERIOD
    follows: npt.NDArray[np.bool_] | None = None

    @property
    def mean(self) -> Floats:
        """By movement."""
        found: Floats = self.rows.mean(axis=0)
        return found

    def over_days(self, spread: float) -> Flows:
        """The same on quiet, usual and busy days: three days whose mean and spread are those of all.

        Parameters
        ----------
        spread : standard deviation of a day's traffic, as a share.

        Returns
        -------
        Flows
            Three times as many rows; itself where days do not differ.
        """
        if not spread:
            return self
        rows = np.concatenate([self.rows * (1 + spread * each) for each in DAYS])
        first = np.zeros(len(self.rows), bool) if self.follows is None else self.follows
        return Flows(rows, self.period, np.tile(first, len(DAYS)))

    def lost(self, layout: Layout, timing: Timing) -> float:
        """Vehicle-hours lost.

        Parameters
        ----------
        layout, timing : the junction and its plan.

        Returns
        -------
        float
            Hours.
        """
        return total_delay(layout, timing, self.rows, period=self.period, follows=self.follows)


@dataclass(frozen=True)
class Found:
    """A plan, the vehicle-hours that it loses, and by cycle those that the best greens of that cycle lose."""

    timing: Timing
    hours: float
    by_cycle: tuple[tuple[float, float], ...] = ()


def best_timing(
    layout: Layout, flows: Flows, *, longest: float = LONGEST, cycles: Sequence[float] | None = None
) -> Found:
    """Cycle and greens that lose the fewest vehicle-hours by the handbook's delay, in whole seconds.

    Cycles are tried from the shortest that leaves each phase its least green, first widely, then each around the best; in each
    seconds are moved between greens for as long as that helps. The search may end beside the best: it starts from
    Webster's greens and from those of the cycle before.

    Parameters
    ----------
    layout : the junction.
    flows : what it has to serve.
    longest : seconds that the cycle may last.
    cycles : those that may be, where not all are.

    Returns
    -------
    Found
        No worse than Webster's plan, where all cycles may be.
    """
    shortest, top = int(np.ceil(layout.shortest)), max(int(longest), int(np.ceil(layout.shortest)))
    ratios = critical_ratios(layout, flows.mean)
    known: dict[float, Found] = {}
    # Two starts that end at one plan, and the last look around it, ask for the same greens: two fifths of all.
    lost = cache(lambda greens: flows.lost(layout, Timing(greens)))
    if cycles is None:
        _try(layout, lost, ratios, [*range(shortest, top + 1, COARSE), top], known)
        own = webster_timing(layout, flows.mean, longest=longest)
        _keep(known, own.cycle(layout), _improved(layout, lost, own.greens))
        near = min(known, key=lambda cycle: known[cycle].hours)
        around = [each for each in range(int(near) - COARSE + 1, int(near) + COARSE) if shortest <= each <= top]
        _try(layout, lost, ratios, around, known)
    else:
        _try(layout, lost, ratios, cycles, known)
    best = min(known.values(), key=lambda found: (found.hours, found.timing.cycle(layout)))
    by_cycle = tuple(sorted((cycle, found.hours) for cycle, found in known.items()))
    return Found(best.timing, best.hours, by_cycle)


def _try(layout: Layout, lost: Lost, ratios: Floats, cycles: Iterable[float], known: dict[float, Found]) -> None:
    before: tuple[float, ...] | None = None
    for cycle in cycles:
        if cycle in known:
            continue
        starts = [np.array(webster_greens(cycle, layout.lost, list(ratios)))]
        starts += [] if before is None else [np.array(before)]
        for start in starts:
            found = _improved(layout, lost, greens_within(layout, start, cycle))
            _keep(known, cycle, found)
        before = known[cycle].timing.greens


def _keep(known: dict[float, Found], cycle: float, found: Found) -> None:
    if cycle not in known or found.hours < known[cycle].hours - WORTH:
        known[cycle] = found


def _improved(layout: Layout, lost: Lost, greens: tuple[float, ...]) -> Found:
    """The greens after all moves of seconds from one phase to another that help, the widest first."""
    best, hours = greens, lost(greens)
    least = [each.minimum for each in layout.phases]
    for step in STEPS:
        moved = True
        while moved:
            moved = False
            for giver in range(len(greens)):
                for taker in range(len(greens)):
                    if giver == taker or best[giver] - step < least[giver]:
                        continue
                    tried = list(best)
                    tried[giver] -= step
                    tried[taker] += step
                    costs = lost(tuple(tried))
                    if costs < hours - WORTH:
                        best, hours, moved = tuple(tried), costs, True
    return Found(Timing(best), hours)
