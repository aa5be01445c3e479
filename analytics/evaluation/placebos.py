"""Policies that never were: what a method finds in units, and at dates, that had none, and what follows for the one that was."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import stdtr, stdtrit

from analytics.evaluation.comparing import Fit
from analytics.evaluation.panel import Pair, PolicyPanel
from analytics.streams import Streams

__all__ = [
    "LEAST_BEFORE",
    "AreaPlacebos",
    "Band",
    "area_placebos",
    "band_of",
    "growth_of",
    "noise_of",
    "placebo_sets",
    "placebo_starts",
    "size_of",
]

Array = npt.NDArray[np.float64]
Method = Callable[[Pair], Fit]

SETS = 80  # placebo groups of several units: twice as many moved no interval by a tenth
LEAST_BEFORE = 6  # periods before a policy, a placebo too
LIKE_PLACEBO_DATES = 2  # placebo dates that the stated error counts for: settled on Meridian of other seeds
FOUR_IN_FIVE = 0.8  # the chance with which an effect must be seen to be one that could have been seen


@dataclass(frozen=True)
class Band:
    """An effect with its 95 % interval on the scale of the method: logarithms of ratios, or units.

    ``seen`` is the size of an effect that would have been told from none four times in five; ``p`` the chance of one as
    large where there is none.
    """

    effect: float
    low: float
    high: float
    seen: float
    p: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, eq=False)
class AreaPlacebos:
    """What a method finds in groups of units without the policy: ``effects`` (group,), scaled to the size of the treated.

    ``paths`` (group, period) are their gaps, scaled alike, ``misses`` the root mean square of these before the policy.
    """

    effects: Array
    paths: Array
    misses: Array
    units: int

    @property
    def error(self) -> float:
        """The root mean square of what is found where nothing is."""
        return float(np.sqrt((self.effects**2).mean()))

    def rank(self, effect: float, miss: float | None = None) -> float:
        """The share of all groups, the treated one included, whose effect is as large: the placebo p.

        Parameters
        ----------
        effect : of the treated.
        miss : the treated's own miss before; where it is given, each effect is held against what its group misses before the
            policy, as Abadie and others do.

        Returns
        -------
        float
            Above 0, and 1 at most.
        """
        others = np.abs(self.effects) if miss is None else np.abs(self.effects) / np.maximum(self.misses, 1e-12)
        own = abs(effect) if miss is None else abs(effect) / max(miss, 1e-12)
        return float((1 + (others >= own * (1 - 1e-12)).sum()) / (1 + len(others)))


def size_of(fit: Fit, *, adds_up: bool) -> float:
    """The effect of a fit on the scale on which intervals are symmetric.

    Parameters
    ----------
    fit : of one method.
    adds_up : whether its values do.

    Returns
    -------
    float
        The logarithm of what was observed over what was expected where values add up; else their difference.
    """
    return float(np.log(max(fit.ratio, 1e-3))) if adds_up else fit.effect


def placebo_sets(
    panel: PolicyPanel, *, neighbours: Mapping[str, Collection[str]] | None = None, seed: int = 0
) -> list[list[str]]:
    """Groups of control units that resemble the treated ones: as many, and side by side where those are.

    Parameters
    ----------
    panel : with at least two controls.
    neighbours : of each unit, where units have a place.
    seed : of the draws.

    Returns
    -------
    list of list of str
        Every control by itself where one unit is treated; else ``SETS`` groups of at most half of the controls.
    """
    controls = panel.controls
    size = min(len(panel.treated), len(controls) // 2)
    if size <= 1:
        return [[each] for each in controls]
    order = Streams(seed, SETS).uniform("placebo_areas", controls)
    joined = neighbours is not None and _joined(panel.treated, neighbours)
    groups = []
    for draw in range(SETS):
        ranked = [controls[place] for place in np.argsort(order[:, draw])]
        groups.append(_grown(ranked, size, neighbours) if joined and neighbours is not None else ranked[:size])
    return groups


def _joined(units: Sequence[str], neighbours: Mapping[str, Collection[str]]) -> bool:
    """Whether most units touch another of them."""
    touching = [unit for unit in units if set(neighbours.get(unit, ())) & set(units)]
    return len(touching) > len(units) / 2


def _grown(ranked: Sequence[str], size: int, neighbours: Mapping[str, Collection[str]]) -> list[str]:
    """A group that grows from the first unit over its neighbours in the order of rank; from the next where it ends."""
    chosen: list[str] = []
    while len(chosen) < size:
        left = [unit for unit in ranked if unit not in chosen]
        beside = [unit for unit in left if any(unit in neighbours.get(each, ()) for each in chosen)]
        chosen.append((beside or left)[0])
    return chosen


def area_placebos(panel: PolicyPanel, method: Method, sets: Sequence[Sequence[str]]) -> AreaPlacebos:
    """What a method finds in groups of controls, each held against the others.

    Counts of a small group stray more than those of a large one: effects are scaled as the root of 1 / (count before) +
    1 / (count after), to that of the treated.

    Parameters
    ----------
    panel : with the treated units, which no group is held against.
    method : of ``COMPARING``.
    sets : groups of controls.

    Returns
    -------
    AreaPlacebos
        In the order of ``sets``.
    """
    own = noise_of(panel, panel.treated)
    effects, paths, misses = [], [], []
    for group in sets:
        fit = method(panel.pair(group))
        effects.append(size_of(fit, adds_up=panel.adds_up) * own / noise_of(panel, group))
        paths.append(fit.gaps * own / noise_of(panel, group))
        misses.append(fit.miss_before)
    return AreaPlacebos(np.array(effects), np.array(paths), np.array(misses), len(panel.controls))


def noise_of(panel: PolicyPanel, units: Sequence[str]) -> float:
    """How much chance alone moves a group's effect: the root of 1 / (count before) + 1 / (count after); 1 for other values.

    Parameters
    ----------
    panel : with the group's values.
    units : the group.

    Returns
    -------
    float
        In shares where values add up.
    """
    if not panel.adds_up:
        return 1.0
    line = panel.of(units).sum(axis=1)
    before, after = line[: panel.before].sum(), line[panel.before :].sum()
    return float(np.sqrt(1 / max(before, 1.0) + 1 / max(after, 1.0)))


def band_of(effect: float, *, error: float, freedom: float) -> Band:
    """The interval of an effect whose standard error is known so well (Student's t).

    Parameters
    ----------
    effect : on a scale where intervals are symmetric.
    error : its standard error.
    freedom : the degrees of freedom behind that.

    Returns
    -------
    Band
        With what could have been seen.
    """
    quantile = float(stdtrit(freedom, 0.975))
    seen = (quantile + float(stdtrit(freedom, FOUR_IN_FIVE))) * error
    p = 2 * float(stdtr(freedom, -abs(effect) / error)) if error > 0 else float(effect == 0)
    return Band(effect, effect - quantile * error, effect + quantile * error, seen, p)


def placebo_starts(before: int, *, after: int, most: int, earliest: int = LEAST_BEFORE) -> list[int]:
    """The periods in which placebo policies begin: spread over what lies before the policy, with a little after each.

    Parameters
    ----------
    before, after : how many periods lie on each side of the policy.
    most : of them.
    earliest : periods that must lie before each.

    Returns
    -------
    list of int
        None where the past is too short for any.
    """
    last = before - max(1, min(after, before // 8))
    if last < earliest:
        return []
    return [int(each) for each in np.unique(np.linspace(earliest, last, most).astype(int))]


def growth_of(dates: pd.DataFrame) -> float:
    """By how much the errors at placebo dates exceed what was stated for them (columns effect and error); 1 where they do not."""
    scores = (dates["effect"] / dates["error"].where(dates["error"] > 0)).dropna().to_numpy(dtype=float)
    mean = (LIKE_PLACEBO_DATES + (scores**2).sum()) / (LIKE_PLACEBO_DATES + len(scores))
    return float(np.sqrt(max(1.0, mean)))
