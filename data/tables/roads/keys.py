"""The keys of a network in a city.toml: lines alone, or links and nodes on which traffic can be routed."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from data.errors import CityFileError
from data.tables.contract import Sections
from data.tables.roads.units import LengthUnit, SpeedUnit, TimeUnit
from data.tables.section import Number, Patterns, Section, TableKeys, Text, Texts, YesOrNo, choice, wrong_type

__all__ = ["COLUMNS", "ENDS", "NetworksKeys", "check_network", "is_tntp"]

ENDS = ("from_longitude", "from_latitude", "to_longitude", "to_latitude")
"""The degrees of a line's two ends, where a table has no lines."""
COLUMNS = (
    "id", "from_node", "to_node", "directed", "length", "lanes", "capacity", "speed", "free_time", "b", "power", "toll", "kind",
    "name", "geometry", "node", "x", "y", "zone", "node_type", *ENDS,
)  # fmt: skip
"""Our names for the columns of links and of nodes."""


def _names(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise wrong_type("texts")
    return list(dict.fromkeys(value))


class NetworksKeys(TableKeys):
    """The keys of a network.

    ``source`` are lines (GeoJSON or a zipped Shapefile; or rows with the degrees of their two ends), or links in TNTP or in a
    table named as GMNS has it. Lines with ``join`` route: ends within so many metres of each other are one node; ``forward``
    and ``backward`` are patterns of those that are one way, along the line or against it. ``columns`` names what the file
    calls what we know under the names of ``COLUMNS``. ``nodes`` is the file of the nodes' places, in ``node_crs``. A unit of
    toll in the file is ``toll_unit`` of the city's money. What routes are chosen by is the time in minutes, ``toll_weight``
    for each unit of toll and ``distance_weight`` for each unit of length of the file. ``candidates`` are the links that may be
    closed, widened or priced, by id or name, and ``planned`` those that are not there yet.
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
    columns: Texts = Field(default_factory=dict)
    capacity_per_lane: YesOrNo | None = None
    lane_capacity: Number | None = None
    join: Number | None = None
    forward: Patterns = Field(default_factory=dict)
    backward: Patterns = Field(default_factory=dict)
    candidates: Annotated[list[str], BeforeValidator(_names)] = Field(default_factory=list)
    planned: Annotated[list[str], BeforeValidator(_names)] = Field(default_factory=list)

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
    rows = keys.source.lower().endswith((".csv", ".csv.gz", ".parquet"))
    if rows and keys.nodes is None and not all(end in keys.columns for end in ENDS):
        raise CityFileError("network_nodes", section=section.label)
    if keys.join is not None and (keys.nodes is not None or is_tntp(keys.source)):
        raise CityFileError("join_needs_lines", section=section.label, value=keys.source)
    if keys.toll_unit <= 0:
        raise CityFileError("not_above_zero", section=section.label, key="toll_unit", value=keys.toll_unit)
    for name in keys.columns:
        if name not in COLUMNS:
            raise CityFileError("unknown_column_name", section=section.label, value=name, allowed=list(COLUMNS))
    for key in ("lane_capacity", "join"):
        value = getattr(keys, key)
        if value is not None and value <= 0:
            raise CityFileError("not_above_zero", section=section.label, key=key, value=value)
    for key in ("toll_weight", "distance_weight"):
        if getattr(keys, key) < 0:
            raise CityFileError("negative_weight", section=section.label, key=key, value=getattr(keys, key))
    if keys.node_crs is not None and not _is_crs(keys.node_crs):
        raise CityFileError("unknown_node_crs", section=section.label, value=keys.node_crs)


def is_tntp(source: str) -> bool:
    """Whether a file is in TNTP by its name."""
    return source.lower().removesuffix(".gz").endswith(".tntp")


def _is_crs(name: str) -> bool:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        CRS.from_user_input(name)
    except CRSError:
        return False
    return True
