"""What is watched: the columns of a series in a fixed order, their totals, and the forecast of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.errors import ForecastError
from analytics.forecasting.backtesting.backtest import BASELINE, losses_of, tested_horizon
from analytics.forecasting.backtesting.selection import simplest_of_best
from analytics.forecasting.contract import GRID, frequency_of
from analytics.forecasting.memory import predict
from analytics.forecasting.pooled import PooledCounts
from analytics.forecasting.registry import find_model, models
from analytics.forecasting.running import refuse_history
from analytics.forecasting.uncertainty.distribution import Distribution, GridDistribution, NegativeBinomial
from analytics.forecasting.uncertainty.draws import distribution_of
from analytics.monitoring.warnings.amounts import Amounts, Predicted
from data import Series
from data.frequency import Frequency
from data.tables import ALL, CITY

__all__ = [
    "Ahead",
    "Panel",
    "chosen_model",
    "columns_alone",
    "forecasts_of",
    "moments",
    "periods_from",
    "repeated",
    "rows_of",
    "stacked",
    "watched_panel",
]

Array = npt.NDArray[np.float64]
Ahead = Callable[[pd.DataFrame], Distribution]
"""What a model says of the periods that follow those it is given."""

COUNT_MODEL = "pooled_counts"
COMBINATION = "combination"
YEARS_KNOWN = 3  # a forecast a period ahead gains nothing from older periods, and a fit costs in proportion


@dataclass(frozen=True, eq=False)
class Panel:
    """``values`` are the series' columns (period x (area_id, category)) in order; ``members`` (total, column) says which
    columns each total sums. Totals follow the columns in every array.
    """

    series: Series
    values: pd.DataFrame
    names: tuple[tuple[str, str], ...]
    members: npt.NDArray[np.bool_]

    @property
    def totals(self) -> Array:
        """1 for totals, 0 for columns."""
        return np.repeat([0.0, 1.0], [self.values.shape[1], len(self.members)])

    @cached_property
    def actual(self) -> Array:
        """What came, (period, column and total); a total with a gap in it is a gap."""
        values = self.values.to_numpy(dtype=float)
        return np.hstack([values, values @ self.members.T]) if not np.isnan(values).any() else self._gappy(values)

    def _gappy(self, values: Array) -> Array:
        sums = [values[:, own].sum(axis=1) for own in self.members]
        return np.column_stack([values, *sums])


def watched_panel(series: Series) -> Panel:
    """The panel of a series: hours are summed to days; counts of several areas or categories have totals.

    Columns stand in order of area and category, so the order in which they came changes nothing.
    """
    series = series.to_frequency(Frequency.DAY) if series.freq is Frequency.HOUR else series
    values = series.values.loc[:, series.values.notna().any()]
    values = values.sort_index(axis=1)
    columns = values.columns
    wanted = {(CITY, ALL): np.ones(len(columns), dtype=bool)}
    categories = columns.get_level_values("category")
    wanted |= {(CITY, str(each)): np.asarray(categories == each) for each in dict.fromkeys(categories)}
    several = series.value_type == "count"
    totals = {name: own for name, own in wanted.items() if several and own.sum() > 1 and name not in columns}
    areas = columns.get_level_values("area_id")
    names = tuple((str(area), str(category)) for area, category in zip(areas, categories, strict=True))
    members = np.array(list(totals.values()), dtype=bool).reshape(len(totals), len(columns))
    return Panel(series, values, (*names, *totals), members)


def chosen_model(series: Series, *, horizon: int, seed: int) -> str:
    """Pooled counts for counts; else the one that did best of the quick models that say how sure they are.

    The combination is left out: it asks all others and itself once more, and a week ahead was no better than the best of them.

    Parameters
    ----------
    series : the series to watch.
    horizon : periods between two forecasts.
    seed : of everything drawn.

    Returns
    -------
    The name of a model.
    """
    if series.value_type == "count":
        return COUNT_MODEL
    names = [
        name
        for name, each in models().items()
        if not each.slow and each.has_quantiles and series.value_type in each.value_types and name != COMBINATION
    ]
    if len(names) == 1:
        return names[0]
    fitting = [name for name in names if find_model(name).fits(series.values, value_type=series.value_type)]
    losses = {}
    for name in dict.fromkeys([BASELINE, *fitting]):
        with suppress(ForecastError):  # what cannot be measured is not chosen
            losses[name] = losses_of(series, name, horizon=horizon, seed=seed)
    tested = tested_horizon(series, horizon)
    return simplest_of_best(losses, freq=series.freq, horizon=tested, as_of=series.as_of)


def forecasts_of(model: str, panel: Panel, *, horizon: int, seed: int) -> Ahead:
    """What a model says of the columns in the periods after any that are known.

    Parameters
    ----------
    model : a name.
    panel : whose columns they are.
    horizon : periods ahead.
    seed : of everything drawn.

    Returns
    -------
    Callable
        Of the panel's first periods (period x column), which may hold other values than it does; it gives (period, column),
        and raises ``ForecastError`` where they are too few.
    """
    index, form = pd.DatetimeIndex(panel.values.index), find_model(model)

    def recent(known: pd.DataFrame) -> int:
        return int(index.searchsorted(index[len(known) - 1] - pd.DateOffset(years=YEARS_KNOWN)))

    def predicted(known: pd.DataFrame) -> Distribution:
        history = known.iloc[recent(known) :].asfreq(panel.series.freq)
        answer = predict(model, history, horizon, (0.5,) if form.parametric else GRID, seed)
        whole = panel.series.value_type == "count"
        return distribution_of(answer.mean, answer.size, answer.quantiles, known.columns, whole=whole)

    if model != COUNT_MODEL:
        return predicted
    # A year is forecast from fifty moments: to make each a plug-in's question and answer takes longer than to fit it.
    pooled = PooledCounts.of(panel.values, horizon=horizon)

    def counted(known: pd.DataFrame) -> Distribution:
        refuse_history(form, known)
        return pooled.ahead(known.to_numpy(dtype=float), recent(known))

    return counted


def stacked(parts: Sequence[Predicted]) -> Predicted:
    """Distributions of periods that follow each other as one."""
    mean = np.concatenate([part.mean for part in parts])
    binomials = [part for part in parts if isinstance(part, NegativeBinomial)]
    if binomials:
        return NegativeBinomial(
            mean, np.concatenate([np.broadcast_to(each.size, each.mean.shape) for each in binomials])
        )
    amounts = [part for part in parts if isinstance(part, Amounts)]
    if amounts:
        return Amounts(
            mean, *(np.concatenate([getattr(each, name) for each in amounts]) for name in ("scale", "freedom"))
        )
    grids = [part for part in parts if isinstance(part, GridDistribution)]
    return GridDistribution(np.concatenate([each.values for each in grids], axis=1), mean, grids[0].whole)


def repeated(distribution: Predicted, *, periods: int) -> Predicted:
    """A distribution's periods over and over, ``periods`` of them.

    Parameters
    ----------
    distribution : (period, column).
    periods : how many are wanted.

    Returns
    -------
    (period, column), its periods in their order again and again.
    """
    return rows_of(distribution, np.arange(periods) % len(distribution.mean))


def rows_of(distribution: Predicted, rows: npt.NDArray[np.int64] | slice) -> Predicted:
    """Some periods of a distribution.

    Parameters
    ----------
    distribution : (period, column).
    rows : which periods, in any order.

    Returns
    -------
    (period, column) of those.
    """
    if isinstance(distribution, NegativeBinomial):
        return NegativeBinomial(
            distribution.mean[rows], np.broadcast_to(distribution.size, distribution.mean.shape)[rows]
        )
    if isinstance(distribution, Amounts):
        return distribution.rows(rows)
    return GridDistribution(distribution.values[:, rows], distribution.mean[rows], distribution.whole)


def moments(distribution: Predicted) -> tuple[Array, Array]:
    """Mean and standard deviation of each value; of amounts their scale, as few errors are far larger than most."""
    if isinstance(distribution, Amounts):
        return distribution.mean, distribution.scale
    if isinstance(distribution, NegativeBinomial):
        return distribution.mean, np.sqrt(distribution.mean + distribution.mean**2 / distribution.size)
    return distribution.mean, distribution.values.std(axis=0)


def columns_alone(distribution: Predicted, columns: int) -> Predicted:
    """Without the totals, which follow the columns.

    Parameters
    ----------
    distribution : (period, column), totals last.
    columns : how many are no totals.

    Returns
    -------
    (period, column).
    """
    if isinstance(distribution, NegativeBinomial):
        return NegativeBinomial(distribution.mean[:, :columns], distribution.size[:, :columns])
    if isinstance(distribution, Amounts):
        return distribution  # which have no totals
    return GridDistribution(distribution.values[:, :, :columns], distribution.mean[:, :columns], distribution.whole)


def periods_from(panel: Panel, row: int, length: int) -> pd.DatetimeIndex:
    """So many periods from a panel's row on, also beyond its last.

    Parameters
    ----------
    panel : that is watched.
    row : at most the number of its periods.
    length : how many.

    Returns
    -------
    pd.DatetimeIndex
        In order.
    """
    index = panel.values.index
    first = index[row] if row < len(index) else index[-1] + panel.series.freq.offset
    return pd.date_range(first, periods=length, freq=frequency_of(panel.values))
