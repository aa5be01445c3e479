"""Whether stated chances of meeting a target come true: Meridian again and again, with another luck each time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.forecasting import forecast
from analytics.monitoring.targets import QUICK, calibration_error, chance_of
from benchmarks.rows import Row
from data import Provenance, Series, Target, fingerprint_of
from data.frequency import Frequency
from data.sample import sample_panel

CITIES, CUTOFFS, EACH = 24, 3, 16
DAYS = (28, 91)  # a month and a quarter
BINS = 5
LIKELY_RANGE = (0.85, 1.18)  # of last year's same weeks: near enough that the outcome is open


def rows(*, quick: bool = False) -> Iterator[Row]:
    """The expected calibration error over five bins, in percentage points."""
    stated: list[float] = []
    observed: list[bool] = []
    for number in range(4 if quick else CITIES):
        rng = np.random.Generator(np.random.Philox(number))
        series = _series(number)
        for cutoff in rng.choice(np.arange(900, len(series.values) - max(DAYS)), CUTOFFS, replace=False):
            now = series.until(series.values.index[cutoff])
            for days in DAYS:
                outlook = forecast(now, horizon=days, candidates=QUICK)
                for target in _targets(series, int(cutoff), days, rng):
                    stated.append(chance_of(now, target, outlook=outlook, keep=False).probability)
                    observed.append(chance_of(series, target, keep=False).probability == 1)
    error = 100 * calibration_error(stated, observed, bins=BINS)
    met, meant = 100 * np.mean(observed), 100 * np.mean(stated)
    note = f"{len(stated)} statements in {number + 1} histories; {met:.0f} % met, {meant:.0f} % stated"
    yield Row("target_calibration", error, "points", 5, note=note)


def _series(seed: int) -> Series:
    """A few districts' worth of Meridian's requests, drawn anew."""
    values, _ = sample_panel(seed=1000 + seed)
    values = values.iloc[:, :24].asfreq("D")
    source = Provenance(
        name="requests", origin="made", licence="CC0", fingerprint=fingerprint_of(values), synthetic=True
    )
    return Series("requests", "Requests", values, source, measure="requests", unit="requests", freq=Frequency.DAY)


def _targets(series: Series, cutoff: int, days: int, rng: np.random.Generator) -> Iterator[Target]:
    """Targets of areas and of the whole, partly in the past, near what the same time of last year brought."""
    index, areas = series.values.index, series.area_ids
    for number in range(EACH):
        begun = int(rng.integers(0, days // 2))
        since, until = index[cutoff + 1 - begun], index[cutoff + days - begun]
        target = Target(f"t{number}", "Target", "requests", since, until)
        if number % 4:
            target = replace(target, area_id=str(rng.choice(areas)))
        columns = series.select(areas=(target.area_id,) if target.area_id else None)
        year = pd.Timedelta(days=364)
        goal = float(columns.values.loc[since - year : until - year].to_numpy().sum()) * rng.uniform(*LIKELY_RANGE)
        yield replace(target, at_most=goal) if rng.random() < 0.5 else replace(target, at_least=goal)
