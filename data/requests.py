"""Requests with the dates on which they were opened and completed: what says how good a service is."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from data.calendar import read_times
from data.cityfile import CityFile, Section
from data.dataset import ALL, CITY, Areas, Requests
from data.errors import TableError
from data.places import area_of, known_ids, project, provenance_of
from data.readers import read_table
from data.schemas import Sifted, column
from data.selection import dropped, first_day, last_day, words_of

__all__ = ["read_requests"]


def read_requests(section: Section, *, city: CityFile, areas: Areas | None) -> Requests:
    """The requests of one section.

    Set aside, in this order and under these reasons: excluded, time_unreadable (no opening), duplicate (the id),
    after_until, before_from, completed_before_opened, outside_city or unknown_area. A completion after the day ``until``
    (without one: the newest day on which anything was opened or completed) was not known by its end: such a request
    counts as open.
    """
    table = read_table(section.path())
    sifted = Sifted(_typed(table, section, timezone=city.timezone), section.label)
    sifted = sifted.without(dropped(table, section), "excluded", tolerated=True)
    sifted = sifted.without(sifted.rows["opened"].isna(), "time_unreadable")
    if "id" in section.keys:
        ids = column(table, str(section["id"]), table=section.label).loc[sifted.rows.index].astype("string").fillna("")
        sifted = sifted.without(ids.duplicated() & (ids != ""), "duplicate")
    if sifted.rows.empty:
        raise TableError("nothing_left", table=section.label, rows=len(table))
    until = last_day(section) or sifted.rows[["opened", "closed"]].max().max().normalize()
    end = until + pd.Timedelta(days=1)
    sifted = sifted.without(sifted.rows["opened"] >= end, "after_until", tolerated=True)
    since = first_day(section) or sifted.rows["opened"].min().normalize()
    sifted = sifted.without(sifted.rows["opened"] < since, "before_from", tolerated=True)
    early = sifted.rows["closed"].dt.normalize() < sifted.rows["opened"].dt.normalize()
    sifted = sifted.without(early, "completed_before_opened")
    placed = _placed(sifted, table, section, city=city, areas=areas)
    if placed.rows.empty:
        raise TableError("nothing_left", table=section.label, rows=len(table))
    closed = placed.rows["closed"].mask(placed.rows["closed"] >= end)
    frame = placed.rows.assign(closed=closed).sort_values("opened", kind="stable", ignore_index=True)
    made_from = provenance_of(
        section,
        rows_read=len(table),
        as_of=until,
        set_aside=placed.set_aside,
    )
    return Requests(
        name=section.name,
        title=section.title,
        frame=frame[["opened", "closed", "category", "area_id"]],
        provenance=replace(made_from, name=f"{section.name}_dates"),  # the series of that name has one of its own
        since=since,
        until=until,
        areas=areas,
        findings=placed.findings(),
    )


def _typed(table: pd.DataFrame, section: Section, *, timezone: str) -> pd.DataFrame:
    def dates(key: str) -> pd.Series:
        written = column(table, str(section[key]), table=section.label)
        return read_times(written, timezone=timezone, time_format=section.get("time_format"))

    category = column(table, str(section["category"]), table=section.label) if "category" in section.keys else None
    return pd.DataFrame(
        {
            "opened": dates("opened"),
            "closed": dates("completed"),
            "category": ALL if category is None else words_of(category),
        },
        index=table.index,
    )


def _placed(sifted: Sifted, table: pd.DataFrame, section: Section, *, city: CityFile, areas: Areas | None) -> Sifted:
    """The rows with the area of each, by its id or its position; those in none set aside."""
    rows = sifted.rows
    if areas is None:
        return replace(sifted, rows=rows.assign(area_id=CITY))
    if "area" in section.keys:
        written = column(table, str(section["area"]), table=section.label).loc[rows.index]
        ids = known_ids(written, areas.frame.index)
        unknown = ~ids.isin(areas.frame.index)
        return replace(sifted, rows=rows.assign(area_id=ids)).without(unknown, "unknown_area", tolerated=True)
    degrees = [
        pd.to_numeric(column(table, str(section[key]), table=section.label).loc[rows.index], errors="coerce")
        for key in ("longitude", "latitude")
    ]
    x, y = project(*degrees, crs=city.crs)
    placed = replace(sifted, rows=rows.assign(area_id=area_of(x, y, areas)))
    return placed.without(placed.rows["area_id"] == "", "outside_city", tolerated=True)
