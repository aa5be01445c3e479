"""The inner loops of platoons, compiled: how they spread on their way, and the queue that they meet."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

__all__ = ["followed_queue", "spread_platoon"]


@numba.njit(cache=True)
def spread_platoon(leaving: Any, later: int, smoothing: float) -> Any:
    """Who arrives downstream by second of a cycle that repeats: q'(t + later) = F q(t) + (1 - F) q'(t + later - 1).

    Parameters
    ----------
    leaving : vehicles by second of the cycle.
    later : seconds until the head arrives.
    smoothing : F, from 0 to 1.

    Returns
    -------
    Array
        As many vehicles, by second of the same cycle.
    """
    n = len(leaving)
    found = np.zeros(n)
    last = leaving.mean()
    for turn in range(8):
        for t in range(n):
            last = smoothing * leaving[t] + (1.0 - smoothing) * last
            if turn == 7:
                found[(t + later) % n] = last
    total = found.sum()
    return found * (leaving.sum() / total) if total > 0 else found


@numba.njit(cache=True)
def followed_queue(arrivals: Any, pace: Any) -> Any:
    """Mean seconds that a vehicle waits, and who leaves by second, over a cycle that repeats.

    Parameters
    ----------
    arrivals, pace : by second of the cycle, vehicles that come and that could leave; fewer come than could leave.

    Returns
    -------
    tuple
        Seconds a vehicle, and vehicles by second.
    """
    n = len(arrivals)
    left = np.zeros(n)
    queue, area = 0.0, 0.0
    for _turn in range(3):
        area = 0.0
        for t in range(n):
            before = queue
            left[t] = min(queue + arrivals[t], pace[t])
            queue = queue + arrivals[t] - left[t]
            area += (before + queue) / 2.0
    return area / max(arrivals.sum(), 1e-9), left
