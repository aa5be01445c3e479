"""Whether a map would have caught what came, on windows strictly later than what it was made from.

With n of N events caught on an area a of A: hit rate n/N; PAI = (n/N) / (a/A), Chainey, Tompson and Uhlig (2008);
PEI* = n/n*, n* the most that any such area could have held, Hunt (2016); RRI = events predicted / observed, Levine (2008);
bits an event = mean log2 of the predicted density over an even one, what a map knows about where an event will be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.hotspots.backtesting.calibration import Dispersion, floored, randomised_pit, stated_and_observed
from analytics.hotspots.cells import Cells
from analytics.hotspots.contract import Method, fit_method, run_method
from analytics.parallel import Progress, quiet
from data import Incidents

__all__ = ["CURVE", "RANDOM", "REFIT_DAYS", "SHARES", "Evaluation", "evaluate", "ranking", "window_starts"]

Array = npt.NDArray[np.float64]

SHARES = (0.01, 0.02, 0.05, 0.10)
CURVE = tuple(round(step / 200, 3) for step in range(41))  # 0 to 20 % of the area in half per cents
RANDOM = "random"
# What a method has learned serves for so many days of maps: of 28 and 84, 28 caught .4 % more (2018 and 2021).
REFIT_DAYS = 28


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What came of each method's maps.

    ``shares`` has one row a (method, as_of, share): hits, events, cells, hit_rate, pai, pei.
    ``windows`` has one row a (method, as_of): predicted, events, bits (an event), spread (1/size of the negative binomial,
    as it was known by then), coverage_90 and coverage_n (cells whose count fell into the central 90 %, of how many).
    ``stated`` has one row a (method, as_of, share): membership and chance as they were stated for the flagged cells,
    and what became of them; see ``calibration.stated_and_observed``.
    """

    shares: pd.DataFrame
    windows: pd.DataFrame
    stated: pd.DataFrame

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The three tables by name."""
        return {"shares": self.shares, "windows": self.windows, "stated": self.stated}

    def spread(self, method: str) -> float:
        """How far the counts of a method's cells have scattered, as of its last window; 0 where none was tested."""
        known = self.windows.loc[self.windows["method"] == method, "spread"].dropna()
        return float(known.iloc[-1]) if len(known) else 0.0


def ranking(score: Array, *, seed: int) -> npt.NDArray[np.int64]:
    """The rank of each cell, 0 = first to look at; ties are broken at random by the seed.

    Parameters
    ----------
    score : by cell, the highest first.
    seed : of everything drawn by lot.

    Returns
    -------
    A permutation of 0 to n - 1.
    """
    order = np.argsort(-score)
    ordered = score[order]
    run = np.concatenate([[0], np.cumsum(ordered[1:] != ordered[:-1])])  # of equal scores, from 0
    if len(score) and run[-1] < len(score) - 1:  # two sorts by one number each are a third of one by two
        lot = np.random.Generator(np.random.Philox(seed)).random(len(score))
        order = order[np.argsort(run + lot[order])]
    rank = np.empty(len(score), dtype=np.int64)
    rank[order] = np.arange(len(score))
    return rank


def window_starts(incidents: Incidents, *, as_of: pd.Timestamp, horizon_days: int, windows: int) -> list[pd.Timestamp]:
    """The first days of the windows that methods are scored on, oldest first: they do not overlap and end before ``as_of``.

    Parameters
    ----------
    incidents : what happened, its frame in order of time.
    as_of : the first day that is not known.
    horizon_days : length of a window.
    windows : how many are wanted.

    Returns
    -------
    At most so many days; fewer where the history is short.
    """
    starts = [as_of - pd.Timedelta(days=horizon_days * step) for step in range(windows, 0, -1)]
    # A map needs something to be made from: at least as many days as it looks ahead.
    return [start for start in starts if start - pd.Timedelta(days=horizon_days) >= incidents.since]


def evaluate(
    methods: Sequence[Method], incidents: Incidents, cells: Cells, *, starts: Sequence[pd.Timestamp], horizon_days: int,
    seed: int, progress: Progress = quiet,
) -> Evaluation:  # fmt: skip
    """Every method's map of each window beside what came; ``random`` looks at cells drawn by lot.

    Methods that learn do so anew every ``REFIT_DAYS``, from what was known by then.

    Parameters
    ----------
    methods : those to compare.
    incidents : what happened, its frame in order of time.
    cells : the cells of the map.
    starts : the first day of each window.
    horizon_days : length of a window.
    seed : of everything drawn by lot.
    progress : told how far the work is.

    Returns
    -------
    Scores by method, window and share of the area.
    """
    located = replace(incidents, frame=cells.located(incidents.frame))
    runs = {each.name: _Run(each, seed) for each in methods}
    shares, windows, stated = [], [], []
    for index, start in enumerate(starts):
        first, last = located.frame["time"].searchsorted([start, start + pd.Timedelta(days=horizon_days)])
        later = located.frame.iloc[first:last]
        caught = cells.counts(later)
        lot = np.random.Generator(np.random.Philox([seed, index])).random(len(cells))
        shares += _caught(RANDOM, start, ranking(lot, seed=seed), caught, len(later), cells)
        for number, (name, run) in enumerate(runs.items()):
            progress((index + number / len(runs)) / len(starts), run.method.title)
            rate = run.map_of(located, cells, as_of=start, horizon_days=horizon_days)
            rank = ranking(rate, seed=seed)
            shares += _caught(name, start, rank, caught, len(later), cells)
            windows.append((name, start, *run.scored(rate, caught, index)))
            stated += [(name, start, *row) for row in run.stated(rate, caught, rank, cells)]
            run.dispersion.learn(floored(rate), caught)
    return Evaluation(
        _share_table(shares, cells),
        pd.DataFrame(
            windows, columns=["method", "as_of", "predicted", "events", "bits", "spread", "coverage_90", "coverage_n"]
        ),
        pd.DataFrame(
            stated,
            columns=["method", "as_of", "share", "cells", "membership", "members", "chance", "with_event"],
        ),
    )


class _Run:
    """One method through the windows: what it has learned, and how far its counts have scattered."""

    def __init__(self, method: Method, seed: int) -> None:
        self.method, self.seed = method, seed
        self.fitted: Any = None
        self.fitted_on: pd.Timestamp | None = None
        self.dispersion = Dispersion()

    def map_of(self, incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, horizon_days: int) -> Array:
        options: dict[str, Any] = {"as_of": as_of, "horizon_days": horizon_days, "seed": self.seed}
        if self.fitted_on is None or (as_of - self.fitted_on).days >= REFIT_DAYS:
            self.fitted, self.fitted_on = fit_method(self.method, incidents, cells, **options), as_of
        return run_method(self.method, incidents, cells, **options, fitted=self.fitted)

    def scored(self, rate: Array, caught: Array, index: int) -> tuple[float, float, float, float, int, int]:
        smooth = floored(rate)
        density = smooth * len(smooth) / smooth.sum()
        events = caught.sum()
        happened = caught > 0
        bits = float((caught[happened] * np.log2(density[happened])).sum() / events) if events else np.nan
        if not self.dispersion.known:
            return float(rate.sum()), float(events), bits, np.nan, 0, 0
        pit = randomised_pit(caught, smooth, spread=self.dispersion.spread, seed=self.seed + index)
        inside = int(((pit > 0.05) & (pit < 0.95)).sum())
        return float(rate.sum()), float(events), bits, self.dispersion.spread, inside, len(pit)

    def stated(
        self, rate: Array, caught: Array, rank: npt.NDArray[np.int64], cells: Cells
    ) -> list[tuple[float, int, float, float, float, float]]:
        if not self.dispersion.known:
            return []
        spread = self.dispersion.spread
        numbers = [int(number) for number in cells.numbers_at(rank, SHARES)]
        rows = stated_and_observed(rate, caught, rank, numbers, spread=spread)
        return [(share, *each) for share, each in zip(SHARES, rows, strict=True)]


def _caught(
    name: str, start: pd.Timestamp, rank: npt.NDArray[np.int64], caught: Array, events: int, cells: Cells
) -> list[tuple[Any, ...]]:
    """One row a share: what the first cells held, and what the best cells of as many could have held."""
    within = np.concatenate([[0.0], np.cumsum(caught[np.argsort(rank)])])
    best = np.concatenate([[0.0], np.cumsum(np.sort(caught)[::-1])])
    looked = cells.numbers_at(rank, CURVE)
    columns = zip(CURVE, within[looked], looked.tolist(), best[looked], strict=True)
    return [(name, start, share, hits, float(events), number, most) for share, hits, number, most in columns]


def _share_table(rows: list[tuple[Any, ...]], cells: Cells) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["method", "as_of", "share", "hits", "events", "cells", "best"])
    frame["hit_rate"] = frame["hits"] / frame["events"].where(frame["events"] > 0)
    looked = frame["cells"] / len(cells) if cells.extent.std() < 1e-6 * cells.extent.mean() else frame["share"]
    frame["pai"] = frame["hit_rate"] / looked.where(looked > 0)
    frame["pei"] = frame["hits"] / frame["best"].where(frame["best"] > 0)
    return frame.drop(columns="best")
