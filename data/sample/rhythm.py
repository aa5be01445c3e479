"""How a daily mean of Meridian moves in time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["DAYS_A_YEAR", "Rhythm"]

Floats = npt.NDArray[np.float64]

DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Rhythm:
    """How a daily mean moves in time, and how counts scatter around it.

    ``trend`` is the growth a year (.02 is 2 %), compounding from the first day. ``weekday`` holds seven factors, Monday
    first, of mean 1. ``annual`` holds a (cosine, sine) pair for each yearly harmonic of the logarithm. ``size`` is the
    negative binomial's: variance = mean + mean²/size.
    """

    trend: float
    weekday: tuple[float, ...]
    annual: tuple[tuple[float, float], ...]
    size: float

    def annual_factor(self, days: pd.DatetimeIndex) -> Floats:
        """The annual shape by day, of mean 1 over a year."""
        share = (days.day_of_year.to_numpy() - 1) / DAYS_A_YEAR
        whole_year = np.arange(365) / DAYS_A_YEAR
        return np.asarray(np.exp(self._wave(share)) / np.exp(self._wave(whole_year)).mean())

    def factor(self, days: pd.DatetimeIndex, *, since: pd.Timestamp) -> Floats:
        """Trend × weekday × annual shape by day: what multiplies a level that holds on the day ``since``.

        Parameters
        ----------
        days : the days asked for.
        since : the day on which the factor of the trend is 1.

        Returns
        -------
        A factor above 0 a day.
        """
        years = (days - since).days.to_numpy() / DAYS_A_YEAR
        weekday = np.array(self.weekday)[days.day_of_week]
        return np.asarray(np.exp(np.log1p(self.trend) * years) * weekday * self.annual_factor(days))

    def _wave(self, share: Floats) -> Floats:
        turns = [2 * np.pi * order * share for order in range(1, len(self.annual) + 1)]
        waves = [cos * np.cos(turn) + sin * np.sin(turn) for (cos, sin), turn in zip(self.annual, turns, strict=True)]
        return np.asarray(np.sum(waves, axis=0))
