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

from data.provenance import NOT_STATED, Provenance, strictest
from data.tables.table import CITY
from data.words import Sentence, Words

__all__ = ["joint_provenance", "whole_of_areas", "whole_of_points"]

# So far beyond the outermost points does the outline run: points on a line still have an area around them.
MARGIN = 100.0  # metres


def whole_of_areas(frame: gpd.GeoDataFrame, *, name: str) -> gpd.GeoDataFrame:
    """A whole city as one area: the union of a layer's.

    Population is the sum of the layer's and shares are its means weighted by population, unknown (NaN) where those of any
    area are.

    Parameters
    ----------
    frame : of a layer, see ``Areas``.
    name : of the city.

    Returns
    -------
    gpd.GeoDataFrame
        One row, "city".
    """
    groups = [str(column) for column in frame.columns if str(column).startswith("share_")]
    return _frame(name, shapely.union_all(frame.geometry.to_numpy()), _whole(frame, groups), crs=frame.crs)


def whole_of_points(points: Sequence[npt.NDArray[np.float64]], *, name: str, crs: str) -> gpd.GeoDataFrame:
    """A whole city as one area: the outline of its points, without geometry where there are none.

    Parameters
    ----------
    points : (x, y) in metres of each table.
    name : of the city.
    crs : of the metres.

    Returns
    -------
    gpd.GeoDataFrame
        One row, "city", whose population is not known.
    """
    shape = _hull(np.concatenate(points)).buffer(MARGIN) if points else None
    return _frame(name, shape, {"population": np.nan}, crs=crs)


def _frame(name: str, shape: BaseGeometry | None, values: dict[str, float], *, crs: object) -> gpd.GeoDataFrame:
    index = pd.Index([CITY], name="area_id")
    return gpd.GeoDataFrame({"name": [name], **values}, index=index, geometry=[shape], crs=crs)


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


def joint_provenance(made_of: Sequence[Provenance]) -> Provenance:
    """The provenance of what is made of several tables: all their origins and licences, and their strictest class."""

    def stated(values: Iterable[Words]) -> Words:
        different = list(dict.fromkeys(values))
        names = "; ".join(each for each in different if isinstance(each, str))
        if names and NOT_STATED in different:
            return Sentence("provenance.partly_stated", {"names": names})
        return names or NOT_STATED

    return Provenance(
        name=CITY,
        origin=stated(each.origin for each in made_of),
        licence=stated(each.licence for each in made_of),
        redistributable=bool(made_of) and all(each.redistributable for each in made_of),
        classification=strictest(each.classification for each in made_of),
        synthetic=any(each.synthetic for each in made_of),
    )
