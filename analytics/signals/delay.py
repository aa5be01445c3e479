"""Delay at a junction under a plan: lanes by the handbook's queues, many flows at once.

Every lane's queue is followed over a cycle that repeats (the incremental queue accumulation of HCM 2010, chapter 31), which
for a green of its own is the handbook's d1, and has d2 and, where an earlier period left a queue, d3 added. Simplified:
drivers choose among the lanes that serve them so that these are as full; left turns through gaps wait until the queue
across has gone, and pass at the pace of HCM 2000 (chapter 16, appendix C); where turns that must wait share a lane, those
before the first of them go. Where a plan leaves less between greens than it takes to clear the junction, the next green
begins that much later. People on foot delay nobody who turns.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from analytics.signals.handbook import PERIOD
from analytics.signals.layouts import Layout, Turn
from analytics.signals.queue_loops import lane_delays
from analytics.signals.timings import Timing

__all__ = ["FIXED", "FOLLOWS_FLOW", "Delays", "delays", "mean_delay", "total_delay"]

Floats = npt.NDArray[np.float64]

FIXED = 0.5
"""k of a plan whose greens do not move (HCM 2000, exhibit 16-13)."""
FOLLOWS_FLOW = -1.0
"""k where a controller follows the flow: of each lane by how full it is (the same)."""


@dataclass(frozen=True, eq=False)
class Delays:
    """What a plan does to flows, by row: ``delay`` (row, movement) in seconds a vehicle, ``ratio`` (row, lane) of flow over
    capacity, ``left_over`` (row, lane) the vehicles that wait when the row's period ends.
    """

    flows: Floats
    delay: Floats
    ratio: Floats
    left_over: Floats

    @property
    def mean(self) -> Floats:
        """Seconds a vehicle by row; 0 where nobody comes."""
        total = self.flows.sum(axis=1)
        lost = (self.flows * self.delay).sum(axis=1)
        found: Floats = np.divide(lost, total, out=np.zeros_like(total), where=total > 0)
        return found


@dataclass(frozen=True, eq=False)
class _Arrays:
    serves: npt.NDArray[np.int8]
    saturation: Floats
    may: npt.NDArray[np.int8]
    rival: npt.NDArray[np.bool_]


@lru_cache(maxsize=256)
def _arrays(layout: Layout) -> _Arrays:
    lanes, moves = layout.lanes, layout.movements
    serves = np.array([[lane[0] == m.approach and lane[1] in m.lanes for m in moves] for lane in lanes], np.int8)
    rival = np.array([[_first(one.turn, other.turn, one.approach, other.approach) for other in moves] for one in moves])
    saturation = np.array([each.saturation for each in moves], float)
    return _Arrays(serves.reshape(len(lanes), len(moves)), saturation, layout.right_of_way(), rival)


def _first(turn: Turn, other: Turn, own: str, theirs: str) -> bool:
    """Whether another goes before a movement that has to yield: who turns left yields to those straight on and right."""
    if own == theirs:
        return False
    return other is Turn.THROUGH or (turn is Turn.LEFT and other is Turn.RIGHT)


def delays(
    layout: Layout, timing: Timing, flows: Floats, *, period: float = PERIOD, follows: npt.ArrayLike | None = None,
    scale: npt.ArrayLike | None = None, k: float = FIXED,
) -> Delays:  # fmt: skip
    """What a plan does to each row of flows.

    Parameters
    ----------
    layout, timing : the junction and its plan.
    flows : (row, movement), vehicles an hour.
    period : hours that a row lasts.
    follows : by row, whether it follows the row before in time, so that what waits there waits here first; none does
        where nothing is given.
    scale : by row, what the saturation flows are multiplied by; 1 where nothing is given.
    k : of the incremental delay: ``FIXED`` or ``FOLLOWS_FLOW``.

    Returns
    -------
    Delays
        By row.
    """
    each = _arrays(layout)
    given = np.ascontiguousarray(flows, dtype=float)
    after = np.zeros(len(given), bool) if follows is None else np.asarray(follows, dtype=bool)
    factor = np.ones(len(given)) if scale is None else np.ascontiguousarray(scale, dtype=float)
    seconds = np.asarray(timing.served(layout), dtype=float)
    rows, lanes = len(given), len(each.serves)
    delay, ratio, left_over = np.zeros(given.shape), np.zeros((rows, lanes)), np.zeros((rows, lanes))
    lane_delays(
        given, after, factor, each.serves, each.saturation, each.may, seconds, each.rival, period, k, delay, ratio, left_over
    )  # fmt: skip
    return Delays(given, delay, ratio, left_over)


def total_delay(
    layout: Layout, timing: Timing, flows: Floats, *, period: float = PERIOD, follows: npt.ArrayLike | None = None
) -> float:
    """Vehicle-hours lost over all rows.

    Parameters
    ----------
    layout, timing : the junction and its plan.
    flows : (row, movement), vehicles an hour.
    period : hours that a row lasts.
    follows : as of ``delays``.

    Returns
    -------
    float
        Hours.
    """
    found = delays(layout, timing, flows, period=period, follows=follows)
    return float((found.flows * found.delay).sum() * period / 3600)


def mean_delay(
    layout: Layout, timing: Timing, flows: Floats, *, period: float = PERIOD, follows: npt.ArrayLike | None = None
) -> float:
    """Seconds a vehicle over all rows.

    Parameters
    ----------
    layout, timing : the junction and its plan.
    flows : (row, movement), vehicles an hour.
    period : hours that a row lasts.
    follows : as of ``delays``.

    Returns
    -------
    float
        Seconds; 0 where nobody comes.
    """
    vehicles = float(np.asarray(flows).sum()) * period
    return 3600 * total_delay(layout, timing, flows, period=period, follows=follows) / vehicles if vehicles else 0.0
