"""Links and nodes as every format gives them: what cannot be driven is set aside and counted, traps and islands are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Transformer
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from data.provenance import Finding
from data.tables.contract import Facts
from data.tables.globe import check_whereabouts
from data.tables.sifting import Sifted, empty_refused

__all__ = ["LINK_COLUMNS", "NODE_COLUMNS", "Roads", "nodes_at", "roads_of"]

LINK_COLUMNS = (
    "from_node", "to_node", "length", "lanes", "capacity", "free_time", "free_speed", "b", "power", "toll", "kind", "name",
)  # fmt: skip
NODE_COLUMNS = ("x", "y", "longitude", "latitude", "through", "zone")
NOT_NEGATIVE = ("length", "lanes", "toll", "b", "power")
NAMED = 20  # nodes that a finding names


@dataclass(frozen=True, eq=False)
class Roads:
    """A network that routes: its nodes and links (see ``Network``), the links' lines, and what reading them noticed.

    ``lines`` has one line a link in their order, empty where an end's place is not known; ``drawn`` says whether the file has
    them, rather than only their ends.
    """

    nodes: pd.DataFrame
    links: pd.DataFrame
    lines: gpd.GeoDataFrame
    rows_read: int
    set_aside: dict[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    drawn: bool = False


def nodes_at(
    ids: Sequence[str], places: pd.DataFrame, *, source_crs: str | None, through: npt.NDArray[np.bool_],
    zone: Sequence[str], label: str, facts: Facts,
) -> pd.DataFrame:  # fmt: skip
    """Nodes with their places in degrees and in the city's metres, NaN where a place is not known.

    Parameters
    ----------
    ids : of the nodes, in order.
    places : ``x`` and ``y`` as the file has them, by node id; nodes that it does not hold have no known place.
    source_crs : of these, None where nobody says: then no place is known.
    through : whether traffic may pass a node.
    zone : the zone whose trips begin and end at a node, "" for none.
    label, facts : of the section and the city.

    Returns
    -------
    pd.DataFrame
        By node_id, with ``NODE_COLUMNS``.

    Raises
    ------
    TableError
        When the nodes lie far from the city's projection.
    """
    nodes = pd.DataFrame(
        dict.fromkeys(NODE_COLUMNS[:4], np.nan) | {"through": through, "zone": list(zone)},
        index=pd.Index(list(ids), name="node_id", dtype=object),
    )
    if source_crs is None or places.empty:
        return nodes
    written = places.reindex(nodes.index)[["x", "y"]].to_numpy(dtype=float).T
    for names, crs in ((("longitude", "latitude"), "EPSG:4326"), (("x", "y"), facts.crs)):
        found = Transformer.from_crs(source_crs, crs, always_xy=True).transform(*written)
        for name, values in zip(names, found, strict=True):
            nodes[name] = np.where(np.isfinite(values), values, np.nan)
    known = nodes.dropna(subset=["longitude", "latitude"])
    if len(known):
        check_whereabouts((known["longitude"], known["latitude"]), label=label, facts=facts)
    return nodes


def roads_of(
    links: pd.DataFrame, nodes: pd.DataFrame, *, label: str, crs: str, rows_read: int,
    lines: Sequence[shapely.LineString] | npt.NDArray[np.object_] | None = None, findings: Sequence[Finding] = (),
) -> Roads:  # fmt: skip
    """A network of links that can be driven.

    Set aside, in this order and under these reasons: unknown_node (an end is not among the nodes), loop (it ends where it
    begins), duplicate (the id), not_a_number and no_time (capacity or time is not stated), no_capacity (0 or less),
    negative_time, negative (another amount).

    Parameters
    ----------
    links : one row a direction in the file's order, numbered, with ``link_id`` and ``LINK_COLUMNS``.
    nodes : as ``nodes_at`` gives them.
    label : how sentences name the table.
    crs : the city's metres.
    rows_read : how many rows the source has; a row may be two links.
    lines : of the links; straight lines between their nodes where there are none.
    findings : what reading the file noticed.

    Returns
    -------
    Roads
        With a finding on what cannot be reached or left.

    Raises
    ------
    TableError
        When most links fail for one reason, or none is left.
    """
    sifted = _sifted(Sifted(links, label), nodes)
    rows = empty_refused(sifted, rows=len(links)).rows
    kept = rows.set_index("link_id")[list(LINK_COLUMNS)]
    shapes = straight(kept, nodes) if lines is None else np.asarray(lines, dtype=object)[rows.index]
    noticed = (
        *findings,
        *sifted.findings(),
        *_places(nodes, label),
        *_nominal(kept, label),
        *_passage(kept, nodes, label),
    )
    frame = gpd.GeoDataFrame(geometry=shapes, crs=crs)
    return Roads(nodes, kept, frame, rows_read, dict(sifted.set_aside), noticed, drawn=lines is not None)


def _sifted(sifted: Sifted, nodes: pd.DataFrame) -> Sifted:
    def failing(holds: pd.Series, reason: str) -> None:
        nonlocal sifted
        sifted = sifted.without(holds.loc[sifted.rows.index], reason)

    links = sifted.rows
    failing(~(links["from_node"].isin(nodes.index) & links["to_node"].isin(nodes.index)), "unknown_node")
    failing(links["from_node"] == links["to_node"], "loop")
    sifted = sifted.without(sifted.rows["link_id"].duplicated() | (sifted.rows["link_id"] == ""), "duplicate_link")
    failing(links["capacity"].isna(), "capacity_unknown")
    failing(links["capacity"] <= 0, "no_capacity")
    failing(~np.isfinite(links["free_time"]), "time_unknown")
    failing(links["free_time"] < 0, "negative_time")
    failing((links[list(NOT_NEGATIVE)] < 0).any(axis=1), "negative_amount")
    return sifted


def straight(links: pd.DataFrame, nodes: pd.DataFrame) -> npt.NDArray[np.object_]:
    """A straight line for each link, empty where an end's place is not known.

    Parameters
    ----------
    links : with ``from_node`` and ``to_node``.
    nodes : with ``x`` and ``y`` in metres.

    Returns
    -------
    numpy array
        Lines in the links' order.
    """
    ends = np.stack(
        [nodes.loc[links[end], ["x", "y"]].to_numpy(dtype=float) for end in ("from_node", "to_node")], axis=1
    )
    shapes = np.full(len(links), shapely.LineString(), dtype=object)
    known = np.isfinite(ends).all(axis=(1, 2))
    if known.any():
        shapes[known] = shapely.linestrings(ends[known])
    return shapes


def _places(nodes: pd.DataFrame, label: str) -> list[Finding]:
    unknown = int(nodes["x"].isna().sum())
    return [Finding("nodes_without_place", label, {"nodes": unknown, "total": len(nodes)})] if unknown else []


def _nominal(links: pd.DataFrame, label: str) -> list[Finding]:
    """Capacities that are all one number below what any lane carries are only a way of writing the cost function."""
    same = links["capacity"].nunique() == 1 and links["capacity"].iloc[0] < 10
    return [Finding("nominal_capacity", label, {"value": float(links["capacity"].iloc[0])})] if same else []


def _passage(links: pd.DataFrame, nodes: pd.DataFrame, label: str) -> list[Finding]:
    """Nodes that can be entered and not left, left and not entered, or neither, seen from where most nodes are."""
    used = nodes.index[nodes.index.isin(links["from_node"]) | nodes.index.isin(links["to_node"])]
    ends = used.get_indexer(pd.Index(links["from_node"])), used.get_indexer(pd.Index(links["to_node"]))
    graph = coo_array((np.ones(len(links)), ends), shape=(len(used), len(used))).tocsr()
    both = _largest(connected_components(graph, directed=True, connection="strong")[1])
    forward, backward = _reached(graph, both), _reached(graph.T.tocsr(), both)
    found = {
        "one_way_trap": forward & ~backward,
        "no_way_in": backward & ~forward,
        "apart": ~forward & ~backward,
    }
    return [
        Finding(code, label, {"count": int(which.sum()), "nodes": [str(each) for each in used[which][:NAMED]]})
        for code, which in found.items()
        if which.any()
    ]


def _largest(labels: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    return np.asarray(labels == np.bincount(labels).argmax())


def _reached(graph: csr_array, start: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which nodes can be reached from any of those."""
    seen, front = start.copy(), start.copy()
    while front.any():
        front = (graph.T @ front.astype(float) > 0) & ~seen
        seen |= front
    return seen
