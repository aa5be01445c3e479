"""Is a model still right today? What was said is kept, scored as data come in, and compared with what was promised.

A forecast that is kept holds its quantiles by area and kind. Once some of its periods have come it is scored like a
backtest. Where the latest forecasts miss more than the earlier ones did, or their ranges hold less than they promise,
that becomes a caveat on the next forecast and on all that is built from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.forecasting.contract import columns_of
from analytics.forecasting.results import Backtest, Forecast
from analytics.forecasting.scoring import LEVELS, naive_scales, scaled_scores
from analytics.forecasting.uncertainty.distribution import quantiles_of
from analytics.forecasting.uncertainty.draws import distribution_of
from data import Series, fingerprint_of
from data.store.results import keep, keys, load

__all__ = ["Health", "ScoredForecast", "health_of", "keep_forecast", "scored_forecasts"]

Array = npt.NDArray[np.float64]

KEPT = "said"  # under this name forecasts lie in workspaces: another would lose them
RECENT = 2  # past forecasts that count as the latest
FEWEST = 3  # earlier ones below which "usual" means nothing
FEWEST_PERIODS = 5  # of a kept forecast that must have come before it is scored


@dataclass(frozen=True)
class ScoredForecast:
    """A forecast that was kept, and how it did over the ``periods`` that have come: ``sql`` as in a backtest, the mean
    ``bias`` (error / value) and the share of outcomes within its 80 and 95 % ranges.
    """

    model: str
    model_version: str
    cutoff: pd.Timestamp
    horizon: int
    periods: int
    sql: float
    bias: float
    coverage_80: float
    coverage_95: float


@dataclass(frozen=True)
class Health:
    """The latest past forecasts beside the earlier ones: error and coverage, and how many of each there were.

    ``recent_sql`` over ``usual_sql`` above ``limit`` is drift: the limit is the largest that the earlier ones' own
    scatter explains (two standard deviations).
    """

    recent_sql: float
    usual_sql: float
    limit: float
    recent_coverage_80: float
    recent: int
    outcomes: int


def keep_forecast(outlook: Forecast) -> None:
    """Keep what was said, to be scored when its periods have come; the same forecast is kept once."""
    series = outlook.series
    whole = series.value_type == "count"
    columns = series.values.columns
    distribution = distribution_of(outlook.mean, outlook.size, outlook.grid, columns, whole=whole)
    predicted = quantiles_of(distribution, LEVELS)
    tables = {
        "quantiles": _flat(predicted.reshape(-1, predicted.shape[-1])),
        "mean": _flat(columns_of(outlook.mean, columns)),
        "columns": pd.DataFrame(list(columns), columns=["area_id", "category"]),
    }
    record = {
        "model": outlook.model,
        "model_version": str(outlook.config.get("model_version", "")),
        "cutoff": outlook.cutoff.isoformat(),
        "horizon": outlook.horizon,
    }
    keep(
        KEPT,
        f"{_prefix(series)}{outlook.cutoff:%Y%m%dT%H}-{outlook.horizon}-{outlook.model}",
        tables=tables,
        record=record,
    )


def scored_forecasts(series: Series) -> tuple[ScoredForecast, ...]:
    """The kept forecasts of a series of which enough periods have come, oldest first.

    Columns that the series has no longer are left out.
    """
    prefix = _prefix(series)
    found = [_scored(series, key) for key in keys(KEPT) if key.startswith(prefix)]
    return tuple(sorted((each for each in found if each is not None), key=lambda each: each.cutoff))


def health_of(backtest: Backtest | None, predicted: Sequence[ScoredForecast] = ()) -> Health | None:
    """The latest forecasts beside the earlier ones; None where there are too few to tell.

    Kept forecasts of the backtest's model count as the latest; without any, the last origins of the backtest do.

    Parameters
    ----------
    backtest : of the model that is used; None where there is none.
    predicted : forecasts that were kept and have been scored since.

    Returns
    -------
    The two latest beside the others; None where fewer than five are known.
    """
    if backtest is None:
        return None
    table = backtest.by_origin.sort_values("cutoff")[["cutoff", "sql", "coverage_80", "n"]]
    later = [each for each in predicted if each.model == backtest.model and each.cutoff > table["cutoff"].max()]
    kept = pd.DataFrame(
        [
            {"cutoff": each.cutoff, "sql": each.sql, "coverage_80": each.coverage_80, "n": float(each.periods)}
            for each in later
        ]
    )
    table = pd.concat([table, kept]) if len(kept) else table
    table = table.dropna(subset=["sql"])
    if len(table) < RECENT + FEWEST:
        return None
    earlier, recent = table.iloc[:-RECENT], table.iloc[-RECENT:]
    usual = float(earlier["sql"].mean())
    # The mean of the latest scatters less than one of them, and the usual mean is itself uncertain.
    spread = float(earlier["sql"].std(ddof=1)) * np.sqrt(1 / RECENT + 1 / len(earlier))
    return Health(
        recent_sql=float(recent["sql"].mean()),
        usual_sql=usual,
        limit=usual + 2 * spread,
        recent_coverage_80=float(recent["coverage_80"].mean()),
        recent=len(recent),
        outcomes=int(recent["n"].sum()),
    )


def _scored(series: Series, key: str) -> ScoredForecast | None:
    stored = load(KEPT, key)
    if stored is None:
        return None
    record: Mapping[str, Any] = stored.record
    cutoff, horizon = pd.Timestamp(record["cutoff"]), int(record["horizon"])
    own = pd.MultiIndex.from_frame(stored.tables["columns"])
    kept = own.isin(series.values.columns)
    ahead = series.values.loc[series.values.index > cutoff].iloc[:horizon]
    if len(ahead) < min(FEWEST_PERIODS, horizon) or not kept.any():
        return None
    columns = own[kept]
    observed = ahead[columns].to_numpy(dtype=float)
    quantiles = (
        stored.tables["quantiles"].to_numpy(dtype=float).reshape(len(LEVELS), horizon, -1)[:, : len(ahead), kept]
    )
    mean = stored.tables["mean"].to_numpy(dtype=float)[: len(ahead), kept]
    history = series.values.loc[:cutoff, columns].asfreq(series.freq)
    scores = scaled_scores(naive_scales(history), observed, mean, quantiles)
    known = ~np.isnan(observed)
    covered = [
        float(((observed >= quantiles[low]) & (observed <= quantiles[-1 - low]))[known].mean()) for low in (1, 0)
    ]
    return ScoredForecast(
        model=str(record["model"]), model_version=str(record["model_version"]), cutoff=cutoff, horizon=horizon,
        periods=len(ahead), sql=float(np.nanmean(scores["sql"])),
        bias=float(scores["error"].sum() / max(scores["total"].sum(), 1e-9)), coverage_80=covered[0], coverage_95=covered[1],
    )  # fmt: skip


def _prefix(series: Series) -> str:
    return fingerprint_of(series.name, series.layer, series.freq, series.provenance.name) + "-"


def _flat(values: Array) -> pd.DataFrame:
    return pd.DataFrame(values).rename(columns=str)
