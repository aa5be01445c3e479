"""The published method of surveillance for weekly counts (Farrington and others 1996).

A count is compared with those of the same weeks of past years: a log-linear quasi-Poisson regression with a trend, refitted
after past outbreaks are weighed down, and a threshold on the scale of the 2/3 power, on which counts are near to normal.
Of the improved method (Noufaily and others 2013) the later point at which past weeks are weighed down is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Farrington", "farrington"]

Array = npt.NDArray[np.float64]

HALF_WINDOW = 3  # weeks on each side of the same week of a past year
WEEKS_A_YEAR = 52
YEARS_BACK = 5
FEWEST_YEARS = 2
UNUSUAL = 2.58  # Anscombe residuals beyond it are weighed down (Noufaily and others 2013; 1 in 1996)
STEPS = 8  # of the regression: quasi-Poisson fits of weeks converge in fewer
FEWEST_CASES, RECENT = 5, 4  # no alarm unless so many came in the last so many weeks
MOST_LOG = 25.0  # keeps exp() finite while a regression of zeros runs off


@dataclass(frozen=True, eq=False)
class Farrington:
    """By (week, series): ``expected``, its ``scale`` on the 2/3 power, and the normal ``scores`` of what came."""

    expected: Array
    scale: Array
    scores: Array

    def upper(self, z: float) -> Array:
        """The threshold that a count exceeds with the chance of a normal beyond ``z``."""
        answer: Array = (self.expected ** (2 / 3) + z * self.scale) ** 1.5
        return answer


def farrington(counts: Array, *, weeks: int) -> Farrington:
    """Judge the last ``weeks`` of counts (week, series), each by the weeks of past years alone.

    Returns NaN where there are fewer than two past years, or where 5 counts did not come within 4 weeks.

    Parameters
    ----------
    counts : (week, series).
    weeks : how many of the last are judged.

    Returns
    -------
    Expected counts, scale and scores, (week, series) each.
    """
    shape = (weeks, counts.shape[1])
    expected, scale, scores = (np.full(shape, np.nan) for _ in range(3))
    for index, week in enumerate(range(len(counts) - weeks, len(counts))):
        past = _past_weeks(week)
        if len(past) < FEWEST_YEARS * (2 * HALF_WINDOW + 1):
            continue
        mean, spread = _predicted(counts[past], past - week)
        enough = np.nansum(counts[max(0, week - RECENT + 1) : week + 1], axis=0) >= FEWEST_CASES
        root = (counts[week] ** (2 / 3) - mean ** (2 / 3)) / spread
        expected[index], scale[index] = mean, spread
        scores[index] = np.where(enough, root, np.nan)
    return Farrington(expected, scale, scores)


def _past_weeks(week: int) -> npt.NDArray[np.int64]:
    centres = week - WEEKS_A_YEAR * np.arange(1, YEARS_BACK + 1)
    weeks = (centres[:, None] + np.arange(-HALF_WINDOW, HALF_WINDOW + 1)).ravel()
    return np.sort(weeks[weeks >= 0])


def _predicted(counts: Array, when: npt.NDArray[np.int64]) -> tuple[Array, Array]:
    """The mean of the week 0 of each series, and the standard deviation of its count to the power 2/3."""
    time = when / WEEKS_A_YEAR
    known = ~np.isnan(counts)
    weights = known.astype(float)
    for _ in range(2):
        fit = _quasi_poisson(np.nan_to_num(counts), time, weights)
        weights = known * _reweighted(np.nan_to_num(counts), fit)
    mean, error, dispersion, _, _ = _quasi_poisson(np.nan_to_num(counts), time, weights)
    spread = 2 / 3 * mean ** (1 / 6) * np.sqrt(dispersion + mean * error)
    return mean, spread


def _quasi_poisson(counts: Array, time: Array, weights: Array) -> tuple[Array, Array, Array, Array, Array]:
    """Log-linear regressions on time of all series at once, by reweighted least squares.

    Returns the mean at time 0, the variance of its logarithm, the dispersion, the fitted means and the leverages.
    """
    powers = np.stack([np.ones_like(time), time, time**2])
    logs = np.log(counts + 0.5)
    for step in range(STEPS):
        fitted = np.exp(np.clip(logs, -MOST_LOG, MOST_LOG))
        worth = weights * fitted if step else weights * (counts + 0.5)
        target = logs + (counts - fitted) / fitted if step else logs
        # The moments of two columns have an inverse that can be written down: of all series at once in a few products.
        zero, one, two = powers @ worth + np.array([[1e-9], [0.0], [1e-9]])
        determinant = zero * two - one**2
        level, both, trend = two / determinant, -one / determinant, zero / determinant
        right, along = powers[:2] @ (worth * target)
        start, slope = level * right + both * along, both * right + trend * along
        logs = np.clip(start + time[:, None] * slope, -MOST_LOG, MOST_LOG)
    fitted = np.exp(logs)
    leverage = weights * fitted * (level + 2 * time[:, None] * both + powers[2][:, None] * trend)
    free = np.maximum((weights > 0).sum(axis=0) - 2, 1)
    dispersion = np.maximum((weights * (counts - fitted) ** 2 / fitted).sum(axis=0) / free, 1.0)
    return np.exp(start), dispersion * level, dispersion, fitted, np.clip(leverage, 0.0, 0.99)


def _reweighted(counts: Array, fit: tuple[Array, Array, Array, Array, Array]) -> Array:
    """Weights that fall with the square of an unusual week's Anscombe residual and have a mean of 1."""
    _, _, dispersion, fitted, leverage = fit
    residual = (
        1.5 * (counts ** (2 / 3) - fitted ** (2 / 3)) / (fitted ** (1 / 6) * np.sqrt(dispersion * (1 - leverage)))
    )
    weights = np.where(residual > UNUSUAL, np.maximum(residual, UNUSUAL) ** -2.0, 1.0)
    scaled: Array = weights * len(weights) / weights.sum(axis=0)
    return scaled
