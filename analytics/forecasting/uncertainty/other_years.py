"""What the same time of earlier years says of a range: where it holds few of their values, they are mixed in.

A model that looks on the last weeks alone knows nothing of a season that begins. The values of earlier years at the time
that lies ahead, brought down to today's level, are outcomes that a range should hold about as often as it promises. The
share beyond what it may miss is the weight with which they are mixed in, so that a range that holds them stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.contract import GRID, frequency_of
from analytics.forecasting.uncertainty.distribution import (
    Distribution,
    GridDistribution,
    NegativeBinomial,
    quantiles_of,
)
from data.frequency import Frequency

__all__ = ["with_other_years"]

Array = npt.NDArray[np.float64]

RANGE = (0.025, 0.975)
# What a range may miss of earlier years before they are mixed in: they are no draws of this year's distribution, so
# five times what is promised; a range without any width has no claim to more than it promises.
MAY_MISS, WITHOUT_WIDTH = 0.25, 0.05
YEARS = 5  # older years say little of this one
OFFSET = 0.02  # of a column's mean, added to both levels that are compared: nothing over nothing is no fall
CLOSED = 0.05  # a weekday with less than this share of an average day's values says nothing of the others
SAMPLED = 25  # values that stand for a history without an earlier year
LARGEST_SIZE = 1e4  # beyond it a negative binomial is a Poisson
ROUNDING = 1e-9


@dataclass(frozen=True)
class _Reach:
    """In periods: how far around the same time of a year values count, the steps there, how long a level is, and how
    many that follow each other are judged together.
    """

    around: int
    step: int
    level: int
    together: int


# Days are freed of their weekday, so all of four weeks count; hours keep to the same hour of the week.
REACH = {
    Frequency.HOUR: _Reach(336, 168, 672, 168),
    Frequency.DAY: _Reach(14, 1, 28, 7),
    Frequency.WEEK: _Reach(2, 1, 4, 4),
}


def with_other_years(distribution: Distribution, history: pd.DataFrame) -> Distribution:
    """The distribution, with the values of earlier years mixed in where its 95 % range holds too few of them.

    Months and years are left alone: their models see the whole year. Where no earlier year is known, a range without
    any width is mixed with the whole history.

    Parameters
    ----------
    distribution : what a model says of the periods after the history, (period, column).
    history : period x column, gaps NaN.

    Returns
    -------
    The same object where nothing is mixed in; a negative binomial stays one, by its first two moments.
    """
    reach = REACH.get(frequency_of(history))
    if reach is None:
        return distribution
    values = history.to_numpy(dtype=float)
    low, high = quantiles_of(distribution, RANGE)
    flat = high <= low
    earlier = _same_time(history, len(flat), reach)
    bare = flat.all(axis=0) & np.isnan(earlier).all(axis=(0, 1)) & ~np.isnan(values).all(axis=0)
    if bare.any():
        whole = np.full((SAMPLED, *flat.shape), np.nan)
        whole[:, :, bare] = np.nanquantile(values[:, bare], np.linspace(0, 1, SAMPLED), axis=0)[:, None]
        earlier = np.concatenate([earlier, whole])
    missed = np.where(np.isnan(earlier), np.nan, (earlier < low) | (earlier > high))
    weight = _weight(missed, flat, reach.together)
    return _mixed(distribution, earlier, weight) if weight.any() else distribution


def _same_time(history: pd.DataFrame, horizon: int, reach: _Reach) -> Array:
    """Values of earlier years around the time of each period ahead, at today's level, (sample, period, column)."""
    values = history.to_numpy(dtype=float)
    freq = frequency_of(history)
    factors = _weekday_factors(history) if freq is Frequency.DAY else np.ones((1, values.shape[1]))
    ahead = len(values) + np.arange(horizon)
    offsets = range(-reach.around, reach.around + 1, reach.step)
    # By how many days apart in the week they are, what brings a value from its weekday to that of each period ahead.
    ratios = [_ratio(factors, there=ahead + apart, here=ahead) for apart in range(len(factors))]
    samples = np.full((1 + YEARS * len(offsets), horizon, values.shape[1]), np.nan)
    filled = 1
    for year in range(1, YEARS + 1):
        back = year * freq.year_ago
        times, plus = _to_level(values, back, reach.level)
        for offset in offsets:
            start = len(values) - back + offset
            inside = slice(max(-start, 0), max(min(len(values) - start, horizon), 0))
            if inside.start < inside.stop:
                there = values[start + inside.start : start + inside.stop]
                ratio = ratios[(offset - back) % len(factors)][inside]
                samples[filled, inside] = there * times * ratio + plus
                filled += 1
    return samples[:filled]


def _ratio(factors: Array, *, there: npt.NDArray[np.int64], here: npt.NDArray[np.int64]) -> Array:
    """The factors of rows beside those of others, (row, column); NaN where a weekday says nothing of the others."""
    theirs, ours = (factors[rows % len(factors)] for rows in (there, here))
    return np.where(theirs < CLOSED, np.nan, ours / np.maximum(theirs, CLOSED))


def _weekday_factors(history: pd.DataFrame) -> Array:
    """Each weekday's mean over the mean of all, (weekday, column), in the order of the rows from the first on."""
    values = history.to_numpy(dtype=float)
    means = np.stack([_mean(values[day::7]) for day in range(7)])
    level = means.mean(axis=0)
    # Weekdays of values around 0, or of a history without some weekday, are no shares of anything.
    shares = (np.nan_to_num(values) >= 0).all(axis=0) & (level > 0)
    return np.where(shares, means / np.where(shares, level, 1.0), 1.0)


def _to_level(values: Array, back: int, level: int) -> tuple[Array, Array]:
    """What brings values of an earlier year to today's level, by column: a factor of at most 1, and what is added.

    Levels are those of the last periods, and of the same ones of that year; a rise is left to the model, as what is rare
    must not be made frequent. Values that can be below 0 are moved instead.
    """
    still = np.ones(values.shape[1]), np.zeros(values.shape[1])
    if back + level > len(values):
        return still
    now, then = _mean(values[-level:]), _mean(values[len(values) - back - level : len(values) - back])
    known = ~np.isnan(now + then)
    least = OFFSET * np.nan_to_num(_mean(values)) + 1e-12
    positive = (np.nan_to_num(values) >= 0).all(axis=0)
    factor = np.minimum((now + least) / (then + least), 1.0)
    return np.where(known & positive, factor, 1.0), np.where(known & ~positive, now - then, 0.0)


def _weight(missed: Array, flat: npt.NDArray[np.bool_], together: int) -> Array:
    """How far earlier values are mixed in, 0 to 1, (period, column), by the share of them that a range missed."""
    weight = np.zeros(flat.shape)
    for start in range(0, len(flat), together):
        part = slice(start, start + together)
        share = np.nan_to_num(_mean(missed[:, part].reshape(-1, flat.shape[1])))
        spare = np.where(flat[part].all(axis=0), WITHOUT_WIDTH, MAY_MISS)
        weight[part] = np.clip((share - spare) / (1 - spare), 0.0, 1.0)
    return weight


def _mixed(distribution: Distribution, earlier: Array, weight: Array) -> Distribution:
    mean, square = (np.nan_to_num(_mean(each)) for each in (earlier, earlier**2))
    weight = np.where(np.isnan(earlier).all(axis=0), 0.0, weight)
    middle = (1 - weight) * distribution.mean + weight * mean
    if isinstance(distribution, NegativeBinomial):
        own = distribution.mean + distribution.mean**2 * (1 + 1 / distribution.size)
        variance = (1 - weight) * own + weight * square - middle**2
        size = middle**2 / np.maximum(variance - middle, middle**2 / LARGEST_SIZE)
        return NegativeBinomial(middle, np.where(weight > 0, size, distribution.size))
    values = quantiles_of(distribution, GRID)
    for column in np.flatnonzero(weight.any(axis=0)):
        values[:, :, column] = _mixture(values[:, :, column], earlier[:, :, column], weight[:, column])
    return GridDistribution(values, middle, distribution.whole)


def _mixture(own: Array, others: Array, weight: Array) -> Array:
    """Quantiles at ``GRID`` of a mixture of values that each are as likely as another, (level, period)."""
    known = ~np.isnan(others)
    mass = np.concatenate([
        np.broadcast_to((1 - weight) / len(own), own.shape),
        weight * known / np.maximum(known.sum(axis=0), 1),
    ])  # fmt: skip
    atoms = np.concatenate([own, np.where(known, others, np.inf)])
    order = np.argsort(atoms, axis=0, kind="stable")
    ordered, reached = (
        np.take_along_axis(atoms, order, axis=0),
        np.cumsum(np.take_along_axis(mass, order, axis=0), axis=0),
    )
    levels = np.asarray(GRID) - ROUNDING
    place = np.stack([np.searchsorted(each, levels) for each in reached.T], axis=1)
    answer: Array = np.take_along_axis(ordered, place, axis=0)
    return answer


def _mean(values: Array) -> Array:
    """The mean over the first dimension of what is known; NaN where nothing is."""
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    mean: Array = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return mean
