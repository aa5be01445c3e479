"""Rolling-origin backtests: a model is fitted on what was known at past cutoffs and judged on what came.

Backtests are stored in the workspace under what they depend on, so no model is fitted twice.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.errors import ForecastError
from analytics.forecasting.contract import GRID, Forecaster, Prediction, columns_of, frequency_of, run_model
from analytics.forecasting.distribution import GridDistribution, NegativeBinomial, randomised_pit
from analytics.forecasting.draws import Distribution, column_names, common_factor, persistence_of, sample
from analytics.forecasting.intervals import conformal_quantiles, error_scale
from analytics.forecasting.registry import find_model
from analytics.forecasting.results import Backtest, Score
from analytics.forecasting.scoring import LEVELS, naive_scales, paired_ratio, pinball, resampled, scaled_scores
from analytics.forecasting.store import load_backtest, save_backtest
from analytics.parallel import Progress, quiet, run_chunks
from analytics.scenarios.streams import Streams
from data import Series

__all__ = ["BASELINE", "backtest", "stored_backtests", "tested_horizon"]

Array = npt.NDArray[np.float64]

BASELINE = "seasonal_naive"
ORIGINS = 8
CALIBRATION = 3  # extra earlier origins for models whose intervals are made from past errors
SLOW_SERIES = 24
SLOW_YEARS = 3
TRACK_DRAWS = 400
FEWEST_ORIGINS = 3  # below this a mean over origins says nothing of its own uncertainty
ROUNDING = 9


@dataclass(frozen=True, eq=False)
class _Window:
    """One origin: what was said and what came, each (period, column)."""

    cutoff: pd.Timestamp
    history: pd.DataFrame
    periods: pd.DatetimeIndex
    actual: Array
    mean: Array
    quantiles: Array
    distribution: Distribution


def tested_horizon(series: Series, horizon: int) -> int:
    """The horizon of the backtest: the forecast's, or a quarter of the history where that is shorter."""
    return max(1, min(horizon, len(series.values) // 4))


def backtest(
    series: Series,
    model: str,
    *,
    horizon: int,
    seed: int = 0,
    progress: Progress = quiet,
    workers: int = 1,
) -> Backtest:
    """How wrong a model has been on a series; loaded where it is stored, else computed and stored.

    Raises
    ------
    ForecastError
        When the history is too short for three origins, or the model is unknown.
    ModelError
        When the model fails.
    Cancelled
        When ``progress`` raises it.
    """
    chosen = find_model(model)
    horizon = tested_horizon(series, horizon)
    stored = load_backtest(series, chosen, horizon=horizon, seed=seed)
    if stored is not None:
        return stored
    baseline = None if model == BASELINE else backtest(series, BASELINE, horizon=horizon, seed=seed)
    began = time.perf_counter()
    panel = _panel(series, chosen, seed=seed)
    windows, errors = _windows(panel, chosen, series, horizon=horizon, seed=seed, progress=progress, workers=workers)
    result = _judged(series, chosen, windows, errors, baseline, horizon=horizon, seed=seed, began=began)
    save_backtest(series, chosen, result)
    return result


def stored_backtests(series: Series, *, horizon: int, seed: int = 0) -> dict[str, Backtest]:
    """The backtests of this series that are stored, by model; nothing is computed."""
    from analytics.forecasting.registry import models

    horizon = tested_horizon(series, horizon)
    found = {name: load_backtest(series, model, horizon=horizon, seed=seed) for name, model in models().items()}
    return {name: stored for name, stored in found.items() if stored is not None}


def _panel(series: Series, model: Forecaster, *, seed: int) -> pd.DataFrame:
    """The columns that are scored: all, or a seeded sample of them and the last years for a slow model."""
    panel = series.values
    if not model.slow:
        return panel
    if panel.shape[1] > SLOW_SERIES:
        rng = np.random.Generator(np.random.Philox(seed))
        panel = panel.iloc[:, np.sort(rng.choice(panel.shape[1], SLOW_SERIES, replace=False))]
    return panel


def _cutoffs(periods: int, *, horizon: int, least: int, extra: int) -> list[int]:
    """Rows known at each origin, oldest first; the oldest keeps half of the history.

    Windows follow each other without overlap; where a short history leaves too few of them, they overlap, and what they
    say of their own uncertainty is then too sure (the caveat ``history_short`` stands beside it).
    """
    newest, floor = periods - horizon, max(least, periods // 2)
    wanted = ORIGINS + extra
    step = horizon if (newest - floor) // horizon + 1 >= FEWEST_ORIGINS + extra else max(1, (newest - floor) // wanted)
    kept = list(range(newest, floor - 1, -step))[:wanted]
    if len(kept) < FEWEST_ORIGINS + extra:
        raise ForecastError("too_few_origins", periods=periods, horizon=horizon, origins=len(kept))
    return kept[::-1]


def _windows(
    panel: pd.DataFrame, model: Forecaster, series: Series, *, horizon: int, seed: int, progress: Progress, workers: int
) -> tuple[list[_Window], Array | None]:
    extra = 0 if model.has_quantiles else CALIBRATION
    rows = _cutoffs(len(panel), horizon=horizon, least=model.min_periods, extra=extra)
    step = frequency_of(panel)
    since = panel.index[-1] - pd.DateOffset(years=SLOW_YEARS) if model.slow else panel.index[0]
    histories = [panel.iloc[:row].loc[since:].asfreq(step) for row in rows]
    levels = LEVELS if model.parametric else GRID
    chunks = [(model.name, history, horizon, levels, seed) for history in histories]
    answers = run_chunks(_predict, chunks, workers=workers, progress=progress, doing=model.title)
    windows: list[_Window] = []
    errors: list[Array] = []
    for place, (row, history, answer) in enumerate(zip(rows, histories, answers, strict=True)):
        ahead = panel.iloc[row : row + horizon]
        actual = ahead.to_numpy(dtype=float)
        mean = columns_of(answer.mean.transpose("period", "area_id", "category"), panel.columns)
        if not model.has_quantiles:
            scale = error_scale(mean, naive_scales(history)[0])
            known = np.concatenate(errors) if errors else np.empty((0, mean.shape[1]))
            errors.append((actual - mean) / scale)
            if place < extra:
                continue
            lowest = 0.0 if np.nanmin(history.to_numpy()) >= 0 else None
            whole = series.value_type == "count"
            grid = conformal_quantiles(mean, scale, known, GRID, whole=whole, lowest=lowest)
            mean, quantiles = _middle(mean, grid), grid
        else:
            assert answer.quantiles is not None  # run_model has checked it
            quantiles = columns_of(
                answer.quantiles.transpose("quantile", "period", "area_id", "category"), panel.columns
            )
        windows.append(_window(panel, history, ahead, actual, mean, quantiles, answer, series))
    return windows, np.concatenate(errors).ravel() if errors else None


def _predict(name: str, history: pd.DataFrame, horizon: int, levels: Sequence[float], seed: int) -> Prediction:
    return run_model(find_model(name), history, horizon=horizon, quantiles=levels, seed=seed)


def _middle(mean: Array, grid: Array) -> Array:
    """The mean of the distribution that the pooled errors give, which corrects the model's own bias."""
    shifted: Array = grid.mean(axis=0)
    return np.where(np.isfinite(shifted), shifted, mean)


def _window(
    panel: pd.DataFrame, history: pd.DataFrame, ahead: pd.DataFrame, actual: Array, mean: Array, quantiles: Array,
    answer: Prediction, series: Series,
) -> _Window:  # fmt: skip
    if answer.size is not None:
        size = columns_of(answer.size.transpose("period", "area_id", "category"), panel.columns)
        distribution: Distribution = NegativeBinomial(mean, size)
        at_levels = quantiles
    else:
        distribution = GridDistribution(np.array(GRID), quantiles, mean, series.value_type == "count")
        at_levels = quantiles[[GRID.index(level) for level in LEVELS]]
    periods = pd.DatetimeIndex(ahead.index)
    return _Window(history.index[-1], history, periods, actual, mean, at_levels, distribution)


def _judged(
    series: Series, model: Forecaster, windows: list[_Window], errors: Array | None, baseline: Backtest | None,
    *, horizon: int, seed: int, began: float,
) -> Backtest:  # fmt: skip
    columns = windows[0].history.columns
    rng = np.random.Generator(np.random.Philox(seed))
    detail, cells = [], []
    for window in windows:
        scores = scaled_scores(window.history, window.actual, window.mean, window.quantiles)
        held = _held(window, rng)
        frame = pd.DataFrame(scores | {name: _mean(each) for name, each in held.items()})
        for name in ("area_id", "category"):
            frame[name] = columns.get_level_values(name).to_numpy()
        detail.append(frame.assign(cutoff=window.cutoff))
        cells.append((window, held))
    rows = pd.concat(detail, ignore_index=True)
    joint = [(window.distribution, window.actual) for window in windows]
    rho, kappa = common_factor(joint, seed=seed), persistence_of(joint, seed=seed)
    complete = windows[0].actual.shape[1] == series.values.shape[1]
    return Backtest(
        made_from=(series.provenance,),
        config={"horizon": horizon, "origins": len(windows)},
        seed=seed,
        series=series.name,
        model=model.name,
        model_version=model.version,
        cutoffs=tuple(window.cutoff for window in windows),
        horizon=horizon,
        scores=_scores(rows, baseline, seed=seed),
        by_origin=_by_origin(rows),
        by_stratum=_by_stratum(rows, cells, series),
        detail=rows,
        track=_track(series, windows, rho, kappa, seed=seed) if complete else pd.DataFrame(),
        series_scored=windows[0].actual.shape[1],
        series_total=series.values.shape[1],
        correlation=round(rho, ROUNDING),
        persistence=round(kappa, ROUNDING),
        errors=errors,
        seconds=time.perf_counter() - began,
    )


def _held(window: _Window, rng: np.random.Generator) -> dict[str, Array]:
    """Whether each outcome lay in the central 80 and 95 %, (period, column), NaN for gaps."""
    filled = np.nan_to_num(window.actual)
    if isinstance(window.distribution, GridDistribution) and not window.distribution.whole:
        pit = window.distribution.cdf(filled)
    else:
        pit = randomised_pit(window.distribution, filled, uniform=rng.random(filled.shape))
    gap = np.isnan(window.actual)
    inside = {"pit_80": np.abs(pit - 0.5) <= 0.4, "pit_95": np.abs(pit - 0.5) <= 0.475}
    return {name: np.where(gap, np.nan, each.astype(float)) for name, each in inside.items()}


def _mean(values: Array) -> Array:
    known = ~np.isnan(values)
    mean: Array = np.nansum(values, axis=0) / np.where(known.any(axis=0), known.sum(axis=0), np.nan)
    return mean


def _by_origin(rows: pd.DataFrame) -> pd.DataFrame:
    grouped = rows.groupby("cutoff")
    table = grouped[["sql", "mase", "rmsse", "pit_80", "pit_95"]].mean()
    table["bias"] = grouped["error"].sum() / grouped["total"].sum().clip(lower=1e-9)
    table["n"] = grouped["n"].sum()
    return table.reset_index()


def _scores(rows: pd.DataFrame, baseline: Backtest | None, *, seed: int) -> dict[str, Score]:
    by_origin = _by_origin(rows)
    names = ("sql", "mase", "rmsse", "bias", "pit_80", "pit_95")
    scores = {name: Score(*resampled(by_origin[name].to_numpy(), seed=seed)) for name in names}
    if baseline is None:
        return scores | {"sql_ratio": Score(1.0, 1.0, 1.0)}
    keys = ["cutoff", "area_id", "category"]
    both = rows.merge(baseline.detail[[*keys, "sql"]], on=keys, suffixes=("", "_baseline")).dropna(subset="sql")
    means = both.groupby("cutoff")[["sql", "sql_baseline"]].mean()
    ratio = paired_ratio(means["sql"].to_numpy(), means["sql_baseline"].to_numpy(), seed=seed)
    return scores | {"sql_ratio": Score(*ratio)}


def _by_stratum(rows: pd.DataFrame, cells: list[tuple[_Window, dict[str, Array]]], series: Series) -> pd.DataFrame:
    """Scores by share of zeros and by size (thirds of the series), and by week (or period) ahead."""
    keys = ["area_id", "category"]
    facts = (
        pd.DataFrame({"size": series.values.mean(), "zeros": (series.values == 0).mean()})
        .rename_axis(keys)
        .reset_index()
    )
    joined = rows.merge(facts, on=keys)
    table = []
    for stratum, name in (("size", "size"), ("zeros", "zeros")):
        thirds = joined[name].rank(method="first", pct=True)
        for third, label in enumerate(("low", "middle", "high")):
            part = joined[(thirds > third / 3) & (thirds <= (third + 1) / 3)]
            table.append(
                {"stratum": stratum, "value": label, **part[["sql", "pit_80", "pit_95"]].mean(), "n": part["n"].sum()}
            )
    week = 7 if series.freq == "D" else 1
    steps = len(cells[0][0].actual)
    for start in range(0, steps, max(week, steps // 8)):
        ahead = slice(start, start + max(week, steps // 8))
        held = {
            name: np.nanmean(np.concatenate([each[name][ahead].ravel() for _, each in cells]))
            for name in ("pit_80", "pit_95")
        }
        loss = np.nanmean([_loss(window, ahead) for window, _ in cells])
        count = sum(int((~np.isnan(window.actual[ahead])).sum()) for window, _ in cells)
        table.append(
            {"stratum": "ahead", "value": f"{start + 1} to {min(ahead.stop, steps)}", "sql": loss, **held, "n": count}
        )
    return pd.DataFrame(table)


def _loss(window: _Window, ahead: slice) -> float:
    losses = [
        pinball(window.actual[ahead], window.quantiles[place, ahead], level) for place, level in enumerate(LEVELS)
    ]
    return float(np.nanmean(np.mean(losses, axis=0) / naive_scales(window.history)[0]))


def _track(series: Series, windows: list[_Window], rho: float, kappa: float, *, seed: int) -> pd.DataFrame:
    """What was said about the total and what came, by cutoff and period."""
    streams = Streams(seed=seed, draws=TRACK_DRAWS)
    names = column_names(series)
    tables = []
    for window in windows:
        drawn = sample(window.distribution, streams, names=names, common=series.name, rho=rho, kappa=kappa).sum(axis=2)
        quantiles = np.quantile(drawn, LEVELS, axis=0, method="inverted_cdf")
        table = pd.DataFrame({f"q{level:g}": quantiles[place] for place, level in enumerate(LEVELS)})
        known = ~np.isnan(window.actual).all(axis=1)
        table["actual"] = np.where(known, np.nansum(window.actual, axis=1), np.nan)
        tables.append(table.assign(cutoff=window.cutoff, period=window.periods))
    return pd.concat(tables, ignore_index=True)
