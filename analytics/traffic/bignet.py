"""Networks of more links than our own search should hold: aequilibrae behind the same ``assign``, where it is installed.

Paths of every pair of zones take more memory than the network of a whole region leaves; aequilibrae keeps volumes only
(``pip install -e ".[bignet]"``).
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np

from analytics.errors import TrafficError
from analytics.parallel import Progress
from analytics.traffic.demand import Demand, Pairs
from analytics.traffic.paths import PathSet
from analytics.traffic.road import Floats, Road
from data.words import Sentence

__all__ = ["LARGE", "assigned_large", "without_paths"]

LARGE = 10_000  # links beyond which aequilibrae is used
LEAST = 1e-6  # minutes: aequilibrae takes no link that takes no time
MOST = 1000  # iterations of bi-conjugate Frank-Wolfe


def assigned_large(road: Road, demand: Demand, *, gap: float, progress: Progress) -> tuple[Floats, int]:
    """Volumes of a large network by bi-conjugate Frank-Wolfe (Mitradjieva & Lindberg 2013, Transportation Science 47:280-293).

    Parameters
    ----------
    road : whose closed links are left out.
    demand : trips between its nodes.
    gap : relative gap to be reached.
    progress : told before and after; what it raises stops the work.

    Returns
    -------
    volumes, iterations
        By link, 0 where closed.

    Raises
    ------
    TrafficError
        When aequilibrae is not installed.
    """
    if find_spec("aequilibrae") is None:
        raise TrafficError("bignet_missing", links=len(road.link_ids), most=LARGE)
    from aequilibrae.paths import TrafficAssignment, TrafficClass

    progress(0.0, Sentence("traffic.doing_large", {"links": len(road.link_ids)}))
    links, zones = _links(road, demand)
    traffic = TrafficClass("car", _graph(links, zones), _matrix(demand, zones))
    traffic.set_fixed_cost("fixed")
    work = TrafficAssignment()
    work.set_classes([traffic])
    work.set_vdf("BPR")
    work.set_vdf_parameters({"alpha": "b", "beta": "power"})
    work.set_capacity_field("capacity")
    work.set_time_field("free_flow_time")
    work.set_algorithm("bfw")
    work.rgap_target, work.max_iter = gap, MOST
    work.execute()
    volume = np.zeros(len(road.link_ids))
    loads = work.results().sort_index()
    own = loads.index.to_numpy() <= len(volume)
    volume[loads.index.to_numpy()[own] - 1] = loads["trips_ab"].fillna(0.0).to_numpy(dtype=float)[own]
    progress(1.0, Sentence("traffic.doing_large", {"links": len(road.link_ids)}))
    return volume, int(work.assignment.iter)


def _links(road: Road, demand: Demand) -> tuple[Any, Any]:
    """Open links as aequilibrae numbers them.

    Zones are its first nodes, which nobody passes: a node that traffic may pass is another node, joined to its zone by links
    without cost.
    """
    import pandas as pd

    zones = np.arange(1, len(demand.zone_ids) + 1)
    number = np.arange(len(road.node_ids)) + len(zones) + 1
    own = ~road.through[demand.nodes]
    number[demand.nodes[own]] = zones[own]
    ends = road.through.copy()
    ends[demand.nodes] = True
    place = np.flatnonzero(road.is_open & ends[road.tail])  # nothing goes on from a node that is no zone and not passed
    power, b = road.power[place], road.b[place]
    roads = pd.DataFrame(
        {
            "link_id": place + 1, "a_node": number[road.tail[place]], "b_node": number[road.head[place]],
            "free_flow_time": np.maximum(road.free_time[place] * np.where(power > 0, 1.0, 1.0 + b), LEAST),
            "capacity": np.where(road.capacity[place] > 0, road.capacity[place], 1.0),
            "b": np.where(power > 0, b, 0.0), "power": np.where(power > 0, power, 1.0), "fixed": road.fixed[place],
        }
    )  # fmt: skip
    joined, at = zones[~own], number[demand.nodes[~own]]
    free = {"free_flow_time": LEAST, "capacity": 1.0, "b": 0.0, "power": 1.0, "fixed": 0.0}
    ids = len(road.link_ids) + 1 + np.arange(2 * len(joined))
    joins = [
        pd.DataFrame({"link_id": ids[: len(joined)], "a_node": joined, "b_node": at} | free),
        pd.DataFrame({"link_id": ids[len(joined) :], "a_node": at, "b_node": joined} | free),
    ]
    return pd.concat([roads, *(each for each in joins if len(each))], ignore_index=True).assign(direction=1), zones


def _graph(links: Any, zones: Any) -> Any:
    from aequilibrae.paths import Graph

    graph = Graph()
    graph.network = links
    graph.prepare_graph(zones)
    graph.set_graph("free_flow_time")
    graph.set_blocked_centroid_flows(True)
    return graph


def _matrix(demand: Demand, zones: Any) -> Any:
    from aequilibrae.matrix import AequilibraeMatrix

    trips = AequilibraeMatrix()
    trips.create_empty(zones=len(zones), matrix_names=["trips"], memory_only=True)
    trips.index[:] = zones
    trips.matrix["trips"][:, :] = demand.matrix
    trips.computational_view(["trips"])
    return trips


def without_paths(pairs: Pairs) -> PathSet:
    """Trips whose paths nobody has kept: there are none to be asked for."""
    none = np.zeros(0, np.int64)
    return PathSet(pairs, none, np.zeros(0), none, none, np.zeros(0, np.int32))
