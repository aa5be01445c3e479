"""The distribution of each value to come: a negative binomial, or a grid of quantiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special, stats

__all__ = ["GridDistribution", "NegativeBinomial", "negative_binomial_quantiles", "randomised_pit"]

Array = npt.NDArray[np.float64]

FEW = 500  # below this scipy's inverse is quick enough
LARGE_MEAN = 100.0  # beyond this climbing takes too many steps, and p**size nears the smallest double
TINY = 1e-18
SMALLEST_MEAN = 1e-9  # a mean of exactly 0 has no negative binomial; this one draws 0 all the same


@dataclass(frozen=True, eq=False)
class NegativeBinomial:
    """Counts with a mean and a size (variance = mean + mean^2 / size), arrays of one shape."""

    mean: Array
    size: Array

    def cdf(self, value: Array) -> Array:
        """P(count <= value); 0 below 0."""
        p = self.size / (self.size + np.maximum(self.mean, SMALLEST_MEAN))
        floor = np.floor(value)
        below = special.betainc(self.size, np.maximum(floor, 0) + 1, p)
        answer: Array = np.where(floor < 0, 0.0, np.asarray(below, dtype=np.float64))
        return answer

    def inverse(self, uniform: Array) -> Array:
        """The count at each uniform; uniforms may have leading dimensions (draws)."""
        p = self.size / (self.size + np.maximum(self.mean, SMALLEST_MEAN))
        if uniform.size < FEW or np.max(self.mean, initial=0) > LARGE_MEAN:
            return np.asarray(stats.nbinom.ppf(uniform, self.size, p), dtype=np.float64)
        return _climb(uniform, self.size, p)


def _climb(uniform: Array, size: Array, p: Array) -> Array:
    """The same as scipy's inverse, count by count for all at once: some twenty times faster for small means."""
    pmf = p**size
    cdf = pmf.copy()
    counts = np.zeros(uniform.shape)
    step = 0
    while (above := uniform > cdf).any():
        counts += above
        pmf = pmf * (step + size) / (step + 1) * (1 - p)
        step += 1
        # Where the sum cannot rise any more in floating point, the count has been found as far as doubles tell.
        cdf = np.where(pmf > TINY, cdf + pmf, 1.0)
    return counts


@dataclass(frozen=True, eq=False)
class GridDistribution:
    """Values known by their quantiles: ``values`` (level, ...) at increasing ``levels``.

    Between levels the value is interpolated; beyond the outermost the last slope goes on for half a step more. Draws of
    counts are rounded at random so that their mean stays, and all draws are shifted so that their mean is ``mean``.
    """

    levels: Array
    values: Array
    mean: Array
    whole: bool

    def cdf(self, value: Array) -> Array:
        """P(X <= value), by the share of levels at or below it."""
        answer: Array = (self.values <= value).sum(axis=0) / (len(self.levels) + 1)
        return answer

    def inverse(self, uniform: Array) -> Array:
        """The value at each uniform."""
        place = np.clip(uniform * (len(self.levels) + 1) - 1, -0.5, len(self.levels) - 0.5)
        low = np.clip(np.floor(place).astype(int), 0, len(self.levels) - 2)
        below, above = _take(self.values, low), _take(self.values, low + 1)
        drawn = below + (place - low) * (above - below)
        if not self.whole:
            shifted: Array = drawn + (self.mean - self._grid_mean())
            return shifted
        grid_mean = np.maximum(self._grid_mean(), SMALLEST_MEAN)
        drawn = np.maximum(drawn, 0) * (self.mean / grid_mean)
        # The digits of the uniform below the grid's resolution are as good as another uniform, and keep the pairing.
        rest = np.modf(uniform * 1e6)[0]
        answer: Array = np.floor(drawn + rest)
        return answer

    def _grid_mean(self) -> Array:
        answer: Array = (np.maximum(self.values, 0) if self.whole else self.values).mean(axis=0)
        return answer


def _take(values: Array, place: npt.NDArray[np.int64]) -> Array:
    """values[place[d, ...], ...] for each draw d."""
    flat = place.reshape((-1, *values.shape[1:]))
    answer: Array = np.take_along_axis(values, flat, axis=0).reshape(place.shape)
    return answer


def negative_binomial_quantiles(mean: Array, size: Array, levels: Sequence[float]) -> Array:
    """Quantiles (level, ...) of negative binomials."""
    uniform = np.asarray(levels, dtype=float).reshape((-1,) + (1,) * mean.ndim)
    return NegativeBinomial(mean, size).inverse(uniform)


def randomised_pit(distribution: NegativeBinomial | GridDistribution, actual: Array, *, uniform: Array) -> Array:
    """Where each outcome fell in its distribution: uniform when the distribution is right, also for counts.

    For counts u = F(y - 1) + v (F(y) - F(y - 1)) with v uniform (Czado, Gneiting and Held 2009).
    """
    if isinstance(distribution, GridDistribution):
        # With a grid the step of a count lies between "below" and "at or below".
        steps = len(distribution.levels) + 1
        below = np.asarray((distribution.values < actual).sum(axis=0) / steps)
        width = np.maximum((distribution.values <= actual).sum(axis=0) / steps - below, 1 / steps)
    else:
        below = distribution.cdf(actual - 1)
        width = distribution.cdf(actual) - below
    answer: Array = np.clip(below + uniform * width, 0, 1)
    return answer
