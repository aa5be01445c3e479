"""Waters: rivers and lakes by which people find their way on a map. They are stated in the city.toml itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from data.errors import CityFileError
from data.tables.contract import Kind, Tables
from data.tables.section import Keys, Number, Section, Text, is_number, wrong_type

__all__ = ["WATERS", "Water", "WaterKeys"]

Point = tuple[float, float]
MOST_LONGITUDE, MOST_LATITUDE = 180.0, 90.0


@dataclass(frozen=True)
class Water:
    """A river or a lake: its name, the longitude and latitude where the name stands, and the ``line`` of a river."""

    name: str
    title: str
    at: Point
    line: tuple[Point, ...] = ()

    def facts(self) -> dict[str, Any]:
        """Where it is."""
        return {"title": self.title, "at": list(self.at), "points": len(self.line)}


def _points(value: Any) -> list[Point]:
    pairs = isinstance(value, Sequence) and not isinstance(value, str)
    if not pairs or not all(
        isinstance(each, Sequence) and len(each) == 2 and all(map(is_number, each)) for each in value
    ):
        raise wrong_type("points")
    return [(float(longitude), float(latitude)) for longitude, latitude in value]


class WaterKeys(Keys):
    """The keys of a water."""

    title: Text | None = None
    longitude: Number
    latitude: Number
    line: Annotated[list[Point], BeforeValidator(_points)] = Field(default_factory=list)


def open_water(section: Section[WaterKeys], tables: Tables) -> Water:
    """The water of one section.

    Parameters
    ----------
    section : of the city.toml.
    tables : of the city; none is needed.

    Returns
    -------
    Water
        In longitude and latitude, as the file states it.

    Raises
    ------
    CityFileError
        When a point lies outside the globe's degrees.
    """
    keys = section.keys
    at = (keys.longitude, keys.latitude)
    for longitude, latitude in (at, *keys.line):
        if abs(longitude) > MOST_LONGITUDE or abs(latitude) > MOST_LATITUDE:
            raise CityFileError("water_not_degrees", section=section.label, point=[longitude, latitude])
    return Water(section.name, section.title, at, tuple(keys.line))


WATERS = Kind("waters", WaterKeys, open_water)
