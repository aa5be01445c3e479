"""The main streets of a city, by which people know where they are on a map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from dashboard.figures.geometry import Box, part_asked
from dashboard.figures.palette import Theme, colours
from data import City
from data.tables import Network

__all__ = ["MainStreet", "main_streets", "streets_svg", "streets_url"]

MOST = 30
TOLERANCE = 1 / 400  # of the longer side of what is drawn: a pixel or two of its map
PIXELS = 1600  # longest side of the SVG, as that of the borders
WIDTH, CORE = 6.0, 1.8  # of those pixels: about 2 and .6 on a map of 550


@dataclass(frozen=True, eq=False)
class MainStreet:
    """A street by its name, and its lines in metres."""

    name: str
    lines: tuple[npt.NDArray[np.float64], ...]


def main_streets(city: City, box: Box) -> list[MainStreet]:
    """The streets of most capacity in a box, where it is known, and of these the longest, as far as they lie in it.

    Parameters
    ----------
    city : whose networks may name streets; links without a name (connectors, ramps) are none.
    box : in the city's metres; of a smaller one more of its own streets are among the thirty, with more of their bends.

    Returns
    -------
    list
        At most thirty, the longest first; empty for a city without a network that names its streets.
    """
    network = city.streets or next((each for each in city.networks.values() if each.routes), None)
    if network is None:
        return []
    named = _named(network)
    named = named[(named["name"] != "") & shapely.intersects(named["line"].to_numpy(), shapely.box(*box))]
    ranks = named.groupby("name").agg(capacity=("capacity", "max"), length=("length", "sum"))
    greatest = ranks.sort_values(["capacity", "length"], ascending=False, kind="stable").head(MOST)
    order = greatest.sort_values("length", ascending=False, kind="stable").index.astype(str)
    lines = {str(name): list(of["line"]) for name, of in named.groupby("name")}
    found = [MainStreet(name, _lines(lines[name], box)) for name in order]
    return [each for each in found if each.lines]


def _named(network: Network) -> pd.DataFrame:
    """One row a line: its name, capacity and length; capacity is 0 where the network has no links."""
    frame = network.frame
    names = network.links["name"].to_numpy() if network.routes else frame.get("name", pd.Series("", frame.index))
    capacity = network.links["capacity"].to_numpy(float) if network.routes else np.zeros(len(frame))
    return pd.DataFrame(
        {
            "name": pd.Series(names).fillna("").astype(str).to_numpy(),
            "capacity": capacity,
            "length": frame.geometry.length.to_numpy(),
            "line": frame.geometry.to_numpy(),
        }
    )


def _lines(shapes: list[shapely.Geometry], box: Box) -> tuple[npt.NDArray[np.float64], ...]:
    """The lines of a street joined where they meet and simplified; a line of each direction is one."""
    once = {shapely.to_wkb(shapely.normalize(each)): each for each in shapes}
    joined = shapely.line_merge(shapely.union_all(list(once.values())))
    bend = TOLERANCE * max(box[2] - box[0], box[3] - box[1])
    seen = shapely.clip_by_rect(shapely.simplify(joined, bend), *box)
    drawn = (
        np.round(np.asarray(part.coords)[:, :2], 1)
        for part in shapely.get_parts(seen)
        if isinstance(part, shapely.LineString) and not part.is_empty
    )
    return tuple(line for line in drawn if (line != line[0]).any())  # what is shorter than a decimetre is no line


def streets_url(city_key: str, layer: str, *, part: Box | None = None) -> str:
    """The route that serves the streets within a layer's box, or within a part; ``{theme}`` is filled in by the renderer."""
    return f"/geometry/{city_key}/{layer}/streets.svg?theme={{theme}}{part_asked(part)}"


def streets_svg(city: City, box: Box, theme: Theme) -> bytes:
    """The main streets on nothing, exactly as wide and high as a box in metres: light lines with a thin dark one on each."""
    west, south, east, north = box
    scale = PIXELS / max(east - west, north - south)
    paths = [
        "M" + "L".join(f"{x:g} {y:g}" for x, y in np.round((line - (west, north)) * (scale, -scale), 1))
        for street in main_streets(city, box)
        for line in street.lines
    ]
    width, height = round((east - west) * scale), round((north - south) * scale)
    palette = colours(theme)
    along = f'd="{"".join(paths)}" fill="none" stroke-linecap="round"'
    strokes = "".join(
        f'<path {along} stroke="{palette[role]}" stroke-width="{across:g}" stroke-opacity="{opacity:g}"/>'
        for role, across, opacity in (("page", WIDTH, 0.9), ("ink3", CORE, 0.7))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'preserveAspectRatio="none">{strokes}</svg>'
    ).encode()
