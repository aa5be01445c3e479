"""Joint futures: what each area and period may bring, together.

Each value is drawn from its own distribution by the inverse of a uniform, and the uniforms of areas and periods hang
together through one common factor (a Gaussian copula):

    z(area, t) = sqrt(rho) * f(t) + sqrt(1 - rho) * e(area, t),   f(t) = sqrt(kappa) * F + sqrt(1 - kappa) * g(t)

``rho`` is the strength of the factor, ``kappa`` the share of it that lasts over the whole horizon; both are read from
the backtest (see ``factor``). The streams of F, g and e are keyed by series, area, category and period.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr
from scipy.special import ndtr

from analytics.errors import ForecastError
from analytics.forecasting.contract import columns_of
from analytics.forecasting.uncertainty.distribution import Distribution, GridDistribution, NegativeBinomial
from analytics.streams import Streams
from data import Series

__all__ = ["DAYS_A_WEEK", "Copula", "copula_of", "distribution_of", "in_weeks", "sample", "sample_totals"]

Array = npt.NDArray[np.float64]
DAYS_A_WEEK = 7
COLUMNS_AT_ONCE = 16  # of which totals are drawn together: fewer calls, and still little memory


@dataclass(frozen=True, eq=False)
class Copula:
    """How the values of a panel hang together, and what keys the random streams that they are drawn from.

    ``columns`` and ``periods`` key the streams of each column and period, ``common`` those of the factor that all share:
    another column or a longer horizon changes nothing. ``correlation`` (rho) is the factor's strength, ``persistence``
    (kappa) the share of it that lasts, each 0 to 1.
    """

    columns: Sequence[str]
    periods: Sequence[str]
    common: str
    correlation: float
    persistence: float

    def normals(self, streams: Streams) -> Iterator[Array]:
        """Standard normals (draw, period) of each column in turn.

        One column at a time, because those of a whole city at once would not fit into a small machine's memory.
        """
        rho, kappa = self.correlation, self.persistence
        lasting = streams.normal("forecast.lasting", [self.common])[0]
        passing = streams.normal("forecast.passing", [f"{self.common}/{period}" for period in self.periods])
        factor = np.sqrt(rho) * (np.sqrt(kappa) * lasting + np.sqrt(1 - kappa) * passing)
        for column in self.columns:
            own = streams.normal("forecast.own", [f"{column}/{period}" for period in self.periods])
            yield (factor + np.sqrt(1 - rho) * own).T


def copula_of(series: Series, periods: pd.DatetimeIndex, *, correlation: float, persistence: float) -> Copula:
    """How the columns of a series hang together in these periods.

    Parameters
    ----------
    series : gives the keys: the same series, whichever of its columns are selected, meets the same streams.
    periods : the starts of those that are drawn.
    correlation : the factor's strength, 0 to 1.
    persistence : the share of it that lasts, 0 to 1.

    Returns
    -------
    One key a column and a period.
    """
    columns = [f"{series.name}/{column[0]}/{column[1]}" for column in series.values.columns]
    return Copula(columns, [period.isoformat() for period in periods], series.name, correlation, persistence)


def distribution_of(
    mean: xr.DataArray,
    size: xr.DataArray | None,
    grid: xr.DataArray | None,
    columns: pd.MultiIndex | pd.Index,
    *,
    whole: bool,
) -> Distribution:
    """The distribution of each value of a panel.

    Parameters
    ----------
    mean : (period, area_id, category).
    size : the negative binomial's, (period, area_id, category), where the model has one.
    grid : else the quantiles at ``GRID``, (quantile, period, area_id, category).
    columns : the panel's (area_id, category), or some of them.
    whole : whether values are whole numbers.

    Returns
    -------
    Arrays of (period, column), in the order of the columns.

    Raises
    ------
    ForecastError
        When there is neither a size nor a grid.
    """
    middle = columns_of(mean, columns)
    if size is not None:
        return NegativeBinomial(middle, columns_of(size, columns))
    if grid is None:
        raise ForecastError("no_distribution")
    return GridDistribution(columns_of(grid, columns), middle, whole)


def sample(distribution: Distribution, copula: Copula, streams: Streams) -> npt.NDArray[np.float32]:
    """Joint draws of a panel.

    Parameters
    ----------
    distribution : of each value, (period, column).
    copula : of the same periods and columns.
    streams : of as many draws as are wanted.

    Returns
    -------
    Values (draw, period, column).
    """
    drawn = np.empty((streams.draws, *distribution.mean.shape), dtype=np.float32)
    for column, each in enumerate(copula.normals(streams)):
        drawn[:, :, column] = distribution.column(column).inverse(ndtr(each))
    return drawn


def sample_totals(distributions: Sequence[Distribution], copula: Copula, streams: Streams) -> list[Array]:
    """The sums over columns of what ``sample`` draws, in little memory.

    Parameters
    ----------
    distributions : several of the same columns, each (period, column): all meet the same normals.
    copula : of these columns and periods.
    streams : of as many draws as are wanted.

    Returns
    -------
    For each distribution (draw, period).
    """
    totals = [np.zeros((streams.draws, len(copula.periods))) for _ in distributions]
    normals = copula.normals(streams)
    for start in range(0, len(copula.columns), COLUMNS_AT_ONCE):
        # In memory the draws of a cell follow each other, as they are looked up.
        together = np.stack([each.T for each in islice(normals, COLUMNS_AT_ONCE)], axis=1)
        uniform = np.moveaxis(ndtr(together), -1, 0)
        for total, distribution in zip(totals, distributions, strict=True):
            own = distribution.column(slice(start, start + COLUMNS_AT_ONCE))
            for alike in own.alike():
                total += own.column(alike).inverse(uniform[:, :, alike]).sum(axis=2)
    return totals


def in_weeks(drawn: Array, days: pd.DatetimeIndex) -> tuple[Array, pd.DatetimeIndex]:
    """Draws of days as those of whole weeks from the first day on, each with its last day; days that fill no week are left out.

    Parameters
    ----------
    drawn : (draw, day).
    days : that were drawn.

    Returns
    -------
    drawn : (draw, week).
    weeks : the last day of each.
    """
    whole = drawn.shape[1] // DAYS_A_WEEK
    sums = drawn[:, : DAYS_A_WEEK * whole].reshape(len(drawn), whole, DAYS_A_WEEK).sum(axis=2)
    return sums, days[DAYS_A_WEEK - 1 : DAYS_A_WEEK * whole : DAYS_A_WEEK]
