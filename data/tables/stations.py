"""Rows of values that say where they were measured by degrees: each station stands for the area that it lies in."""

from __future__ import annotations

import pandas as pd

from data.tables.areas import Areas
from data.tables.locations import area_of, project
from data.tables.sifting import column

__all__ = ["areas_of_stations"]


def areas_of_stations(
    table: pd.DataFrame, areas: Areas, *, longitude: str, latitude: str, crs: str, label: str
) -> pd.Series:
    """The area of each row, "" for a station in none.

    Parameters
    ----------
    table : a source.
    areas : the layer.
    longitude, latitude : columns, in degrees.
    crs : the city's, in metres.
    label : how sentences name the section.

    Returns
    -------
    pd.Series
        Area ids by the index of the table.

    Raises
    ------
    TableError
        When a column is missing.
    """
    written = [column(table, name, table=label).rename(key) for key, name in (("x", longitude), ("y", latitude))]
    degrees = pd.concat(written, axis=1).apply(pd.to_numeric, errors="coerce")
    stations = degrees.drop_duplicates().dropna()
    x, y = project(stations["x"], stations["y"], crs=crs)
    found = stations.assign(area_id=area_of(x, y, areas))
    rows = degrees.merge(found, on=["x", "y"], how="left")["area_id"].fillna("")
    return pd.Series(rows.to_numpy(), index=table.index)
