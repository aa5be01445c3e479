"""What is known of a city's traffic: the road, the trips on it, which links may be changed, and what there is to be reached."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache, cached

from analytics.scenarios.study import Study
from analytics.traffic import Demand, Made, Road, assign, demand_of, links_named, made_facts, made_trips, road_of
from data import Network, Sites, Trips

__all__ = ["Case", "case_of", "made_facts_of"]

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.intp]

CANDIDATES = 30  # links that a lever offers where the city names none: more than anybody reads
NOMINAL = 10.0  # vehicles an hour: capacities below it are a way of writing the cost, and no capacities


@dataclass(frozen=True, eq=False)
class Case:
    """The road and the trips of today.

    ``candidates`` and ``planned`` are the places of links by the name under which levers offer them; what is planned is
    closed today. ``kinds`` are the links of each kind that leads from place to place. ``inside`` (area, zone) holds what share
    of an area's people live in which of its zones; ``people`` are theirs by area. ``drawing`` is what there is to be reached
    by zone, by the name of its measure: jobs, or the ends of trips where jobs are not known, and sites.
    """

    trips: Trips
    network: Network
    road: Road
    demand: Demand
    candidates: Mapping[str, Whole]
    planned: Mapping[str, Whole]
    kinds: Mapping[str, Whole]
    lanes: Floats
    area_ids: tuple[str, ...]
    area_of_zone: Whole
    inside: Floats
    people: Floats
    drawing: Mapping[str, Floats]

    @property
    def jobs_known(self) -> bool:
        """Whether jobs are, by zone."""
        return "jobs" in self.drawing

    @property
    def has_capacities(self) -> bool:
        """Whether the links' capacities are vehicles an hour."""
        return float(self.road.capacity.max()) >= NOMINAL

    @cached_property
    def key(self) -> tuple[str, str]:
        """The network's fingerprint, and one of the trips as they are assigned: counters may have corrected them."""
        return self.network.provenance.fingerprint, _mark(self.trips)


def case_of(study: Study) -> Case | None:
    """What a study's city knows of its traffic.

    Parameters
    ----------
    study : asks for trips, their network and sites.

    Returns
    -------
    The trips that the question is about, or the city's first; None where there are none.

    Raises
    ------
    TrafficError
        When the trips have no matrix, or stand at nodes that the network lacks.
    """
    names = study.names("trips")
    name = study.about.get("trips") or next(iter(names), "")
    trips: Trips | None = study.find("trips", name) if name else None
    if trips is None:
        return None
    network: Network = study.table("networks", trips.network)
    trips = _made(study, trips, network).trips
    sites = [study.find("sites", each) for each in study.names("sites")[:1]]
    return _case(trips, network, sites[0] if sites else None)


def _made(study: Study, trips: Trips, network: Network) -> Made:
    if trips.matrix is not None and not trips.counters:
        return Made(trips)
    return made_trips(trips, network, study.find("counters", trips.counters) if trips.counters else None)


def made_facts_of(study: Study, case: Case) -> dict[str, Any]:
    """What caveats of trips that gravity made or counts corrected are computed from.

    Parameters
    ----------
    study : that asks for the trips.
    case : of it.

    Returns
    -------
    dict
        Nothing where the trips are as their file states them.
    """
    return made_facts(_made(study, study.table("trips", case.trips.name), case.network))


def _mark(trips: Trips) -> str:
    matrix = b"" if trips.matrix is None else np.ascontiguousarray(trips.matrix).tobytes()
    return hashlib.blake2b(matrix, key=trips.provenance.fingerprint.encode()[:64], digest_size=16).hexdigest()


def _key(trips: Trips, network: Network, sites: Sites | None) -> tuple[object, ...]:
    site_mark = None if sites is None else sites.provenance.fingerprint
    return _mark(trips), network.provenance.fingerprint, site_mark


@cached(LRUCache(maxsize=8), key=_key, lock=Lock())
def _case(trips: Trips, network: Network, sites: Sites | None) -> Case:
    road, planned = road_of(network), links_named(network, network.planned)
    demand = demand_of(trips, road)
    stated = links_named(network, network.candidates)
    area_ids, area_of_zone, inside, people = _areas(trips, demand)
    return Case(
        trips, network, road, demand,
        candidates=stated or _busiest(road, demand, network), planned=planned, kinds=_kinds(road, network),
        lanes=_lanes(network), area_ids=area_ids, area_of_zone=area_of_zone, inside=inside, people=people,
        drawing=_drawing(trips, demand, network, sites),
    )  # fmt: skip


def _between(road: Road) -> npt.NDArray[np.bool_]:
    """Links that lead from place to place, and do not only join a zone to the road."""
    passed = road.star.passed
    inner: npt.NDArray[np.bool_] = passed[road.tail] & passed[road.head]
    return inner


def _busiest(road: Road, demand: Demand, network: Network) -> dict[str, Whole]:
    """The links that carry most when trips are first loaded, by name where they have one, else by id."""
    volume = np.where(_between(road) & road.is_open, assign(road, demand, most=0).volume, 0.0)
    titles = network.links["name"].astype(str).to_numpy()
    found: dict[str, Whole] = {}
    for link in np.argsort(-volume, kind="stable"):
        if len(found) == CANDIDATES or volume[link] <= 0:
            break
        title = titles[link]
        found.setdefault(title or road.link_ids[link], np.flatnonzero(titles == title) if title else np.array([link]))
    return found


def _kinds(road: Road, network: Network) -> dict[str, Whole]:
    kinds, inner = network.links["kind"].astype(str).to_numpy(), _between(road)
    return {kind: np.flatnonzero(inner & (kinds == kind)) for kind in sorted(set(kinds[inner]) - {""})}


def _lanes(network: Network) -> Floats:
    """Lanes as stated, else by capacity: a lane carries some 1,800 vehicles an hour (Transportation Research Board 2000)."""
    stated = network.links["lanes"].to_numpy(dtype=float)
    guessed = np.maximum(np.round(network.links["capacity"].to_numpy(dtype=float) / 1800.0), 1.0)
    return np.where(stated > 0, stated, guessed)


def _areas(trips: Trips, demand: Demand) -> tuple[tuple[str, ...], Whole, Floats, Floats]:
    """Areas with zones, the area of each zone (-1 for none), and how people are spread over an area's zones."""
    stated = trips.zones["area_id"].astype(str).to_numpy()
    ids = tuple(dict.fromkeys(sorted(each for each in stated if each)))
    place = {each: index for index, each in enumerate(ids)}
    area = np.array([place.get(each, -1) for each in stated], dtype=np.intp)
    people = trips.zones["population"].to_numpy(dtype=float)
    people = people if np.isfinite(people).all() and people.sum() > 0 else demand.matrix.sum(axis=1)
    inside = np.zeros((len(ids), len(area)))
    known = np.flatnonzero(area >= 0)
    inside[area[known], known] = people[known]
    total = inside.sum(axis=1)
    empty = total <= 0
    inside[empty] = (area[None, :] == np.flatnonzero(empty)[:, None]).astype(float)
    return ids, area, inside / np.maximum(inside.sum(axis=1, keepdims=True), 1e-300), total


def _drawing(trips: Trips, demand: Demand, network: Network, sites: Sites | None) -> dict[str, Floats]:
    jobs = trips.zones["jobs"].to_numpy(dtype=float)
    known = bool(np.isfinite(jobs).all() and jobs.sum() > 0)
    found = {"jobs": jobs} if known else {"ends": demand.matrix.sum(axis=0)}
    places = network.nodes.loc[trips.zones["node_id"], ["x", "y"]].to_numpy(dtype=float)
    if sites is None or not np.isfinite(places).all():
        return found
    stand = sites.frame.loc[sites.frame["existing"].astype(bool), ["x", "y"]].to_numpy(dtype=float)
    apart = np.hypot(*(stand[:, None] - places[None]).transpose(2, 0, 1))
    nearest = apart.argmin(axis=1) if len(stand) else np.zeros(0, np.intp)
    return found | {"sites": np.bincount(nearest, minlength=len(places)).astype(float)}
