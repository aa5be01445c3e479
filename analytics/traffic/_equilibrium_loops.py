"""Gradient projection on paths, compiled: trips of each pair move from its dearer paths to its cheapest.

The paths of a pair are a chain: ``head_of`` (by pair) names its first path, ``next_of`` (by path) the next one, -1 ends it.
A path's links are ``pool[start:start + size]``, from the destination back to the origin. ``used`` counts paths and links in
the pool. A link costs ``free + slope * volume ** power + fixed``.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from analytics.traffic._paths_loops import grow_tree, room_of

__all__ = ["improve", "load", "settle"]

DONE = -1
FEW = 1e-6  # of a pair's trips: to move fewer changes no result that anybody reads


@numba.njit(cache=True, nogil=True)
def _power(volume: float, power: float) -> float:
    if power == 3.0:
        return volume * volume * volume
    if power == 1.0:
        return volume
    if power == 0.0:
        return 1.0
    return float(volume**power)


@numba.njit(cache=True, nogil=True)
def _priced(link: int, volume: Any, free: Any, slope: Any, power: Any, fixed: Any, cost: Any, steep: Any) -> None:
    flow = max(volume[link], 0.0)
    if slope[link] == 0.0 or power[link] == 0.0:
        cost[link], steep[link] = free[link] + slope[link] + fixed[link], 0.0
        return
    before = slope[link] * _power(flow, power[link] - 1.0) if flow > 0.0 or power[link] >= 1.0 else 0.0
    cost[link] = free[link] + before * flow + fixed[link]
    steep[link] = power[link] * before


@numba.njit(cache=True, nogil=True)
def load(volume: Any, free: Any, slope: Any, power: Any, fixed: Any, is_open: Any, cost: Any, steep: Any) -> None:
    """The cost of each link and how it rises with volume; a closed link costs infinitely much."""
    for link in range(len(volume)):
        _priced(link, volume, free, slope, power, fixed, cost, steep)
        if not is_open[link]:
            cost[link], steep[link] = np.inf, 0.0


@numba.njit(cache=True, nogil=True)
def _cost_of(path: int, start: Any, size: Any, pool: Any, cost: Any) -> float:
    total = 0.0
    for index in range(start[path], start[path] + size[path]):
        total += cost[pool[index]]
    return total


@numba.njit(cache=True, nogil=True)
def _add(
    path: int, trips: float, start: Any, size: Any, pool: Any, volume: Any, free: Any, slope: Any, power: Any, fixed: Any,
    cost: Any, steep: Any,
) -> None:  # fmt: skip
    for index in range(start[path], start[path] + size[path]):
        link = pool[index]
        volume[link] += trips
        _priced(link, volume, free, slope, power, fixed, cost, steep)


@numba.njit(cache=True, nogil=True)
def _shift(
    pair: int, best: int, head_of: Any, next_of: Any, start: Any, size: Any, flow: Any, pool: Any, on_best: Any, volume: Any,
    free: Any, slope: Any, power: Any, fixed: Any, cost: Any, steep: Any,
) -> float:  # fmt: skip
    """One Newton step from each path of a pair to its best; emptied paths leave the chain. Answers the excess cost before."""
    for index in range(start[best], start[best] + size[best]):
        on_best[pool[index]] = True
    excess, before, path = 0.0, -1, head_of[pair]
    while path >= 0:
        after = next_of[path]
        if path == best:
            before, path = path, after
            continue
        saved = _cost_of(path, start, size, pool, cost) - _cost_of(best, start, size, pool, cost)
        if saved > 0.0 and flow[path] > 0.0:
            excess += flow[path] * saved
            rise = 0.0  # of the difference in cost, by each trip that moves: over the links that only one of them has
            for index in range(start[best], start[best] + size[best]):
                rise += steep[pool[index]]
            for index in range(start[path], start[path] + size[path]):
                link = pool[index]
                rise += -steep[link] if on_best[link] else steep[link]
            moved = flow[path] if saved >= flow[path] * rise else saved / rise
            flow[path] -= moved
            flow[best] += moved
            for index in range(start[path], start[path] + size[path]):
                link = pool[index]
                if not on_best[link]:
                    volume[link] -= moved
                    _priced(link, volume, free, slope, power, fixed, cost, steep)
            for index in range(start[path], start[path] + size[path]):
                if on_best[pool[index]]:
                    on_best[pool[index]] = False  # for the moment: what both have keeps its volume
            for index in range(start[best], start[best] + size[best]):
                link = pool[index]
                if on_best[link]:
                    volume[link] += moved
                    _priced(link, volume, free, slope, power, fixed, cost, steep)
            for index in range(start[best], start[best] + size[best]):
                on_best[pool[index]] = True
        if flow[path] <= 0.0:
            if before < 0:
                head_of[pair] = after
            else:
                next_of[before] = after
        else:
            before = path
        path = after
    for index in range(start[best], start[best] + size[best]):
        on_best[pool[index]] = False
    return excess


@numba.njit(cache=True, nogil=True)
def _cheapest(pair: int, head_of: Any, next_of: Any, start: Any, size: Any, pool: Any, cost: Any) -> int:
    best, least, path = -1, np.inf, head_of[pair]
    while path >= 0:
        each = _cost_of(path, start, size, pool, cost)
        if each < least:
            best, least = path, each
        path = next_of[path]
    return best


@numba.njit(cache=True, nogil=True)
def _path_from(
    node: int, into: Any, tail: Any, pair: int, head_of: Any, next_of: Any, start: Any, size: Any, flow: Any, pool: Any, used: Any
) -> int:  # fmt: skip
    """The path of the tree into a node, as a path of the pair: the one that it has already, or a new one without trips."""
    path = head_of[pair]
    while path >= 0:
        at, index, end = node, start[path], start[path] + size[path]
        while index < end and into[at] == pool[index]:
            at = tail[pool[index]]
            index += 1
        if index == end and into[at] < 0:
            return int(path)
        path = next_of[path]
    path = used[0]
    end, link = used[1], into[node]
    while link >= 0:
        pool[end] = link
        end += 1
        link = into[tail[link]]
    start[path], size[path], flow[path] = used[1], end - used[1], 0.0
    next_of[path], head_of[pair] = head_of[pair], path
    used[0], used[1] = path + 1, end
    return int(path)


@numba.njit(cache=True, nogil=True)
def _wanted(
    path: int, trips: float, loaded: float, usual: float, exponent: float, start: Any, size: Any, pool: Any, cost: Any,
    steep: Any,
) -> float:  # fmt: skip
    """How many more trips a pair wants at the cost of a path: a Newton step, for costs rise as trips come."""
    now, rise = 0.0, 0.0
    for index in range(start[path], start[path] + size[path]):
        now += cost[pool[index]]
        rise += steep[pool[index]]
    if now <= 0.0:
        return 0.0
    lacking = trips * (now / usual) ** exponent - loaded
    if abs(lacking) < FEW * loaded:
        return 0.0
    step = lacking / (1.0 - exponent * loaded / now * rise)
    return float(max(step, -0.9 * loaded))


@numba.njit(cache=True, nogil=True)
def improve(
    begin: int, end: int, fill: bool, near: float, origins: Any, pair_first: Any, pair_end: Any, trips: Any, loaded: Any,
    usual: Any, exponent: float, head_of: Any, next_of: Any, start: Any, size: Any, flow: Any, pool: Any, used: Any, first: Any,
    tail: Any, head: Any, passed: Any, trees: Any, volume: Any, free: Any, slope: Any, power: Any, fixed: Any, cost: Any,
    steep: Any, excess: Any,
) -> int:  # fmt: skip
    """One step of each pair of the origins ``begin`` to ``end`` towards the paths of their trees (origin, node).

    A tree is mended at the costs that earlier origins have made. A pair whose only path costs at most ``near`` times the cheapest
    takes in no other. With ``fill`` only pairs without trips take part. ``loaded`` (by pair) is what a pair's paths hold. With
    an ``exponent`` below 0 a pair wants ``trips * (cheapest / usual) ** exponent``, and goes there by a Newton step. What trips
    cost more than by the cheapest path when their turn came is added to ``excess[0]``. Answers ``DONE``, or the origin at which
    the room for paths ran out: enlarge it and go on there.
    """
    nodes = len(first) - 1
    reached = np.empty(nodes)
    room = room_of(nodes, len(head))
    keys, heap = np.empty(room), np.empty(room, np.int32)
    on_best = np.zeros(len(volume), np.bool_)
    for origin in range(begin, end):
        into, is_grown = trees[origin], False
        for pair in range(pair_first[origin], pair_first[origin + 1]):
            if fill and loaded[pair] > 0.0:
                continue
            if not is_grown:
                grow_tree(origins[origin], first, tail, head, passed, cost, reached, into, keys, heap)
                is_grown = True
            if into[pair_end[pair]] < 0:
                continue
            path = head_of[pair]
            if (
                path < 0
                or next_of[path] >= 0
                or _cost_of(path, start, size, pool, cost) > near * reached[pair_end[pair]]
            ):
                if used[0] + 1 >= len(flow) or used[1] + nodes >= len(pool):
                    return origin
                path = _path_from(pair_end[pair], into, tail, pair, head_of, next_of, start, size, flow, pool, used)
            missing = trips[pair] - loaded[pair]
            if exponent != 0.0 and usual[pair] > 0.0:
                missing = 0.0
                if loaded[pair] > 0.0 or fill:
                    missing = _wanted(
                        path, trips[pair], loaded[pair], usual[pair], exponent, start, size, pool, cost, steep
                    )  # fmt: skip
            if missing > 0.0:
                flow[path] += missing
                _add(path, missing, start, size, pool, volume, free, slope, power, fixed, cost, steep)
            elif missing < 0.0:
                gone = missing / loaded[pair]
                each = head_of[pair]
                while each >= 0:
                    _add(each, gone * flow[each], start, size, pool, volume, free, slope, power, fixed, cost, steep)
                    flow[each] *= 1.0 + gone
                    each = next_of[each]
            loaded[pair] += missing
            if head_of[pair] == path and next_of[path] < 0:
                continue
            best = _cheapest(pair, head_of, next_of, start, size, pool, cost)
            excess[0] += _shift(
                pair, best, head_of, next_of, start, size, flow, pool, on_best, volume, free, slope, power, fixed, cost, steep
            )  # fmt: skip
    return DONE


@numba.njit(cache=True, nogil=True)
def settle(
    head_of: Any, next_of: Any, start: Any, size: Any, flow: Any, pool: Any, volume: Any, free: Any, slope: Any, power: Any,
    fixed: Any, cost: Any, steep: Any,
) -> float:  # fmt: skip
    """One step of each pair among the paths that it has; the excess cost met on the way."""
    on_best = np.zeros(len(volume), np.bool_)
    excess = 0.0
    for pair in range(len(head_of)):
        path = head_of[pair]
        if path < 0 or next_of[path] < 0:
            continue
        best = _cheapest(pair, head_of, next_of, start, size, pool, cost)
        excess += _shift(
            pair, best, head_of, next_of, start, size, flow, pool, on_best, volume, free, slope, power, fixed, cost, steep
        )  # fmt: skip
    return excess
