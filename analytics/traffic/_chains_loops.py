"""Paths in and out of chains, compiled: what an equilibrium begins from, moves to larger room, and leaves.

Chains are those of ``_equilibrium_loops``.
"""

from __future__ import annotations

from typing import Any

import numba

__all__ = ["begin", "compact", "count", "write"]


@numba.njit(cache=True, nogil=True)
def begin(
    pair_of: Any, known_flow: Any, known_start: Any, known_size: Any, links: Any, place: Any, is_open: Any, wanted: Any,
    head_of: Any, next_of: Any, start: Any, size: Any, flow: Any, pool: Any, loaded: Any, volume: Any, used: Any,
) -> None:  # fmt: skip
    """Chains of paths known before, pair by pair in rising order, whose links are all open; each pair with what it ``wanted``.

    ``pair_of`` is -1 for a path that no pair has any more; ``place`` leads from the numbers of ``links`` to those of here.
    """
    paths, end, path = 0, 0, 0
    while path < len(pair_of):
        pair, since, total = pair_of[path], paths, 0.0
        while path < len(pair_of) and pair_of[path] == pair:
            at = end
            for index in range(known_start[path], known_start[path] + known_size[path]):
                pool[at] = place[links[index]]
                if not is_open[pool[at]]:
                    break
                at += 1
            if pair >= 0 and known_flow[path] > 0.0 and at == end + known_size[path]:
                start[paths], size[paths], flow[paths], next_of[paths] = (
                    end,
                    known_size[path],
                    known_flow[path],
                    paths + 1,
                )
                total += known_flow[path]
                paths, end = paths + 1, at
            path += 1
        if paths == since:
            continue
        head_of[pair], next_of[paths - 1], loaded[pair] = since, -1, wanted[pair]
        for each in range(since, paths):
            flow[each] *= wanted[pair] / total
            for index in range(start[each], start[each] + size[each]):
                volume[pool[index]] += flow[each]
    used[0], used[1] = paths, end


@numba.njit(cache=True, nogil=True)
def compact(
    head_of: Any, next_of: Any, start: Any, size: Any, flow: Any, pool: Any, into_of: Any, new_next: Any, new_start: Any,
    new_size: Any, new_flow: Any, new_pool: Any, volume: Any, used: Any,
) -> None:  # fmt: skip
    """The paths with trips, pair by pair, in new room; and the volume that they make on each link."""
    paths, links = 0, 0
    volume[:] = 0.0
    for pair in range(len(head_of)):
        path, last = head_of[pair], -1
        into_of[pair] = -1
        while path >= 0:
            if flow[path] > 0.0:
                new_start[paths], new_size[paths] = links, size[path]
                new_flow[paths], new_next[paths] = flow[path], -1
                for index in range(size[path]):
                    link = pool[start[path] + index]
                    new_pool[links + index] = link
                    volume[link] += flow[path]
                if last < 0:
                    into_of[pair] = paths
                else:
                    new_next[last] = paths
                last = paths
                links += size[path]
                paths += 1
            path = next_of[path]
    used[0], used[1] = paths, links


@numba.njit(cache=True, nogil=True)
def count(head_of: Any, next_of: Any, size: Any, flow: Any) -> tuple[int, int]:
    """How many paths have trips, and how many links these have together."""
    paths, links = 0, 0
    for pair in range(len(head_of)):
        path = head_of[pair]
        while path >= 0:
            if flow[path] > 0.0:
                paths, links = paths + 1, links + size[path]
            path = next_of[path]
    return paths, links


@numba.njit(cache=True, nogil=True)
def write(
    head_of: Any, next_of: Any, start: Any, size: Any, flow: Any, pool: Any, number: Any, new_pair: Any, new_flow: Any,
    new_start: Any, new_size: Any, links: Any, volume: Any,
) -> None:  # fmt: skip
    """The paths with trips, pair by pair, their links by the ``number`` that others call them; and the volume of each of those."""
    paths, end = 0, 0
    volume[:] = 0.0
    for pair in range(len(head_of)):
        path = head_of[pair]
        while path >= 0:
            if flow[path] > 0.0:
                new_pair[paths], new_flow[paths], new_start[paths], new_size[paths] = pair, flow[path], end, size[path]
                for index in range(start[path], start[path] + size[path]):
                    links[end] = number[pool[index]]
                    volume[links[end]] += flow[path]
                    end += 1
                paths += 1
            path = next_of[path]
