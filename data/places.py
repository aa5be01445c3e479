"""Areas from polygons and joined tables, and which area a point lies in."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pandera.errors import SchemaErrors
from pyproj import Transformer

from data.cityfile import Section
from data.dataset import CITY, Areas
from data.errors import CityFileError, TableError
from data.provenance import Classification, Finding, Provenance, fingerprint_of
from data.readers import read_geojson, read_table
from data.schemas import AREAS, EXAMPLES, column

__all__ = ["area_of", "as_ids", "project", "provenance_of", "read_areas"]


def read_areas(section: Section, *, crs: str) -> Areas:
    """One layer of areas, in the city's own metres.

    Raises
    ------
    TableError
        When an id stands twice, a column is missing, or a population or share is impossible; all failing rows are listed.
    """
    source = read_geojson(section.path())
    read = len(source)
    if section.get("dissolve"):
        source = source.dissolve(by=str(section["id"]), as_index=False)
    ids = as_ids(column(source, str(section["id"]), table=section.label))
    twice = ids[ids.duplicated()].unique().tolist()
    if twice:
        raise TableError("duplicate_area", table=section.label, ids=twice)
    frame = gpd.GeoDataFrame(
        geometry=source.to_crs(crs).geometry.to_numpy(), index=pd.Index(ids, name="area_id"), crs=crs
    )
    joined, findings = _joined(section, frame.index)
    for name, values in _columns(section, source, joined).items():
        frame[name] = values.to_numpy() if values.index.name != "area_id" else values
    _check(frame, section)
    text = frame.drop(columns="geometry").assign(shape=shapely.to_wkb(frame.geometry.to_numpy()))
    provenance = provenance_of(section, fingerprint=fingerprint_of(text), rows_read=read)
    return Areas(section.name, frame, provenance, section.get("parent"), findings)


def _columns(section: Section, source: gpd.GeoDataFrame, joined: pd.DataFrame) -> dict[str, pd.Series]:
    named = {"name": section.get("name", section["id"]), "population": section.get("population")}
    named |= {"parent_id": section.get("parent_id")} | dict(section.get("groups", {}))
    found: dict[str, pd.Series] = {}
    for name, source_column in named.items():
        if source_column is None:
            continue
        values = column(source, str(source_column), table=section.label)
        match name:
            case "name":
                found[name] = values.astype(str).map(_readable)
            case "parent_id":
                found[name] = as_ids(values)
            case _:
                found[name] = pd.to_numeric(values, errors="coerce").astype(float)
    found |= {str(name): joined[name] for name in joined.columns}
    found.setdefault("population", pd.Series(np.nan, index=source.index, dtype=float))
    return found


def _joined(section: Section, ids: pd.Index[str]) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    join = section.get("join")
    if join is None:
        return pd.DataFrame(index=ids), ()
    if not isinstance(join, dict) or not {"source", "on", "columns"} <= set(join):
        raise CityFileError("bad_join", section=section.label)
    source = read_table(section.folder / join["source"])
    label = f"{section.label} join"
    keys = as_ids(column(source, join["on"], table=label))
    if keys.duplicated().any():
        raise TableError("duplicate_area", table=label, ids=keys[keys.duplicated()].unique().tolist())
    scale = join.get("scale", {})
    frame = pd.DataFrame(
        {
            name: pd.to_numeric(column(source, each, table=label), errors="coerce").to_numpy()
            * float(scale.get(name, 1))
            for name, each in join["columns"].items()
        },
        index=pd.Index(keys, name="area_id"),
    )
    missing = [str(each) for each in ids if each not in frame.index]
    found = (Finding("areas_without_data", section.label, {"areas": missing}),) if missing else ()
    return frame.reindex(ids), found


def _check(frame: gpd.GeoDataFrame, section: Section) -> None:
    try:
        AREAS.validate(pd.DataFrame(frame.drop(columns="geometry")), lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
        rows = [f"{row.index} ({row.column} {row.failure_case})" for row in cases.itertuples()]
        raise TableError("bad_areas", table=section.label, rows=rows[:EXAMPLES], count=len(rows)) from error


def _readable(name: str) -> str:
    # Portals write names in capitals; a page of them is hard to read.
    return name.title() if name.isupper() else name


def as_ids(values: pd.Series) -> pd.Series:
    """Area ids as text: 11 and 11.0 become "11"; "01001" stays."""
    text = values.astype("string").str.strip().str.replace(r"^(\d+)\.0+$", r"\1", regex=True)
    return text.fillna("").astype(str)


def project(
    longitude: pd.Series, latitude: pd.Series, *, crs: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Metres in the city's crs for degrees."""
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(longitude.to_numpy(), latitude.to_numpy())
    return np.asarray(x, dtype=float), np.asarray(y, dtype=float)


def area_of(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], areas: Areas | None) -> npt.NDArray[np.object_]:
    """The area_id of each point; the smallest where several hold it, "" where none does."""
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
    fingerprint: str,
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
        fingerprint=fingerprint,
        as_of=as_of,
        rows_read=rows_read,
        set_aside=dict(set_aside or {}),
    )
