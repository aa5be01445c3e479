"""Checks of a map: its form, what it means, and what else a call does."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.hotspots.checks.named import check
from analytics.hotspots.checks.trial import A_DAY, AS_OF, BUSY, HORIZON, Trial
from analytics.hotspots.contract import Method
from analytics.plugins.checks import Evidence, is_sentence, texts
from data.words import text

__all__: list[str] = []

NEAR = 0.3  # of the expected number: a level and a time of year have to be guessed from 2,000 events


# The form of the map, before anyone else checks it


@check
def attributes(trial: Trial) -> Evidence:
    method = trial.method
    inputs = texts(method.inputs)
    wrong = {
        "title": not text(method.title).strip(),
        "limits": not method.limits or not all(is_sentence(each) for each in texts(method.limits)),
        "inputs": not inputs or not all(each.strip() for each in inputs),
        "complexity": not isinstance(method.complexity, int) or method.complexity < 0,
    }
    names = [name for name, found in wrong.items() if found]
    return {"names": names} if names else None


@check
def one_number_a_cell(trial: Trial) -> Evidence:
    got = np.shape(trial.ordinary.raw)
    return None if got == (len(trial.cells),) else {"got": got, "wanted": len(trial.cells)}


@check
def finite(trial: Trial) -> Evidence:
    bad = int((~np.isfinite(np.asarray(trial.ordinary.raw, dtype=float))).sum())
    return {"bad": bad, "cells": len(trial.cells)} if bad else None


@check
def not_negative(trial: Trial) -> Evidence:
    lowest = float(np.min(trial.ordinary.raw))
    return None if lowest >= 0 else {"lowest": lowest}


# What it means


@check
def a_rate(trial: Trial) -> Evidence:
    for days in (HORIZON, 3 * HORIZON):
        predicted, wanted = float(trial.ask(horizon_days=days).sum()), A_DAY * days
        if abs(predicted - wanted) > NEAR * wanted:
            return {"predicted": predicted, "wanted": wanted, "days": days}
    return None


@check
def follows_the_events(trial: Trial) -> Evidence:
    predicted = trial.ask()
    busy = int(trial.cells.locate(np.array([BUSY[0]]), np.array([BUSY[1]]))[0])
    # A smooth map may peak next door; it may not be brighter far away.
    near = np.hypot(trial.cells.x - BUSY[0], trial.cells.y - BUSY[1]) < 300
    return None if near[int(predicted.argmax())] and predicted[busy] > predicted.mean() else {}


# What it learns


@check
def fit_is_deterministic(trial: Trial) -> Evidence:
    if trial.method.fit is None:
        return None
    first, second = (trial.ask(fitted=trial.learned()) for _ in range(2))
    return None if np.array_equal(first, second) else {}


@check
def fit_serves_later(trial: Trial) -> Evidence:
    if trial.method.fit is None:
        return None
    fitted = trial.learned(as_of=AS_OF - pd.Timedelta(days=56))
    first = trial.ask(fitted=fitted)
    again = trial.ask(fitted=fitted)
    return None if np.array_equal(first, again) else {}


# What else a call may do


@check
def same_seed_same_answer(trial: Trial) -> Evidence:
    return None if np.array_equal(trial.ask(), trial.ask()) else {}


@check
def input_untouched(trial: Trial) -> Evidence:
    return {} if trial.ordinary.touched else None


@check
def global_random_untouched(trial: Trial) -> Evidence:
    return {} if trial.ordinary.random_moved else None


@check
def prints_nothing(trial: Trial) -> Evidence:
    printed = trial.ordinary.printed.strip()
    return {"printed": printed.splitlines()[0][:60]} if printed else None


@check
def pickles(trial: Trial) -> Evidence:
    copy: Method = pickle.loads(pickle.dumps(trial.method))  # noqa: S301 - our own bytes
    fitted = pickle.loads(pickle.dumps(trial.learned()))  # noqa: S301
    return None if np.array_equal(trial.ask(method=copy, fitted=fitted), trial.ask()) else {}


@check
def sees_nothing_later(trial: Trial) -> Evidence:
    earlier = AS_OF - pd.Timedelta(days=140)
    before = trial.ask(as_of=earlier)
    poisoned = trial.poisoned(since=earlier)
    # By then the later days have been shown once: whoever keeps them would know.
    trial.ask(poisoned)
    return None if np.array_equal(before, trial.ask(poisoned, as_of=earlier)) else {}


@check
def quick_unless_slow(trial: Trial) -> Evidence:
    # A second trial, since the first call may have had to load a library or compile a loop.
    seconds = min(trial.ordinary.seconds, replace(trial).ordinary.seconds)
    if trial.method.slow or seconds <= trial.quick_seconds:
        return None
    return {"seconds": seconds, "most": trial.quick_seconds}
