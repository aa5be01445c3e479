"""Events at points: read, sifted, projected and placed in areas. Both incidents and series from points begin here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.calendar import read_times, to_local
from data.cityfile import CityFile, Section
from data.dataset import ALL, Areas, Incidents
from data.errors import CityFileError, TableError
from data.places import area_of, project, provenance_of
from data.provenance import Finding, fingerprint_of
from data.readers import read_table
from data.schemas import POINTS, Sifted, column, sift

__all__ = ["Events", "read_events", "read_incidents"]


@dataclass(frozen=True, eq=False)
class Events:
    """Events in order of time, how many rows were read and set aside, and the days that they cover."""

    rows: pd.DataFrame
    read: int
    set_aside: Mapping[str, int]
    since: pd.Timestamp
    until: pd.Timestamp
    findings: tuple[Finding, ...]


def read_events(section: Section, *, city: CityFile, areas: Areas | None, source: str) -> Events:
    """The events of a file: columns time, longitude, latitude, category, x, y, area_id.

    Set aside, in this order and under these reasons: excluded, time_unreadable, no_position, outside_globe, duplicate,
    after_until or unfinished_day, before_from, outside_city. Without ``until`` the day of the newest event counts as unfinished.
    """
    table = read_table(section.path(source))
    sifted = _excluded(Sifted(_typed(table, section, timezone=str(city.city["timezone"]))), table, section)
    sifted = sift(sifted, POINTS, table=section.label)
    sifted = sifted.without(_duplicates(table, sifted.rows, section), "duplicate")
    if sifted.rows.empty:
        raise TableError("nothing_left", table=section.label, rows=len(table))
    sifted, since, until = _within_dates(sifted, section)
    x, y = project(sifted.rows["longitude"], sifted.rows["latitude"], crs=str(city.city["crs"]))
    placed = Sifted(sifted.rows.assign(x=x, y=y, area_id=area_of(x, y, areas)), sifted.set_aside, sifted.examples)
    placed = placed.without(placed.rows["area_id"] == "", "outside_city")
    if placed.rows.empty:
        raise TableError("nothing_left", table=section.label, rows=len(table))
    rows = placed.rows.sort_values(["time", "x", "y"], kind="stable", ignore_index=True)
    local = to_local(rows["time"], timezone=str(city.city["timezone"]))
    clock = {"ambiguous": local.ambiguous, "nonexistent": local.nonexistent}
    found = (Finding("clock_change", section.label, clock),) if any(clock.values()) else ()
    rows["time"] = local.times
    return Events(rows, len(table), placed.set_aside, since, until, (*placed.findings(section.label), *found))


def _typed(table: pd.DataFrame, section: Section, *, timezone: str) -> pd.DataFrame:
    def named(key: str) -> pd.Series:
        return column(table, str(section[key]), table=section.label)

    times = read_times(named("time"), timezone=timezone, time_format=section.get("time_format"))
    category = named("category").astype(str) if section.get("category") else pd.Series(ALL, index=table.index)
    return pd.DataFrame(
        {
            "time": times,
            "longitude": pd.to_numeric(named("longitude"), errors="coerce").astype(float),
            "latitude": pd.to_numeric(named("latitude"), errors="coerce").astype(float),
            "category": category.astype(object),
        }
    )


def _excluded(sifted: Sifted, table: pd.DataFrame, section: Section) -> Sifted:
    failing = pd.Series(False, index=table.index)
    for name, patterns in dict(section.get("drop", {})).items():
        text = column(table, str(name), table=section.label).astype(str)
        for pattern in [patterns] if isinstance(patterns, str) else patterns:
            failing |= text.str.endswith(pattern[1:]) if str(pattern).startswith("*") else text == pattern
    return sifted.without(failing, "excluded")


def _duplicates(table: pd.DataFrame, rows: pd.DataFrame, section: Section) -> pd.Series:
    if section.get("id") is None:
        return table.loc[rows.index].duplicated()
    ids = column(table, str(section["id"]), table=section.label).loc[rows.index]
    return ids.duplicated() & (ids.astype(str) != "")


def _within_dates(sifted: Sifted, section: Section) -> tuple[Sifted, pd.Timestamp, pd.Timestamp]:
    since, until = _date(section, "from"), _date(section, "until")
    times = sifted.rows["time"]
    if until is None:
        until = pd.Timestamp(times.max()).normalize() - pd.Timedelta(days=1)
        late, reason = times >= until + pd.Timedelta(days=1), "unfinished_day"
    else:
        late, reason = times >= until + pd.Timedelta(days=1), "after_until"
    early = times < since if since is not None else pd.Series(False, index=times.index)
    sifted = sifted.without(late, reason).without(early[~late], "before_from")
    if sifted.rows.empty:
        raise TableError("nothing_left", table=section.label, rows=len(times))
    return sifted, since or pd.Timestamp(sifted.rows["time"].min()).normalize(), until


def _date(section: Section, key: str) -> pd.Timestamp | None:
    value: Any = section.get(key)
    if value is None:
        return None
    try:
        return pd.Timestamp(value).normalize()
    except (ValueError, TypeError) as error:
        raise CityFileError("not_a_date", section=section.label, key=key, value=value) from error


def read_incidents(section: Section, *, city: CityFile, areas: Areas | None) -> Incidents:
    """The incidents of one section, with who reports each category."""
    events = read_events(section, city=city, areas=areas, source="source")
    rows = events.rows
    who = section.get("reported_by", "public")
    reported = {
        category: str(who.get(category, "public")) if isinstance(who, dict) else str(who)
        for category in sorted(set(rows["category"]))
    }
    wrong = sorted(set(reported.values()) - {"public", "police"})
    if wrong:
        allowed = ["public", "police"]
        raise CityFileError("not_allowed", section=section.label, key="reported_by", value=wrong[0], allowed=allowed)
    frame = rows[["time", "longitude", "latitude", "x", "y", "category", "area_id"]]
    provenance = provenance_of(
        section,
        fingerprint=fingerprint_of(frame, events.since, events.until),
        rows_read=events.read,
        as_of=events.until,
        set_aside=events.set_aside,
    )
    return Incidents(
        section.name,
        section.title,
        frame,
        provenance,
        reported,
        events.since,
        events.until,
        areas,
        events.findings,
    )
