"""Pooled counts: all series of a kind forecast together, each with a level of its own and shared shapes.

Level: an exponentially weighted mean of the counts, freed of weekday and season, averaged over several rates of
forgetting by how well each forecast the past weeks ahead. Weekday: each series' factors shrunk to the pooled ones.
Season: one pooled annual shape of two harmonics, shrunk. Spread: a negative binomial whose size is estimated from the
errors of those past forecasts by moments, shrunk to the pool.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting._memory_loops import remembered as sums_at
from analytics.forecasting.panel import frequency_of, future_periods
from analytics.forecasting.uncertainty.distribution import NegativeBinomial
from data.frequency import Frequency

__all__ = ["HALF_LIVES_DAYS", "PAST_ORIGINS", "POOL_SHARE", "WEEKDAY_PRIOR", "PooledCounts"]

Array = npt.NDArray[np.float64]

HALF_LIVES_DAYS = (10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 640.0)
WEEKDAY_PRIOR = 300.0  # events that the pooled weekday factors count for
SEASON_SHRINK = 0.8
POOL_SHARE = 0.7  # of the spread's estimate that comes from the pool
PAST_ORIGINS = 12  # held-back forecasts that judge the rates of forgetting
TEMPER = 0.5  # errors of overlapping weeks are not independent: their evidence counts for half
YEARS_FOR_SEASON = 1.5
LARGEST_SIZE, SMALLEST_SIZE = 1e4, 0.05
UNTESTED_SPREAD = 0.1  # of a history too short for any trial
PRIOR_EVENTS = 0.5  # what a series that never had an event may still expect, spread over its memory


@dataclass(frozen=True)
class _Shape:
    """Factors by (period, series) of the history and of the future."""

    past: Array
    future: Array


@dataclass(frozen=True)
class _Calendar:
    """Of past and of future periods the day of the week and the waves of the year, (period, wave)."""

    freq: Frequency
    weekdays: tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]
    waves: tuple[Array, Array]

    @property
    def horizon(self) -> int:
        """Periods that are forecast."""
        return len(self.weekdays[1])

    @cached_property
    def waves_in(self) -> Array:
        """What the logarithms of past values are multiplied by to give the waves in them beside a trend, (wave, period).

        All series of all categories are freed of the same trend, so it is made once for them.
        """
        waves = self.waves[0]
        time = np.linspace(-1, 1, len(waves))
        found: Array = np.linalg.pinv(np.column_stack([np.ones_like(time), time, time**2, waves]))[3:]
        return found


@dataclass(frozen=True, eq=False)
class PooledCounts:
    """The model on the periods and columns of one panel, for whoever forecasts from many of its moments.

    ``weekdays`` and ``waves`` go on beyond the panel's periods by the ``horizon``; ``groups`` says which columns are of one
    category.
    """

    freq: Frequency
    horizon: int
    weekdays: npt.NDArray[np.int32]
    waves: Array
    groups: tuple[npt.NDArray[np.bool_], ...]

    @classmethod
    def of(cls, panel: pd.DataFrame, *, horizon: int) -> PooledCounts:
        """The model on a panel of period x (area_id, category).

        Parameters
        ----------
        panel : whose values are not looked at.
        horizon : periods that are forecast at once.

        Returns
        -------
        PooledCounts
            To be asked by ``ahead``.
        """
        both = pd.DatetimeIndex(panel.index), future_periods(panel, horizon)
        weekdays = np.concatenate([each.day_of_week.to_numpy() for each in both])
        waves = np.concatenate([_harmonics(each) for each in both])
        categories, _ = pd.factorize(panel.columns.get_level_values("category"))
        groups = tuple(categories == category for category in dict.fromkeys(categories.tolist()))
        return cls(frequency_of(both[0]), horizon, weekdays, waves, groups)

    def ahead(self, counts: Array, first: int = 0) -> NegativeBinomial:
        """What follows counts that are known, fitted to all series of a category at once.

        Parameters
        ----------
        counts : (period, column) from the panel's first period up to the last that is known, gaps NaN.
        first : the row from which on they are looked at.

        Returns
        -------
        NegativeBinomial
            (period, column) of the periods that follow.
        """
        past, future = slice(first, len(counts)), slice(len(counts), len(counts) + self.horizon)
        days, waves = self.weekdays, self.waves
        calendar = _Calendar(self.freq, (days[past], days[future]), (waves[past], waves[future]))
        recent = counts[past]
        mean = np.empty((self.horizon, counts.shape[1]))
        size = np.empty_like(mean)
        for own in self.groups:
            mean[:, own], size[:, own] = _fit(np.asfortranarray(recent[:, own]), calendar)
        return NegativeBinomial(mean, size)


def _fit(history: Array, calendar: _Calendar) -> tuple[Array, Array]:
    known = ~np.isnan(history)
    counts = np.where(known, history, 0.0)
    shape = _times(_weekday(counts, known, calendar), _season(counts, known, calendar))
    exposure = shape.past * known
    days = 365.25 / calendar.freq.periods_a_year
    rates = np.array([0.5 ** (days / half_life) for half_life in HALF_LIVES_DAYS])
    memories = _memories(counts, exposure, rates, horizon=calendar.horizon)
    prior = _prior_rate(counts, exposure)
    trials = _trials(counts, exposure, memories, prior)
    weights = _rate_weights(trials, rates=len(HALF_LIVES_DAYS), series=counts.shape[1])
    level = (weights * _level(memories.events[-1], memories.exposure[-1], prior)).sum(axis=0)
    # A level known from few events is itself uncertain: its gamma's share of the variance adds to the spread's.
    remembered = (weights * memories.events[-1]).sum(axis=0) + PRIOR_EVENTS
    size = 1 / (_spread(trials, weights) + 1 / remembered)
    mean = level * shape.future
    return mean, np.broadcast_to(np.clip(size, SMALLEST_SIZE, LARGEST_SIZE), mean.shape)


def _prior_rate(counts: Array, exposure: Array) -> float:
    return float(counts.sum() / max(exposure.sum(), 1.0))


def _level(events: Array, exposure: Array, prior: float) -> Array:
    """Events for each unit of exposure, with half an event at the pooled rate added."""
    level: Array = (events + PRIOR_EVENTS) / (exposure + PRIOR_EVENTS / max(prior, 1e-6))
    return level


@dataclass(frozen=True)
class _Memories:
    """What is left of events and exposure before each past forecast of ``step`` periods and, last, at the end.

    ``begins`` are the rows at which those forecasts begin, the oldest first; the sums are (moment, rate, series).
    """

    begins: tuple[int, ...]
    step: int
    events: Array
    exposure: Array


def _memories(counts: Array, exposure: Array, rates: Array, *, horizon: int) -> _Memories:
    step = max(1, min(horizon, len(counts) // 4))
    begins = sorted(list(range(len(counts) - step, len(counts) // 3, -step))[:PAST_ORIGINS])
    moments = np.array([*(row - 1 for row in begins), len(counts) - 1])
    events, seen = (sums_at(np.ascontiguousarray(each), rates, moments) for each in (counts, exposure))
    return _Memories(tuple(begins), step, events, seen)


@dataclass(frozen=True)
class _Trial:
    """A past forecast: what came in the periods that followed a moment, and what each rate made of them.

    ``exposure`` (period, series) turns a level into a mean; ``levels`` and ``events`` are (rate, series).
    """

    counts: Array
    exposure: Array
    levels: Array
    events: Array


def _trials(counts: Array, exposure: Array, memories: _Memories, prior: float) -> list[_Trial]:
    """Forecasts from past moments, each of the periods up to the next; the latest first."""
    trials = []
    for number, row in reversed(list(enumerate(memories.begins))):
        ahead = slice(row, row + memories.step)
        events = memories.events[number]
        trials.append(_Trial(counts[ahead], exposure[ahead], _level(events, memories.exposure[number], prior), events))
    return trials


def _rate_weights(trials: Sequence[_Trial], *, rates: int, series: int) -> Array:
    """How much each rate of forgetting is believed, (rate, series), by the Poisson likelihood of its past forecasts."""
    likelihood = np.zeros((rates, series))
    for trial in trials:
        hoped = trial.levels * trial.exposure.sum(axis=0)
        likelihood += trial.counts.sum(axis=0) * np.log(np.maximum(hoped, 1e-9)) - hoped
    # What all series say together steers those that say little themselves.
    score = TEMPER * (likelihood + likelihood.mean(axis=1, keepdims=True))
    weights = np.exp(score - score.max(axis=0))
    normalised: Array = weights / weights.sum(axis=0)
    return normalised


def _spread(trials: Sequence[_Trial], weights: Array) -> Array:
    """The inverse size of each series' negative binomial, by moments of the errors of past forecasts, pooled in part."""
    excess, square, memory = (np.zeros(weights.shape[1]) for _ in range(3))
    for trial in trials:
        mean = (weights * trial.levels).sum(axis=0) * trial.exposure
        excess += (((trial.counts - mean) ** 2 - mean) * (trial.exposure > 0)).sum(axis=0)
        square += (mean**2).sum(axis=0)
        memory += (weights * trial.events).sum(axis=0) + PRIOR_EVENTS
    # The forecast adds the level's own uncertainty; it must not be counted twice.
    excess -= square / np.maximum(memory / max(len(trials), 1), PRIOR_EVENTS)
    pool = excess.sum() / max(square.sum(), 1e-12)
    own = excess / np.maximum(square, 1e-12)
    spread: Array = np.clip(POOL_SHARE * pool + (1 - POOL_SHARE) * own, 1 / LARGEST_SIZE, 1 / SMALLEST_SIZE)
    return spread if trials else np.full(weights.shape[1], UNTESTED_SPREAD)


def _times(first: _Shape, second: _Shape) -> _Shape:
    return _Shape(first.past * second.past, first.future * second.future)


def _weekday(counts: Array, known: npt.NDArray[np.bool_], calendar: _Calendar) -> _Shape:
    """Factors by day of the week, each series' own shrunk to the pooled ones; 1 at other frequencies than days."""
    if calendar.freq is not Frequency.DAY or len(counts) < 28:
        return _Shape(np.ones_like(counts), np.ones((calendar.horizon, counts.shape[1])))
    recent = slice(max(0, len(counts) - 730), None)
    day, ahead = calendar.weekdays
    events = np.stack([counts[recent][day[recent] == each].sum(axis=0) for each in range(7)])
    seen = np.stack([known[recent][day[recent] == each].sum(axis=0) for each in range(7)])
    pooled = events.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    pooled = pooled / pooled.mean() if pooled.sum() > 0 else np.ones(7)
    rate = events.sum(axis=0) / np.maximum((seen * pooled[:, None]).sum(axis=0), 1e-9)
    expected = rate * seen * pooled[:, None]
    prior = WEEKDAY_PRIOR / 7
    factors = pooled[:, None] * (events + prior) / (expected + prior)
    factors /= factors.mean(axis=0)
    return _Shape(factors[day], factors[ahead])


def _season(counts: Array, known: npt.NDArray[np.bool_], calendar: _Calendar) -> _Shape:
    """One shape of the year for all series: two harmonics, fitted with a trend to the log of the smoothed total."""
    flat = _Shape(np.ones_like(counts), np.ones((calendar.horizon, counts.shape[1])))
    year = calendar.freq.periods_a_year
    shares = known.mean(axis=1)
    if len(counts) < YEARS_FOR_SEASON * year or year < 4 or counts.sum() == 0:
        return flat
    total = counts.sum(axis=1) / np.maximum(shares, 0.1)
    if not shares.all():  # a period without any value is no period without events
        total = pd.Series(total).where(shares > 0).interpolate(limit_direction="both").to_numpy()
    window = max(1, round(year / 52))
    smooth = _smoothed(total, window)
    coefficients = calendar.waves_in @ np.log(smooth + 0.5) * SEASON_SHRINK
    shape_past, shape_future = (np.exp(each @ coefficients)[:, None] for each in calendar.waves)
    series = counts.shape[1]
    return _Shape(np.repeat(shape_past, series, axis=1), np.repeat(shape_future, series, axis=1))


def _smoothed(values: Array, window: int) -> Array:
    """The mean of the values around each, so many where there are so many."""
    sums, place = np.concatenate([[0.0], np.cumsum(values)]), np.arange(len(values))
    first, last = np.maximum(place - window // 2, 0), np.minimum(place + (window - 1) // 2 + 1, len(values))
    mean: Array = (sums[last] - sums[first]) / (last - first)
    return mean


def _harmonics(periods: pd.DatetimeIndex) -> Array:
    angle = 2 * np.pi * (periods.day_of_year.to_numpy() + periods.hour.to_numpy() / 24) / 365.25
    return np.column_stack([wave(order * angle) for order in (1, 2) for wave in (np.sin, np.cos)])
