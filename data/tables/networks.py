"""Networks: streets as lines in the city's own metres, and as links between nodes on which traffic can be routed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.errors import TableError
from data.provenance import Finding, Provenance
from data.readers import LINES, read_rows, read_shapes
from data.tables.amounts import numbers_of
from data.tables.contract import Kind, Tables
from data.tables.roads import (
    ENDS,
    LINK_COLUMNS,
    NODE_COLUMNS,
    NetworksKeys,
    Roads,
    check_network,
    is_tntp,
    roads_of_gmns,
    roads_of_lines,
    roads_of_tntp,
)
from data.tables.roads.columns import Stated
from data.tables.roads.units import KILOMETRES, KILOMETRES_PER_HOUR
from data.tables.section import Section
from data.tables.sifting import column
from data.tables.table import METRE_DIGITS, Table, shapes_of

__all__ = ["NETWORKS", "Network", "NetworksKeys"]


def _no_nodes() -> pd.DataFrame:
    return pd.DataFrame(columns=list(NODE_COLUMNS), index=pd.Index([], name="node_id", dtype=object))


def _no_links() -> pd.DataFrame:
    return pd.DataFrame(columns=list(LINK_COLUMNS), index=pd.Index([], name="link_id", dtype=object))


@dataclass(frozen=True, eq=False)
class Network(Table):
    """Streets: ``frame`` has one line a row, ``geometry`` in the city's own metres, and ``speed`` (km/h), ``kind`` and ``name``
    where the city's file says which columns have them.

    A network that ``routes`` has links and nodes as well, and then ``frame`` has the line of each link in the links' order,
    empty where the places of its ends are not known.

    ``nodes`` is indexed by ``node_id`` (text): ``x``, ``y`` (metres), ``longitude``, ``latitude`` (degrees), NaN where not
    known, ``through`` (whether traffic may pass it) and ``zone`` (the zone whose trips begin and end there, "" for none).
    ``links`` is indexed by ``link_id`` (text, in the file's order), one row a direction: ``from_node``, ``to_node``,
    ``length`` (km), ``lanes`` (NaN where not stated), ``capacity`` (vehicles an hour), ``free_time`` (minutes),
    ``free_speed`` (km/h), ``b`` and ``power`` (of the time at a volume, free_time · (1 + b · (volume / capacity) ^ power)),
    ``toll`` (the city's money), ``kind`` and ``name``. Routes are chosen by the time, ``toll_weight`` minutes for each unit
    of money, and ``distance_weight`` minutes for each kilometre. ``drawn`` says whether lines run as streets do, rather than
    straight from node to node. ``candidates`` are links, by id or name, that may be closed, widened or priced;
    ``planned`` those that are not there yet.
    """

    kind = "networks"

    name: str
    title: str
    frame: gpd.GeoDataFrame
    provenance: Provenance
    findings: tuple[Finding, ...] = ()
    nodes: pd.DataFrame = field(default_factory=_no_nodes)
    links: pd.DataFrame = field(default_factory=_no_links)
    toll_weight: float = 0.0
    distance_weight: float = 0.0
    drawn: bool = True
    candidates: tuple[str, ...] = ()
    planned: tuple[str, ...] = ()

    @property
    def streets(self) -> gpd.GeoSeries:
        """Each line once, even where both of its directions are links."""
        lines = self.frame.geometry[~self.frame.geometry.is_empty]
        return lines[~pd.Series(shapely.to_wkb(shapely.normalize(lines.to_numpy())), lines.index).duplicated()]

    @property
    def routes(self) -> bool:
        """Whether traffic can be routed on it."""
        return len(self.links) > 0

    @property
    def rows(self) -> int:
        """How many lines."""
        return len(self.frame)

    def content(self) -> tuple[object, ...]:
        """The lines, and the links and nodes where it routes."""
        about = self.frame.drop(columns=self.frame.geometry.name).reset_index(drop=True)
        lines = pd.DataFrame({"shape": shapes_of(self.frame)}).join(pd.DataFrame(about))
        if not self.routes:
            return (lines,)
        nodes = self.nodes.drop(columns=["longitude", "latitude"]).round({"x": METRE_DIGITS, "y": METRE_DIGITS})
        return lines, self.links, nodes, self.toll_weight, self.distance_weight, self.candidates, self.planned

    def facts(self) -> dict[str, Any]:
        """How many lines, and how many links and nodes where it routes."""
        routes = {"links": len(self.links), "nodes": len(self.nodes)} if self.routes else {}
        return super().facts() | routes


def open_network(section: Section[NetworksKeys], tables: Tables) -> Network:
    """The network of one section: links that route, or lines alone, of which one in several parts becomes several lines.

    Parameters
    ----------
    section : of the city.toml.
    tables : whose facts give the metres.

    Returns
    -------
    Network
        The lines that have a length, or the links that can be driven.

    Raises
    ------
    SourceError
        When a file is missing, of another kind, or holds anything but lines.
    TableError
        When every line has no length, or most links cannot be driven.
    """
    if is_tntp(section.keys.source):
        return _routed(section, roads_of_tntp(section, tables.facts))
    if section.keys.nodes is not None:
        return _routed(section, roads_of_gmns(section, tables.facts))
    source = _lines(section)
    if section.keys.join is not None:
        return _routed(section, roads_of_lines(section, source, tables.facts))
    parts = _described(source, section).explode(index_parts=False, ignore_index=True)
    metric = parts.to_crs(tables.facts.crs)
    long = metric.geometry.length > 0
    if not long.any():
        raise TableError("no_streets", table=section.label)
    frame = metric[long].reset_index(drop=True)
    return Network(section.name, section.title, frame, section.provenance(rows_read=len(source)))


def _described(source: gpd.GeoDataFrame, section: Section[NetworksKeys]) -> gpd.GeoDataFrame:
    """The lines with what the section's ``columns`` say of them that is no matter of routes."""
    stated = Stated(pd.DataFrame(source.drop(columns="geometry")), section, {})
    frame = source[["geometry"]]
    if "speed" in stated:
        speed = stated.numbers("speed") * KILOMETRES_PER_HOUR[section.keys.speed_unit]
        frame = frame.assign(speed=speed.where(speed >= 0))
    return frame.assign(**{name: stated.words(name) for name in ("kind", "name") if name in stated})


def _lines(section: Section[NetworksKeys]) -> gpd.GeoDataFrame:
    """The lines of a file of shapes, or those between the ends that rows state."""
    columns = section.keys.columns
    path = section.path(section.keys.source)
    if not all(end in columns for end in ENDS):
        return read_shapes(path, shapes=LINES)
    table = read_rows(path)
    ends = [numbers_of(column(table, columns[end], table=section.label)) for end in ENDS]
    if pd.concat(ends, axis=1).isna().any(axis=None):
        wrong = pd.concat(ends, axis=1).isna().any(axis=1)
        raise TableError("line_ends", table=section.label, rows=[int(row) + 1 for row in table.index[wrong]])
    points = np.stack(ends, axis=1).reshape(-1, 2, 2)
    return gpd.GeoDataFrame(table, geometry=shapely.linestrings(points), crs="EPSG:4326")


def _routed(section: Section[NetworksKeys], roads: Roads) -> Network:
    keys = section.keys
    return Network(
        section.name, section.title, roads.lines,
        section.provenance(rows_read=roads.rows_read, set_aside=roads.set_aside),
        findings=roads.findings, nodes=roads.nodes, links=roads.links,
        toll_weight=keys.toll_weight / keys.toll_unit,
        distance_weight=keys.distance_weight / KILOMETRES[keys.length_unit], drawn=roads.drawn,
        candidates=_known(section, "candidates", roads.links), planned=_known(section, "planned", roads.links),
    )  # fmt: skip


def _known(section: Section[NetworksKeys], key: str, links: pd.DataFrame) -> tuple[str, ...]:
    """The links that a key names, each an id or a name that there is."""
    names: list[str] = getattr(section.keys, key)
    unknown = [name for name in names if name not in links.index and not (links["name"] == name).any()]
    if unknown:
        evidence = {"value": unknown[0], "examples": [str(each) for each in links.index[:3]]}
        raise TableError("network_no_such_link", table=section.label, key=key, **evidence)
    return tuple(names)


NETWORKS = Kind("networks", NetworksKeys, open_network, check=check_network)
