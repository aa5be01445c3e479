"""Running a model: the only caller of plug-ins, which checks what goes in and what comes back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from analytics.errors import ForecastError, ModelError
from analytics.forecasting.contract import (
    CALENDAR,
    GRID,
    Forecaster,
    Prediction,
    columns_of,
    frequency_of,
    future_periods,
)
from analytics.plugins.registry import reason_of
from data.words import Sentence

__all__ = ["refuse_history", "run_model", "used"]

CROSSING = 1e-9  # what rounding may do to quantiles that are equal


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

    ``regressors`` is a frame of period x name that covers the history and the horizon; the model sees those that it uses.

    Parameters
    ----------
    model : what is asked.
    history : period x (area_id, category), gaps NaN.
    horizon : periods ahead, from 1.
    quantiles : levels between 0 and 1, values.
    regressors : as above, or None.
    seed : of all that is random; the same seed gives the same answer.

    Returns
    -------
    As the contract promises: finite, values, for the periods that follow and every column.

    Raises
    ------
    ForecastError
        When the history is too short for the model, of a frequency that it does not work at, or holds an infinite
        value, or the regressors do not cover it.
    ModelError
        When the model fails, or returns another shape, a value that is no number, or quantiles out of order.
    """
    refuse_history(model, history)
    beside = used(model, regressors)
    if beside is not None:
        _check_regressors(beside, history, horizon)
    own = history.copy()
    own.index = pd.DatetimeIndex(own.index, freq=frequency_of(history))
    try:
        answer = model.function(own, horizon=horizon, quantiles=quantiles, regressors=beside, seed=seed)
    except ForecastError:
        raise
    except Exception as error:
        raise ModelError("model_failed", model=model.title, error=reason_of(error)) from error
    _check(model, answer, history, horizon, quantiles)
    return answer


def refuse_history(model: Forecaster, history: pd.DataFrame) -> None:
    """Refuse a history that a model cannot be asked about.

    Parameters
    ----------
    model : what is to be asked.
    history : period x (area_id, category), gaps NaN.

    Raises
    ------
    ForecastError
        When it is too short for the model, of a frequency that it does not work at, or holds an infinite value.
    """
    if len(history) < model.min_periods:
        raise ForecastError("too_short", model=model.title, periods=len(history), least=model.min_periods)
    if model.frequencies and frequency_of(history) not in model.frequencies:
        known = list(model.frequencies)
        raise ForecastError("wrong_frequency", model=model.title, freq=frequency_of(history), known=known)
    if np.isinf(history.to_numpy(dtype=float)).any():
        raise ForecastError("infinite_history")


def used(model: Forecaster, regressors: pd.DataFrame | None) -> pd.DataFrame | None:
    """A copy of the regressors that a model uses; None where there are none.

    Parameters
    ----------
    model : of which it is asked.
    regressors : period x name, or None.

    Returns
    -------
    pd.DataFrame or None
        What ``run_model`` hands to it.
    """
    if regressors is None:
        return None
    kept = [name for name in regressors if (name if name in CALENDAR else "others") in model.uses]
    return regressors[kept].copy() if kept else None


def _check_regressors(regressors: pd.DataFrame, history: pd.DataFrame, horizon: int) -> None:
    wanted = history.index.append(future_periods(history, horizon))
    values = regressors.reindex(wanted)
    bare = [str(name) for name in regressors.columns if not np.isfinite(values[name].to_numpy(dtype=float)).all()]
    if bare:
        raise ForecastError("regressors_short", names=bare, first=wanted[0], last=wanted[-1])


def _check(
    model: Forecaster, answer: Prediction, history: pd.DataFrame, horizon: int, quantiles: Sequence[float]
) -> None:
    what = _breach(model, answer, history, horizon, quantiles)
    if what is not None:
        raise ModelError("broken_contract", model=model.title, what=what)


def _breach(
    model: Forecaster, answer: object, history: pd.DataFrame, horizon: int, quantiles: Sequence[float]
) -> Sentence | None:
    """The first thing of an answer that the contract does not allow."""
    if not isinstance(answer, Prediction):
        return Sentence("breach.no_prediction")
    if model.parametric != (answer.size is not None):
        return Sentence("breach.size")
    if model.has_quantiles != (answer.quantiles is not None):
        return Sentence("breach.no_quantiles")
    found: dict[str, npt.NDArray[np.float64]] = {}
    for name, array in {"mean": answer.mean, "size": answer.size, "quantiles": answer.quantiles}.items():
        if array is not None:
            values = _values_of(name, array, history, horizon)
            if isinstance(values, Sentence):
                return values
            found[name] = values
    if answer.quantiles is None:
        return None
    if list(answer.quantiles.get_index("quantile")) != list(quantiles):
        return Sentence("breach.other_quantiles")
    if (np.diff(found["quantiles"], axis=0) < -CROSSING).any():
        return Sentence("breach.crossing")
    return None


def _values_of(
    name: str, array: xr.DataArray, history: pd.DataFrame, horizon: int
) -> npt.NDArray[np.float64] | Sentence:
    """The values of an array by column, or the first thing of it that the contract does not allow."""
    wanted = {"period", "area_id", "category"} | ({"quantile"} if name == "quantiles" else set())
    if set(array.dims) != wanted:
        return Sentence("breach.dimensions", {"name": name, "wanted": sorted(wanted)})
    if not array.get_index("period").equals(future_periods(history, horizon)):
        return Sentence("breach.periods", {"name": name, "horizon": horizon})
    try:
        values = columns_of(array, history.columns)
    except KeyError:
        return Sentence("breach.columns", {"name": name})
    return values if np.isfinite(values).all() else Sentence("breach.not_finite", {"name": name})
