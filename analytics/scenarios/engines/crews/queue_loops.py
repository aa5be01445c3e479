"""Work that waits, day by day in all futures at once, compiled: requests of one opening day are a cohort that melts away."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

__all__ = ["BY_AGE", "NEWEST", "OLDEST", "worked_off"]

Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]

BY_AGE, OLDEST, NEWEST = 0, 1, 2  # whose turn it is: as practice shows by age, the oldest first, the newest first
BLOCK = 64  # draws at a time: their cohorts stay in the processor's cache


@numba.njit(cache=True, nogil=True, fastmath=True)
def worked_off(  # type: ignore[no-untyped-def]
    waiting: Floats, tail: Floats, arrivals: Floats, period: Whole, share: Floats, work: Floats, worked: Whole,
    hazard: Floats, pool: Whole, first: npt.NDArray[np.bool_], capacity: Floats, usual: Floats, give: Floats,
    fastest: Floats, order: int, counted: int,
):  # fmt: skip
    """Requests done by days since they were opened, and what waits, in each future.

    Parameters
    ----------
    waiting : open when it begins, (unit, day of opening), the eve last.
    tail : opened earlier, by unit.
    arrivals : requests that come, (unit, period, draw).
    period, share : the period of each day, and the share of its requests that comes on the day.
    work : what is done on a day against an average working day; 0 where no work is done.
    worked : working days up to each day, from the oldest cohort on.
    hazard : the share that is done of what waits on a working day at the usual load, (unit, working days waited).
    pool : whose crews serve a unit.
    first : units that are served before the others of their pool.
    capacity : requests done on a working day at the usual load, (pool, period, draw).
    usual : the usual load by pool: the requests that practice would do.
    give : by pool; at another load it is done as (load / usual)^give.
    fastest : by pool, the greatest share of what goes first that can be done in a day.
    order : BY_AGE, OLDEST or NEWEST.
    counted : days whose requests count, from the first on.

    Returns
    -------
    Requests done (unit, days since opened, draw) of those that count; what waits (unit, draw) at the end of these days.
    """
    units, back = waiting.shape[0], waiting.shape[1] + 1
    days, draws, ages = len(period), arrivals.shape[2], hazard.shape[1]
    done = np.zeros((units, back, draws), dtype=np.float32)
    left = np.zeros((units, draws), dtype=np.float32)
    for start in range(0, draws, BLOCK):
        n = min(BLOCK, draws - start)
        cohorts = np.zeros((units, back - 1 + days, n), dtype=np.float32)
        old = np.zeros((units, n), dtype=np.float32)
        for u in range(units):
            for c in range(back - 1):
                cohorts[u, c, :] = waiting[u, c]
            old[u, :] = tail[u]
        for t in range(days):
            now = back - 1 + t
            for u in range(units):
                for d in range(n):
                    cohorts[u, now, d] = arrivals[u, period[t], start + d] * share[t]
            if work[t] > 0:
                for k in range(len(usual)):
                    _work(
                        cohorts, old, done, now, back, hazard, worked, pool, first, k,
                        capacity[k, period[t], start : start + n] * work[t], usual[k], give[k], fastest[k], order,
                        counted, ages, start,
                    )  # fmt: skip
            for u in range(units):
                for d in range(n):
                    old[u, d] += cohorts[u, now - back + 1, d]
                    cohorts[u, now - back + 1, d] = 0.0
            if t == counted - 1:
                for u in range(units):
                    for d in range(n):
                        total = old[u, d]
                        for c in range(now - back + 2, now + 1):
                            total += cohorts[u, c, d]
                        left[u, start + d] = total
    return done, left


@numba.njit(cache=True, nogil=True, fastmath=True)
def _work(  # type: ignore[no-untyped-def]
    cohorts,
    old,
    done,
    now,
    back,
    hazard,
    worked,
    pool,
    first,
    k,
    able,
    usual,
    give,
    fastest,
    order,
    counted,
    ages,
    start,
):
    """One working day of one pool."""
    n = len(able)
    oldest = now - back + 1
    one = np.float32(1.0)
    if order != BY_AGE:
        _in_turn(cohorts, old, done, now, back, pool, k, able.copy(), order, counted, start)
        return
    load = np.zeros(n, dtype=np.float32)
    rest = np.zeros(n, dtype=np.float32)
    ahead = np.zeros(n, dtype=np.float32)
    for u in range(len(pool)):
        if pool[u] != k:
            continue
        mine = np.zeros(n, dtype=np.float32)
        for c in range(oldest, now + 1):
            chance = hazard[u, min(worked[now] - worked[c], ages - 1)]
            row = cohorts[u, c]
            for d in range(n):
                mine[d] += row[d] * chance
        for d in range(n):
            mine[d] += old[u, d] * hazard[u, ages - 1]
            load[d] += mine[d]
        if first[u]:
            for c in range(oldest, now + 1):
                for d in range(n):
                    ahead[d] += cohorts[u, c, d] * fastest
            for d in range(n):
                ahead[d] += old[u, d] * fastest
        else:
            rest += mine
    speed = np.zeros(n, dtype=np.float32)
    served = np.zeros(n, dtype=np.float32)
    for d in range(n):
        if load[d] > 0:
            doing = able[d] * (load[d] / usual) ** give
            served[d] = min(1.0, doing / ahead[d]) if ahead[d] > 0 else 0.0
            speed[d] = max(0.0, doing - served[d] * ahead[d]) / rest[d] if rest[d] > 0 else 0.0
    for u in range(len(pool)):
        if pool[u] != k:
            continue
        pace = served if first[u] else speed
        for c in range(oldest, now + 1):
            chance = fastest if first[u] else hazard[u, min(worked[now] - worked[c], ages - 1)]
            counts = back - 1 <= c < back - 1 + counted
            row = cohorts[u, c]
            if counts:
                tally = done[u, now - c, start : start + n]
                for d in range(n):
                    some = row[d] * min(one, pace[d] * chance)
                    row[d] -= some
                    tally[d] += some
            else:
                for d in range(n):
                    row[d] -= row[d] * min(one, pace[d] * chance)
        chance = fastest if first[u] else hazard[u, ages - 1]
        for d in range(n):
            old[u, d] -= old[u, d] * min(np.float32(1.0), pace[d] * chance)


@numba.njit(cache=True, nogil=True, fastmath=True)
def _in_turn(cohorts, old, done, now, back, pool, k, able, order, counted, start):  # type: ignore[no-untyped-def]
    """One working day of one pool that serves in the order of opening, or the other way round."""
    n = len(able)
    oldest = now - back + 1
    for step in range(back + 1):
        # The tail is older than any cohort: first where the oldest go first, last otherwise.
        c = oldest + step - 1 if order == OLDEST else now - step
        for d in range(n):
            total = np.float32(0.0)
            for u in range(len(pool)):
                if pool[u] == k:
                    total += old[u, d] if c < oldest else cohorts[u, c, d]
            if total <= 0:
                continue
            taken = min(np.float32(1.0), able[d] / total)
            able[d] = max(np.float32(0.0), able[d] - taken * total)
            for u in range(len(pool)):
                if pool[u] != k:
                    continue
                if c < oldest:
                    old[u, d] -= taken * old[u, d]
                else:
                    some = taken * cohorts[u, c, d]
                    cohorts[u, c, d] -= some
                    if back - 1 <= c < back - 1 + counted:
                        done[u, now - c, start + d] += some
