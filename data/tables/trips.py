"""Trips: how many vehicles want to go from each zone of a network to each other, or where people and jobs are that make them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.errors import CityFileError, TableError
from data.provenance import Finding, Provenance
from data.readers import read_rows
from data.tables.amounts import numbers_of
from data.tables.areas import Areas, layer_of
from data.tables.contract import Kind, Sections, Tables, known, pair_stated
from data.tables.ids import as_ids, known_ids
from data.tables.locations import area_of
from data.tables.networks import Network
from data.tables.roads import connected_zones, is_tntp
from data.tables.section import Keys, Number, Section, TableKeys, Text
from data.tables.sifting import Sifted, column, empty_refused
from data.tables.table import CITY, Table
from data.tables.weekdays import Weekdays

__all__ = ["TRIPS", "Trips", "TripsKeys"]

TNTP = ("origin", "destination", "trips")  # as its reader names them
AMOUNTS = ("population", "jobs")
HOURS_OF_A_YEAR = 8784  # of one with a leap day
WORKING_DAYS = (0, 1, 2, 3, 4)  # Monday to Friday
NAMED = 10  # zones that a finding names


@dataclass(frozen=True, eq=False)
class Trips(Table):
    """Trips between the zones of the network ``network`` in ``hours`` (words).

    ``zones`` is indexed by ``zone_id`` (text, in the file's order): ``node_id`` where its trips begin and end, ``area_id`` of
    the layer ``layer`` ("" where it lies in none), ``population`` and ``jobs`` (NaN where not known). ``matrix`` has the
    vehicles an hour from each zone (row) to each (column), or is None where population and jobs are to make it: then each
    resident makes ``trips_per_resident``, and they take ``mean_minutes`` on average. ``counters`` names the counters that are to
    correct the matrix, "" for none. ``hours_a_year`` is how many hours of a year are such, 0 where nobody states it.
    ``warning`` is what the source itself says of their limits, "" where it says nothing.
    """

    kind = "trips"

    name: str
    title: str
    network: str
    zones: pd.DataFrame
    matrix: npt.NDArray[np.float64] | None
    hours: str
    layer: str
    provenance: Provenance
    trips_per_resident: float = 0.0
    mean_minutes: float = 0.0
    counters: str = ""
    hours_a_year: float = 0.0
    warning: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def rows(self) -> int:
        """How many zones."""
        return len(self.zones)

    def content(self) -> tuple[object, ...]:
        """Zones and matrix."""
        matrix = () if self.matrix is None else (self.matrix,)
        stated = (self.trips_per_resident, self.mean_minutes, self.counters)
        stated = (*(stated if any(stated) else ()), *((self.hours_a_year,) if self.hours_a_year else ()))
        stated = (*stated, *((self.warning,) if self.warning else ()))
        return (self.network, self.zones, *matrix, self.hours, self.layer, *stated)

    def facts(self) -> dict[str, Any]:
        """The network, the hours, and how many vehicles an hour want to go."""
        vehicles = None if self.matrix is None else float(self.matrix.sum())
        return super().facts() | {"network": self.network, "hours": self.hours, "vehicles": vehicles}


class ZonesKeys(Keys):
    """The keys of zones: a file and its columns."""

    source: Text
    id: Text
    node: Text | None = None
    area: Text | None = None
    population: Text | None = None
    jobs: Text | None = None


class TripsKeys(TableKeys):
    """The keys of trips.

    ``source`` is a matrix in TNTP, or rows with the columns ``from_zone``, ``to_zone`` and ``value``. One unit in it is
    ``scale`` vehicles an hour. Without it trips are made from the zones' population and jobs. ``counters`` names those that are
    to correct them. ``hours_a_year`` are those in which as many trips go: tolls of a year are counted by them. ``from_hour``,
    ``to_hour`` and ``days`` are what ``hours`` says in words, for counters that take their volumes from a series. ``warning`` is
    what the source itself says of their limits; it stands as a caution beside all that is made of them.
    """

    source: Text | None = None
    title: Text | None = None
    network: Text
    hours: Text
    from_hour: Number | None = None
    to_hour: Number | None = None
    days: Weekdays = WORKING_DAYS
    from_zone: Text | None = None
    to_zone: Text | None = None
    value: Text | None = None
    scale: Number = 1.0
    areas: Text | None = None
    trips_per_resident: Number | None = None
    mean_minutes: Number | None = None
    counters: Text | None = None
    hours_a_year: Number | None = None
    warning: Text | None = None
    zones: ZonesKeys | None = None


def _check(section: Section[TripsKeys], sections: Sections) -> None:
    keys = section.keys
    known(section, keys.network, list(sections["networks"]), code="trips_network")
    if keys.areas is not None:
        known(section, keys.areas, list(sections["areas"]), code="trips_areas")
    if keys.counters is not None:
        known(section, keys.counters, list(sections["counters"]), code="trips_counters")
    for key in ("scale", "trips_per_resident", "mean_minutes", "hours_a_year"):
        value = getattr(keys, key)
        if value is not None and value <= 0:
            raise CityFileError("not_above_zero", section=section.label, key=key, value=value)
    pair_stated(section, "from_hour", "to_hour")
    if keys.from_hour is not None and keys.to_hour is not None and not _of_one_day(keys.from_hour, keys.to_hour):
        raise CityFileError("trips_clock", section=section.label, first=keys.from_hour, end=keys.to_hour)
    if keys.hours_a_year is not None and keys.hours_a_year > HOURS_OF_A_YEAR:
        raise CityFileError("trips_hours_a_year", section=section.label, value=keys.hours_a_year, most=HOURS_OF_A_YEAR)
    if keys.source is None:
        for key in ("trips_per_resident", "mean_minutes"):
            if getattr(keys, key) is None:
                raise CityFileError("missing_key", section=section.label, key=key)
        if keys.zones is None or keys.zones.population is None or keys.zones.jobs is None:
            raise CityFileError("trips_of_nothing", section=section.label)
    elif not is_tntp(keys.source):
        for key in ("from_zone", "to_zone", "value"):
            if getattr(keys, key) is None:
                raise CityFileError("missing_key", section=section.label, key=key)


def _of_one_day(first: float, end: float) -> bool:
    """Whether both are whole hours of a day, the first before the second."""
    return first.is_integer() and end.is_integer() and 0 <= first < end <= 24


def open_trips(section: Section[TripsKeys], tables: Tables) -> Trips:
    """The trips of one section.

    Of the rows of the matrix are set aside, in this order and under these reasons: unknown_zone, duplicate (the pair),
    not_a_number, negative_trips, no_way (there are trips, and no way along the network).

    Parameters
    ----------
    section : of the city.toml.
    tables : its network and its layer.

    Returns
    -------
    Trips
        Zones in the order of their file, else in that of the network's nodes.

    Raises
    ------
    TableError
        When the network does not route, a column is missing, no zone is left, or most rows fail.
    """
    keys = section.keys
    network: Network = tables.table("networks", keys.network)
    if not network.routes:
        raise TableError("trips_no_links", table=section.label, network=keys.network)
    layer = layer_of(keys.areas, tables)
    sifted, zones = _zones(section, network, layer)
    read, noticed = len(zones), list(sifted.findings())
    matrix = None
    if keys.source is not None:
        pairs = _pairs(section, zones, network)
        matrix = _matrix(pairs.rows, zones.index)
        noticed += [*pairs.findings(), *_lost(pairs, section.label)]
        read, sifted = len(pairs.rows) + sum(pairs.set_aside.values()), pairs
    return Trips(
        name=section.name, title=section.title, network=keys.network, zones=zones, matrix=matrix, hours=keys.hours,
        layer=keys.areas or CITY,
        provenance=section.provenance(rows_read=read, set_aside=sifted.set_aside), findings=tuple(noticed),
        trips_per_resident=keys.trips_per_resident or 0.0, mean_minutes=keys.mean_minutes or 0.0, counters=keys.counters or "",
        hours_a_year=keys.hours_a_year or 0.0,
        warning=keys.warning or "",
    )  # fmt: skip


def _zones(section: Section[TripsKeys], network: Network, layer: Areas | None) -> tuple[Sifted, pd.DataFrame]:
    """The zones of a section's own file, else those that the network's nodes name."""
    keys, label = section.keys.zones, section.label
    own = network.nodes.index[network.nodes["zone"] != ""]
    places = pd.Series(own, index=network.nodes.loc[own, "zone"], dtype=object)
    places = places.loc[~places.index.duplicated()]
    if keys is None:
        rows = pd.DataFrame({"zone_id": places.index, "node_id": places.to_numpy()})
    else:
        table = read_rows(section.path(keys.source))
        ids = as_ids(column(table, keys.id, table=label))
        nodes = ids.map(places).fillna("") if keys.node is None else as_ids(column(table, keys.node, table=label))
        rows = pd.DataFrame({"zone_id": ids, "node_id": nodes})
        if keys.area is not None and layer is not None:
            rows["area_id"] = known_ids(column(table, keys.area, table=label), layer.frame.index)
        for name in AMOUNTS:
            if (named := getattr(keys, name)) is not None:
                rows[name] = numbers_of(column(table, named, table=label))
    sifted = _sifted_zones(Sifted(rows, label), network, total=len(rows))
    return sifted, _complete(sifted.rows.set_index("zone_id"), network, layer)


def _sifted_zones(sifted: Sifted, network: Network, *, total: int) -> Sifted:
    if not total:
        raise TableError("no_zones", table=sifted.table, network=network.name)
    sifted = sifted.without(~sifted.rows["node_id"].isin(network.nodes.index), "unknown_node")
    sifted = sifted.without(sifted.rows["zone_id"].duplicated() | (sifted.rows["zone_id"] == ""), "duplicate")
    for name in AMOUNTS:
        if name in sifted.rows:
            sifted = sifted.without(sifted.rows[name] < 0, "negative")
    return empty_refused(sifted, rows=total)


def _complete(zones: pd.DataFrame, network: Network, layer: Areas | None) -> pd.DataFrame:
    """Zones with every column: the area where none is stated is that in which the node lies."""
    places = network.nodes.loc[zones["node_id"], ["x", "y"]].to_numpy(dtype=float)
    found = np.full(len(zones), CITY if layer is None else "", dtype=object)
    placed = np.isfinite(places).all(axis=1)
    if placed.any() and layer is not None:
        found[placed] = area_of(places[placed, 0], places[placed, 1], layer)
    stated = zones["area_id"] if "area_id" in zones else pd.Series(found, index=zones.index)
    if layer is not None:
        stated = stated.where(stated.isin(layer.frame.index), "")
    amounts = {name: zones.get(name, np.nan) for name in AMOUNTS}
    return pd.DataFrame({"node_id": zones["node_id"], "area_id": stated, **amounts}, index=zones.index)


def _pairs(section: Section[TripsKeys], zones: pd.DataFrame, network: Network) -> Sifted:
    """The rows of a matrix that can be driven: origin, destination and vehicles an hour."""
    keys, label = section.keys, section.label
    source = str(keys.source)
    names = TNTP if is_tntp(source) else (keys.from_zone, keys.to_zone, keys.value)
    table = read_rows(section.path(source))
    origin, destination, value = (column(table, str(name), table=label) for name in names)
    rows = pd.DataFrame(
        {"origin": as_ids(origin), "destination": as_ids(destination), "vehicles": numbers_of(value) * keys.scale}
    )
    sifted = Sifted(rows, label)
    known_zones = rows["origin"].isin(zones.index) & rows["destination"].isin(zones.index)
    sifted = sifted.without(~known_zones, "unknown_zone")
    sifted = sifted.without(sifted.rows.duplicated(["origin", "destination"]), "duplicate_pair")
    sifted = sifted.without(~np.isfinite(sifted.rows["vehicles"]), "not_a_number")
    sifted = sifted.without(sifted.rows["vehicles"] < 0, "negative_trips")
    reached = connected_zones(network.links, network.nodes, zones["node_id"])
    ends = (zones.index.get_indexer(pd.Index(sifted.rows[end])) for end in ("origin", "destination"))
    no_way = ~reached[tuple(ends)] & (sifted.rows["vehicles"] > 0).to_numpy()
    return empty_refused(sifted.without(pd.Series(no_way), "no_way"), rows=len(table))


def _matrix(pairs: pd.DataFrame, zones: pd.Index[str]) -> npt.NDArray[np.float64]:
    matrix = np.zeros((len(zones), len(zones)))
    origin, destination = (zones.get_indexer(pd.Index(pairs[end])) for end in ("origin", "destination"))
    matrix[origin, destination] = pairs["vehicles"]
    matrix.flags.writeable = False
    return matrix


def _lost(pairs: Sifted, label: str) -> list[Finding]:
    """A finding when the matrix left holds no vehicle at all."""
    return [] if (pairs.rows["vehicles"] > 0).any() else [Finding("no_trips", label, {"pairs": len(pairs.rows)})]


TRIPS = Kind("trips", TripsKeys, open_trips, check=_check)
