"""Trips that no file states: made from population and jobs, and corrected by counters where the city names some."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

import numpy as np
from cachetools import LRUCache, cached

from analytics.errors import TrafficError
from analytics.parallel import Progress, quiet
from analytics.traffic.demand import Demand, demand_of
from analytics.traffic.estimation import Estimation, estimate_matrix
from analytics.traffic.gravity import Gravity, gravity_on
from analytics.traffic.road import road_of
from data import Counters, Network, Trips

__all__ = ["Made", "made_facts", "made_trips"]


@dataclass(frozen=True, eq=False)
class Made:
    """Trips with a matrix; how it was made by gravity and corrected by counts, None where it was stated or not corrected."""

    trips: Trips
    gravity: Gravity | None = None
    estimation: Estimation | None = None


def _key(trips: Trips, network: Network, counters: Counters | None = None, **_: Any) -> tuple[object, ...]:
    return tuple(None if each is None else each.provenance.fingerprint for each in (trips, network, counters))


@cached(LRUCache(maxsize=8), key=_key, lock=Lock())
def made_trips(trips: Trips, network: Network, counters: Counters | None = None, *, progress: Progress = quiet) -> Made:
    """The trips of a table, made where no file states them.

    Each resident makes ``trips_per_resident`` in the hours, jobs attract them, and they take ``mean_minutes`` on average.

    Parameters
    ----------
    trips : a table of trips.
    network : on which they go.
    counters : by which they are corrected, if by any; none do whose series has not run for long enough yet.
    progress : told the round of correcting.

    Returns
    -------
    Made
        With the trips as they are where they have a matrix and no counters correct them. Kept for the same tables.

    Raises
    ------
    TrafficError
        When population or jobs of a zone are not known, or the trips cannot take so long.
    """
    made, gravity, road = trips, None, road_of(network)
    if trips.matrix is None:
        gravity = _by_gravity(trips, network)
        made = replace(trips, matrix=gravity.matrix)
    if counters is None or counters.frame.empty:
        return Made(made, gravity)
    found = estimate_matrix(road, demand_of(made, road), counters, progress=progress)
    return Made(replace(made, matrix=found.demand.matrix), gravity, found)


def _by_gravity(trips: Trips, network: Network) -> Gravity:
    people, jobs = (trips.zones[name].to_numpy(np.float64) for name in ("population", "jobs"))
    unknown = trips.zones.index[~(np.isfinite(people) & np.isfinite(jobs))]
    if len(unknown):
        raise TrafficError(
            "zones_unpeopled", trips=trips.title, zones=[str(each) for each in unknown[:3]], n=len(unknown)
        )
    road = road_of(network)
    nothing = replace(trips, matrix=np.zeros((len(people), len(people))))
    zones: Demand = demand_of(nothing, road)
    return gravity_on(road, zones, trips.trips_per_resident * people, jobs, mean=trips.mean_minutes)[0]


def made_facts(made: Made) -> dict[str, Any]:
    """What caveats of made trips are computed from.

    Parameters
    ----------
    made : the trips.

    Returns
    -------
    dict
        Nothing where they were stated.
    """
    facts: dict[str, Any] = {}
    if made.gravity is not None:
        facts |= {"gravity_trips": made.trips.title, "gravity_mean": made.gravity.mean}
        facts |= {"gravity_wanted": made.gravity.wanted, "gravity_fitted": made.gravity.fitted}
    return facts if made.estimation is None else facts | made.estimation.facts
