"""Areas: layers of polygons with their people, from polygons and joined tables; and the whole city as one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors
from pydantic import AfterValidator, Field

from data.errors import CityFileError, TableError
from data.provenance import Finding, Provenance
from data.readers import read_rows, read_shapes
from data.tables.amounts import no_numbers, numbers_of
from data.tables.contract import Kind, Sections, Tables, known, pair_stated
from data.tables.globe import check_whereabouts
from data.tables.ids import as_ids, known_ids
from data.tables.outline import joint_provenance, whole_of_areas, whole_of_points
from data.tables.polygons import overlapping, repaired
from data.tables.section import Keys, Number, Section, TableKeys, Text, Texts, YesOrNo, refused
from data.tables.sifting import column
from data.tables.table import CITY, Table, shapes_of
from data.words import in_title_case

__all__ = ["AREAS", "Areas", "AreasKeys"]

GROUP_COLUMNS = ("share_over_65", "share_disabled", "share_low_income")
MOST_PEOPLE = 1e10  # there are fewer on the globe
POSSIBLE = pa.DataFrameSchema(
    {
        "population": pa.Column(float, pa.Check.in_range(0, MOST_PEOPLE, name="no_population"), nullable=True),
        r"share_.*": pa.Column(
            float, pa.Check.in_range(0, 1, name="not_a_share"), nullable=True, regex=True, required=False
        ),
    },
    index=pa.Index(str, unique=True),
)


@dataclass(frozen=True, eq=False)
class Areas(Table):
    """One layer of areas.

    ``frame`` is indexed by ``area_id`` (text) and holds ``name``, ``population`` (persons, NaN where unknown),
    shares of groups (0 to 1, columns ``share_...``, only those that the city has), ``parent_id`` where the layer
    has a parent, and ``geometry`` in the city's own metres.
    """

    kind = "areas"

    layer: str
    frame: gpd.GeoDataFrame
    provenance: Provenance
    parent: str | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def title(self) -> str:
        """What people call the layer."""
        return self.layer.replace("_", " ").capitalize()

    @property
    def rows(self) -> int:
        """How many areas."""
        return len(self.frame)

    @property
    def groups(self) -> tuple[str, ...]:
        """The group shares that the layer has."""
        return tuple(column for column in self.frame.columns if str(column).startswith("share_"))

    @property
    def absent_groups(self) -> tuple[str, ...]:
        """The groups that every outcome should show and this layer cannot."""
        return tuple(column for column in GROUP_COLUMNS if column not in self.frame.columns)

    def content(self) -> tuple[object, ...]:
        """The shapes and what is known of each area."""
        return (pd.DataFrame(self.frame.drop(columns="geometry")).assign(shape=shapes_of(self.frame)),)

    def facts(self) -> dict[str, Any]:
        """How many areas, and the groups of people that are known."""
        return {"rows": self.rows, "groups": self.groups, "absent_groups": self.absent_groups}


def _groups(value: dict[str, Any]) -> dict[str, Any]:
    for name in value:
        if not (name.startswith("share_") or name == "population"):
            raise refused("not_a_group", key=name)
    return value


Groups = Annotated[Texts, AfterValidator(_groups)]


class JoinKeys(Keys):
    """Columns of another table, matched by id."""

    source: Text
    on: Text
    columns: Groups
    scale: dict[str, Number] = Field(default_factory=dict)


class AreasKeys(TableKeys):
    """The keys of a layer."""

    source: Text
    id: Text
    name: Text | None = None
    population: Text | None = None
    parent: Text | None = None
    parent_id: Text | None = None
    groups: Groups = Field(default_factory=dict)
    join: JoinKeys | None = None
    dissolve: YesOrNo = False


def _check(section: Section[AreasKeys], sections: Sections) -> None:
    if section.name == CITY:
        raise CityFileError("bad_name", section=section.label, reserved=CITY)
    layers = sections["areas"]
    if section.keys.parent is not None:
        known(section, section.keys.parent, list(layers), code="unknown_layer", allowed="layers")
    pair_stated(section, "parent", "parent_id")
    above, path = section.keys.parent, [section.name]
    while above is not None and above in layers:
        if above in path:  # none of these layers could be opened before the others
            raise CityFileError("parents_in_a_circle", section=section.label, layers=[*path, above])
        path.append(above)
        above = layers[above].keys.parent


def _beside(sections: Sections) -> Sequence[Section[Any]]:
    """The whole city as a layer, for a city without areas and for series without."""
    first = next(iter([*sections["incidents"].values(), *sections["series"].values()]))
    series = sections["series"].values()
    wanted = not sections["areas"] or any(each.keys.areas is None for each in series)
    return [Section("areas", CITY, Keys(), first.folder)] if wanted else []


def open_areas(section: Section[AreasKeys], tables: Tables) -> Areas:
    """One layer of areas, in the city's own metres. A polygon that crosses itself is repaired, which is a finding.

    Parameters
    ----------
    section : of the city.toml; that of the whole city states nothing.
    tables : the city's others: the layer's parent, or what the whole city is made of.

    Returns
    -------
    Areas
        The layer.

    Raises
    ------
    TableError
        When an id stands twice, a column is missing, a parent is not known, or a population or share is impossible; all
        failing rows are listed.
    """
    if section.name == CITY:
        return _whole_city(tables)
    source = read_shapes(section.path(section.keys.source))
    read = len(source)
    source, mended = repaired(source, label=section.label)
    ids = as_ids(column(source, section.keys.id, table=section.label))
    if section.keys.dissolve:
        source = source.assign(**{section.keys.id: ids}).dissolve(by=section.keys.id, as_index=False)
        ids = source[section.keys.id]
    _check_ids(ids, label=section.label)
    west, south, east, north = source.total_bounds
    check_whereabouts(([west, east], [south, north]), label=section.label, facts=tables.facts)
    index = pd.Index(ids.to_numpy(), name="area_id")
    metric = source.to_crs(tables.facts.crs).geometry.to_numpy()
    frame = gpd.GeoDataFrame(geometry=metric, index=index, crs=tables.facts.crs)
    for name, values in _columns(section, source).items():
        frame[name] = values.to_numpy()
    joined, missing = _joined(section, index)
    for name in joined.columns:
        frame[name] = joined[name]
    unreadable = _numbers(frame, section)
    if "population" not in frame.columns:
        frame["population"] = np.nan
    _check_values(frame, section)
    _check_parents(frame, section, tables)
    findings = (*mended, *missing, *unreadable, *overlapping(frame, label=section.label))
    return Areas(section.name, frame, section.provenance(rows_read=read), section.keys.parent, findings)


def _check_ids(ids: pd.Series, *, label: str) -> None:
    if (ids == "").any():
        raise TableError("empty_area", table=label, rows=[int(row) + 1 for row in np.flatnonzero(ids == "")])
    twice = ids[ids.duplicated()].unique().tolist()
    if twice:
        raise TableError("duplicate_area", table=label, ids=twice)


def _columns(section: Section[AreasKeys], source: gpd.GeoDataFrame) -> dict[str, pd.Series]:
    """The columns of the layer that its own file holds."""
    keys = section.keys

    def named(name: str) -> pd.Series:
        return column(source, name, table=section.label)

    names = named(keys.name or keys.id).astype("string").str.strip().fillna("")
    found = {"name": names.mask(names == "", as_ids(named(keys.id))).astype(str).map(_readable)}
    if keys.parent_id is not None:
        found["parent_id"] = as_ids(named(keys.parent_id))
    numbers = dict(keys.groups)
    if keys.population is not None:
        numbers["population"] = keys.population
    for name, each in numbers.items():
        found[name] = named(each)
    return found


def _joined(section: Section[AreasKeys], index: pd.Index[str]) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Columns from another table, matched by id."""
    join = section.keys.join
    if join is None:
        return pd.DataFrame(index=index), ()
    source = read_rows(section.path(join.source))
    label = " ".join([section.label, "join"])
    keys = known_ids(column(source, join.on, table=label), index)
    _check_ids(keys[keys.isin(index)], label=label)
    columns = {name: column(source, each, table=label).to_numpy() for name, each in join.columns.items()}
    frame = pd.DataFrame(columns, index=pd.Index(keys, name="area_id"))
    missing = [str(each) for each in index if each not in frame.index]
    if len(missing) == len(index):
        evidence = {"ids": keys.unique().tolist(), "known": list(index)}
        raise TableError("join_matches_nothing", table=label, column=join.on, **evidence)
    strange = [str(each) for each in frame.index if each not in index]
    found = (Finding("areas_without_data", section.label, {"areas": missing}),) if missing else ()
    if strange:
        found = (*found, Finding("join_of_unknown_areas", section.label, {"rows": len(strange), "areas": strange}))
    return frame[frame.index.isin(index)].reindex(index), found


def _numbers(frame: gpd.GeoDataFrame, section: Section[AreasKeys]) -> tuple[Finding, ...]:
    """Make the columns of people numbers; a finding a column on what is written there and is none."""
    join = section.keys.join
    scales = {} if join is None else {name: scale for name, scale in join.scale.items() if name in join.columns}
    found: list[Finding] = []
    for name in frame.columns.difference(["name", "parent_id", "geometry"], sort=False):
        found += no_numbers(frame[name], list(frame.index), column=name, label=section.label)
        frame[name] = numbers_of(frame[name]) * scales.get(name, 1.0)
    return tuple(found)


def _check_values(frame: gpd.GeoDataFrame, section: Section[AreasKeys]) -> None:
    try:
        POSSIBLE.validate(pd.DataFrame(frame.drop(columns="geometry")), lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
        rows = [f"{row.index} ({row.column} {row.failure_case:g})" for row in cases.itertuples()]
        raise TableError("bad_areas", table=section.label, rows=rows, count=len(rows)) from error


def _check_parents(frame: gpd.GeoDataFrame, section: Section[AreasKeys], tables: Tables) -> None:
    if section.keys.parent is None:
        return
    parent = section.keys.parent
    ids = tables.table("areas", parent).frame.index
    strange = sorted(set(frame["parent_id"]) - set(ids))
    if strange:
        evidence = {"ids": strange, "layer": parent, "known": list(ids)}
        raise TableError("unknown_parent", table=section.label, **evidence)


def _readable(name: str) -> str:
    # Portals write names in capitals; a page of them is hard to read.
    return in_title_case(name) if name.isupper() else name


def finest(tables: Tables) -> Areas | None:
    """The layer with the most areas, the first of several; None for a city without areas."""
    layers = [tables.table("areas", name) for name in tables.of("areas") if name != CITY]
    return max(layers, key=lambda layer: len(layer.frame), default=None)


def layer_of(name: str | None, tables: Tables) -> Areas | None:
    """The layer that a section names; None where it names none."""
    return None if name is None else tables.table("areas", name)


def _whole_city(tables: Tables) -> Areas:
    layer, name = finest(tables), tables.facts.name
    if layer is not None:
        return Areas(CITY, whole_of_areas(layer.frame, name=name), joint_provenance([layer.provenance]))
    incidents = list(tables.of("incidents").values())
    points = [each.frame[["x", "y"]].to_numpy() for each in incidents]
    frame = whole_of_points(points, name=name, crs=tables.facts.crs)
    return Areas(CITY, frame, joint_provenance([each.provenance for each in incidents]))


AREAS = Kind("areas", AreasKeys, open_areas, check=_check, beside=_beside)
