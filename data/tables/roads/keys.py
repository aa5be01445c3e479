"""The keys of a network in a city.toml: lines alone, or links and nodes on which traffic can be routed."""

from __future__ import annotations

from typing import Annotated

from data.errors import CityFileError
from data.tables.contract import Sections
from data.tables.roads.units import LengthUnit, SpeedUnit, TimeUnit
from data.tables.section import Number, Section, TableKeys, Text, choice

__all__ = ["NetworksKeys", "check_network"]


class NetworksKeys(TableKeys):
    """The keys of a network.

    ``source`` are lines (GeoJSON), or links in TNTP. ``nodes`` is the file of the nodes' places, in ``node_crs``. A unit of
    toll in the file is ``toll_unit`` of the city's money. What routes are chosen by is the time in minutes, ``toll_weight``
    for each unit of toll and ``distance_weight`` for each unit of length of the file.
    """

    source: Text
    title: Text | None = None
    nodes: Text | None = None
    node_crs: Text | None = None
    length_unit: Annotated[LengthUnit, choice(LengthUnit)] = LengthUnit.KILOMETRES
    speed_unit: Annotated[SpeedUnit, choice(SpeedUnit)] = SpeedUnit.KILOMETRES_PER_HOUR
    time_unit: Annotated[TimeUnit, choice(TimeUnit)] = TimeUnit.MINUTES
    toll_unit: Number = 1.0
    toll_weight: Number = 0.0
    distance_weight: Number = 0.0

    def sources(self) -> list[str]:
        """The files of links and of nodes."""
        return super().sources() + ([self.nodes] if self.nodes is not None else [])


def check_network(section: Section[NetworksKeys], sections: Sections) -> None:
    """Refuse keys that do not fit together, before any file is opened.

    Parameters
    ----------
    section : of the city.toml.
    sections : those beside it.

    Raises
    ------
    CityFileError
        When a weight is negative, a unit is not above 0, or the nodes' projection is unknown.
    """
    keys = section.keys
    if keys.toll_unit <= 0:
        raise CityFileError("not_above_zero", section=section.label, key="toll_unit", value=keys.toll_unit)
    for key in ("toll_weight", "distance_weight"):
        if getattr(keys, key) < 0:
            raise CityFileError("negative_weight", section=section.label, key=key, value=getattr(keys, key))
    if keys.node_crs is not None and not _is_crs(keys.node_crs):
        raise CityFileError("unknown_node_crs", section=section.label, value=keys.node_crs)


def _is_crs(name: str) -> bool:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        CRS.from_user_input(name)
    except CRSError:
        return False
    return True
