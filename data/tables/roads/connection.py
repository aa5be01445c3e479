"""Which zones of a network can be reached from which."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

__all__ = ["connected_zones"]

AT_ONCE = 256  # origins whose ways are searched together: some 20 MB on ten thousand nodes


def connected_zones(
    links: pd.DataFrame, nodes: pd.DataFrame, zones: Sequence[str] | pd.Series
) -> npt.NDArray[np.bool_]:
    """Whether there is a way from each zone (row) to each (column) that passes no node closed to through traffic.

    Parameters
    ----------
    links, nodes : of a network.
    zones : the node of each zone.

    Returns
    -------
    numpy array
        Of truth values, true on the diagonal.
    """
    count = len(nodes)
    start, end = (nodes.index.get_indexer(pd.Index(links[side])) for side in ("from_node", "to_node"))
    own = nodes.index.get_indexer(pd.Index(zones))
    leaves = np.full(count, -1)  # a second node for each zone, which its trips leave and none passes
    leaves[own] = count + np.arange(len(own))
    passing = nodes["through"].to_numpy(dtype=bool)[start]
    beginning = leaves[start] >= 0
    tails = np.concatenate([start[passing], leaves[start[beginning]]])
    heads = np.concatenate([end[passing], end[beginning]])
    size = count + len(own)
    graph = coo_array((np.ones(len(tails)), (tails, heads)), shape=(size, size)).tocsr()
    found = np.zeros((len(own), len(own)), dtype=bool)
    for first in range(0, len(own), AT_ONCE):
        origins = leaves[own[first : first + AT_ONCE]]
        steps = dijkstra(graph, indices=origins, unweighted=True)
        found[first : first + AT_ONCE] = np.isfinite(steps[:, own])
    np.fill_diagonal(found, True)
    return found
