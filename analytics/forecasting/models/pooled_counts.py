"""Pooled counts: all series of a kind forecast together, each with a level of its own and shared shapes.

Level: an exponentially weighted mean of the counts, freed of weekday and season, averaged over several rates of
forgetting by how well each forecast the past weeks ahead. Weekday: each series' factors shrunk to the pooled ones.
Season: one pooled annual shape of two harmonics, shrunk. Spread: a negative binomial whose size is estimated from the
errors of those past forecasts by moments, shrunk to the pool.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy

from analytics.forecasting.contract import (
    Prediction,
    forecaster,
    frequency_of,
    future_periods,
    panel_array,
)
from analytics.forecasting.uncertainty.distribution import NegativeBinomial, quantiles_of
from data.words import Sentence

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


@forecaster(
    name="pooled_counts",
    title=Sentence("models.pooled_counts.title"),
    version="1",
    limits=(
        Sentence("models.pooled_counts.no_holidays"),
        Sentence("models.pooled_counts.one_season"),
        Sentence("models.pooled_counts.slow_to_learn"),
    ),
    inputs=(Sentence("models.inputs.past_counts"), Sentence("models.inputs.calendar")),
    value_types=("count",),
    min_periods=24,
    complexity=2,
    parametric=True,
    how=Sentence("records.pooled_counts.how"),
    source=Sentence("records.pooled_counts.source"),
    parameters=(
        Sentence("records.pooled_counts.half_lives", {"days": [f"{days:.0f}" for days in HALF_LIVES_DAYS]}),
        Sentence("records.pooled_counts.shrunk", {"events": WEEKDAY_PRIOR, "share": POOL_SHARE}),
        Sentence("records.pooled_counts.origins", {"n": PAST_ORIGINS}),
    ),
)
def pooled_counts(
    history: pd.DataFrame,
    *,
    horizon: int,
    quantiles: Sequence[float],
    regressors: pd.DataFrame | None = None,
    seed: int = 0,
) -> Prediction:
    """Negative binomials for each series and period, fitted to all series of a category at once."""
    periods = future_periods(history, horizon)
    mean = np.empty((horizon, history.shape[1]))
    size = np.empty_like(mean)
    categories = history.columns.get_level_values("category")
    for category in dict.fromkeys(categories):
        own = np.asarray(categories == category)
        mean[:, own], size[:, own] = _fit(history.loc[:, own], periods)
    values = quantiles_of(NegativeBinomial(mean, size), quantiles)
    return Prediction(
        panel_array(mean, periods, history.columns),
        panel_array(values, periods, history.columns, quantiles=quantiles),
        panel_array(size, periods, history.columns),
    )


def _fit(history: pd.DataFrame, future: pd.DatetimeIndex) -> tuple[Array, Array]:
    past = pd.DatetimeIndex(history.index)
    counts = history.to_numpy(dtype=float)
    known = ~np.isnan(counts)
    counts = np.where(known, counts, 0.0)
    shape = _times(_weekday(counts, known, past, future), _season(counts, known, past, future))
    exposure = shape.past * known
    days = 365.25 / frequency_of(history).periods_a_year
    memories = [_memory(counts, exposure, 0.5 ** (days / half_life)) for half_life in HALF_LIVES_DAYS]
    trials = _trials(counts, exposure, memories, horizon=len(future))
    weights = _rate_weights(trials, rates=len(memories), series=counts.shape[1])
    prior = _prior_rate(counts, exposure)
    level = (weights * np.stack([_level(events[-1], seen[-1], prior) for events, seen in memories])).sum(axis=0)
    # A level known from few events is itself uncertain: its gamma's share of the variance adds to the spread's.
    remembered = (weights * np.stack([events[-1] for events, _ in memories])).sum(axis=0) + PRIOR_EVENTS
    size = 1 / (_spread(trials, weights) + 1 / remembered)
    mean = level * shape.future
    return mean, np.broadcast_to(np.clip(size, SMALLEST_SIZE, LARGEST_SIZE), mean.shape)


def _prior_rate(counts: Array, exposure: Array) -> float:
    return float(counts.sum() / max(exposure.sum(), 1.0))


def _level(events: Array, exposure: Array, prior: float) -> Array:
    """Events for each unit of exposure, with half an event at the pooled rate added."""
    level: Array = (events + PRIOR_EVENTS) / (exposure + PRIOR_EVENTS / max(prior, 1e-6))
    return level


def _memory(counts: Array, exposure: Array, rate: float) -> tuple[Array, Array]:
    """Exponentially weighted sums of events and exposure up to and with each period."""
    filtered = [
        np.asarray(scipy.signal.lfilter([1.0], [1.0, -rate], each, axis=0), dtype=float) for each in (counts, exposure)
    ]
    return filtered[0], filtered[1]


@dataclass(frozen=True)
class _Trial:
    """A past forecast: what came in the periods that followed a moment, and what each rate made of them.

    ``exposure`` (period, series) turns a level into a mean; ``levels`` and ``events`` are (rate, series).
    """

    counts: Array
    exposure: Array
    levels: Array
    events: Array


def _trials(counts: Array, exposure: Array, memories: Sequence[tuple[Array, Array]], *, horizon: int) -> list[_Trial]:
    """Forecasts from past moments, each of the periods up to the next."""
    step = max(1, min(horizon, len(counts) // 4))
    prior = _prior_rate(counts, exposure)
    trials = []
    for row in list(range(len(counts) - step, len(counts) // 3, -step))[:PAST_ORIGINS]:
        ahead = slice(row, row + step)
        levels = np.stack([_level(events[row - 1], seen[row - 1], prior) for events, seen in memories])
        events = np.stack([events[row - 1] for events, _ in memories])
        trials.append(_Trial(counts[ahead], exposure[ahead], levels, events))
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


def _weekday(counts: Array, known: npt.NDArray[np.bool_], past: pd.DatetimeIndex, future: pd.DatetimeIndex) -> _Shape:
    """Factors by day of the week, each series' own shrunk to the pooled ones; 1 at other frequencies than days."""
    if past.freq != "D" or len(past) < 28:
        return _Shape(np.ones_like(counts), np.ones((len(future), counts.shape[1])))
    recent = slice(max(0, len(past) - 730), None)
    day = past.day_of_week.to_numpy()
    events = np.stack([counts[recent][day[recent] == each].sum(axis=0) for each in range(7)])
    seen = np.stack([known[recent][day[recent] == each].sum(axis=0) for each in range(7)])
    pooled = events.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    pooled = pooled / pooled.mean() if pooled.sum() > 0 else np.ones(7)
    rate = events.sum(axis=0) / np.maximum((seen * pooled[:, None]).sum(axis=0), 1e-9)
    expected = rate * seen * pooled[:, None]
    prior = WEEKDAY_PRIOR / 7
    factors = pooled[:, None] * (events + prior) / (expected + prior)
    factors /= factors.mean(axis=0)
    return _Shape(factors[day], factors[future.day_of_week.to_numpy()])


def _season(counts: Array, known: npt.NDArray[np.bool_], past: pd.DatetimeIndex, future: pd.DatetimeIndex) -> _Shape:
    """One shape of the year for all series: two harmonics, fitted with a trend to the log of the smoothed total."""
    flat = _Shape(np.ones_like(counts), np.ones((len(future), counts.shape[1])))
    year = frequency_of(past).periods_a_year
    shares = known.mean(axis=1)
    if len(past) < YEARS_FOR_SEASON * year or year < 4 or counts.sum() == 0:
        return flat
    # A period without any value is no period without events.
    total = (
        pd.Series(counts.sum(axis=1) / np.maximum(shares, 0.1)).where(shares > 0).interpolate(limit_direction="both")
    )
    window = max(1, round(year / 52))
    smooth = total.rolling(window, center=True, min_periods=1).mean().to_numpy()
    time = np.linspace(-1, 1, len(past))
    waves = _harmonics(past)
    design = np.column_stack([np.ones_like(time), time, time**2, waves])
    coefficients = np.linalg.lstsq(design, np.log(smooth + 0.5), rcond=None)[0][3:] * SEASON_SHRINK
    shape_past, shape_future = (np.exp(each @ coefficients)[:, None] for each in (waves, _harmonics(future)))
    series = counts.shape[1]
    return _Shape(np.repeat(shape_past, series, axis=1), np.repeat(shape_future, series, axis=1))


def _harmonics(periods: pd.DatetimeIndex) -> Array:
    angle = 2 * np.pi * (periods.day_of_year.to_numpy() + periods.hour.to_numpy() / 24) / 365.25
    return np.column_stack([wave(order * angle) for order in (1, 2) for wave in (np.sin, np.cos)])
