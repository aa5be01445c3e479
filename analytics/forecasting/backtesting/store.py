"""Where backtests and slow predictions are kept: under what they depend on.

So later data, or another version of a model, never meets an old result.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.contract import GRID, Forecaster, Prediction, columns_of, future_periods, panel_array
from analytics.forecasting.results import Backtest, Score
from data import Series, fingerprint_of
from data.store.results import keep, keys, load

__all__ = [
    "key_of",
    "load_backtest",
    "load_prediction",
    "measured_slowly",
    "save_backtest",
    "save_prediction",
    "stored_keys",
]

BACKTEST, PREDICTION, SLOW = "backtest", "prediction", "slow_backtest"
SCORING = 8  # raise when the scores or the choice of origins change: what is stored no longer matches then
TABLES = ("by_origin", "by_stratum", "detail", "track")
VALUES = ("horizon", "series_scored", "series_total", "correlation", "persistence", "seconds", "seed", "code_version")


def key_of(series: Series, model: Forecaster, *, horizon: int, seed: int) -> str:
    """Under what results of a model on a series are kept.

    Parameters
    ----------
    series : the series, by its content.
    model : of this version.
    horizon : periods ahead.
    seed : of all that is random.

    Returns
    -------
    str
        The same for all kinds of results.
    """
    return fingerprint_of(series.provenance.fingerprint, series.name, model.name, model.version, horizon, seed, SCORING)


def save_backtest(series: Series, model: Forecaster, result: Backtest) -> None:
    """Keep a backtest.

    Parameters
    ----------
    series : the series that was tested on.
    model : the model that was tested.
    result : what to keep.
    """
    tables = {name: getattr(result, name) for name in TABLES}
    if result.errors is not None:
        tables["errors"] = _flat(result.errors)
    record = {name: getattr(result, name) for name in VALUES} | {
        "config": dict(result.config),
        "cutoffs": [cutoff.isoformat() for cutoff in result.cutoffs],
        "scores": {name: [score.value, score.low, score.high] for name, score in result.scores.items()},
    }
    key = key_of(series, model, horizon=result.horizon, seed=result.seed)
    keep(BACKTEST, key, tables=tables, record=record)
    if model.slow:
        keep(SLOW, key, tables={}, record={"model": model.name, "series": series.name})


def measured_slowly() -> tuple[str, ...]:
    """What stands for the slow models that have been measured in the workspace, each on a series: forecasts choose among them."""
    return keys(SLOW)


def stored_keys() -> tuple[str, ...]:
    """The keys of all backtests that are kept."""
    return keys(BACKTEST)


def load_backtest(series: Series, model: Forecaster, *, horizon: int, seed: int) -> Backtest | None:
    """The backtest that is kept of this model on this series, if there is one.

    Parameters
    ----------
    series : the series that was tested on.
    model : the model that was tested, of this version.
    horizon : periods ahead that were tested.
    seed : that it was made with.

    Returns
    -------
    The backtest as it was kept; None where there is none, or it is damaged.
    """
    stored = load(BACKTEST, key_of(series, model, horizon=horizon, seed=seed))
    if stored is None:
        return None
    record = stored.record
    errors = stored.tables.get("errors")
    return Backtest(
        made_from=(series.provenance,),
        config=record["config"],
        series=series.name,
        model=model.name,
        model_version=model.version,
        cutoffs=tuple(pd.Timestamp(cutoff) for cutoff in record["cutoffs"]),
        scores={name: Score(*values) for name, values in record["scores"].items()},
        errors=None if errors is None else errors.to_numpy(dtype=np.float64).reshape(-1, horizon, errors.shape[1]),
        by_origin=stored.tables["by_origin"],
        by_stratum=stored.tables["by_stratum"],
        detail=stored.tables["detail"],
        track=stored.tables["track"],
        **{name: record[name] for name in VALUES},
    )


def save_prediction(series: Series, model: Forecaster, answer: Prediction, *, horizon: int, seed: int) -> None:
    """Keep what a model said of the periods after the series, with its quantiles at ``GRID`` where it has any.

    Parameters
    ----------
    series : the history that the model was fitted on.
    model : whose prediction it is.
    answer : what to keep.
    horizon : periods ahead.
    seed : that it was made with.
    """
    columns = series.values.columns
    tables = {"mean": _flat(columns_of(answer.mean, columns))}
    for name, array in {"quantiles": answer.quantiles, "size": answer.size}.items():
        if array is not None:
            tables[name] = _flat(columns_of(array, columns))
    keep(PREDICTION, key_of(series, model, horizon=horizon, seed=seed), tables=tables, record={})


def load_prediction(series: Series, model: Forecaster, *, horizon: int, seed: int) -> Prediction | None:
    """What is kept of a model's word on the periods after the series, if there is any.

    Parameters
    ----------
    series : the history that the model was fitted on.
    model : whose prediction is asked for, of this version.
    horizon : periods ahead.
    seed : that it was made with.

    Returns
    -------
    The prediction as it was kept; None where there is none, or it is damaged.
    """
    stored = load(PREDICTION, key_of(series, model, horizon=horizon, seed=seed))
    if stored is None:
        return None
    periods, columns = future_periods(series.values, horizon), series.values.columns
    mean, size, quantiles = (stored.tables.get(name) for name in ("mean", "size", "quantiles"))
    if mean is None:
        return None
    return Prediction(
        panel_array(mean.to_numpy(), periods, columns),
        None
        if quantiles is None
        else panel_array(
            quantiles.to_numpy().reshape(len(GRID), horizon, len(columns)), periods, columns, quantiles=GRID
        ),
        None if size is None else panel_array(size.to_numpy(), periods, columns),
    )


def _flat(values: npt.NDArray[np.float64]) -> pd.DataFrame:
    """Values (..., column) as a table, whose columns Parquet wants to be text."""
    table = pd.DataFrame(values.reshape(-1, values.shape[-1]))
    return table.rename(columns=str)
