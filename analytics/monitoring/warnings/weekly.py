"""What is looked at once a week over the watched history: the variance of the scores, and Farrington's threshold."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy

from analytics.monitoring.warnings.charts import Raised
from analytics.monitoring.warnings.farrington import farrington
from analytics.monitoring.warnings.spans import PACES
from analytics.monitoring.warnings.thresholds import BUDGET
from analytics.monitoring.warnings.watch import Watched
from data.frequency import Frequency

__all__ = ["farrington_alarms", "variance_alarms"]

Array = npt.NDArray[np.float64]

LEAST_SCORES = 0.5  # of a window must be known and outside of spells
DAYS = 7
WEEKS_A_YEAR = Frequency.WEEK.periods_a_year


def variance_alarms(watched: Watched) -> list[Raised]:
    """Columns whose squared scores of the last four weeks (a year of months) add up to more than chance gives.

    The sum of n squared scores is compared with the gamma distribution of the mean and variance that it has when nothing
    has changed: chi-squared with n degrees of freedom for continuous values, narrower for small counts.
    """
    freq = watched.panel.series.freq
    window, step = PACES[freq].variance_window, PACES[freq].horizon
    squares = np.where(watched.spell, np.nan, watched.evidence.scores) ** 2
    # A total's scores vary with the factor, whose strength is not known well enough to say that their variance changed.
    squares[:, watched.panel.values.shape[1] :] = np.nan
    mean, variance = watched.thresholds.squares
    # Amounts that err alike for days are wild or calm for days too: their sum varies so many times as much.
    alike = watched.evidence.persistence if watched.panel.series.value_type != "count" else np.ones_like(squares)
    looks = freq.periods_a_year / step
    raised: list[Raised] = []
    quiet_until = np.full(squares.shape[1], -1)
    for end in range(window, len(squares) + 1, step):
        part = squares[end - window : end]
        known = (~np.isnan(part)).sum(axis=0)
        chance = _beyond(np.nansum(part, axis=0), known, mean, variance * alike[end - 1, : len(mean)])
        strange = (chance * looks < BUDGET["variance"]) & (known >= LEAST_SCORES * window)
        for column in np.flatnonzero(strange & (quiet_until < end - window)):
            raised.append(Raised("variance", int(column), end - window, end - 1, 1, float(chance[column] * looks)))
        quiet_until[strange] = end
    return raised


def _beyond(total: Array, known: npt.NDArray[np.int64], mean: Array, variance: Array) -> Array:
    """The chance of a sum of ``known`` squared scores as large."""
    scale = np.maximum(variance, 1e-9) / np.maximum(mean, 1e-9)
    shape = np.maximum(known, 1) * np.maximum(mean, 1e-9) / scale
    return np.asarray(scipy.stats.gamma.sf(total, shape, scale=scale))


def farrington_alarms(watched: Watched) -> list[Raised]:
    """Weeks above Farrington's threshold, one alarm for weeks that follow each other; none for months and continuous values."""
    panel = watched.panel
    if panel.series.freq is Frequency.MONTH or panel.series.value_type != "count":
        return []
    length = DAYS if panel.series.freq is Frequency.DAY else 1
    weeks = len(watched.actual) // length
    counts = _sums(panel.actual[: watched.first + weeks * length], length)
    judged = farrington(counts, weeks=weeks)
    chance = scipy.stats.norm.sf(judged.scores)
    over = np.nan_to_num(chance, nan=1.0) * WEEKS_A_YEAR < BUDGET["farrington"]
    begins = over & ~np.vstack([np.zeros((1, over.shape[1]), dtype=bool), over[:-1]])
    raised = []
    for week, column in np.argwhere(begins):
        rate = float(chance[week, column] * WEEKS_A_YEAR)
        raised.append(Raised("farrington", int(column), week * length, (week + 1) * length - 1, 1, rate))
    return raised


def _sums(actual: Array, length: int) -> Array:
    """Sums of whole weeks that end with the last period."""
    rows = len(actual) // length * length
    summed: Array = actual[len(actual) - rows :].reshape(-1, length, actual.shape[1]).sum(axis=1)
    return summed
