"""What has become of each place."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.hotspots.results import Hotspots
from analytics.results import Caveat
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Chart, Class, GridHover
from dashboard.figures.columns import column
from dashboard.figures.maps.frame import (
    WHOLE,
    Window,
    as_high_as_needed,
    map_axes,
    outline,
    part_of,
    scale_bar,
    waters_of,
)
from dashboard.figures.maps.hotspots import box_of, drawn
from dashboard.figures.maps.parts import as_part
from dashboard.figures.maps.places import area_words, by_cell, names_of
from dashboard.figures.maps.streets import streets_of
from data import Areas, City
from data.words import say, text

__all__ = ["emerging_map"]

ACROSS = 520  # pixels of its column
# Seven words are too many for one map; four colours say which way a place is going.
GROUPS = {
    "fading": ("diminishing", "historical"),
    "on_and_off": ("sporadic", "oscillating"),
    "lasting": ("persistent",),
    "growing": ("new", "intensifying"),
}
ROLES = {"fading": "today", "on_and_off": "seq5", "lasting": "flagged", "growing": "worse"}


def emerging_map(
    hotspots: Hotspots,
    *,
    city_key: str,
    areas: Areas | None,
    caveats: tuple[Caveat, ...] | None = None,
    city: City | None = None,
    window: Window = WHOLE,
) -> Chart:
    """Cells that are growing, lasting, on and off, or fading, over the steps of time.

    Parameters
    ----------
    hotspots : with ``emerging``.
    city_key : under which the routes serve the geometry.
    areas : whose borders are drawn; none for a city without areas.
    caveats : replace the map's own, so that those that depend on the clock can be added.
    city : whose waters and streets are drawn; none where nobody says.
    window : what is seen of the city.

    Returns
    -------
    A map in metres.

    Raises
    ------
    ValueError
        When the history was too short for any step; the result then has no ``emerging``.
    """
    found = hotspots.emerging
    if found is None:
        raise ValueError("this result has no steps of time")
    classes = np.ones(len(hotspots.cells), dtype=np.int8)
    legend = [Class("seq1", "")]
    for number, (group, words) in enumerate(GROUPS.items(), start=2):
        of = np.isin(found.category, words)
        classes[of] = number
        label = say(f"charts.emerging.{group}", {"n": int(of.sum())})
        legend.append(Class(ROLES[group], label, hatched=group == "growing"))
    numbers, named = found.numbers, found.category != ""
    box = box_of(hotspots.cells, areas)
    seen = window.of(box)
    axes = map_axes(seen)
    part = part_of(seen, axes, whole=box)
    waters = waters_of(city, areas, part or seen) if city is not None else ()
    streets = (
        streets_of(city, areas.layer, box, seen=seen, part=part, beside=waters)
        if city is not None and areas is not None
        else []
    )
    evidence = {
        "title": text(hotspots.incidents.title),
        "kind": say(f"cells.{hotspots.cells.kind}"),
        "sized": say(f"cells.sized_{hotspots.cells.kind}", {"metres": hotspots.cells.size}),
        "steps": len(found.steps),
        "days": (found.steps[1] - found.steps[0]).days,
        "since": found.steps[0],
        "until": hotspots.as_of - pd.Timedelta(days=1),
        "any": int(named.sum()),
        "cells": len(hotspots.cells),
        **{word: int(numbers[word]) for word in numbers.index},
    }
    chart = chart_of(
        hotspots,
        name="emerging",
        evidence=evidence,
        marks=[
            drawn(hotspots.cells, classes, tuple(legend), hover=_hover(hotspots, found.category, areas)),
            *waters,
            *streets,
            *outline(city_key, areas, box, part=part),
            *scale_bar(seen),
        ],
        table=pd.DataFrame(
            {
                column("x", unit="m"): hotspots.cells.x[named],
                column("y", unit="m"): hotspots.cells.y[named],
                **_area_names(hotspots.cells.area_id[named], areas),
                column("area_id"): hotspots.cells.area_id[named],
                column("category"): [say(f"emerging.words.{word}") for word in found.category[named]],
                column("trend"): found.trend.z[named],
                column("steps_hot"): found.hot.sum(axis=0)[named],
            }
        ),
        axes=axes,
        caveats=caveats,
        right=0,
    )
    return as_part(as_high_as_needed(chart, across=ACROSS), window, areas=areas, seen=seen)


def _area_names(ids: npt.NDArray[np.str_], areas: Areas | None) -> dict[str, npt.NDArray[np.str_]]:
    """The column of names that stands before that of ids, in a city with areas."""
    if areas is None:
        return {}
    names = areas.frame["name"].astype(str)
    return {column("area"): pd.Series(ids.astype(str)).map(names).fillna("").to_numpy(dtype=str)}


def _hover(hotspots: Hotspots, category: npt.NDArray[Any], areas: Areas | None) -> GridHover:
    """Over each cell its area and what has become of it."""
    words = {word: say(f"emerging.words.{word}") for word in set(category.tolist()) if word}
    becoming = np.array(
        [words.get(word) or say("charts.emerging.nothing") for word in category.tolist()], dtype=np.str_
    )
    return GridHover(
        say("charts.emerging.hover", {"area": "{area}", "value": "{value}"}),
        by_cell(hotspots.cells, area_words(hotspots, names_of(areas))),
        by_cell(hotspots.cells, becoming),
    )
