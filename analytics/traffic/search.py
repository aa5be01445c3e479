"""The search for an equilibrium: paths of every pair of zones while trips move among them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from analytics.traffic import _equilibrium_loops as loops
from analytics.traffic._paths_loops import grow_trees
from analytics.traffic.demand import Demand
from analytics.traffic.paths import PathSet
from analytics.traffic.road import Floats, Road, Whole

__all__ = ["Search"]

# Compiled functions take more arguments by position than their stubs know.
_improve: Any = loops.improve
_settle: Any = loops.settle
_compact: Any = loops.compact
_load: Any = loops.load
_grow_trees: Any = grow_trees

SETTLING = 8  # steps among the paths known, after each search for new ones: those cost a twentieth of it
EASED = 0.1  # of the excess before: below it the known paths are balanced well enough to look for new ones
SLOW = 0.9  # of the excess of the step before: beyond it a step among known paths is in vain
ROOM = 1.3  # paths a pair to begin with
LINKS = 24  # a path to begin with


class Search:
    """The paths of a road while they change, links in the order of its star; see ``_equilibrium_loops`` for what is what."""

    def __init__(self, road: Road, demand: Demand, answers: tuple[Floats, float]) -> None:
        pairs, star = demand.pairs, road.star
        self.road, self.demand, self.pairs, self.star, self.answers = road, demand, pairs, star, answers
        self.ends = demand.nodes[pairs.destination]
        self.costs = tuple(each[star.order] for each in (road.free_time, road.slope, road.power, road.fixed))
        self.is_open = road.is_open[star.order]
        n, links, nodes = len(pairs.trips), len(star.order), len(road.node_ids)
        self.trees = np.full((len(demand.nodes), nodes), -1, np.int32)
        self.least, self.loaded, self.used = np.zeros(n), np.zeros(n), np.zeros(2, np.int64)
        self.volume, self.cost, self.steep = np.zeros(links), np.zeros(links), np.zeros(links)
        self.head_of = np.full(n, -1, np.int64)
        self.make_room(int(ROOM * n) + 16, int(ROOM * n) * LINKS + nodes + 1)

    def make_room(self, paths: int, links: int) -> None:
        """Empty room for paths.

        Parameters
        ----------
        paths : how many there may be.
        links : how many they may have together.
        """
        self.next_of, self.start, self.size = (np.zeros(paths, np.int64) for _ in range(3))
        self.flow, self.pool = np.zeros(paths), np.zeros(links, np.int32)

    @property
    def chains(self) -> tuple[np.ndarray, ...]:
        """What leads from pairs to the links of their paths."""
        return self.head_of, self.next_of, self.start, self.size

    def priced(self) -> None:
        """Costs at the volumes of now."""
        _load(self.volume, *self.costs, self.is_open, self.cost, self.steep)

    def compact(self, *, larger: bool = False) -> None:
        """Only paths with trips, pair by pair, and volumes anew from them: no rounding is carried on."""
        old = (*self.chains, self.flow, self.pool)
        scale = 2 if larger else 1
        self.head_of = np.full_like(self.head_of, -1)
        self.make_room(scale * len(self.flow), scale * len(self.pool) + len(self.trees[0]))
        _compact(*old, *self.chains, self.flow, self.pool, self.volume, self.used)

    def improve(self, *, fill: bool) -> None:
        """A step of all pairs, or of those without trips."""
        pairs, star, origin = self.pairs, self.star, 0
        while origin != loops.DONE:
            origin = _improve(
                origin, len(self.trees), fill, self.demand.nodes, pairs.first, self.ends, pairs.trips, self.loaded,
                *self.answers, *self.chains, self.flow, self.pool, self.used, star.first, star.tail, star.head, star.passed,
                self.trees, self.volume, *self.costs, self.cost, self.steep,
            )  # fmt: skip
            if origin != loops.DONE:
                self.compact(larger=True)

    def settle(self) -> None:
        """Steps among the paths that pairs have, until these help little."""
        first = left = 0.0
        for step in range(SETTLING):
            before = left
            left = _settle(*self.chains, self.flow, self.pool, self.volume, *self.costs, self.cost, self.steep)
            first = first if step else left
            if left <= EASED * first or (step and left > SLOW * before):
                break

    def search(self) -> tuple[float, float]:
        """New trees at the costs of now: the relative gap, and what is missed of the trips that are wanted, as shares."""
        star, pairs = self.star, self.pairs
        self.priced()
        _grow_trees(
            self.demand.nodes, pairs.first, self.ends, star.first, star.head, star.passed, self.cost, self.trees, self.least
        )  # fmt: skip
        total = float(self.volume @ np.where(self.is_open, self.cost, 0.0))
        if total <= 0:
            return 0.0, 0.0
        gap = 1 - float(self.loaded @ self.least) / total
        usual, exponent = self.answers
        if exponent == 0:
            return gap, 0.0
        ratio = np.divide(self.least, usual, out=np.ones_like(usual), where=(usual > 0) & (self.least > 0))
        return gap, float(np.abs(pairs.trips * ratio**exponent - self.loaded) @ self.least) / total

    def begin_from(self, known: PathSet, *, keep: bool) -> None:
        """Chains of the paths known that are open.

        Parameters
        ----------
        known : of another search on the same links.
        keep : whether a pair begins with the trips that it made there, rather than with all that it has now.
        """
        pairs = self.pairs
        zones = int(max(pairs.destination.max(initial=0), known.pairs.destination.max(initial=0))) + 1
        key, wanted = known.pairs.key(zones), pairs.key(zones)
        where = np.searchsorted(wanted, key)
        is_there = (where < len(wanted)) & (wanted[np.minimum(where, len(wanted) - 1)] == key)
        usable = is_there[known.pair] & ~known.using(~self.road.is_open)
        pair, flow = where[known.pair[usable]], known.flow[usable]
        total = np.bincount(pair, weights=flow, minlength=len(wanted))
        begins_with = pairs.trips.copy()
        if keep:
            begins_with[where[is_there]] = known.pairs.trips[is_there]
        flow = flow * np.divide(begins_with, total, out=np.zeros_like(total), where=total > 0)[pair]
        count = len(flow)
        nodes = len(self.road.node_ids)
        if count + 1 >= len(self.flow) or len(known.links) + nodes >= len(self.pool):
            self.make_room(int(ROOM * count) + 16, int(ROOM * len(known.links)) + nodes + 1)
        place = np.empty(len(self.star.order), np.int32)
        place[self.star.order] = np.arange(len(place))
        self.pool[: len(known.links)] = place[known.links]
        self.start[:count], self.size[:count] = known.start[usable], known.size[usable]
        self.flow[:count] = flow
        last = np.append(pair[1:] != pair[:-1], True) if count else np.zeros(0, np.bool_)
        self.next_of[:count] = np.where(last, -1, np.arange(1, count + 1))
        begins = np.append(True, last[:-1]) if count else last
        self.head_of[pair[begins]] = np.flatnonzero(begins)
        self.used[:] = count, len(known.links)
        self.loaded[pair] = begins_with[pair]
        self.volume[:] = np.bincount(
            self.pool[: len(known.links)], weights=known.spread(usable, flow), minlength=len(place)
        )

    def paths(self) -> PathSet:
        """Those with trips, of compacted chains, links in the order of their table."""
        count, links = self.used
        pair = np.repeat(np.arange(len(self.loaded)), _lengths(self, len(self.loaded)))
        pool = self.star.order.astype(np.int32)[self.pool[:links]]
        made = replace(self.pairs, trips=self.loaded)
        return PathSet(made, pair, self.flow[:count].copy(), self.start[:count].copy(), self.size[:count].copy(), pool)


def _lengths(work: Search, pairs: int) -> Whole:
    """Paths a pair, of compacted chains: each begins where the last one ended."""
    begins = np.where(work.head_of >= 0, work.head_of, 0)
    filled = np.flatnonzero(work.head_of >= 0)
    lengths = np.zeros(pairs, np.int64)
    lengths[filled] = np.diff(np.append(begins[filled], work.used[0]))
    return lengths
