"""The inner loops of the queue, compiled: one line, several servers whose number changes by the hour."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

__all__ = ["LEFT", "SERVED", "TURNED_AWAY", "draw_contacts", "outcomes", "waits"]  # fmt: skip

SERVED, LEFT, TURNED_AWAY = 0, 1, 2
HOUR, HOURS = 3600.0, 1 / 3600.0
GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # of Steele, Lea & Flood 2014, "Fast splittable pseudorandom number generators"
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
LONGEST = 14_400  # seconds that the histogram of waits tells apart; a wait beyond counts as this long


@numba.njit(cache=True)
def _uniform(state: Any, place: int) -> float:
    """The uniform at a place of a stream: SplitMix64 of its state, in the open unit interval."""
    mixed = state + GOLDEN * np.uint64(place + 1)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * FIRST
    mixed = (mixed ^ (mixed >> np.uint64(27))) * SECOND
    mixed = mixed ^ (mixed >> np.uint64(31))
    return (float(mixed >> np.uint64(11)) + 0.5) * 2.0**-53


@numba.njit(cache=True)
def draw_contacts(counts: Any, states: Any, table: Any, begin: Any, times: Any, handled: Any, patient: Any) -> None:
    """Writes when each contact comes, how long it takes and how patient it is, as multiples of their means.

    ``counts`` and ``states`` are (draw, hour); ``table`` holds evenly spaced quantiles of handling over its mean;
    ``begin`` is the place of each draw's first contact. Those of an hour come at uniform times within it.
    """
    last = len(table) - 1
    for draw in range(counts.shape[0]):
        at = begin[draw]
        for hour in range(counts.shape[1]):
            n, state = counts[draw, hour], states[draw, hour]
            for each in range(n):
                times[at + each] = HOUR * (hour + _uniform(state, 3 * each))
                place = min(max(_uniform(state, 3 * each + 1) * (last + 1) - 0.5, 0.0), float(last))
                below = min(int(place), last - 1)
                handled[at + each] = table[below] + (place - below) * (table[below + 1] - table[below])
                patient[at + each] = -np.log(_uniform(state, 3 * each + 2))
            times[at : at + n].sort()
            at += n


@numba.njit(cache=True)
def _push(heap: Any, size: int, value: float) -> None:
    place = size
    while place > 0:
        above = (place - 1) >> 1
        if heap[above] <= value:
            break
        heap[place] = heap[above]
        place = above
    heap[place] = value


@numba.njit(cache=True)
def _pop(heap: Any, size: int) -> None:
    """Takes the least of a heap of ``size`` away."""
    value, place = heap[size - 1], 0
    while True:
        below = 2 * place + 1
        if below >= size - 1:
            break
        if below + 1 < size - 1 and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= value:
            break
        heap[place] = heap[below]
        place = below
    heap[place] = value


@numba.njit(cache=True)
def waits(
    times: Any, handled: Any, patient: Any, handling: float, patience: float, staff: Any, heap: Any, waited: Any, fate: Any
) -> None:  # fmt: skip
    """Writes how long each of one stream waits and what becomes of it, first come, first served.

    ``handled`` and ``patient`` are multiples of the means ``handling`` and ``patience`` (infinite: nobody leaves), in
    seconds. ``staff`` is by hour from time 0, its last entry for good. A service that has begun is finished, whoever goes home. Who
    has waited for longer than its patience leaves; who comes or waits when nobody is there is turned away. The heap holds
    the times at which the busy become free (at least as long as the most staff).
    """
    size, now, last = 0, 0.0, len(staff) - 1
    for each in range(len(times)):
        arrived = times[each]
        now = max(now, arrived)
        gone = arrived + patient[each] * patience
        while True:
            while size > 0 and heap[0] <= now:
                _pop(heap, size)
                size -= 1
            hour = min(int(now * HOURS), last)
            if now > gone:
                waited[each], fate[each] = gone - arrived, LEFT
                break
            if staff[hour] == 0:
                waited[each], fate[each] = now - arrived, TURNED_AWAY
                break
            if size < staff[hour]:
                waited[each], fate[each] = now - arrived, SERVED
                _push(heap, size, now + handled[each] * handling)
                size += 1
                break
            following = heap[0]
            if hour < last:
                following = min(following, HOUR * (hour + 1))
            if following > gone:
                waited[each], fate[each] = gone - arrived, LEFT
                break
            now = following


@numba.njit(cache=True)
def outcomes(
    begin: Any, times: Any, handled: Any, patient: Any, handling: Any, patience: Any, staff: Any, slots: Any,
    target: float, level: float, totals: Any, late: Any, longest: Any,
) -> None:  # fmt: skip
    """Runs each draw's contacts and writes what came of them.

    ``handling`` and ``patience`` are each draw's means in seconds (infinite: nobody leaves), ``slots`` the hour of the week
    of each hour. ``totals`` is (draw, 6): contacts, answered within ``target`` seconds, left, turned away, the sum of
    waits and how many waited; ``late`` (draw, slot) those not answered within the target; ``longest`` the wait at
    ``level``.
    """
    most = 0
    for draw in range(len(begin) - 1):
        most = max(most, begin[draw + 1] - begin[draw])
    heap = np.empty(int(staff.max()) + 1)
    waited, fate = np.empty(most), np.empty(most, np.int8)
    histogram = np.zeros(LONGEST + 1, np.int32)
    for draw in range(len(begin) - 1):
        first, n = begin[draw], begin[draw + 1] - begin[draw]
        own = slice(first, first + n)
        waits(
            times[own], handled[own], patient[own], handling[draw], patience[draw], staff, heap, waited[:n], fate[:n]
        )  # fmt: skip
        queued, top = 0, 0
        for each in range(n):
            wait = waited[each]
            if fate[each] == SERVED and wait <= target:
                totals[draw, 1] += 1
            else:
                late[draw, slots[int(times[first + each] * HOURS)]] += 1
            totals[draw, 2] += fate[each] == LEFT
            totals[draw, 3] += fate[each] == TURNED_AWAY
            if fate[each] != TURNED_AWAY or wait > 0:
                queued += 1
                totals[draw, 4] += wait
                second = min(int(wait), LONGEST)
                histogram[second] += 1
                top = max(top, second)
        totals[draw, 0], totals[draw, 5] = n, queued
        longest[draw] = _quantile(histogram, top, queued, level)
        histogram[: top + 1] = 0


@numba.njit(cache=True)
def _quantile(histogram: Any, top: int, n: int, level: float) -> float:
    """The wait below which this share lies, to within the second in which it falls; 0 where most do not wait at all."""
    wanted, below = level * n, 0.0
    if n == 0:
        return 0.0
    for second in range(top + 1):
        there = histogram[second]
        if there and below + there >= wanted:
            return 0.0 if second == 0 else second + (wanted - below) / there
        below += there
    return float(top)
