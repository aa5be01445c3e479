"""The Mann-Kendall test of a trend, for many series at once (Mann 1945; Kendall 1975, with ties)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

__all__ = ["Trend", "mann_kendall"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Trend:
    """By series: ``s`` (rises minus falls over all pairs of steps), ``z`` and the two-sided ``p``."""

    s: Array
    z: Array
    p: Array


def mann_kendall(values: Array) -> Trend:
    """The trend of each column of (step, series).

    z = (S - sign S) / sqrt(var S), var S = (n(n-1)(2n+5) - sum t(t-1)(2t+5)) / 18 over groups of t equal values.

    >>> mann_kendall(np.array([[1.0], [2.0], [4.0], [3.0]])).s.tolist()
    [4.0]
    """
    from analytics.hotspots.significance._trend_loops import rises_and_ties

    steps = len(values)
    s, ties = rises_and_ties(np.ascontiguousarray(values.T, dtype=np.float64))
    variance = (steps * (steps - 1) * (2 * steps + 5) - ties) / 18
    z = np.where(variance > 0, (s - np.sign(s)) / np.sqrt(np.where(variance > 0, variance, 1.0)), 0.0)
    return Trend(s, z, 2 * ndtr(-np.abs(z)))
