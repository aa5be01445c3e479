"""User equilibrium: no trip could be cheaper by another path, as long as the others keep theirs (Wardrop 1952)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from analytics.errors import TrafficError
from analytics.parallel import Progress, quiet
from analytics.traffic import _equilibrium_loops as loops
from analytics.traffic._paths_loops import costs_between, grow_trees
from analytics.traffic.demand import Demand, Pairs
from analytics.traffic.paths import PathSet
from analytics.traffic.road import Floats, Road, Whole
from data.words import Sentence

__all__ = ["Assignment", "Elastic", "assign", "cheapest_costs", "relative_gap"]

# Compiled functions take more arguments by position than their stubs know.
_improve: Any = loops.improve
_settle: Any = loops.settle
_compact: Any = loops.compact
_load: Any = loops.load
_grow_trees: Any = grow_trees

GAP = 1e-4
MOST = 500  # iterations: far more than any network of the literature needs for 1e-6
SETTLING = 8  # steps among the paths known, after each search for new ones: those cost a twentieth of it
EASED = 0.1  # of the excess before: below it the known paths are balanced well enough to look for new ones
SLOW = 0.9  # of the excess of the step before: beyond it a step among known paths is in vain
ROOM = 1.3  # paths a pair to begin with
LINKS = 24  # a path to begin with


@dataclass(frozen=True, eq=False)
class Elastic:
    """How trips answer to their cost: a pair makes ``trips * (cost / usual) ** exponent``.

    ``usual`` (origin, destination) is the generalised minutes at which it makes its trips; 0 where it does not answer.
    ``exponent``, the elasticity, is 0 or below.
    """

    usual: Floats
    exponent: float

    def __post_init__(self) -> None:
        if not self.exponent <= 0:
            raise TrafficError("elasticity", value=self.exponent)


@dataclass(frozen=True, eq=False)
class Assignment:
    """Volumes (vehicles an hour), minutes and generalised minutes (``cost``) by link, and how near equilibrium they are.

    ``gap`` is the relative gap: the share of all generalised time that trips would save if each took the path that is
    cheapest at these costs. ``reached`` says whether it is as small as was asked. ``objective`` is Beckmann's. ``paths``
    holds the trips that are made, which are other than those of ``demand`` where they answer to costs; ``missed`` is then
    the generalised time of trips that should be made and are not, and of those that should not, as a share of all.
    """

    road: Road
    demand: Demand
    volume: Floats
    gap: float
    wanted: float
    iterations: int
    paths: PathSet = field(repr=False)
    missed: float = 0.0

    @property
    def reached(self) -> bool:
        """Whether the gap is as small as was asked, and trips are what their costs make of them."""
        return max(self.gap, self.missed) <= self.wanted

    @property
    def trips(self) -> float:
        """Vehicles an hour that leave their zone."""
        return float(self.paths.pairs.trips.sum())

    @cached_property
    def time(self) -> Floats:
        """Minutes by link."""
        return self.road.time(self.volume)

    @cached_property
    def cost(self) -> Floats:
        """Generalised minutes by link, infinite where closed."""
        return self.road.cost(self.volume)

    @cached_property
    def objective(self) -> float:
        """Beckmann's: what equilibrium makes least."""
        return self.road.objective(self.volume)

    @property
    def hours(self) -> float:
        """Vehicle-hours in an hour."""
        return float(self.volume @ self.time) / 60

    @property
    def delay(self) -> float:
        """Vehicle-hours above those at free flow, in an hour."""
        return float(self.volume @ (self.time - self.road.free_time)) / 60

    @property
    def kilometres(self) -> float:
        """Vehicle-kilometres in an hour."""
        return float(self.volume @ self.road.length)


class _Work:
    """The paths of a road while they change, links in the order of its star; see ``_equilibrium_loops`` for what is what."""

    def __init__(self, road: Road, demand: Demand, answers: tuple[Floats, float]) -> None:
        pairs, star = demand.pairs, road.star
        self.demand, self.pairs, self.star, self.answers = demand, pairs, star, answers
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
        self.next_of, self.start, self.size = (np.zeros(paths, np.int64) for _ in range(3))
        self.flow, self.pool = np.zeros(paths), np.zeros(links, np.int32)

    @property
    def chains(self) -> tuple[np.ndarray, ...]:
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


def assign(
    road: Road,
    demand: Demand,
    *,
    gap: float = GAP,
    start: Assignment | None = None,
    elastic: Elastic | None = None,
    most: int = MOST,
    progress: Progress = quiet,
) -> Assignment:
    """The equilibrium of trips on a road, to a relative gap.

    Gradient projection on paths, origin by origin (Jayakrishnan, Tsai, Prashker & Rajadhyaksha 1994, Transportation Research
    Record 1443; the greedy order and the steps among known paths between two searches follow Xie, Nie & Liu 2018,
    Transportation Research Record 2672): from the tree of an origin each pair takes in its cheapest path and moves trips there
    from its other paths by a Newton step, and costs follow at once.

    Parameters
    ----------
    road : whose links have costs that do not fall with volume.
    demand : trips between its nodes.
    gap : relative gap to be reached, above 0.
    start : an assignment of the same links to begin from, such as today's: its paths are kept where they are still open.
    elastic : how trips answer to their cost (default: they do not).
    most : iterations after which it stops short; the result says so by ``reached``.
    progress : told how far it is; what it raises stops the work.

    Returns
    -------
    Assignment
        Volumes by link with the gap that they have, and the paths that make them.

    Raises
    ------
    TrafficError
        When trips have no open path to where they go.
    """
    work = _Work(road, demand, _answers(demand.pairs, elastic))
    if start is not None and len(start.paths.flow):
        _take(work, road, start.paths)
    work.priced()
    work.improve(fill=True)
    _refuse_unreachable(demand, work.loaded)
    work.settle()
    found, missed, iterations = np.inf, 0.0, 0
    while True:
        progress(_share(max(found, missed), gap), Sentence("traffic.doing", {"gap": min(found, 1.0)}))
        found, missed = work.search()
        if max(found, missed) <= gap or iterations >= most:
            break
        work.improve(fill=False)
        work.settle()
        iterations += 1
    work.compact()
    volume = np.empty_like(work.volume)
    volume[road.star.order] = work.volume
    return Assignment(road, demand, volume, found, gap, iterations, _paths(work), missed)


def _answers(pairs: Pairs, elastic: Elastic | None) -> tuple[Floats, float]:
    """What each pair usually costs, and the elasticity."""
    if elastic is None:
        return np.zeros(len(pairs.trips)), 0.0
    usual = elastic.usual[pairs.origin, pairs.destination]
    return np.where(np.isfinite(usual), usual, 0.0), float(elastic.exponent)


def _share(shown: float, gap: float) -> float:
    """How far, on the scale on which the gap falls evenly: from one tenth to what is asked."""
    if not 0 < shown < 0.1:
        return 0.0 if shown >= 0.1 else 1.0
    return float(np.clip(np.log(shown / 0.1) / np.log(min(gap, 0.01) / 0.1), 0.0, 1.0))


def _take(work: _Work, road: Road, known: PathSet) -> None:
    """Chains of the paths known, their trips scaled so that each pair has as many as it now has."""
    pairs = work.pairs
    zones = int(max(pairs.destination.max(initial=0), known.pairs.destination.max(initial=0))) + 1
    key, wanted = known.pairs.key(zones), pairs.key(zones)
    where = np.searchsorted(wanted, key)
    is_there = (where < len(wanted)) & (wanted[np.minimum(where, len(wanted) - 1)] == key)
    usable = is_there[known.pair] & ~known.using(~road.is_open)
    pair, flow = where[known.pair[usable]], known.flow[usable]
    total = np.bincount(pair, weights=flow, minlength=len(wanted))
    flow = flow * np.divide(pairs.trips, total, out=np.zeros_like(total), where=total > 0)[pair]
    count = len(flow)
    nodes = len(road.node_ids)
    if count + 1 >= len(work.flow) or len(known.links) + nodes >= len(work.pool):
        work.make_room(int(ROOM * count) + 16, int(ROOM * len(known.links)) + nodes + 1)
    place = np.empty(len(road.star.order), np.int32)
    place[road.star.order] = np.arange(len(place))
    work.pool[: len(known.links)] = place[known.links]
    work.start[:count], work.size[:count] = known.start[usable], known.size[usable]
    work.flow[:count] = flow
    last = np.append(pair[1:] != pair[:-1], True) if count else np.zeros(0, np.bool_)
    work.next_of[:count] = np.where(last, -1, np.arange(1, count + 1))
    begins = np.append(True, last[:-1]) if count else last
    work.head_of[pair[begins]] = np.flatnonzero(begins)
    work.used[:] = count, len(known.links)
    work.loaded[pair] = pairs.trips[pair]
    work.volume[:] = np.bincount(
        work.pool[: len(known.links)], weights=known.spread(usable, flow), minlength=len(place)
    )


def _refuse_unreachable(demand: Demand, loaded: Floats) -> None:
    pairs = demand.pairs
    missing = np.flatnonzero(loaded <= 0.0)
    if len(missing):
        pair = missing[0]
        raise TrafficError(
            "unreachable",
            origin=demand.zone_ids[pairs.origin[pair]],
            end=demand.zone_ids[pairs.destination[pair]],
            trips=float(pairs.trips[missing].sum()),
            n=len(missing),
        )


def _paths(work: _Work) -> PathSet:
    count, links = work.used
    pair = np.repeat(np.arange(len(work.loaded)), _lengths(work, len(work.loaded)))
    pool = work.star.order.astype(np.int32)[work.pool[:links]]
    made = replace(work.pairs, trips=work.loaded)
    return PathSet(made, pair, work.flow[:count].copy(), work.start[:count].copy(), work.size[:count].copy(), pool)


def _lengths(work: _Work, pairs: int) -> Whole:
    """Paths a pair, of compacted chains: each begins where the last one ended."""
    begins = np.where(work.head_of >= 0, work.head_of, 0)
    filled = np.flatnonzero(work.head_of >= 0)
    lengths = np.zeros(pairs, np.int64)
    lengths[filled] = np.diff(np.append(begins[filled], work.used[0]))
    return lengths


def cheapest_costs(road: Road, cost: Floats, *, origins: Whole, ends: Whole) -> Floats:
    """The cost of the cheapest path between nodes.

    Parameters
    ----------
    road : whose links lead from node to node.
    cost : by link, not negative, infinite where closed.
    origins, ends : indices of nodes.

    Returns
    -------
    Costs by (origin, end), infinite where no path leads.
    """
    star = road.star
    found = np.empty((len(origins), len(ends)))
    costs_between(origins, ends, star.first, star.head, star.passed, cost[star.order], found)
    return found


def relative_gap(road: Road, demand: Demand, volume: Floats) -> float:
    """The share of all generalised time that trips would save by the paths that are cheapest at a volume's costs.

    Parameters
    ----------
    road : with its costs.
    demand : the trips that made the volume.
    volume : vehicles an hour by link.

    Returns
    -------
    float
        0 at equilibrium; (total - least) / total, as in Boyce, Ralevic-Dekic & Bar-Gera 2004.
    """
    cost = road.cost(volume)
    total = float(volume @ np.where(volume > 0, cost, 0.0))
    pairs = demand.pairs
    between = cheapest_costs(road, cost, origins=demand.nodes, ends=demand.nodes)
    least = float(pairs.trips @ between[pairs.origin, pairs.destination])
    return (total - least) / total if total > 0 else 0.0
