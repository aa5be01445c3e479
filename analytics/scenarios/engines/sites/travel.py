"""How far it is from each area to each site: along a network, or the straight line times a detour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt
import shapely
from cachetools import LRUCache, cached
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from analytics.errors import ScenarioError
from analytics.scenarios.study import Study
from data import Areas, Network, Sites

__all__ = ["Travel", "sites_of", "travel_of"]

Floats = npt.NDArray[np.float64]

NODE = 1.0  # metres: ends of lines that lie as near as this meet
TOUCHING = 1e-6  # metres: a graph takes a length of 0 for no connection
SNAP = 1000.0  # metres from the network beyond which a place is not on it
GRID = 15  # places along and across an area, to tell how far its own lie from its middle
MINUTES = 60.0
METRES = 1000.0


@dataclass(frozen=True, eq=False)
class Travel:
    """``between`` (area, site) in the sites' unit.

    ``spread`` is how far, in the same unit, places of an area lie from its middle, from where its travel is counted: the
    mean over places and areas. ``off_network`` are the areas and sites that the network does not reach.
    """

    area_ids: tuple[str, ...]
    site_ids: tuple[str, ...]
    between: Floats
    spread: float
    off_network: tuple[str, ...] = ()


def sites_of(study: Study) -> Sites | None:
    """The sites that are studied: those that the question names, else the first that serve the series that is studied.

    Parameters
    ----------
    study : whose city may have sites.

    Returns
    -------
    The table, or None where no sites serve the series.
    """
    if "sites" in study.about:
        asked: Sites = study.table("sites")
        return asked
    tables: list[Sites | None] = [study.find("sites", name) for name in study.names("sites")]
    series = study.about.get("series", "")
    return next((table for table in tables if table is not None and table.series == series), None)


def travel_of(study: Study, sites: Sites) -> Travel:
    """How far each area of the study's series is from each site.

    Parameters
    ----------
    study : whose series says which areas.
    sites : that are studied.

    Returns
    -------
    Travel
        Kept for as long as the tables stay the same.

    Raises
    ------
    ScenarioError
        When the series is not known by area, so that nobody can tell from where people come.
    """
    panel = study.table("series")
    areas = study.find("areas", panel.layer)
    if areas is None:
        raise ScenarioError("sites_without_areas", sites=sites.title, series=panel.title)
    network = study.table("networks", sites.network) if sites.network else None
    return _travel(sites, areas, network, tuple(panel.area_ids))


def _key(sites: Sites, areas: Areas, network: Network | None, area_ids: tuple[str, ...]) -> tuple[object, ...]:
    prints = [None if table is None else table.provenance.fingerprint for table in (sites, areas, network)]
    return (*prints, area_ids)


@cached(LRUCache(maxsize=16), key=_key, lock=Lock())
def _travel(sites: Sites, areas: Areas, network: Network | None, area_ids: tuple[str, ...]) -> Travel:
    shapes = areas.frame.geometry.loc[list(area_ids)].to_numpy()
    starts, ends = _middles(shapes), sites.frame[["x", "y"]].to_numpy(dtype=float)
    site_ids = tuple(str(each) for each in sites.frame.index)
    metres = sites.detour * _straight(starts, ends)
    off: tuple[str, ...] = ()
    if network is not None:
        along, away = _along(network, starts, ends)
        reached = ~away[: len(starts), None] & ~away[None, len(starts) :]
        metres = np.where(reached, along, metres)
        off = tuple(name for name, out in zip((*area_ids, *site_ids), away, strict=True) if out)
    scale = 1.0 if sites.unit == "m" else MINUTES / (METRES * sites.speed)
    return Travel(area_ids, site_ids, scale * metres, scale * sites.detour * _spread(shapes, starts), off)


def _middles(shapes: npt.NDArray[np.object_]) -> Floats:
    """The centroid of each shape, or a place within it where the centroid lies outside; (shape, 2)."""
    centres = shapely.centroid(shapes)
    inside = shapely.covers(shapes, centres)
    found: Floats = shapely.get_coordinates(np.where(inside, centres, shapely.point_on_surface(shapes)))
    return found


def _straight(starts: Floats, ends: Floats) -> Floats:
    found: Floats = np.hypot(*(starts[:, None] - ends[None]).transpose(2, 0, 1))
    return found


def _spread(shapes: Sequence[shapely.Geometry], middles: Floats) -> float:
    """The mean distance of places of a shape from its middle, over all shapes, by a grid over each."""
    each = []
    for shape, middle in zip(shapes, middles, strict=True):
        west, south, east, north = shapely.bounds(shape)
        steps = (np.arange(GRID) + 0.5) / GRID
        x, y = np.meshgrid(west + steps * (east - west), south + steps * (north - south))
        inside = shapely.contains_xy(shape, x.ravel(), y.ravel())
        apart = np.hypot(x.ravel()[inside] - middle[0], y.ravel()[inside] - middle[1])
        each.append(apart.mean() if len(apart) else 0.0)
    return float(np.mean(each))


def _along(network: Network, starts: Floats, ends: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Metres along the network (start, end), and which of all starts and ends are not on it.

    Lines meet where they share a point, not where they only cross: a bridge is no crossing. A place joins the network at
    the nearest spot of its largest connected part.
    """
    nodes, tail, head = _segments(network)
    lengths = np.hypot(*(nodes[head] - nodes[tail]).T)
    _, part = connected_components(csr_matrix((lengths, (tail, head)), shape=(len(nodes),) * 2), directed=False)
    main = part[tail] == np.bincount(part).argmax()
    tail, head, lengths = tail[main], head[main], lengths[main]
    places = np.asarray(shapely.points(np.concatenate([starts, ends])))
    segments = np.asarray(shapely.linestrings(np.stack([nodes[tail], nodes[head]], axis=1)))
    on = np.asarray(shapely.STRtree(segments).nearest(places))
    along = np.asarray(shapely.line_locate_point(segments[on], places))
    away = np.asarray(shapely.distance(segments[on], places))
    # Each place becomes a node that is joined with both ends of its segment.
    own = len(nodes) + np.arange(len(places))
    joints = (np.concatenate([tail, own, own]), np.concatenate([head, tail[on], head[on]]))
    weights = np.concatenate([lengths, away + along, away + lengths[on] - along])
    graph = csr_matrix((np.maximum(weights, TOUCHING), joints), shape=(len(nodes) + len(places),) * 2)
    first, last = slice(None, len(starts)), slice(len(starts), None)
    way = dijkstra(graph, directed=False, indices=own[last])[:, own[first]].T
    direct = away[first][:, None] + away[last] + np.abs(along[first][:, None] - along[last])
    same = on[first][:, None] == on[last]
    return np.where(same, np.minimum(way, direct), way), away > SNAP


def _segments(network: Network) -> tuple[Floats, npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Nodes (node, 2), and the two ends of each straight piece between neighbours, every piece once."""
    points, line = shapely.get_coordinates(network.frame.geometry.to_numpy(), return_index=True)
    _, first, node = np.unique(np.round(points / NODE), axis=0, return_index=True, return_inverse=True)
    node = node.ravel()
    follows = line[1:] == line[:-1]
    tail, head = node[:-1][follows], node[1:][follows]
    pairs = np.unique(np.stack([np.minimum(tail, head), np.maximum(tail, head)], axis=1)[tail != head], axis=0)
    return points[first], pairs[:, 0], pairs[:, 1]
