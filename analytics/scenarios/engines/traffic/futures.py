"""What is uncertain of traffic, and equilibria at a few values of it, between which every draw is read.

One assignment a draw would be too dear. Trips of today may lie above or below the matrix by one factor, the ``level``; of what
drivers answer to a change of their cost only the sum of two elasticities matters on the road. So three levels are solved, and
for an option the least and the greatest of the elasticity at the middle level. Volumes of a draw are the polynomial of second
degree in the level, and linear in the elasticity, through these: weights that add up to 1, so that trips are kept. Times
follow from the volumes by the links' own cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache

from analytics.parallel import Progress, quiet
from analytics.scenarios.engines.traffic.known import Case
from analytics.scenarios.engines.traffic.levers import Plan
from analytics.streams import Streams
from analytics.traffic import Assignment, Elastic, Road, assign, cheapest_costs, reached_within

__all__ = [
    "BY_CAR", "BY_HOUR", "COMPONENTS", "ELASTICITIES", "GAP", "LEVEL", "LIMITS", "Futures", "Nodes", "drawn_futures", "nodes_of",
    "today",
]  # fmt: skip

Floats = npt.NDArray[np.float64]

LEVEL, BY_CAR, BY_HOUR = "trips.level", "elasticity.trips_by_car", "elasticity.trips_in_the_hour"
COMPONENTS = (LEVEL, BY_CAR, BY_HOUR)
LEVEL_BOUNDS = (-0.3, 0.3)
# A matrix without counts: forecasts of traffic miss counts by 17 % in the mean (National Academies 2020, NCHRP Report 934), of
# which a matrix of today has the smaller part; with counts on its network half as much.
SPREAD, COUNTED = 0.10, 0.05
# Trips by car against their time: -0.29 in the long run and -0.60 in the short (de Jong & Gunn 2001, Journal of Transport
# Economics and Policy 35:137-160), traffic -0.5 in the short run and up to -1.0 in the long (Goodwin 1996, Transportation
# 23:35-54). Other hours are about as near a choice as other modes (Department for Transport, TAG unit M2.1).
ELASTICITIES: Mapping[str, tuple[float, float]] = {BY_CAR: (-0.3, 0.1), BY_HOUR: (-0.2, 0.1)}
ELASTICITY_BOUNDS = (-1.0, 0.0)
GAP = 1e-5  # of what options are solved to; a tenth of what is seen as converged (Boyce, Ralevic-Dekic & Bar-Gera 2004)
REACHES = 1.75  # standard deviations of the level between which it is solved: nine draws in ten lie inside
WORKERS = 2
LIMITS = (15.0, 30.0)  # minutes

_TODAY: LRUCache[tuple[object, ...], tuple[Assignment, Floats]] = LRUCache(24)
_LOCK = Lock()


@dataclass(frozen=True, eq=False)
class Futures:
    """By draw: trips against the matrix, and the elasticities of trips by car and of trips in the hour."""

    level: Floats
    by_car: Floats
    by_hour: Floats

    @property
    def elasticity(self) -> Floats:
        """What drivers answer by together."""
        return self.by_car + self.by_hour

    @property
    def hours_part(self) -> Floats:
        """The part of trips that go or come by the elasticity which does so from or to other hours."""
        whole = self.elasticity
        part: Floats = np.divide(self.by_hour, whole, out=np.zeros_like(whole), where=whole < 0)
        return part


def drawn_futures(assumed: Mapping[str, Any], streams: Streams, *, counted: bool) -> Futures:
    """Level and elasticities of each draw, or what is assumed of them.

    Parameters
    ----------
    assumed : by name of the uncertainty; None is to be drawn.
    streams : of the study.
    counted : whether traffic is counted on the network.

    Returns
    -------
    Futures
        The same for all options.
    """

    def of(name: str) -> Floats:
        value = assumed.get(name)
        if value is not None:
            return np.full(streams.draws, float(value))
        mean, spread = ELASTICITIES[name]
        values: Floats = np.clip(mean + spread * streams.normal(name, ["all"])[0], *ELASTICITY_BOUNDS)
        return values

    level = assumed.get(LEVEL)
    spread = COUNTED if counted else SPREAD
    levels = (
        np.exp(spread * streams.normal(LEVEL, ["all"])[0]) if level is None else np.full(streams.draws, 1.0 + level)
    )
    return Futures(levels, of(BY_CAR), of(BY_HOUR))


@dataclass(frozen=True, eq=False)
class Nodes:
    """Solved equilibria: ``weight`` (draw, node) reads what each of them gives for a draw.

    ``volume`` (node, link), ``trips`` (node) in vehicles an hour, ``wanted`` (node) of them before anybody answers to costs,
    and ``reached`` by name of what is reached (node, limit, area).
    """

    weight: Floats
    volume: Floats
    trips: Floats
    wanted: Floats
    reached: Mapping[str, Floats]
    gap: float

    def read(self, values: Floats) -> Floats:
        """By draw and the values' own dimensions, never below 0."""
        return np.maximum(np.tensordot(self.weight, values, axes=(1, 0)), 0.0)


def levels_of(futures: Futures, *, counted: bool) -> Floats:
    """The levels that are solved: below, at and above the matrix; one where one is assumed."""
    if np.ptp(futures.level) == 0:
        return futures.level[:1]
    spread = COUNTED if counted else SPREAD
    return np.exp(spread * np.array([-REACHES, 0.0, REACHES]))


def today(case: Case, level: float) -> tuple[Assignment, Floats]:
    """Today's equilibrium at a level, kept while the process lives, and what each pair of zones then costs.

    Parameters
    ----------
    case : the road and trips of today.
    level : of trips against the matrix.

    Returns
    -------
    assignment, costs
        Generalised minutes by (origin, destination).
    """
    key = (*case.key, round(level, 9))
    with _LOCK:
        kept = _TODAY.get(key)
    if kept is None:
        found = assign(case.road, case.demand if level == 1 else case.demand.times(level), gap=GAP)
        kept = (found, _costs(case, case.road, found.cost))
        with _LOCK:
            _TODAY[key] = kept
    return kept


def _costs(case: Case, road: Road, cost: Floats) -> Floats:
    return cheapest_costs(road, cost, origins=case.demand.nodes, ends=case.demand.nodes)


def nodes_of(case: Case, plan: Plan, futures: Futures, *, counted: bool, progress: Progress = quiet) -> Nodes:
    """What a plan makes of traffic, at the nodes.

    Parameters
    ----------
    case : the road and trips of today.
    plan : of an option.
    futures : by draw.
    counted : whether traffic is counted on the network.
    progress : told how far it is; what it raises stops the work.

    Returns
    -------
    Nodes
        Those of today, to the last bit, where the plan changes nothing.
    """
    levels = levels_of(futures, counted=counted)
    with ThreadPoolExecutor(WORKERS) as pool:
        base = list(pool.map(lambda level: today(case, float(level)), levels))
    if not plan.changes(case):
        solved = [found for found, _ in base]
        return _nodes(case, plan, solved, _level_weights(futures.level, levels), levels)
    places, weight = _places(futures, levels)

    def solve(index: int) -> list[Assignment]:
        start, usual = base[index]
        demand = plan.demand if levels[index] == 1 else plan.demand.times(float(levels[index]))
        found = []
        for elasticity in (each for level, each in places if level == index):
            elastic = Elastic(usual, elasticity) if elasticity < 0 else None
            start = assign(plan.road, demand, gap=GAP, start=start, elastic=elastic)
            found.append(start)
        return found

    order = list(dict.fromkeys(index for index, _ in reversed(places)))  # the middle, which is solved twice, at once
    with ThreadPoolExecutor(WORKERS) as pool:
        by_level = dict(zip(order, pool.map(solve, order), strict=True))
    solved = [by_level[index].pop(0) for index, _ in places]
    progress(1.0, "")
    return _nodes(case, plan, solved, weight, levels[[index for index, _ in places]])


def _level_weights(level: Floats, levels: Floats) -> Floats:
    """Lagrange's polynomials at each draw's level: (draw, level)."""
    weights = np.ones((len(level), len(levels)))
    for one in range(len(levels)):
        for other in range(len(levels)):
            if one != other:
                weights[:, one] *= (level - levels[other]) / (levels[one] - levels[other])
    return weights


def _places(futures: Futures, levels: Floats) -> tuple[list[tuple[int, float]], Floats]:
    """Where an option is solved, as (level, elasticity), and the weights of each there by draw."""
    elasticity = futures.elasticity
    by_level = _level_weights(futures.level, levels)
    middle = len(levels) // 2
    if np.ptp(elasticity) == 0:
        return [(index, float(elasticity[0])) for index in range(len(levels))], by_level
    spread = float(np.sqrt(sum(each**2 for _, each in ELASTICITIES.values())))
    centre = float(np.clip(np.median(elasticity), ELASTICITY_BOUNDS[0] * 2 + spread, -spread))
    places = [(index, centre) for index in range(len(levels)) if index != middle]
    weights = [by_level[:, index] for index in range(len(levels)) if index != middle]
    beyond = (elasticity - centre) / (2 * spread)
    places += [(middle, centre - spread), (middle, centre + spread)]
    weights += [by_level[:, middle] / 2 - beyond, by_level[:, middle] / 2 + beyond]
    return places, np.stack(weights, axis=1)


def _nodes(case: Case, plan: Plan, solved: Sequence[Assignment], weight: Floats, levels: Floats) -> Nodes:
    reached = [_reached(case, plan, each) for each in solved]
    names = tuple(case.drawing)
    pairs = plan.demand.pairs.trips.sum()
    return Nodes(
        weight=weight,
        volume=np.stack([each.volume for each in solved]),
        trips=np.array([each.trips for each in solved]),
        wanted=pairs * np.asarray(levels),
        reached={name: np.stack([each[name] for each in reached]) for name in names},
        gap=max(each.gap for each in solved),
    )


def _reached(case: Case, plan: Plan, found: Assignment) -> dict[str, Floats]:
    """What is reached within each limit by area, as the mean over where its people live: (limit, area) by name."""
    if not case.area_ids:
        return {name: np.zeros((len(LIMITS), 0)) for name in case.drawing}
    minutes = _costs(case, plan.road, np.where(plan.road.is_open, found.time, np.inf))
    grows = {name: there if name == "sites" else there * plan.draws for name, there in case.drawing.items()}
    return {name: reached_within(minutes, there, limits=LIMITS) @ case.inside.T for name, there in grows.items()}
