"""Past policies: published answers, and policies planted into Meridian's areas, of which the truth is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.evaluation.compared import compared
from analytics.evaluation.comparing import difference_in_differences
from analytics.evaluation.displacement import neighbours_of
from analytics.evaluation.panel import PolicyPanel
from analytics.evaluation.periods import split_at
from analytics.evaluation.placebos import size_of
from analytics.streams import Streams
from data import Areas, Series

__all__ = ["Plan", "Trial", "planned", "planted", "tried"]

CATEGORIES = ("refuse", "graffiti")  # the lamps of Meridian were renewed: a real policy would spoil an invented one
MOST_AREAS = 8
LARGEST = 0.4  # the share by which an invented policy changes the counts, either way
FIRST, LAST = 18, 43  # months after the data begin, of 48, between which a policy begins


@dataclass(frozen=True)
class Plan:
    """An invented policy: areas, category, month and the share by which it changes their counts (0 is nothing)."""

    areas: tuple[str, ...]
    category: str
    since: pd.Timestamp
    effect: float
    seed: int


@dataclass(frozen=True)
class Trial:
    """What was found of an invented policy, in logarithms of the ratio, beside the truth and the plain difference."""

    truth: float
    effect: float
    low: float
    high: float
    seen: float
    plain: float
    method: str


def planned(areas: Areas, start: pd.Timestamp, *, number: int, seed: int) -> list[Plan]:
    """So many policies, every second of which does nothing; half are of whole districts, half of areas here and there.

    Parameters
    ----------
    areas : with their parents.
    start : of the data.
    number : of policies.
    seed : of the plans.

    Returns
    -------
    list of Plan
        The same for the same seed.
    """
    chance = Streams(seed, number).uniform("plans", ["kind", "which", "many", "when", "effect"])
    order = Streams(seed, number).uniform("areas", list(areas.frame.index))
    parents = areas.frame["parent_id"].astype(str)
    districts = sorted(parents.unique())
    months = pd.date_range(start, periods=LAST, freq="MS")
    plans = []
    for index in range(number):
        kind, which, many, when, effect = chance[:, index]
        ids = [str(areas.frame.index[place]) for place in np.argsort(order[:, index])]
        chosen = ids[: 1 + int(many * MOST_AREAS)]
        if kind < 0.5:
            chosen = [str(each) for each in parents.index[parents == districts[int(which * len(districts))]]]
        share = 0.0 if index % 2 else LARGEST * (2 * float(effect) - 1)
        month = months[FIRST + int(when * (LAST - FIRST))]
        plans.append(Plan(tuple(chosen), CATEGORIES[(index // 2) % 2], month, share, seed * number + index))
    return plans


def planted(series: Series, plan: Plan) -> Series:
    """The series as it would stand had the policy been made: each count thinned, or added to, one by one."""
    values = series.values.copy()
    columns = [(area, plan.category) for area in plan.areas]
    rows = values.index >= plan.since
    counts = values.loc[rows, columns].to_numpy()
    known = ~np.isnan(counts)
    rng = np.random.default_rng(plan.seed)
    drawn = rng.binomial(np.where(known, counts, 0).astype(int), abs(plan.effect))
    values.loc[rows, columns] = np.where(known, counts + np.sign(plan.effect) * drawn, np.nan)
    return series._with(values)


def tried(series: Series, plan: Plan, *, areas: Areas) -> Trial:
    """What is found of one invented policy.

    Parameters
    ----------
    series : without it.
    plan : of the policy.
    areas : of the series.

    Returns
    -------
    Trial
        By the leading method, and by the plain difference in differences of the areas' counts.
    """
    split = split_at(planted(series, plan), since=plan.since, category=plan.category)
    whole = split.values.loc[:, split.values.notna().all()]
    treated = tuple(each for each in plan.areas if each in whole)
    panel = PolicyPanel(whole, treated, split.before, adds_up=True)
    band = compared(panel, neighbours=neighbours_of(areas), seed=1).lead
    plain = difference_in_differences(PolicyPanel(whole, treated, split.before).pair())
    answer = band.band
    return Trial(
        float(np.log1p(plan.effect)),
        answer.effect,
        answer.low,
        answer.high,
        answer.seen,
        size_of(plain, adds_up=True),
        band.name,
    )
