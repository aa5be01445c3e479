"""Where backtests are kept: under what they depend on, so that later data or another version never meets an old one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.forecasting.contract import Forecaster
from analytics.forecasting.results import Backtest, Score
from data import Series, fingerprint_of
from data.snapshots import load, save

__all__ = ["load_backtest", "save_backtest"]

KIND = "backtest"
SCORING = 2  # raise when the scores or the choice of origins change: what is stored no longer matches then
TABLES = ("by_origin", "by_stratum", "detail", "track")
VALUES = ("horizon", "series_scored", "series_total", "correlation", "persistence", "seconds", "seed", "code_version")


def _key(series: Series, model: Forecaster, *, horizon: int, seed: int) -> str:
    return fingerprint_of(series.provenance.fingerprint, series.name, model.name, model.version, horizon, seed, SCORING)


def save_backtest(series: Series, model: Forecaster, result: Backtest) -> None:
    """Keep a backtest."""
    tables = {name: getattr(result, name) for name in TABLES}
    if result.errors is not None:
        tables["errors"] = pd.DataFrame({"error": result.errors})
    record = {name: getattr(result, name) for name in VALUES} | {
        "config": dict(result.config),
        "cutoffs": [cutoff.isoformat() for cutoff in result.cutoffs],
        "scores": {name: [score.value, score.low, score.high] for name, score in result.scores.items()},
    }
    save(KIND, _key(series, model, horizon=result.horizon, seed=result.seed), tables=tables, record=record)


def load_backtest(series: Series, model: Forecaster, *, horizon: int, seed: int) -> Backtest | None:
    """The backtest that is kept of this model on this series, if there is one."""
    stored = load(KIND, _key(series, model, horizon=horizon, seed=seed))
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
        errors=None if errors is None else errors["error"].to_numpy(dtype=np.float64),
        by_origin=stored.tables["by_origin"],
        by_stratum=stored.tables["by_stratum"],
        detail=stored.tables["detail"],
        track=stored.tables["track"],
        **{name: record[name] for name in VALUES},
    )
