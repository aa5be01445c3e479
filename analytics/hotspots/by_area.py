"""What a hotspot map says of each area: its cells, last year's incidents, and how many are expected, with a range."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.hotspots.backtesting.calibration import distribution_of_sums
from analytics.hotspots.results import Hotspots

__all__ = ["numbers_by_area"]

LEVELS = (0.1, 0.9)


def numbers_by_area(hotspots: Hotspots, *, share: float) -> pd.DataFrame:
    """The sums of each area's cells.

    Parameters
    ----------
    hotspots : a finished map.
    share : of the city's area that is looked at, between 0 and 1.

    Returns
    -------
    By area_id: cells, flagged (of these cells), count (incidents of last year), expected (over the horizon), and low and high,
    between which 8 in 10 counts lie where the cells scatter as they did in the map's own tests, each by itself.
    """
    sums, owner = _sums(hotspots)
    flagged = hotspots.cells.looked_at(hotspots.rank.to_numpy(), share)
    found = sums.copy()
    found.insert(1, "flagged", np.bincount(owner, flagged, len(sums)).astype(int))
    return found


@lru_cache(maxsize=8)  # another share flags other cells and changes nothing else
def _sums(hotspots: Hotspots) -> tuple[pd.DataFrame, npt.NDArray[np.intp]]:
    """What does not depend on the share, by area_id, and for each cell the place of its area."""
    area_id = hotspots.cells.area_id.astype(str)
    rate = hotspots.rate.to_numpy()
    table = pd.DataFrame({"count": hotspots.count.to_numpy(), "expected": rate, "square": rate**2})
    sums = table.groupby(area_id).agg(
        cells=("count", "size"), count=("count", "sum"), expected=("expected", "sum"), square=("square", "sum")
    )
    sums.index.name = "area_id"
    found = distribution_of_sums(
        sums["expected"].to_numpy(), sums["square"].to_numpy(), spread=hotspots.evaluation.spread(hotspots.method)
    )
    low, high = (np.asarray(found.ppf(level)) for level in LEVELS)
    return sums.drop(columns="square").assign(low=low, high=high), sums.index.get_indexer(pd.Index(area_id))
