"""Treated units held against others by every method: which leads, how sure it is, and what placebos say of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.evaluation.comparing import COMPARING, Fit, augmented_control, chosen_ridge
from analytics.evaluation.panel import Pair, PolicyPanel
from analytics.evaluation.placebos import (
    AreaPlacebos,
    Band,
    area_placebos,
    band_of,
    growth_of,
    placebo_sets,
    placebo_starts,
    size_of,
)
from analytics.parallel import Progress, quiet

__all__ = ["FEWEST_DONORS", "Compared", "Judged", "compared"]

Array = npt.NDArray[np.float64]
Method = Callable[[Pair], Fit]

FEWEST_DONORS = 5  # with fewer, placebo areas tell nothing: the least p would be 1 in 5
DATES = 8  # placebo dates: neighbouring ones say nearly the same
DATE_SETS = 20  # groups of areas at each of them


@dataclass(frozen=True, eq=False)
class Judged:
    """One method's answer: its fit, its effect's band, and its placebos over areas and dates.

    ``error`` is the standard error from areas and dates, to which the band adds how far the other methods lie from it.
    ``dates`` has the columns start (a period's place), effect, error: one row a placebo date, on the method's scale.
    """

    name: str
    fit: Fit
    band: Band
    error: float
    areas: AreaPlacebos
    dates: pd.DataFrame

    @property
    def size(self) -> float:
        """The effect on the scale of the band."""
        return self.band.effect


@dataclass(frozen=True, eq=False)
class Compared:
    """The methods' answers, the one with the least placebo error first, and the groups of areas that they were tried on."""

    judged: tuple[Judged, ...]
    sets: tuple[tuple[str, ...], ...]

    @property
    def lead(self) -> Judged:
        """The method that did best where there was no policy."""
        return self.judged[0]


def compared(
    panel: PolicyPanel,
    *,
    neighbours: Mapping[str, Collection[str]] | None = None,
    seed: int = 0,
    progress: Progress = quiet,
) -> Compared:
    """The effect by each method, with intervals from placebos.

    A method's standard error is the root mean square of what it finds in groups of areas without the policy. Where it finds
    more in the treated areas themselves, at dates before the policy, than that error allows, the error grows by as much:
    areas that go a way of their own are not like others. Half the mean squared distance of the other methods' answers, each
    counted by how well it did, is added, since which of them is right is not known: two answers lie apart by the
    variance of both.

    Parameters
    ----------
    panel : with at least ``FEWEST_DONORS`` controls and ``LEAST_BEFORE`` periods before the policy.
    neighbours : of each unit, where units have a place.
    seed : of the groups.
    progress : told how far it is.

    Returns
    -------
    Compared
        Ordered by placebo error.
    """
    sets = placebo_sets(panel, neighbours=neighbours, seed=seed)
    pair = panel.pair()
    ridge = chosen_ridge(pair)  # once: what suits the treated areas is tried on the others
    methods: dict[str, Method] = {**COMPARING, "augmented_control": lambda each: augmented_control(each, ridge=ridge)}
    found: list[tuple[str, Fit, float, AreaPlacebos, pd.DataFrame]] = []
    for place, (name, method) in enumerate(methods.items()):
        progress(place / len(methods), "")
        areas = area_placebos(panel, method, sets)
        dates = _at_dates(panel, method, sets)
        found.append((name, method(pair), areas.error * growth_of(dates), areas, dates))
    sizes = np.array([size_of(fit, adds_up=panel.adds_up) for _, fit, _, _, _ in found])
    errors = np.array([error for _, _, error, _, _ in found])
    judged = []
    for place, (name, fit, error, areas, dates) in enumerate(found):
        others = np.arange(len(found)) != place
        apart = np.average((sizes[others] - sizes[place]) ** 2, weights=1 / np.maximum(errors[others], 1e-12) ** 2)
        spread = float(np.sqrt(error**2 + apart / 2))
        band = band_of(float(sizes[place]), error=spread, freedom=len(panel.controls) - 1)
        judged.append(Judged(name, fit, band, error, areas, dates))
    return Compared(tuple(sorted(judged, key=lambda each: each.error)), tuple(map(tuple, sets)))


def _at_dates(panel: PolicyPanel, method: Method, sets: Sequence[Sequence[str]]) -> pd.DataFrame:
    """What a method finds in the treated units at dates before the policy, and its error there."""
    rows = []
    for start in placebo_starts(panel.before, after=len(panel.values) - panel.before, most=DATES):
        then = panel.as_if(start, until=min(panel.before, start + len(panel.values) - panel.before))
        if _comparable(then):
            size = size_of(method(then.pair()), adds_up=panel.adds_up)
            chosen = [group for group in sets[:DATE_SETS] if _comparable(then, group)]
            rows.append((start, size, area_placebos(then, method, chosen).error))
    return pd.DataFrame(rows, columns=["start", "effect", "error"])


def _comparable(panel: PolicyPanel, group: Sequence[str] | None = None) -> bool:
    """Whether every line has anything before the date, without which it cannot be a multiple of it."""
    if not panel.adds_up:
        return True
    chosen = panel.treated if group is None else group
    controls, own = (panel.of(units)[: panel.before] for units in (panel.controls, chosen))
    return bool((controls.sum(axis=0) > 0).all() and own.sum() > 0)
