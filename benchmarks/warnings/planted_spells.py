"""Spells planted into Meridian, and how many of them anyone could find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from scipy.special import ndtr, ndtri

from analytics.monitoring.warnings.panel import moments, watched_panel
from analytics.monitoring.warnings.watch import as_one, watch
from analytics.parallel import quiet
from data import Provenance, Series, fingerprint_of
from data.frequency import Frequency
from data.sample import Truth, sample_panel
from data.sample.draws import negative_binomial, normals

__all__ = [
    "FALSE_GOAL",
    "GRACE",
    "KINDS",
    "City",
    "Spell",
    "city_of",
    "oracle_hits",
    "planted",
    "series_of",
    "spells_in",
]

Array = npt.NDArray[np.float64]

KINDS = ((3.0, 3), (2.0, 7))  # standard deviations of the forecast, days
GRACE = 2  # days after a spell in which an alarm still counts as its own
FALSE_GOAL = 1.0  # alarms of nothing, a series and year


@dataclass(frozen=True)
class Spell:
    """A planted spell: the column, its first day of the watch, how long and how strong."""

    column: int
    start: int
    days: int
    strength: float


@dataclass(frozen=True, eq=False)
class City:
    """An unchanged Meridian, and the standard deviations of its forecasts over the last year (day, column)."""

    seed: int
    values: pd.DataFrame
    truth: Truth
    spread: Array


def city_of(seed: int) -> City:
    values, truth = sample_panel(seed=seed)
    panel = watched_panel(series_of(values))
    watched = as_one(watch(panel, seed=0, progress=quiet, doing=""))
    spread = moments(watched.predicted)[1][:, : values.shape[1]]
    ordered = pd.DataFrame(spread, columns=panel.values.columns)[values.columns].to_numpy()
    return City(seed, values, truth, ordered)


def series_of(values: pd.DataFrame, *, freq: str = Frequency.DAY) -> Series:
    source = Provenance(name="requests", origin="benchmark", licence="CC0", fingerprint=fingerprint_of(values))
    return Series("requests", "Requests", values, source, layer="ward", unit="requests", freq=Frequency(freq))


def spells_in(city: City, *, each: int) -> tuple[Spell, ...]:
    """``each`` spells of both kinds, every one in a column of its own, at random days of the last year."""
    rng = np.random.default_rng(city.seed)
    columns = rng.permutation(city.spread.shape[1])[: each * len(KINDS)]
    kinds = [kind for kind in KINDS for _ in range(each)]
    last = len(city.spread) - max(days for _, days in KINDS) - GRACE
    return tuple(
        Spell(int(column), int(rng.integers(0, last)), days, strength)
        for column, (strength, days) in zip(columns, kinds, strict=True)
    )


def planted(city: City, spells: Sequence[Spell], how: str) -> pd.DataFrame:
    shift = np.zeros(city.spread.shape)
    for each in spells:
        days = slice(each.start, each.start + each.days)
        shift[days, each.column] = each.strength * city.spread[days, each.column]
    values = city.values.copy()
    last = len(shift)
    if how == "redrawn":
        values.iloc[-last:] = drawn(city, shift)
    else:
        # A fall cannot take more than there was.
        sign = -1 if how == "down" else 1
        values.iloc[-last:] = np.maximum(values.to_numpy()[-last:] + sign * np.rint(shift), 0.0)
    return values


def drawn(city: City, shift: Array) -> Array:
    """The last days as the truth draws them around raised means: where nothing is planted, the counts that were there."""
    means, sizes = _means(city)
    share, shape = city.truth.correlation, means.shape
    common = normals(city.seed, "requests/common", (shape[0], 1))
    own = normals(city.seed, "requests/own", shape)
    level = ndtr(np.sqrt(share) * common + np.sqrt(1 - share) * own)[-len(shift) :]
    return negative_binomial(level, means[-len(shift) :] + shift, sizes[-len(shift) :])


def _means(city: City) -> tuple[Array, Array]:
    means = city.truth.request_means().to_numpy()
    sizes = np.tile([kind.rhythm.size for kind in city.truth.requests], len(city.truth.level))
    return means, np.broadcast_to(sizes, means.shape).astype(float)


def oracle_hits(city: City, strength: float, days: int) -> npt.NDArray[np.bool_]:
    """For a spell at any place, whether its likelihood ratio exceeds what an unchanged year exceeds once."""
    shift = strength * city.spread
    still, moved = (_window(_ratio(city, drawn(city, each), shift), days) for each in (0 * shift, shift))
    thresholds = np.arange(moved.min(), still.max(), 0.05)
    threshold = next(each for each in thresholds if _runs(still > each, days) <= FALSE_GOAL)
    # Overlapping windows say the same many times over: one of each length is kept.
    answer: npt.NDArray[np.bool_] = (moved[::days] > threshold).ravel()
    return answer


def _ratio(city: City, counts: Array, shift: Array) -> Array:
    """Log likelihood ratios of the shift, given the true means and the true factor."""
    means, sizes = (each[-len(counts) :] for each in _means(city))
    common = normals(city.seed, "requests/common", (len(city.values), 1))[-len(counts) :]
    share = city.truth.correlation

    def chance(mean: Array) -> Array:
        level = [
            np.clip(stats.nbinom.cdf(counts - back, sizes, sizes / (sizes + mean)), 1e-15, 1 - 1e-15) for back in (0, 1)
        ]
        upper, lower = ((ndtri(each) - np.sqrt(share) * common) / np.sqrt(1 - share) for each in level)
        lower = np.where(counts > 0, lower, -40.0)
        return np.maximum(np.where(lower > 0, ndtr(-lower) - ndtr(-upper), ndtr(upper) - ndtr(lower)), 1e-15)

    return np.log(chance(means + shift) / chance(means))


def _window(values: Array, days: int) -> Array:
    sums = np.cumsum(np.vstack([np.zeros((1, values.shape[1])), values]), axis=0)
    return sums[days:] - sums[:-days]


def _runs(over: npt.NDArray[np.bool_], days: int) -> float:
    """Alarms a series and year, those within a spell's length and grace of each other counted once."""
    last = np.full(over.shape[1], -(10**6))
    count = 0
    for day, each in enumerate(over):
        count += int((each & (day - last > days + GRACE)).sum())
        last = np.where(each, day, last)
    return count / over.shape[1] / ((len(over) + days - 1) / 365.25)
