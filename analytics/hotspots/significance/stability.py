"""Did the hotspots move? How much of a map comes back a year later, beside what chance alone would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy

from analytics.hotspots.cells import Cells
from analytics.hotspots.recent import YEAR_DAYS
from analytics.hotspots.significance.chance import discoveries
from data import Incidents

__all__ = ["Stability", "map_change"]

Array = npt.NDArray[np.float64]

DRAWS = 200
CLEARLY = 0.025  # of the draws: fewer came back as rarely


@dataclass(frozen=True, eq=False)
class Stability:
    """The busiest cells of two years: the share that is on both maps, and what chance alone would give.

    ``back`` is the share of the earlier year's cells that are on the later map; ``expected``, ``low`` and ``high`` are the
    mean and 95 % of it if every place had kept its rate; ``moved`` says that fewer came back than that. ``p`` is the
    probability of so few. ``rose`` and ``fell`` flag cells whose own change chance does not explain.
    """

    share: float
    cells: int
    back: float
    expected: float
    low: float
    high: float
    p: float
    rose: npt.NDArray[np.bool_]
    fell: npt.NDArray[np.bool_]
    earlier: tuple[pd.Timestamp, pd.Timestamp]
    later: tuple[pd.Timestamp, pd.Timestamp]

    @property
    def moved(self) -> bool:
        """Whether the map changed by more than chance."""
        return self.p < CLEARLY


def map_change(
    incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, shares: Sequence[float], seed: int = 0
) -> dict[float, Stability]:
    """The last year's map beside that of the year before (or the two halves of a shorter history), by share of the cells.

    If every place kept its rate, the events of a cell over both years fall into the later one as coins fall: binomial,
    with the later year's share of all events. That holds whatever the rates are, so nothing has to be estimated. Events
    that breed others scatter more than that, so a small excess of change is not yet a move. Empty where either year is.

    Parameters
    ----------
    incidents : what happened, its frame in order of time.
    cells : the cells of the map.
    as_of : the first day that is not known.
    shares : of the cells.
    seed : of how ties are broken.

    Returns
    -------
    By share, how many cells came back and how many chance alone would bring.
    """
    days = min(YEAR_DAYS, (as_of - incidents.since).days // 2)
    edges = [as_of - pd.Timedelta(days=days * back) for back in (2, 1, 0)]
    frame = incidents.frame
    rows = frame["time"].searchsorted(edges)
    before, after = (cells.counts(frame.iloc[rows[half] : rows[half + 1]]) for half in (0, 1))
    if days < 1 or not before.sum() or not after.sum():
        return {}
    numbers = [max(1, round(share * len(cells))) for share in shares]
    rng = np.random.Generator(np.random.Philox(seed))
    both = (before + after).astype(np.int64)
    chance = float(after.sum() / both.sum())
    back = _overlaps(before, after, numbers, rng)
    drawn = np.empty((DRAWS, len(numbers)))
    for draw in range(DRAWS):
        later = rng.binomial(both, chance).astype(float)
        drawn[draw] = _overlaps(both - later, later, numbers, rng)
    tail, day = scipy.stats.binom(both, chance), pd.Timedelta(days=1)
    rose, fell = discoveries(tail.sf(after - 1)), discoveries(tail.cdf(after))
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return {
        share: Stability(
            share=share, cells=number, back=float(back[index]), expected=float(drawn[:, index].mean()),
            low=float(low[index]), high=float(high[index]),
            p=float((1 + (drawn[:, index] <= back[index]).sum()) / (DRAWS + 1)), rose=rose, fell=fell,
            earlier=(edges[0], edges[1] - day), later=(edges[1], edges[2] - day),
        )
        for index, (share, number) in enumerate(zip(shares, numbers, strict=True))
    }  # fmt: skip


def _overlaps(one: Array, other: Array, numbers: Sequence[int], rng: np.random.Generator) -> Array:
    """For each number the share of the busiest cells of one map that are among those of another, ties broken by lot."""
    rank = np.full(len(one), len(one))
    most = max(numbers)
    rank[_first(other + 0.5 * rng.random(len(other)), most)] = np.arange(most)
    back = rank[_first(one + 0.5 * rng.random(len(one)), most)]
    return np.array([(back[:number] < number).mean() for number in numbers])


def _first(values: Array, number: int) -> npt.NDArray[np.int64]:
    """The places of the largest values, the largest first: the others need no order."""
    some = np.argpartition(-values, number - 1)[:number]
    return some[np.argsort(-values[some])]
