"""Where outcomes fell in what was said of them: the probability integral transform (PIT)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from analytics.forecasting.uncertainty.distribution import LARGE, Distribution

__all__ = ["normal_scores", "pit", "score_strengths"]

Array = npt.NDArray[np.float64]

CLIP = 1e-6  # keeps normals finite; an outcome that was held impossible counts as one in a million


def pit(distribution: Distribution, observed: Array, *, uniform: Array) -> Array:
    """Where each outcome fell in its distribution, 0 to 1, NaN for gaps: uniform when the distribution is right.

    For counts it is randomised, u = F(y - 1) + v (F(y) - F(y - 1)) with v uniform, for without that counts are never
    uniform (Czado, Gneiting and Held 2009, Predictive Model Assessment for Count Data).

    Parameters
    ----------
    distribution : of each value, (period, column).
    observed : (period, column), gaps NaN.
    uniform : between 0 and 1, (period, column), drawn by the caller.

    Returns
    -------
    (period, column), 0 to 1.
    """
    below, upto = _step(distribution, observed)
    answer: Array = np.where(np.isnan(observed), np.nan, below + uniform * (upto - below))
    return answer


def normal_scores(distribution: Distribution, observed: Array) -> Array:
    """The normal that each outcome stands for, NaN for gaps: the expected value of its randomised PIT's normal.

    Within a step of F from a to b that is (phi(z(a)) - phi(z(b))) / (b - a), so nothing has to be drawn.

    Parameters
    ----------
    distribution : of each value, (period, column).
    observed : (period, column), gaps NaN.

    Returns
    -------
    (period, column): 0 in the middle, 2 where one in forty would lie beyond.
    """
    below, upto = (np.clip(each, CLIP, 1 - CLIP) for each in _step(distribution, observed))
    width = upto - below
    inside = (_density(ndtri(below)) - _density(ndtri(upto))) / np.maximum(width, CLIP)
    scores: Array = np.where(width > CLIP, inside, ndtri((below + upto) / 2))
    return np.where(np.isnan(observed), np.nan, scores)


def score_strengths(distribution: Distribution) -> tuple[Array, Array]:
    """How much of a latent normal its score keeps: the first two Hermite coefficients, each (period, column).

    If latent normals of two cells correlate by r, their scores' covariance is r a1 a1' + r^2 a2 a2' + ... For a
    continuous distribution a1 is 1 and the rest 0; at a mean of 0.7 a planted .30 reads as about .195.
    """
    shape = distribution.mean.shape
    if not distribution.whole or np.max(distribution.mean, initial=0) > LARGE:
        return np.ones(shape), np.zeros(shape)
    first, second, before = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    density, slope = np.zeros(shape), np.zeros(shape)
    for reached in distribution.cumulative():
        normal = ndtri(np.clip(reached, CLIP, 1 - CLIP))
        inner = (reached > CLIP) & (reached < 1 - CLIP)
        next_density = np.where(inner, _density(normal), 0.0)
        next_slope = np.where(inner, normal * next_density, 0.0)
        mass = reached - before
        step = np.where(mass > CLIP, (density - next_density) / np.maximum(mass, CLIP), 0.0)
        first += step * (density - next_density)
        second += step * (slope - next_slope) / np.sqrt(2)
        before, density, slope = reached, next_density, next_slope
        if (reached >= 1 - CLIP).all():
            break
    return first, second


def _step(distribution: Distribution, observed: Array) -> tuple[Array, Array]:
    """F just below and at each outcome; the same where the distribution is continuous."""
    filled = np.nan_to_num(observed)
    upto = distribution.cdf(filled)
    return (distribution.cdf(filled - 1) if distribution.whole else upto), upto


def _density(normal: Array) -> Array:
    answer: Array = np.exp(-0.5 * normal**2) / np.sqrt(2 * np.pi)
    return answer
