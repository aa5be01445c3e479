"""User equilibrium: no trip could be cheaper by another path, as long as the others keep theirs (Wardrop 1952)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from analytics.errors import TrafficError
from analytics.parallel import Progress, quiet
from analytics.traffic._paths_loops import costs_between
from analytics.traffic.bignet import LARGE, assigned_large, without_paths
from analytics.traffic.demand import Demand, Pairs
from analytics.traffic.paths import PathSet
from analytics.traffic.road import Floats, Road, Whole
from analytics.traffic.search import Search
from data.words import Sentence

__all__ = ["Assignment", "Elastic", "assign", "cheapest_costs", "relative_gap"]

GAP = 1e-4
ANSWERED = 5.0  # times the gap: trips that are missed are some too many and some too few, and mostly cancel
TURNS = 10  # of a large network whose trips answer to their cost
# How sweeps save work; any values lead to the same equilibrium, since what ends them is the gap of a search at the end.
FAR = 3.0  # times the gap that is asked for: what a sweep met beyond it is not worth a search, which only measures
NEAR, SPARE = (
    0.1,
    0.1,
)  # of the gap asked for, and of the gap met last: paths dearer by less stay as they are in a sweep
MOST = 500  # iterations: far more than any network of the literature needs for 1e-6


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
    ``trees`` (origin, node) are the cheapest paths at these costs, as the link into each node by its place in the road's star:
    what a search that begins here need not find again.
    """

    road: Road
    demand: Demand
    volume: Floats
    gap: float
    wanted: float
    iterations: int
    paths: PathSet = field(repr=False)
    missed: float = 0.0
    trees: npt.NDArray[np.int32] | None = field(default=None, repr=False)

    @property
    def reached(self) -> bool:
        """Whether the gap is as small as was asked, and trips are what their costs make of them."""
        return max(self.gap, self.missed / ANSWERED) <= self.wanted

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
    Record 1443; the greedy order and the steps among known paths between two sweeps follow Xie, Nie & Liu 2018,
    Transportation Research Record 2672): from the tree of an origin, mended at the costs of the moment, each pair takes in its
    cheapest path and moves trips there from its other paths by a Newton step, and costs follow at once. Once a sweep meets little
    that could be saved, the trees of all origins at the same costs measure the gap.

    Parameters
    ----------
    road : whose links have costs that do not fall with volume.
    demand : trips between its nodes.
    gap : relative gap to be reached, above 0.
    start : an assignment of the same links to begin from, such as today's: its paths are kept where they are still open.
    elastic : how trips answer to their cost (default: they do not).
    most : sweeps after which it stops short; the result says so by ``reached``.
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
    if len(road.link_ids) > LARGE:
        return _large(road, demand, gap=gap, elastic=elastic, progress=progress)
    work = Search(road, demand, _answers(demand.pairs, elastic))
    if start is not None and len(start.paths.flow):
        same = elastic is not None and np.array_equal(start.demand.matrix, demand.matrix)
        work.begin_from(start.paths, keep=same)
        if start.trees is not None and _same_star(start, road, demand):
            work.trees[:] = start.trees
    work.priced()
    known = start is not None and np.allclose(work.cost, start.cost[road.star.order], rtol=1e-9, atol=0)
    work.improve(fill=True)
    _refuse_unreachable(demand, work.loaded)
    work.settle()
    met = 0.0 if known else np.inf  # the gap before the last sweep, about: who begins at the answer only measures it
    found, missed, iterations = np.inf, 0.0, 0
    while True:
        progress(_share(max(min(met, found), missed), gap), Sentence("traffic.doing", {"gap": min(met, found, 1.0)}))
        if met <= FAR * gap or iterations >= most:
            found, missed = work.search()
            met = found
            if max(found, missed / ANSWERED) <= gap or iterations >= most:
                break
        met = work.improve(near=max(NEAR * gap, SPARE * met) if np.isfinite(met) else NEAR * gap)
        work.settle()
        iterations += 1
    paths, volume = work.found()
    return Assignment(road, demand, volume, found, gap, iterations, paths, missed, work.trees)


def _same_star(start: Assignment, road: Road, demand: Demand) -> bool:
    """Whether trees of one assignment are trees on another road: of the same zones, over the same links and nodes."""
    if not np.array_equal(start.demand.nodes, demand.nodes):
        return False
    return all(
        np.array_equal(getattr(start.road.star, each), getattr(road.star, each)) for each in ("tail", "head", "passed")
    )


def _large(road: Road, demand: Demand, *, gap: float, elastic: Elastic | None, progress: Progress) -> Assignment:
    """By aequilibrae; trips that answer to their cost go half of the way to what they should be, turn by turn."""
    made = demand
    for _ in range(TURNS):
        volume, iterations = assigned_large(road, made, gap=gap, progress=progress)
        wanted, missed = made, 0.0
        if elastic is not None and elastic.exponent < 0:
            cost = cheapest_costs(road, road.cost(volume), origins=demand.nodes, ends=demand.nodes)
            usual, known = elastic.usual, (elastic.usual > 0) & (cost > 0) & np.isfinite(elastic.usual * cost)
            ratio = np.divide(cost, usual, out=np.ones_like(cost), where=known)
            wanted = demand.times(ratio**elastic.exponent)
            off = np.abs(wanted.matrix - made.matrix) * np.where(known, cost, 0.0)
            missed = float(off.sum()) / max(float(volume @ np.where(volume > 0, road.cost(volume), 0.0)), 1e-300)
        if missed <= ANSWERED * gap:
            break
        made = Demand(demand.zone_ids, demand.nodes, (wanted.matrix + made.matrix) / 2)
    found = relative_gap(road, made, volume)
    return Assignment(road, demand, volume, found, gap, iterations, without_paths(made.pairs), missed)


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
    costs_between(origins, ends, star.first, star.tail, star.head, star.passed, cost[star.order], found)
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
