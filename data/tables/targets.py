"""Targets: what a city wants of its series by a date. They are stated in the city.toml itself and have no file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from pydantic import Field

from data.calendar import period_of
from data.errors import CityFileError
from data.frequency import Frequency
from data.tables.contract import Kind, Sections, Tables, known
from data.tables.section import Day, Keys, Number, Section, Text
from data.tables.series import Series

__all__ = ["TARGETS", "Target", "TargetKeys"]


@dataclass(frozen=True)
class Target:
    """What a city wants of a series by a date: the sum of its counts (the mean of other values) from ``since`` to
    ``until``, both within it, at most or at least some number; of one area or category, or of all where that is "".

    With ``above`` it is about days instead: on so many at most (or at least) the highest mean over ``hours`` hours may lie above
    that limit, in the unit of the series. ``since`` and ``until`` are then days.
    """

    name: str
    title: str
    series: str
    since: pd.Timestamp
    until: pd.Timestamp
    at_most: float | None = None
    at_least: float | None = None
    area_id: str = ""
    category: str = ""
    above: float | None = field(default=None, repr=False)  # statements of targets without one are kept by the others
    hours: int = field(default=24, repr=False)

    def facts(self) -> dict[str, Any]:
        """What is wanted, of what and by when."""
        about = {"title": self.title, "series": self.series, "since": self.since, "until": self.until}
        about |= {"at_most": self.at_most, "at_least": self.at_least}
        return about if self.above is None else about | {"above": self.above, "hours": self.hours}


class TargetKeys(Keys):
    """The keys of a target."""

    title: Text | None = None
    series: Text
    since: Day = Field(alias="from")
    until: Day
    at_most: Number | None = None
    at_least: Number | None = None
    area: Text | None = None
    category: Text | None = None
    above: Number | None = None
    hours: Number = 24


def _check(section: Section[TargetKeys], sections: Sections) -> None:
    keys = section.keys
    known(section, keys.series, list(sections["series"]), code="unknown_series")
    if section.states("at_most") == section.states("at_least"):
        raise CityFileError("one_bound", section=section.label)
    own = sections["series"][keys.series].keys
    if keys.above is not None:
        if own.freq not in (Frequency.HOUR, Frequency.DAY) or getattr(own, "value_type", "count") == "count":
            raise CityFileError("limit_of_amounts", section=section.label, series=keys.series)
        if keys.hours != int(keys.hours) or not 1 <= keys.hours <= 24:
            raise CityFileError("monitor_mean", section=section.label, value=keys.hours, most=24)
    since, until = _bounds(keys, own.freq)
    if until < since:
        raise CityFileError("ends_before", section=section.label, since=keys.since.date(), until=keys.until.date())


def _bounds(keys: TargetKeys, freq: Frequency) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The first and last period that the target is about; of a limit the first and last day."""
    freq = freq if keys.above is None else Frequency.DAY
    since, until = (period_of(pd.Series([day]), freq).iloc[0] for day in (keys.since, keys.until))
    return since, until + pd.Timedelta(hours=23) if freq is Frequency.HOUR else until


def open_target(section: Section[TargetKeys], tables: Tables) -> Target:
    """The target of one section.

    Parameters
    ----------
    section : of the city.toml.
    tables : the city's series, one of which the target is about.

    Returns
    -------
    Target
        Its dates are starts of periods.

    Raises
    ------
    CityFileError
        When it names an area or a category that the series has not.
    """
    keys = section.keys
    series: Series = tables.table("series", keys.series)
    for key, named, allowed in (("area", keys.area, series.area_ids), ("category", keys.category, series.categories)):
        if named is not None and named not in allowed:
            evidence = {"key": key, "value": named, "allowed": list(allowed)}
            raise CityFileError("not_allowed", section=section.label, **evidence)
    if keys.above is not None and keys.area is None and len(series.area_ids) > 1:
        raise CityFileError("missing_key", section=section.label, key="area")
    since, until = _bounds(keys, series.freq)
    return Target(
        name=section.name, title=section.title, series=keys.series, since=since, until=until,
        at_most=keys.at_most, at_least=keys.at_least, area_id=keys.area or "", category=keys.category or "",
        above=keys.above, hours=int(keys.hours),
    )  # fmt: skip


TARGETS = Kind("targets", TargetKeys, open_target, check=_check)
