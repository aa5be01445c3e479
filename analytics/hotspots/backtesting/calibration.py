"""Whether expected counts mean what they say: their scatter, the probabilities that follow, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy

__all__ = [
    "Dispersion", "chance_of_event", "distribution_of_sums", "floored", "membership", "randomised_pit",
    "stated_and_observed",
]  # fmt: skip

Array = npt.NDArray[np.float64]

# Of the whole expectation so much is spread evenly: no place is impossible, and a method that says so of a place where
# something then happens would be infinitely wrong.
EVENLY = 0.01
LEAST_SPREAD = 1e-6  # below it the negative binomial is the Poisson
MOST_COUNT = 1 << 20  # beyond which no cell's place among the busiest is looked for


def floored(rate: Array) -> Array:
    """Expected counts of which one per cent is spread evenly."""
    return np.asarray((1 - EVENLY) * np.maximum(rate, 0) + max(EVENLY * rate.sum(), 1e-9) / len(rate))


@dataclass
class Dispersion:
    """How much more than a Poisson's counts have scattered around what was expected of them.

    ``spread`` is a in variance = mean + a x mean², by the method of moments over all windows so far, never below 0.
    """

    excess: float = 0.0
    squares: float = 0.0
    windows: int = 0

    @property
    def known(self) -> bool:
        """Whether any window has been seen."""
        return self.windows > 0

    @property
    def spread(self) -> float:
        """The excess of the variance over the mean, relative to the mean squared."""
        return max(self.excess / self.squares, 0.0) if self.squares else 0.0

    def learn(self, mean: Array, count: Array) -> None:
        """Add one window's cells.

        Parameters
        ----------
        mean : expected events by cell.
        count : observed events by cell.
        """
        self.excess += float(((count - mean) ** 2 - mean).sum())
        self.squares += float((mean**2).sum())
        self.windows += 1


@dataclass(frozen=True, eq=False)
class _Counts:
    """Counts around means: negative binomial, or Poisson where they scatter no more than that.

    scipy's frozen distributions say the same, and take longer to be made than to be asked.
    """

    mean: Array
    spread: float

    def none(self) -> Array:
        """The probability of no event."""
        if self.spread < LEAST_SPREAD:
            return np.exp(-self.mean)
        return np.exp(-np.log1p(self.spread * self.mean) / self.spread)

    def of(self, count: Array | int) -> Array:
        """The probability of so many."""
        return self._asked("pmf", count)

    def above(self, count: Array | int) -> Array:
        """The probability of more."""
        return self._asked("sf", count)

    def up_to(self, count: Array | int) -> Array:
        """The probability of so many or fewer."""
        return self._asked("cdf", count)

    def _asked(self, what: str, count: Array | int) -> Array:
        if self.spread < LEAST_SPREAD:
            return np.asarray(getattr(scipy.stats.poisson, what)(count, self.mean))
        return np.asarray(getattr(scipy.stats.nbinom, what)(count, 1 / self.spread, 1 / (1 + self.spread * self.mean)))


def randomised_pit(count: Array, mean: Array, *, spread: float, seed: int) -> Array:
    """Where each count falls in its distribution, 0 to 1, uniform when that is right (Czado, Gneiting and Held 2009).

    Parameters
    ----------
    count : observed events by cell.
    mean : expected events by cell.
    spread : a in variance = mean + a x mean²; 0 is Poisson.
    seed : of everything drawn by lot.

    Returns
    -------
    One number between 0 and 1 a cell.
    """
    happened = count > 0  # in most cells nothing did, and of those only one probability is asked
    found = _Counts(mean[happened], spread)
    at = _Counts(mean, spread).none()
    above = at.copy()
    at[happened], above[happened] = found.of(count[happened]), found.up_to(count[happened])
    return np.asarray(above - (1 - np.random.Generator(np.random.Philox(seed)).random(len(count))) * at)


def distribution_of_sums(mean: Array, squares: Array, *, spread: float) -> Any:
    """The distribution of events in several cells together, each of which scatters by itself.

    Variances add up: mean + spread x the sum of squared means of the cells, which is again a negative binomial's.

    Parameters
    ----------
    mean : sums of the cells' expected events.
    squares : sums of their squares.
    spread : as in ``chance_of_event``.

    Returns
    -------
    A frozen distribution of scipy, one count a sum.
    """
    whole = np.maximum(np.asarray(mean, dtype=float), 1e-9)
    own = spread * np.asarray(squares, dtype=float) / whole**2
    if spread < LEAST_SPREAD:
        return scipy.stats.poisson(whole)
    own = np.maximum(own, LEAST_SPREAD)
    return scipy.stats.nbinom(1 / own, 1 / (1 + own * whole))


def chance_of_event(mean: Array, *, spread: float) -> Array:
    """The probability of at least one event in each cell.

    Parameters
    ----------
    mean : expected events by cell.
    spread : a in variance = mean + a x mean²; 0 is Poisson.

    Returns
    -------
    Between 0 and 1, a cell.
    """
    return 1 - _Counts(floored(mean), spread).none()


def membership(mean: Array, number: int, *, spread: float) -> Array:
    """The probability that each cell will be among the ``number`` with most events.

    Among many cells the count that divides them hardly varies: it is the m of which fewer cells are expected to have
    more, and more cells at least as many. A cell belongs with P(count > m), and of those with exactly m a share.

    Parameters
    ----------
    mean : expected events by cell.
    number : how many cells are in the set.
    spread : a in variance = mean + a x mean²; 0 is Poisson.

    Returns
    -------
    Between 0 and 1, a cell; they add up to about `number`.
    """
    smooth = floored(mean)
    return _belongs(_Counts(smooth, spread), *_divide(smooth, (number,), spread)[0])


def _belongs(found: _Counts, least: int, share: float) -> Array:
    return found.above(least) + share * found.of(least)


def _divide(smooth: Array, numbers: Sequence[int], spread: float) -> list[tuple[int, float]]:
    """For each number of cells the count that divides them from the rest, and the share of those with just that count."""
    # Cells of nearly the same mean are counted together, since only sums are needed.
    bins, cells = np.unique(np.round(np.log(smooth), 2), return_counts=True)
    alike = _Counts(np.exp(bins), spread)

    @cache  # several numbers ask for the same counts
    def more_than(count: int) -> float:
        return float(cells @ alike.above(count))

    found = []
    for number in numbers:
        low, high = 0, 1
        while high < MOST_COUNT and more_than(high) > number:
            low, high = high, 2 * high
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if more_than(middle) <= number else (middle + 1, high)
        above, equal = more_than(low), float(cells @ alike.of(low))
        found.append((low, min(1.0, max(0.0, (number - above) / max(equal, 1e-300)))))
    return found


def busiest(count: Array, number: int) -> Array:
    """For each cell 1 when it was among the ``number`` with most events, and its share of the places left to a tie."""
    least = np.sort(count)[::-1][number - 1] if number else np.inf
    above, equal = count > least, count == least
    left = number - above.sum()
    return np.where(above, 1.0, np.where(equal, left / max(equal.sum(), 1), 0.0))


def stated_and_observed(
    rate: Array, count: Array, rank: npt.NDArray[np.int64], numbers: Sequence[int], *, spread: float
) -> list[tuple[int, float, float, float, float]]:
    """For each number of first cells: itself; mean membership, and how many were members; mean chance of an event, and
    how many had one.

    Parameters
    ----------
    rate : expected events by cell.
    count : observed events by cell.
    rank : where each cell stands in the order, 0 first.
    numbers : how many first cells, one or more sets.
    spread : a in variance = mean + a x mean²; 0 is Poisson.

    Returns
    -------
    One tuple of five a number.
    """
    smooth = floored(rate)
    rows = []
    for number, (least, share) in zip(numbers, _divide(smooth, numbers, spread), strict=True):
        first = np.flatnonzero(rank < number)
        if not len(first):
            rows.append((0, np.nan, np.nan, np.nan, np.nan))
            continue
        found = _Counts(smooth[first], spread)
        belongs, chance = _belongs(found, least, share).mean(), 1 - found.none().mean()
        members, had = busiest(count, number)[first].mean(), (count[first] > 0).mean()
        rows.append((number, float(belongs), float(members), float(chance), float(had)))
    return rows
