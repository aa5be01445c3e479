"""Junctions with signals: who turns where and how many, the plan that runs today, and people who cross on foot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data.errors import CityFileError, TableError
from data.provenance import Finding, Provenance
from data.readers import read_rows
from data.tables.amounts import numbers_of
from data.tables.contract import Kind, Sections, Tables, known
from data.tables.globe import check_whereabouts
from data.tables.ids import as_ids
from data.tables.junction_rows import counts_of, crossings_of, movements_of, plans_of
from data.tables.locations import project
from data.tables.section import Number, Section, TableKeys, Text
from data.tables.sifting import column
from data.tables.table import METRE_DIGITS, Table

__all__ = ["JUNCTIONS", "Junctions", "JunctionsKeys"]

# Up to which a cycle is of use: beyond it people on foot cross on red and longer greens add next to no capacity (HCM 2000,
# chapter 10).
LONGEST_CYCLE = 120.0
# Metres a second at which people on foot cross (HCM 2000, chapter 18); 1.0 where one in five or more is older.
WALKING_SPEED = 1.2
SPEED = 50.0  # km/h between junctions where nobody says
MINUTES = 15.0


@dataclass(frozen=True, eq=False)
class Junctions(Table):
    """Junctions whose signals one may time.

    ``frame`` is indexed by ``junction_id`` (text, in the file's order): ``name``, ``longitude``, ``latitude`` (degrees), ``x``,
    ``y`` (metres in the city's crs), ``corridor`` ("" where it belongs to none), ``distance`` along it in metres, ``node_id``
    of the network ("" where none is named). ``movements`` has one row a way to turn: ``junction_id``, ``approach``, ``turn``
    (left, through, right), ``lanes`` (numbers from the kerb, as "1 2"), ``saturation`` (vehicles an hour and lane, NaN where
    nobody measured it) and ``bearing`` (degrees from north from which it comes, NaN where not stated). ``counts`` has one row
    a count: ``junction_id``, ``approach``, ``turn``, ``day`` (NaT where only the time of day is known), ``minute`` of the day
    and ``vehicles`` in the ``minutes`` after it. ``plans`` has one row a phase of a program, which runs from the minute
    ``start``: ``phase``, ``green``, ``yellow``, ``all_red``, ``minimum_green`` and ``offset`` in seconds, ``protected`` and
    ``permitted`` movements ("north.through south.through"). ``crossings`` has one row a way across on foot: ``crossing``,
    ``length`` in metres, ``phases`` in which people walk, and ``people`` an hour (NaN where not counted). ``speed`` is in km/h,
    ``longest_cycle`` in seconds, ``walking_speed`` in metres a second.
    """

    kind = "junctions"

    name: str
    title: str
    frame: pd.DataFrame
    movements: pd.DataFrame
    counts: pd.DataFrame
    plans: pd.DataFrame
    crossings: pd.DataFrame
    provenance: Provenance
    minutes: float = MINUTES
    longest_cycle: float = LONGEST_CYCLE
    walking_speed: float = WALKING_SPEED
    speed: float = SPEED
    network: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def rows(self) -> int:
        """How many junctions."""
        return len(self.frame)

    @property
    def corridors(self) -> tuple[str, ...]:
        """The corridors along which two junctions or more stand."""
        many = self.frame["corridor"].value_counts()
        return tuple(str(each) for each in many.index[many > 1] if each)

    @property
    def days(self) -> int:
        """On how many days there were counts; 0 where the file names no days."""
        return int(self.counts["day"].nunique())

    def along(self, corridor: str) -> tuple[str, ...]:
        """The junctions of a corridor by distance."""
        own = self.frame[self.frame["corridor"] == corridor].sort_values("distance", kind="stable")
        return tuple(str(each) for each in own.index)

    def content(self) -> tuple[object, ...]:
        """The junctions, their counts and plans, and what these are computed with."""
        places = self.frame.round({"x": METRE_DIGITS, "y": METRE_DIGITS})
        stated = (self.minutes, self.longest_cycle, self.walking_speed, self.speed, self.network)
        return (places, self.movements, self.counts, self.plans, self.crossings, *stated)

    def facts(self) -> dict[str, Any]:
        """How many movements and days of counts, and which corridors."""
        about = {"movements": len(self.movements), "days": self.days, "corridors": list(self.corridors)}
        return super().facts() | about | {"longest_cycle": self.longest_cycle}


class JunctionsKeys(TableKeys):
    """The keys of junctions: files whose columns have names of their own, and what they are computed with."""

    source: Text
    movements: Text
    counts: Text
    plan: Text
    crossings: Text | None = None
    title: Text | None = None
    minutes: Number = MINUTES
    longest_cycle: Number = LONGEST_CYCLE
    walking_speed: Number = WALKING_SPEED
    speed: Number = SPEED
    network: Text | None = None

    def sources(self) -> list[str]:
        """All their files."""
        others = [self.movements, self.counts, self.plan]
        return super().sources() + others + ([self.crossings] if self.crossings is not None else [])


def _check(section: Section[JunctionsKeys], sections: Sections) -> None:
    keys = section.keys
    if keys.network is not None:
        known(section, keys.network, list(sections["networks"]), code="unknown_network")
    for key in ("minutes", "longest_cycle", "walking_speed", "speed"):
        value = getattr(keys, key)
        if value <= 0:
            raise CityFileError("not_above_zero", section=section.label, key=key, value=value)


def open_junctions(section: Section[JunctionsKeys], tables: Tables) -> Junctions:
    """The junctions of one section.

    Of the counts are set aside, under these reasons: time_unreadable, not_a_number, negative.

    Parameters
    ----------
    section : of the city.toml.
    tables : whose facts give the city's clocks and metres.

    Returns
    -------
    Junctions
        In the order of the file, dated by the last day of the counts where they name days.

    Raises
    ------
    TableError
        When a column is missing, a junction has no position, movements, counts or plan, a file names a junction, movement
        or phase that there is not, or a plan cannot run.
    """
    keys, facts = section.keys, tables.facts
    table = read_rows(section.path(keys.source))
    frame = _frame(table, section, crs=facts.crs)
    check_whereabouts((frame["longitude"], frame["latitude"]), label=section.label, facts=facts)
    ids = [str(each) for each in frame.index]
    movements = movements_of(read_rows(section.path(keys.movements)), ids, label=section.label)
    counted = read_rows(section.path(keys.counts))
    counts = counts_of(counted, movements, ids, label=section.label, timezone=facts.timezone)
    plans = plans_of(
        read_rows(section.path(keys.plan)), movements, ids, label=section.label, longest=float(keys.longest_cycle)
    )  # fmt: skip
    walked = None if keys.crossings is None else read_rows(section.path(keys.crossings))
    last = counts.rows["day"].max()
    return Junctions(
        name=section.name, title=section.title, frame=frame, movements=movements, counts=counts.rows, plans=plans,
        crossings=crossings_of(walked, plans, ids, label=section.label),
        provenance=section.provenance(
            rows_read=len(counted), set_aside=counts.set_aside, as_of=None if pd.isna(last) else last
        ),
        minutes=float(keys.minutes), longest_cycle=float(keys.longest_cycle), walking_speed=float(keys.walking_speed),
        speed=float(keys.speed), network=keys.network or "", findings=counts.findings(),
    )  # fmt: skip


def _frame(table: pd.DataFrame, section: Section[JunctionsKeys], *, crs: str) -> pd.DataFrame:
    label = section.label

    def text(name: str, otherwise: str = "") -> pd.Series:
        if name not in table:
            return pd.Series(otherwise, index=table.index)
        return table[name].astype("string").str.strip().fillna(otherwise).astype(str)

    ids = as_ids(column(table, "junction_id", table=label))
    for wrong, code in ((ids == "", "junction_unnamed"), (ids.duplicated(), "junction_twice")):
        if wrong.any():
            raise TableError(code, table=label, junction=str(ids[wrong].iloc[0]), row=int(np.flatnonzero(wrong)[0]) + 1)
    degrees = [numbers_of(column(table, name, table=label)) for name in ("longitude", "latitude")]
    lost = ~((degrees[0].abs() <= 180) & (degrees[1].abs() <= 90))
    if lost.any():
        raise TableError("junction_position", table=label, junction=str(ids[lost].iloc[0]))
    x, y = project(*degrees, crs=crs)
    distance = numbers_of(table["distance"]) if "distance" in table else pd.Series(np.nan, index=table.index)
    corridor = text("corridor")
    unplaced = (corridor != "") & distance.isna()
    if unplaced.any():
        evidence = {"junction": str(ids[unplaced].iloc[0]), "corridor": str(corridor[unplaced].iloc[0])}
        raise TableError("junction_distance", table=label, **evidence)
    frame = pd.DataFrame(
        {
            "name": text("name").where(text("name") != "", ids), "longitude": degrees[0], "latitude": degrees[1], "x": x, "y": y,
            "corridor": corridor, "distance": distance, "node_id": as_ids(table["node_id"]) if "node_id" in table else "",
        }
    )  # fmt: skip
    return frame.set_index(pd.Index(ids, name="junction_id"))


JUNCTIONS = Kind("junctions", JunctionsKeys, open_junctions, check=_check)
