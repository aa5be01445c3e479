"""CUSUM charts over a whole panel at once, and how often they reach a height when nothing has changed.

A chart adds up log likelihood ratios of a shift and starts again whenever the sum falls below 0 (Page 1954, Continuous
Inspection Schemes): the sum is the largest likelihood ratio over all lengths of a shift that lasts until now, so no length
has to be known. With normal scores z and reference value k the ratio of a shift 2k is 2k (z - k), which is the textbook
chart (see Lucas 1985 for counts; Hoehle and Paul 2008 for negative binomial counts).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Heights", "cusum", "heights_of", "run_lengths"]

Array = npt.NDArray[np.float64]

TAIL = 25  # of so many highest peaks the tail's rate is read; beyond, it falls as exp(-height)


def cusum(increments: Array, *, start: Array | None = None) -> Array:
    """The charts' heights after each period; ``increments`` is (period, ...), and a gap (NaN) adds nothing.

    Parameters
    ----------
    increments : (period, ...).
    start : heights before the first period; 0 by default.

    Returns
    -------
    Heights in the shape of `increments`, 0 or more (Page 1954).

    Examples
    --------
    >>> cusum(np.array([1.0, -3.0, 2.0, np.nan, 1.0]))
    array([1., 0., 2., 2., 3.])
    """
    height = np.zeros(increments.shape[1:]) if start is None else start
    heights = np.empty_like(increments)
    for period, step in enumerate(np.nan_to_num(increments)):
        height = np.maximum(height + step, 0.0)
        heights[period] = height
    return heights


def run_lengths(increments: Array, threshold: float) -> Array:
    """Periods until each chart (period, chart) first exceeds a threshold; infinite where it never does.

    Parameters
    ----------
    increments : (period, chart).
    threshold : a height.

    Returns
    -------
    Periods, one a chart.
    """
    over = cusum(increments) > threshold
    return np.where(over.any(axis=0), over.argmax(axis=0) + 1.0, np.inf)


@dataclass(frozen=True, eq=False)
class Heights:
    """How high excursions of a chart rise when nothing has changed: ``peaks`` from high to low, over ``years``.

    Of a chart that never rose it is only known that it reaches a height at most exp(-height) times a period (Lorden 1971,
    Procedures for Reacting to a Change in Distribution).
    """

    peaks: Array
    years: float
    periods_a_year: float

    def per_year(self, height: Array) -> Array:
        """Excursions a series and year that reach a height.

        Beyond the highest that were simulated the rate falls as exp(-height), as it does for any chart whose increments
        are log likelihood ratios (Siegmund 1985, Sequential Analysis).
        """
        if not len(self.peaks):
            bound: Array = self.periods_a_year * np.exp(-np.asarray(height, dtype=float))
            return bound
        reached = np.searchsorted(-self.peaks, -np.asarray(height, dtype=float), side="right") / self.years
        known = min(TAIL, len(self.peaks))
        edge = self.peaks[known - 1]
        beyond = known / self.years * np.exp(np.minimum(edge - height, 0.0))
        answer: Array = np.where(height > edge, beyond, reached)
        return answer

    def height_at(self, rate: float) -> float:
        """The height that excursions reach ``rate`` times a series and year."""
        if not len(self.peaks):
            return float(np.log(self.periods_a_year / rate))
        position = rate * self.years
        known = min(TAIL, len(self.peaks))
        if position < known:
            return float(self.peaks[known - 1] + np.log(known / position))
        return float(self.peaks[min(int(position), len(self.peaks) - 1)])


def heights_of(increments: Array, *, periods_a_year: float) -> Heights:
    """The peaks of the excursions of charts (period, series) over a history without any change.

    Parameters
    ----------
    increments : (period, series).
    periods_a_year : of the frequency.

    Returns
    -------
    The peaks, the highest first, and the years that they took.
    """
    heights = cusum(increments)
    peaks = []
    highest = np.zeros(heights.shape[1:])
    for height in [*heights, np.zeros_like(highest)]:
        ended = (height <= 0) & (highest > 0)
        peaks.append(highest[ended])
        highest = np.where(height > 0, np.maximum(highest, height), 0.0)
    every = np.concatenate(peaks)
    return Heights(np.sort(every)[::-1], increments.size / periods_a_year, periods_a_year)
