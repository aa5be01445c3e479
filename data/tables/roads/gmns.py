"""A network from tables of nodes and links, named as the General Modeling Network Specification names them.

Source: Zephyr Foundation, *General Modeling Network Specification* 0.96, https://github.com/zephyr-data-specs/GMNS. A link's
capacity is stated a lane, a link that is not ``directed`` carries traffic both ways, ``geometry`` is in WKT.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from data.errors import TableError
from data.provenance import Finding
from data.readers import read_rows
from data.tables.contract import Facts
from data.tables.ids import as_ids
from data.tables.roads.columns import Stated, stated_amounts
from data.tables.roads.keys import NetworksKeys
from data.tables.roads.links import Roads, nodes_at, roads_of
from data.tables.section import Section

__all__ = ["BACK", "GMNS_LINKS", "both_ways", "roads_of_gmns"]

GMNS_LINKS = {
    "id": "link_id", "from_node": "from_node_id", "to_node": "to_node_id", "directed": "directed", "length": "length",
    "lanes": "lanes", "capacity": "capacity", "speed": "free_speed", "free_time": "vdf_fftt", "b": "vdf_alpha",
    "power": "vdf_beta", "toll": "toll", "kind": "facility_type", "name": "name", "geometry": "geometry",
}  # fmt: skip
GMNS_NODES = {"node": "node_id", "x": "x_coord", "y": "y_coord", "zone": "zone_id", "node_type": "node_type"}
BACK = "r"  # after the id of a link that carries traffic both ways: its other direction
CENTROID = "centroid"  # the type of a node at which trips of a zone begin and end, and which no others pass
NO = ("false", "0", "no", "f", "0.0")
DEGREES = "EPSG:4326"


def roads_of_gmns(section: Section[NetworksKeys], facts: Facts) -> Roads:
    """The network of one section whose ``source`` and ``nodes`` are tables of links and of nodes.

    Parameters
    ----------
    section : of the city.toml.
    facts : the city's metres.

    Returns
    -------
    Roads
        One row a direction, those of a link that carries both after each other, the second with ``BACK`` after its id.

    Raises
    ------
    SourceError
        When a file is missing or cannot be read.
    TableError
        When a column is missing, a node stands twice, or most links fail.
    """
    path = section.path(section.keys.source)
    table = read_rows(path)
    stated = Stated(table, section, GMNS_LINKS)
    nodes, noticed = _nodes(section, facts)
    lines = _lines(stated, section, facts)
    measured = None if lines is None else pd.Series(shapely.length(lines) / 1000, table.index).where(lines != None)  # noqa: E711
    per_lane = section.keys.capacity_per_lane is not False
    amounts, found = stated_amounts(stated, section, per_lane=per_lane, measured=measured)
    ends = {end: as_ids(stated.values(end)) for end in ("from_node", "to_node")}
    ids = as_ids(stated.values("id")) if "id" in stated else ends["from_node"] + "-" + ends["to_node"]
    one_way = ~stated.words("directed").str.lower().isin(NO)
    links, places = both_ways(pd.DataFrame({"link_id": ids, **ends, **amounts}), forth=one_way, back=one_way & False)
    shapes = None if lines is None else _drawn(links, nodes, lines[places])
    return roads_of(
        links,
        nodes,
        label=section.label,
        crs=facts.crs,
        lines=shapes,
        rows_read=len(table),
        findings=[*noticed, *found],
    )


def both_ways(
    links: pd.DataFrame, *, forth: pd.Series, back: pd.Series
) -> tuple[pd.DataFrame, npt.NDArray[np.int64]]:  # fmt: skip
    """One row a direction: links that carry traffic both ways twice, the second time from their end to their beginning.

    Parameters
    ----------
    links : rows with ``link_id``, ``from_node`` and ``to_node``.
    forth : whether a link carries traffic from its beginning.
    back : whether it carries traffic from its end; with neither it carries both.

    Returns
    -------
    tuple
        The rows, numbered, and of each the place of the row that it is made from.
    """
    turned = links.rename(columns={"from_node": "to_node", "to_node": "from_node"})[list(links.columns)]
    both = (forth & back) | ~(forth | back)
    turned = turned.assign(link_id=links["link_id"].where(~both, links["link_id"] + BACK))
    rows = pd.concat([links.loc[forth | both], turned.loc[back | both]], keys=[0, 1], names=["direction", "row"])
    rows = rows.sort_index(level="row", kind="stable", sort_remaining=True)
    places = links.index.get_indexer(rows.index.get_level_values("row"))
    return rows.reset_index(drop=True), np.asarray(places, dtype=np.int64)


def _nodes(section: Section[NetworksKeys], facts: Facts) -> tuple[pd.DataFrame, list[Finding]]:
    keys = section.keys
    path = section.path(str(keys.nodes))
    label = f"{section.label} ({Path(path).name})"
    stated = Stated(read_rows(path), section, GMNS_NODES)
    ids = as_ids(stated.values("node"))
    if (twice := ids[ids.duplicated()]).size:
        raise TableError("duplicate_node", table=label, ids=sorted(set(twice)))
    centroid = (stated.words("node_type").str.lower() == CENTROID).to_numpy(dtype=bool)
    zone = as_ids(stated.words("zone")).mask(lambda each: each.isin(["0", "-1"]), "")
    first = zone.index[np.argsort(~centroid, kind="stable")]  # centroids before others
    kept = zone.where(~zone.loc[first].duplicated().reindex(zone.index), "")
    places = pd.DataFrame({axis: stated.numbers(axis).to_numpy() for axis in ("x", "y")}, index=ids.to_numpy())
    nodes = nodes_at(
        list(ids),
        places,
        source_crs=keys.node_crs or DEGREES,
        through=~centroid,
        zone=list(kept),
        label=label,
        facts=facts,
    )
    shared = int(((zone != "") & (kept == "")).sum())
    return nodes, [Finding("zone_nodes", label, {"nodes": shared})] if shared else []


def _lines(stated: Stated, section: Section[NetworksKeys], facts: Facts) -> npt.NDArray[np.object_] | None:
    """The lines of the links in the city's metres, None where one has none; None for all where the table has no lines."""
    if "geometry" not in stated:
        return None
    shapes = shapely.from_wkt(stated.words("geometry").to_numpy(), on_invalid="ignore")
    usable = shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING
    shapes[~usable | shapely.is_empty(shapes)] = None
    if not usable.any():
        return None
    frame = gpd.GeoSeries(shapes, crs=section.keys.node_crs or DEGREES).to_crs(facts.crs)
    return np.asarray(frame.to_numpy(), dtype=object)


def _drawn(links: pd.DataFrame, nodes: pd.DataFrame, lines: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """The line of each direction: drawn from where it begins; straight, where there is none, as far as its ends are known."""
    begins = nodes.reindex(links["from_node"])[["x", "y"]].to_numpy(dtype=float)
    start, end = (shapely.get_coordinates(shapely.get_point(lines, place)) for place in (0, -1))
    known = lines != None  # noqa: E711 - element by element
    turned = np.zeros(len(lines), dtype=bool)
    turned[known] = np.hypot(*(end - begins[known]).T) < np.hypot(*(start - begins[known]).T)
    drawn = lines.copy()
    drawn[turned] = shapely.reverse(lines[turned])
    ends = np.stack(
        [nodes.reindex(links[each])[["x", "y"]].to_numpy(dtype=float) for each in ("from_node", "to_node")], 1
    )
    straight = ~known & np.isfinite(ends).all(axis=(1, 2))
    drawn[straight] = shapely.linestrings(ends[straight])
    drawn[~known & ~straight] = shapely.LineString()
    return drawn
