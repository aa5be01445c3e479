"""What past forecasts of a panel got wrong beyond chance, put right before the next is compared with what comes.

A model judges its spread by a dozen past weeks, and takes the areas for its own errors. A watch knows every forecast of the
past half year: how far counts and amounts fell from their means (which widens the columns' distributions), how strongly columns
moved together, and how much more than that the totals missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.uncertainty.distribution import NegativeBinomial
from analytics.forecasting.uncertainty.factor import common_factor
from analytics.monitoring.warnings.amounts import Amounts, Habits, Predicted, middle_of, put_right, scale_of
from analytics.monitoring.warnings.evidence import KEPT
from analytics.monitoring.warnings.panel import Panel, moments, periods_from, rows_of, stacked

__all__ = ["Recalibration", "factor_strength", "recalibration_of"]

Array = npt.NDArray[np.float64]

# A total is also wrong in what all columns share, their season above all: its variance is so many times what the columns
# and their factor give, on Meridian, and is believed for so many periods until its own errors say more.
EXCESS, EXCESS_PERIODS = 1.3, 30
WORST_RATIO = 9.0  # what one period may say about a spread, in squared standard deviations: an event is no error
SMALLEST = 1e-6  # of a variance over the mean, in its square: as good as Poisson
LARGEST_SPREAD = 20.0
WINDOWS = 26  # past forecasts that are looked at


@dataclass(frozen=True, eq=False)
class Recalibration:
    """``spread`` is the inverse size of each column, at least; ``rho`` the factor's strength; ``excess`` how many times as
    large the totals' variances are as columns and factor give. Of amounts ``scale`` (column) is how large errors were, and
    ``habits`` how they go.
    """

    spread: Array
    rho: float
    excess: float
    scale: Array
    habits: Habits

    def of(self, predicted: Predicted, panel: Panel, row: int) -> Predicted:
        """The columns' distributions put right, and those of their totals.

        Parameters
        ----------
        predicted : (period, column).
        panel : whose columns they are.
        row : the panel's, of the first period.

        Returns
        -------
        (period, column and total).
        """
        right = _put_right(predicted, panel, row, self.scale, self.habits)
        return _with_totals(_widened(right, self.spread), panel, self.rho, self.excess)


def recalibration_of(
    panel: Panel, predicted: Sequence[Predicted], rows: Sequence[int], actual: Array, *, habits: Habits,
    rho: float | None = None,
) -> Recalibration:  # fmt: skip
    """What the last forecasts of the columns (made after ``rows`` known periods) and what came of them teach.

    ``actual`` is what came without alarmed spells; ``rho`` is found anew where it is not given.

    Parameters
    ----------
    panel : the panel that is watched.
    predicted : past forecasts, (period, column) each.
    rows : known periods at each forecast.
    actual : (period, column).
    habits : of the columns' errors.
    rho : between 0 and 1.

    Returns
    -------
    How much wider the forecasts should be, and how strongly columns and totals move together.
    """
    predicted, rows = predicted[-WINDOWS:], rows[-WINDOWS:]
    whole = stacked(predicted)
    where = np.concatenate([np.arange(row, row + len(each.mean)) for each, row in zip(predicted, rows, strict=True)])
    scale, right = np.full(panel.values.shape[1], np.nan), whole
    if panel.series.value_type != "count":
        values, periods = panel.values.to_numpy(dtype=float), pd.DatetimeIndex(panel.values.index[where])
        scale = scale_of(values[where] - middle_of(whole), habits, periods)
        right = put_right(whole, scale, habits, periods)
    spread = _past_spread(panel, right, actual[where])
    if rho is None:
        ends = np.cumsum([len(each.mean) for each in predicted])[:-1]
        parts = [rows_of(right, each) for each in np.split(np.arange(len(where)), ends)]
        rho = factor_strength(panel, parts, rows, spread)
    bare = _with_totals(_widened(right, spread), panel, rho, 1.0)
    return Recalibration(spread, rho, _past_excess(panel, bare, panel.actual[where]), scale, habits)


def factor_strength(panel: Panel, predicted: Sequence[Predicted], rows: Sequence[int], spread: Array) -> float:
    """How strongly the columns move together.

    Parameters
    ----------
    panel : the panel that is watched.
    predicted : past forecasts, (period, column) each.
    rows : known periods at each forecast.
    spread : (column) by what each is widened.

    Returns
    -------
    Between 0 and 1.
    """
    values = panel.values.to_numpy(dtype=float)
    pairs = zip(predicted, rows, strict=True)
    known = [(_widened(each, spread), values[row : row + len(each.mean)]) for each, row in pairs]
    return common_factor(
        [(each.as_grid() if isinstance(each, Amounts) else each, observed) for each, observed in known]
    )[0]


def _past_spread(panel: Panel, predicted: Predicted, observed: Array) -> Array:
    """The inverse size that past errors had, by moments, pooled over the columns of a category."""
    spread = np.zeros(panel.values.shape[1])
    if not isinstance(predicted, NegativeBinomial):
        return spread
    most = WORST_RATIO * moments(predicted)[1] ** 2
    over = np.minimum((observed - predicted.mean) ** 2, most) - predicted.mean
    known = ~np.isnan(over)
    square = np.where(known, predicted.mean**2, 0.0).sum(axis=0)
    above = np.where(known, over, 0.0).sum(axis=0)
    categories = np.array([category for _, category in panel.names[: len(spread)]])
    for category in np.unique(categories):
        own = categories == category
        spread[own] = np.clip(above[own].sum() / max(square[own].sum(), SMALLEST), 0.0, LARGEST_SPREAD)
    return spread


def _put_right(predicted: Predicted, panel: Panel, row: int, scale: Array, habits: Habits) -> Predicted:
    """The forecast of amounts after so many known periods put right; counts, which are most of all, are not even dated."""
    if panel.series.value_type == "count":
        return predicted
    return put_right(predicted, scale, habits, periods_from(panel, row, len(predicted.mean)))


def _widened(predicted: Predicted, spread: Array) -> Predicted:
    if not isinstance(predicted, NegativeBinomial):
        return predicted
    return NegativeBinomial(predicted.mean, 1 / np.maximum(1 / predicted.size, spread))


def _with_totals(predicted: Predicted, panel: Panel, rho: float, excess: float) -> Predicted:
    """The columns' distributions and their totals': negative binomials of the mean and variance that they give together."""
    members = panel.members
    if not len(members) or not isinstance(predicted, NegativeBinomial):
        return predicted
    spread = moments(predicted)[1]
    mean = predicted.mean @ members.T
    own = spread**2 @ members.T
    variance = excess * (own + rho * KEPT**2 * ((spread @ members.T) ** 2 - own))
    size = mean**2 / np.maximum(variance - mean, SMALLEST * mean**2 + 1e-12)
    return NegativeBinomial(np.hstack([predicted.mean, mean]), np.hstack([predicted.size, size]))


def _past_excess(panel: Panel, predicted: Predicted, actual: Array) -> float:
    """How many times as large the squared errors of totals were as columns and factor alone give."""
    columns = panel.values.shape[1]
    mean, spread = (each[:, columns:] for each in moments(predicted))
    ratios = ((actual[:, columns:] - mean) / spread) ** 2
    seen = np.minimum(ratios[~np.isnan(ratios)], WORST_RATIO)
    if not len(seen):
        return EXCESS
    periods = len(seen) / len(panel.members)
    return float((EXCESS * EXCESS_PERIODS + seen.sum() / len(panel.members)) / (EXCESS_PERIODS + periods))
