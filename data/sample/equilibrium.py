"""Trips of Meridian's morning and the equilibrium planted on its roads.

The times of all links at the peak are chosen first, in whole units of six seconds, so that many ways take equally long. Trips
spread over all ways of the least time, each way an equal share; then the time of a link without traffic is what the Bureau of
Public Roads' formula gives back from the chosen time and the volume. So the volumes are an exact user equilibrium (Wardrop 1952)
of the trips: no way could be quicker than those that are used.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from data.sample.draws import normals
from data.sample.people import YEARS, drivers
from data.sample.plan import PLAN_SEED
from data.sample.roads import POWER, B, roads_of_meridian

__all__ = ["MINUTES", "Morning", "morning_of_meridian"]

Floats = npt.NDArray[np.float64]

UNIT = 0.1  # minutes
TRIPS_A_RESIDENT = 0.105  # by car in the hour
MINUTES = 11.0  # over which a trip becomes e times less likely
# What zones send and attract strays from people and jobs by this much, and pairs from both: what only counts can tell.
ZONE_STRAY, PAIR_STRAY = 0.25, 0.25
ROUNDS = 8  # of putting times and volumes into line; the last leaves times as they are
BALANCE = 60  # rounds of a matrix's balancing: far more than it needs


@dataclass(frozen=True, eq=False)
class Morning:
    """The hour from 8 to 9 on working days.

    ``matrix`` has vehicles an hour from zone to zone (area_id), ``volume`` those on each link, ``time`` the minutes that each
    link takes then and ``free_time`` those without traffic.
    """

    matrix: pd.DataFrame
    volume: pd.Series
    time: pd.Series
    free_time: pd.Series


@cache
def morning_of_meridian() -> Morning:
    """The trips and their equilibrium, always the same."""
    road = _Road()
    units = road.units(np.zeros(road.size))
    volume = np.zeros(road.size)
    for number in range(1, ROUNDS + 1):
        matrix = _trips(road.ways(units))
        volume += (road.load(matrix, units) - volume) / number
        units = road.units(volume)
    matrix = _trips(road.ways(units))
    volume = road.load(matrix, units)
    time = units * UNIT
    free = time / (1 + B * (volume / road.capacity) ** POWER)
    links, zones = roads_of_meridian().links.index, road.zones
    named = {"volume": volume, "time": time, "free_time": free}
    return Morning(pd.DataFrame(matrix, zones, zones), **{name: pd.Series(each, links) for name, each in named.items()})


class _Road:
    """The roads as arrays by link."""

    def __init__(self) -> None:
        plan = roads_of_meridian()
        nodes, links = plan.nodes, plan.links
        self.tail, self.head = (nodes.index.get_indexer(pd.Index(links[side])) for side in ("from_node", "to_node"))
        self.origin = np.flatnonzero(nodes["zone"] != "")
        self.zones = pd.Index(nodes["zone"].iloc[self.origin], name="area_id")
        self.size, self.nodes = len(links), len(nodes)
        self.capacity = links["capacity"].to_numpy(float)
        self.free = 60 * links["length"].to_numpy(float) / links["speed"].to_numpy(float)

    def units(self, volume: Floats) -> npt.NDArray[np.int64]:
        """The time of each link in whole units."""
        time = self.free * (1 + B * (volume / self.capacity) ** POWER)
        return np.asarray(np.maximum(1, np.rint(time / UNIT)), dtype=np.int64)

    def _from(self, place: int) -> npt.NDArray[np.bool_]:
        """The links that trips of one zone may use: none passes another."""
        zone = np.isin(self.tail, self.origin)
        return np.asarray(~zone | (self.tail == self.origin[place]))

    def ways(self, units: npt.NDArray[np.int64]) -> Floats:
        """Units from each node that is a zone (row) to all nodes."""
        starts = self.nodes + np.arange(len(self.origin))  # a node beside each zone, which no trip passes
        zone = np.full(self.nodes, -1)
        zone[self.origin] = starts
        tail = np.where(zone[self.tail] < 0, self.tail, zone[self.tail])
        size = self.nodes + len(starts)
        graph = csr_array((units.astype(float), (tail, self.head)), shape=(size, size))
        found = dijkstra(graph, indices=starts)[:, : self.nodes]
        found[np.arange(len(starts)), self.origin] = 0.0
        return np.asarray(found)

    def load(self, matrix: Floats, units: npt.NDArray[np.int64]) -> Floats:
        """Volumes when trips spread over all ways of the least time, each way an equal share."""
        volume = np.zeros(self.size)
        for place, reached in enumerate(self.ways(units)):
            best = self._from(place) & (reached[self.tail] + units == reached[self.head])
            links = np.flatnonzero(best)
            # What leads to a node stands before what leaves it.
            links = links[np.argsort(reached[self.tail[links]], kind="stable")]
            tails, heads = self.tail[links].tolist(), self.head[links].tolist()
            ways = [0] * self.nodes  # how many lead to each node
            ways[self.origin[place]] = 1
            for tail, head in zip(tails, heads, strict=True):
                ways[head] += ways[tail]
            ending = np.zeros(self.nodes)
            ending[self.origin] = matrix[place]
            passing = ending.tolist()
            for link, tail, head in zip(links.tolist()[::-1], tails[::-1], heads[::-1], strict=True):
                passed = passing[head] * ways[tail] / ways[head]
                passing[tail] += passed
                volume[link] += passed
        return volume


def _trips(ways: Floats) -> Floats:
    """Trips that start where people live and end where jobs are, fewer the longer they last, to a hundredth of a vehicle."""
    people, jobs = (drivers()[name].loc[YEARS[-1]].to_numpy(float) for name in ("population", "jobs"))
    zones = len(people)
    start = people * np.exp(ZONE_STRAY * normals(PLAN_SEED, "trips/from", zones))
    end = jobs * np.exp(ZONE_STRAY * normals(PLAN_SEED, "trips/to", zones))
    minutes = UNIT * ways[:, roads_of_meridian().nodes["zone"].to_numpy() != ""]
    liking = np.exp(-minutes / MINUTES + PAIR_STRAY * normals(PLAN_SEED, "trips/pairs", (zones, zones)))
    np.fill_diagonal(liking, 0.0)  # trips within a zone use no road of the network
    start *= TRIPS_A_RESIDENT * people.sum() / start.sum()
    end *= start.sum() / end.sum()
    matrix = liking
    for _ in range(BALANCE):
        matrix = matrix * (start / matrix.sum(axis=1))[:, None]
        matrix = matrix * (end / matrix.sum(axis=0))
    return np.asarray(np.round(matrix, 2))
