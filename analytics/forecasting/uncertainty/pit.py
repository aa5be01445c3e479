"""Where outcomes fell in what was said of them: the probability integral transform (PIT)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from analytics.forecasting.uncertainty.distribution import LARGE, Columns, Distribution, NegativeBinomial

__all__ = ["Step", "normal_scores", "pit", "score_strengths", "step_of"]

Array = npt.NDArray[np.float64]
Step = tuple[Array, Array]

COLUMNS_AT_ONCE = 16  # whose cumulative probabilities are held together
CLIP = 1e-6  # keeps normals finite; an outcome that was held impossible counts as one in a million


def step_of(distribution: Distribution, observed: Array) -> Step:
    """F just below and at each outcome, of gaps at 0; the same where the distribution is continuous.

    Parameters
    ----------
    distribution : of each value, (period, column).
    observed : (period, column), gaps NaN.

    Returns
    -------
    Two arrays of (period, column), for ``pit`` and ``normal_scores``.
    """
    return distribution.around(np.nan_to_num(observed))


def pit(step: Step, observed: Array, *, uniform: Array) -> Array:
    """Where each outcome fell in its distribution, 0 to 1, NaN for gaps: uniform when the distribution is right.

    For counts it is randomised, u = F(y - 1) + v (F(y) - F(y - 1)) with v uniform, for without that counts are never
    uniform (Czado, Gneiting and Held 2009, Predictive Model Assessment for Count Data).

    Parameters
    ----------
    step : of the distribution at the outcomes, as ``step_of`` gives it.
    observed : (period, column), gaps NaN.
    uniform : between 0 and 1, (period, column), drawn by the caller.

    Returns
    -------
    (period, column), 0 to 1.
    """
    below, upto = step
    answer: Array = np.where(np.isnan(observed), np.nan, below + uniform * (upto - below))
    return answer


def normal_scores(step: Step, observed: Array) -> Array:
    """The normal that each outcome stands for, NaN for gaps: the expected value of its randomised PIT's normal.

    Within a step of F from a to b that is (phi(z(a)) - phi(z(b))) / (b - a), so nothing has to be drawn.

    Parameters
    ----------
    step : of the distribution at the outcomes, as ``step_of`` gives it.
    observed : (period, column), gaps NaN.

    Returns
    -------
    (period, column): 0 in the middle, 2 where one in forty would lie beyond.
    """
    below, upto = (np.clip(each, CLIP, 1 - CLIP) for each in step)
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
    first, second = np.empty(shape), np.empty(shape)
    for own in _together(distribution):
        first[:, own], second[:, own] = _strengths(_reached(distribution.column(own)))
    return first, second


def _together(distribution: Distribution) -> Iterator[Columns]:
    """Columns whose cumulative probabilities are held together, as far as the highest of them is climbed: like beside like."""
    climbed = isinstance(distribution, NegativeBinomial)
    order = np.argsort(distribution.mean.max(axis=0, initial=0.0)) if climbed else None
    for start in range(0, distribution.mean.shape[1], COLUMNS_AT_ONCE):
        own = slice(start, start + COLUMNS_AT_ONCE)
        yield own if order is None else order[own]


def _reached(distribution: Distribution) -> Array:
    """P(count <= 0), P(count <= 1), ... until nothing is left that counts, (count, period, column)."""
    rows = []
    for reached in distribution.cumulative():
        rows.append(reached)
        if (reached >= 1 - CLIP).all():
            break
    return np.stack(rows)


def _strengths(reached: Array) -> tuple[Array, Array]:
    """The coefficients of distributions by their cumulative probabilities."""
    inner = (reached > CLIP) & (reached < 1 - CLIP)
    density, slope = np.zeros(reached.shape), np.zeros(reached.shape)
    normal = ndtri(reached[inner])
    density[inner] = _density(normal)
    slope[inner] = normal * density[inner]
    mass, up, turned = (np.diff(each, axis=0, prepend=0.0) for each in (reached, density, slope))
    step = np.where(mass > CLIP, up / np.maximum(mass, CLIP), 0.0)
    return (step * up).sum(axis=0), (step * turned).sum(axis=0) / np.sqrt(2)


def _density(normal: Array) -> Array:
    answer: Array = np.exp(-0.5 * normal**2) / np.sqrt(2 * np.pi)
    return answer
