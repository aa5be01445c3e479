"""Joint futures: what each area and period may bring, together.

Each value is drawn from its own distribution by the inverse of a uniform, and the uniforms of areas and periods hang
together through one common factor (a Gaussian copula):

    z(area, t) = sqrt(rho) * f(t) + sqrt(1 - rho) * e(area, t),   f(t) = sqrt(kappa) * F + sqrt(1 - kappa) * g(t)

``rho`` is the strength of the factor, ``kappa`` the share of it that lasts over the whole horizon. Both are estimated
from the backtest's randomised PITs. Those of small counts are blurred by the randomisation (a planted .30 reads as
about .19 at a mean of 0.7), so the estimate is the strength that, simulated through the same distributions and
randomised in the same way, gives what was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr
from scipy.special import ndtr, ndtri

from analytics.errors import ForecastError
from analytics.forecasting.contract import columns_of, panel_array
from analytics.forecasting.distribution import GridDistribution, NegativeBinomial, randomised_pit

if TYPE_CHECKING:
    from analytics.forecasting.results import Forecast
    from analytics.scenarios.streams import Streams
    from analytics.scenarios.study import Study
    from data import Series

__all__ = ["column_names", "common_factor", "distribution_of", "draw_forecast", "joint_normals", "persistence_of"]

Array = npt.NDArray[np.float64]
Distribution = NegativeBinomial | GridDistribution

STRENGTHS = (0.0, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8)
REPEATS = 4  # simulations a strength; the window of a backtest has some 200 periods of its own
STRONGEST = 0.95
CLIP = 1e-6  # keeps the normal of a PIT finite


def draw_forecast(forecast: Forecast, study: Study) -> xr.DataArray:
    """Futures of a forecast, float32 (draw, area_id, category, period); see ``Forecast.draws``.

    Raises
    ------
    ForecastError
        When the study asks for other periods than those that were forecast.
    """
    periods = forecast.mean.get_index("period")
    wanted = study.index
    if not wanted.isin(periods).all():
        raise ForecastError(
            "other_periods", first=periods[0], last=periods[-1], wanted_first=wanted[0], wanted_last=wanted[-1]
        )
    columns = forecast.series.values.columns
    drawn = sample(
        distribution_of(
            forecast.mean, forecast.size, forecast.grid, columns, whole=forecast.series.value_type == "count"
        ),
        study.streams,
        names=column_names(forecast.series),
        common=forecast.series.name,
        rho=forecast.correlation,
        kappa=forecast.persistence,
    )
    array = panel_array(drawn, pd.DatetimeIndex(periods), columns, quantiles=range(study.draws)).rename(quantile="draw")
    return array.sel(period=wanted).transpose("draw", "area_id", "category", "period").astype("float32")


def column_names(series: Series) -> list[str]:
    """What keys the streams of each column."""
    return [f"{series.name}/{name[0]}/{name[1]}" for name in series.values.columns]


def distribution_of(
    mean: xr.DataArray, size: xr.DataArray | None, grid: xr.DataArray | None, columns: object, *, whole: bool
) -> Distribution:
    """The distribution of each (period, column) of a panel."""
    middle = columns_of(mean.transpose("period", "area_id", "category"), columns)  # type: ignore[arg-type]
    if size is not None:
        return NegativeBinomial(middle, columns_of(size.transpose("period", "area_id", "category"), columns))  # type: ignore[arg-type]
    if grid is None:
        raise ForecastError("no_distribution")
    values = columns_of(grid.transpose("quantile", "period", "area_id", "category"), columns)  # type: ignore[arg-type]
    return GridDistribution(grid.get_index("quantile").to_numpy(float), values, middle, whole)


def sample(
    distribution: Distribution, streams: Streams, *, names: Sequence[str], common: str, rho: float, kappa: float
) -> Array:
    """Draws (draw, period, column); ``names`` key the columns' own streams, so another column changes nothing."""
    periods, columns = distribution.mean.shape
    normals = joint_normals(streams, periods=periods, names=names, common=common, rho=rho, kappa=kappa)
    drawn = np.empty((streams.draws, periods, columns))
    for column in range(columns):  # one column at a time: all at once would hold each normal three times over
        own = _column(distribution, column)
        drawn[:, :, column] = own.inverse(ndtr(normals[column]))
    return drawn


def joint_normals(
    streams: Streams, *, periods: int, names: Sequence[str], common: str, rho: float, kappa: float
) -> Array:
    """Standard normals (column, draw, period) that hang together through one factor."""
    steps = [f"{common}/{step}" for step in range(periods)]
    lasting = streams.normal("forecast.factor", [common])[0]
    passing = streams.normal("forecast.factor.period", steps)
    factor = np.sqrt(kappa) * lasting[None] + np.sqrt(1 - kappa) * passing
    normals = np.empty((len(names), streams.draws, periods))
    for column, name in enumerate(names):
        own = streams.normal("forecast.own", [f"{name}/{step}" for step in range(periods)])
        normals[column] = (np.sqrt(rho) * factor + np.sqrt(1 - rho) * own).T
    return normals


def _column(distribution: Distribution, column: int) -> Distribution:
    if isinstance(distribution, NegativeBinomial):
        return NegativeBinomial(distribution.mean[:, column], distribution.size[:, column])
    values, mean = distribution.values[:, :, column], distribution.mean[:, column]
    return GridDistribution(distribution.levels, values, mean, distribution.whole)


def common_factor(windows: Sequence[tuple[Distribution, Array]], *, seed: int) -> float:
    """The strength of the common factor, from past windows of (distribution, actual), each (period, column)."""
    rng = np.random.Generator(np.random.Philox(seed))
    if not windows or windows[0][1].shape[1] < 2:
        return 0.0
    read = _read(windows, rng)
    simulated = []
    for strength in STRENGTHS:
        runs = [_read([(each, _simulate(each, strength, rng)) for each, _ in windows], rng) for _ in range(REPEATS)]
        simulated.append(float(np.mean(runs)))
    rising = np.maximum.accumulate(simulated)
    return float(np.clip(np.interp(read, rising, STRENGTHS), 0.0, STRONGEST))


def _read(windows: Sequence[tuple[Distribution, Array]], rng: np.random.Generator) -> float:
    """Mean correlation between columns of the randomised PITs' normals, from the variance of their mean by period."""
    products, pairs = 0.0, 0.0
    for distribution, actual in windows:
        normals = pit_normals(distribution, actual, rng)
        known = ~np.isnan(normals)
        count = known.sum(axis=1)
        total, square = np.nansum(normals, axis=1), np.nansum(normals**2, axis=1)
        products += float((total**2 - square).sum())
        pairs += float((count * (count - 1)).sum())
    return products / pairs if pairs else 0.0


def pit_normals(distribution: Distribution, actual: Array, rng: np.random.Generator) -> Array:
    """Normals of the randomised PITs, (period, column); gaps stay gaps."""
    filled = np.nan_to_num(actual)
    if isinstance(distribution, GridDistribution) and not distribution.whole:
        pit = distribution.cdf(filled)
    else:
        pit = randomised_pit(distribution, filled, uniform=rng.random(actual.shape))
    normals: Array = np.where(np.isnan(actual), np.nan, ndtri(np.clip(pit, CLIP, 1 - CLIP)))
    return normals


def _simulate(distribution: Distribution, strength: float, rng: np.random.Generator) -> Array:
    periods, columns = distribution.mean.shape
    factor = rng.standard_normal((periods, 1))
    own = rng.standard_normal((periods, columns))
    return distribution.inverse(ndtr(np.sqrt(strength) * factor + np.sqrt(1 - strength) * own))


def persistence_of(windows: Sequence[tuple[Distribution, Array]], *, seed: int) -> float:
    """The share of the common factor that lasts over a window, from the mean normal's agreement between its periods."""
    rng = np.random.Generator(np.random.Philox(seed))
    same, other = [], []
    for distribution, actual in windows:
        normals = pit_normals(distribution, actual, rng)
        count = (~np.isnan(normals)).sum(axis=1)
        middle = np.nansum(normals, axis=1) / np.maximum(count, 1)
        periods, columns = len(middle), normals.shape[1]
        if periods < 2 or columns < 2:
            continue
        other.append((middle.sum() ** 2 - (middle**2).sum()) / (periods * (periods - 1)))
        # What the columns' own noise adds to a mean's square does not belong to the factor.
        same.append((middle**2).mean() - 1 / columns)
    if not same or np.mean(same) <= 0:
        return 0.0
    return float(np.clip(np.mean(other) / np.mean(same), 0.0, 1.0))
