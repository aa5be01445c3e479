"""Predictions that were just made: a combination asks its members for what the leaderboard has already asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from threading import RLock

import pandas as pd
from cachetools import LRUCache

from analytics.forecasting.contract import Forecaster, Prediction, find_model
from analytics.forecasting.running import run_model, used
from data import fingerprint_of

__all__ = ["predict", "predicted"]

MOST_BYTES = 400_000_000  # four models' whole distributions of a thousand series at two moments


def _bytes_of(answer: Prediction) -> int:
    arrays = (answer.mean, answer.quantiles, answer.size)
    return sum(array.nbytes for array in arrays if array is not None)


_MADE: LRUCache[str, Prediction] = LRUCache(MOST_BYTES, getsizeof=_bytes_of)
_LOCK = RLock()


def predicted(
    model: Forecaster,
    history: pd.DataFrame,
    *,
    horizon: int,
    quantiles: Sequence[float],
    regressors: pd.DataFrame | None,
    seed: int,
) -> Prediction:
    """What ``run_model`` says, remembered in this process; the caller must not change it.

    Parameters
    ----------
    model : what is asked.
    history : period x (area_id, category), gaps NaN.
    horizon : periods ahead.
    quantiles : levels, rising.
    regressors : period x name for the history and the horizon, or None.
    seed : of all that is random; the same seed gives the same answer.

    Returns
    -------
    As it was first made: not to be changed.
    """
    # What a model does not use is no part of what it is asked: a combination is given more than its members use.
    regressors = used(model, regressors)
    content = [*_content(history), *_content(regressors)]
    key = fingerprint_of(model.name, model.version, *content, horizon, list(quantiles), seed)
    with _LOCK:
        made = _MADE.get(key)
    if made is None:
        made = run_model(model, history, horizon=horizon, quantiles=quantiles, regressors=regressors, seed=seed)
        with _LOCK:
            if _bytes_of(made) <= MOST_BYTES:
                _MADE[key] = made
    return made


def _content(table: pd.DataFrame | None) -> tuple[object, ...]:
    """What tells a table from others, its values as they lie in memory: to turn them over takes as long as to hash them."""
    return (None,) if table is None else (pd.DataFrame(index=table.index), list(table.columns), table.to_numpy().T)


def predict(
    name: str,
    history: pd.DataFrame,
    horizon: int,
    levels: Sequence[float],
    seed: int,
    beside: pd.DataFrame | None = None,
) -> Prediction:
    """What a model of this name says; at the top of a module so that worker processes find it.

    Parameters
    ----------
    name : of a registered model.
    history : period x (area_id, category), gaps NaN.
    horizon : periods ahead.
    levels : of the quantiles, rising.
    seed : of all that is random; the same seed gives the same answer.
    beside : regressors, period x name for the history and the horizon, or None.

    Returns
    -------
    Its mean, and quantiles or size.
    """
    return predicted(find_model(name), history, horizon=horizon, quantiles=levels, regressors=beside, seed=seed)
