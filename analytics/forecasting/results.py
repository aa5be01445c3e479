"""What a forecast and its track record hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from analytics.errors import ForecastError
from analytics.forecasting.contract import panel_array
from analytics.forecasting.reconcile import Reconciliation
from analytics.forecasting.uncertainty.draws import copula_of, distribution_of, sample
from analytics.results import Result
from analytics.streams import Streams
from data import Series
from data.words import Sentence, Words

__all__ = ["Backtest", "Forecast", "Futures", "Score", "Selection"]


@dataclass(frozen=True)
class Score:
    """A score with its 95 % interval, where it has one."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Backtest(Result):
    """How wrong a model has been on this series: rolling origins, each fitted on what was known by its cutoff.

    ``scores`` holds ``sql`` (scaled quantile loss), ``mase``, ``rmsse``, ``bias`` (mean error / mean value),
    ``coverage_80`` and ``coverage_95`` (coverage by randomised PIT for counts, plain coverage otherwise) and ``sql_ratio``
    (SQL divided by the seasonal naive's on the same origins and series; 1 for the seasonal naive, NaN where that made
    almost no error).
    ``by_origin`` is one row a cutoff (columns cutoff, sql, mase, rmsse, bias, coverage_80, coverage_95, n),
    ``by_stratum`` one row a stratum (columns stratum, value, sql, coverage_80, coverage_95, n); ``detail`` one row a
    (cutoff, area_id, category). ``track`` is the total over all areas, one row a (cutoff, period): columns observed and
    one column ``q0.1`` ... a quantile of the total, joined as the draws are; empty where only a sample of the series was
    scored.
    ``series_scored`` of ``series_total`` columns were scored. ``correlation`` and ``persistence`` are the common factor's
    strength and the share of it that lasts (see ``draws``). ``errors`` (origin, step, column) are the scaled past errors
    of a model without quantiles, from which its intervals are made.
    """

    series: str
    model: str
    model_version: str
    cutoffs: tuple[pd.Timestamp, ...]
    horizon: int
    scores: Mapping[str, Score]
    by_origin: pd.DataFrame
    by_stratum: pd.DataFrame
    detail: pd.DataFrame
    track: pd.DataFrame
    series_scored: int
    series_total: int
    correlation: float = 0.0
    persistence: float = 0.0
    errors: npt.NDArray[np.float64] | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Selection:
    """Which model was taken and why.

    ``chosen`` is the simplest within one standard error of the best; ``ratios`` holds each measured model's SQL over
    the seasonal naive's; ``differences`` how far each lies behind the best, as a share of the naive's SQL, with the 95 %
    interval of a bootstrap paired over origins: one that holds 0 is a tie. ``tied`` are the models within one standard
    error of the best; ``beats_naive`` is false when nothing does.
    Where the seasonal naive made almost no error, ``ratios`` and ``differences`` are empty: nothing is divided by nearly 0.
    ``reason`` is a sentence. ``failed`` maps a model that could not be measured to what was wrong.
    """

    chosen: str
    best: str
    ratios: Mapping[str, float]
    tied: tuple[str, ...]
    beats_naive: bool
    reason: Sentence
    failed: Mapping[str, Sentence] = field(default_factory=dict)
    differences: Mapping[str, Score] = field(default_factory=dict)

    def level_with_best(self, name: str) -> bool:
        """Whether a model cannot be told from the best: a tie."""
        apart = self.differences.get(name)
        return apart is None or apart.low is None or apart.low <= 0


class Futures(Protocol):
    """What is asked of draws, as by a study: for which periods, how many, from which random streams."""

    @property
    def freq(self) -> str:
        """The length of a period, as in ``Series.freq``."""

    @property
    def index(self) -> pd.DatetimeIndex:
        """The start of each period."""

    @property
    def draws(self) -> int:
        """How many."""

    @property
    def streams(self) -> Streams:
        """Those of as many draws."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Forecast(Result):
    """The future of a series, by area and category, with its distribution and its track record.

    ``mean`` is (period, area_id, category); ``quantiles`` is (quantile, period, area_id, category); ``total`` is
    (quantile, period): the quantiles of the sum over all areas and categories, from the joint draws; ``weeks`` the same of
    each seven days, by the last of them, where days of counts reach so far.
    ``size`` is the negative binomial's size by (period, area_id, category) where the model has one (variance =
    mean + mean^2/size); else ``grid`` holds at least 199 quantiles. ``correlation`` is the strength of the factor that
    areas share, ``persistence`` how much of it lasts. ``backtests`` holds the backtest
    of each measured model, the chosen one's among them;
    ``reconciliation`` how areas were made to add up with forecasts of their parents and of the city, where they were.
    """

    series: Series
    model: str
    model_title: Words
    cutoff: pd.Timestamp
    horizon: int
    mean: xr.DataArray
    quantiles: xr.DataArray
    total: xr.DataArray
    size: xr.DataArray | None
    grid: xr.DataArray | None
    correlation: float
    persistence: float
    selection: Selection
    backtest: Backtest | None
    backtests: Mapping[str, Backtest] = field(default_factory=dict)
    reconciliation: Reconciliation | None = None
    weeks: xr.DataArray | None = None

    def draws(self, study: Futures) -> xr.DataArray:
        """Joint futures, float32 (draw, area_id, category, period): ``study.draws`` of them from ``study.streams``.

        Counts are whole numbers. The mean of the draws is within 1 % of ``mean``; the same study gives the same draws.

        Raises
        ------
        ForecastError
            When the study asks for periods of another length, or for others than those that were forecast.
        """
        series, wanted = self.series, study.index
        if study.freq != series.freq:
            raise ForecastError("other_frequency", series=series.title, freq=series.freq, wanted=study.freq)
        periods = pd.DatetimeIndex(self.mean.get_index("period"))
        if not wanted.isin(periods).all():
            raise ForecastError(
                "other_periods", first=periods[0], last=periods[-1], wanted_first=wanted[0], wanted_last=wanted[-1]
            )
        columns = series.values.columns
        whole = series.value_type == "count"
        drawn = sample(
            distribution_of(self.mean, self.size, self.grid, columns, whole=whole),
            copula_of(series, periods, correlation=self.correlation, persistence=self.persistence),
            study.streams,
        )
        array = panel_array(drawn, periods, columns, draws=study.draws)
        return array.sel(period=wanted).transpose("draw", "area_id", "category", "period")
