"""The areas of a hotspot map as people point at them: their own numbers, and what is said over a cell."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.hotspots import Hotspots, Published, numbers_by_area, publishable
from analytics.hotspots.cells import Cells
from analytics.hotspots.publishing import LEAST_COUNT
from dashboard.figures.chart import GridHover, Mark, Points
from dashboard.figures.geometry import points_inside
from dashboard.figures.maps.frame import Box
from data import Areas
from data.words import as_number, say

__all__ = ["Places", "area_words", "by_cell", "cell_hover", "names_of"]

AROUND = 0.35  # of an area's width and height is shown around it
LEAST = 0.005  # expected events of a place below which no number is told
SMALL = 0.1  # expected events from which on two digits are told: more would be noise, and few different values travel lighter


@dataclass(frozen=True, eq=False)
class Places:
    """``numbers`` by area_id, as ``numbers_by_area`` gives them, with the areas' names and what happened."""

    areas: Areas | None
    numbers: pd.DataFrame
    names: Mapping[str, str]
    noun: str
    days: int
    share: float

    @classmethod
    def of(cls, hotspots: Hotspots, areas: Areas | None, *, share: float, noun: str) -> Places:
        """The areas of a map at a share of the city; none for a city without areas, nor while their ranges are not known."""
        numbers = numbers_by_area(hotspots, share=share)
        if not hotspots.judged:
            numbers = numbers.iloc[:0]
        names = names_of(areas)
        return cls(areas, numbers[numbers.index.isin(names)], names, noun, hotspots.horizon_days, share)

    @cached_property
    def _rows(self) -> Mapping[str, Mapping[Hashable, Any]]:
        # To take row by row out of the table took most of the time in which the dots are made.
        return {str(area_id): row for area_id, row in self.numbers.to_dict("index").items()}

    def sentence(self, area_id: str) -> str:
        """An area's own numbers, with their range and count; empty where it is not one of the map."""
        row = self._rows.get(area_id)
        if row is None:
            return ""
        few = row["count"] < LEAST_COUNT
        evidence = {
            "area": self.names[area_id],
            "noun": self.noun,
            "days": self.days,
            "share": self.share,
            "flagged": row["flagged"],
            "cells": row["cells"],
            "expected": row["expected"],
            "low": row["low"],
            "high": row["high"],
            "n": say("charts.hotspots.few", {"n": LEAST_COUNT})
            if few
            else say("charts.hotspots.n", {"n": row["count"]}),
        }
        return say("charts.hotspots.area", evidence)

    def around(self, area_id: str) -> Box | None:
        """The box of an area with some of what lies around it."""
        if self.areas is None or area_id not in self.names:
            return None
        west, south, east, north = self.areas.frame.geometry.loc[area_id].bounds
        side, edge = AROUND * (east - west), AROUND * (north - south)
        return west - side, south - edge, east + side, north + edge

    def marks(self, area_id: str) -> list[Mark]:
        """A small dot in each area, a ring in the chosen one: it tells the area's numbers and can be chosen."""
        if self.areas is None:
            return []
        inside = dict(zip(map(str, self.areas.frame.index), points_inside(self.areas)[0], strict=True))
        marks: list[Mark] = []
        for chosen in (False, True):
            ids = [str(each) for each in self.numbers.index if (str(each) == area_id) == chosen]
            if ids:
                x, y = np.array([inside[each] for each in ids]).T
                hover = [self.sentence(each) for each in ids]
                size, role = (13.0, "ink") if chosen else (4.5, "ink3")
                marks.append(Points(x, y, role, "circle", not chosen, size, hover, ids, above=chosen))
        return marks


def names_of(areas: Areas | None) -> dict[str, str]:
    """The name of each area by its id; none for a city without areas."""
    return {} if areas is None else {str(at): str(name) for at, name in areas.frame["name"].items()}


def by_cell(cells: Cells, words: npt.NDArray[np.str_]) -> npt.NDArray[np.str_]:
    """Words of cells as those of the squares that are drawn; empty where there is no cell.

    Parameters
    ----------
    cells : of the map.
    words : in their order.
    """
    squares: npt.NDArray[np.str_] = np.append(words, "")[cells.raster.cell]
    return squares


@lru_cache(maxsize=8)  # the same at each step of the share, which flags places and joins none
def cell_hover(hotspots: Hotspots, areas: Areas | None, *, noun: str, spoken: str) -> GridHover:
    """Over each cell its area and how many are expected of the place that it is published in.

    Parameters
    ----------
    hotspots : the map.
    areas : whose names are told.
    noun : what happened.
    spoken : the language of the moment.
    """
    names, published = names_of(areas), publishable(hotspots, share=0.0)
    evidence = {
        "noun": noun,
        "days": hotspots.horizon_days,
        "area": "{area}",
        "value": "{value}",
        "sized": say(f"cells.sized_{hotspots.cells.kind}", {"metres": hotspots.cells.size}),
    }
    return GridHover(
        say("charts.hotspots.cell" if names else "charts.hotspots.cell_alone", evidence),
        by_cell(hotspots.cells, area_words(hotspots, names)),
        by_cell(hotspots.cells, _expected_words(hotspots, published)),
    )


def area_words(hotspots: Hotspots, names: Mapping[str, str]) -> npt.NDArray[np.str_]:
    """The name of each cell's area."""
    nowhere = say("charts.hotspots.nowhere")
    ids = hotspots.cells.area_id.astype(str)
    return np.array([names.get(each, nowhere) for each in ids.tolist()], dtype=np.str_)


def _expected_words(hotspots: Hotspots, published: Published) -> npt.NDArray[np.str_]:
    """What is expected of each cell's place, and of how many cells it is; of what is held back, that it is."""
    label, rate = published.label, hotspots.rate.to_numpy()
    kept = label >= 0
    number = int(label.max()) + 1 if kept.any() else 0
    sums, sizes = (np.bincount(label[kept], each, number) for each in (rate[kept], np.ones(int(kept.sum()))))
    # Thousands of places share few rounded values: each is written once.
    pairs = list(zip([_rounded(value) for value in sums.tolist()], sizes.astype(int).tolist(), strict=True))
    written = {pair: _place_words(*pair) for pair in set(pairs)}
    words = [written[pair] for pair in pairs]
    return np.array([*words, say("charts.hotspots.withheld")], dtype=np.str_)[label]


def _place_words(value: float, size: int) -> str:
    amount = as_number(value) if value else say("charts.hotspots.hardly")
    return amount if size == 1 else say("charts.hotspots.merged", {"value": amount, "n": size})


def _rounded(value: float) -> float:
    """As many digits as are told of a place; 0 where no number is."""
    if value < LEAST:
        return 0.0
    return round(value, (1 if value >= SMALL else 0) - math.floor(math.log10(value)))
