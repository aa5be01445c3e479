"""Growth of trips, people and jobs at junctions that stand on a network: their turns grow as the trips do that pass them.

Who passes a junction is what today's equilibrium says; every trip keeps its path. That counted turns follow the modelled trips
is an assumption, which is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache, cached

from analytics.scenarios.engines.traffic.futures import today
from analytics.scenarios.engines.traffic.known import Case, case_of
from analytics.scenarios.engines.traffic.levers import plan_of
from analytics.scenarios.study import Study
from analytics.traffic.access import trips_using
from analytics.traffic.bignet import LARGE
from data import Junctions

__all__ = ["FOLLOWS", "GROWN", "growth_at", "tied"]

Floats = npt.NDArray[np.float64]

GROWN = ("trips.growth", "population.growth", "jobs.growth")
FOLLOWS = 0.25
"""Standard deviation of how far counted turns follow the trips of the model, as a share of their growth: an assumption of ours,
which a caveat names."""


def tied(study: Study, table: Junctions) -> Case | None:
    """The traffic of the network on which junctions stand.

    Parameters
    ----------
    study : of the city.
    table : whose junctions name nodes.

    Returns
    -------
    Case or None
        None where they name none, nothing is known of trips there, or so large a network that no paths are kept.
    """
    if not table.network or not (table.frame["node_id"] != "").any():
        return None
    case = case_of(study)
    if case is None or case.trips.network != table.network or len(case.road.link_ids) > LARGE:
        return None
    return case


def growth_at(table: Junctions, case: Case, levers: Mapping[str, Any]) -> dict[str, float]:
    """By junction the share by which the trips grow that pass it today.

    Parameters
    ----------
    table : of the city.
    case : its traffic.
    levers : of the option.

    Returns
    -------
    dict
        0 at junctions that stand at no node of the network, or that no trip passes.
    """
    names = [str(each) for each in table.frame.index]
    grown = plan_of(case, {name: levers.get(name, 0.0) for name in GROWN}).demand.matrix
    before = case.demand.matrix
    if (grown == before).all():
        return dict.fromkeys(names, 0.0)
    ratio = np.divide(grown, before, out=np.ones_like(before), where=before > 0)
    found = {}
    for name, passing in zip(names, _passing(table, case), strict=True):
        come = float(passing.sum())
        found[name] = float((passing * ratio).sum()) / come - 1 if come else 0.0
    return found


@cached(LRUCache(maxsize=4), key=lambda table, case: (table.provenance.fingerprint, *case.key), lock=Lock())
def _passing(table: Junctions, case: Case) -> list[Floats]:
    """By junction the trips of today's equilibrium that pass it, by origin and destination."""
    assignment, _ = today(case, 1.0)
    links = case.network.links
    ends = links["to_node"].astype(str)
    known = case.road.place_of_link
    found = []
    for node in table.frame["node_id"].astype(str):
        into = [str(link) for link in links.index[ends == node] if str(link) in known] if node else []
        found.append(trips_using(assignment, into) if into else np.zeros_like(case.demand.matrix))
    return found
