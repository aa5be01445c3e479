"""The places to look at first."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import Transformer

from analytics.hotspots.cells import Cells
from analytics.hotspots.publishing import Published, publishable
from analytics.hotspots.results import Hotspots
from analytics.results import Caveat
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Chart, Class, Grid, GridHover
from dashboard.figures.charts.capture import capture_evidence, restricted
from dashboard.figures.columns import column
from dashboard.figures.geometry import bounds
from dashboard.figures.maps.frame import (
    WHOLE,
    Box,
    Window,
    as_high_as_needed,
    map_axes,
    notes_below,
    outline,
    part_of,
    scale_bar,
    waters_of,
)
from dashboard.figures.maps.labels import Label, labels_on
from dashboard.figures.maps.parts import as_part
from dashboard.figures.maps.places import Places, cell_hover
from dashboard.figures.maps.streets import streets_of
from data import Areas, City
from data.words import language, say, text

__all__ = ["box_of", "drawn", "hotspot_map"]

DECIMALS = 5  # of a degree: a metre
MOST_LABELS = 5
ACROSS, HIGH = 590, 520  # pixels: of its column, beside what a larger area would catch, and of its height
UNFLAGGED = 3  # the last class of cells that are not flagged
# What limits the flagged cells themselves, and not what is said beside the map.
QUALIFYING = (
    "synthetic_data", "police_initiated", "mostly_missed", "mostly_noise", "reporting_bias", "under_reporting", "data_stale",
)  # fmt: skip

Flags = npt.NDArray[np.bool_]
Named = tuple[str, tuple[float, float]]  # an area's name, and a point of it in metres


def hotspot_map(
    hotspots: Hotspots,
    *,
    city_key: str,
    areas: Areas | None,
    share: float,
    noun: str = "",
    area_id: str = "",
    caveats: tuple[Caveat, ...] | None = None,
    city: City | None = None,
    window: Window = WHOLE,
) -> Chart:
    """The cells to look at first, over the borders of the city's areas.

    The rank was computed beforehand, so another share only cuts it elsewhere. Flagged cells that stand out from chance
    are set apart from those that could be noise. The table behind the map, and what is said over its cells, hold only what
    may be published.

    Parameters
    ----------
    hotspots : with ranks, and with hit rates where they were tested; before it is judged no ranges of areas are told.
    city_key : under which the routes serve the geometry.
    areas : whose borders and names are drawn; none for a city without areas.
    share : of the city's cells that are flagged, 0 to 1.
    noun : what happened, in the middle of a sentence; the title of the incidents when empty.
    area_id : of the one area that headline, map and table are of; the whole city when empty.
    caveats : replace the map's own, so that those that depend on the clock can be added.
    city : whose waters and streets are drawn; none where nobody says.
    window : what is seen of the city, or of the one area and what lies around it.

    Returns
    -------
    A map in metres, whose points carry the ids of the areas that they stand for.
    """
    flagged = hotspots.cells.looked_at(hotspots.rank.to_numpy(), share)
    classes, legend = _classes(hotspots, flagged)
    counts = _flagged_by_area(hotspots, flagged, areas)
    published = publishable(hotspots, share=share)
    title = text(hotspots.incidents.title)
    noun = restricted(hotspots, noun or title.lower())
    chosen = Places.of(hotspots, areas, share=share, noun=noun)
    summary = hotspots.summary[hotspots.summary["method"] == hotspots.method].set_index("share")
    nearest = summary.iloc[int(np.abs(summary.index.to_numpy(float) - share).argmin())] if len(summary) else None
    evidence = capture_evidence(hotspots, share=share) | {
        "noun": noun,
        "subject": restricted(hotspots, title),
        "known": hotspots.as_of - pd.Timedelta(days=1),
        "location": chosen.names.get(area_id) or say("places.all"),
        "flagged": int(flagged.sum()),
        "areas": [name for name, _ in counts[:3]],
        "low": float("nan") if nearest is None else nearest["low"],
        "high": float("nan") if nearest is None else nearest["high"],
        "kind": say(f"cells.{hotspots.cells.kind}"),
        "least": published.least_count,
        "people": published.least_people,
        "merged": published.merged,
        "withheld": published.withheld,
    }
    box = box_of(hotspots.cells, areas)
    seen = window.of(chosen.around(area_id) or box)
    axes = map_axes(seen)
    part = part_of(seen, axes, whole=box)
    labels = [] if area_id else [Label(name, *place) for name, place in counts if _within(place, seen)]
    table = _table(published, hotspots, areas)
    waters = waters_of(city, areas, part or seen) if city is not None else ()
    cells = hotspots.cells
    dark = np.column_stack([cells.x[classes > UNFLAGGED], cells.y[classes > UNFLAGGED]])
    names = labels_on(labels, seen, dark=dark, beside=waters)
    streets = (
        streets_of(city, areas.layer, box, seen=seen, part=part, beside=[*waters, *names])
        if city is not None and areas is not None
        else []
    )
    chart = chart_of(
        hotspots,
        name="hotspots",
        evidence=evidence | {"area": chosen.sentence(area_id)},
        marks=[
            drawn(hotspots.cells, classes, legend, hover=cell_hover(hotspots, areas, noun=noun, spoken=language())),
            *waters,
            *streets,
            *outline(city_key, areas, box, part=part),
            *names,
            *chosen.marks(area_id),
            *scale_bar(seen),
            *notes_below(seen, caveats or hotspots.caveats, codes=QUALIFYING),
        ],
        table=table[table[column("area_id")].astype(str) == area_id].reset_index(drop=True) if area_id else table,
        axes=axes,
        headline=_headline(hotspots, evidence["hit_rate"], area_id),
        caveats=caveats,
        right=0,
    )
    if not hotspots.judged:
        chart = replace(chart, interval="")
    return as_part(as_high_as_needed(chart, across=ACROSS, most=HIGH), window, areas=areas, seen=seen)


def _within(place: tuple[float, float], box: Box) -> bool:
    west, south, east, north = box
    return west <= place[0] <= east and south <= place[1] <= north


def _headline(hotspots: Hotspots, hit_rate: float, area_id: str) -> str:
    # What the police start shows where they were: it never gets a headline that speaks of harm.
    if hotspots.incidents.police_initiated:
        return "headline_police"
    if not hotspots.judged:
        return "headline_measuring"
    if area_id:
        return "headline_area"
    return "headline" if np.isfinite(hit_rate) else "headline_untested"


def drawn(
    cells: Cells, classes: npt.NDArray[np.int8], legend: tuple[Class, ...], *, hover: GridHover | None = None
) -> Grid:
    """Any cells as the flat squares that both renderers draw.

    Parameters
    ----------
    cells : of the map.
    classes : of the cells, from 1.
    legend : what they mean.
    hover : what is said over each square.
    """
    raster = cells.raster
    return Grid(np.append(classes, np.int8(0))[raster.cell], raster.x0, raster.y0, raster.size, legend, hover)


def box_of(cells: Cells, areas: Areas | None) -> Box:
    """The outline of the city, or of the cells of a city without areas."""
    if areas is not None:
        return bounds(areas)
    rows, columns = cells.raster.cell.shape
    west, south, size = cells.raster.x0, cells.raster.y0, cells.raster.size
    return west, south, west + columns * size, south + rows * size


def _classes(hotspots: Hotspots, flagged: Flags) -> tuple[npt.NDArray[np.int8], tuple[Class, ...]]:
    """The class of each cell, from 1, and what the classes mean."""
    rank, score = hotspots.rank.to_numpy(), hotspots.score.to_numpy()
    number = int(flagged.sum())
    sure = flagged & hotspots.significant.to_numpy(dtype=bool)
    classes = np.where(score > np.median(score), 2, 1).astype(np.int8)
    classes[(rank < 2 * number) & ~flagged] = 3
    classes[flagged & ~sure] = 4
    classes[sure] = 5
    kind = {"kind": say(f"cells.{hotspots.cells.kind}")}
    return classes, (
        Class("seq1", ""),
        Class("seq2", say("charts.hotspots.above")),
        Class("seq4", say("charts.hotspots.next")),
        Class("seq7", say("charts.hotspots.noise", kind | {"n": number - int(sure.sum())})),
        Class("flagged", say("charts.hotspots.above_flagged", kind | {"n": int(sure.sum())})),
    )


def _flagged_by_area(hotspots: Hotspots, flagged: Flags, areas: Areas | None) -> list[Named]:
    """Names of the areas with most flagged cells, with the middle of those cells in metres; most first."""
    if areas is None or not flagged.any():
        return []
    cells = hotspots.cells
    x, y, owner = cells.x[flagged], cells.y[flagged], cells.area_id[flagged].astype(str)
    names, counts = np.unique(owner, return_counts=True)
    known = np.isin(names, areas.frame.index.astype(str))
    most = names[known][np.argsort(-counts[known], kind="stable")][:MOST_LABELS]
    return [
        (str(areas.frame.at[area, "name"]), (float(np.median(x[owner == area])), float(np.median(y[owner == area]))))
        for area in most
    ]


def _table(published: Published, hotspots: Hotspots, areas: Areas | None) -> pd.DataFrame:
    """What may be published, with degrees, the metres' system and the areas' names where the city has areas."""
    # Another share flags other places: they are put into the place of those that none flags.
    return _unflagged(hotspots, areas, language()).assign(
        **{column("flagged"): published.locations["flagged"].to_numpy()}
    )


@lru_cache(maxsize=8)  # with degrees, which take as long as half of a map
def _unflagged(hotspots: Hotspots, areas: Areas | None, spoken: str) -> pd.DataFrame:
    locations = publishable(hotspots, share=0.0).locations
    metres = "m"
    if areas is not None:
        metres = f"m, {areas.frame.crs.to_string()}"
        degrees = Transformer.from_crs(areas.frame.crs, "EPSG:4326", always_xy=True)
        longitude, latitude = degrees.transform(locations["x"].to_numpy(), locations["y"].to_numpy())
        named = locations["area_id"].map(areas.frame["name"].astype(str)).fillna("")
        locations = locations.assign(longitude=np.round(longitude, DECIMALS), latitude=np.round(latitude, DECIMALS))
        locations.insert(list(locations.columns).index("area_id"), "area", named)
    return locations.rename(
        columns={
            "x": column("x", unit=metres),
            "y": column("y", unit=metres),
            "longitude": column("longitude"),
            "latitude": column("latitude"),
            "area": column("area"),
            "cells": column("cells_merged"),
            "people": column("residents"),
            "count": column("incidents"),
            "expected": column("expected", days=hotspots.horizon_days),
            "area_id": column("area_id"),
            "rank": column("rank"),
            "flagged": column("flagged"),
        }
    )
