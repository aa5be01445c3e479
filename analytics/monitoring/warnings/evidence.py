"""What each outcome says for and against a shift, once what moved the whole panel that period is taken out.

Areas rise and fall together through one common factor f (see ``forecasting.draws``): the latent normal of an outcome is
sqrt(rho) f + sqrt(1 - rho) e. The mean score of the other columns tells f almost exactly where there are many of them, so
an outcome is judged against its distribution given f, which is narrower than the forecast's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from analytics.forecasting.uncertainty.distribution import LARGE, NegativeBinomial
from analytics.forecasting.uncertainty.pit import CLIP, Step, normal_scores, step_of
from analytics.monitoring.warnings.amounts import Amounts, Predicted

__all__ = ["CHARTS", "Evidence", "evidence_of", "joined"]

Array = npt.NDArray[np.float64]

CHARTS = (1.5, 3.0, -1.5)
"""The shifts, in standard deviations of the forecast, that outcomes are weighed for: a long weak one, a short strong one,
and a fall. Counts near 0 cannot fall by 3."""

LEAST_LEFT = 0.2  # of the mean that a fall leaves: a count's mean cannot go to 0 or below
SMALLEST_LEVEL = 1e-15  # of F, whose normal is finite
IMPOSSIBLE = -40.0  # the normal below which no count lies
SMALLEST = 1e-9  # below this a probability is read off the clipped normal score instead: differences of F are noise
STRONGEST_SCORE = 3.0  # what one outcome may say about the factor: a real outbreak in one area is not the city's
KEPT = 0.9  # of a latent normal that a count's score keeps, at the means where factors matter (see score_strengths)
LEAST_NOISE = 0.3  # the variance of a score that is the column's own, at least


@dataclass(frozen=True, eq=False)
class Evidence:
    """Arrays by (period, column), NaN for gaps: ``raw`` are normal scores, ``scores`` those given the factor, ``above`` and
    ``below`` the chances of an outcome as high or as low, ``factor`` what the common factor, as the other columns tell it,
    adds to the latent normal and ``keep`` the share of its spread that is left, ``persistence`` how many times over errors say
    the same. ``ratios`` (period, column, chart) are log likelihood ratios of each of ``CHARTS`` against no shift.
    """

    raw: Array
    scores: Array
    above: Array
    below: Array
    factor: Array
    keep: Array
    persistence: Array
    ratios: Array

    def rows(self, rows: slice) -> Evidence:
        """The evidence of some periods."""
        return Evidence(*(getattr(self, each.name)[rows] for each in fields(Evidence)))

    def weighed(self, persistence: Array) -> Evidence:
        """The same evidence where errors say the same so many times over, by column: a ratio is worth so much less."""
        times = np.broadcast_to(persistence, self.scores.shape)
        return replace(self, persistence=times, ratios=self.ratios / times[..., None])


def joined(parts: Sequence[Evidence]) -> Evidence:
    """The evidence of periods that follow each other."""
    return Evidence(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Evidence)))


def evidence_of(
    distribution: Predicted, actual: Array, *, rho: float, totals: Array | None = None, variance: float | None = None
) -> Evidence:
    """The evidence of outcomes (period, column) against what was forecast.

    ``rho`` is the strength of the common factor. Columns that are ``totals`` (1) do not take part in the factor: they
    move with it, and are judged against the forecast as it stands.

    Parameters
    ----------
    distribution : predicted, (period, column).
    actual : observed, (period, column), NaN for gaps.
    rho : between 0 and 1.
    totals : (column) 1 for totals, 0 for others; none by default.
    variance : of the columns' scores, as it was known before these periods; that of these periods by default, in which each
        is then judged by what follows it too.

    Returns
    -------
    Normal scores, tails and likelihood ratios, (period, column).
    """
    alone = np.zeros(actual.shape[1], dtype=bool) if totals is None else totals.astype(bool)
    raw, lower, upper = _normals(distribution, actual)
    factor, doubt = _factor(raw[:, ~alone], rho, variance)
    lift, keep = np.zeros(actual.shape), np.ones(actual.shape)
    lift[:, ~alone] = np.sqrt(rho) * factor
    keep[:, ~alone] = np.sqrt(1 - rho + rho * doubt)
    upper = (upper - lift) / keep
    lower = (lower - lift) / keep if distribution.whole else upper
    below = ndtr(upper)
    above = ndtr(-lower) if distribution.whole else 1 - below
    scores = (raw - lift) / keep
    ratios = _score_ratios(scores, keep)
    if isinstance(distribution, NegativeBinomial):
        few = distribution.mean <= LARGE
        counts = NegativeBinomial(distribution.mean[few], np.broadcast_to(distribution.size, few.shape)[few])
        before = _between(lower[few], upper[few])
        ratios[few] = _count_ratios(counts, actual[few], lift[few], keep[few], before, ratios[few])
    gap = np.isnan(actual)
    above, below = (np.where(gap, np.nan, each) for each in (above, below))
    return Evidence(raw, scores, above, below, lift, keep, np.ones(actual.shape), np.where(gap[..., None], 0.0, ratios))


def _factor(scores: Array, rho: float, variance: float | None) -> tuple[Array, Array]:
    """The factor of each period as the other columns tell it, and the variance that is left to it."""
    known = ~np.isnan(scores)
    weight = KEPT * np.sqrt(rho)
    spread = variance if variance is not None else float(np.nanvar(scores)) if known.any() else 1 + weight**2
    noise = max(spread - weight**2, LEAST_NOISE)
    clipped = np.where(known, np.clip(scores, -STRONGEST_SCORE, STRONGEST_SCORE), 0.0)
    others = clipped.sum(axis=1, keepdims=True) - clipped
    seen = known.sum(axis=1, keepdims=True) - known
    precision = 1 + seen * weight**2 / noise
    return others * weight / noise / precision, 1 / precision


def _normals(distribution: Predicted, actual: Array) -> tuple[Array, Array, Array]:
    """The score of each outcome, and the normals between which it lies: those at F just below it and at it.

    Of continuous values all three are the normal at F, halfway up where F jumps: a series that never changed is where it was
    expected.
    """
    if isinstance(distribution, Amounts) or not distribution.whole:
        level = _middle(distribution, actual)
        normal = _normal_at(level)
        return np.where(np.isnan(actual), np.nan, ndtri(np.clip(level, CLIP, 1 - CLIP))), normal, normal
    step = step_of(distribution, actual)
    lower, upper = _normals_of_counts(step, actual)
    return normal_scores(step, actual), lower, upper


def _normals_of_counts(step: Step, actual: Array) -> tuple[Array, Array]:
    """The normals at F just below counts and at them."""
    below, upto = (_normal_at(each) for each in step)
    return np.where(actual < 1, IMPOSSIBLE, below), upto


def _middle(distribution: Predicted, actual: Array) -> Array:
    filled = np.nan_to_num(actual)
    hair = 1e-9 * (1 + np.abs(filled))  # what rounding may do to quantiles that are equal
    middle: Array = (distribution.cdf(filled - hair) + distribution.cdf(filled + hair)) / 2
    return middle


def _normal_at(level: Array) -> Array:
    """The normal that lies at a level of F; the smallest and the largest doubles stay finite."""
    normal: Array = ndtri(np.clip(level, SMALLEST_LEVEL, 1 - SMALLEST_LEVEL))
    return normal


def _score_ratios(scores: Array, keep: Array) -> Array:
    """Log likelihood ratios of normal scores: a shift d of the forecast is d / keep once the factor is known."""
    shift = np.array(CHARTS) / keep[..., None]
    answer: Array = np.nan_to_num(shift * scores[..., None] - shift**2 / 2)
    return answer


def _count_ratios(
    distribution: NegativeBinomial, actual: Array, lift: Array, keep: Array, before: Array, rough: Array
) -> Array:
    """Log likelihood ratios of negative binomial counts whose mean is shifted, given the factor and their chance ``before``."""
    spread = np.sqrt(distribution.mean + distribution.mean**2 / distribution.size)
    answer = np.empty_like(rough)
    for index, shift in enumerate(CHARTS):
        mean = np.maximum(distribution.mean + shift * spread, LEAST_LEFT * distribution.mean)
        shifted = NegativeBinomial(mean, distribution.size)
        lower, upper = ((each - lift) / keep for each in _normals_of_counts(step_of(shifted, actual), actual))
        after = _between(lower, upper)
        sound = (before > SMALLEST) & (after > SMALLEST)
        exact = np.log(np.where(sound, after, 1.0) / np.where(sound, before, 1.0))
        answer[..., index] = np.where(sound, exact, rough[..., index])
    return answer


def _between(lower: Array, upper: Array) -> Array:
    """The chance between two normals, from whichever tail is the smaller: of a count, given the factor."""
    answer: Array = np.where(lower > 0, ndtr(-lower) - ndtr(-upper), ndtr(upper) - ndtr(lower))
    return answer
