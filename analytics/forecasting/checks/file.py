"""A model file before it is used: does it keep the contract, how fast is it, and how wrong on the sample city."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from analytics.errors import ForecastError, ModelError
from analytics.forecasting.backtesting.backtest import backtest
from analytics.forecasting.backtesting.selection import choose, paired_scores
from analytics.forecasting.checks.suite import Check, check_forecaster
from analytics.forecasting.contract import MODELS, Forecaster
from analytics.forecasting.registry import models
from analytics.forecasting.results import Backtest, Score
from analytics.forecasting.running import run_model
from analytics.plugins.checks import Report
from analytics.plugins.files import opened_file
from analytics.resampling import ratio_interval
from data import Series, open_city
from data.words import Words

__all__ = ["ModelReport", "Standing", "check_file"]

SAMPLE_CITY, SAMPLE_SERIES = "meridian", "service_requests"
HORIZON = 28
COLUMNS, SLOW_COLUMNS = 12, 3  # enough to tell models apart; few enough to wait for


@dataclass(frozen=True)
class Standing:
    """How wrong a model was on a sample of series: ratios of mean SQL over the same origins, with 95 % intervals.

    ``chosen`` is the title of the model that would be used without it, of those that are not slow.
    """

    against_baseline: Score
    against_chosen: Score
    chosen: Words
    series: int
    origins: int


@dataclass(frozen=True)
class ModelReport(Report):
    """What is known of a model file: its checks, milliseconds a series, and its standing (or why it has none)."""

    milliseconds: float | None = None
    standing: Standing | None = None
    unmeasured: Words = ""


def check_file(path: Path, *, seed: int = 0) -> ModelReport:
    """Everything that a model's author wants to know; the registry is as before afterwards.

    A model that breaks the contract is not measured. The standing is on a dozen series of the sample city.

    Parameters
    ----------
    path : of a Python file that registers one model.
    seed : of all that is random; the same seed gives the same answer.

    Returns
    -------
    The checks, and where all are passed the time and the standing on the sample city.

    Raises
    ------
    ForecastError
        When the file is missing, is no Python, fails, holds no model or several, or takes a name that is in use.
    """
    with opened_file(path, kind=MODELS) as model:
        report = ModelReport(model.name, model.title, model.slow, check_forecaster(model, seed=seed))
        if report.failed:
            return report
        try:
            series = _sample(model, seed=seed)
            milliseconds = _milliseconds(model, series, seed=seed)
            return replace(report, milliseconds=milliseconds, standing=_standing(model, series, seed=seed))
        except ModelError as error:
            return replace(report, checks=(*report.checks, Check("sample_city", False, error.sentence)))
        except ForecastError as error:
            return replace(report, unmeasured=error.sentence)


def _sample(model: Forecaster, *, seed: int) -> Series:
    """A few series of the sample city, as a series of their own: what is stored of it meets no other."""
    whole = open_city(SAMPLE_CITY).series[SAMPLE_SERIES]
    if whole.value_type not in model.value_types:
        raise ForecastError("wrong_values", model=model.title, series=whole.title, kinds=list(model.value_types))
    rng = np.random.Generator(np.random.Philox(seed))
    indices = np.sort(rng.choice(whole.values.shape[1], SLOW_COLUMNS if model.slow else COLUMNS, replace=False))
    values = whole.values.iloc[:, indices]
    return replace(whole, name=f"{whole.name}_sample", values=values)


def _milliseconds(model: Forecaster, series: Series, *, seed: int) -> float:
    """What one series takes, all 199 quantiles included."""
    began = time.perf_counter()
    run_model(model, series.values, horizon=HORIZON, seed=seed)
    return 1000 * (time.perf_counter() - began) / series.values.shape[1]


def _standing(model: Forecaster, series: Series, *, seed: int) -> Standing:
    ours = backtest(series, model.name, horizon=HORIZON, seed=seed)
    others = _others(model, series, seed=seed)
    chosen = choose(others, freq=series.freq, failed={}).chosen
    scores = paired_scores({chosen: others[chosen], model.name: ours})
    ratio = ratio_interval(scores[model.name].to_numpy(), scores[chosen].to_numpy(), seed=seed)
    return Standing(
        against_baseline=ours.scores["sql_ratio"],
        against_chosen=Score(*ratio),
        chosen=models()[chosen].title,
        series=series.values.shape[1],
        origins=len(scores),
    )


def _others(model: Forecaster, series: Series, *, seed: int) -> dict[str, Backtest]:
    """The backtests of the quick models that there are: slow ones would make an author wait for minutes."""
    measured = {}
    for name, each in models().items():
        if name != model.name and not each.slow and series.value_type in each.value_types:
            # A model of the workspace that fails is not what this report is about.
            with suppress(ForecastError):
                measured[name] = backtest(series, name, horizon=HORIZON, seed=seed)
    return measured
