"""Whether positions lie where the city says that it is: near the zone of its projection, and near that of its clocks."""

from __future__ import annotations

import re
import zoneinfo
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pyproj import CRS

from data.errors import TableError
from data.tables.contract import Facts

__all__ = ["check_whereabouts"]

Degrees = tuple[npt.ArrayLike, npt.ArrayLike]
"""Longitudes and latitudes."""

# Cities reach a little beyond the zone that a projection is meant for; another continent does not.
CRS_MARGIN = 5.0  # degrees
# A projection of the whole globe tells nothing, but clocks are named after a city. So much nearer to it must the positions be
# with longitude and latitude exchanged, and so far from it as they are, before that is said.
NEARER, ELSEWHERE = 3.0, 5.0  # times, degrees
_PLACE = re.compile(r"([+-]\d{2})(\d{2})(?:\d{2})?([+-]\d{3})(\d{2})(?:\d{2})?")  # degrees and minutes, as ISO 6709


def check_whereabouts(degrees: Degrees, *, label: str, facts: Facts) -> None:
    """Refuse positions that lie far from the city's projection, or that lie near its clocks only when exchanged.

    Parameters
    ----------
    degrees : longitudes and latitudes; their medians are the middle.
    label : how sentences name the table.
    facts : the city's projection and clocks.

    Raises
    ------
    TableError
        When they lie elsewhere.
    """
    longitude, latitude = (float(np.median(np.asarray(each))) for each in degrees)
    bounds = [end(each) for end in (np.min, np.max) for each in degrees]
    evidence = {"table": label, "bounds": [round(float(edge), 2) for edge in bounds]}
    use = CRS(facts.crs).area_of_use
    if use is not None:
        # Degrees east of the zone's western edge: a zone that crosses the date line has its west beyond its east.
        along = (longitude - use.west + CRS_MARGIN) % 360
        width = (use.east - use.west) % 360 or 360.0
        if along > width + 2 * CRS_MARGIN or not use.south - CRS_MARGIN <= latitude <= use.north + CRS_MARGIN:
            raise TableError("crs_elsewhere", crs=facts.crs, region=use.name, **evidence)
    named = _place_of(facts.timezone)
    if named is not None:
        distance = _degrees(named, (longitude, latitude))
        if distance > ELSEWHERE and distance > NEARER * _degrees(named, (latitude, longitude)):
            raise TableError("degrees_swapped", timezone=facts.timezone, **evidence)


@cache
def _place_of(timezone: str) -> tuple[float, float] | None:
    """Longitude and latitude of the city that a time zone is named after, where the system's list of zones has it."""
    for folder in zoneinfo.TZPATH:
        path = Path(folder) / "zone.tab"
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
            fields = line.split("\t")
            if fields[2:3] == [timezone] and (found := _PLACE.fullmatch(fields[1])):
                north, of_north, east, of_east = found.groups()
                return _decimal(east, of_east), _decimal(north, of_north)
    return None


def _decimal(degrees: str, minutes: str) -> float:
    return float(degrees) + float(degrees[0] + minutes) / 60


def _degrees(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The way between two places on the globe in degrees; what lies beyond a pole is as far as can be."""
    if abs(other[1]) > 90:
        return 180.0
    (east, north), (other_east, other_north) = np.radians(one), np.radians(other)
    half = np.sin((north - other_north) / 2) ** 2
    half += np.cos(north) * np.cos(other_north) * np.sin((east - other_east) / 2) ** 2
    return float(np.degrees(2 * np.arcsin(np.sqrt(half))))
