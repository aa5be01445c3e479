"""Checks of the histories that cities have: short, empty, broken, of many kinds and frequencies."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from analytics.forecasting.checks.named import CHECKS, Evidence, check
from analytics.forecasting.checks.trial import Trial, refuses
from analytics.forecasting.contract import columns_of
from data.frequency import Frequency

__all__: list[str] = []

LOOSE = 0.1  # share by which a sampled or optimised answer may differ where it should be the same
LEVEL, EVENT = 7.0, 5.0  # of the constant series, and of the only event


# Histories that cities have


@check
def shortest_history(trial: Trial) -> Evidence:
    trial.ask(trial.panel(periods=trial.model.min_periods))
    return None


@check
def too_short_is_refused(trial: Trial) -> Evidence:
    return _unrefused(trial, trial.panel(periods=trial.model.min_periods - 1))


@check
def infinity_is_refused(trial: Trial) -> Evidence:
    panel = trial.panel()
    panel.iloc[5, 0] = np.inf
    return _unrefused(trial, panel)


@check
def all_zero(trial: Trial) -> Evidence:
    highest = float(trial.means(trial.like(np.zeros((trial.periods(), 2)))).max())
    return None if highest <= 1 else {"highest": highest}


@check
def constant(trial: Trial) -> Evidence:
    mean = trial.means(trial.like(np.full((trial.periods(), 2), LEVEL)))
    off = float(mean.flat[np.abs(mean - LEVEL).argmax()])
    return None if LEVEL / 2 <= off <= LEVEL * 2 else {"mean": off, "level": LEVEL}


@check
def one_event(trial: Trial) -> Evidence:
    values = np.zeros((trial.periods(), 2))
    values[len(values) // 2] = EVENT
    highest = float(trial.means(trial.like(values)).max())
    return None if highest <= EVENT else {"highest": highest, "event": EVENT}


@check
def gaps(trial: Trial) -> Evidence:
    trial.ask(trial.with_gaps())
    return None


@check
def leading_gaps(trial: Trial) -> Evidence:
    panel = trial.panel()
    panel.iloc[: len(panel) // 2, 0] = np.nan
    trial.ask(panel)
    return None


@check
def one_value_known(trial: Trial) -> Evidence:
    panel = trial.panel()
    panel.iloc[:-1, 0] = np.nan
    trial.ask(panel)
    return None


@check
def empty_column_beside_others(trial: Trial) -> Evidence:
    panel = trial.panel()
    panel.iloc[:, 0] = np.nan
    trial.ask(panel)
    return None


# Series and what they mean to each other


@check
def order_does_not_matter(trial: Trial) -> Evidence:
    panel = trial.panel()
    turned = trial.means(panel.iloc[:, ::-1])[:, ::-1]
    straight = columns_of(trial.ordinary.answer.mean, panel.columns)
    off = float(np.max(np.abs(turned - straight) / (np.abs(straight) + 1)))
    return None if off <= LOOSE else {"off": off}


@check
def alone_or_beside_its_like(trial: Trial) -> Evidence:
    alone = trial.panel().iloc[:, :1]
    trial.ask(alone)
    trial.ask(trial.like(alone.to_numpy().repeat(3, axis=1)))
    return None


@check
def two_categories(trial: Trial) -> Evidence:
    panel = trial.panel(means=(3, 30), categories=("rare", "common"))
    rare, common = trial.means(panel).mean(axis=0)
    return None if rare < common else {"rare": rare, "common": common}


@check
def follows_the_level(trial: Trial) -> Evidence:
    low = trial.ordinary
    below = float(columns_of(low.answer.mean, low.panel.columns).mean())
    above = float(trial.means(3 * low.panel + 10).mean())
    return None if above > below else {"below": below, "above": above}


@check
def follows_the_unit(trial: Trial) -> Evidence:
    if "continuous" not in trial.model.value_types:
        return None
    panel = trial.panel() + 1
    small, large = (trial.ask(each) for each in (panel, 1000 * panel))
    pairs = [(small.mean, large.mean), (small.quantiles, large.quantiles)]
    off = max(float(np.max(np.abs(b / 1000 - a)) / np.max(np.abs(a))) for a, b in pairs if a is not None is not b)
    return None if off <= LOOSE else {"off": off}


# Frequencies: each is served, or refused in words


@check
def clock_change(trial: Trial) -> Evidence:
    hours = trial.panel(freq=Frequency.HOUR)
    # Ends before the clocks of Europe go back: local time has an hour twice here, the panel's own has not.
    hours.index = pd.date_range(end="2024-10-27 00:00", periods=len(hours), freq="h", name="period")
    seen = trial.watch(hours)
    if seen.error is not None and refuses(seen.error):
        return None
    steps = set(np.diff(seen.answer.mean.get_index("period")))
    return None if steps == {np.timedelta64(1, "h")} else {"steps": sorted(str(each) for each in steps)}


def _serves(freq: Frequency) -> Callable[[Trial], Evidence]:
    def serves(trial: Trial) -> Evidence:
        seen = trial.watch(trial.panel(freq=freq), horizon=3)
        if seen.error is not None and not refuses(seen.error):
            raise seen.error
        return None

    return serves


CHECKS |= {f"frequency_{freq.name.lower()}s": _serves(freq) for freq in Frequency}


def _unrefused(trial: Trial, panel: pd.DataFrame) -> Evidence:
    error = trial.watch(panel).error
    if error is not None and not refuses(error):
        raise error
    return None if error is not None else {}
