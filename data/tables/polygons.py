"""What is noticed of the polygons of a layer: that they cross themselves, or lie within each other."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from data.provenance import Finding

__all__ = ["overlapping", "repaired"]

MOSTLY = 0.5  # of an area's surface


def repaired(source: gpd.GeoDataFrame, *, label: str) -> tuple[gpd.GeoDataFrame, tuple[Finding, ...]]:
    """The features, those that cross themselves repaired, and a finding where there were any.

    Parameters
    ----------
    source : features, numbered from 0.
    label : how sentences name the table.

    Returns
    -------
    tuple
        The features and at most one finding.
    """
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
    return source, (Finding("polygons_repaired", label, {"polygons": len(rows), "examples": rows}),)


def overlapping(frame: gpd.GeoDataFrame, *, label: str) -> tuple[Finding, ...]:
    """A finding on the areas of which more than half lies within another.

    Parameters
    ----------
    frame : areas in metres, indexed by id.
    label : how sentences name the table.

    Returns
    -------
    tuple of Finding
        At most one: a point there counts for one of two areas alone.
    """
    shapes, ids = frame.geometry.to_numpy(), frame.index.to_numpy()
    # Of an area that lies within another as a whole, any point does: few pairs are left to be measured.
    inner, outer = shapely.STRtree(shapes).query(shapely.point_on_surface(shapes), predicate="intersects")
    inner, outer = inner[inner != outer], outer[inner != outer]
    shared = shapely.area(shapely.intersection(shapes[inner], shapes[outer])) > MOSTLY * shapely.area(shapes[inner])
    found = [str(each) for each in ids[np.unique(inner[shared])]]
    return (Finding("areas_overlap", label, {"count": len(found), "areas": found}),) if found else ()
