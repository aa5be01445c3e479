"""Emerging hot spots: what has become of each place over many steps of time, in seven words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from analytics.hotspots.cells import Cells
from analytics.hotspots.significance.chance import discoveries, gi_p, gi_z, neighbours
from analytics.hotspots.significance.trends import Trend, mann_kendall
from data import Incidents

__all__ = ["CATEGORIES", "Emerging", "categories_of", "emerging_hotspots", "time_cube"]

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NOWHERE = ""
CATEGORIES = ("new", "intensifying", "persistent", "diminishing", "sporadic", "oscillating", "historical")
MOSTLY = 0.9  # of the steps: a place that is hot in so many is always hot
OFTEN = 0.5  # of the earlier steps: a place that was hot in so many and is not any more has cooled
LATE = 1 / 3  # of the steps: a place that first became hot within them is new
RECENT = 0.25  # of the steps, the last ones: in none of them is a historical place hot
TREND_P = 0.05


@dataclass(frozen=True, eq=False)
class Emerging:
    """``category`` by cell ("" where nothing stands out); ``hot`` and ``cold`` (step, cell); the trend of Gi* by cell.

    ``steps`` are the first days of the steps of time.
    """

    category: npt.NDArray[np.object_]
    hot: Flags
    cold: Flags
    trend: Trend
    steps: pd.DatetimeIndex

    @property
    def numbers(self) -> pd.Series:
        """Cells of each category, in the order of ``CATEGORIES``."""
        return pd.Series(self.category).value_counts().reindex(CATEGORIES, fill_value=0)


def time_cube(
    incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, step_days: int = 28, most: int = 36
) -> tuple[Array, pd.DatetimeIndex]:
    """Counts (step, cell) of the whole steps before ``as_of``, at most so many, and the first day of each.

    Parameters
    ----------
    incidents : what happened, its frame in order of time.
    cells : the cells of the map.
    as_of : the first day that is not known.
    step_days : length of a step.
    most : steps at most.

    Returns
    -------
    (step, cell) and the first day of each step.
    """
    steps = min(most, (as_of - incidents.since).days // step_days)
    starts = pd.DatetimeIndex([as_of - pd.Timedelta(days=step_days * back) for back in range(steps, 0, -1)])
    frame = incidents.frame
    edges = frame["time"].searchsorted([*starts, as_of])
    counts = [cells.counts(frame.iloc[edges[step] : edges[step + 1]]) for step in range(steps)]
    return np.array(counts).reshape(steps, len(cells)), starts


def emerging_hotspots(counts: Array, cells: Cells | sparse.csr_array, *, steps: pd.DatetimeIndex) -> Emerging:
    """What has become of each cell over the steps of a cube of counts (step, cell).

    A cell is hot in a step when its neighbourhood holds more than chance would put there, cold when less: exact p of Gi*
    on that step's map, with a false discovery rate of 5 %. The trend is Mann-Kendall's of Gi* over the steps.

    Parameters
    ----------
    counts : (step, cell).
    cells : cells, or their neighbours (cell, cell).
    steps : the first day of each step.

    Returns
    -------
    The word for each cell, and what it rests on.
    """
    near = cells.near if isinstance(cells, Cells) else cells
    hot, cold = np.zeros(counts.shape, dtype=bool), np.zeros(counts.shape, dtype=bool)
    number = neighbours(near)
    for step, values in enumerate(counts):
        p_hot, p_cold = gi_p(values, near, number=number)
        hot[step], cold[step] = discoveries(p_hot), discoveries(p_cold)
    trend = mann_kendall(gi_z(counts, near))
    return Emerging(categories_of(hot, cold, trend), hot, cold, trend, steps)


def categories_of(hot: Flags, cold: Flags, trend: Trend) -> npt.NDArray[np.object_]:
    """The word for each cell, from (step, cell) flags and the trend of Gi*.

    - *persistent*: hot in nine of ten steps, the last among them, without a trend; *intensifying* with a rising trend,
      *diminishing* with a falling one.
    - *new*: hot in the last step, and first hot within the last third of the steps.
    - *oscillating*: hot in the last step, and cold in some step before; *sporadic*: hot in the last step, on and off,
      never cold.
    - *historical*: hot in half of the steps before the last quarter, and in none of that quarter.

    The first word that fits is taken, in the order of this list.

    Parameters
    ----------
    hot : (step, cell).
    cold : (step, cell).
    trend : of Gi* over the steps.

    Returns
    -------
    A word a cell.
    """
    steps = len(hot)
    if not steps:
        return np.full(hot.shape[1], NOWHERE, dtype=object)
    now, share = hot[-1], hot.mean(axis=0)
    recent = max(1, round(RECENT * steps))
    always = now & (share >= MOSTLY)
    sure = trend.p < TREND_P
    first = np.where(hot.any(axis=0), hot.argmax(axis=0), steps)
    earlier = hot[:-recent].mean(axis=0) if steps > recent else np.zeros(hot.shape[1])
    fits = [
        always & sure & (trend.z > 0),
        always & sure & (trend.z < 0),
        always,
        now & (first >= steps - max(1, round(LATE * steps))),
        now & cold.any(axis=0),
        now,
        (earlier >= OFTEN) & ~hot[-recent:].any(axis=0),
    ]
    words = ["intensifying", "diminishing", "persistent", "new", "oscillating", "sporadic", "historical"]
    return np.select(fits, words, default=NOWHERE).astype(object)
