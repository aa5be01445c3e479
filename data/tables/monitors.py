"""Monitors: where a pollutant is measured beside a road whose traffic is counted. They are stated in the city.toml itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from data.errors import CityFileError
from data.frequency import Frequency
from data.provenance import Finding, Provenance, strictest
from data.tables.contract import Kind, Sections, Tables, known
from data.tables.section import Number, Section, TableKeys, Text
from data.tables.series import Series
from data.tables.table import Table

__all__ = ["MONITORS", "Monitor", "MonitorsKeys"]

MOST_HOURS = 24


@dataclass(frozen=True, eq=False)
class Monitor(Table):
    """A monitor in the area ``area_id`` of the hourly series ``air``, beside the road that ``counter_id`` of the hourly series
    ``traffic`` counts.

    ``background_id`` is an area of the same series that no road is near to, "" for none: what both share is no traffic of the
    road's. Means over ``hours`` hours above ``guideline`` (in the unit of the air) are too much; ``source`` says by whom.
    """

    kind = "monitors"

    name: str
    title: str
    air: Series
    traffic: Series
    area_id: str
    counter_id: str
    provenance: Provenance
    background_id: str = ""
    guideline: float | None = None
    hours: int = 24
    source: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def series(self) -> str:
        """The name of the series of its air."""
        return self.air.name

    @property
    def rows(self) -> int:
        """One place."""
        return 1

    def content(self) -> tuple[object, ...]:
        """What is stated of it, and the two series."""
        stated = (self.area_id, self.counter_id, self.background_id, self.guideline, self.hours)
        return (*stated, self.air.provenance.fingerprint, self.traffic.provenance.fingerprint)

    def facts(self) -> dict[str, Any]:
        """Which series, where, and what is too much."""
        about = {
            "air": self.air.name,
            "traffic": self.traffic.name,
            "area_id": self.area_id,
            "counter_id": self.counter_id,
        }
        return super().facts() | about | {"guideline": self.guideline, "hours": self.hours}


class MonitorsKeys(TableKeys):
    """The keys of a monitor. ``source`` says whose guideline it is; it is no file."""

    title: Text | None = None
    air: Text
    area: Text
    background: Text | None = None
    traffic: Text
    counter: Text | None = None
    guideline: Number | None = None
    hours: Number = 24
    source: Text = ""

    def sources(self) -> list[str]:
        """No file."""
        return []


def _check(section: Section[MonitorsKeys], sections: Sections) -> None:
    keys = section.keys
    for name in (keys.air, keys.traffic):
        known(section, name, list(sections["series"]), code="unknown_series")
        freq = sections["series"][name].keys.freq
        if freq is not Frequency.HOUR:
            raise CityFileError("monitor_hours", section=section.label, series=name, freq=freq)
    if keys.hours != int(keys.hours) or not 1 <= keys.hours <= MOST_HOURS:
        raise CityFileError("monitor_mean", section=section.label, value=keys.hours, most=MOST_HOURS)


def open_monitor(section: Section[MonitorsKeys], tables: Tables) -> Monitor:
    """The monitor of one section.

    Parameters
    ----------
    section : of the city.toml.
    tables : the city's series.

    Returns
    -------
    Monitor
        With both of its series.

    Raises
    ------
    CityFileError
        When one of its series has no such area.
    """
    keys = section.keys
    air, traffic = (tables.table("series", name) for name in (keys.air, keys.traffic))
    counter = keys.counter or keys.area
    for key, area, series in (
        ("area", keys.area, air),
        ("background", keys.background, air),
        ("counter", counter, traffic),
    ):
        if area is not None and area not in series.area_ids:
            evidence = {"key": key, "value": area, "allowed": list(series.area_ids)}
            raise CityFileError("not_allowed", section=section.label, **evidence)
    made_from = section.provenance(rows_read=1)
    classes = [each.provenance.classification for each in (air, traffic)]
    guarded = strictest([made_from.classification, *classes])
    return Monitor(
        name=section.name, title=section.title, air=air, traffic=traffic, area_id=keys.area, counter_id=counter,
        provenance=replace(made_from, classification=guarded), background_id=keys.background or "",
        guideline=keys.guideline, hours=int(keys.hours), source=keys.source,
    )  # fmt: skip


MONITORS = Kind("monitors", MonitorsKeys, open_monitor, check=_check)
