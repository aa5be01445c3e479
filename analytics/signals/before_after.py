"""Before and after a plan was changed: differences of pairs with their interval, and ties told.

A pair is the same time met twice: the same seed of a simulation, or the same weekday and quarter of an hour before and
after. What else changed between the two (season, roadworks, growth) is in the difference, too: on a street it is no proof.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.signals.delay import delays
from analytics.signals.tables import Junction
from analytics.signals.timings import DayPlan

__all__ = ["MATTERS", "Difference", "delay_by_time", "difference_of", "pairs_of"]

Floats = npt.NDArray[np.float64]

MATTERS = 0.01  # of the mean before: what a verdict asks for at least, as of other measures
LEVEL = 0.95
FEWEST = 3  # pairs that say anything about their spread


@dataclass(frozen=True)
class Difference:
    """After less before, of so many ``pairs``: the mean with its 95 % interval, in the unit of what was measured.

    ``verdict`` is "better" where the interval lies below 0 (less is lost) and the mean exceeds what matters, "worse" likewise
    above, "no_change" where nothing differs at all, else "too_close". ``detectable`` is the smallest difference that would have
    been seen: half the interval, or what matters where that is more.
    """

    before: float
    after: float
    mean: float
    low: float
    high: float
    pairs: int
    verdict: Literal["better", "worse", "too_close", "no_change"]
    detectable: float

    @property
    def share(self) -> float:
        """The mean as a share of before; 0 where nothing was lost before."""
        return self.mean / self.before if self.before else 0.0


def difference_of(before: npt.ArrayLike, after: npt.ArrayLike, *, matters: float = MATTERS) -> Difference:
    """What pairs say: less is better.

    Parameters
    ----------
    before, after : of each pair, in the same order.
    matters : the smallest share of the mean before that is worth a verdict.

    Returns
    -------
    Difference
        With Student's interval of the mean of the pairs; it is endless of fewer than three pairs.

    Raises
    ------
    ValueError
        When there is no pair, or one side has more.

    Examples
    --------
    >>> difference_of([40.0, 42.0, 41.0, 43.0], [30.0, 33.0, 31.0, 33.0]).verdict
    'better'
    """
    from scipy.stats import t

    first, second = np.asarray(before, float), np.asarray(after, float)
    if first.shape != second.shape or not len(first):
        raise ValueError("before and after need the same pairs, at least one")
    apart = second - first
    n, mean = len(apart), float(apart.mean())
    half = float(t.ppf((1 + LEVEL) / 2, n - 1) * apart.std(ddof=1) / np.sqrt(n)) if n >= FEWEST else float("inf")
    least = matters * abs(float(first.mean()))
    verdict: Literal["better", "worse", "too_close", "no_change"] = "too_close"
    if not apart.any():
        verdict, half = "no_change", 0.0
    elif mean + half < 0 and -mean > least:
        verdict = "better"
    elif mean - half > 0 and mean > least:
        verdict = "worse"
    return Difference(
        float(first.mean()), float(second.mean()), mean, mean - half, mean + half, n, verdict, max(least, half)
    )  # fmt: skip


def pairs_of(before: pd.Series, after: pd.Series) -> pd.DataFrame:
    """Measurements of the same weekday and time of day, before and after.

    Parameters
    ----------
    before, after : values by local time, such as seconds that a drive along a corridor took.

    Returns
    -------
    DataFrame
        Columns ``before`` and ``after``, the mean of each weekday and time that both have; the others are left out.
    """

    def usual(values: pd.Series) -> pd.Series:
        times = pd.DatetimeIndex(values.index)
        return values.groupby([times.day_of_week, times.hour * 60 + times.minute]).mean()

    pairs = pd.concat({"before": usual(before), "after": usual(after)}, axis=1).dropna()
    return pairs.rename_axis(["weekday", "minute"])


def delay_by_time(junction: Junction, plans: Mapping[str, DayPlan]) -> pd.DataFrame:
    """Vehicle-hours that each plan loses in each interval that was counted, by the handbook.

    Parameters
    ----------
    junction : its layout and flows.
    plans : by name.

    Returns
    -------
    DataFrame
        By minute of the day, one column a plan: pairs, since every plan meets the same flows.
    """
    found = {}
    for name, plan in plans.items():
        hours = np.zeros(len(junction.minutes))
        timings = [plan.at(int(minute)) for minute in junction.minutes]
        for timing in dict.fromkeys(timings):
            places = np.flatnonzero([each == timing for each in timings])
            follows = np.concatenate([[False], np.diff(places) == 1]) & junction.follows[places]
            under = delays(junction.layout, timing, junction.flows[places], period=junction.period, follows=follows)
            hours[places] = (under.flows * under.delay).sum(axis=1) * junction.period / 3600
        found[name] = hours
    return pd.DataFrame(found, index=pd.Index(junction.minutes, name="minute"))
