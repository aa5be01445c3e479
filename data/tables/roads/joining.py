"""A network from lines that are joined at their ends: what lies within a tolerance is one node."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from data.provenance import Finding
from data.tables.contract import Facts
from data.tables.ids import as_ids
from data.tables.roads.columns import Stated, stated_amounts
from data.tables.roads.gmns import both_ways
from data.tables.roads.keys import NetworksKeys
from data.tables.roads.links import Roads, nodes_at, roads_of
from data.tables.section import Section
from data.tables.sifting import dropped

__all__ = ["roads_of_lines"]

Floats = npt.NDArray[np.float64]


def roads_of_lines(section: Section[NetworksKeys], source: gpd.GeoDataFrame, facts: Facts) -> Roads:
    """The network of one section whose ``source`` has lines: ends within ``join`` metres of each other are one node.

    A line into which another ends, within ``join`` metres, is cut there. Lines that only cross stay apart, as a bridge does.

    Parameters
    ----------
    section : of the city.toml; its ``columns`` name what the lines state, ``forward`` and ``backward`` which are one way.
    source : lines in degrees with their properties.
    facts : the city's metres.

    Returns
    -------
    Roads
        A line's id is its row's number where no column has it; parts of one line have ".1", ".2" after it.

    Raises
    ------
    TableError
        When a column is missing, or most links fail.
    """
    keys, label = section.keys, section.label
    tolerance = float(keys.join or 0.0)
    metric = source.to_crs(facts.crs).explode(index_parts=False)
    metric = metric.loc[metric.geometry.length > tolerance]
    row, lines = _cut(metric.index.to_numpy(), np.asarray(metric.geometry.to_numpy(), dtype=object), tolerance)
    places, ends = _joined(lines, tolerance)
    ids = [str(number) for number in range(1, len(places) + 1)]
    table = pd.DataFrame(source.drop(columns="geometry")).loc[row].reset_index(drop=True)
    stated = Stated(table, section, {})
    measured = pd.Series(shapely.length(lines) / 1000)
    share = measured / measured.groupby(row).transform("sum")  # a cut line's length and time are shared by its parts
    amounts, found = stated_amounts(stated, section, per_lane=keys.capacity_per_lane is True, measured=measured / share)
    amounts["length"], amounts["free_time"] = amounts["length"] * share, amounts["free_time"] * share
    written = as_ids(stated.values("id")) if "id" in stated else pd.Series([str(each + 1) for each in row])
    parts, part = pd.Series(row).groupby(row).transform("size"), pd.Series(row).groupby(row).cumcount() + 1
    links = pd.DataFrame(
        {
            "link_id": written.where(parts == 1, written + "." + part.astype(str)),
            "from_node": [ids[each] for each in ends[:, 0]],
            "to_node": [ids[each] for each in ends[:, 1]],
            **amounts,
        }
    )
    forth, back = (dropped(table, rules, label=label) for rules in (keys.forward, keys.backward))
    rows, origin = both_ways(links, forth=forth, back=back)
    shapes = lines[origin]
    against = (rows["from_node"] != links["from_node"].iloc[origin].to_numpy()).to_numpy()
    shapes[against] = shapely.reverse(shapes[against])
    nodes = nodes_at(
        ids, pd.DataFrame(places, columns=["x", "y"], index=ids), source_crs=facts.crs,
        through=np.ones(len(ids), dtype=bool), zone=[""] * len(ids), label=label, facts=facts,
    )  # fmt: skip
    found += _joints(ends, lines, len(ids), label, tolerance, lost=len(source) - len(set(row)))
    return roads_of(rows, nodes, label=label, crs=facts.crs, lines=shapes, rows_read=len(source), findings=found)


def _cut(
    row: npt.NDArray[np.int64], lines: npt.NDArray[np.object_], tolerance: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.object_]]:
    """Each line, cut where the end of another lies on it; and of each part the row of its line."""
    points = shapely.get_point(np.repeat(lines, 2), np.tile([0, -1], len(lines)))
    ends, into = shapely.STRtree(lines).query(points, predicate="dwithin", distance=tolerance)
    along = shapely.line_locate_point(lines[into], points[ends])
    inside = (along > tolerance) & (along < shapely.length(lines[into]) - tolerance)
    cuts = pd.Series(along[inside]).groupby(into[inside]).apply(lambda each: _apart(np.sort(each), tolerance))
    rows: list[int] = []
    parts: list[object] = []
    for place, line in enumerate(lines):
        own = _parts(line, cuts.loc[place]) if place in cuts.index else [line]
        rows += [int(row[place])] * len(own)
        parts += own
    made = np.empty(len(parts), dtype=object)
    made[:] = parts
    return np.asarray(rows, dtype=np.int64), made


def _apart(along: Floats, tolerance: float) -> Floats:
    """Of the places of cuts those that are further from the one before than the tolerance."""
    kept = [along[0]]
    for each in along[1:]:
        if each - kept[-1] > tolerance:
            kept.append(each)
    return np.array(kept)


def _parts(line: shapely.LineString, along: Floats) -> list[shapely.LineString]:
    """A line cut at distances from its beginning."""
    corners = shapely.get_coordinates(line)
    passed = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    marks = np.concatenate([[0.0], along, [passed[-1]]])
    parts = []
    for start, end in pairwise(marks):
        between = corners[(passed > start) & (passed < end)]
        tips = [[np.interp(mark, passed, corners[:, axis]) for axis in (0, 1)] for mark in (start, end)]
        parts.append(shapely.LineString(np.vstack([tips[:1], between, tips[1:]])))
    return parts


def _joined(lines: npt.NDArray[np.object_], tolerance: float) -> tuple[Floats, npt.NDArray[np.int64]]:
    """The places of nodes in the order in which lines meet them, and the two nodes of each line."""
    points = shapely.get_coordinates(shapely.get_point(np.repeat(lines, 2), np.tile([0, -1], len(lines))))
    near = cKDTree(points).query_pairs(tolerance, output_type="ndarray")
    graph = coo_array((np.ones(len(near)), (near[:, 0], near[:, 1])), shape=(len(points), len(points)))
    label = connected_components(graph, directed=False)[1]
    _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    number = np.argsort(np.argsort(first))[inverse]
    count = np.bincount(number)
    places = np.column_stack([np.bincount(number, points[:, axis]) / count for axis in (0, 1)])
    return places, number.reshape(-1, 2).astype(np.int64)


def _joints(
    ends: npt.NDArray[np.int64], lines: npt.NDArray[np.object_], nodes: int, label: str, tolerance: float, *, lost: int
) -> list[Finding]:
    """What could not be joined: ends that meet no other line, and parts of the network that hang together by themselves."""
    meeting = np.bincount(ends.ravel(), minlength=nodes)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(nodes, nodes))
    count, part = connected_components(graph, directed=False)
    length = np.bincount(part[ends[:, 0]], shapely.length(lines), minlength=count)
    found = []
    if lost:
        found.append(Finding("lines_too_short", label, {"lines": lost, "tolerance": tolerance}))
    if (meeting == 1).any():
        evidence = {"ends": int((meeting == 1).sum()), "total": 2 * len(lines), "tolerance": tolerance}
        found.append(Finding("dangling_ends", label, evidence))
    if count > 1:
        evidence = {"parts": count, "share": float(length.max() / length.sum()), "tolerance": tolerance}
        found.append(Finding("parts_of_network", label, evidence))
    return found
