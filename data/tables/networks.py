"""Networks: streets as lines, in the city's own metres."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from data.errors import TableError
from data.provenance import Finding, Provenance
from data.readers import LINES, read_shapes
from data.tables.contract import Kind, Tables
from data.tables.section import Section, TableKeys, Text
from data.tables.table import Table, shapes_of

__all__ = ["NETWORKS", "Network", "NetworksKeys"]


@dataclass(frozen=True, eq=False)
class Network(Table):
    """Streets: ``frame`` has one line a row, ``geometry`` in the city's own metres."""

    kind = "networks"

    name: str
    title: str
    frame: gpd.GeoDataFrame
    provenance: Provenance
    findings: tuple[Finding, ...] = ()

    @property
    def rows(self) -> int:
        """How many lines."""
        return len(self.frame)

    def content(self) -> tuple[object, ...]:
        """The lines."""
        return (pd.DataFrame({"shape": shapes_of(self.frame)}),)


class NetworksKeys(TableKeys):
    """The keys of a network."""

    source: Text
    title: Text | None = None


def open_network(section: Section[NetworksKeys], tables: Tables) -> Network:
    """The lines of one section; a line in several parts becomes several lines.

    Parameters
    ----------
    section : of the city.toml.
    tables : whose facts give the metres.

    Returns
    -------
    Network
        The lines that have a length.

    Raises
    ------
    SourceError
        When the file is missing, of another kind, or holds anything but lines.
    TableError
        When every line has no length.
    """
    source = read_shapes(section.path(section.keys.source), shapes=LINES)
    parts = source[["geometry"]].explode(index_parts=False, ignore_index=True)
    metric = parts.to_crs(tables.facts.crs)
    long = metric.geometry.length > 0
    if not long.any():
        raise TableError("no_streets", table=section.label)
    frame = gpd.GeoDataFrame(geometry=metric.geometry[long].to_numpy(), crs=tables.facts.crs)
    return Network(section.name, section.title, frame, section.provenance(rows_read=len(source)))


NETWORKS = Kind("networks", NetworksKeys, open_network)
