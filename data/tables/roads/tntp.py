"""A network from the files of links and nodes in TNTP."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from data.errors import TableError
from data.readers import read_rows
from data.tables.amounts import numbers_of
from data.tables.contract import Facts
from data.tables.ids import as_ids
from data.tables.roads.keys import NetworksKeys
from data.tables.roads.links import Roads, nodes_at, roads_of
from data.tables.roads.units import KILOMETRES, KILOMETRES_PER_HOUR, MINUTES
from data.tables.section import Section
from data.tables.sifting import column

__all__ = ["roads_of_tntp", "stated_number"]

NAMES = {
    "from_node": "init_node", "to_node": "term_node", "capacity": "capacity", "length": "length",
    "free_time": "free_flow_time", "b": "b", "power": "power", "speed": "speed", "toll": "toll", "kind": "link_type",
}  # fmt: skip


def stated_number(table: pd.DataFrame, key: str, *, label: str) -> int:
    """A number that a TNTP file states of itself.

    Parameters
    ----------
    table : what was read.
    key : in small letters, ``number_of_zones``.
    label : how sentences name the table.

    Returns
    -------
    int
        The number.

    Raises
    ------
    TableError
        When the file does not state it as a whole number above 0.
    """
    value = str(table.attrs.get(key, ""))
    if not value.isdecimal() or int(value) < 1:
        raise TableError("tntp_number", table=label, key=key.replace("_", " ").upper(), value=value)
    return int(value)


def roads_of_tntp(section: Section[NetworksKeys], facts: Facts) -> Roads:
    """The network of one section whose ``source`` is a TNTP file of links.

    Nodes are numbered from 1 to the number that the file states; the first of them are the zones. Traffic passes
    the nodes from its ``FIRST THRU NODE`` on. A link's id is those of its two nodes with a hyphen between; a second link between
    the same two is set aside.

    Parameters
    ----------
    section : of the city.toml.
    facts : the city's metres.

    Returns
    -------
    Roads
        In the order of the file.

    Raises
    ------
    SourceError
        When a file is missing or cannot be read.
    TableError
        When the file does not state its numbers of nodes and zones, lacks a column, or most links fail.
    """
    label, keys = section.label, section.keys
    table = read_rows(section.path(keys.source))
    zones, count, first = (
        stated_number(table, key, label=label) for key in ("number_of_zones", "number_of_nodes", "first_thru_node")
    )
    numbers = np.arange(1, max(count, zones) + 1)
    ids = [str(number) for number in numbers]
    nodes = nodes_at(
        ids, _places(section), source_crs=keys.node_crs, through=numbers >= first,
        zone=[each if number <= zones else "" for number, each in zip(numbers, ids, strict=True)],
        label=label, facts=facts,
    )  # fmt: skip
    return roads_of(_links(table, section), nodes, label=label, crs=facts.crs, rows_read=len(table))


def _links(table: pd.DataFrame, section: Section[NetworksKeys]) -> pd.DataFrame:
    keys = section.keys
    named = {name: column(table, own, table=section.label) for name, own in NAMES.items()}
    number = {name: numbers_of(values) for name, values in named.items()}
    ends = {end: as_ids(named[end]) for end in ("from_node", "to_node")}
    length = number["length"] * KILOMETRES[keys.length_unit]
    free_time = number["free_time"] * MINUTES[keys.time_unit]
    stated = (number["speed"] * KILOMETRES_PER_HOUR[keys.speed_unit]).where(number["speed"] > 0)
    moving = ((length > 0) & (free_time > 0)).to_numpy()
    return pd.DataFrame(
        {
            "link_id": ends["from_node"] + "-" + ends["to_node"],
            **ends,
            "length": length,
            "lanes": np.nan,
            "capacity": number["capacity"],
            "free_time": free_time,
            "free_speed": stated.fillna((60 * length / free_time.where(moving)).where(moving)),
            "b": number["b"],
            "power": number["power"],
            "toll": number["toll"] * keys.toll_unit,
            "kind": named["kind"].astype(str),
            "name": "",
        }
    )


def _places(section: Section[NetworksKeys]) -> pd.DataFrame:
    """The nodes' places as the file writes them, by node id; none where the section names no file of nodes."""
    if section.keys.nodes is None:
        return pd.DataFrame(columns=["x", "y"])
    path = section.path(section.keys.nodes)
    table = read_rows(path)
    label = f"{section.label} ({Path(path).name})"
    places = {axis: numbers_of(column(table, axis, table=label)) for axis in ("x", "y")}
    places_by_id = pd.DataFrame(places).set_axis(as_ids(column(table, "node", table=label)).to_numpy())
    return places_by_id.loc[~places_by_id.index.duplicated()]
