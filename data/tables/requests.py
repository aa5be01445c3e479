"""Requests with the dates on which they were opened and completed: what says how good a service is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from data.calendar import read_times
from data.errors import CityFileError
from data.provenance import Finding, Provenance
from data.readers import read_rows
from data.tables.areas import Areas, layer_of
from data.tables.contract import Kind, Sections, Tables, known, pair_stated
from data.tables.dates import far_dates
from data.tables.growing import check_live, grown, live_findings, without_restated
from data.tables.ids import known_ids, words_of
from data.tables.locations import area_of, project
from data.tables.people import names_of_people
from data.tables.section import Section, SelectionKeys, TableKeys, Text, TimeFormat
from data.tables.sifting import Sifted, column, dropped, empty_refused
from data.tables.table import ALL, CITY, Table

__all__ = ["REQUESTS", "Requests", "RequestsKeys"]


@dataclass(frozen=True, eq=False)
class Requests(Table):
    """Requests with the dates on which they were opened and completed.

    ``frame`` has one row a request, in order of time: ``opened``, ``closed`` (naive local; NaT while it is open),
    ``category`` and ``area_id`` in ``areas`` ("city" for a city without areas). A request that was still open at the
    end of the day ``until`` is open in the frame. The name is that of the series whose requests they are.
    """

    kind = "requests"

    name: str
    title: str
    frame: pd.DataFrame
    provenance: Provenance
    since: pd.Timestamp
    until: pd.Timestamp
    areas: Areas | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def rows(self) -> int:
        """How many requests."""
        return len(self.frame)

    def content(self) -> tuple[object, ...]:
        """The requests and the days observed."""
        return self.frame, self.since, self.until

    def facts(self) -> dict[str, Any]:
        """How many requests of which days, and how many of them are open."""
        about = super().facts() | {"since": self.since, "until": self.until}
        return about | {"open": int(self.frame["closed"].isna().sum())}


class RequestsKeys(TableKeys, SelectionKeys):
    """The keys of requests."""

    source: Text
    title: Text | None = None
    opened: Text
    completed: Text
    time_format: TimeFormat | None = None
    category: Text | None = None
    id: Text | None = None
    areas: Text | None = None
    area: Text | None = None
    longitude: Text | None = None
    latitude: Text | None = None
    live: Text | None = None


def _check(section: Section[RequestsKeys], sections: Sections) -> None:
    keys = section.keys
    check_live(section)
    if keys.areas is not None:
        known(section, keys.areas, list(sections["areas"]), code="unknown_layer", allowed="layers")
    pair_stated(section, "longitude", "latitude")
    if section.states("area") and not section.states("areas"):
        raise CityFileError("missing_key", section=section.label, key="areas")
    if section.states("areas") and not (section.states("area") or section.states("longitude")):
        raise CityFileError("missing_key", section=section.label, key="area")
    known(section, section.name, list(sections["series"]), code="requests_of")


def open_requests(section: Section[RequestsKeys], tables: Tables) -> Requests:
    """The requests of one section.

    Set aside, in this order and under these reasons: excluded, time_unreadable (no opening), duplicate (the id), far_date,
    after_until, before_from, completed_before_opened, outside_city or unknown_area. A completion after the day ``until``
    (without one: the newest day on which anything was opened or completed) was not known by its end: such a request
    counts as open.

    Parameters
    ----------
    section : of the city.toml.
    tables : the city's layers.

    Returns
    -------
    Requests
        In the order in which they were opened.

    Raises
    ------
    TableError
        When a column is missing, most rows fail, or none is left.
    """
    keys = section.keys
    table, renewed = without_restated(grown(section, read_rows(section.path(keys.source))), keys.id)
    sifted = Sifted(_typed(table, section, timezone=tables.facts.timezone), section.label)
    sifted = sifted.without(dropped(table, keys.drop, label=section.label), "excluded", tolerated=True)
    sifted = sifted.without(sifted.rows["opened"].isna(), "time_unreadable")
    if keys.id is not None:
        ids = column(table, keys.id, table=section.label).loc[sifted.rows.index].astype("string").fillna("")
        sifted = sifted.without(ids.duplicated() & (ids != ""), "duplicate")
    sifted = sifted.without(far_dates(sifted.rows["opened"]), "far_date")
    sifted, placeholders = _without_placeholders(empty_refused(sifted, rows=len(table)))
    until = keys.last_day or sifted.rows[["opened", "closed"]].max().max().normalize()
    end = until + pd.Timedelta(days=1)
    sifted = sifted.without(sifted.rows["opened"] >= end, "after_until", tolerated=True)
    since = keys.first_day or sifted.rows["opened"].min().normalize()
    sifted = sifted.without(sifted.rows["opened"] < since, "before_from", tolerated=True)
    early = sifted.rows["closed"].dt.normalize() < sifted.rows["opened"].dt.normalize()
    sifted = sifted.without(early, "completed_before_opened")
    areas = layer_of(keys.areas, tables)
    located = empty_refused(_located(sifted, table, section, crs=tables.facts.crs, areas=areas), rows=len(table))
    categories = located.rows["category"]
    people = names_of_people(categories, classification=keys.classification, label=section.label)
    closed = located.rows["closed"].mask(located.rows["closed"] >= end)
    frame = located.rows.assign(closed=closed).sort_values("opened", kind="stable", ignore_index=True)
    made_from = section.provenance(rows_read=len(table), as_of=until, set_aside=located.set_aside)
    return Requests(
        name=section.name,
        title=section.title,
        frame=frame[["opened", "closed", "category", "area_id"]],
        provenance=replace(made_from, name=f"{section.name}_dates"),  # the series of that name has one of its own
        since=since,
        until=until,
        areas=areas,
        findings=(*located.findings(), *placeholders, *people, *live_findings(section, renewed=renewed)),
    )


def _without_placeholders(sifted: Sifted) -> tuple[Sifted, tuple[Finding, ...]]:
    """The rows with no date of completion where one lies far from all dates: 1900 and 2099 stand for "open"."""
    opened, closed = sifted.rows["opened"], sifted.rows["closed"]
    far = far_dates(pd.concat([opened, closed])).iloc[len(opened) :]
    if not far.any():
        return sifted, ()
    finding = Finding("far_completions", sifted.table, {"rows": int(far.sum())})
    return replace(sifted, rows=sifted.rows.assign(closed=closed.mask(far))), (finding,)


def _typed(table: pd.DataFrame, section: Section[RequestsKeys], *, timezone: str) -> pd.DataFrame:
    keys = section.keys

    def dates(name: str) -> pd.Series:
        written = column(table, name, table=section.label)
        return read_times(written, timezone=timezone, time_format=keys.time_format)

    category = None if keys.category is None else column(table, keys.category, table=section.label)
    return pd.DataFrame(
        {
            "opened": dates(keys.opened),
            "closed": dates(keys.completed),
            "category": ALL if category is None else words_of(category),
        },
        index=table.index,
    )


def _located(
    sifted: Sifted, table: pd.DataFrame, section: Section[RequestsKeys], *, crs: str, areas: Areas | None
) -> Sifted:
    """The rows with the area of each, by its id or its position; those in none set aside."""
    rows, keys = sifted.rows, section.keys

    def named(name: str | None) -> pd.Series:
        return column(table, str(name), table=section.label).loc[rows.index]

    if areas is None:
        return replace(sifted, rows=rows.assign(area_id=CITY))
    if keys.area is not None:
        ids = known_ids(named(keys.area), areas.frame.index)
        unknown = ~ids.isin(areas.frame.index)
        return replace(sifted, rows=rows.assign(area_id=ids)).without(unknown, "unknown_area", tolerated=True)
    degrees = [pd.to_numeric(named(key), errors="coerce") for key in (keys.longitude, keys.latitude)]
    x, y = project(*degrees, crs=crs)
    located = replace(sifted, rows=rows.assign(area_id=area_of(x, y, areas)))
    return located.without(located.rows["area_id"] == "", "outside_city", tolerated=True)


REQUESTS = Kind("requests", RequestsKeys, open_requests, check=_check)
