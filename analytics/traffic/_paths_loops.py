"""Cheapest paths, compiled: Dijkstra's trees on a forward star, with nodes that traffic may not pass through.

Links are sorted by the node that they leave: those of a node are ``first[node]`` to ``first[node + 1]``. ``tail`` and ``head``
are by link, ``passed`` by node (whether paths go on from there), ``cost`` by link: not negative, infinite where it is closed.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

__all__ = ["costs_between", "grow_tree", "grow_trees"]


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
def grow_tree(
    origin: int, first: Any, head: Any, passed: Any, cost: Any, reached: Any, into: Any, keys: Any, nodes: Any
) -> None:
    """The tree of cheapest paths from a node (Dijkstra 1959, with a binary heap): costs, and the link into each node.

    ``reached`` (infinite where no path leads) and ``into`` (-1 at the origin and where no path leads) are written; ``keys`` and
    ``nodes`` are room for a heap, one more than there are links. An entry that was overtaken stays in it until it comes up.
    """
    reached[:] = np.inf
    into[:] = -1
    reached[origin] = 0.0
    keys[0], nodes[0], count = 0.0, origin, 1
    while count > 0:
        key, node = keys[0], nodes[0]
        count -= 1
        if count > 0:
            _drop(keys, nodes, count)
        if key > reached[node]:
            continue
        for link in range(first[node], first[node + 1]):
            end = head[link]
            there = key + cost[link]
            if there < reached[end]:
                reached[end], into[end] = there, link
                if passed[end]:
                    _push(keys, nodes, count, there, end)
                    count += 1


@numba.njit(cache=True, nogil=True)
def grow_trees(
    origins: Any, pair_first: Any, pair_end: Any, first: Any, head: Any, passed: Any, cost: Any, into: Any, least: Any
) -> None:
    """The trees of all origins that have pairs into ``into`` (origin, node), and the least cost of each pair."""
    count = len(first) - 1
    reached = np.empty(count)
    keys, nodes = np.empty(len(head) + 1), np.empty(len(head) + 1, np.int32)
    for origin in range(len(origins)):
        if pair_first[origin] == pair_first[origin + 1]:
            continue
        grow_tree(origins[origin], first, head, passed, cost, reached, into[origin], keys, nodes)
        for pair in range(pair_first[origin], pair_first[origin + 1]):
            least[pair] = reached[pair_end[pair]]


@numba.njit(cache=True, nogil=True)
def costs_between(origins: Any, ends: Any, first: Any, head: Any, passed: Any, cost: Any, found: Any) -> None:
    """The cost of the cheapest path from each origin to each end, into ``found`` (origin, end)."""
    count = len(first) - 1
    reached, into = np.empty(count), np.empty(count, np.int32)
    keys, nodes = np.empty(len(head) + 1), np.empty(len(head) + 1, np.int32)
    for origin in range(len(origins)):
        grow_tree(origins[origin], first, head, passed, cost, reached, into, keys, nodes)
        for end in range(len(ends)):
            found[origin, end] = reached[ends[end]]
