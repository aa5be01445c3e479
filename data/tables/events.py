"""Events at points: read, sifted, projected and placed in areas. Both incidents and series from points begin here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated

import numpy as np
import pandas as pd

from data.calendar import LocalTimes, read_times, to_local
from data.errors import TableError
from data.provenance import Finding
from data.readers import read_rows
from data.tables.areas import Areas
from data.tables.contract import Facts
from data.tables.dates import time_findings, without_far_dates
from data.tables.globe import check_whereabouts
from data.tables.growing import grown, live_findings, without_restated
from data.tables.ids import words_of
from data.tables.locations import area_of, project
from data.tables.section import Section, SelectionKeys, TableKeys, Text, TimeFormat, choice
from data.tables.sifting import POINTS, Sifted, column, dropped, empty_refused, sift
from data.tables.table import ALL, CITY

__all__ = ["Events", "PointKeys", "clock_findings", "read_events"]


class EqualRows(StrEnum):
    """What rows that are alike in every value are."""

    ONE = "one"
    EACH = "each"


class PointKeys(TableKeys, SelectionKeys):
    """Which columns hold events, and which rows are meant."""

    title: Text | None = None
    time: Text
    time_format: TimeFormat | None = None
    longitude: Text
    latitude: Text
    category: Text | None = None
    id: Text | None = None
    equal_rows: Annotated[EqualRows, choice(EqualRows)] = EqualRows.ONE
    areas: Text | None = None
    live: Text | None = None


@dataclass(frozen=True, eq=False)
class Events:
    """Events in order of time with what was set aside, how many rows were read, the days that they cover, and what was noticed."""

    sifted: Sifted
    read: int
    since: pd.Timestamp
    until: pd.Timestamp
    found: tuple[Finding, ...]


def read_events(section: Section[PointKeys], *, source: str, facts: Facts, areas: Areas | None) -> Events:
    """The events of a file.

    Set aside, in this order and under these reasons: excluded, time_unreadable, no_position, outside_globe, duplicate
    (the id; without one the whole row, unless ``equal_rows = "each"``), far_date, after_until or unfinished_day,
    before_from, outside_city. Without ``until`` the day of the newest event counts as unfinished: an export rarely ends at
    midnight.

    Parameters
    ----------
    section : which columns and rows are meant.
    source : the file, as the section names it.
    facts : the city's clocks and metres.
    areas : the layer that the points are placed in.

    Returns
    -------
    Events
        With columns time (naive local), longitude, latitude (degrees), category, x, y (metres), area_id.

    Raises
    ------
    TableError
        When a column is missing, most rows fail, or none is left.
    """
    table, renewed = without_restated(grown(section, read_rows(section.path(source))), section.keys.id)
    typed = Sifted(_typed(table, section, timezone=facts.timezone), section.label)
    out = dropped(table, section.keys.drop, label=section.label)
    sifted = sift(typed.without(out, "excluded", tolerated=True), POINTS)
    sifted = sifted.without(_duplicates(table, sifted.rows, section), "duplicate")
    sifted = without_far_dates(sifted, bounds=(section.keys.since, section.keys.until))
    sifted, since, until = _within_days(empty_refused(sifted, rows=len(table)), section)
    sifted = empty_refused(sifted, rows=len(table))
    if areas is None:  # which would refuse points that lie elsewhere
        check_whereabouts((sifted.rows["longitude"], sifted.rows["latitude"]), label=section.label, facts=facts)
    located = _located(sifted, crs=facts.crs, areas=areas)
    local = to_local(located.rows["time"], timezone=facts.timezone)
    rows = _in_order(located.rows.assign(time=local.times))
    found = (
        *clock_findings(local, table=section.label),
        *time_findings(located.rows["time"], label=section.label),
        *live_findings(section, renewed=renewed),
    )
    return Events(replace(located, rows=rows), len(table), since, until, found)


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """By time, then from west to east and from south to north, for the few that share a moment."""
    times = rows["time"].to_numpy().astype(np.int64)
    order = np.argsort(times, kind="stable")
    same = np.diff(times[order]) == 0
    shared = np.append(same, False) | np.append(False, same)
    some = order[shared]
    x, y = rows["x"].to_numpy()[some], rows["y"].to_numpy()[some]
    order[shared] = some[np.lexsort((y, x, times[some]))]
    return rows.iloc[order]


def clock_findings(times: LocalTimes, *, table: str) -> tuple[Finding, ...]:
    """A finding when the rule for changes of the clocks decided any time.

    Parameters
    ----------
    times : after the rule.
    table : how sentences name the table.

    Returns
    -------
    tuple of Finding
        One, or none.
    """
    clock = {"ambiguous": int(times.ambiguous.sum()), "nonexistent": int(times.nonexistent.sum())}
    return (Finding("clock_change", table, clock),) if any(clock.values()) else ()


def _typed(table: pd.DataFrame, section: Section[PointKeys], *, timezone: str) -> pd.DataFrame:
    keys = section.keys

    def named(name: str) -> pd.Series:
        return column(table, name, table=section.label)

    return pd.DataFrame(
        {
            "time": read_times(named(keys.time), timezone=timezone, time_format=keys.time_format),
            "longitude": pd.to_numeric(named(keys.longitude), errors="coerce").astype(float),
            "latitude": pd.to_numeric(named(keys.latitude), errors="coerce").astype(float),
            "category": words_of(named(keys.category)) if keys.category else ALL,
        },
        index=table.index,
    )


def _duplicates(table: pd.DataFrame, rows: pd.DataFrame, section: Section[PointKeys]) -> pd.Series:
    if section.keys.id is None:
        # Times to the hour and places to the block make events look alike that are not one.
        once = section.keys.equal_rows is EqualRows.ONE
        return table.loc[rows.index].duplicated() if once else pd.Series(False, index=rows.index)
    ids = column(table, section.keys.id, table=section.label).loc[rows.index].astype("string").fillna("")
    return ids.duplicated() & (ids != "")


def _within_days(sifted: Sifted, section: Section[PointKeys]) -> tuple[Sifted, pd.Timestamp, pd.Timestamp]:
    since, until = section.keys.first_day, section.keys.last_day
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


def _located(sifted: Sifted, *, crs: str, areas: Areas | None) -> Sifted:
    x, y = project(sifted.rows["longitude"], sifted.rows["latitude"], crs=crs)
    rows = sifted.rows.assign(x=x, y=y, area_id=area_of(x, y, areas))
    outside = (rows["area_id"] == "") | ~np.isfinite(x)  # a projection gives infinity for the far side of the globe
    if outside.all():
        layer = areas.layer if areas is not None else CITY
        raise TableError("all_outside_city", table=sifted.table, rows=len(rows), layer=layer)
    # A file of the whole country is no mistake, so many rows may lie outside.
    return replace(sifted, rows=rows).without(outside, "outside_city", tolerated=True)
