"""Crews: who works off a city's requests, and what share should be done within how many days. Stated in the city.toml itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator

from data.errors import CityFileError
from data.provenance import Finding, Provenance
from data.tables.contract import Kind, Sections, Tables, known
from data.tables.requests import Requests
from data.tables.section import Number, Section, TableKeys, Text, choice, is_number, refused, wrong_type
from data.tables.table import Table
from data.tables.weekdays import Weekdays

__all__ = ["CREWS", "Crews", "CrewsKeys", "SharedBy"]

TARGET = (1, 365)  # days: a target of more than a year is no target of a service


class SharedBy(StrEnum):
    """Who shares crews: each category has its own, or all categories share those of the city."""

    CATEGORY = "category"
    CITY = "city"


@dataclass(frozen=True, eq=False)
class Crews(Table):
    """The crews that work off the requests of ``series``.

    ``target_days`` is within how many days a request should be done, ``target_share`` (None: nobody says) of how many.
    ``crews`` is how many there are today by category, under "" those of all categories together; empty where nobody says.
    ``crew_hours`` are those that a crew works in a month (None: nobody says). ``working_days`` are the weekdays on which
    work is done, 0 for Monday; None is to be seen from the dates of completion.
    """

    kind = "crews"

    name: str
    title: str
    series: str
    target_days: int
    provenance: Provenance
    target_share: float | None = None
    by: SharedBy = SharedBy.CATEGORY
    crews: Mapping[str, float] = field(default_factory=dict)
    crew_hours: float | None = None
    working_days: tuple[int, ...] | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def rows(self) -> int:
        """One statement."""
        return 1

    def content(self) -> tuple[object, ...]:
        """All that the file states of them."""
        stated = (self.series, self.target_days, self.target_share, self.by.value, sorted(self.crews.items()))
        return (*stated, self.crew_hours, self.working_days)

    def facts(self) -> dict[str, Any]:
        """Whose requests, the target, and how many crews there are."""
        about = {"requests": self.series, "target_days": self.target_days, "target_share": self.target_share}
        return super().facts() | about | {"by": self.by.value, "crews": sum(self.crews.values()) or None}


def _crews(value: Any) -> dict[str, float]:
    each = value if isinstance(value, Mapping) else {"": value}
    for number in each.values():
        if not is_number(number):
            raise wrong_type("number", value=number)
        if number <= 0:
            raise refused("no_crews", value=number)
    return {str(name): float(number) for name, number in each.items()}


class CrewsKeys(TableKeys):
    """The keys of crews. There is no file: ``requests`` names those whose dates say how the work is done."""

    title: Text | None = None
    requests: Text
    target_days: Number
    target_share: Number | None = None
    crews: Annotated[dict[str, float] | None, BeforeValidator(_crews)] = None
    crew_hours: Number | None = None
    by: Annotated[SharedBy, choice(SharedBy)] = SharedBy.CATEGORY
    working_days: Weekdays | None = None


def _check(section: Section[CrewsKeys], sections: Sections) -> None:
    keys = section.keys
    known(section, keys.requests, list(sections["requests"]), code="crews_of")
    if keys.target_days != int(keys.target_days) or not TARGET[0] <= keys.target_days <= TARGET[1]:
        evidence = {"value": keys.target_days, "least": TARGET[0], "most": TARGET[1]}
        raise CityFileError("target_days", section=section.label, **evidence)
    if keys.target_share is not None and not 0 < keys.target_share <= 1:
        raise CityFileError("target_share", section=section.label, value=keys.target_share)
    if keys.crew_hours is not None and not 0 < keys.crew_hours <= 744:  # the hours of the longest month
        raise CityFileError("crew_hours", section=section.label, value=keys.crew_hours)


def open_crews(section: Section[CrewsKeys], tables: Tables) -> Crews:
    """The crews of one section.

    Parameters
    ----------
    section : of the city.toml.
    tables : the city's requests.

    Returns
    -------
    Crews
        As old as the requests whose dates say how the work is done.

    Raises
    ------
    CityFileError
        When it counts crews of a category that no request has, or leaves out one that requests have.
    """
    keys = section.keys
    requests: Requests = tables.table("requests", keys.requests)
    counted = dict(keys.crews or {})
    if counted and set(counted) != {""}:
        categories = sorted(str(each) for each in requests.frame["category"].unique())
        for name in sorted(set(counted) ^ set(categories)):
            raise CityFileError("crews_categories", section=section.label, value=name, allowed=categories)
    return Crews(
        name=section.name, title=section.title, series=requests.name, target_days=int(keys.target_days), by=keys.by,
        crews=counted, crew_hours=keys.crew_hours, working_days=keys.working_days,
        provenance=section.provenance(rows_read=1, as_of=requests.until), target_share=keys.target_share,
    )  # fmt: skip


CREWS = Kind("crews", CrewsKeys, open_crews, check=_check)
