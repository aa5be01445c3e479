"""Joint futures: what each area and period may bring, together.

Each value is drawn from its own distribution by the inverse of a uniform, and the uniforms of areas and periods hang
together through one common factor (a Gaussian copula):

    z(area, t) = sqrt(rho) * f(t) + sqrt(1 - rho) * e(area, t),   f(t) = sqrt(kappa) * F + sqrt(1 - kappa) * g(t)

``rho`` is the strength of the factor, ``kappa`` the share of it that lasts over the whole horizon; both are read from
the backtest (see ``factor``). The streams of F, g and e are keyed by series, area, category and period, so that neither
another series nor a longer horizon changes a draw.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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

__all__ = ["column_names", "distribution_of", "joint_normals", "sample", "sample_totals", "step_names"]

Array = npt.NDArray[np.float64]


def column_names(series: Series) -> list[str]:
    """What keys the streams of each column."""
    return [f"{series.name}/{column[0]}/{column[1]}" for column in series.values.columns]


def step_names(periods: pd.DatetimeIndex) -> list[str]:
    """What keys the streams of each period."""
    return [period.isoformat() for period in periods]


def distribution_of(
    mean: xr.DataArray,
    size: xr.DataArray | None,
    grid: xr.DataArray | None,
    columns: pd.MultiIndex | pd.Index,
    *,
    whole: bool,
) -> Distribution:
    """The distribution of each (period, column) of a panel."""
    middle = columns_of(mean, columns)
    if size is not None:
        return NegativeBinomial(middle, columns_of(size, columns))
    if grid is None:
        raise ForecastError("no_distribution")
    return GridDistribution(columns_of(grid, columns), middle, whole)


def sample(
    distribution: Distribution,
    streams: Streams,
    *,
    names: Sequence[str],
    common: str,
    rho: float,
    kappa: float,
    steps: Sequence[str] | None = None,
) -> npt.NDArray[np.float32]:
    """Draws (draw, period, column) of a panel.

    ``names`` key the columns' own streams and ``common`` that of the factor, so another column changes nothing; ``steps``
    key the periods (by default by their number).
    """
    periods, columns = distribution.mean.shape
    keys = steps if steps is not None else [str(step) for step in range(periods)]
    drawn = np.empty((streams.draws, periods, columns), dtype=np.float32)
    normals = joint_normals(streams, names=names, common=common, rho=rho, kappa=kappa, steps=keys)
    for column, each in enumerate(normals):
        drawn[:, :, column] = distribution.column(column).inverse(ndtr(each))
    return drawn


def joint_normals(
    streams: Streams, *, names: Sequence[str], common: str, rho: float, kappa: float, steps: Sequence[str]
) -> Iterator[Array]:
    """Standard normals (draw, period) of each column in turn, which hang together through one factor.

    One column at a time, because those of a whole city at once would not fit into a small machine's memory.
    """
    lasting = streams.normal("forecast.lasting", [common])[0]
    passing = streams.normal("forecast.passing", [f"{common}/{step}" for step in steps])
    factor = np.sqrt(rho) * (np.sqrt(kappa) * lasting + np.sqrt(1 - kappa) * passing)
    for name in names:
        own = streams.normal("forecast.own", [f"{name}/{step}" for step in steps])
        yield (factor + np.sqrt(1 - rho) * own).T


def sample_totals(
    distributions: Sequence[Distribution],
    streams: Streams,
    *,
    names: Sequence[str],
    common: str,
    rho: float,
    kappa: float,
    steps: Sequence[str],
) -> list[Array]:
    """For each distribution the sum over its columns of what ``sample`` draws, (draw, period), in little memory."""
    totals = [np.zeros((streams.draws, len(steps))) for _ in distributions]
    normals = joint_normals(streams, names=names, common=common, rho=rho, kappa=kappa, steps=steps)
    for column, each in enumerate(normals):
        uniform = ndtr(each)
        for total, distribution in zip(totals, distributions, strict=True):
            total += distribution.column(column).inverse(uniform)
    return totals
