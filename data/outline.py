"""The one-area layer "city", for tables without areas: the union of the areas, or the outline of the points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely import MultiPoint
from shapely.geometry.base import BaseGeometry

from data.dataset import CITY, Areas, Incidents
from data.provenance import Provenance, strictest

__all__ = ["city_layer"]

# So far beyond the outermost points does the outline run: points on a line still have an area around them.
MARGIN = 100.0  # metres


def city_layer(name: str, *, crs: str, areas: Sequence[Areas], incidents: Iterable[Incidents]) -> Areas:
    """The whole city as one area, named like the city; without areas and points it has no geometry.

    Population is the sum of the finest layer's and shares are its means weighted by population, unknown (NaN) where
    those of any area are.
    """
    finest = max(areas, key=lambda layer: len(layer.frame), default=None)
    made_of = [finest.provenance] if finest is not None else [table.provenance for table in incidents]
    if finest is not None:
        shape: BaseGeometry | None = shapely.union_all(finest.frame.geometry.to_numpy())
        values = _whole(finest.frame, finest.groups)
    else:
        points = [table.frame[["x", "y"]].to_numpy() for table in incidents]
        shape = _hull(np.concatenate(points)).buffer(MARGIN) if points else None
        values = {"population": np.nan}
    index = pd.Index([CITY], name="area_id")
    frame = gpd.GeoDataFrame({"name": [name], **values}, index=index, geometry=[shape], crs=crs)
    return Areas(CITY, frame, _provenance(made_of))


def _hull(points: npt.NDArray[np.float64]) -> BaseGeometry:
    """The convex hull of (x, y) points; those inside an octagon of outermost points are left out before, being many."""
    turn = np.arange(8) * np.pi / 4
    outermost = points[np.unique((points @ [np.cos(turn), np.sin(turn)]).argmax(axis=0))]
    octagon = MultiPoint(outermost).convex_hull
    if octagon.geom_type == "Polygon":
        points = points[~shapely.contains_xy(octagon, points)]
        points = np.concatenate([points, outermost])
    return MultiPoint(points).convex_hull


def _whole(frame: gpd.GeoDataFrame, groups: Sequence[str]) -> dict[str, float]:
    people = frame["population"].to_numpy()
    shares = {group: float(np.sum(frame[group].to_numpy() * people) / np.sum(people)) for group in groups}
    return {"population": float(np.sum(people)), **shares}


def _provenance(made_of: Sequence[Provenance]) -> Provenance:
    def stated(values: Iterable[str]) -> str:
        return "; ".join(dict.fromkeys(values)) or "not stated"

    return Provenance(
        name=CITY,
        origin=stated(each.origin for each in made_of),
        licence=stated(each.licence for each in made_of),
        redistributable=bool(made_of) and all(each.redistributable for each in made_of),
        classification=strictest(each.classification for each in made_of),
        synthetic=any(each.synthetic for each in made_of),
    )
