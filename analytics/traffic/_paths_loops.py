"""Cheapest paths, compiled: Dijkstra's trees on a forward star, with nodes that traffic may not pass through.

A road is ``first`` (by node, one more than there are nodes) and ``out`` (link numbers by the node where they begin), ``head``
(by link), ``through`` (by node) and ``cost`` (by link, not negative; infinite where a link is closed).
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

__all__ = ["costs_between", "grow_tree"]


@numba.njit(cache=True, nogil=True)
def _rise(heap: Any, place: Any, key: Any, at: int) -> None:
    node = heap[at]
    while at > 0:
        above = (at - 1) >> 1
        if key[heap[above]] <= key[node]:
            break
        heap[at] = heap[above]
        place[heap[at]] = at
        at = above
    heap[at] = node
    place[node] = at


@numba.njit(cache=True, nogil=True)
def _sink(heap: Any, place: Any, key: Any, count: int) -> None:
    node, at = heap[0], 0
    while True:
        below = 2 * at + 1
        if below >= count:
            break
        if below + 1 < count and key[heap[below + 1]] < key[heap[below]]:
            below += 1
        if key[heap[below]] >= key[node]:
            break
        heap[at] = heap[below]
        place[heap[at]] = at
        at = below
    heap[at] = node
    place[node] = at


@numba.njit(cache=True, nogil=True)
def grow_tree(
    origin: int,
    first: Any,
    out: Any,
    head: Any,
    through: Any,
    cost: Any,
    reached: Any,
    into: Any,
    heap: Any,
    place: Any,
) -> None:
    """The tree of cheapest paths from a node (Dijkstra 1959, with a binary heap): costs, and the link into each node.

    ``reached`` (infinite where no path leads) and ``into`` (-1 at the origin and where no path leads) are written; ``heap`` and
    ``place`` are room to work in, by node. A node that is not ``through`` ends paths, and begins them as the origin.
    """
    reached[:] = np.inf
    into[:] = -1
    place[:] = -1
    reached[origin] = 0.0
    heap[0], place[origin], count = origin, 0, 1
    while count > 0:
        node = heap[0]
        count -= 1
        if count > 0:
            heap[0] = heap[count]
            _sink(heap, place, reached, count)
        place[node] = -2
        if not through[node] and node != origin:
            continue
        for index in range(first[node], first[node + 1]):
            link = out[index]
            end = head[link]
            if place[end] == -2:
                continue
            there = reached[node] + cost[link]
            if there < reached[end]:
                reached[end], into[end] = there, link
                if place[end] == -1:
                    heap[count] = end
                    place[end] = count
                    count += 1
                _rise(heap, place, reached, place[end])


@numba.njit(cache=True, nogil=True)
def costs_between(
    origins: Any, ends: Any, first: Any, out: Any, head: Any, through: Any, cost: Any, found: Any
) -> None:
    """The cost of the cheapest path from each origin to each end, into ``found`` (origin, end)."""
    nodes = len(first) - 1
    reached, into = np.empty(nodes), np.empty(nodes, np.int64)
    heap, place = np.empty(nodes, np.int64), np.empty(nodes, np.int64)
    for origin in range(len(origins)):
        grow_tree(origins[origin], first, out, head, through, cost, reached, into, heap, place)
        for end in range(len(ends)):
            found[origin, end] = reached[ends[end]]
