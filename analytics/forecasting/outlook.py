"""A forecast, by the model that did best on this series, with its track record and caveats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from analytics.caveats import SMALL_MEAN, assess
from analytics.errors import ForecastError
from analytics.forecasting.backtest import BASELINE, backtest, stored_backtests, tested_horizon
from analytics.forecasting.contract import GRID, PERIODS_A_YEAR, Forecaster, columns_of, panel_array, run_model
from analytics.forecasting.draws import column_names, distribution_of, sample
from analytics.forecasting.intervals import conformal_quantiles, error_scale
from analytics.forecasting.registry import find_model, models
from analytics.forecasting.results import Backtest, Forecast, Selection
from analytics.forecasting.scoring import LEVELS, naive_scales
from analytics.forecasting.selection import choose
from analytics.parallel import Progress, quiet
from analytics.results import WORDING
from analytics.scenarios.streams import Streams
from data import Series

__all__ = ["PERIOD_WORDS", "forecast"]

Array = npt.NDArray[np.float64]

TOTAL_DRAWS = 1000
LONGEST_HORIZON = 5000
PERIOD_WORDS = {"h": "hours", "D": "days", "W-MON": "weeks", "MS": "months", "YS": "years"}


def forecast(
    series: Series,
    *,
    horizon: int,
    quantiles: Sequence[float] = LEVELS,
    model: str | None = None,
    candidates: Sequence[str] | None = None,
    slow: bool = True,
    seed: int = 0,
    progress: Progress = quiet,
    workers: int = 1,
) -> Forecast:
    """The future of a series, by the simplest model that did about as well as the best in the backtest.

    Parameters
    ----------
    horizon : periods ahead.
    quantiles : levels between 0 and 1, increasing.
    model : a model to use whatever the backtest says; it is still measured.
    candidates : the models to measure (default: all that fit the series).
    slow : when false, slow models take part only if their backtest is stored.

    Raises
    ------
    ForecastError
        When the horizon or a model does not fit the series, in one sentence.
    Cancelled
        When ``progress`` raises it.
    """
    _check(series, horizon, quantiles)
    fitting = _fitting(series, model, candidates, slow=slow, horizon=horizon, seed=seed)
    backtests, failed = _measure(series, fitting, horizon=horizon, seed=seed, progress=progress, workers=workers)
    selection = _select(backtests, failed, fitting, model)
    chosen = find_model(selection.chosen)
    return _assembled(series, chosen, selection, backtests, horizon=horizon, quantiles=quantiles, seed=seed)


def _check(series: Series, horizon: int, quantiles: Sequence[float]) -> None:
    if not 1 <= horizon <= LONGEST_HORIZON:
        raise ForecastError("bad_horizon", horizon=horizon, most=LONGEST_HORIZON)
    levels = list(quantiles)
    if not levels or min(levels) <= 0 or max(levels) >= 1 or levels != sorted(set(levels)):
        raise ForecastError("bad_quantiles", quantiles=levels)
    if not series.values.notna().any().any():
        raise ForecastError("no_values", series=series.title)


def _fitting(
    series: Series, model: str | None, candidates: Sequence[str] | None, *, slow: bool, horizon: int, seed: int
) -> dict[str, Forecaster]:
    named = {name: find_model(name) for name in candidates} if candidates is not None else models()
    kept = {
        name: each
        for name, each in named.items()
        if series.value_type in each.value_types and len(series.values) >= each.min_periods
    }
    if not slow:
        stored = stored_backtests(series, horizon=horizon, seed=seed)
        kept = {name: each for name, each in kept.items() if not each.slow or name in stored}
    if model is not None:
        pinned = find_model(model)
        if series.value_type not in pinned.value_types:
            raise ForecastError("wrong_values", model=pinned.title, series=series.title, kinds=list(pinned.value_types))
        kept[model] = pinned
    baseline = find_model(BASELINE)
    if len(series.values) < baseline.min_periods:
        raise ForecastError("too_short", model=baseline.title, periods=len(series.values), least=baseline.min_periods)
    return {BASELINE: baseline} | kept


def _measure(
    series: Series, fitting: Mapping[str, Forecaster], *, horizon: int, seed: int, progress: Progress, workers: int
) -> tuple[dict[str, Backtest], dict[str, str]]:
    """The backtest of each model; one that fails is left out and named."""
    backtests: dict[str, Backtest] = {}
    failed: dict[str, str] = {}
    for place, name in enumerate(fitting):

        def part(share: float, doing: str, place: int = place) -> None:
            progress((place + share) / len(fitting), doing)

        try:
            backtests[name] = backtest(series, name, horizon=horizon, seed=seed, progress=part, workers=workers)
        except ForecastError as error:
            failed[name] = str(error)
    return backtests, failed


def _select(
    backtests: Mapping[str, Backtest], failed: Mapping[str, str], fitting: Mapping[str, Forecaster], model: str | None
) -> Selection:
    if BASELINE in backtests and (model is None or model in backtests):
        return choose(backtests, failed=failed, pinned=model)
    # Nothing could be measured: the simplest rule, or the user's own choice, with the caveat that it is untested.
    chosen = model or BASELINE
    reason = WORDING.sentence("selection.untested", {"model": fitting[chosen].title})
    return Selection(chosen, chosen, {}, (chosen,), False, reason, dict(failed))


def _assembled(
    series: Series, model: Forecaster, selection: Selection, backtests: Mapping[str, Backtest], *, horizon: int,
    quantiles: Sequence[float], seed: int,
) -> Forecast:  # fmt: skip
    tested = backtests.get(model.name)
    mean, size, grid = _predicted(series, model, tested, horizon=horizon, seed=seed)
    columns = series.values.columns
    distribution = distribution_of(mean, size, grid, columns, whole=series.value_type == "count")
    rho, kappa = (tested.correlation, tested.persistence) if tested else (0.0, 0.0)
    streams = Streams(seed=seed, draws=TOTAL_DRAWS)
    names = column_names(series)
    totals = sample(distribution, streams, names=names, common=series.name, rho=rho, kappa=kappa).sum(axis=2)
    periods = mean.get_index("period")
    levels = np.array(list(quantiles)).reshape(-1, 1, 1)
    values = distribution.inverse(np.broadcast_to(levels, (len(levels), *distribution.mean.shape)))
    return Forecast(
        made_from=(series.provenance,),
        caveats=assess(**_facts(series, model, tested, horizon=horizon)),
        config={"horizon": horizon, "quantiles": list(quantiles), "model": model.name, "model_version": model.version},
        seed=seed,
        series=series,
        model=model.name,
        model_title=model.title,
        cutoff=series.as_of,
        horizon=horizon,
        mean=mean,
        quantiles=panel_array(values, pd.DatetimeIndex(periods), columns, quantiles=quantiles),
        total=xr.DataArray(
            np.quantile(totals, list(quantiles), axis=0, method="inverted_cdf"),
            coords={"quantile": list(quantiles), "period": periods},
            dims=["quantile", "period"],
        ),
        size=size,
        grid=grid,
        correlation=rho,
        persistence=kappa,
        selection=selection,
        backtest=tested,
        backtests=dict(backtests),
    )


def _predicted(
    series: Series, model: Forecaster, tested: Backtest | None, *, horizon: int, seed: int
) -> tuple[xr.DataArray, xr.DataArray | None, xr.DataArray | None]:
    """Mean, size and grid of the model's distribution, refitted on all that is known."""
    levels = LEVELS if model.parametric else GRID
    answer = run_model(model, series.values, horizon=horizon, quantiles=levels, seed=seed)
    if answer.size is not None or answer.quantiles is not None:
        return answer.mean, answer.size, None if answer.size is not None else answer.quantiles
    columns = series.values.columns
    mean = columns_of(answer.mean.transpose("period", "area_id", "category"), columns)
    scale = error_scale(mean, naive_scales(series.values)[0])
    errors = tested.errors if tested is not None and tested.errors is not None else np.zeros(1)
    lowest = 0.0 if np.nanmin(series.values.to_numpy()) >= 0 else None
    values = conformal_quantiles(mean, scale, errors, GRID, whole=series.value_type == "count", lowest=lowest)
    periods = pd.DatetimeIndex(answer.mean.get_index("period"))
    return (
        panel_array(values.mean(axis=0), periods, columns),
        None,
        panel_array(values, periods, columns, quantiles=GRID),
    )


def _facts(series: Series, model: Forecaster, tested: Backtest | None, *, horizon: int) -> dict[str, Any]:
    """What is known about the forecast, for the caveats to be computed from."""
    known = series.values.notna()
    means = series.values.mean()
    facts: dict[str, Any] = {
        "made_from": (series.provenance,),
        "history_periods": int(known.any(axis=1).sum()),
        "min_periods": model.min_periods,
        "periods_a_year": PERIODS_A_YEAR[series.freq],
        "period_word": PERIOD_WORDS[series.freq],
        "horizon_periods": horizon,
        "backtest_horizon": tested_horizon(series, horizon),
        "backtest_origins": len(tested.cutoffs) if tested else 0,
        "model_title": model.title,
        "baseline_title": find_model(BASELINE).title,
        "series_title": series.title,
        "periods_missing": int((~known.any(axis=1)).sum()),
        "periods_total": len(known),
    }
    if series.value_type == "count":
        small = float((means < SMALL_MEAN).mean())
        facts |= {"mean_count": float(means.mean()), "small_share": small, "small_n": len(means)}
    if tested is not None:
        ratio = tested.scores["sql_ratio"]
        facts |= {
            "coverage": {0.8: tested.scores["pit_80"].value, 0.95: tested.scores["pit_95"].value},
            "coverage_n": int(tested.by_origin["n"].sum()),
            "sql_ratio": ratio.value,
            "sql_ratio_high": ratio.high if ratio.high is not None else ratio.value,
        }
    return facts
