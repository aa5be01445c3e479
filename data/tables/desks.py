"""Desks: counters or telephones that people come to by the hour, who sits at them, and how long it takes to serve.

How long it takes and how long people wait before they leave are stated, or shown by a file of past contacts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

import pandas as pd
from pydantic import BeforeValidator, Field

from data.calendar import read_times
from data.errors import CityFileError, TableError
from data.frequency import Frequency
from data.provenance import Finding, Provenance
from data.readers import read_rows
from data.tables.contract import Kind, Sections, Tables, known
from data.tables.dates import far_dates
from data.tables.section import Keys, Number, Patterns, Section, TableKeys, Text, TimeFormat, is_number, refused
from data.tables.sifting import Sifted, column, dropped, empty_refused
from data.tables.table import Table

__all__ = ["DESKS", "HOURS", "Desk", "DesksKeys"]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = tuple(f"{day}-{hour:02d}" for day in DAYS for hour in range(24))
"""The hours of the week on the city's own clocks, from Monday midnight."""

LONGEST = 7_200.0  # seconds: a wait or a service beyond two hours is a record that nobody closed
DAY_HOURS = 24


@dataclass(frozen=True, eq=False)
class Desk(Table):
    """Counters or telephones that serve one line of people.

    ``series`` names the hourly counts of who comes. ``frame`` holds today's ``staff`` by hour of the week (``HOURS``). A
    contact is served well when it is answered within ``target_seconds``, which is wanted of ``target_share`` of all.
    ``handling_seconds`` and ``patience_seconds`` are means that the file states; without them ``contacts`` has one row a
    past contact: ``arrived`` (naive local), ``waited`` and ``handled`` in seconds and whether it was ``answered``.
    ``shift_hours`` are the shortest and the longest shift that may be worked.
    """

    kind = "desks"

    name: str
    title: str
    series: str
    frame: pd.DataFrame
    target_seconds: float
    target_share: float
    provenance: Provenance
    handling_seconds: float | None = None
    patience_seconds: float | None = None
    contacts: pd.DataFrame | None = None
    shift_hours: tuple[int, int] = (4, 8)
    findings: tuple[Finding, ...] = field(default=())

    @property
    def rows(self) -> int:
        """How many contacts are known, else how many hours of staff."""
        return len(self.frame if self.contacts is None else self.contacts)

    @property
    def staff(self) -> tuple[float, ...]:
        """Today's staff by hour of the week."""
        return tuple(float(each) for each in self.frame["staff"])

    def content(self) -> tuple[object, ...]:
        """Staff, target, what is stated and what the contacts show."""
        stated = (self.target_seconds, self.target_share, self.handling_seconds, self.patience_seconds)
        seen = () if self.contacts is None else (self.contacts,)
        return (self.frame, *seen, self.series, stated, self.shift_hours)

    def facts(self) -> dict[str, Any]:
        """The series, the target, and the hours worked in a week."""
        about = super().facts() | {"series": self.series, "staff_hours": sum(self.staff)}
        return about | {"target_seconds": self.target_seconds, "target_share": self.target_share}


def _staff(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if not isinstance(value, list) or len(value) != len(HOURS):
        n = len(value) if isinstance(value, list) else 1
        raise refused("staff_hours", n=n, wanted=len(HOURS))
    for hour, each in zip(HOURS, value, strict=True):
        if not is_number(each) or each < 0 or each % 1:
            raise refused("staff_number", value=each, hour=hour)
    return [float(each) for each in value]


def _shifts(value: Any) -> Any:
    fits = isinstance(value, list) and len(value) == 2 and all(type(each) is int for each in value)
    if not fits or not 1 <= value[0] <= value[1] <= DAY_HOURS:
        raise refused("shift_hours", most=DAY_HOURS)
    return tuple(value)


class ContactsKeys(Keys):
    """The keys of past contacts: a file and its columns.

    ``outcome`` says how a contact ended; ``answered`` and ``left`` are what it holds of those served and of those that
    gave up. Others are set aside.
    """

    source: Text
    arrived: Text
    time_format: TimeFormat | None = None
    waited: Text
    handled: Text
    outcome: Text
    answered: Text
    left: Text
    drop: Patterns = Field(default_factory=dict)


class DesksKeys(TableKeys):
    """The keys of desks."""

    title: Text | None = None
    series: Text
    staff: Annotated[list[float] | str, BeforeValidator(_staff)]
    target_seconds: Number
    target_share: Number
    handling_seconds: Number | None = None
    patience_seconds: Number | None = None
    contacts: ContactsKeys | None = None
    shift_hours: Annotated[tuple[int, int], BeforeValidator(_shifts)] = (4, 8)

    def sources(self) -> list[str]:
        """The files of contacts and of staff."""
        return super().sources() + ([self.staff] if isinstance(self.staff, str) else [])


def _check(section: Section[DesksKeys], sections: Sections) -> None:
    keys = section.keys
    known(section, keys.series, list(sections["series"]), code="unknown_series")
    freq = sections["series"][keys.series].keys.freq
    if freq is not Frequency.HOUR:
        raise CityFileError("desk_series", section=section.label, value=keys.series, freq=freq)
    if keys.target_seconds < 0 or not 0 < keys.target_share <= 1:
        raise CityFileError("desk_target", section=section.label, seconds=keys.target_seconds, share=keys.target_share)
    for key in ("handling_seconds", "patience_seconds"):
        value = getattr(keys, key)
        if value is not None and value <= 0:
            raise CityFileError("desk_seconds", section=section.label, key=key, value=value)
    if keys.handling_seconds is None and keys.contacts is None:
        raise CityFileError("desk_handling", section=section.label)


def open_desk(section: Section[DesksKeys], tables: Tables) -> Desk:
    """The desks of one section.

    Of the contacts are set aside, in this order and under these reasons: excluded, time_unreadable, far_date,
    other_outcome, not_a_number, negative, too_long (over two hours).

    Parameters
    ----------
    section : of the city.toml.
    tables : whose facts give the city's clocks.

    Returns
    -------
    Desk
        Dated by its last contact, where it has contacts.

    Raises
    ------
    TableError
        When a file lacks a column, holds no staff for an hour, or most of its contacts fail.
    """
    keys = section.keys
    staff = keys.staff if isinstance(keys.staff, list) else _staff_of(section, keys.staff)
    sifted = None if keys.contacts is None else _contacts(section, keys.contacts, timezone=tables.facts.timezone)
    contacts = None if sifted is None else sifted.rows.sort_values("arrived", kind="stable", ignore_index=True)
    made_from = section.provenance(
        rows_read=len(HOURS) if sifted is None else len(sifted.rows) + sum(sifted.set_aside.values()),
        as_of=None if contacts is None else contacts["arrived"].iloc[-1].normalize(),
        set_aside=None if sifted is None else sifted.set_aside,
    )
    return Desk(
        name=section.name,
        title=section.title,
        series=keys.series,
        frame=pd.DataFrame({"staff": staff}, index=pd.Index(HOURS, name="hour"), dtype=float),
        target_seconds=float(keys.target_seconds),
        target_share=float(keys.target_share),
        provenance=made_from,
        handling_seconds=None if keys.handling_seconds is None else float(keys.handling_seconds),
        patience_seconds=None if keys.patience_seconds is None else float(keys.patience_seconds),
        contacts=contacts,
        shift_hours=keys.shift_hours,
        findings=() if sifted is None else sifted.findings(),
    )


def _staff_of(section: Section[DesksKeys], source: str) -> Sequence[float]:
    """Staff by hour of the week from a file with the columns ``hour`` ("mon-09") and ``staff``."""
    table = read_rows(section.path(source))
    hours = column(table, "hour", table=section.label).astype("string").str.strip()
    staff = pd.Series(pd.to_numeric(column(table, "staff", table=section.label), errors="coerce").to_numpy(), hours)
    if len(staff) != len(HOURS) or set(staff.index) != set(HOURS):
        raise TableError("staff_rows", table=section.label, n=len(staff), wanted=len(HOURS))
    for hour, value in staff.items():
        if not (value >= 0 and value % 1 == 0):
            raise TableError("staff_row", table=section.label, hour=str(hour), value=float(value))
    return [float(each) for each in staff.reindex(list(HOURS))]


def _contacts(section: Section[DesksKeys], keys: ContactsKeys, *, timezone: str) -> Sifted:
    table = read_rows(section.path(keys.source))

    def named(name: str) -> pd.Series:
        return column(table, name, table=section.label)

    outcome = named(keys.outcome).astype("string").str.strip()
    rows = pd.DataFrame(
        {
            "arrived": read_times(named(keys.arrived), timezone=timezone, time_format=keys.time_format),
            "waited": pd.to_numeric(named(keys.waited), errors="coerce"),
            "handled": pd.to_numeric(named(keys.handled), errors="coerce"),
            "answered": (outcome == keys.answered).fillna(False).astype(bool),
        },
        index=table.index,
    )
    sifted = Sifted(rows, section.label).without(
        dropped(table, keys.drop, label=section.label), "excluded", tolerated=True
    )
    sifted = sifted.without(sifted.rows["arrived"].isna(), "time_unreadable")
    sifted = sifted.without(far_dates(sifted.rows["arrived"]), "far_date")
    ended = outcome.loc[sifted.rows.index].isin([keys.answered, keys.left])
    sifted = sifted.without(~ended, "other_outcome", tolerated=True)
    handled = sifted.rows["handled"].where(sifted.rows["answered"], 0.0)  # nobody handled those that left
    sifted = Sifted(sifted.rows.assign(handled=handled), sifted.table, sifted.set_aside, sifted.examples)
    seconds = ["waited", "handled"]
    sifted = sifted.without(sifted.rows[seconds].isna().any(axis=1), "not_a_number")
    sifted = sifted.without((sifted.rows[seconds] < 0).any(axis=1), "negative")
    sifted = sifted.without((sifted.rows[seconds] > LONGEST).any(axis=1), "too_long")
    return empty_refused(sifted, rows=len(table))


DESKS = Kind("desks", DesksKeys, open_desk, check=_check)
