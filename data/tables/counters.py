"""Counters: how many vehicles pass links of a network, where somebody counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data.errors import CityFileError, TableError
from data.provenance import Finding, Provenance
from data.readers import read_rows
from data.tables.amounts import numbers_of
from data.tables.contract import Kind, Sections, Tables, known, pair_stated
from data.tables.ids import as_ids
from data.tables.networks import Network
from data.tables.section import Number, Section, TableKeys, Text
from data.tables.sifting import Sifted, column, empty_refused
from data.tables.table import Table

__all__ = ["COUNTERS", "Counters", "CountersKeys"]


@dataclass(frozen=True, eq=False)
class Counters(Table):
    """Counters on links of the network ``network``.

    ``frame`` is indexed by ``counter_id`` (text, in the file's order): ``link_id``, ``volume`` (vehicles an hour in the hours
    of the trips that it is held against), ``longitude`` and ``latitude`` (the middle of the link where the file does not state
    them, NaN where not known). ``series`` names the table whose areas or categories are the counters, "" for none.
    """

    kind = "counters"

    name: str
    title: str
    network: str
    frame: pd.DataFrame
    provenance: Provenance
    series: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def rows(self) -> int:
        """How many counters."""
        return len(self.frame)

    def content(self) -> tuple[object, ...]:
        """The counters."""
        return self.network, self.frame[["link_id", "volume"]], self.series

    def facts(self) -> dict[str, Any]:
        """The network whose links are counted."""
        return super().facts() | {"network": self.network, "series": self.series}


class CountersKeys(TableKeys):
    """The keys of counters: a file and its columns. A link is named by ``link``, or by ``from_node`` and ``to_node``.

    One unit of ``volume`` is ``scale`` vehicles an hour.
    """

    source: Text
    title: Text | None = None
    network: Text
    id: Text
    link: Text | None = None
    from_node: Text | None = None
    to_node: Text | None = None
    volume: Text
    scale: Number = 1.0
    longitude: Text | None = None
    latitude: Text | None = None
    series: Text | None = None


def _check(section: Section[CountersKeys], sections: Sections) -> None:
    keys = section.keys
    known(section, keys.network, list(sections["networks"]), code="trips_network")
    if keys.series is not None:
        known(section, keys.series, list(sections["series"]), code="unknown_series")
    pair_stated(section, "from_node", "to_node")
    pair_stated(section, "longitude", "latitude")
    if (keys.link is None) == (keys.from_node is None):
        raise CityFileError("counter_link", section=section.label)
    if keys.scale <= 0:
        raise CityFileError("not_above_zero", section=section.label, key="scale", value=keys.scale)


def open_counters(section: Section[CountersKeys], tables: Tables) -> Counters:
    """The counters of one section.

    Set aside, in this order and under these reasons: duplicate (the id), unknown_link, not_a_number, negative.

    Parameters
    ----------
    section : of the city.toml.
    tables : its network.

    Returns
    -------
    Counters
        In the order of the file.

    Raises
    ------
    TableError
        When the network does not route, a column is missing, most rows fail, or none is left.
    """
    keys, label = section.keys, section.label
    network: Network = tables.table("networks", keys.network)
    if not network.routes:
        raise TableError("trips_no_links", table=label, network=keys.network)
    table = read_rows(section.path(keys.source))
    rows = pd.DataFrame(
        {
            "counter_id": as_ids(column(table, keys.id, table=label)),
            "link_id": _links(table, section, network),
            "volume": numbers_of(column(table, keys.volume, table=label)) * keys.scale,
            **_places(table, section),
        }
    )
    sifted = Sifted(rows, label)
    sifted = sifted.without(rows["counter_id"].duplicated() | (rows["counter_id"] == ""), "duplicate")
    sifted = sifted.without(~sifted.rows["link_id"].isin(network.links.index), "unknown_link")
    sifted = sifted.without(~np.isfinite(sifted.rows["volume"]), "not_a_number")
    sifted = sifted.without(sifted.rows["volume"] < 0, "negative")
    frame = empty_refused(sifted, rows=len(table)).rows.set_index("counter_id")
    return Counters(
        section.name, section.title, keys.network, _placed(frame, network),
        section.provenance(rows_read=len(table), set_aside=sifted.set_aside),
        series=keys.series or "", findings=sifted.findings(),
    )  # fmt: skip


def _links(table: pd.DataFrame, section: Section[CountersKeys], network: Network) -> pd.Series:
    keys, label = section.keys, section.label
    if keys.link is not None:
        return as_ids(column(table, keys.link, table=label))
    ends = [as_ids(column(table, str(name), table=label)) for name in (keys.from_node, keys.to_node)]
    first = network.links.reset_index().drop_duplicates(["from_node", "to_node"])
    by_ends = first.set_index(["from_node", "to_node"])["link_id"]
    found = by_ends.reindex(pd.MultiIndex.from_arrays(ends)).fillna("").to_numpy()
    return pd.Series(found, index=table.index, dtype=object)


def _places(table: pd.DataFrame, section: Section[CountersKeys]) -> dict[str, pd.Series | float]:
    keys, label = section.keys, section.label
    if keys.longitude is None or keys.latitude is None:
        return {"longitude": np.nan, "latitude": np.nan}
    named = {"longitude": keys.longitude, "latitude": keys.latitude}
    return {axis: numbers_of(column(table, name, table=label)) for axis, name in named.items()}


def _placed(frame: pd.DataFrame, network: Network) -> pd.DataFrame:
    """The counters, those without a place in the middle between the ends of their links."""
    ends = [network.links.loc[frame["link_id"], end] for end in ("from_node", "to_node")]
    between = {
        axis: np.mean([network.nodes.loc[each, axis].to_numpy(dtype=float) for each in ends], axis=0)
        for axis in ("longitude", "latitude")
    }
    return frame.assign(**{axis: frame[axis].fillna(pd.Series(each, frame.index)) for axis, each in between.items()})


COUNTERS = Kind("counters", CountersKeys, open_counters, check=_check)
