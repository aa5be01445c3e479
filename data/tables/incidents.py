"""Incidents: events at points, with who reports each kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar

import pandas as pd
from pydantic import BeforeValidator

from data.errors import CityFileError
from data.provenance import Finding, Provenance
from data.tables.areas import Areas, finest, layer_of
from data.tables.contract import Kind, Sections, Tables, known
from data.tables.events import PointKeys, read_events
from data.tables.growing import check_live
from data.tables.people import names_of_people
from data.tables.section import Section, Text, key_of, refused, wrong_type
from data.tables.table import METRE_DIGITS, Table
from data.words import Words

__all__ = ["INCIDENTS", "Incidents", "IncidentsKeys"]

REPORTERS = ("public", "police", "services")


@dataclass(frozen=True, eq=False)
class Incidents(Table):
    """Events at points.

    ``frame`` has one row an event, in order of time: ``time`` (naive local), ``longitude``, ``latitude`` (degrees),
    ``x``, ``y`` (metres in the city's crs), ``category`` and ``area_id`` in ``areas``, the layer that the points were
    placed in (None, and area_id "city", for a city without areas). ``reported_by`` says for each category whether the
    ``public`` reports it to the police, the ``police`` start it themselves, or ``services`` (ambulances, hospitals)
    record it in their own work. ``since`` and ``until`` bound the days observed. ``second_source`` names the incidents
    that measure the same harm in another way.
    """

    kind = "incidents"

    name: str
    title: Words
    frame: pd.DataFrame
    provenance: Provenance
    reported_by: Mapping[str, str]
    since: pd.Timestamp
    until: pd.Timestamp
    areas: Areas | None = None
    findings: tuple[Finding, ...] = ()
    second_source: str | None = None

    def only(self, frame: pd.DataFrame, *, until: pd.Timestamp | None = None) -> Incidents:
        """Some of the events; unlike ``dataclasses.replace`` it makes no fingerprint of those that are replaced.

        Parameters
        ----------
        frame : the events, in order of time.
        until : the last day that they were observed; unchanged where None.

        Returns
        -------
        Incidents
            Of the same name, source and areas.
        """
        stated: Provenance = vars(self)["provenance"]
        return replace(self, frame=frame, until=self.until if until is None else until, provenance=stated)

    @property
    def rows(self) -> int:
        """How many events."""
        return len(self.frame)

    @property
    def police_initiated(self) -> tuple[str, ...]:
        """The categories that measure what the police do, not what the public suffers."""
        return tuple(category for category, who in self.reported_by.items() if who == "police")

    def content(self) -> tuple[object, ...]:
        """The events and the days observed."""
        return self.frame.round({"x": METRE_DIGITS, "y": METRE_DIGITS}), self.since, self.until

    def facts(self) -> dict[str, Any]:
        """How many events of which days, and who reports them."""
        about = super().facts() | {"since": self.since, "until": self.until}
        return about | {"reported_by": self.reported_by, "second_source": self.second_source}


def _reporters(value: Any) -> Any:
    if not isinstance(value, str | dict):
        raise wrong_type("text")
    stated = value if isinstance(value, dict) else {"": value}
    for category, who in stated.items():
        of = {"key": key_of("reported_by", category), "value": who} if category else {}
        if not isinstance(who, str):
            raise wrong_type("text", **of)
        if who not in REPORTERS:
            raise refused("not_allowed", allowed=list(REPORTERS), **of)
    return value


class IncidentsKeys(PointKeys):
    """The keys of incidents: places and times, never people."""

    places_only: ClassVar[bool] = True

    source: Text
    reported_by: Annotated[str | dict[str, str], BeforeValidator(_reporters)] = REPORTERS[0]
    second_source: Text | None = None


def _check(section: Section[IncidentsKeys], sections: Sections) -> None:
    """The layer and the second source, which is another section of incidents, are there."""
    keys = section.keys
    check_live(section)
    if keys.areas is not None:
        known(section, keys.areas, list(sections["areas"]), code="unknown_layer", allowed="layers")
    others = [name for name in sections["incidents"] if name != section.name]
    if keys.second_source is not None:
        known(section, keys.second_source, others, code="unknown_second_source" if others else "no_second_source")


def open_incidents(section: Section[IncidentsKeys], tables: Tables) -> Incidents:
    """The incidents of one section, with who reports each category.

    Parameters
    ----------
    section : of the city.toml.
    tables : the city's layers; without a name the events are placed in the one with the most areas.

    Returns
    -------
    Incidents
        The events that lie in the city.

    Raises
    ------
    TableError
        When a column is missing, most rows fail, or none is left.
    CityFileError
        When the section names a category that there is not.
    """
    keys = section.keys
    areas = finest(tables) if keys.areas is None else layer_of(keys.areas, tables)
    events = read_events(section, source=keys.source, facts=tables.facts, areas=areas)
    frame = events.sifted.rows[["time", "longitude", "latitude", "x", "y", "category", "area_id"]]
    frame = frame.reset_index(drop=True)
    return Incidents(
        name=section.name,
        title=section.title,
        frame=frame,
        provenance=section.provenance(rows_read=events.read, as_of=events.until, set_aside=events.sifted.set_aside),
        reported_by=_reported_by(section, sorted(frame["category"].unique())),
        since=events.since,
        until=events.until,
        areas=areas,
        findings=(
            *events.sifted.findings(),
            *events.found,
            *names_of_people(frame["category"], classification=keys.classification, label=section.label),
        ),
        second_source=keys.second_source,
    )


def _reported_by(section: Section[IncidentsKeys], categories: list[str]) -> Mapping[str, str]:
    """Who reports each category: the public, unless the section says the police or the services."""
    who = section.keys.reported_by
    stated = who if isinstance(who, dict) else dict.fromkeys(categories, who)
    for category in stated:
        if category not in categories:
            raise CityFileError("unknown_category", section=section.label, value=category, allowed=categories)
    return {category: stated.get(category, REPORTERS[0]) for category in categories}


INCIDENTS = Kind("incidents", IncidentsKeys, open_incidents, check=_check)
