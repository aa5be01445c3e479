"""Regions: groups of areas that a city speaks of by one name ("the south side"). They are stated in the city.toml itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator

from data.errors import CityFileError
from data.tables.areas import Areas
from data.tables.contract import Kind, Sections, Tables, known
from data.tables.section import Keys, Section, Text, wrong_type

__all__ = ["REGIONS", "Region", "RegionKeys"]


@dataclass(frozen=True)
class Region:
    """Some of the areas of a layer, by one name; ``title`` is what people call it."""

    name: str
    title: str
    layer: str
    area_ids: tuple[str, ...]

    def facts(self) -> dict[str, Any]:
        """Which areas it has."""
        return {"title": self.title, "areas": self.layer, "members": list(self.area_ids)}


def _ids(value: Any) -> list[str]:
    if not isinstance(value, Sequence) or isinstance(value, str) or not all(isinstance(each, str) for each in value):
        raise wrong_type("texts")
    return list(value)


class RegionKeys(Keys):
    """The keys of a region."""

    title: Text | None = None
    areas: Text
    members: Annotated[list[str], BeforeValidator(_ids)]


def _check(section: Section[RegionKeys], sections: Sections) -> None:
    known(section, section.keys.areas, list(sections["areas"]), code="unknown_layer", allowed="layers")


def open_region(section: Section[RegionKeys], tables: Tables) -> Region:
    """The region of one section.

    Parameters
    ----------
    section : of the city.toml.
    tables : the city's layers.

    Returns
    -------
    Region
        Its areas in the order of the layer.

    Raises
    ------
    CityFileError
        When it names an area that the layer has not, or none.
    """
    keys = section.keys
    layer: Areas = tables.table("areas", keys.areas)
    ids = [str(each) for each in layer.frame.index]
    for member in keys.members:
        if member not in ids:
            raise CityFileError(
                "unknown_member", section=section.label, value=member, layer=keys.areas, allowed=ids[:5]
            )
    chosen = tuple(each for each in ids if each in set(keys.members))
    if not chosen:
        raise CityFileError("empty_region", section=section.label)
    return Region(section.name, section.title, keys.areas, chosen)


REGIONS = Kind("regions", RegionKeys, open_region, check=_check)
