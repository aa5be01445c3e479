"""Areas as the browser and the files draw them: simplified once, together, so that neighbours still meet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import orjson
import shapely

from dashboard.figures.palette import Theme, colours
from data import Areas

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = [
    "Box",
    "ToDegrees",
    "area_rings",
    "bounds",
    "geojson_url",
    "layer_geojson",
    "layer_svg",
    "outline_rings",
    "part_asked",
    "points_inside",
    "svg_url",
    "to_degrees",
]

TOLERANCE = 120.0  # metres: below a pixel when a city of 40 km is drawn 400 px wide; of a part of it as much less as it is smaller
PIXELS = 1600  # longest side of the SVG; browsers turn a background image into pixels once, at its own size
BORDER = 2.6  # of those pixels: about .9 on a map of 550
DECIMALS = 5  # of a degree: one metre
LAYERS = (
    8  # whose shapes are kept: of a map that changes with each step of a slider they are the larger part of the work
)

Ring = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]  # west, south, east, north, in metres


@dataclass(frozen=True, eq=False)
class ToDegrees:
    """From metres to longitude and latitude within a layer's surroundings, by polynomials of the second degree.

    Over a city of 60 km they differ from the projection by a few metres: less than a pixel.
    """

    centre: tuple[float, float]
    reach: float
    coefficients: npt.NDArray[np.float64]

    def __call__(self, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Longitude and latitude of points in metres."""
        across, up = (
            np.asarray(values, dtype=float) - middle for values, middle in zip((x, y), self.centre, strict=True)
        )
        longitude, latitude = (_terms(across / self.reach, up / self.reach) @ self.coefficients).T
        return longitude, latitude


@lru_cache(maxsize=LAYERS)
def to_degrees(areas: Areas) -> ToDegrees:
    """The way from a layer's metres to degrees, fitted over twice the layer's box.

    Parameters
    ----------
    areas : in a projected system.

    Returns
    -------
    A function of plain numbers, which a chart can carry.
    """
    import geopandas as gpd

    west, south, east, north = bounds(areas)
    centre, reach = ((west + east) / 2, (south + north) / 2), max(east - west, north - south)
    across, up = (each.ravel() for each in np.meshgrid(np.linspace(-1, 1, 7), np.linspace(-1, 1, 7)))
    points = gpd.GeoSeries.from_xy(centre[0] + reach * across, centre[1] + reach * up, crs=areas.frame.crs)
    degrees = points.to_crs("EPSG:4326")
    coefficients = np.linalg.lstsq(_terms(across, up), np.column_stack([degrees.x, degrees.y]))[0]
    return ToDegrees(centre, reach, coefficients)


def _terms(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.column_stack([np.ones_like(x), x, y, x * x, x * y, y * y])


def geojson_url(city_key: str, layer: str) -> str:
    """The route that serves a layer in degrees."""
    return f"/geometry/{city_key}/{layer}.geojson"


def svg_url(city_key: str, layer: str, *, part: Box | None = None) -> str:
    """The route that serves a layer's borders, or those within a part; ``{theme}`` is filled in by the renderer."""
    return f"/geometry/{city_key}/{layer}.svg?theme={{theme}}{part_asked(part)}"


def part_asked(part: Box | None) -> str:
    """What the address of a drawing says of the part that is asked for, in whole metres; nothing of the whole."""
    return "" if part is None else "&part=" + ",".join(f"{each:.0f}" for each in part)


def bounds(areas: Areas) -> Box:
    """West, south, east and north of a layer, metres."""
    west, south, east, north = areas.frame.total_bounds
    return float(west), float(south), float(east), float(north)


def layer_geojson(areas: Areas) -> bytes:
    """A FeatureCollection in longitude and latitude; ``feature.id`` is the area_id, properties hold the name.

    Rings run clockwise, as the browser's spherical projection wants them (the other way round an area is taken for
    the whole globe but itself).
    """
    frame = _simplified(areas).to_crs("EPSG:4326")
    shapes = shapely.orient_polygons(
        shapely.set_precision(frame.geometry.to_numpy(), 10.0**-DECIMALS), exterior_cw=True
    )
    features = [
        b'{"type":"Feature","id":%b,"properties":{"name":%b},"geometry":%b}'
        % (orjson.dumps(str(area_id)), orjson.dumps(str(name)), shapely.to_geojson(shape).encode())
        for area_id, name, shape in zip(frame.index, frame["name"], shapes, strict=True)
    ]
    return b'{"type":"FeatureCollection","features":[' + b",".join(features) + b"]}"


def layer_svg(areas: Areas, theme: Theme, *, part: Box | None = None) -> bytes:
    """The borders alone on nothing, exactly as wide and high as the layer's bounding box in metres, or as a part of it.

    The browser draws it once, at its own size, so that a part of its own has lines as thin and as sharp as the whole.
    """
    west, south, east, north = part or bounds(areas)
    scale = PIXELS / max(east - west, north - south)
    paths = []
    for ring in outline_rings(areas, part=part):
        pixels = np.round((ring - (west, north)) * (scale, -scale), 1)
        paths.append("M" + "L".join(f"{x:g} {y:g}" for x, y in pixels) + "Z")
    width, height = round((east - west) * scale), round((north - south) * scale)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'preserveAspectRatio="none"><path d="{"".join(paths)}" fill="none" stroke="{colours(theme)["border"]}" '
        f'stroke-width="{BORDER}" stroke-linejoin="round"/></svg>'
    ).encode()


def outline_rings(areas: Areas, *, part: Box | None = None) -> list[Ring]:
    """All closed paths of a layer, (n, 2) metres; of a part those that reach into it, with more of their bends."""
    if part is None:
        return [ring for rings in area_rings(areas) for ring in rings]
    west, south, east, north = bounds(areas)
    share = max(part[2] - part[0], part[3] - part[1]) / max(east - west, north - south)
    shapes = _simplified(areas, tolerance=TOLERANCE * min(share, 1.0)).geometry
    rings = [ring for shape in shapes[shapes.intersects(shapely.box(*part))] for ring in _rings(shape)]
    return [ring for ring in rings if (ring.max(axis=0) >= part[:2]).all() and (ring.min(axis=0) <= part[2:]).all()]


@lru_cache(maxsize=LAYERS)
def area_rings(areas: Areas) -> tuple[tuple[Ring, ...], ...]:
    """The closed paths of each area, in the order of the layer."""
    return tuple(_rings(shape) for shape in _simplified(areas).geometry)


@lru_cache(maxsize=LAYERS)
def points_inside(areas: Areas) -> tuple[Ring, Ring]:
    """A point inside each area, (n, 2): metres, and longitude with latitude."""
    inside = areas.frame.geometry.representative_point()
    degrees = inside.to_crs("EPSG:4326")
    return np.column_stack([inside.x, inside.y]), np.column_stack([degrees.x, degrees.y])


def _simplified(areas: Areas, *, tolerance: float = TOLERANCE) -> gpd.GeoDataFrame:
    # The tolerance of a coverage is the side of the triangle that may vanish, so borders move by less than this.
    shapes = shapely.coverage_simplify(areas.frame.geometry.to_numpy(), tolerance)
    return areas.frame.set_geometry(shapes, crs=areas.frame.crs)


def _rings(shape: shapely.Geometry) -> tuple[Ring, ...]:
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon) and not part.is_empty]
    return tuple(np.asarray(ring.coords)[:, :2] for part in parts for ring in (part.exterior, *part.interiors))
