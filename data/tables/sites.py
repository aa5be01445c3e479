"""Sites: where a service is and where it could be, and the demand that it serves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import Field

from data.errors import CityFileError, TableError
from data.provenance import Finding, Provenance
from data.readers import read_rows
from data.tables.amounts import no_numbers, numbers_of
from data.tables.areas import Areas, layer_of
from data.tables.contract import Kind, Sections, Tables, known
from data.tables.globe import check_whereabouts
from data.tables.ids import as_ids
from data.tables.locations import project
from data.tables.section import Number, Patterns, Section, TableKeys, Text, choice
from data.tables.sifting import SITE_ROWS, Sifted, column, dropped, empty_refused, sift
from data.tables.table import METRE_DIGITS, Table

__all__ = ["SITES", "ReachUnit", "Sites", "SitesKeys"]

# How much longer a way by street is than the straight line where nobody says: between the 1.2 of Newell 1980 and the 1.42 of
# Boscoe, Henry and Zdeb 2012 (The Professional Geographer 64:188-196). A result that rests on it carries a caveat.
DETOUR = 1.3
AMOUNTS = ("capacity", "opening_cost", "running_cost")


class ReachUnit(StrEnum):
    """What a reach is stated in."""

    METRES = "m"
    MINUTES = "min"


@dataclass(frozen=True, eq=False)
class Sites(Table):
    """Sites that are open today and candidates for new ones.

    ``frame`` is indexed by ``site_id`` (text, in the file's order) and holds ``name``, ``longitude``, ``latitude``
    (degrees), ``x``, ``y`` (metres in the city's crs), ``existing`` (open today), ``closable`` (existing and may be
    closed), ``capacity`` (of the series' unit a year), ``opening_cost`` (once) and ``running_cost`` (a year; both in the
    city's money), NaN where the file does not state them. ``series`` names the demand that is served. ``reach`` is how
    far is near enough in ``unit``; travel is the way along the ``network`` where one is named, else the straight line
    times ``detour``, at ``speed`` (km/h) where it is told in minutes.
    """

    kind = "sites"

    name: str
    title: str
    frame: pd.DataFrame
    provenance: Provenance
    series: str
    reach: float
    unit: str = ReachUnit.METRES.value
    detour: float = DETOUR
    detour_stated: bool = False
    speed: float = 0.0
    network: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def rows(self) -> int:
        """How many sites."""
        return len(self.frame)

    @property
    def existing(self) -> tuple[str, ...]:
        """The ids of those that are open today."""
        return tuple(str(each) for each in self.frame.index[self.frame["existing"]])

    @property
    def kept(self) -> tuple[str, ...]:
        """The ids of those that stay open whatever is decided."""
        return tuple(str(each) for each in self.frame.index[self.frame["existing"] & ~self.frame["closable"]])

    def content(self) -> tuple[object, ...]:
        """The sites, whom they serve and how travel to them is measured."""
        places = self.frame.round({"x": METRE_DIGITS, "y": METRE_DIGITS})
        return places, self.series, self.reach, self.unit, self.detour, self.speed, self.network

    def facts(self) -> dict[str, Any]:
        """How many sites are open, and the reach."""
        about = super().facts() | {"existing": len(self.existing), "series": self.series}
        return about | {"reach": self.reach, "unit": self.unit}


class SitesKeys(TableKeys):
    """The keys of sites. ``keep``, ``drop``, ``existing`` and ``closable`` are patterns by column."""

    source: Text
    title: Text | None = None
    id: Text
    name: Text | None = None
    longitude: Text
    latitude: Text
    keep: Patterns = Field(default_factory=dict)
    drop: Patterns = Field(default_factory=dict)
    existing: Patterns
    closable: Patterns = Field(default_factory=dict)
    capacity: Text | None = None
    opening_cost: Text | None = None
    running_cost: Text | None = None
    series: Text
    reach: Number
    reach_unit: Annotated[ReachUnit, choice(ReachUnit)] = ReachUnit.METRES
    detour: Number | None = None
    speed: Number | None = None
    network: Text | None = None


def _check(section: Section[SitesKeys], sections: Sections) -> None:
    keys = section.keys
    known(section, keys.series, list(sections["series"]), code="unknown_series")
    if keys.network is not None:
        known(section, keys.network, list(sections["networks"]), code="unknown_network")
    if keys.reach_unit is ReachUnit.MINUTES and keys.speed is None:
        raise CityFileError("missing_key", section=section.label, key="speed")
    for key, value in (("reach", keys.reach), ("speed", keys.speed)):
        if value is not None and value <= 0:
            raise CityFileError("not_above_zero", section=section.label, key=key, value=value)
    if keys.detour is not None and not 1 <= keys.detour <= 5:
        raise CityFileError("bad_detour", section=section.label, value=keys.detour)


def open_sites(section: Section[SitesKeys], tables: Tables) -> Sites:
    """The sites of one section.

    Set aside, in this order and under these reasons: excluded (a drop rule, or no match with ``keep``), duplicate (the
    id), no_position, outside_globe, negative (an amount), far_from_city (further from the layer's areas than these
    reach across).

    Parameters
    ----------
    section : of the city.toml.
    tables : the layer of the series that the sites serve.

    Returns
    -------
    Sites
        In the order of the file.

    Raises
    ------
    TableError
        When a column is missing, most rows fail, none is left, or none of those left is open today.
    """
    keys = section.keys
    table = read_rows(section.path(keys.source))
    sifted = Sifted(_typed(table, section), section.label)
    out = dropped(table, keys.drop, label=section.label)
    if keys.keep:
        out |= ~_matching(table, keys.keep, label=section.label)
    sifted = empty_refused(sifted.without(out, "excluded", tolerated=True), rows=len(table))
    sifted = sifted.without(sifted.rows["site_id"].duplicated() | (sifted.rows["site_id"] == ""), "duplicate")
    sifted = sift(sifted, SITE_ROWS)
    x, y = project(sifted.rows["longitude"], sifted.rows["latitude"], crs=tables.facts.crs)
    sifted = Sifted(sifted.rows.assign(x=x, y=y), sifted.table, sifted.set_aside, sifted.examples)
    if (layer := _layer(section, tables)) is None:
        rows = empty_refused(sifted, rows=len(table)).rows
        check_whereabouts((rows["longitude"], rows["latitude"]), label=section.label, facts=tables.facts)
    sifted = sifted.without(_far(sifted.rows, layer), "far_from_city")
    frame = empty_refused(sifted, rows=len(table)).rows.set_index("site_id")
    if not frame["existing"].any():
        raise TableError("no_existing_site", table=section.label, columns=sorted(keys.existing))
    return Sites(
        name=section.name, title=section.title, frame=frame,
        provenance=section.provenance(rows_read=len(table), set_aside=sifted.set_aside),
        series=keys.series, reach=float(keys.reach), unit=keys.reach_unit.value,
        detour=DETOUR if keys.detour is None else float(keys.detour), detour_stated=keys.detour is not None,
        speed=float(keys.speed or 0.0), network=keys.network or "",
        findings=(*sifted.findings(), *_unreadable(frame, table, sifted, section)),
    )  # fmt: skip


def _unreadable(frame: pd.DataFrame, table: pd.DataFrame, sifted: Sifted, section: Section[SitesKeys]) -> list[Finding]:
    """A finding on each column of amounts that has something else than numbers."""
    found: list[Finding] = []
    for name in AMOUNTS:
        if (named := getattr(section.keys, name)) is not None:
            values = column(table, named, table=section.label).loc[sifted.rows.index]
            found += no_numbers(values, list(frame.index), column=named, label=section.label)
    return found


def _typed(table: pd.DataFrame, section: Section[SitesKeys]) -> pd.DataFrame:
    keys, label = section.keys, section.label

    def number(name: str | None) -> pd.Series:
        if name is None:
            return pd.Series(np.nan, index=table.index)
        return numbers_of(column(table, name, table=label))

    existing = _matching(table, keys.existing, label=label)
    return pd.DataFrame(
        {
            "site_id": as_ids(column(table, keys.id, table=label)),
            "name": column(table, keys.name or keys.id, table=label).astype("string").fillna("").astype(str),
            "longitude": number(keys.longitude),
            "latitude": number(keys.latitude),
            "existing": existing,
            "closable": existing & _matching(table, keys.closable, label=label),
            **{name: number(getattr(keys, name)) for name in AMOUNTS},
        },
        index=table.index,
    )


def _matching(table: pd.DataFrame, patterns: dict[str, list[str]], *, label: str) -> pd.Series:
    """Whether a row matches a pattern in each of the columns that are named; no row where none is."""
    each = [dropped(table, {name: own}, label=label) for name, own in patterns.items()]
    return pd.Series(np.logical_and.reduce(each) if each else False, index=table.index)


def _layer(section: Section[SitesKeys], tables: Tables) -> Areas | None:
    return layer_of(getattr(tables.sections["series"][section.keys.series].keys, "areas", None), tables)


def _far(rows: pd.DataFrame, layer: Areas | None) -> pd.Series:
    """Whether a site lies further outside the areas' bounds than these reach across."""
    if layer is None:
        return pd.Series(False, index=rows.index)
    west, south, east, north = layer.frame.total_bounds
    margin = float(np.hypot(east - west, north - south))
    across, along = (
        rows[axis].clip(low, high) - rows[axis] for axis, low, high in (("x", west, east), ("y", south, north))
    )
    return pd.Series(~(np.hypot(across, along) <= margin), index=rows.index)  # what has no metres is far, too


SITES = Kind("sites", SitesKeys, open_sites, check=_check)
