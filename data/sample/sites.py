"""Service points of Meridian: where they are, where they could be, and which openings are the best by trying all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from data.sample.plan import CRS, plan_of_meridian

__all__ = ["DESCRIBED", "Opening", "Site", "openings", "planted_sites", "sites_toml", "write_sites"]

# Neighbourhood, open today, may be closed, and requests that it can serve a year. The south has none of its own.
PLANTED = (
    ("A01", True, False, 40_000), ("A06", True, False, 30_000), ("A13", True, False, 25_000),
    ("A30", True, True, 25_000), ("A11", True, True, 20_000),
    ("A16", False, False, 20_000), ("A22", False, False, 20_000), ("A27", False, False, 20_000),
    ("A32", False, False, 20_000), ("A33", False, False, 20_000), ("A45", False, False, 25_000),
    ("A47", False, False, 25_000), ("A48", False, False, 20_000), ("A49", False, False, 20_000),
    ("A52", False, False, 25_000), ("A54", False, False, 20_000), ("A56", False, False, 20_000),
    ("A58", False, False, 20_000), ("A59", False, False, 25_000), ("A60", False, False, 20_000),
)  # fmt: skip
# A candidate of another across the street (metres east and north): whatever one does, the other nearly does.
TWIN_OF, ACROSS = "A56", (140.0, 60.0)
DETOUR, REACH = 1.3, 2_500
FILE = "service_points.csv"
DESCRIBED = 5  # of the best openings


@dataclass(frozen=True)
class Site:
    """A service point, or a place for one: ``capacity`` is what it can serve a year."""

    site_id: str
    name: str
    x: float
    y: float
    existing: bool
    closable: bool
    capacity: int


@dataclass(frozen=True)
class Opening:
    """Candidates that may be opened together, and the mean travel of a request then: metres, by the straight line
    times ``DETOUR``, from the middle of its neighbourhood to the nearest service point.
    """

    opened: tuple[str, ...]
    travel: float


def planted_sites() -> tuple[Site, ...]:
    """The service points and candidates, those that are open today first; each stands in the middle of its neighbourhood."""
    areas = plan_of_meridian().neighbourhoods
    middles = middles_of(areas)
    found = []
    for area_id, existing, closable, capacity in PLANTED:
        x, y = (round(float(middles[axis][area_id]), 1) for axis in ("x", "y"))
        found.append(Site(f"S{area_id[1:]}", f"{areas['name'][area_id]} library", x, y, existing, closable, capacity))
    twin = next(each for each in found if each.site_id == f"S{TWIN_OF[1:]}")
    name = f"{areas['name'][TWIN_OF]} school"
    found.append(Site("S61", name, twin.x + ACROSS[0], twin.y + ACROSS[1], False, False, twin.capacity))
    return tuple(found)


def middles_of(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """The centroid of each area (x, y in metres), or a place within it where the centroid lies outside."""
    inside = areas.geometry.centroid.within(areas.geometry)
    middles = areas.geometry.centroid.where(inside, areas.geometry.representative_point())
    return pd.DataFrame({"x": middles.x, "y": middles.y}, index=areas.index)


def openings(sites: Sequence[Site], requests: pd.Series, *, number: int) -> tuple[Opening, ...]:
    """Every way to open so many candidates beside what is open today, the best first.

    Parameters
    ----------
    sites : open ones and candidates.
    requests : a number a neighbourhood.
    number : of candidates.

    Returns
    -------
    tuple of Opening
        By mean travel.
    """
    middles = middles_of(plan_of_meridian().neighbourhoods).loc[requests.index]
    places = np.array([(each.x, each.y) for each in sites])
    apart = DETOUR * np.hypot(*(middles.to_numpy()[:, None] - places).transpose(2, 0, 1))
    today = apart[:, [each.existing for each in sites]].min(axis=1)
    candidates = [index for index, each in enumerate(sites) if not each.existing]
    share = requests.to_numpy(dtype=float) / float(requests.sum())
    found = [
        Opening(tuple(sites[index].site_id for index in chosen), _travel(share, today, apart[:, chosen]))
        for chosen in combinations(candidates, number)
    ]
    return tuple(sorted(found, key=lambda each: each.travel))


def _travel(share: npt.NDArray[np.float64], today: npt.NDArray[np.float64], apart: npt.NDArray[np.float64]) -> float:
    return float(share @ np.minimum(today, apart.min(axis=1)))


def write_sites(folder: Path, sites: Sequence[Site]) -> None:
    """The sites as a file, by longitude and latitude.

    Parameters
    ----------
    folder : of the city.
    sites : open ones and candidates.
    """
    table = pd.DataFrame(sites)
    points = gpd.GeoSeries.from_xy(table["x"], table["y"], crs=CRS).to_crs("EPSG:4326")
    status = np.where(table["existing"], np.where(table["closable"], "may close", "stays"), "candidate")
    about = table[["site_id", "name", "capacity"]].assign(status=status)
    about.assign(longitude=points.x.round(6), latitude=points.y.round(6)).to_csv(folder / FILE, index=False)


def sites_toml() -> dict[str, Any]:
    """The section of the city file."""
    return {
        "source": FILE,
        "title": "Service points",
        "id": "site_id",
        **{name: name for name in ("name", "longitude", "latitude", "capacity")},
        "existing": {"status": ["stays", "may close"]},
        "closable": {"status": ["may close"]},
        "series": "service_requests",
        "reach": REACH,
        "detour": DETOUR,
    }
