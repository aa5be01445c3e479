"""The real incidents, made by hand: points in metres, no areas, reported by the public."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pandas as pd
from pyproj import Transformer

from benchmarks.forecasting.sets import data_folder
from data import Incidents, Provenance
from data.tables import CITY

__all__ = ["KINDS", "YEARS", "Kind", "Other", "chosen", "others", "parquet", "philadelphia"]

ROBBERIES = ("Robbery Firearm", "Robbery No Firearm")
VIOLENT = (
    "Homicide - Criminal", "Rape", *ROBBERIES, "Aggravated Assault Firearm", "Aggravated Assault No Firearm",
)  # fmt: skip
YEARS = (2019, 2022)
CHICAGO = "EPSG:26971"


@dataclass(frozen=True)
class Kind:
    """Incidents of some categories, looked for so many days ahead."""

    categories: tuple[str, ...]
    days: int


KINDS: Mapping[str, Kind] = {
    "burglary": Kind(("Burglary Residential",), 7),
    "robbery": Kind(ROBBERIES, 7),
    "firearm_assault": Kind(("Aggravated Assault Firearm",), 7),
    "theft_from_vehicle": Kind(("Theft from Vehicle",), 7),
    "motor_vehicle_theft": Kind(("Motor Vehicle Theft",), 7),
    "violent_28": Kind(VIOLENT, 28),
    "violent_1": Kind(VIOLENT, 1),
}


@dataclass(frozen=True)
class Other:
    """Another place's incidents: the file, how to read it, days ahead, the side of a cell in metres."""

    path: Path
    read: Callable[[], Incidents]
    days: int
    size: float = 200.0


def parquet() -> Path:
    """The file of Philadelphia's incidents."""
    return data_folder() / "philadelphia" / "incidents_2016_2022.parquet"


@cache
def philadelphia() -> Incidents:
    """A million incidents of Philadelphia, 2016 to 2022, in metres of UTM zone 18."""
    return _incidents("philadelphia", pd.read_parquet(parquet()), crs="EPSG:32618")


def chosen(incidents: Incidents, categories: tuple[str, ...]) -> Incidents:
    """Only the incidents of some categories."""
    frame = incidents.frame
    return replace(incidents, frame=frame[frame["category"].isin(categories)].reset_index(drop=True))


def others() -> Mapping[str, Other]:
    """The other places by name."""
    chicago = data_folder() / "chicago"
    requests = chicago / "service_311_vacant_and_snow_2018-07_2021.csv.gz"
    assaults = chicago / "crime_aggravated_assaults_points_2010_2018.csv.gz"
    sanitation = chicago / "service_311_sanitation_complaints_2011_2014.csv.gz"
    collisions = data_folder() / "benchmarks" / "other_cities" / "czechia_collisions.gpkg"
    return {
        "chicago_assault": Other(assaults, lambda: _assaults(assaults), 28),
        "chicago_sanitation": Other(sanitation, lambda: _sanitation(sanitation), 7),
        "chicago_vacant": Other(requests, lambda: _requests(requests, "chicago_vacant", "Vacant"), 7),
        "chicago_snow": Other(requests, lambda: _requests(requests, "chicago_snow", "Snow"), 7),
        "czech_collisions": Other(collisions, lambda: _collisions(collisions), 28, 5000.0),
    }


def _assaults(path: Path) -> Incidents:
    table = pd.read_csv(path).rename(columns={"date": "time"})
    return _incidents("chicago_assault", table, crs=CHICAGO)


def _sanitation(path: Path) -> Incidents:
    """Complaints of 2011 to 2014: what is older are stragglers, and repeats of one complaint do not count."""
    named = {"Creation_Date": "time", "Longitude": "longitude", "Latitude": "latitude"}
    table = pd.read_csv(path, low_memory=False).rename(columns=named)
    kept = table["time"].between("2011-01-01", "2014-12-31") & ~table["Status"].str.endswith("Dup", na=False)
    return _incidents("chicago_sanitation", table[kept], crs=CHICAGO)


def _requests(path: Path, name: str, begins: str) -> Incidents:
    table = pd.read_csv(path).rename(columns={"created_date": "time"})
    return _incidents(name, table[table["sr_type"].str.startswith(begins)], crs=CHICAGO)


def _collisions(path: Path) -> Incidents:
    """Collisions of a whole country, three years."""
    import geopandas as gpd

    table = gpd.read_file(path)
    frame = pd.DataFrame({"time": table["date"], "longitude": table.geometry.x, "latitude": table.geometry.y})
    return _incidents("czech_collisions", frame, crs="EPSG:5514")


def _incidents(name: str, table: pd.DataFrame, *, crs: str) -> Incidents:
    table = table.dropna(subset=["time", "longitude", "latitude"])
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(table["longitude"], table["latitude"])
    time = pd.to_datetime(table["time"])
    frame = pd.DataFrame(
        {
            "time": time.dt.tz_localize(None) if time.dt.tz is not None else time,
            "longitude": table["longitude"],
            "latitude": table["latitude"],
            "x": x,
            "y": y,
            "category": table["category"].astype("category") if "category" in table else "all",
            "area_id": CITY,
        }
    ).sort_values("time", kind="stable", ignore_index=True)
    return Incidents(
        name=name, title=name, frame=frame, provenance=Provenance(name, "benchmarks", "see the data's own", name),
        reported_by={str(each): "public" for each in frame["category"].unique()},
        since=frame["time"].iloc[0].normalize(), until=frame["time"].iloc[-1].normalize(),
    )  # fmt: skip
