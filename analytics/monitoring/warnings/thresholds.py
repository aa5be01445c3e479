"""Thresholds from the null: a world is drawn from the forecasts themselves, and the charts are run over it.

Each kind of alarm has its share of one false alarm a series and year. The shares leave some unspent, because forecasts
are a little wrong for weeks on end, which a world drawn from them is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from analytics.monitoring.warnings.amounts import Predicted
from analytics.monitoring.warnings.cusum import Heights, heights_of
from analytics.monitoring.warnings.evidence import CHARTS, evidence_of
from analytics.monitoring.warnings.panel import Panel, columns_alone, repeated

__all__ = ["BUDGET", "Thresholds", "thresholds_from_null"]

Array = npt.NDArray[np.float64]

BUDGET: Mapping[str, float] = MappingProxyType(
    {"level": 0.56, "outside": 0.12, "variance": 0.02, "farrington": 0.02, "late": 0.01, "hour": 0.2}
)
"""False alarms a series and year that each kind may raise; most to a shifting level, which is what is asked most. That of
hours is for all hours of a column's year together."""

CHART_SHARES = (0.4, 0.45, 0.15)  # of the level's budget, in the order of CHARTS: rises matter most
NULL_VALUES = 65_000  # drawn values: 180 series-years of days, on which a rate of 0.6 is known to 10 %
LONGEST_NULL = 20_000


@dataclass(frozen=True, eq=False)
class Thresholds:
    """What each kind must exceed: ``level`` heights by chart, ``outside`` a tail's chance.

    ``heights`` says how often the charts rise that high by chance; ``squares`` holds mean and variance of each column's
    squared score when nothing has changed, (2, column).
    """

    level: Array
    outside: float
    heights: tuple[Heights, ...]
    squares: Array

    def recurrence(self, height: Array) -> Array:
        """For heights (..., chart): how often a year each is reached when nothing has changed."""
        rates = [each.per_year(height[..., chart]) for chart, each in enumerate(self.heights)]
        return np.stack(rates, axis=-1)


def thresholds_from_null(
    distribution: Predicted, panel: Panel, *, rho: float, periods_a_year: float, seed: int
) -> Thresholds:
    """Draw a history without any change around forecasts and see how high the charts rise.

    Parameters
    ----------
    distribution : predicted, (period, column).
    panel : whose columns they are.
    rho : between 0 and 1.
    periods_a_year : of the frequency.
    seed : of everything drawn.

    Returns
    -------
    The heights above which each chart raises an alarm.
    """
    columns = panel.values.shape[1]
    periods = int(np.clip(-(-NULL_VALUES // columns), 2, LONGEST_NULL))
    drawn_from = repeated(distribution, periods=periods)
    drawn = _null(drawn_from, panel, rho=rho, seed=seed)
    evidence = evidence_of(drawn_from, drawn, rho=rho, totals=panel.totals)
    heights = tuple(
        heights_of(_in_years(evidence.ratios[:, :columns, chart], periods_a_year), periods_a_year=periods_a_year)
        for chart in range(len(CHARTS))
    )
    shares = BUDGET["level"] * np.array(CHART_SHARES)
    level = np.array([each.height_at(share) for each, share in zip(heights, shares, strict=True)])
    squares = np.nan_to_num(evidence.scores) ** 2
    # Both tails of every period are looked at.
    return Thresholds(
        level, BUDGET["outside"] / periods_a_year / 2, heights, np.stack([squares.mean(axis=0), squares.var(axis=0)])
    )


def _null(distribution: Predicted, panel: Panel, *, rho: float, seed: int) -> Array:
    """Values drawn from the forecasts, joined by the factor."""
    columns = panel.values.shape[1]
    rng = np.random.Generator(np.random.Philox(seed))
    periods = len(distribution.mean)
    latent = np.sqrt(rho) * rng.standard_normal((periods, 1))
    latent = latent + np.sqrt(1 - rho) * rng.standard_normal((periods, columns))
    values = np.asarray(columns_alone(distribution, columns).inverse(ndtr(latent)), dtype=float)
    return np.hstack([values, values @ panel.members.T])


def _in_years(ratios: Array, periods_a_year: float) -> Array:
    """A long history of few columns as many years beside each other, so that charts take few steps."""
    length = max(2, round(periods_a_year))
    years = len(ratios) // length
    if years < 2:
        return ratios
    return ratios[: years * length].reshape(years, length, -1).transpose(1, 0, 2).reshape(length, -1)
