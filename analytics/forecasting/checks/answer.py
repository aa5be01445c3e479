"""Checks of an answer: its form, what else a call does, and what a model can be asked for."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from typing import get_args

import numpy as np
import pandas as pd

from analytics.forecasting.checks.named import Evidence, check
from analytics.forecasting.checks.trial import HORIZON, LEVELS, Array, Observation, Trial
from analytics.forecasting.contract import GRID, Forecaster, Prediction, columns_of, future_periods
from analytics.plugins.checks import is_sentence, texts
from data.tables import ValueType
from data.words import text

__all__: list[str] = []

SLACK = 0.1  # of the range's width: by which a mean of another sample than its quantiles may miss it
ROUNDING = 1e-9


# The form of the answer, before anyone else checks it


@check
def attributes(trial: Trial) -> Evidence:
    model = trial.model
    sentences = [*texts(model.limits), *texts(model.inputs)]
    wrong = {
        "limits": not model.limits or not all(is_sentence(each) for each in texts(model.limits)),
        "inputs": not sentences or not all(each.strip() for each in texts(model.inputs)),
        "title": not text(model.title).strip(),
        "complexity": not isinstance(model.complexity, int) or model.complexity < 0,
        "min_periods": not isinstance(model.min_periods, int) or model.min_periods < 1,
        "value_types": not set(model.value_types) <= set(get_args(ValueType)),
    }
    names = [name for name, found in wrong.items() if found]
    return {"names": names} if names else None


@check
def shape(trial: Trial) -> Evidence:
    seen = trial.ordinary
    wanted = {"period": HORIZON, "area_id": seen.panel.shape[1], "category": 1}
    got = {str(name): size for name, size in seen.answer.mean.sizes.items()}
    return None if got == wanted else {"got": _sizes(got), "wanted": _sizes(wanted)}


@check
def parts(trial: Trial) -> Evidence:
    model, answer = trial.model, trial.ordinary.answer
    kept = model.parametric == (answer.size is not None) and model.has_quantiles == (answer.quantiles is not None)
    return None if kept else {"has_quantiles": model.has_quantiles, "parametric": model.parametric}


@check
def periods_follow(trial: Trial) -> Evidence:
    seen = trial.ordinary
    got, wanted = seen.answer.mean.get_index("period"), future_periods(seen.panel, HORIZON)
    return None if got.equals(wanted) else {"first": got[0] if len(got) else pd.NaT, "wanted": wanted[0]}


@check
def areas_and_categories(trial: Trial) -> Evidence:
    seen = trial.ordinary
    for name in ("area_id", "category"):
        absent = set(seen.panel.columns.get_level_values(name)) - set(seen.answer.mean.get_index(name))
        if absent:
            return {"names": sorted(absent)}
    return None


@check
def quantiles_as_asked(trial: Trial) -> Evidence:
    answer = trial.ordinary.answer
    if answer.quantiles is None:
        return None
    got = list(answer.quantiles.get_index("quantile"))
    return None if got == list(LEVELS) else {"got": got, "wanted": LEVELS}


@check
def quantiles_rise(trial: Trial) -> Evidence:
    quantiles = _quantiles(trial.ordinary)
    return None if quantiles is None or (np.diff(quantiles, axis=0) >= -ROUNDING).all() else {}


@check
def finite(trial: Trial) -> Evidence:
    answer = trial.ordinary.answer
    arrays = {"mean": answer.mean, "quantiles": answer.quantiles, "size": answer.size}
    bad = [name for name, array in arrays.items() if array is not None and not np.isfinite(array.to_numpy()).all()]
    return {"names": bad} if bad else None


@check
def counts_not_negative(trial: Trial) -> Evidence:
    if not trial.counts:
        return None
    falling = trial.like(np.round(np.linspace(30, 0, trial.periods()))[:, None].repeat(2, axis=1))
    lowest = min(_lowest(trial.ordinary), _lowest(trial.watch(falling)))
    return None if lowest >= 0 else {"lowest": lowest}


# What else a call may do


@check
def same_seed_same_answer(trial: Trial) -> Evidence:
    return _compared(trial.ordinary.answer, trial.watch(trial.panel()).answer)


@check
def input_untouched(trial: Trial) -> Evidence:
    return {} if trial.ordinary.touched or trial.gapped.touched else None


@check
def global_random_untouched(trial: Trial) -> Evidence:
    return {} if trial.ordinary.random_moved else None


@check
def prints_nothing(trial: Trial) -> Evidence:
    printed = trial.ordinary.printed.strip()
    return {"printed": printed.splitlines()[0][:60]} if printed else None


@check
def pickles(trial: Trial) -> Evidence:
    copy: Forecaster = pickle.loads(pickle.dumps(trial.model))  # noqa: S301 - our own bytes
    return _compared(trial.ordinary.answer, trial.ask(trial.panel(), model=copy))


# What it is asked for


@check
def one_level(trial: Trial) -> Evidence:
    trial.ask(trial.panel(), quantiles=(0.9,))
    return None


@check
def whole_grid(trial: Trial) -> Evidence:
    trial.ask(trial.panel(), quantiles=GRID)
    return None


@check
def wider_at_higher_levels(trial: Trial) -> Evidence:
    quantiles = _quantiles(trial.ordinary)
    if quantiles is None:
        return None
    narrow, wide = (float((quantiles[-1 - index] - quantiles[index]).sum()) for index in (1, 0))
    return None if 0 < narrow < wide else {"narrow": narrow, "wide": wide}


@check
def mean_inside_its_range(trial: Trial) -> Evidence:
    quantiles = _quantiles(trial.ordinary)
    if quantiles is None:
        return None
    low, high = quantiles[0], quantiles[-1]
    slack = SLACK * (high - low) + ROUNDING
    mean = columns_of(trial.ordinary.answer.mean, trial.ordinary.panel.columns)
    outside = (mean < low - slack) | (mean > high + slack)
    return {"outside": int(outside.sum()), "total": outside.size} if outside.any() else None


@check
def horizon_one(trial: Trial) -> Evidence:
    trial.ask(trial.panel(), horizon=1)
    return None


@check
def horizon_beyond_a_season(trial: Trial) -> Evidence:
    trial.ask(trial.panel(), horizon=2 * trial.season + 1)
    return None


def _sizes(sizes: Mapping[str, int]) -> list[str]:
    return [f"{size} {name}" for name, size in sizes.items()]


def _quantiles(seen: Observation) -> Array | None:
    quantiles = seen.answer.quantiles
    return None if quantiles is None else columns_of(quantiles, seen.panel.columns)


def _lowest(seen: Observation) -> float:
    arrays = (seen.answer.mean, seen.answer.quantiles)
    return min(float(array.min()) for array in arrays if array is not None)


def _compared(first: Prediction, second: Prediction) -> Evidence:
    for name in ("mean", "quantiles", "size"):
        ours, theirs = getattr(first, name), getattr(second, name)
        if not (ours is theirs is None or ours.equals(theirs)):
            return {"part": name}
    return None
