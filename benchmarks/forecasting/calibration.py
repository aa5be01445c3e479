"""Whether the ranges of daily counts hold what they promise: 26 weekly origins of the crime grids, by stratum."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analytics.forecasting.contract import columns_of
from analytics.forecasting.registry import find_model
from analytics.forecasting.running import run_model
from analytics.forecasting.uncertainty.distribution import NegativeBinomial
from analytics.forecasting.uncertainty.pit import pit, step_of
from benchmarks.forecasting.sets import LEVELS, crime_grids
from benchmarks.paired import Array
from benchmarks.rows import Row

HORIZON, ORIGINS, WEEK = 28, 26, 7
LEVELS_WATCHED = (80, 95)
SLACK = 2.0  # points by which a stratum may miss
RESAMPLED = 1000
BLOCK = 4  # origins drawn together: their windows share all but a week


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Pooled coverage by randomised PIT, and the share of strata whose coverage is clearly off."""
    panel = crime_grids()
    panel = panel.iloc[:, ::10] if quick else panel
    rng = np.random.Generator(np.random.Philox(0))
    fell = []
    for origin in range(ORIGINS, 0, -1):
        row = len(panel) - HORIZON - (origin - 1) * WEEK
        past, ahead = panel.iloc[:row].asfreq("D"), panel.iloc[row : row + HORIZON].to_numpy(dtype=float)
        answer = run_model(find_model("pooled_counts"), past, horizon=HORIZON, quantiles=LEVELS)
        assert answer.size is not None
        predicted = NegativeBinomial(columns_of(answer.mean, panel.columns), columns_of(answer.size, panel.columns))
        fell.append(pit(step_of(predicted, ahead), ahead, uniform=rng.random(ahead.shape)))
    falls = np.stack(fell)  # origin, day ahead, series
    for level in LEVELS_WATCHED:
        covered = 100 * (np.abs(falls - 0.5) <= level / 200).mean()
        yield Row(
            f"coverage_{level}_error",
            abs(float(covered) - level),
            "points",
            0.5,
            note=f"covers {covered:.2f} of {level}",
        )
    yield _strata(falls, panel.to_numpy(dtype=float), rng)


def _strata(falls: Array, values: Array, rng: np.random.Generator) -> Row:
    """The share of strata (zero share × week ahead × size) whose 95 % interval lies wholly beyond the slack."""
    zeros, size = _thirds((values == 0).mean(axis=0)), _thirds(values.mean(axis=0))
    blocks = rng.integers(0, ORIGINS - BLOCK + 1, (RESAMPLED, -(-ORIGINS // BLOCK)))
    places = (blocks[:, :, None] + np.arange(BLOCK)).reshape(RESAMPLED, -1)[:, :ORIGINS]
    failing, counted = [], 0
    for level in LEVELS_WATCHED:
        covered = 100.0 * (np.abs(falls - 0.5) <= level / 200)
        for zero in range(3):
            for week in range(HORIZON // WEEK):
                for large in range(3):
                    own = (zeros == zero) & (size == large)
                    if not own.any():
                        continue
                    by_origin = covered[:, week * WEEK : (week + 1) * WEEK, own].mean(axis=(1, 2))
                    low, high = np.quantile(by_origin[places].mean(axis=1), [0.025, 0.975])
                    counted += 1
                    if low > level + SLACK or high < level - SLACK:
                        failing.append(f"{level}: zeros {zero}, week {week + 1}, size {large}: {by_origin.mean():.1f}")
    note = f"{len(failing)} of {counted} strata that hold series; {'; '.join(failing)}".removesuffix("; ")
    return Row("coverage_strata_failing", 100 * len(failing) / counted, "per cent", 5, note=note)


def _thirds(values: Array) -> Array:
    rank = values.argsort(kind="stable").argsort(kind="stable")
    return np.floor(3 * rank / len(values))
