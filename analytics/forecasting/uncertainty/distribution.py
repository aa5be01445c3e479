"""The distribution of each value to come: a negative binomial, or a grid of quantiles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy
from scipy import special

from analytics.forecasting.uncertainty._count_loops import TINY, binomial_counts, grid_counts, grid_reached

__all__ = ["LARGE", "Columns", "Distribution", "GridDistribution", "NegativeBinomial", "quantiles_of"]

Array = npt.NDArray[np.float64]
Columns = slice | npt.NDArray[np.int64]

LARGE = (
    100.0  # counts beyond this are not climbed one by one: it takes too many steps, and a whole number matters little
)
CLIMBED = (
    500.0  # means up to which climbing is quicker, and the chance of no event, exp(-mean) at least, is still a double
)
SMALLEST_MEAN = 1e-9  # a mean of exactly 0 has no negative binomial; this one draws 0 all the same


@dataclass(frozen=True, eq=False)
class NegativeBinomial:
    """Counts with a mean and a size (variance = mean + mean^2 / size), arrays of one shape."""

    mean: Array
    size: Array

    @property
    def whole(self) -> bool:
        """Whether values are whole numbers."""
        return True

    def cdf(self, value: Array) -> Array:
        """P(count <= value); 0 below 0."""
        floor = np.floor(value)
        below = special.betainc(self.size, np.maximum(floor, 0) + 1, self._share())
        answer: Array = np.where(floor < 0, 0.0, np.asarray(below, dtype=np.float64))
        return answer

    def around(self, observed: Array) -> tuple[Array, Array]:
        """P(count < observed) and P(count <= observed)."""
        return self.cdf(observed - 1), self.cdf(observed)

    def inverse(self, uniform: Array) -> Array:
        """The count at each uniform; uniforms may have leading dimensions (draws)."""
        # Arrays of their own: for each kind of view what is compiled would be compiled again.
        share, size, mean = (
            np.broadcast_to(each, self.mean.shape).flatten() for each in (self._share(), self.size, self.mean)
        )
        asked = _by_cell(uniform, self.mean)
        climbed = mean <= CLIMBED
        if climbed.all():
            return binomial_counts(asked, share, size, mean).T.reshape(uniform.shape)
        counts = np.empty(asked.shape)
        counts[climbed] = binomial_counts(asked[climbed], share[climbed], size[climbed], mean[climbed])
        counts[~climbed] = scipy.stats.nbinom.ppf(asked[~climbed], size[~climbed, None], share[~climbed, None])
        return counts.T.reshape(uniform.shape)

    def cumulative(self) -> Iterator[Array]:
        """P(count <= 0), P(count <= 1), ... until all are 1; for means up to ``LARGE``."""
        share = self._share()
        mass = share**self.size
        reached = mass.copy()
        step = 0
        while (reached < 1).any():
            yield reached
            mass = mass * (step + self.size) / (step + 1) * (1 - share)
            step += 1
            # Beyond the mean, where the sum cannot rise any more in floating point, all has been found that doubles tell.
            rising = (mass > TINY) | (step <= self.mean)
            reached = np.where(rising, np.minimum(reached + mass, 1.0), 1.0)
        yield reached

    def column(self, index: int | Columns) -> NegativeBinomial:
        """One column of a panel (period, column), or several."""
        return NegativeBinomial(self.mean[:, index], self.size[:, index])

    def alike(self) -> tuple[Columns, ...]:
        """The columns that are drawn in one way, here all, each whichever others are drawn with it."""
        return (slice(None),)

    def _share(self) -> Array:
        return self.size / (self.size + np.maximum(self.mean, SMALLEST_MEAN))


@dataclass(frozen=True, eq=False)
class GridDistribution:
    """Values known by evenly spaced quantiles: ``values`` (level, ...), rising, of which each is as likely as another.

    They are brought to ``mean``: by a factor where the values are counts (``whole``), by a shift otherwise. A count lies
    at the whole number below or above its quantile, at random such that the mean stays; beyond ``LARGE`` at the nearest.
    Between the quantiles of continuous values one interpolates; beyond the outermost their slope goes on for half a step.
    """

    values: Array
    mean: Array
    whole: bool

    def cdf(self, value: Array) -> Array:
        """P(X <= value)."""
        return self._reached(self._atoms(), value)

    def around(self, observed: Array) -> tuple[Array, Array]:
        """P(X < observed) and P(X <= observed); the same where values are continuous."""
        atoms = self._atoms()
        upto = self._reached(atoms, observed)
        return (self._reached(atoms, observed - 1) if self.whole else upto), upto

    def _reached(self, atoms: Array, value: Array) -> Array:
        answer: Array
        if self.whole:
            reach = np.floor(value) + (0.5 if self._many() else 1.0)
            if self._many():
                shares = (atoms < reach).mean(axis=0)
            else:
                apart = reach - atoms
                shares = np.clip(apart, 0.0, 1.0, out=apart).mean(axis=0)
            answer = np.where(value < 0, 0.0, shares)
        else:
            answer = (atoms <= value).sum(axis=0) / (len(atoms) + 1)
        return answer

    def inverse(self, uniform: Array) -> Array:
        """The value at each uniform; uniforms may have leading dimensions (draws)."""
        if self.whole and not self._many():
            atoms = self._atoms()
            counts = grid_counts(_by_cell(uniform, self.mean), atoms.reshape(len(atoms), -1))
            return counts.T.reshape(uniform.shape)
        atoms = self._atoms()
        position = np.clip(uniform * (len(atoms) + 1) - 1, -0.5, len(atoms) - 0.5)
        low = np.clip(np.floor(position).astype(int), 0, len(atoms) - 2)
        below, above = _take(atoms, low), _take(atoms, low + 1)
        drawn: Array = below + (position - low) * (above - below)
        return np.maximum(np.rint(drawn), 0.0) if self.whole else drawn

    def cumulative(self) -> Iterator[Array]:
        """P(X <= 0), P(X <= 1), ... until all are 1; for counts."""
        atoms = self._atoms()
        yield from grid_reached(atoms.reshape(len(atoms), -1)).reshape(-1, *atoms.shape[1:])

    def column(self, index: int | Columns) -> GridDistribution:
        """One column of a panel (period, column), or several."""
        return GridDistribution(self.values[:, :, index], self.mean[:, index], self.whole)

    def alike(self) -> tuple[Columns, ...]:
        """The columns that are drawn in one way, those of large counts apart, each whichever others are drawn with it."""
        large = self.mean.max(axis=0, initial=0) > LARGE
        if not self.whole or large.all() or not large.any():
            return (slice(None),)
        return np.flatnonzero(~large), np.flatnonzero(large)

    def _atoms(self) -> Array:
        if not self.whole:
            shifted: Array = self.values + (self.mean - self.values.mean(axis=0))
            return shifted
        positive = self.values if (self.values[0] >= 0).all() else np.maximum(self.values, 0.0)
        middle = positive.mean(axis=0)
        # As most models state it; a copy of a city's takes as long as what is asked of it.
        if np.array_equal(middle, self.mean):
            return positive
        scaled: Array = positive * (self.mean / np.maximum(middle, SMALLEST_MEAN))
        return scaled

    def _many(self) -> bool:
        return bool(np.max(self.mean, initial=0) > LARGE)


Distribution = NegativeBinomial | GridDistribution


def _by_cell(uniform: Array, mean: Array) -> Array:
    """Uniforms as (cell, draw), whatever dimensions the draws and the cells have."""
    return np.ascontiguousarray(uniform.reshape(-1, mean.size).T, dtype=np.float64)


def _take(values: Array, index: npt.NDArray[np.int64]) -> Array:
    """values[index[d, ...], ...] for each draw d."""
    flat = index.reshape((-1, *values.shape[1:]))
    answer: Array = np.take_along_axis(values, flat, axis=0).reshape(index.shape)
    return answer


def quantiles_of(distribution: Distribution, levels: Sequence[float]) -> Array:
    """Quantiles (level, ...) of a distribution.

    Parameters
    ----------
    distribution : of each value, (period, column).
    levels : between 0 and 1.

    Returns
    -------
    (level, period, column).
    """
    uniform = np.asarray(levels, dtype=float).reshape((-1,) + (1,) * distribution.mean.ndim)
    found = distribution.inverse(np.broadcast_to(uniform, (len(uniform), *distribution.mean.shape)))
    return np.ascontiguousarray(found)  # loops are compiled for arrays that lie so
