"""What links without a name are called: the roads or areas at their ends."""

from __future__ import annotations

import geopandas as gpd

from analytics.traffic.picture import crossings
from data import Areas, Network
from data.words import Sentence

__all__ = ["areas_at", "link_titles"]


def areas_at(network: Network, areas: Areas | None) -> dict[str, str]:
    """The name of the area that each node lies in.

    Parameters
    ----------
    network : with nodes.
    areas : the layer; None where there is none.

    Returns
    -------
    dict
        By node_id, without nodes that lie in no area or whose places are not known; of several areas the first by id.
    """
    nodes = network.nodes.dropna(subset=["x", "y"])
    if areas is None or nodes.empty:
        return {}
    points = gpd.GeoDataFrame(
        {"node": nodes.index}, geometry=gpd.points_from_xy(nodes["x"], nodes["y"]), crs=areas.frame.crs
    )
    named = areas.frame[["name", "geometry"]].sort_index()
    found = gpd.sjoin(points, named, predicate="intersects").sort_values(["node", "area_id"]).drop_duplicates("node")
    return dict(zip(found["node"].astype(str), found["name"].astype(str), strict=True))


def link_titles(network: Network, areas: Areas | None) -> dict[str, Sentence]:
    """Words for links that have no name: "Loop to Near West Side (564-493)".

    Parameters
    ----------
    network : with links.
    areas : the layer that tells where a node lies at which no road is named.

    Returns
    -------
    dict
        By link_id, without links that have a name and those of which neither end can be told.
    """
    links, places = network.links, areas_at(network, areas)
    ends = crossings(links, places).to_numpy().reshape(2, -1).T
    found = {}
    rows = links[["name", "from_node", "to_node"]].astype(str).itertuples(name=None)
    for (link, name, *nodes), (start, end) in zip(rows, ends, strict=True):
        if name or [start, end] == nodes:
            continue
        if start == end:  # it runs beside that road, or within an area
            start, end = (places.get(node, start) for node in nodes)
        same = start == end
        evidence = {"place": start, "link": str(link)} if same else {"from": start, "to": end, "link": str(link)}
        found[str(link)] = Sentence(f"traffic.link_{'within' if same else 'between'}", evidence)
    return found
