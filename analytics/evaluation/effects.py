"""What a policy did, as it is told: in per cent and in units, with what could have been seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.evaluation.placebos import Band

__all__ = ["Effect", "Estimate", "Naive", "effect_of", "naive_change"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Effect:
    """A change against what was expected, with its 95 % interval.

    ``share`` is −.2 for a fifth less; ``units`` is the change a period. An effect of ``seen`` (a share) would have been told
    from none four times in five. ``p`` is the chance of one as large where there is none.
    """

    share: float
    low: float
    high: float
    units: float
    units_low: float
    units_high: float
    seen: float
    p: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves no effect out."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Estimate:
    """What one method finds: its effect, and its mean error where, and when, there was no policy (a share)."""

    method: str
    effect: Effect
    placebo_error: float


@dataclass(frozen=True)
class Naive:
    """The change from the mean before to the mean after, as a share: what anybody would work out first."""

    share: float
    before: float
    after: float


def effect_of(band: Band, *, observed: Array, expected: Array, logs: bool) -> Effect:
    """A band on its method's scale as an effect in per cent and in units.

    Parameters
    ----------
    band : in logarithms of ratios, or in units.
    observed, expected : the values with the policy, (period after,), in units.
    logs : which of the two.

    Returns
    -------
    Effect
        Units are those of a period.
    """
    mean = float(np.nanmean(observed))
    if logs:
        share, low, high = (float(np.expm1(each)) for each in (band.effect, band.low, band.high))
        units, fewest, most = (mean - mean / (1 + each) for each in (share, low, high))
        return Effect(share, low, high, units, fewest, most, float(-np.expm1(-band.seen)), band.p)
    middle = abs(float(np.nanmean(expected))) or 1.0
    share, low, high, seen = (each / middle for each in (band.effect, band.low, band.high, band.seen))
    return Effect(share, low, high, band.effect, band.low, band.high, seen, band.p)


def naive_change(line: Sequence[float] | Array, before: int) -> Naive:
    """The change of a line's mean.

    Parameters
    ----------
    line : values by period.
    before : how many periods lie before the policy.

    Returns
    -------
    Naive
        Against nothing but itself.
    """
    values = np.asarray(line, dtype=float)
    first, second = float(np.nanmean(values[:before])), float(np.nanmean(values[before:]))
    return Naive(second / first - 1 if first else float("nan"), first, second)
