"""What a fan shows: past and future of one selection of a series, at a frequency that can be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd
import xarray as xr

from analytics.forecasting.results import Forecast
from analytics.forecasting.uncertainty.draws import copula_of, distribution_of, in_weeks, sample_totals
from analytics.streams import Streams
from data import Series
from data.frequency import Frequency

__all__ = ["LEVELS", "Futures", "Reach", "Span", "futures_of", "reach_of"]

LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
DRAWS = 1000  # the 2.5 % quantile then rests on the 25 lowest futures
WEEKLY_FROM = 14  # days ahead: below two weeks there is no week to speak of
# Periods of the past that are shown, by frequency: at most a year of weeks, less of what is dense, more of what is sparse.
MOST_PAST: Mapping[Frequency, int] = {
    Frequency.HOUR: 14 * 24, Frequency.DAY: 8 * 7, Frequency.WEEK: 52, Frequency.MONTH: 36, Frequency.YEAR: 20,
}  # fmt: skip
T = TypeVar("T", pd.Series, pd.DataFrame)
PAST_PER_FUTURE = 7  # and at most so many times the horizon, or the fan is a sliver


@dataclass(frozen=True)
class Span:
    """What somebody wants to see of a history and its forecast: from one day to another."""

    first: pd.Timestamp
    last: pd.Timestamp

    def of(self, values: T) -> T:
        """The periods that lie within."""
        index = pd.DatetimeIndex(values.index)
        return values[(index >= self.first) & (index <= self.last)]


@dataclass(frozen=True, eq=False)
class Futures:
    """``history`` (period) and ``future`` (period x level) in the series' unit, ``last_year`` beside the future.

    ``freq`` is the series' own. Where days were ``summed`` it is weeks, which end on the cutoff's weekday and stand at their
    last day. ``span`` is what is to be seen; without one it is as much of the past as goes with the future.
    """

    history: pd.Series
    future: pd.DataFrame
    last_year: pd.Series
    freq: Frequency
    summed: bool
    span: Span | None = None

    @property
    def past(self) -> pd.Series:
        """As much of the history as is seen."""
        if self.span is not None:
            return self.span.of(self.history)
        return self.history.tail(_usual(self.freq, len(self.future)))

    @property
    def seen(self) -> pd.DataFrame:
        """As much of the future as is seen."""
        return self.future if self.span is None else self.span.of(self.future)

    @property
    def level(self) -> float:
        """Where things stand: the mean of the last four known periods."""
        return float(self.history.dropna().tail(4).mean())

    @property
    def chance_above(self) -> float:
        """The chance that the last period of the forecast lies above where things stand."""
        last = self.future.iloc[-1]
        return float(1 - np.interp(self.level, last.to_numpy(float), last.index.to_numpy(float), left=0.0, right=1.0))


@dataclass(frozen=True)
class Reach:
    """How far there is anything to be seen: the first period, the first that is seen unless somebody asks, and the last."""

    first: pd.Timestamp
    usual: pd.Timestamp
    last: pd.Timestamp


def reach_of(forecast: Forecast) -> Reach:
    """The reach of a history and its forecast, without drawing any future."""
    weekly = _weekly(forecast.series, forecast.horizon)
    periods = pd.DatetimeIndex(forecast.mean.get_index("period"))
    history, ahead = forecast.series.values.index, periods
    if weekly:
        history, ahead = history[len(history) % 7 :][6::7], periods[6::7]
    usual = _usual(Frequency.WEEK if weekly else forecast.series.freq, len(ahead))
    return Reach(history[0], history[-min(usual, len(history))], ahead[-1])


def _usual(freq: Frequency, ahead: int) -> int:
    """How many periods of the past go with so many ahead."""
    return min(MOST_PAST[freq], PAST_PER_FUTURE * max(ahead, 4))


def _weekly(series: Series, horizon: int) -> bool:
    """Whether days are summed to weeks; levels, unlike counts, have no weekly sum."""
    return series.freq is Frequency.DAY and series.value_type == "count" and horizon >= WEEKLY_FROM


def futures_of(
    forecast: Forecast, *, area_id: str | None = None, category: str | None = None, span: Span | None = None
) -> Futures:
    """The past and future of a whole series, of an area, of a category or of both.

    Quantiles of a sum are not the sum of quantiles, so weeks and selections of several columns come from the
    forecast's joint draws.

    Parameters
    ----------
    forecast : of any frequency.
    area_id, category : what is selected; all together when None.
    span : what is to be seen of it.

    Returns
    -------
    At the series' own frequency, or in weeks where days reach two weeks ahead.
    """
    chosen = forecast.series.select(
        areas=None if area_id is None else (area_id,), categories=None if category is None else (category,)
    )
    weekly = _weekly(chosen, forecast.horizon)
    whole = area_id is None and category is None
    future = _known(forecast.weeks if weekly else forecast.total) if whole else None
    if future is None:
        future = _drawn(forecast, chosen, weekly=weekly)
    history = chosen.total()
    if weekly:
        history = _weeks(history)
    freq = Frequency.WEEK if weekly else chosen.freq
    last_year = _a_year_before(history, pd.DatetimeIndex(future.index), freq.year_ago)
    return Futures(history, future, last_year, freq, weekly, span)


def _known(quantiles: xr.DataArray | None) -> pd.DataFrame | None:
    """What the forecast holds of the draws of all that it is of; None where it lacks a level that is shown."""
    if quantiles is None or not set(LEVELS) <= set(quantiles.get_index("quantile")):
        return None
    shown = quantiles.sel(quantile=list(LEVELS)).transpose("period", "quantile")
    return pd.DataFrame(shown.to_numpy(), index=pd.DatetimeIndex(shown.get_index("period")), columns=list(LEVELS))


def _drawn(forecast: Forecast, chosen: Series, *, weekly: bool) -> pd.DataFrame:
    periods = pd.DatetimeIndex(forecast.mean.get_index("period"))
    columns = chosen.values.columns
    # The streams are keyed by column and period, so these are the futures of the whole forecast, of the columns chosen.
    (values,) = sample_totals(
        [distribution_of(forecast.mean, forecast.size, forecast.grid, columns, whole=chosen.value_type == "count")],
        copula_of(chosen, periods, correlation=forecast.correlation, persistence=forecast.persistence),
        Streams(seed=forecast.seed, draws=DRAWS),
    )
    if weekly:
        values, periods = in_weeks(values, periods)
    quantiles = np.quantile(values, LEVELS, axis=0, method="inverted_cdf")
    return pd.DataFrame(quantiles.T, index=pd.DatetimeIndex(periods), columns=list(LEVELS))


def _weeks(history: pd.Series) -> pd.Series:
    """Sums of seven days, the last week ending with the history; a week with a gap is a gap."""
    whole = history.iloc[len(history) % 7 :]
    values = whole.to_numpy(float).reshape(-1, 7).sum(axis=1)
    return pd.Series(values, index=whole.index[6::7])


def _a_year_before(history: pd.Series, periods: pd.DatetimeIndex, steps: int) -> pd.Series:
    positions = len(history) + np.arange(len(periods)) - steps
    known = [history.iloc[at] if 0 <= at < len(history) else np.nan for at in positions]
    return pd.Series(known, index=periods, dtype=float)
