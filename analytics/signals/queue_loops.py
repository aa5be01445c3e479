"""The inner loops of delay at signals, compiled: queues of lanes over a cycle, for many flows at once."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

__all__ = ["lane_delays"]

GAP, FOLLOW_UP = (
    4.5,
    2.5,
)  # seconds that a left turn needs between vehicles, and behind another (HCM 2000, chapter 16, appendix C)
SNEAKERS = 1.0  # vehicles that turn as the green ends, and one more of a lane for them alone (the same)
ALIKE = 0.02  # of flow over capacity: lanes that drivers may choose between, and that are as full, are one queue
LEAST_K = 0.1  # where a controller follows the flow and a lane is half full or less (HCM 2000, exhibit 16-13; 3 s of extension)
EVEN = 1e-9


@numba.njit(cache=True)
def _through_gaps(opposing: float) -> float:
    """Vehicles an hour that turn through the gaps of a stream of so many an hour."""
    if opposing < 1.0:
        return 3600.0 / FOLLOW_UP
    return float(opposing * np.exp(-opposing * GAP / 3600.0) / (1.0 - np.exp(-opposing * FOLLOW_UP / 3600.0)))


@numba.njit(cache=True)
def _since_green(may: Any, seconds: Any, since: Any, green: Any) -> None:
    """Writes for how long a movement has been green when an interval begins (``since``), and its green of a cycle."""
    n = len(seconds)
    for m in range(may.shape[0]):
        green[m] = 0.0
        for i in range(n):
            green[m] += seconds[i] if may[m, i] > 0 else 0.0
            since[m, i] = 0.0
            for back in range(1, n):
                at = (i - back) % n
                if may[m, at] == 0:
                    break
                since[m, i] += seconds[at]


@numba.njit(cache=True)
def _gaps(
    flow: Any, lanes_of: Any, saturation: Any, may: Any, seconds: Any, rival: Any, since: Any, green: Any, pace: Any, blocked: Any
) -> None:  # fmt: skip
    """Writes what each movement lets pass (``pace``), and how long one that is permitted waits for the queue across.

    Parameters
    ----------
    flow, lanes_of, saturation : by movement.
    may, since : (movement, interval).
    seconds : by interval.
    rival : (movement, movement), whether the second goes first where both have green.
    green : by movement, seconds of a cycle.
    pace, blocked : (movement, interval), written: vehicles a second, and seconds.
    """
    cycle = seconds.sum()
    for m in range(len(flow)):
        for i in range(len(seconds)):
            pace[m, i], blocked[m, i] = 0.0, 0.0
            if may[m, i] == 1:
                pace[m, i] = saturation[m] / 3600.0
            if may[m, i] != 2:
                continue
            opposing = 0.0
            for o in range(len(flow)):
                if not rival[m, o] or may[o, i] == 0:
                    continue
                opposing += flow[o]
                y = min(flow[o] / (lanes_of[o] * saturation[o]), 1.0 - EVEN)
                clears = (cycle - green[o]) * y / (1.0 - y) - since[o, i]
                blocked[m, i] = max(blocked[m, i], min(seconds[i], clears))
            pace[m, i] = min(saturation[m], _through_gaps(opposing)) / 3600.0


@numba.njit(cache=True)
def _sneaks(may: Any, m: int, i: int) -> bool:
    """Whether a permitted green of a movement ends with an interval."""
    return bool(may[m, i] == 2 and may[m, (i + 1) % may.shape[1]] == 0)


@numba.njit(cache=True)
def _spread(flow: Any, serves: Any, may: Any, seconds: Any, pace: Any, blocked: Any, within: Any) -> None:
    """Writes each movement's flow by lane (``within``), so that the lanes it may choose between are as full: those with
    the fewest lanes first.
    """
    n_lanes, n = serves.shape
    load = np.zeros(n_lanes)
    for lane in range(n_lanes):
        for m in range(n):
            within[lane, m] = 0.0
    for wanted in range(1, n_lanes + 1):
        for m in range(n):
            served = 0
            for lane in range(n_lanes):
                served += serves[lane, m]
            if served != wanted:
                continue
            alone = 0.0
            for i in range(len(seconds)):
                alone += (seconds[i] - blocked[m, i]) * pace[m, i] + (2 * SNEAKERS if _sneaks(may, m, i) else 0.0)
            need = flow[m] / max(alone, EVEN)
            # The level to which this need fills the lanes: those already fuller than it take nothing.
            level, taken, used = 0.0, 0.0, 0
            bound = -1.0
            while used < wanted:
                lowest = np.inf
                for lane in range(n_lanes):
                    if serves[lane, m] == 1 and load[lane] > bound:
                        lowest = min(lowest, load[lane])
                if used > 0 and level <= lowest:
                    break
                for lane in range(n_lanes):
                    if serves[lane, m] == 1 and load[lane] == lowest:
                        taken += load[lane]
                        used += 1
                bound = lowest
                level = (need + taken) / used
            for lane in range(n_lanes):
                if serves[lane, m] == 1 and level > load[lane]:
                    within[lane, m] = (level - load[lane]) * max(alone, EVEN)
                    load[lane] = level


@numba.njit(cache=True)
def _pieces(own: Any, may: Any, seconds: Any, pace: Any, blocked: Any, length: Any, rate: Any, drop: Any) -> int:
    """Writes the stretches of a cycle of one lane: seconds, vehicles a second that leave a queue, and those that sneak at
    its end; returns how many.

    Where a vehicle that must wait shares the lane with others that may go, these go until the first such vehicle: of a
    random order, as many as their share over the other's.
    """
    total, at = 0.0, 0
    for m in range(len(own)):
        total += own[m]
    for i in range(len(seconds)):
        wait = 0.0
        for m in range(len(own)):
            if own[m] > 0 and may[m, i] == 2:
                wait = max(wait, blocked[m, i])
        for part in range(2):
            lasts = wait if part == 0 else seconds[i] - wait
            if lasts <= 0:
                continue
            going, hours = 0.0, 0.0
            for m in range(len(own)):
                if own[m] > 0 and (may[m, i] == 1 or (may[m, i] == 2 and part == 1)) and pace[m, i] > 0:
                    going += own[m] / total
                    hours += own[m] / total / pace[m, i]
            first = 0.0 if going <= 0 else lasts
            if 0 < going < 1 - EVEN:
                first = min(lasts, going / (1 - going) * hours / going)
            if first > 0:
                length[at], rate[at], drop[at] = first, going / hours, 0.0
                at += 1
            if first < lasts:
                length[at], rate[at], drop[at] = lasts - first, 0.0, 0.0
                at += 1
        for m in range(len(own)):
            if own[m] > 0 and at > 0 and _sneaks(may, m, i):
                drop[at - 1] += SNEAKERS * (1 + own[m] / total)
    return at


@numba.njit(cache=True)
def _uniform(n: int, length: Any, rate: Any, drop: Any, arrivals: float) -> float:
    """Seconds that a vehicle waits where so many arrive evenly each second: the area below the queue over a cycle that
    repeats, by the vehicles of the cycle.
    """
    queue, area, cycle = 0.0, 0.0, 0.0
    for _turn in range(2):
        area, cycle = 0.0, 0.0
        for place in range(n):
            lasts, net = length[place], arrivals - rate[place]
            after = queue + net * lasts
            area += (queue + after) / 2 * lasts if after >= 0 else queue * queue / (2 * -net)
            queue = max(0.0, max(0.0, after) - drop[place])
            cycle += lasts
    return area / (max(arrivals, EVEN) * cycle)


@numba.njit(cache=True)
def _incremental(ratio: float, capacity: float, period: float, k: float) -> float:
    over = ratio - 1.0
    return float(900.0 * period * (over + np.sqrt(over * over + 8.0 * k * ratio / (capacity * period))))


@numba.njit(cache=True)
def _initial(queue: float, ratio: float, capacity: float, period: float) -> float:
    """Seconds that a queue from before the period costs each who arrives in it; HCM 2000, appendix F to chapter 16."""
    if queue <= EVEN:
        return 0.0
    spare = capacity * (1.0 - min(1.0, ratio))
    lasts = period if spare <= 0 else min(period, queue / spare)
    u = 0.0 if lasts < period else 1.0 - spare * period / queue
    return 1800.0 * queue * (1.0 + u) * lasts / (capacity * period)


@numba.njit(cache=True)
def lane_delays(
    flows: Any, follows: Any, scale: Any, serves: Any, measured: Any, may: Any, seconds: Any, rival: Any, period: float, k: float,
    delay: Any, ratio: Any, left_over: Any,
) -> None:  # fmt: skip
    """Writes the delay of each movement, how full each lane is, and who still waits at the end of each period.

    Parameters
    ----------
    flows : (row, movement), vehicles an hour.
    follows : by row, whether its period follows that of the row before: what waits there at the end waits here first.
    scale : by row, what the saturation flows are multiplied by.
    serves : (lane, movement), whether the lane serves it.
    measured : by movement, the saturation flow in vehicles an hour and lane.
    may : (movement, interval), 0 red, 1 green, 2 green where there are gaps.
    seconds : by interval.
    rival : (movement, movement), whether the second goes first where both have green.
    period : hours that a row lasts.
    k : of the incremental delay; negative where a controller follows the flow, and it grows with how full a lane is.
    delay, ratio, left_over : (row, movement), (row, lane), (row, lane), written: seconds a vehicle, flow over capacity,
        vehicles.
    """
    n_lanes, n = serves.shape
    cycle = seconds.sum()
    pace, blocked = np.zeros(may.shape), np.zeros(may.shape)
    within = np.zeros((n_lanes, n))
    room = 4 * len(seconds)
    length, rate, drop = np.zeros(room), np.zeros(room), np.zeros(room)
    capacity, first, waiting, flow = np.zeros(n_lanes), np.zeros(n_lanes), np.zeros(n_lanes), np.zeros(n_lanes)
    lanes_of = np.zeros(n)
    for m in range(n):
        for lane in range(n_lanes):  # to add up a part takes several times as long to compile
            lanes_of[m] += serves[lane, m]
    since, green, saturation = np.zeros(may.shape), np.zeros(n), np.zeros(n)
    _since_green(may, seconds, since, green)
    for row in range(flows.shape[0]):
        for m in range(n):
            saturation[m] = measured[m] * scale[row]
        for lane in range(n_lanes):
            waiting[lane] = waiting[lane] if follows[row] else 0.0
        _gaps(flows[row], lanes_of, saturation, may, seconds, rival, since, green, pace, blocked)
        _spread(flows[row], serves, may, seconds, pace, blocked, within)
        for lane in range(n_lanes):
            flow[lane] = 0.0
            for m in range(n):
                flow[lane] += within[lane, m]
            capacity[lane], first[lane], ratio[row, lane] = EVEN, 0.0, 0.0
            if flow[lane] <= 0:
                continue
            pieces = _pieces(within[lane], may, seconds, pace, blocked, length, rate, drop)
            leaving, sneaking = 0.0, 0.0
            for place in range(pieces):
                leaving += length[place] * rate[place]
                sneaking += drop[place]
            per_cycle = leaving + sneaking
            capacity[lane] = max(3600.0 * per_cycle / cycle, 1.0)
            ratio[row, lane] = flow[lane] / capacity[lane]
            first[lane] = _uniform(pieces, length, rate, drop, min(flow[lane], capacity[lane]) / 3600.0)
        for m in range(n):
            delay[row, m] = 0.0
        for lane in range(n_lanes):
            left_over[row, lane] = max(0.0, waiting[lane] + (flow[lane] - capacity[lane]) * period)
            if flow[lane] <= 0:
                left_over[row, lane] = 0.0
                continue
            pooled, pool = 0.0, 0.0
            for other in range(n_lanes):
                shared = other == lane
                for m in range(n):
                    shared = shared or (within[lane, m] > 0 and within[other, m] > 0)
                if shared and abs(ratio[row, lane] - ratio[row, other]) <= ALIKE:
                    pooled += flow[other]
                    pool += capacity[other]
            x = pooled / pool
            own = k if k >= 0 else min(0.5, max(LEAST_K, LEAST_K + (1.0 - 2.0 * LEAST_K) * (x - 0.5)))
            waits = first[lane] + _incremental(x, pool, period, own)
            waits += _initial(waiting[lane], ratio[row, lane], capacity[lane], period)
            for m in range(n):
                if within[lane, m] > 0:
                    delay[row, m] += waits * within[lane, m] / flows[row, m]
        for lane in range(n_lanes):
            waiting[lane] = left_over[row, lane]
