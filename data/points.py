"""Events at points: read, sifted, projected and placed in areas. Both incidents and series from points begin here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data.calendar import LocalTimes, read_times, to_local
from data.cityfile import CityFile, Section
from data.dataset import ALL, CITY, Areas, Incidents
from data.errors import CityFileError, TableError
from data.places import area_of, project, provenance_of
from data.provenance import Finding
from data.readers import read_table
from data.schemas import POINTS, Sifted, column, sift
from data.selection import dropped, first_day, last_day, words_of

__all__ = ["Events", "clock_findings", "read_events", "read_incidents"]

REPORTERS = ("public", "police", "services")


@dataclass(frozen=True, eq=False)
class Events:
    """Events in order of time with what was set aside, how many rows were read, and the days that they cover."""

    sifted: Sifted
    read: int
    since: pd.Timestamp
    until: pd.Timestamp
    clock: tuple[Finding, ...]


def read_events(section: Section, *, city: CityFile, areas: Areas | None, source: str) -> Events:
    """The events of a file: columns time, longitude, latitude, category, x, y, area_id.

    Set aside, in this order and under these reasons: excluded, time_unreadable, no_position, outside_globe, duplicate
    (the id; without one the whole row, unless ``equal_rows = "each"``), after_until or unfinished_day, before_from,
    outside_city. Without ``until`` the day of the newest event counts as unfinished: an export rarely ends at midnight.
    """
    table = read_table(section.path(source))
    typed = Sifted(_typed(table, section, timezone=city.timezone), section.label)
    sifted = typed.without(dropped(table, section), "excluded", tolerated=True)
    sifted = sift(sifted, POINTS)
    sifted = sifted.without(_duplicates(table, sifted.rows, section), "duplicate")
    sifted, since, until = _within_days(_some(sifted, table), section)
    placed = _placed(_some(sifted, table), city=city, areas=areas)
    local = to_local(placed.rows["time"], timezone=city.timezone)
    rows = placed.rows.assign(time=local.times).sort_values(["time", "x", "y"], kind="stable")
    return Events(replace(placed, rows=rows), len(table), since, until, clock_findings(local, table=section.label))


def clock_findings(times: LocalTimes, *, table: str) -> tuple[Finding, ...]:
    """A finding when the rule for changes of the clocks decided any time."""
    clock = {"ambiguous": int(times.ambiguous.sum()), "nonexistent": int(times.nonexistent.sum())}
    return (Finding("clock_change", table, clock),) if any(clock.values()) else ()


def _typed(table: pd.DataFrame, section: Section, *, timezone: str) -> pd.DataFrame:
    def named(key: str) -> pd.Series:
        return column(table, str(section[key]), table=section.label)

    return pd.DataFrame(
        {
            "time": read_times(named("time"), timezone=timezone, time_format=section.get("time_format")),
            "longitude": pd.to_numeric(named("longitude"), errors="coerce").astype(float),
            "latitude": pd.to_numeric(named("latitude"), errors="coerce").astype(float),
            "category": words_of(named("category")) if section.get("category") else ALL,
        },
        index=table.index,
    )


def _some(sifted: Sifted, table: pd.DataFrame) -> Sifted:
    if sifted.rows.empty:
        raise TableError("nothing_left", table=sifted.table, rows=len(table))
    return sifted


def _duplicates(table: pd.DataFrame, rows: pd.DataFrame, section: Section) -> pd.Series:
    if "id" not in section.keys:
        # Times to the hour and places to the block make events look alike that are not one.
        repeats = section.get("equal_rows", "one") == "one"
        return table.loc[rows.index].duplicated() if repeats else pd.Series(False, index=rows.index)
    ids = column(table, str(section["id"]), table=section.label).loc[rows.index].astype("string").fillna("")
    return ids.duplicated() & (ids != "")


def _within_days(sifted: Sifted, section: Section) -> tuple[Sifted, pd.Timestamp, pd.Timestamp]:
    since, until = first_day(section), last_day(section)
    reason = "after_until"
    if until is None:
        until = sifted.rows["time"].max().normalize() - pd.Timedelta(days=1)
        reason = "unfinished_day"
    late = sifted.rows["time"] >= until + pd.Timedelta(days=1)
    if late.all():
        raise TableError("one_day_only" if reason == "unfinished_day" else "no_day_left", table=sifted.table)
    sifted = sifted.without(late, reason, tolerated=True)
    if since is None:
        return sifted, sifted.rows["time"].min().normalize(), until
    early = sifted.rows["time"] < since
    if early.all():
        raise TableError("no_day_left", table=sifted.table)
    return sifted.without(early, "before_from", tolerated=True), since, until


def _placed(sifted: Sifted, *, city: CityFile, areas: Areas | None) -> Sifted:
    x, y = project(sifted.rows["longitude"], sifted.rows["latitude"], crs=city.crs)
    rows = sifted.rows.assign(x=x, y=y, area_id=area_of(x, y, areas))
    outside = (rows["area_id"] == "") | ~np.isfinite(x)  # a projection gives infinity for the far side of the globe
    if outside.all():
        layer = areas.layer if areas is not None else CITY
        raise TableError("all_outside_city", table=sifted.table, rows=len(rows), layer=layer)
    # A file of the whole country is no mistake, so many rows may lie outside.
    return replace(sifted, rows=rows).without(outside, "outside_city", tolerated=True)


def read_incidents(section: Section, *, city: CityFile, areas: Areas | None) -> Incidents:
    """The incidents of one section, with who reports each category."""
    events = read_events(section, city=city, areas=areas, source="source")
    frame = events.sifted.rows[["time", "longitude", "latitude", "x", "y", "category", "area_id"]]
    frame = frame.reset_index(drop=True)
    return Incidents(
        name=section.name,
        title=section.title,
        frame=frame,
        provenance=provenance_of(
            section,
            rows_read=events.read,
            as_of=events.until,
            set_aside=events.sifted.set_aside,
        ),
        reported_by=_reporters(section, sorted(set(frame["category"]))),
        since=events.since,
        until=events.until,
        areas=areas,
        findings=(*events.sifted.findings(), *events.clock),
        second_source=section.get("second_source"),
    )


def _reporters(section: Section, categories: list[str]) -> Mapping[str, str]:
    """Who reports each category: the public, unless the section says the police or the services."""
    who = section.get("reported_by", REPORTERS[0])
    stated = who if isinstance(who, dict) else dict.fromkeys(categories, who)
    for category, reporter in stated.items():
        if reporter not in REPORTERS:
            evidence = {"key": "reported_by", "value": reporter, "allowed": list(REPORTERS)}
            raise CityFileError("not_allowed", section=section.label, **evidence)
        if category not in categories:
            raise CityFileError("unknown_category", section=section.label, value=category, allowed=categories)
    return {category: str(stated.get(category, REPORTERS[0])) for category in categories}
