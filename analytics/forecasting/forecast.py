"""A forecast, by the model that did best on this series, with its track record and caveats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from analytics.caveats import assess
from analytics.caveats.forecasts import SMALL_MEAN
from analytics.errors import ForecastError
from analytics.forecasting.backtesting.backtest import BASELINE, backtest, stored_backtests, tested_horizon
from analytics.forecasting.backtesting.health import health_of, keep_forecast, scored_forecasts
from analytics.forecasting.backtesting.selection import choose
from analytics.forecasting.backtesting.store import load_prediction, save_prediction
from analytics.forecasting.calendar.regressors import regressors_of
from analytics.forecasting.calendar.seasons import unseen_share
from analytics.forecasting.contract import (
    GRID,
    Forecaster,
    PerSeries,
    Prediction,
    columns_of,
    future_periods,
    panel_array,
)
from analytics.forecasting.memory import predict
from analytics.forecasting.reconcile import reconcile
from analytics.forecasting.registry import find_model, models
from analytics.forecasting.results import Backtest, Forecast, Selection
from analytics.forecasting.scoring import LEVELS
from analytics.forecasting.uncertainty.distribution import (
    Distribution,
    GridDistribution,
    NegativeBinomial,
    quantiles_of,
)
from analytics.forecasting.uncertainty.draws import DAYS_A_WEEK, copula_of, distribution_of, in_weeks, sample_totals
from analytics.forecasting.uncertainty.factor import USUAL
from analytics.forecasting.uncertainty.intervals import conformal
from analytics.forecasting.uncertainty.other_years import with_other_years
from analytics.parallel import Progress, part_of, quiet, run_chunks
from analytics.results import by_severity
from analytics.streams import Streams
from data import Series
from data.frequency import Frequency
from data.words import Sentence

__all__ = ["forecast", "measure"]

TOTAL_DRAWS = 1000
COLUMNS_AT_ONCE = 8
LONGEST_HORIZON = 5000


def forecast(
    series: Series,
    *,
    horizon: int,
    quantiles: Sequence[float] = LEVELS,
    model: str | None = None,
    candidates: Sequence[str] | None = None,
    slow: bool = True,
    parents: Mapping[str, str] | None = None,
    reason: str = "",
    keep: bool = False,
    seed: int = 0,
    progress: Progress = quiet,
    workers: int = 1,
) -> Forecast:
    """The future of a series, by the simplest model that did about as well as the best in the backtest.

    Parameters
    ----------
    series : its values are the history.
    horizon : periods ahead.
    quantiles : levels between 0 and 1, increasing.
    model : a model to use whatever the backtest says; it is still measured.
    candidates : the models to measure (default: all that fit the series).
    slow : when false, slow models take part only if their backtest is stored.
    parents : areas and the areas of the parent layer that they add up to ({} where there is no such layer). Where it is
        given, counts are reconciled with forecasts of the parents and of the city (see ``reconcile``).
    reason : why ``model`` was chosen by hand; it is shown with the forecast.
    keep : whether the forecast is kept in the workspace, to be scored when its periods have come.
    seed : of all that is random; the same seed gives the same forecast.
    progress : told how far the work is; may raise to stop it.
    workers : processes to share the work among.

    Returns
    -------
    Mean, quantiles and distribution by area and category, with the backtests of all models that were measured.

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
    selection = choose(backtests, freq=series.freq, failed=failed, pinned=model, as_of=series.as_of)
    chosen = find_model(selection.chosen)
    answer = _predicted(series, chosen, horizon=horizon, seed=seed, progress=progress, workers=workers)
    coherent = None
    if parents is not None and series.value_type == "count" and series.values.shape[1] > 1 and not chosen.slow:
        coherent = reconcile(series, chosen.name, horizon=horizon, parents=parents, seed=seed, progress=progress)
        periods = future_periods(series.values, horizon)
        answer = replace(answer, mean=panel_array(coherent.mean, periods, series.values.columns))
    progress(1.0, chosen.title)  # joint draws take seconds
    outlook = _assembled(series, chosen, answer, selection, backtests, horizon=horizon, quantiles=quantiles, seed=seed)
    pinned = assess(pinned_reason=reason if model else "", model_title=chosen.title)
    outlook = replace(outlook, reconciliation=coherent, caveats=by_severity([*outlook.caveats, *pinned]))
    if keep:
        keep_forecast(outlook)
    return outlook


def measure(series: Series, *, horizon: int, seed: int = 0, progress: Progress = quiet) -> None:
    """The part of the work of ``forecast`` that another process can take from it: backtests, which it then finds stored.

    Parameters
    ----------
    series, horizon, seed : as they are given to ``forecast``.
    progress : told how far the work is; may raise to stop it.

    Raises
    ------
    ForecastError
        As ``forecast``.
    """
    fitting = list(_fitting(series, None, None, slow=False, horizon=horizon, seed=seed))
    for index, name in enumerate(fitting):
        with suppress(ForecastError):  # which the forecast names
            backtest(series, name, horizon=horizon, seed=seed, progress=part_of(progress, index, parts=len(fitting)))


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
    kept = {name: each for name, each in named.items() if each.fits(series.values, value_type=series.value_type)}
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
) -> tuple[dict[str, Backtest], dict[str, Sentence]]:
    """The backtest of each model; one that fails is left out and named.

    The last are measured first: who shares the work, as in ``measure``, begins with the first.
    """
    backtests: dict[str, Backtest] = {}
    failed: dict[str, Sentence] = {}
    for index, name in enumerate(reversed(list(fitting))):
        part = part_of(progress, index, parts=len(fitting))
        try:
            backtests[name] = backtest(series, name, horizon=horizon, seed=seed, progress=part, workers=workers)
        except ForecastError as error:
            failed[name] = error.sentence
    return {name: backtests[name] for name in fitting if name in backtests}, failed


def _assembled(
    series: Series, model: Forecaster, answer: Prediction, selection: Selection, backtests: Mapping[str, Backtest],
    *, horizon: int, quantiles: Sequence[float], seed: int,
) -> Forecast:  # fmt: skip
    tested = backtests.get(model.name)
    columns, periods = series.values.columns, future_periods(series.values, horizon)
    distribution = with_other_years(_distribution(series, answer, tested), series.values)
    rho, kappa = (tested.correlation, tested.persistence) if tested else USUAL
    copula = copula_of(series, periods, correlation=rho, persistence=kappa)
    (totals,) = sample_totals([distribution], copula, Streams(seed, TOTAL_DRAWS))
    by_week = series.freq is Frequency.DAY and series.value_type == "count" and horizon >= DAYS_A_WEEK
    grid = distribution.values if isinstance(distribution, GridDistribution) else None
    size = distribution.size if isinstance(distribution, NegativeBinomial) else None
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
        mean=panel_array(distribution.mean, periods, columns),
        quantiles=panel_array(quantiles_of(distribution, quantiles), periods, columns, quantiles=quantiles),
        total=_quantiles(totals, periods, quantiles),
        size=None if size is None else panel_array(size, periods, columns),
        grid=None if grid is None else panel_array(grid, periods, columns, quantiles=GRID),
        correlation=rho,
        persistence=kappa,
        selection=selection,
        backtest=tested,
        backtests=dict(backtests),
        weeks=_quantiles(*in_weeks(totals, periods), quantiles) if by_week else None,
    )


def _quantiles(drawn: npt.NDArray[np.float64], periods: pd.DatetimeIndex, levels: Sequence[float]) -> xr.DataArray:
    """The quantiles (quantile, period) of draws (draw, period)."""
    values = np.quantile(drawn, levels, axis=0, method="inverted_cdf")
    return xr.DataArray(values, {"quantile": list(levels), "period": periods}, ["quantile", "period"])


def _predicted(
    series: Series, model: Forecaster, *, horizon: int, seed: int, progress: Progress, workers: int
) -> Prediction:
    """What the model says, fitted on all that is known; that of a slow model is stored."""
    beside = regressors_of(series, horizon=horizon) if model.uses else None
    if not model.slow:
        levels = LEVELS if model.parametric else GRID
        return predict(model.name, series.values, horizon, levels, seed, beside)
    stored = load_prediction(series, model, horizon=horizon, seed=seed)
    if stored is not None:
        return stored
    panel = series.values
    # A model of one series at a time can be stopped, and shared among workers, between columns.
    step = COLUMNS_AT_ONCE if isinstance(model.function, PerSeries) else panel.shape[1]
    parts = [panel.iloc[:, start : start + step] for start in range(0, panel.shape[1], step)]
    chunks = [(model.name, part, horizon, GRID, seed, beside) for part in parts]
    answers = run_chunks(predict, chunks, workers=workers, progress=progress, doing=model.title)
    answer = _joined(answers, parts, series)
    save_prediction(series, model, answer, horizon=horizon, seed=seed)
    return answer


def _joined(answers: Sequence[Prediction], parts: Sequence[pd.DataFrame], series: Series) -> Prediction:
    """The predictions of parts of a panel as one of the whole."""

    def whole(name: str) -> xr.DataArray | None:
        arrays = [getattr(answer, name) for answer in answers]
        if arrays[0] is None:
            return None
        values = [columns_of(array, part.columns) for array, part in zip(arrays, parts, strict=True)]
        levels = arrays[0].get_index("quantile") if "quantile" in arrays[0].dims else ()
        periods = arrays[0].get_index("period")
        return panel_array(np.concatenate(values, axis=-1), periods, series.values.columns, quantiles=levels)

    mean = whole("mean")
    assert mean is not None  # every prediction has one
    return Prediction(mean, whole("quantiles"), whole("size"))


def _distribution(series: Series, answer: Prediction, tested: Backtest | None) -> Distribution:
    columns = series.values.columns
    if answer.size is not None or answer.quantiles is not None:
        whole = series.value_type == "count"
        return distribution_of(answer.mean, answer.size, answer.quantiles, columns, whole=whole)
    # Without a test there are no past errors: the range has no width, and the caveat "untested" says so.
    errors = tested.errors if tested is not None and tested.errors is not None else np.zeros((1, 1, 1))
    return conformal(series.values, columns_of(answer.mean, columns), errors, whole=series.value_type == "count")


def _facts(series: Series, model: Forecaster, tested: Backtest | None, *, horizon: int) -> dict[str, Any]:
    """What is known about the forecast, for the caveats to be computed from."""
    known = series.values.notna()
    means = series.values.mean()
    facts: dict[str, Any] = {
        "made_from": (series.provenance,),
        "history_periods": int(known.any(axis=1).sum()),
        "min_periods": model.min_periods,
        "periods_a_year": series.freq.periods_a_year,
        "period_word": series.freq.plural,
        "horizon_periods": horizon,
        "backtest_horizon": tested_horizon(series, horizon),
        "backtest_origins": len(tested.cutoffs) if tested else 0,
        "model_title": model.title,
        "baseline_title": Sentence(f"baseline.{series.freq}"),
        "series_title": series.title,
        "periods_missing": int((~known.any(axis=1)).sum()),
        "periods_total": len(known),
    }
    if series.value_type == "count":
        small = float((means < SMALL_MEAN).mean())
        facts |= {"mean_count": float(means.mean()), "small_share": small, "small_n": len(means)}
    if tested is not None:
        coverage = {0.8: tested.scores["coverage_80"].value, 0.95: tested.scores["coverage_95"].value}
        facts |= {"coverage": coverage, "coverage_n": int(tested.by_origin["n"].sum())}
        facts |= _season_facts(series, tested, horizon=horizon)
    health = health_of(tested, scored_forecasts(series))
    if health is not None:
        facts |= {"recent_sql": health.recent_sql, "usual_sql": health.usual_sql, "drift_limit": health.limit}
        facts |= {
            "recent_origins": health.recent,
            "recent_coverage": health.recent_coverage_80,
            "recent_outcomes": health.outcomes,
        }
    if tested is not None and model.name != BASELINE and np.isfinite(tested.scores["sql_ratio"].value):
        ratio = tested.scores["sql_ratio"]
        facts |= {"sql_ratio": ratio.value, "sql_ratio_high": ratio.high if ratio.high is not None else ratio.value}
    return facts


def _season_facts(series: Series, tested: Backtest, *, horizon: int) -> dict[str, Any]:
    """How much of what lies ahead is at a time of the year that no past forecast was checked at."""
    if series.freq is Frequency.YEAR:
        return {}
    ahead = future_periods(series.values, horizon)
    spans = [pd.date_range(cutoff, periods=tested.horizon + 1, freq=series.freq)[1:] for cutoff in tested.cutoffs]
    seen = pd.DatetimeIndex(np.concatenate([span.to_numpy() for span in spans]))
    return {"season_untested_share": unseen_share(ahead, seen), "season_first": ahead[0], "season_last": ahead[-1]}
