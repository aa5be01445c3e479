"""What a forecast model is: one function over a whole panel, and what people must know about it.

A plug-in is one file: a function with ``@forecaster(...)`` (or ``@forecaster(...)`` over ``@per_series``) on top.
``run_model`` is the only caller; it checks what comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from analytics.errors import ForecastError, ModelError
from data.dataset import ValueType

__all__ = [
    "GRID",
    "PERIODS_A_YEAR",
    "SEASON",
    "Forecaster",
    "Prediction",
    "columns_of",
    "forecaster",
    "frequency_of",
    "future_periods",
    "panel_array",
    "per_series",
    "run_model",
    "season_of",
]

Array = npt.NDArray[np.float64]

SEASON = {"h": 168, "D": 7, "W-MON": 52, "MS": 12, "YS": 1}
"""Periods in the season that matters most, by frequency."""

PERIODS_A_YEAR = {"h": 8766.0, "D": 365.25, "W-MON": 52.18, "MS": 12.0, "YS": 1.0}

GRID: tuple[float, ...] = tuple(round(step / 200, 3) for step in range(1, 200))
"""The 199 levels that stand for a distribution without a formula; five quantiles do not determine a count."""


def frequency_of(history: pd.DataFrame | pd.Series) -> str:
    """The name of a panel's frequency, as in ``Series.freq``."""
    return str(pd.DatetimeIndex(history.index).freqstr)


def season_of(history: pd.DataFrame) -> int:
    """Periods in the season that matters most, shorter where the history does not hold two of them."""
    return min(SEASON[frequency_of(history)], max(1, len(history) // 2))


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a model says: ``mean`` (period, area_id, category) and ``quantiles`` (quantile, period, area_id, category).

    ``quantiles`` is None for a model that says only where the middle lies. ``size`` (period, area_id, category) is the
    negative binomial's, where that is the model's distribution: variance = mean + mean^2 / size.
    """

    mean: xr.DataArray
    quantiles: xr.DataArray | None = None
    size: xr.DataArray | None = None


@dataclass(frozen=True, eq=False)
class Forecaster:
    """A model: a function, and what people must know before they trust it.

    ``limits`` and ``inputs`` are plain sentences. ``complexity`` orders models from simple to involved: of models that
    are as good, the simplest is used. ``slow`` models (over 20 ms a series) are tested on a sample of the series.
    ``parametric`` models return the negative binomial's ``size``; the others are asked for the whole ``GRID``.
    """

    name: str
    title: str
    version: str
    limits: Sequence[str]
    inputs: Sequence[str]
    value_types: Sequence[ValueType]
    min_periods: int
    complexity: int
    function: Callable[..., Prediction]
    has_quantiles: bool = True
    slow: bool = False
    parametric: bool = False

    def __reduce__(self) -> tuple[Any, ...]:
        # The decorated name is the Forecaster, so the function itself cannot pickle: a worker looks it up again.
        from analytics.forecasting.registry import find_model

        return find_model, (self.name,)


def forecaster(
    *,
    name: str,
    title: str,
    version: str,
    limits: Sequence[str],
    inputs: Sequence[str],
    value_types: Sequence[ValueType],
    min_periods: int,
    complexity: int,
    has_quantiles: bool = True,
    slow: bool = False,
    parametric: bool = False,
) -> Callable[[Callable[..., Prediction]], Forecaster]:
    """Turn a function into a registered model.

    The function is called as ``function(history, *, horizon, quantiles, regressors, seed)``; ``history`` is a frame of
    period x (area_id, category) whose gaps are NaN.
    """

    def wrap(function: Callable[..., Prediction]) -> Forecaster:
        from analytics.forecasting.registry import register

        return register(
            Forecaster(
                name=name,
                title=title,
                version=version,
                limits=limits,
                inputs=inputs,
                value_types=value_types,
                min_periods=min_periods,
                complexity=complexity,
                function=function,
                has_quantiles=has_quantiles,
                slow=slow,
                parametric=parametric,
            )
        )

    return wrap


def per_series(function: Callable[..., pd.DataFrame]) -> Callable[..., Prediction]:
    """Let a function of one series serve a panel.

    ``function(series, *, horizon, quantiles, regressors, seed)`` is given a Series without its leading gaps and returns
    a frame of period x ("mean", then each quantile as a float); a model without quantiles returns "mean" alone.
    """

    def over_panel(
        history: pd.DataFrame,
        *,
        horizon: int,
        quantiles: Sequence[float],
        regressors: pd.DataFrame | None = None,
        seed: int = 0,
    ) -> Prediction:
        frames = [
            function(_known(history[name]), horizon=horizon, quantiles=quantiles, regressors=regressors, seed=seed)
            for name in history.columns
        ]
        periods = future_periods(history, horizon)
        mean = np.column_stack([frame["mean"].to_numpy(dtype=float) for frame in frames])
        levels = [level for level in quantiles if level in frames[0].columns]
        if not levels:
            return Prediction(panel_array(mean, periods, history.columns))
        values = np.stack([np.column_stack([frame[level].to_numpy(float) for frame in frames]) for level in levels])
        return Prediction(
            panel_array(mean, periods, history.columns),
            panel_array(values, periods, history.columns, quantiles=levels),
        )

    return over_panel


def _known(series: pd.Series) -> pd.Series:
    first = series.first_valid_index()
    return series if first is None else series.loc[first:]


def future_periods(history: pd.DataFrame, horizon: int) -> pd.DatetimeIndex:
    """The periods that follow the history's last."""
    return pd.date_range(history.index[-1], periods=horizon + 1, freq=frequency_of(history), name="period")[1:]


def panel_array(
    values: Array, periods: pd.DatetimeIndex, columns: pd.MultiIndex | pd.Index[Any], *, quantiles: Sequence[float] = ()
) -> xr.DataArray:
    """Values (period, column) or (quantile, period, column) as an array by area and category; absent pairs are NaN."""
    areas = list(dict.fromkeys(columns.get_level_values("area_id")))
    categories = list(dict.fromkeys(columns.get_level_values("category")))
    full = np.full((*values.shape[:-1], len(areas), len(categories)), np.nan)
    at_area = pd.Index(areas).get_indexer(columns.get_level_values("area_id"))
    at_category = pd.Index(categories).get_indexer(columns.get_level_values("category"))
    full[..., at_area, at_category] = values
    coords: dict[str, Any] = {"period": periods, "area_id": areas, "category": categories}
    if len(quantiles):
        return xr.DataArray(full, coords={"quantile": list(quantiles), **coords}, dims=["quantile", *coords])
    return xr.DataArray(full, coords=coords, dims=list(coords))


def columns_of(array: xr.DataArray, columns: pd.MultiIndex | pd.Index[Any]) -> Array:
    """The values of an array by area and category, (..., column), in the panel's own order of columns."""
    at_area = array.get_index("area_id").get_indexer(columns.get_level_values("area_id"))
    at_category = array.get_index("category").get_indexer(columns.get_level_values("category"))
    values: Array = array.transpose(..., "area_id", "category").to_numpy()[..., at_area, at_category]
    return values


def run_model(
    model: Forecaster,
    history: pd.DataFrame,
    *,
    horizon: int,
    quantiles: Sequence[float] = GRID,
    regressors: pd.DataFrame | None = None,
    seed: int = 0,
) -> Prediction:
    """What a model says about a panel, checked; the model works on a copy.

    Raises
    ------
    ForecastError
        When the history is too short for the model, or holds an infinite value.
    ModelError
        When the model fails, or returns another shape, a value that is no number, or quantiles out of order.
    """
    if len(history) < model.min_periods:
        raise ForecastError("too_short", model=model.title, periods=len(history), least=model.min_periods)
    if np.isinf(history.to_numpy(dtype=float)).any():
        raise ForecastError("infinite_history")
    own = history.copy()
    own.index = pd.DatetimeIndex(own.index, freq=frequency_of(history))
    try:
        answer = model.function(own, horizon=horizon, quantiles=quantiles, regressors=regressors, seed=seed)
    except ForecastError:
        raise
    except Exception as error:
        raise ModelError("model_failed", model=model.title, error=f"{type(error).__name__}: {error}") from error
    _check(model, answer, history, horizon, quantiles)
    return answer


def _check(
    model: Forecaster, answer: Prediction, history: pd.DataFrame, horizon: int, quantiles: Sequence[float]
) -> None:
    def breach(what: str) -> ModelError:
        return ModelError("broken_contract", model=model.title, what=what)

    if not isinstance(answer, Prediction):
        raise breach("it returned something else than a Prediction")
    periods = future_periods(history, horizon)
    if set(answer.mean.dims) != {"period", "area_id", "category"} or not answer.mean.get_index("period").equals(
        periods
    ):
        raise breach(f"its mean must be (period, area_id, category) for the {horizon} periods after the history")
    if not np.isfinite(columns_of(answer.mean, history.columns)).all():
        raise breach("its mean holds values that are no numbers")
    if model.parametric != (answer.size is not None):
        raise breach("it must return a size exactly when parametric says so")
    if model.has_quantiles != (answer.quantiles is not None):
        raise breach("it must return quantiles exactly when has_quantiles says so")
    if answer.quantiles is None:
        return
    if list(answer.quantiles.get_index("quantile")) != list(quantiles):
        raise breach("it must return the quantiles that it was asked for")
    values = columns_of(answer.quantiles.transpose("quantile", "period", "area_id", "category"), history.columns)
    if not np.isfinite(values).all() or (np.diff(values, axis=0) < -1e-9).any():
        raise breach("its quantiles must be numbers that do not cross")
