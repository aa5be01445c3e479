"""Rolling-origin backtests: a model is fitted on what was known at past cutoffs and judged on what came.

Backtests are stored in the workspace under what they depend on, so no model is fitted twice.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.errors import ForecastError
from analytics.forecasting.backtesting.store import key_of, load_backtest, save_backtest, stored_keys
from analytics.forecasting.backtesting.track_record import Window, losses_in, track_record_of
from analytics.forecasting.calendar.regressors import regressors_of
from analytics.forecasting.contract import GRID, Forecaster, Prediction, columns_of, frequency_of
from analytics.forecasting.memory import predict
from analytics.forecasting.registry import find_model, models
from analytics.forecasting.results import Backtest
from analytics.forecasting.scoring import LEVELS
from analytics.forecasting.uncertainty.draws import distribution_of
from analytics.forecasting.uncertainty.intervals import conformal, error_scale
from analytics.forecasting.uncertainty.other_years import with_other_years
from analytics.parallel import BY_ANOTHER, Progress, quiet, run_chunks
from data import Series
from data.store.claims import claimed

__all__ = ["BASELINE", "backtest", "losses_of", "mostly_measured", "stored_backtests", "tested_horizon"]

Array = npt.NDArray[np.float64]

BASELINE = "seasonal_naive"
ORIGINS = 8
CALIBRATION = 3  # extra earlier origins for models whose intervals are made from past errors
SLOW_SERIES = 24
SLOW_YEARS = 3
FEWEST_ORIGINS = 3  # below this a mean over origins says nothing of its own uncertainty
SAME_TIME = 4  # of the origins, those at the time of earlier years that the forecast is about
EARLIEST = 6  # they keep a sixth of the history
COVERED_BY = 4  # horizons in a year from which on the latest origins cover it anyway
TESTED_SHARE = 4  # no horizon is tested that is longer than a quarter of the history


def tested_horizon(series: Series, horizon: int) -> int:
    """The horizon of the backtest: the forecast's, or a quarter of the history where that is shorter.

    Parameters
    ----------
    series : the series, whose values are the history.
    horizon : periods that the forecast looks ahead.

    Returns
    -------
    Periods, at least 1.
    """
    return max(1, min(horizon, len(series.values) // TESTED_SHARE))


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

    Up to 8 cutoffs, a horizon apart (half a horizon where the history is too short for that): up to 4 at the time of
    earlier years that the forecast is about, the others as late as can be, in the second half of the history. Slow models
    are scored on at most 24 seeded columns and fitted on the three years before each cutoff.

    Parameters
    ----------
    series : the series, whose values are the history.
    model : its name.
    horizon : periods ahead; a quarter of the history at most is tested.
    seed : of all that is random; the same seed gives the same answer.
    progress : told how far the work is; may raise to stop it.
    workers : processes to share the work among.

    Returns
    -------
    Scores by origin, stratum and column.

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
    key = key_of(series, chosen, horizon=horizon, seed=seed)
    found = load_backtest(series, chosen, horizon=horizon, seed=seed)
    if found is not None:
        return found
    with claimed(f"backtest-{key}", waiting=lambda: progress(0.0, BY_ANOTHER)):
        found = load_backtest(series, chosen, horizon=horizon, seed=seed)
        if found is None:
            found = _computed(series, chosen, horizon=horizon, seed=seed, progress=progress, workers=workers)
            save_backtest(series, chosen, found)
    return found


def _computed(
    series: Series, chosen: Forecaster, *, horizon: int, seed: int, progress: Progress, workers: int
) -> Backtest:
    began = time.perf_counter()
    windows, errors = _windows(series, chosen, horizon=horizon, seed=seed, progress=progress, workers=workers)
    progress(1.0, chosen.title)  # scoring takes seconds too, in which nobody may want it any more
    waited = time.perf_counter()
    # Not before: another process may be measuring it meanwhile.
    baseline = None if chosen.name == BASELINE else backtest(series, BASELINE, horizon=horizon, seed=seed)
    began += time.perf_counter() - waited
    return track_record_of(series, chosen, windows, errors, baseline, horizon=horizon, seed=seed, began=began)


def losses_of(series: Series, model: str, *, horizon: int, seed: int = 0) -> pd.DataFrame:
    """The losses by which models are chosen, and nothing else of a backtest, which takes several times as long; none is stored.

    Parameters
    ----------
    series, model, horizon, seed : as ``backtest`` takes them.

    Returns
    -------
    pd.DataFrame
        ``sql`` by cutoff and column, as in the detail of the backtest.

    Raises
    ------
    ForecastError
        As ``backtest``.
    """
    horizon = tested_horizon(series, horizon)
    windows, _ = _windows(series, find_model(model), horizon=horizon, seed=seed, progress=quiet, workers=1)
    return losses_in(windows)


def stored_backtests(series: Series, *, horizon: int, seed: int = 0) -> dict[str, Backtest]:
    """The backtests of this series that are stored, by model; nothing is computed.

    Parameters
    ----------
    series : the series, whose values are the history.
    horizon : periods ahead, as it was asked of ``backtest``.
    seed : as it was given to ``backtest``.

    Returns
    -------
    By the name of the model; empty where nothing is stored.
    """
    horizon = tested_horizon(series, horizon)
    found = {name: load_backtest(series, model, horizon=horizon, seed=seed) for name, model in models().items()}
    return {name: stored for name, stored in found.items() if stored is not None}


def mostly_measured(series: Series, *, horizon: int, seed: int = 0) -> bool:
    """Whether a forecast need not wait long for backtests: those of most quick models are stored.

    Parameters
    ----------
    series, horizon, seed : as in ``stored_backtests``.

    Returns
    -------
    bool
        From their keys alone.
    """
    horizon = tested_horizon(series, horizon)
    quick = [
        each for each in models().values() if not each.slow and each.fits(series.values, value_type=series.value_type)
    ]
    stored = set(stored_keys())
    missing = sum(key_of(series, each, horizon=horizon, seed=seed) not in stored for each in quick)
    return 2 * missing < len(quick)


def _origins(periods: int, model: Forecaster, *, horizon: int, year_ago: int) -> tuple[list[int], list[int]]:
    """Rows known at each origin that is scored, and at each that only calibrates intervals; oldest first.

    The oldest of the latest keeps half of the history, the oldest other a sixth. All models meet the same origins.
    """
    rows: list[int] = []
    for step in (horizon, max(1, horizon // 2)):
        rows = list(range(periods - horizon, 0, -step))
        latest = [row for row in rows if row >= periods // 2][:ORIGINS]
        if len(latest) >= FEWEST_ORIGINS:
            break
    scored = _same_time(periods, horizon=horizon, year_ago=year_ago) if len(latest) >= FEWEST_ORIGINS else []
    for row in latest:
        if len(scored) < ORIGINS and all(abs(row - other) >= step for other in scored):
            scored.append(row)
    scored.sort()
    least = periods // EARLIEST
    earlier = [] if model.has_quantiles else [row for row in rows if least <= row < scored[0]][:CALIBRATION]
    scored, earlier = ([row for row in kind if row >= model.min_periods] for kind in (scored, earlier))
    if len(scored) < FEWEST_ORIGINS or not (earlier or model.has_quantiles):
        raise ForecastError("too_few_origins", periods=periods, horizon=horizon, origins=len(scored))
    return scored, earlier[::-1]


def _same_time(periods: int, *, horizon: int, year_ago: int) -> list[int]:
    """Origins in earlier years whose window lies at the time of the year that the forecast is about.

    One a year; where fewer years are known, also the windows that followed, then those before.
    """
    if COVERED_BY * horizon > year_ago:
        return []
    least = periods // EARLIEST + horizon  # so that a window before it can calibrate
    years = [periods - year * year_ago for year in range(1, SAME_TIME + 1)]
    found = [row + shift for shift in (0, horizon, -horizon) for row in years if row + shift >= least]
    return found[:SAME_TIME]


def _windows(
    series: Series, model: Forecaster, *, horizon: int, seed: int, progress: Progress, workers: int
) -> tuple[list[Window], Array | None]:
    """The windows that are scored, and the scaled errors of a model without quantiles."""
    panel = _sampled(series.values, model, seed=seed)
    scored, earlier = _origins(len(panel), model, horizon=horizon, year_ago=series.freq.year_ago)
    rows = earlier + scored
    levels = LEVELS if model.parametric else GRID
    beside = [
        regressors_of(series.until(panel.index[row - 1]), horizon=horizon) if model.uses else None for row in rows
    ]
    known = [_known_at(panel, row, model) for row in rows]
    chunks = [(model.name, past, horizon, levels, seed, each) for past, each in zip(known, beside, strict=True)]
    answers = run_chunks(predict, chunks, workers=workers, progress=progress, doing=model.title)
    if not model.has_quantiles:
        return _calibrated(series, panel, rows, answers, horizon=horizon, scored=len(scored))
    whole = series.value_type == "count"
    windows = []
    for row, answer in zip(rows, answers, strict=True):
        past = _before(panel, row)
        stated = distribution_of(answer.mean, answer.size, answer.quantiles, panel.columns, whole=whole)
        windows.append(Window(past, panel.iloc[row : row + horizon], with_other_years(stated, past)))
    return windows, None


def _sampled(panel: pd.DataFrame, model: Forecaster, *, seed: int) -> pd.DataFrame:
    """The columns that are scored: all, or a seeded sample of them for a slow model."""
    if not model.slow or panel.shape[1] <= SLOW_SERIES:
        return panel
    rng = np.random.Generator(np.random.Philox(seed))
    return panel.iloc[:, np.sort(rng.choice(panel.shape[1], SLOW_SERIES, replace=False))]


def _before(panel: pd.DataFrame, row: int) -> pd.DataFrame:
    return panel.iloc[:row].asfreq(frequency_of(panel))


def _known_at(panel: pd.DataFrame, row: int, model: Forecaster) -> pd.DataFrame:
    """What a model is fitted on at an origin: all before it, or its last years for a slow model."""
    known = _before(panel, row)
    if model.slow:
        recent = known.loc[known.index[-1] - pd.DateOffset(years=SLOW_YEARS) :]
        known = known.iloc[-max(len(recent), model.min_periods) :]
    return known.asfreq(frequency_of(panel))


def _calibrated(
    series: Series,
    panel: pd.DataFrame,
    rows: Sequence[int],
    answers: Sequence[Prediction],
    *,
    horizon: int,
    scored: int,
) -> tuple[list[Window], Array]:
    """Windows of a model without quantiles: each has its intervals from the errors that were known at its cutoff."""
    windows: list[Window] = []
    errors: list[Array] = []
    for index, (row, answer) in enumerate(zip(rows, answers, strict=True)):
        history, ahead = _before(panel, row), panel.iloc[row : row + horizon]
        mean = columns_of(answer.mean, panel.columns)
        if index >= len(rows) - scored:
            # Of a window that overlaps this one, only the steps before this cutoff had been seen.
            seen = np.stack(errors)
            for before, each in zip(rows, seen, strict=False):
                each[row - before :] = np.nan
            distribution = conformal(history, mean, seen, whole=series.value_type == "count")
            windows.append(Window(history, ahead, with_other_years(distribution, history)))
        errors.append((ahead.to_numpy(dtype=float) - mean) / error_scale(history, mean))
    return windows, np.stack(errors)
