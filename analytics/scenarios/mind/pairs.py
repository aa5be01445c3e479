"""Two things that decide together: which option does best over a grid of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.parallel import Progress
from analytics.scenarios.mind.factors import Factor
from analytics.scenarios.mind.gains import Gains
from data.words import Words

__all__ = ["Pair", "pair_of"]

SIDE = 9  # places of each of the two


@dataclass(frozen=True, eq=False)
class Pair:
    """Which option does best where two factors stand at the values ``x`` and ``y``; ``winners`` is (y, x)."""

    names: tuple[str, str]
    titles: tuple[Words, Words]
    units: tuple[Words, Words]
    x: tuple[float, ...]
    y: tuple[float, ...]
    best: tuple[float, float]
    winners: npt.NDArray[np.str_]


def pair_of(
    gains: Callable[[Mapping[str, float]], Gains],
    factors: tuple[Factor, Factor],
    values: Callable[[Factor, float], float],
    *,
    progress: Progress,
    doing: Words,
) -> Pair:
    """The map of two factors over what both may be.

    Parameters
    ----------
    gains : where both stand at these places.
    factors : the two.
    values : from a factor's place to the value in its unit.
    progress : told how far it is, as ``doing``.
    doing : what is being done.

    Returns
    -------
    Pair
        Over the central 998 of 1,000 of what we think of each, or what history shows, or the bounds.
    """
    grids = [
        each.quantile(np.linspace(0.001, 0.999, SIDE)) if each.spread is None else _evenly(each) for each in factors
    ]
    winners = np.empty((SIDE, SIDE), dtype=object)
    for row, y in enumerate(grids[1]):
        progress(row / SIDE, doing)
        for column, x in enumerate(grids[0]):
            winners[row, column] = gains({factors[0].name: float(x), factors[1].name: float(y)}).leader
    values_at = [
        tuple(values(factor, float(each)) for each in grid) for factor, grid in zip(factors, grids, strict=True)
    ]
    best = tuple(values(each, each.best) for each in factors)
    return Pair(
        (factors[0].name, factors[1].name), (factors[0].title, factors[1].title), (factors[0].unit, factors[1].unit),
        values_at[0], values_at[1], (best[0], best[1]), winners.astype(str),
    )  # fmt: skip


def _evenly(factor: Factor) -> npt.NDArray[np.float64]:
    low, high = factor.quantile(np.array([0.001, 0.999]))
    return np.linspace(low, high, SIDE)
