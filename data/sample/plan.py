"""The plan of Meridian: a river, two banks, a dense centre and wide suburbs, in metres.

The city lies where no city can be mistaken for it: on the 15th meridian west, in the open Atlantic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import compress

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely import LineString, MultiPoint, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize

from data.sample.draws import normals, uniforms
from data.sample.names import DISTRICTS

__all__ = ["CENTRE", "CRS", "RIVER_WIDTH", "Plan", "plan_of_meridian", "river_toml"]

Floats = npt.NDArray[np.float64]

CRS = "EPSG:32628"  # UTM zone 28 north; its central meridian is 15° west
CENTRE = (500_000.0, 4_870_000.0)
RIVER_WIDTH = 180.0
PLAN_SEED = 5  # the plan is the same whatever the seed of the data
SITES = {"north": 33, "south": 27}
POINTS = 5_000  # over which the sites of a bank are spread
ROUNDS = 5  # of Lloyd's relaxation: enough to part sites that lie close, too few to make a honeycomb
# What splits the banks into districts, in metres east and north of the centre: each neighbourhood joins the nearest.
DISTRICT_SEEDS = {
    "north": {
        "D1": (-200, 900),
        "D2": (-5_600, 1_400),
        "D3": (-2_100, 4_100),
        "D4": (2_600, 4_300),
        "D5": (6_200, 2_300),
    },
    "south": {"D6": (600, -1_500), "D7": (-4_600, -3_400), "D8": (5_000, -3_200), "D9": (300, -5_000)},
}


@dataclass(frozen=True, eq=False)
class Plan:
    """Meridian on the ground.

    ``neighbourhoods`` is indexed by area_id with columns name, parent_id, geometry (metres in ``CRS``) and ``distance``
    (metres from the centre); ``districts`` likewise with name and geometry. Neighbourhoods tile the city without gaps;
    the river's middle is a border. ``land`` is where people and events can be: the two banks without the river's water.
    """

    neighbourhoods: gpd.GeoDataFrame
    districts: gpd.GeoDataFrame
    river: LineString
    land: BaseGeometry


@cache
def plan_of_meridian() -> Plan:
    """The plan, always the same."""
    outline, river = _outline(), _river()
    banks = _banks(outline, river)
    mosaic = _mosaic({side: _sites(bank, side) for side, bank in banks.items()}, banks, outline)
    neighbourhoods = _neighbourhoods(mosaic)
    districts = neighbourhoods.dissolve("parent_id", method="coverage")[["geometry"]].rename_axis("area_id")
    districts.insert(0, "name", [DISTRICTS[str(area_id)][0] for area_id in districts.index])
    # Coordinates are written to a tenth of a metre: five metres inside, no point can leave the city by rounding.
    land = shapely.difference(outline.buffer(-5), river.buffer(RIVER_WIDTH / 2))
    return Plan(neighbourhoods, districts, river, land)


def river_toml() -> dict[str, object]:
    """The section ``[waters.merrow]`` of Meridian's city.toml; the name stands beside the river in the west of the city."""
    river = plan_of_meridian().river.simplify(40.0)
    west = river.interpolate(river.project(Point(CENTRE[0] - 6_000.0, CENTRE[1])))
    beside = Point(west.x, west.y + 4 * RIVER_WIDTH)
    degrees = gpd.GeoSeries([river, beside], crs=CRS).to_crs("EPSG:4326")
    longitude, latitude = degrees[1].coords[0]
    line = [[round(x, 5), round(y, 5)] for x, y in degrees[0].coords]
    return {"title": "River Merrow", "longitude": round(longitude, 5), "latitude": round(latitude, 5), "line": line}


def _outline() -> Polygon:
    """An oval of about 17 by 13 km with bays and spurs, its edge as uneven as that of fields and lanes."""
    turn = np.linspace(0, 2 * np.pi, 361)[:-1]
    strength = normals(PLAN_SEED, "outline", (2, 44)) * 0.13 / np.arange(2, 46) ** 1.25
    waves = np.arange(2, 46)[:, None] * turn
    radius = 1 + strength[0] @ np.cos(waves) + strength[1] @ np.sin(waves)
    return Polygon(np.column_stack([8_500 * radius * np.cos(turn), 6_300 * radius * np.sin(turn)]) + CENTRE)


def _river() -> LineString:
    """From west to east past the south of the centre, in slow bends; longer than the city."""
    east = np.linspace(-14_000, 14_000, 281)
    north = -900 + 1_000 * np.sin(east / 2_300 + 0.5) + 0.08 * east + 260 * np.sin(east / 900 + 1)
    return LineString(np.column_stack([east, north]) + CENTRE)


def _banks(outline: Polygon, river: LineString) -> dict[str, Polygon]:
    south, north = sorted(polygonize(shapely.union(outline.boundary, river)), key=lambda bank: bank.centroid.y)
    return {"north": north, "south": south}


def _sites(bank: Polygon, side: str) -> Floats:
    """The middles of one bank's neighbourhoods, close in the centre and wide apart in the suburbs, shape (site, 2).

    Lloyd's relaxation over points that weigh as much as neighbourhoods should lie close.
    """
    left, low, right, high = bank.bounds
    points = uniforms(PLAN_SEED, f"{side}/points", (POINTS, 2)) * (right - left, high - low) + (left, low)
    points = points[shapely.contains_xy(bank, points)]
    weight = np.exp(-np.hypot(*(points - CENTRE).T) / 1_900) + 0.035
    first = np.argsort(-np.log(uniforms(PLAN_SEED, f"{side}/first", len(points))) / weight)
    sites = points[first[: SITES[side]]]
    for _ in range(ROUNDS):
        nearest = np.argmin(((points[:, None] - sites) ** 2).sum(axis=2), axis=1)
        total = np.bincount(nearest, weight)
        sites = np.column_stack([np.bincount(nearest, weight * points[:, axis]) / total for axis in (0, 1)])
    return sites


def _mosaic(sites: Mapping[str, Floats], banks: Mapping[str, Polygon], outline: Polygon) -> dict[str, list[Polygon]]:
    """The neighbourhoods of each bank: the cells of its sites, with borders that bend as streets do.

    Every border is bent once and shared by the two neighbourhoods that it parts, so there is neither gap nor overlap.
    """
    cells = [
        cell.intersection(banks[side])
        for side, points in sites.items()
        for cell in shapely.voronoi_polygons(MultiPoint(points), extend_to=outline, ordered=True).geoms
    ]
    # Cells of the two banks meet the river at different points: one network, its nodes a metre apart or the same.
    network = shapely.unary_union([cell.boundary for cell in cells], grid_size=1.0)
    borders = sorted(shapely.get_parts(shapely.line_merge(network)), key=lambda border: border.bounds)
    bent = [_bent(border, f"border/{number}") for number, border in enumerate(borders)]
    faces = list(polygonize(bent))
    middles = shapely.point_on_surface(faces)
    return {side: list(compress(faces, shapely.contains(bank, middles))) for side, bank in banks.items()}


def _bent(border: LineString, what: str) -> LineString:
    """A straight border with four waves across it; the river and the city's edge stay as they are."""
    if len(border.coords) > 2:
        return border
    start, end = np.array(border.coords)
    along = np.linspace(0, 1, max(2, round(border.length / 90) + 1))
    waves = np.arange(1, 5)
    strength = 0.045 * normals(PLAN_SEED, what, 4) / waves
    across = np.array([start[1] - end[1], end[0] - start[0]])
    bends = np.outer(strength @ np.sin(np.pi * np.outer(waves, along)), across)
    return LineString(start + np.outer(along, end - start) + bends)


def _neighbourhoods(mosaic: Mapping[str, list[Polygon]]) -> gpd.GeoDataFrame:
    """The faces with their district and name, numbered by district and, within it, from the centre outward."""
    rows = []
    for side, faces in mosaic.items():
        seeds = DISTRICT_SEEDS[side]
        for face in faces:
            east, north = face.centroid.x - CENTRE[0], face.centroid.y - CENTRE[1]
            away = {parent: np.hypot(east - seed[0], north - seed[1]) for parent, seed in seeds.items()}
            rows.append(
                {
                    "parent_id": min(away, key=away.__getitem__),
                    "distance": float(np.hypot(east, north)),
                    "geometry": face,
                }
            )
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS).sort_values(["parent_id", "distance"])
    indices = zip(frame["parent_id"], frame.groupby("parent_id").cumcount(), strict=True)
    frame.insert(0, "name", [DISTRICTS[parent][1][index] for parent, index in indices])
    frame.index = pd.Index([f"A{number:02d}" for number in range(1, len(frame) + 1)], name="area_id")
    return frame
