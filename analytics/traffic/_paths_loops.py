"""Cheapest paths, compiled: Dijkstra's trees on a forward star, with nodes that traffic may not pass through.

Links are sorted by the node that they leave: those of a node are ``first[node]`` to ``first[node + 1]``. ``tail`` and ``head``
are by link, ``passed`` by node (whether paths go on from there), ``cost`` by link: not negative, infinite where it is closed.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

__all__ = ["costs_between", "grow_tree", "grow_trees", "room_of"]


@numba.njit(cache=True, nogil=True)
def _push(keys: Any, nodes: Any, count: int, key: float, node: int) -> None:
    at = count
    while at > 0:
        above = (at - 1) >> 1
        if keys[above] <= key:
            break
        keys[at], nodes[at] = keys[above], nodes[above]
        at = above
    keys[at], nodes[at] = key, node


@numba.njit(cache=True, nogil=True)
def _drop(keys: Any, nodes: Any, count: int) -> None:
    """The least leaves a heap that has ``count`` entries after it."""
    key, node = keys[count], nodes[count]
    at, below = 0, 1
    while below < count:
        if below + 1 < count and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[at], nodes[at] = keys[below], nodes[below]
        at, below = below, 2 * below + 1
    keys[at], nodes[at] = key, node


@numba.njit(cache=True, nogil=True)
def room_of(nodes: int, links: int) -> int:
    """Entries that a heap may hold while a tree grows: a link is tried twice at most, and begins may be all nodes."""
    return int(max(2 * links + 2, nodes + 1))


@numba.njit(cache=True, nogil=True)
def _along(origin: int, tail: Any, cost: Any, reached: Any, into: Any, way: Any) -> None:
    """What each node costs by the tree as it stands; what the tree does not reach any more is cut from it."""
    reached[:] = -1.0
    reached[origin] = 0.0
    for node in range(len(reached)):
        deep, at = 0, node
        while reached[at] < 0.0:
            if into[at] < 0:
                reached[at] = np.inf
                break
            way[deep] = at
            deep += 1
            at = tail[into[at]]
        label = reached[at]
        while deep > 0:
            deep -= 1
            at = way[deep]
            label += cost[into[at]]
            reached[at] = label
            if label == np.inf:
                into[at] = -1


@numba.njit(cache=True, nogil=True)
def grow_tree(
    origin: int,
    first: Any,
    tail: Any,
    head: Any,
    passed: Any,
    cost: Any,
    reached: Any,
    into: Any,
    keys: Any,
    nodes: Any,
) -> None:
    """The tree of cheapest paths from a node: costs, and the link into each node.

    ``into`` (-1 at the origin and where no path leads) is a tree of the same origin at other costs, or -1 everywhere: what is
    still right of it stays. Its paths bound what nodes cost; from each link that does better the gain is carried on in the order
    of costs (Dijkstra 1959, with a binary heap; after a change of costs as in Ramalingam & Reps 1996, Journal of Algorithms
    21:267-305). ``reached`` is infinite where no path leads; ``keys`` and ``nodes`` are room for ``room_of``.
    An entry that was overtaken stays in the heap until it comes up.
    """
    _along(origin, tail, cost, reached, into, nodes)
    count = 0
    for node in range(len(first) - 1):
        if reached[node] == np.inf or not (passed[node] or node == origin):
            continue
        for link in range(first[node], first[node + 1]):
            end, there = head[link], reached[node] + cost[link]
            if there < reached[end]:
                reached[end], into[end] = there, link
                if passed[end]:
                    _push(keys, nodes, count, there, end)
                    count += 1
    while count > 0:
        key, node = keys[0], nodes[0]
        count -= 1
        if count > 0:
            _drop(keys, nodes, count)
        if key > reached[node]:
            continue
        for link in range(first[node], first[node + 1]):
            end, there = head[link], key + cost[link]
            if there < reached[end]:
                reached[end], into[end] = there, link
                if passed[end]:
                    _push(keys, nodes, count, there, end)
                    count += 1


@numba.njit(cache=True, nogil=True)
def grow_trees(
    origins: Any, pair_first: Any, pair_end: Any, first: Any, tail: Any, head: Any, passed: Any, cost: Any, into: Any, least: Any
) -> None:  # fmt: skip
    """The trees of all origins that have pairs, from those in ``into`` (origin, node), and the least cost of each pair."""
    count = len(first) - 1
    reached = np.empty(count)
    room = room_of(count, len(head))
    keys, nodes = np.empty(room), np.empty(room, np.int32)
    for origin in range(len(origins)):
        if pair_first[origin] == pair_first[origin + 1]:
            continue
        grow_tree(origins[origin], first, tail, head, passed, cost, reached, into[origin], keys, nodes)
        for pair in range(pair_first[origin], pair_first[origin + 1]):
            least[pair] = reached[pair_end[pair]]


@numba.njit(cache=True, nogil=True)
def costs_between(
    origins: Any, ends: Any, first: Any, tail: Any, head: Any, passed: Any, cost: Any, found: Any
) -> None:
    """The cost of the cheapest path from each origin to each end, into ``found`` (origin, end)."""
    count = len(first) - 1
    reached, into = np.empty(count), np.empty(count, np.int32)
    room = room_of(count, len(head))
    keys, nodes = np.empty(room), np.empty(room, np.int32)
    for origin in range(len(origins)):
        into[:] = -1
        grow_tree(origins[origin], first, tail, head, passed, cost, reached, into, keys, nodes)
        for end in range(len(ends)):
            found[origin, end] = reached[ends[end]]
