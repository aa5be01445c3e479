"""User equilibrium: no trip could be cheaper by another path, as long as the others keep theirs (Wardrop 1952)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from analytics.errors import TrafficError
from analytics.parallel import Progress, quiet
from analytics.traffic import _equilibrium_loops as loops
from analytics.traffic._paths_loops import costs_between
from analytics.traffic.demand import Demand, Pairs
from analytics.traffic.paths import PathSet
from analytics.traffic.road import Floats, Road, Whole
from data.words import Sentence

__all__ = ["Assignment", "assign", "cheapest_costs", "relative_gap"]

# Compiled functions take more arguments by position than their stubs know.
_improve: Any = loops.improve
_settle: Any = loops.settle
_compact: Any = loops.compact

GAP = 1e-4
MOST = 500  # iterations: far more than any network of the literature needs for 1e-6
SETTLING = 8  # steps among the paths known, after each search for new ones: those cost a twentieth of it
EASED = 0.1  # of the excess before: below it the known paths are balanced well enough to look for new ones
ROOM = 1.3  # paths a pair to begin with
LINKS = 24  # a path to begin with


@dataclass(frozen=True, eq=False)
class Assignment:
    """Volumes (vehicles an hour), minutes and generalised minutes (``cost``) by link, and how near equilibrium they are.

    ``gap`` is the relative gap: the share of all generalised time that trips would save if each took the path that is
    cheapest at these costs. ``reached`` says whether it is as small as was asked. ``objective`` is Beckmann's.
    """

    road: Road
    demand: Demand
    volume: Floats
    gap: float
    wanted: float
    iterations: int
    paths: PathSet | None = field(default=None, repr=False)

    @property
    def reached(self) -> bool:
        """Whether the gap is as small as was asked."""
        return self.gap <= self.wanted

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


@dataclass(eq=False)
class _Work:
    """The paths while they change; see ``_equilibrium_loops`` for what is what."""

    head_of: Whole
    next_of: Whole
    start: Whole
    size: Whole
    mark: Whole
    flow: Floats
    pool: np.ndarray
    used: Whole
    loaded: Floats
    volume: Floats
    cost: Floats
    steep: Floats

    @property
    def chains(self) -> tuple[np.ndarray, ...]:
        return self.head_of, self.next_of, self.start, self.size

    def enlarge(self, links: int) -> None:
        """Half as much room again, and for one more path at least."""
        for name in ("next_of", "start", "size", "mark", "flow"):
            old = getattr(self, name)
            setattr(self, name, np.concatenate((old, np.zeros(len(old) // 2 + 2, old.dtype))))
        self.pool = np.concatenate((self.pool, np.zeros(len(self.pool) // 2 + links + 1, self.pool.dtype)))

    def compact(self) -> None:
        """Only paths with trips, pair by pair, and volumes anew from them: no rounding is carried on."""
        fresh = [np.zeros_like(each) for each in (self.head_of, self.next_of, self.start, self.size, self.mark)]
        flow, pool = np.zeros_like(self.flow), np.zeros_like(self.pool)
        _compact(*self.chains, self.mark, self.flow, self.pool, *fresh, flow, pool, self.volume, self.used)
        self.head_of, self.next_of, self.start, self.size, self.mark = fresh
        self.flow, self.pool = flow, pool


def assign(
    road: Road,
    demand: Demand,
    *,
    gap: float = GAP,
    start: Assignment | None = None,
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
    pairs = demand.pairs
    work = _begun(road, pairs, start.paths if start is not None else None)
    found, iterations, shown = np.inf, 0, np.inf
    for iterations in range(1, most + 1):
        progress(_share(shown, gap), Sentence("traffic.doing", {"gap": min(shown, 1.0)}))
        shown = _swept(road, demand, work)
        _refuse_unreachable(road, demand, work.loaded)
        if shown <= gap or iterations == most:
            work.compact()
            found = relative_gap(road, demand, work.volume)
            if found <= gap:
                break
    work.compact()
    return Assignment(road, demand, work.volume, found, gap, iterations, _paths(pairs, work))


def _share(shown: float, gap: float) -> float:
    """How far, on the scale on which the gap falls evenly: from one tenth to what is asked."""
    if not 0 < shown < 0.1:
        return 0.0 if shown >= 0.1 else 1.0
    return float(np.clip(np.log(shown / 0.1) / np.log(min(gap, 0.01) / 0.1), 0.0, 1.0))


def _begun(road: Road, pairs: Pairs, known: PathSet | None) -> _Work:
    """No paths, or those of another assignment that are open, with their pair's trips of now."""
    n, links = len(pairs.trips), len(road.link_ids)
    room = int(ROOM * n) + 16
    empty = {name: np.zeros(room, np.int64) for name in ("next_of", "start", "size", "mark")}
    work = _Work(
        head_of=np.full(n, -1, np.int64), flow=np.zeros(room), pool=np.zeros(room * LINKS + links + 1, np.int32),
        used=np.zeros(2, np.int64), loaded=np.zeros(n), volume=np.zeros(links), cost=np.zeros(links), steep=np.zeros(links),
        **empty,
    )  # fmt: skip
    if known is not None and len(known.flow):
        _take(work, road, pairs, known)
    costs = (road.free_time, road.slope, road.power, road.fixed)
    loops.load(work.volume, *costs, road.is_open, work.cost, work.steep)
    return work


def _take(work: _Work, road: Road, pairs: Pairs, known: PathSet) -> None:
    """Chains of the paths known, their trips scaled so that each pair has as many as it now has."""
    zones = int(max(pairs.destination.max(initial=0), known.pairs.destination.max(initial=0))) + 1
    key, wanted = known.pairs.key(zones), pairs.key(zones)
    where = np.searchsorted(wanted, key)
    is_there = (where < len(wanted)) & (wanted[np.minimum(where, len(wanted) - 1)] == key)
    usable = is_there[known.pair] & ~known.using(~road.is_open)
    pair, flow = where[known.pair[usable]], known.flow[usable]
    total = np.bincount(pair, weights=flow, minlength=len(wanted))
    flow = flow * np.divide(pairs.trips, total, out=np.zeros_like(total), where=total > 0)[pair]
    count = len(flow)
    if count + 1 >= len(work.flow):
        for name in ("next_of", "start", "size", "mark", "flow"):
            old = getattr(work, name)
            setattr(work, name, np.zeros(int(count * ROOM) + 16, old.dtype))
    if len(known.links) + len(road.node_ids) >= len(work.pool):
        work.pool = np.zeros(int(len(known.links) * ROOM) + len(road.node_ids) + 1, np.int32)
    work.pool[: len(known.links)] = known.links
    work.start[:count], work.size[:count], work.mark[:count] = (
        known.start[usable],
        known.size[usable],
        known.mark[usable],
    )
    work.flow[:count] = flow
    last = np.append(pair[1:] != pair[:-1], True) if count else np.zeros(0, np.bool_)
    work.next_of[:count] = np.where(last, -1, np.arange(1, count + 1))
    begins = np.append(True, last[:-1]) if count else last
    work.head_of[pair[begins]] = np.flatnonzero(begins)
    work.used[:] = count, len(known.links)
    work.loaded[pair] = pairs.trips[pair]
    work.compact()


def _swept(road: Road, demand: Demand, work: _Work) -> float:
    """One search for new paths from all origins, and steps among them; about the gap before the steps."""
    pairs, (first, out) = demand.pairs, road.star
    costs = (road.free_time, road.slope, road.power, road.fixed)
    excess, origin = np.zeros(1), 0
    ends = demand.nodes[pairs.destination]
    while origin != loops.DONE:
        origin = _improve(
            origin, len(demand.nodes), demand.nodes, pairs.first, ends, pairs.trips, work.loaded, *work.chains, work.mark,
            work.flow, work.pool, work.used, first, out, road.tail, road.head, road.through, work.volume, *costs, work.cost,
            work.steep, excess,
        )  # fmt: skip
        if origin != loops.DONE:
            work.enlarge(len(road.node_ids))
    spent = float(work.volume @ np.where(road.is_open, work.cost, 0.0))
    left = float(excess[0])
    for _ in range(SETTLING):
        before = left
        left = _settle(*work.chains, work.flow, work.pool, work.volume, *costs, work.cost, work.steep)
        if left <= EASED * excess[0] or left > 0.9 * before:
            break
    work.compact()
    loops.load(work.volume, *costs, road.is_open, work.cost, work.steep)
    return float(excess[0]) / spent if spent > 0 else 0.0


def _refuse_unreachable(road: Road, demand: Demand, loaded: Floats) -> None:
    pairs = demand.pairs
    missing = np.flatnonzero(loaded < pairs.trips)
    if len(missing):
        pair = missing[0]
        raise TrafficError(
            "unreachable",
            origin=demand.zone_ids[pairs.origin[pair]],
            end=demand.zone_ids[pairs.destination[pair]],
            trips=float((pairs.trips - loaded)[missing].sum()),
            n=len(missing),
        )


def _paths(pairs: Pairs, work: _Work) -> PathSet:
    count, links = work.used
    size = work.size[:count].copy()
    pair = np.repeat(np.arange(len(pairs.trips)), _lengths(work, len(pairs.trips)))
    start, mark = work.start[:count].copy(), work.mark[:count].copy()
    return PathSet(pairs, pair, work.flow[:count].copy(), start, size, work.pool[:links].copy(), mark)


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
    first, out = road.star
    found = np.empty((len(origins), len(ends)))
    costs_between(origins, ends, first, out, road.head, road.through, cost, found)
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
