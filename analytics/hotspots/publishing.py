"""A map that may leave the house: no published place holds fewer events or people than a stated minimum."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.hotspots.cells import Squares
from analytics.hotspots.results import Hotspots

__all__ = ["LEAST_COUNT", "LEAST_PEOPLE", "Published", "publishable", "snapped_points"]

Array = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

LEAST_COUNT = 5  # events of the last year: smaller counts are what statistical offices hold back
LEAST_PEOPLE = 100  # residents, where they are known
MOST_LEVELS = 5  # of merging: blocks of at most 32 x 32 squares
MOST_POINTS = 10_000
WITHHELD = -1


@dataclass(frozen=True, eq=False)
class Published:
    """``locations`` has one row a published location; ``label`` says for each cell which, -1 for those held back.

    Columns: x, y (metres, the middle of the place), cells (merged in it), area_id (of its largest part), people (NaN
    where unknown), count (last year), expected, rank (1 = first to look at), flagged (all of it lies in the flagged area).
    ``merged`` cells are in places of several; ``withheld`` cells, with ``withheld_events``, are in none.
    """

    locations: pd.DataFrame
    label: Labels
    merged: int
    withheld: int
    withheld_events: int
    least_count: int
    least_people: int


def publishable(
    hotspots: Hotspots, *, share: float, least_count: int = LEAST_COUNT, least_people: int = LEAST_PEOPLE
) -> Published:
    """The map with small cells merged into larger places until each holds enough events of last year, or enough residents.

    Squares that hold too little are joined with others like them in the block of two by two around them, then of four by
    four, and so on; other cells with those of their area. What is too small even then is held back. Residents are those
    of the areas, spread evenly over their cells.

    Parameters
    ----------
    hotspots : a finished map.
    share : of the area to look at, between 0 and 1.
    least_count : events of the last year that a place must hold,
    least_people : or else residents.

    Returns
    -------
    The places, which cells each holds, and what is held back.
    """
    published, at = _places(hotspots, least_count, least_people)
    flagged, kept = hotspots.cells.looked_at(hotspots.rank.to_numpy(), share), published.label >= 0
    number, of = len(at), published.label[kept]
    whole = np.bincount(of, flagged[kept], number) == np.bincount(of, minlength=number)
    return replace(published, locations=published.locations.assign(flagged=whole[at]))


@lru_cache(maxsize=8)  # another share flags other places and changes nothing else
def _places(hotspots: Hotspots, least_count: int, least_people: int) -> tuple[Published, Labels]:
    """The places without what is flagged, and the label of each in their order."""
    cells = hotspots.cells
    count, people = hotspots.count.to_numpy(), _people(hotspots)
    label = np.full(len(cells), WITHHELD, dtype=np.int64)
    next_label = 0
    for groups in _levels(hotspots):
        left = label == WITHHELD
        keys, of = np.unique(groups[left], return_inverse=True)
        events = np.bincount(of, count[left], len(keys))
        residents = np.bincount(of, np.nan_to_num(people[left]), len(keys))
        enough = (events >= least_count) | (residents >= least_people)
        numbers = np.where(enough, next_label + np.cumsum(enough) - 1, WITHHELD)
        label[left] = numbers[of]
        next_label += int(enough.sum())
    locations = _locations(hotspots, label, next_label, people).sort_values("rank", kind="stable")
    sizes = locations["cells"].to_numpy()
    withheld = label == WITHHELD
    published = Published(
        locations.reset_index(drop=True), label, int(sizes[sizes > 1].sum()), int(withheld.sum()),
        int(count[withheld].sum()), least_count, least_people,
    )  # fmt: skip
    return published, locations.index.to_numpy()


def _people(hotspots: Hotspots) -> Array:
    """Residents of each cell, NaN where the areas have no population."""
    areas, cells = hotspots.incidents.areas, hotspots.cells
    if areas is None:
        return np.full(len(cells), np.nan)
    owner = pd.Series(cells.area_id.astype(str))
    whole = pd.Series(cells.extent).groupby(owner).transform("sum").to_numpy()
    residents = owner.map(areas.frame["population"].astype(float)).to_numpy(dtype=float)
    return np.asarray(residents * cells.extent / whole)


def _levels(hotspots: Hotspots) -> list[Labels]:
    """Which cells may be joined, from each by itself to ever larger blocks."""
    cells = hotspots.cells
    alone = np.arange(len(cells))
    if not isinstance(cells, Squares):
        return [alone, np.unique(cells.area_id.astype(str), return_inverse=True)[1]]
    row, column = np.divmod(cells.index, cells.columns)
    return [alone, *((row >> level) * cells.columns + (column >> level) for level in range(1, MOST_LEVELS + 1))]


def _locations(hotspots: Hotspots, label: Labels, number: int, people: Array) -> pd.DataFrame:
    cells, kept = hotspots.cells, label >= 0
    of = label[kept]

    def total(values: Array) -> Array:
        return np.bincount(of, values[kept], number).astype(float)

    size = total(np.ones(len(cells)))
    rate = total(hotspots.rate.to_numpy())
    density = rate / total(cells.extent) if number else rate
    owner = pd.DataFrame({"location": of, "area_id": cells.area_id[kept].astype(str), "extent": cells.extent[kept]})
    largest = owner.groupby(["location", "area_id"])["extent"].sum().reset_index().sort_values("extent", kind="stable")
    rank = np.empty(number, dtype=np.int64)
    rank[np.argsort(-density, kind="stable")] = np.arange(1, number + 1)
    return pd.DataFrame(
        {
            "x": total(cells.x) / size,
            "y": total(cells.y) / size,
            "cells": size.astype(int),
            "area_id": largest.groupby("location")["area_id"].last().reindex(range(number)).to_numpy(),
            "people": total(people),
            "count": total(hotspots.count.to_numpy()).astype(int),
            "expected": rate,
            "rank": rank,
        }
    )


def snapped_points(hotspots: Hotspots, published: Published, *, most: int = MOST_POINTS) -> pd.DataFrame:
    """The last year's incidents at the middles of their published places: columns x, y (metres), date, category.

    Those in places that are held back are left out; of more than ``most`` a random sample is given.

    Parameters
    ----------
    hotspots : a finished map.
    published : its published places.
    most : rows at most.

    Returns
    -------
    One row an incident.
    """
    frame = hotspots.incidents.frame
    recent = frame.loc[frame["time"].between(hotspots.as_of - pd.Timedelta(days=365), hotspots.as_of, inclusive="left")]
    cell = hotspots.cells.cell_of(recent)
    known = np.flatnonzero(cell >= 0)
    known = known[published.label[cell[known]] >= 0]
    rng = np.random.Generator(np.random.Philox(hotspots.seed))
    chosen = np.sort(rng.choice(known, min(most, len(known)), replace=False))
    label = published.label[cell[chosen]]
    x, y = _middles(hotspots, published)
    return pd.DataFrame(
        {
            "x": x[label],
            "y": y[label],
            "date": recent["time"].dt.normalize().to_numpy()[chosen],
            "category": recent["category"].to_numpy()[chosen],
        }
    )


def _middles(hotspots: Hotspots, published: Published) -> tuple[Array, Array]:
    """The middle of each published place, by label."""
    kept = published.label >= 0
    of = published.label[kept]
    size = np.bincount(of)
    return np.bincount(of, hotspots.cells.x[kept]) / size, np.bincount(of, hotspots.cells.y[kept]) / size
