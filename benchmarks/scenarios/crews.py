"""Crews: years of Chicago replayed from what was known before them, and the capacity that is planted in Meridian."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.parallel import quiet
from analytics.scenarios.composition import compose
from analytics.scenarios.engines.crews import Replay, replays
from analytics.scenarios.engines.crews.practice import learn
from analytics.scenarios.framing import study_of
from analytics.scenarios.questions import question_named
from analytics.scenarios.registry import engines
from benchmarks.forecasting.sets import chicago, data_folder
from benchmarks.rows import Row
from data import City, open_city
from data.sample import truth
from data.sample.crews import sample_repairs

__all__ = ["rows"]

SEEDS, QUICK_SEEDS = 20, 5
Z95 = 1.959964
STEPS = 7


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Errors of replayed years, coverage of the planted capacity, and the cost of moving a lever."""
    meridian = open_city("meridian")
    if data_folder().is_dir():
        city = chicago()
        yield from _replayed(city)
        yield _lever(city)
    yield from _coverage(meridian, QUICK_SEEDS if quick else SEEDS)


def _replayed(city: City) -> Iterator[Row]:
    """The worst year counts. The rule for whose turn it is was chosen on the years before each; 2012 has none."""
    found = replays(city.requests["sanitation_requests"], city.of("crews")["sanitation_requests"])
    share = ", ".join(f"{each.year}: {_of_share(each)}" for each in found)
    median = ", ".join(f"{each.year}: {_of_median(each)}" for each in found)
    yield Row("crews_replay_share_error", max(each.share_error for each in found), "points", 2.0, note=share)
    yield Row("crews_replay_median_error", max(each.median_error for each in found), "days", 1.0, note=median)


def _of_share(each: Replay) -> str:
    band = f"[{100 * each.share_low:.1f}, {100 * each.share_high:.1f}]"
    chosen = f"{each.order}, chosen on {list(each.chosen_on) or 'none'}"
    return f"{100 * each.share:.1f} {band} for {100 * each.actual_share:.1f}, off {each.share_error:.2f} ({chosen})"


def _of_median(each: Replay) -> str:
    band = f"[{each.median_low:.1f}, {each.median_high:.1f}]"
    return f"{each.median:.2f} {band} for {each.actual_median:.2f}, off {each.median_error:.2f}"


def _coverage(city: City, seeds: int) -> Iterator[Row]:
    """How often the 95 % interval of what is done a working day holds the planted capacity, over fresh histories."""
    planted, table = truth().repairs, city.requests["repairs"]
    before, inside, slopes = table.until.normalize() + pd.Timedelta(days=1), [], []
    for seed in range(1, seeds + 1):
        frame = sample_repairs(planted, seed=seed).rename(columns={"kind": "category"})
        practice = learn(replace(table, frame=frame), before=before, working_days=range(5))
        for index, name in enumerate(practice.categories):
            kind = next(each for each in planted.kinds if each.name == name)
            off = np.log(practice.capacity[index] / kind.capacity)
            inside.append(abs(off) <= Z95 * practice.capacity_error[index])
            slopes.append(practice.give[index])
    note = f"{seeds} seeds × {len(planted.kinds)} kinds; goal 85 to 100; planted slope on the load 0, found {np.mean(slopes):.2f}"
    yield Row("crews_capacity_coverage", 100 * float(np.mean(inside)), "%", 85.0, most=False, note=note)


def _lever(city: City) -> Row:
    """CPU of the engine when one lever moves: 500 draws, 77 areas, 12 months."""
    question = question_named(city, "crews")
    study = study_of(city, question=question, draws=500)
    composition = compose([engines()[name] for name in question.engines], study)
    composition.prepare(progress=quiet)
    rest = {each.name: each.rest for each in composition.levers}
    assumed = {each.name: None for each in composition.uncertainties}
    composition.run(rest, assumed)
    taken = []
    for step in range(1, STEPS + 1):
        began = time.process_time()
        composition.run({**rest, "crews.extra": step / 100}, assumed)
        taken.append(1000 * (time.process_time() - began))
    return Row("crews_lever_ms", float(np.median(taken)), "ms", 50.0, note="CPU; 500 draws, 77 areas, 12 months")
