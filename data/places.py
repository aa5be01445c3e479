"""Areas from polygons and joined tables, and which area a point lies in."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pandera.errors import SchemaErrors
from pyproj import CRS, Transformer

from data.cityfile import Section
from data.dataset import CITY, Areas
from data.errors import TableError
from data.provenance import Classification, Finding, Provenance
from data.readers import read_geojson, read_table
from data.schemas import AREAS, column

__all__ = ["area_of", "as_ids", "known_ids", "project", "provenance_of", "read_areas"]

# Cities reach a little beyond the zone that a projection is meant for; another continent does not.
CRS_MARGIN = 5.0  # degrees


def read_areas(section: Section, *, crs: str) -> Areas:
    """One layer of areas, in the city's own metres. A polygon that crosses itself is repaired, which is a finding.

    Raises
    ------
    TableError
        When an id stands twice, a column is missing, or a population or share is impossible; all failing rows are listed.
    """
    source = read_geojson(section.path())
    read = len(source)
    source, findings = _repaired(source, section)
    ids = as_ids(column(source, str(section["id"]), table=section.label))
    if section.get("dissolve"):
        source = source.assign(**{str(section["id"]): ids}).dissolve(by=str(section["id"]), as_index=False)
        ids = source[str(section["id"])]
    _check_ids(ids, label=section.label)
    _check_crs(source, section, crs)
    index = pd.Index(ids.to_numpy(), name="area_id")
    frame = gpd.GeoDataFrame(geometry=source.to_crs(crs).geometry.to_numpy(), index=index, crs=crs)
    for name, values in _columns(section, source).items():
        frame[name] = values.to_numpy()
    joined, missing = _joined(section, index)
    for name in joined.columns:
        frame[name] = joined[name]
    if "population" not in frame.columns:
        frame["population"] = np.nan
    _check_values(frame, section)
    provenance = provenance_of(section, rows_read=read)
    return Areas(section.name, frame, provenance, section.get("parent"), (*findings, *missing))


def _repaired(source: gpd.GeoDataFrame, section: Section) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    broken = ~source.geometry.is_valid
    if not broken.any():
        return source, ()
    # Of what a repair leaves, only the surfaces are area; stray lines and points are not.
    mended = [
        shapely.union_all([part for part in shapely.get_parts(shape) if part.geom_type in ("Polygon", "MultiPolygon")])
        for shape in shapely.make_valid(source.geometry[broken].to_numpy())
    ]
    source = source.copy()
    source.loc[broken, "geometry"] = mended
    rows = [int(row) + 1 for row in source.index[broken]]
    return source, (Finding("polygons_repaired", section.label, {"polygons": len(rows), "examples": rows}),)


def _check_ids(ids: pd.Series, *, label: str) -> None:
    if (ids == "").any():
        raise TableError("empty_area", table=label, rows=[int(row) + 1 for row in np.flatnonzero(ids == "")])
    twice = ids[ids.duplicated()].unique().tolist()
    if twice:
        raise TableError("duplicate_area", table=label, ids=twice)


def _check_crs(source: gpd.GeoDataFrame, section: Section, crs: str) -> None:
    use = CRS(crs).area_of_use
    if use is None:
        return
    west, south, east, north = source.total_bounds
    latitude = (south + north) / 2
    # Degrees east of the zone's western edge: a zone that crosses the date line has its west beyond its east.
    along = ((west + east) / 2 - use.west + CRS_MARGIN) % 360
    width = (use.east - use.west) % 360 or 360.0
    if along > width + 2 * CRS_MARGIN or not use.south - CRS_MARGIN <= latitude <= use.north + CRS_MARGIN:
        bounds = [round(float(edge), 2) for edge in source.total_bounds]
        raise TableError("crs_elsewhere", table=section.label, crs=crs, place=use.name, bounds=bounds)


def _columns(section: Section, source: gpd.GeoDataFrame) -> dict[str, pd.Series]:
    """The columns of the layer that its own file holds."""

    def named(name: str) -> pd.Series:
        return column(source, name, table=section.label)

    found = {"name": named(str(section.get("name", section["id"]))).astype(str).map(_readable)}
    if "parent_id" in section.keys:
        found["parent_id"] = as_ids(named(str(section["parent_id"])))
    numbers = dict(section.get("groups", {}))
    if "population" in section.keys:
        numbers["population"] = section["population"]
    for name, each in numbers.items():
        found[name] = pd.to_numeric(named(str(each)), errors="coerce").astype(float)
    return found


def _joined(section: Section, index: pd.Index[str]) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Columns from another table, matched by id."""
    join = section.get("join")
    if join is None:
        return pd.DataFrame(index=index), ()
    source = read_table(section.folder / join["source"])
    label = f"{section.label} join"
    keys = known_ids(column(source, join["on"], table=label), index)
    _check_ids(keys[keys.isin(index)], label=label)
    scale = join.get("scale", {})
    frame = pd.DataFrame(
        {
            name: pd.to_numeric(column(source, each, table=label), errors="coerce").to_numpy()
            * float(scale.get(name, 1))
            for name, each in join["columns"].items()
        },
        index=pd.Index(keys, name="area_id"),
    )
    missing = [str(each) for each in index if each not in frame.index]
    if len(missing) == len(index):
        evidence = {"ids": keys.unique().tolist(), "known": list(index)}
        raise TableError("join_matches_nothing", table=label, column=join["on"], **evidence)
    found = (Finding("areas_without_data", section.label, {"areas": missing}),) if missing else ()
    return frame[frame.index.isin(index)].reindex(index), found


def _check_values(frame: gpd.GeoDataFrame, section: Section) -> None:
    try:
        AREAS.validate(pd.DataFrame(frame.drop(columns="geometry")), lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
        rows = [f"{row.index} ({row.column} {row.failure_case:g})" for row in cases.itertuples()]
        raise TableError("bad_areas", table=section.label, rows=rows, count=len(rows)) from error


def _readable(name: str) -> str:
    # Portals write names in capitals; a page of them is hard to read.
    return name.title() if name.isupper() else name


def as_ids(values: pd.Series) -> pd.Series:
    """Area ids as text: 11 and 11.0 become "11"; "01001" stays."""
    text = values.astype("string").str.strip().str.replace(r"^(\d+)\.0+$", r"\1", regex=True)
    return text.fillna("").astype(str)


def known_ids(values: pd.Series, known: pd.Index[str]) -> pd.Series:
    """Area ids as a layer writes them: "011" and "11" are one area, unless the layer tells them apart."""
    ids = as_ids(values)
    short = {_short(each): each for each in known}
    if len(short) < len(known):
        return ids
    written = {each: each if each in known else short.get(_short(each), each) for each in ids.unique()}
    return ids.map(written)


def _short(area_id: str) -> str:
    return area_id.lstrip("0") or "0" if area_id.isdecimal() else area_id


def project(
    longitude: pd.Series, latitude: pd.Series, *, crs: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Metres in the city's crs for degrees."""
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(longitude.to_numpy(), latitude.to_numpy())
    return np.asarray(x, dtype=float), np.asarray(y, dtype=float)


def area_of(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], areas: Areas | None) -> npt.NDArray[np.object_]:
    """The area_id of each point; the smallest (as text) where several hold it, "" where none does."""
    if areas is None:
        return np.full(len(x), CITY, dtype=object)
    ids = np.sort(areas.frame.index.to_numpy().astype(str))
    shapes = areas.frame.geometry.loc[ids].to_numpy()
    points, polygons = shapely.STRtree(shapes).query(shapely.points(x, y), predicate="intersects")
    place = np.full(len(x), len(ids), dtype=np.int64)
    np.minimum.at(place, points, polygons)
    found: npt.NDArray[np.object_] = np.append(ids, "").astype(object)[place]
    return found


def provenance_of(
    section: Section,
    *,
    rows_read: int,
    as_of: pd.Timestamp | None = None,
    set_aside: Mapping[str, int] | None = None,
) -> Provenance:
    """The provenance of one section's table, with the uses that the file states."""
    return Provenance(
        name=section.name,
        origin=str(section.get("origin", "not stated")),
        licence=str(section.get("licence", "not stated")),
        redistributable=bool(section.get("redistributable", False)),
        classification=Classification(section.get("classification", "public")),
        synthetic=bool(section.get("synthetic", False)),
        as_of=as_of,
        rows_read=rows_read,
        set_aside=dict(set_aside or {}),
    )
