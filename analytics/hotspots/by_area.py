"""What a hotspot map says of each area: its cells, last year's incidents, and how many are expected, with a range."""

from __future__ import annotations

import numpy as np
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
    cells = hotspots.cells
    table = pd.DataFrame(
        {
            "area_id": cells.area_id.astype(str),
            "flagged": cells.looked_at(hotspots.rank.to_numpy(), share),
            "count": hotspots.count.to_numpy(),
            "expected": hotspots.rate.to_numpy(),
            "square": hotspots.rate.to_numpy() ** 2,
        }
    )
    sums = table.groupby("area_id").agg(
        cells=("flagged", "size"), flagged=("flagged", "sum"), count=("count", "sum"),
        expected=("expected", "sum"), square=("square", "sum"),
    )  # fmt: skip
    found = distribution_of_sums(
        sums["expected"].to_numpy(), sums["square"].to_numpy(), spread=hotspots.evaluation.spread(hotspots.method)
    )
    low, high = (np.asarray(found.ppf(level)) for level in LEVELS)
    return sums.drop(columns="square").assign(low=low, high=high)
