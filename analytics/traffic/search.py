"""The search for an equilibrium: paths of every pair of zones while trips move among them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from analytics.traffic import _chains_loops as chains
from analytics.traffic import _equilibrium_loops as loops
from analytics.traffic._paths_loops import grow_trees
from analytics.traffic.demand import Demand, Pairs
from analytics.traffic.paths import PathSet
from analytics.traffic.road import Floats, Road, Whole

__all__ = ["Search"]

# Compiled functions take more arguments by position than their stubs know.
_improve: Any = loops.improve
_settle: Any = loops.settle
_begin: Any = chains.begin
_compact: Any = chains.compact
_count: Any = chains.count
_write: Any = chains.write
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

    def enlarge(self) -> None:
        """Twice the room, only paths with trips in it, and volumes anew from them."""
        old = (*self.chains, self.flow, self.pool)
        self.head_of = np.full_like(self.head_of, -1)
        self.make_room(2 * len(self.flow), 2 * len(self.pool) + len(self.trees[0]))
        _compact(*old, *self.chains, self.flow, self.pool, self.volume, self.used)

    def improve(self, *, fill: bool = False, near: float = 0.0) -> float:
        """A step of all pairs, or of those without trips.

        Parameters
        ----------
        fill : whether only pairs without trips take part.
        near : the share by which a path may be dearer than the cheapest and stay a pair's only one.

        Returns
        -------
        float
            The share of all generalised time that trips could have saved when their turn came: about the gap before the step.
        """
        pairs, star, origin, excess = self.pairs, self.star, 0, np.zeros(1)
        while origin != loops.DONE:
            origin = _improve(
                origin, len(self.trees), fill, 1 + near, self.demand.nodes, pairs.first, self.ends, pairs.trips, self.loaded,
                *self.answers, *self.chains, self.flow, self.pool, self.used, star.first, star.tail, star.head, star.passed,
                self.trees, self.volume, *self.costs, self.cost, self.steep, excess,
            )  # fmt: skip
            if origin != loops.DONE:
                self.enlarge()
        return float(excess[0]) / max(self.total, 1e-300)

    @property
    def total(self) -> float:
        """Generalised minutes of all trips at the costs of now."""
        return float(self.volume @ np.where(self.is_open, self.cost, 0.0))

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
            self.demand.nodes, pairs.first, self.ends, star.first, star.tail, star.head, star.passed, self.cost, self.trees,
            self.least,
        )  # fmt: skip
        total = self.total
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
        to = _places(known.pairs, pairs)
        begins_with = pairs.trips
        if keep:
            begins_with = pairs.trips.copy()
            begins_with[to[to >= 0]] = known.pairs.trips[to >= 0]
        if len(known.flow) + 1 >= len(self.flow) or len(known.links) + len(self.trees[0]) >= len(self.pool):
            self.make_room(int(ROOM * len(known.flow)) + 16, int(ROOM * len(known.links)) + len(self.trees[0]) + 1)
        place = np.empty(len(self.star.order), np.int32)
        place[self.star.order] = np.arange(len(place), dtype=np.int32)
        _begin(
            to[known.pair], known.flow, known.start, known.size, known.links, place, self.is_open, begins_with, *self.chains,
            self.flow, self.pool, self.loaded, self.volume, self.used,
        )  # fmt: skip

    def found(self) -> tuple[PathSet, Floats]:
        """The paths with trips, and the volumes that they make anew: links in the order of their table, no rounding carried on."""
        paths, links = _count(self.head_of, self.next_of, self.size, self.flow)
        pair, start, size = (np.empty(paths, np.int64) for _ in range(3))
        flow, pool, volume = np.empty(paths), np.empty(links, np.int32), np.empty_like(self.volume)
        number = self.star.order.astype(np.int32)
        _write(*self.chains, self.flow, self.pool, number, pair, flow, start, size, pool, volume)
        return PathSet(replace(self.pairs, trips=self.loaded), pair, flow, start, size, pool), volume


def _places(known: Pairs, wanted: Pairs) -> Whole:
    """By pair known before, the place of the same pair among those that are wanted; -1 where there is none."""
    if np.array_equal(known.origin, wanted.origin) and np.array_equal(known.destination, wanted.destination):
        return np.arange(len(wanted.trips))
    zones = int(max(wanted.destination.max(initial=0), known.destination.max(initial=0))) + 1
    key, among = known.key(zones), wanted.key(zones)
    where = np.minimum(np.searchsorted(among, key), max(len(among) - 1, 0))
    return np.where(among[where] == key, where, -1) if len(among) else np.full(len(key), -1)
