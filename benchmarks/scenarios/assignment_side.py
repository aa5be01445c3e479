"""Runs in aequilibrae's environment: one network and matrix from a file by bi-conjugate Frank-Wolfe; prints what it found."""

from __future__ import annotations

import json
import logging
import os
import sys

import numpy as np

from benchmarks.rows import cost_of


def main() -> None:
    """Assign what the file holds, to its gap; the network is built before the clock runs."""
    os.environ["AEQ_SHOW_PROGRESS"] = "FALSE"  # its bars would be counted as its work
    import pandas as pd
    from aequilibrae.matrix import AequilibraeMatrix
    from aequilibrae.paths import Graph, TrafficAssignment, TrafficClass

    logging.disable(logging.CRITICAL)
    with np.load(sys.argv[1]) as given:
        links = pd.DataFrame(
            {name: given[name] for name in ("a_node", "b_node", "free_flow_time", "capacity", "b", "power")}
        )
        matrix, gap, blocked, most = given["matrix"], float(given["gap"]), bool(given["blocked"]), int(given["most"])
    links = links.assign(link_id=np.arange(1, len(links) + 1), direction=1)
    zones = np.arange(1, len(matrix) + 1)

    def made() -> TrafficAssignment:
        graph = Graph()
        graph.network = links.copy()
        graph.prepare_graph(zones)
        graph.set_graph("free_flow_time")
        graph.set_blocked_centroid_flows(blocked)
        trips = AequilibraeMatrix()
        trips.create_empty(zones=len(zones), matrix_names=["trips"], memory_only=True)
        trips.index[:] = zones
        trips.matrix["trips"][:, :] = matrix
        trips.computational_view(["trips"])
        work = TrafficAssignment()
        work.set_classes([TrafficClass("car", graph, trips)])
        work.set_vdf("BPR")
        work.set_vdf_parameters({"alpha": "b", "beta": "power"})
        work.set_capacity_field("capacity")
        work.set_time_field("free_flow_time")
        work.set_algorithm("bfw")
        work.set_cores(1)
        work.rgap_target, work.max_iter = gap, most
        return work

    first = made()
    first.rgap_target = 0.1  # loads what is loaded but once
    first.execute()
    work = made()
    _, seconds = cost_of(work.execute)
    reached = float(work.assignment.rgap)
    volume = work.results().sort_index()["trips_ab"].to_numpy(dtype=float)
    print(
        json.dumps(
            {"gap": reached, "seconds": seconds, "iterations": int(work.assignment.iter), "volume": volume.tolist()}
        )
    )


if __name__ == "__main__":
    main()
