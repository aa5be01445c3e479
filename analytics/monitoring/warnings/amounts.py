"""Amounts that are watched, such as a day's load: how far they fall from their forecasts is told from how far they fell before.

What a model says of its own errors holds for counts, whose spread follows from their mean. Amounts wander with the weather:
their errors are larger in some months than in others, and now and then far larger than a normal's. Both are learned from all
days before a span: the season from how far each day lay from the one a week earlier (the median of the days around the same
date), the tails as Student's t whose degrees of freedom make those distances likeliest. How large errors are on the whole is
told anew each week from the errors of the last half-year themselves. One distribution follows, of which an alarm is a tail and
the stated range the middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special, stats

from analytics.forecasting.uncertainty.distribution import GridDistribution, NegativeBinomial

__all__ = [
    "Amounts",
    "Edges",
    "Habits",
    "Predicted",
    "edges_joined",
    "edges_of",
    "habits_of",
    "middle_of",
    "put_right",
    "scale_of",
]

Array = npt.NDArray[np.float64]

# Degrees that are tried; 50 is as good as normal. Of fewer than 4 a fall would have to be 20 times a usual error to be told.
FREEDOMS = (4.0, 5.0, 7.0, 10.0, 20.0, 50.0)
USUAL = 4.0  # where too little is known
WEEK = 7
LEAST_DAYS = 550  # a year and a half, so that each date was seen and half of them twice
LEAST_KNOWN = 200  # distances from which tails are told
AROUND = 30  # days either side of a date
QUIETEST = 0.25  # of an average date: a fourth as far, where few days are known
LEVEL_DAYS = 182  # over which a distance is held against those before it
FEWEST = 20  # errors from which their size is told
QUANTILES = (
    0.5,
    0.8,
)  # of the errors' sizes, the one that makes them larger counts: half of all days may be exactly alike
SMALLEST = 1e-9
CLIPPED = 2.0  # spreads of an amount's forecast, as Gelper, Fried and Croux clip
NORMAL = float(special.ndtri(0.975))


@dataclass(frozen=True, eq=False)
class Amounts:
    """Student's t around ``mean`` with ``scale`` and ``freedom``, (period, column) each."""

    mean: Array
    scale: Array
    freedom: Array

    @property
    def whole(self) -> bool:
        """Whether values are whole numbers."""
        return False

    def cdf(self, value: Array) -> Array:
        """P(X <= value), as exact in the tails as doubles are."""
        return np.asarray(special.stdtr(self.freedom, (value - self.mean) / self.scale))

    def inverse(self, uniform: Array) -> Array:
        """The value at each uniform; uniforms may have leading dimensions."""
        return np.asarray(self.mean + self.scale * special.stdtrit(self.freedom, uniform))

    def rows(self, rows: npt.NDArray[np.int64] | slice) -> Amounts:
        """Some periods."""
        return Amounts(self.mean[rows], self.scale[rows], self.freedom[rows])

    def as_grid(self) -> GridDistribution:
        """By quantiles, for what knows no other amounts."""
        levels = (np.arange(199) + 1) / 200
        return GridDistribution(
            self.inverse(np.broadcast_to(levels[:, None, None], (199, *self.mean.shape))), self.mean, False
        )


Predicted = NegativeBinomial | GridDistribution | Amounts


@dataclass(frozen=True, eq=False)
class Habits:
    """How errors of each column go: ``season`` (day of the year from 0, column) as a share of an average day's, ``freedom``."""

    season: Array
    freedom: Array

    def at(self, periods: pd.DatetimeIndex) -> Array:
        """The season of some days, (period, column)."""
        return np.asarray(self.season[periods.day_of_year.to_numpy() - 1])


def habits_of(values: pd.DataFrame, *, learned: bool) -> Habits:
    """What all values up to a span tell of how far amounts wander.

    Parameters
    ----------
    values : period × column, nothing of the span itself.
    learned : whether season and tails are learned, as those of amounts by the day are; of others there are none.

    Returns
    -------
    Habits
        Of each column; the same all year and ``USUAL`` where too little is known.
    """
    season, freedom = np.ones((366, values.shape[1])), np.full(values.shape[1], USUAL)
    if not learned:
        return Habits(season, freedom)
    apart = values.diff(WEEK).abs()
    for place in range(values.shape[1]):
        known = apart.iloc[:, place].dropna()
        if len(known) >= LEAST_DAYS:
            season[:, place] = _season(known)
        by_date = known / season[pd.DatetimeIndex(known.index).day_of_year.to_numpy() - 1, place]
        level = by_date.rolling(LEVEL_DAYS, min_periods=LEVEL_DAYS // 3).median()
        alike = (by_date / level.clip(lower=SMALLEST)).dropna().to_numpy()
        if len(alike) >= LEAST_KNOWN and np.median(alike) > SMALLEST:
            freedom[place] = _freedom(alike)
    return Habits(season, freedom)


def put_right(predicted: Predicted, factor: Array, habits: Habits, periods: pd.DatetimeIndex) -> Predicted:
    """The distribution that past errors give to a forecast of amounts; that of counts stays.

    Parameters
    ----------
    predicted : by a model, (period, column).
    factor : (column) as `scale_of` found it; NaN where too little is known, and the model's own spread is taken.
    habits : of the columns.
    periods : that are predicted.

    Returns
    -------
    Amounts, or the counts as they came.
    """
    if not isinstance(predicted, GridDistribution) or predicted.whole:
        return predicted
    middle = middle_of(predicted)
    learned = factor * habits.at(periods)[: len(middle)]
    scale = np.where(np.isnan(factor), predicted.values.std(axis=0), learned)
    freedom = np.broadcast_to(habits.freedom, middle.shape)
    return Amounts(middle, np.maximum(scale, SMALLEST * (1 + np.abs(middle))), freedom)


def middle_of(predicted: Predicted) -> Array:
    """The medians of a model's forecast of amounts, (period, column); the means of what is none."""
    if not isinstance(predicted, GridDistribution):
        return predicted.mean
    return np.asarray(np.median(predicted.values + (predicted.mean - predicted.values.mean(axis=0)), axis=0))


def scale_of(errors: Array, habits: Habits, periods: pd.DatetimeIndex) -> Array:
    """How large errors are on an average date, (column): the scale of Student's t that their sizes have.

    Parameters
    ----------
    errors : of past forecasts, (period, column), gaps NaN; alarmed spells too, or a forecast too sure of itself stayed so.
    habits : of the columns.
    periods : of the errors.

    Returns
    -------
    (column) NaN where there are too few.
    """
    sizes = np.abs(errors) / habits.at(periods)
    found = np.full(sizes.shape[1], np.nan)
    for place, freedom in enumerate(habits.freedom):
        known = sizes[~np.isnan(sizes[:, place]), place]
        if len(known) >= FEWEST:
            usual = special.stdtrit(freedom, (1 + np.array(QUANTILES)) / 2)
            found[place] = float((np.quantile(known, QUANTILES) / usual).max())
    return found


@dataclass(frozen=True, eq=False)
class Edges:
    """What 95 in 100 amounts would be, given how the rest of the panel moved: from ``low`` to ``high``, (period, column)."""

    low: Array
    middle: Array
    high: Array

    def of_mean(self, rows: slice, column: int, *, persistence: float) -> tuple[float, float, float]:
        """The same of the mean of a spell.

        Parameters
        ----------
        rows : its periods.
        column : whose.
        persistence : how many times over errors say the same: a mean of days that err alike is no surer than one of them.

        Returns
        -------
        tuple
            Low, middle and high.
        """
        low, middle, high = (each[rows, column] for each in (self.low, self.middle, self.high))
        known = ~np.isnan(middle)
        n = max(int(known.sum()), 1)
        centre = float(middle[known].sum() / n)
        below, above = (
            float(np.sqrt(((each - middle)[known] ** 2).sum() * min(persistence, n)) / n) for each in (low, high)
        )
        return centre - below, centre, centre + above


def edges_joined(parts: Sequence[Edges], own: Sequence[slice] = ()) -> Edges:
    """The edges of periods that follow each other.

    Parameters
    ----------
    parts : in order.
    own : which periods of each; all by default.

    Returns
    -------
    Edges
        One after the other.
    """
    chosen = own or [slice(None)] * len(parts)
    return Edges(
        *(np.concatenate([getattr(part, name)[rows] for part, rows in zip(parts, chosen, strict=True)])
          for name in ("low", "middle", "high"))
    )  # fmt: skip


def edges_of(predicted: Predicted, *, lift: Array, keep: Array, actual: Array) -> Edges:
    """The middle 95 in 100 of amounts by the distribution whose tails raise alarms.

    Parameters
    ----------
    predicted : of amounts, (period, column).
    lift, keep : what the common factor adds to the latent normal, and what it leaves of it.
    actual : what came; a gap has no edges.

    Returns
    -------
    Edges
        NaN where nothing came.
    """
    gap = np.where(np.isnan(actual), np.nan, 0.0)
    low, middle, high = (predicted.inverse(special.ndtr(lift + keep * z)) + gap for z in (-NORMAL, 0.0, NORMAL))
    return Edges(low, middle, high)


def learned_of(actual: Array, mean: Array, spread: Array, *, seen: Array) -> Array:
    """What alarmed periods teach a model: what came, no further from what was expected than a few spreads, nor from all ever seen.

    Amounts such as a day's load wander with the weather: where all that strays is replaced by what was expected, a model
    learns from itself alone, and runs away from what it watches. Clipped errors are how a robust forecast learns (Gelper,
    Fried and Croux 2010, Journal of Forecasting 29). A forecast may have run away already: then it teaches nothing.

    Parameters
    ----------
    actual, mean, spread : of the periods, (period, column).
    seen : all values that are known.

    Returns
    -------
    (period, column) NaN where nothing came.
    """
    low, high = np.fmin.reduce(seen), np.fmax.reduce(seen)  # of a column without any value NaN, which warns of nothing
    return np.asarray(np.clip(np.clip(actual, mean - CLIPPED * spread, mean + CLIPPED * spread), low, high))


def _season(apart: pd.Series) -> Array:
    """The median distance of the days around each date of all years, over that of an average date."""
    dates, sizes = pd.DatetimeIndex(apart.index).day_of_year.to_numpy(), apart.to_numpy(dtype=float)
    found = np.ones(366)
    for date in range(1, 367):
        away = np.abs(dates - date)
        found[date - 1] = np.median(sizes[np.minimum(away, 365 - away) <= AROUND])
    return np.asarray(np.maximum(found / max(np.median(found), SMALLEST), QUIETEST))


def _freedom(sizes: Array) -> float:
    """The degrees of freedom that make sizes likeliest, each t brought to their median."""
    alike = sizes / np.median(sizes)
    medians = [float(special.stdtrit(freedom, 0.75)) for freedom in FREEDOMS]
    likely = [
        (stats.t.logpdf(alike * middle, freedom) + np.log(middle)).sum()
        for freedom, middle in zip(FREEDOMS, medians, strict=True)
    ]
    return FREEDOMS[int(np.argmax(likely))]
