"""What a city can map: its incidents, and where its traffic stands still."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analytics.errors import HotspotError
from analytics.hotspots.congestion import congested_hours
from data import City, Incidents, Series
from data.frequency import Frequency
from data.words import Words

__all__ = ["Subject", "subject_of", "subjects"]

DELAY = "delay"  # the measure of series whose hours above expectation are congestion


@dataclass(frozen=True)
class Subject:
    """Something that can be mapped: its title, its days, its kinds, whether the police start it themselves, and whether it
    is congestion, whose cells are the areas of the counters.
    """

    name: str
    title: Words
    since: pd.Timestamp
    until: pd.Timestamp
    categories: tuple[str, ...]
    police: bool
    congestion: bool = False


def subjects(city: City) -> Mapping[str, Subject]:
    """All that the city can map, by name: what the police start comes last, so that it is never the first to be seen."""
    found = [
        Subject(name, each.title, each.since, each.until, tuple(sorted(each.reported_by)), _by_police(each))
        for name, each in city.incidents.items()
    ]
    for name, series in city.series.items():
        if _is_delay(series):
            first, last = (pd.Timestamp(series.values.index[end]).normalize() for end in (0, -1))
            found.append(Subject(name, series.title, first, last, (), False, congestion=True))
    return {each.name: each for each in sorted(found, key=lambda each: each.police)}


def subject_of(city: City, name: str) -> Incidents:
    """The incidents of a subject; hours of congestion for a series of delays.

    Parameters
    ----------
    city : a city with incidents or delays.
    name : of incidents, or of a series of delays.

    Returns
    -------
    Incidents to map.

    Raises
    ------
    HotspotError
        When the city has no such subject, naming those that it has.
    """
    if name in city.incidents:
        return city.incidents[name]
    if name in city.series and _is_delay(city.series[name]):
        series = city.series[name]
        return congested_hours(series, areas=city.areas[series.layer])
    raise HotspotError("no_such_subject", name=name, city=city.name, names=list(subjects(city)))


def _by_police(incidents: Incidents) -> bool:
    return len(incidents.police_initiated) == len(incidents.reported_by)


def _is_delay(series: Series) -> bool:
    return series.measure == DELAY and series.value_type == "continuous" and series.freq is Frequency.HOUR
