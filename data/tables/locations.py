"""Where a point lies: in metres, and in which area of a layer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Transformer

from data.tables.areas import Areas
from data.tables.table import CITY

__all__ = ["area_of", "project"]


def project(
    longitude: pd.Series, latitude: pd.Series, *, crs: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Metres in the city's crs for degrees.

    Parameters
    ----------
    longitude, latitude : degrees.
    crs : a projection in metres.

    Returns
    -------
    tuple
        x and y, one a point; infinity for the far side of the globe.
    """
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(longitude.to_numpy(), latitude.to_numpy())
    return np.asarray(x, dtype=float), np.asarray(y, dtype=float)


def area_of(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], areas: Areas | None) -> npt.NDArray[np.object_]:
    """The area of each point.

    Parameters
    ----------
    x, y : metres, one a point.
    areas : a layer; without one all points lie in the area "city".

    Returns
    -------
    numpy array
        An area_id a point: the smallest (as text) where several areas hold it, "" where none does.
    """
    if areas is None:
        return np.full(len(x), CITY, dtype=object)
    ids = np.sort(areas.frame.index.to_numpy().astype(str))
    shapes = areas.frame.geometry.loc[ids].to_numpy()
    index = np.full(len(x), len(ids), dtype=np.int64)
    # A million points as objects would take longer than all else that is done with them, and much memory.
    from_west = np.argsort(x, kind="stable")
    east, north = x[from_west], y[from_west]
    west, south, end, top = shapely.bounds(shapes).T
    first, last = np.searchsorted(east, west, "left"), np.searchsorted(east, end, "right")
    for place in reversed(range(len(ids))):  # so that the smallest is written last
        within = north[first[place] : last[place]]
        near = first[place] + np.flatnonzero((within >= south[place]) & (within <= top[place]))
        if len(near):
            shapely.prepare(shapes[place])
            index[from_west[near[shapely.intersects_xy(shapes[place], east[near], north[near])]]] = place
    found: npt.NDArray[np.object_] = np.append(ids, "").astype(object)[index]
    return found
