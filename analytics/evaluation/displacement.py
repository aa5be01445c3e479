"""Whether a policy in some areas moved the trouble next door, or did the neighbours good as well.

Of counts alone. The weighted displacement quotient (Bowers and Johnson 2003) holds the neighbours' change against that of the
treated areas, both as their ratio to areas further off: below 0 some of what went from the one came to the other, below −1
more came than went; above 0 the neighbours gained too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from analytics.evaluation.comparing import COMPARING
from analytics.evaluation.effects import Effect, effect_of
from analytics.evaluation.panel import PolicyPanel
from analytics.evaluation.placebos import Band, area_placebos, band_of, placebo_sets, size_of
from data import Areas

__all__ = ["Displacement", "displacement", "neighbours_of", "quotient", "quotient_band"]

TOUCHING = 5.0  # metres between areas that touch: borders of one layer are drawn a little apart in some sources
FEWEST_FURTHER_OFF = 5
NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Displacement:
    """What happened next door: the neighbours' effect, and the quotient with its 95 % interval.

    The interval is None where the policy's own effect is too unsure to divide by.
    """

    areas: tuple[str, ...]
    effect: Effect
    quotient: float
    low: float | None
    high: float | None


def neighbours_of(areas: Areas) -> dict[str, list[str]]:
    """The areas that touch each area of a layer."""
    shapes = areas.frame.geometry
    first, second = shapes.sindex.query(shapes, predicate="dwithin", distance=TOUCHING)
    found: dict[str, list[str]] = {str(each): [] for each in areas.frame.index}
    for one, other in zip(first, second, strict=True):
        if one != other:
            found[str(areas.frame.index[one])].append(str(areas.frame.index[other]))
    return found


def displacement(
    panel: PolicyPanel, own: Band, *, method: str, neighbours: Mapping[str, Collection[str]], seed: int
) -> Displacement | None:
    """What the policy did next door, held against the areas further off.

    Parameters
    ----------
    panel : of counts.
    own : the policy's effect where it was, in logarithms.
    method : of ``COMPARING``, that found it.
    neighbours : of each area.
    seed : of the placebo groups.

    Returns
    -------
    Displacement or None
        None where no area lies next door, too few lie further off, or values are no counts.
    """
    beside = _beside(panel, neighbours)
    further = [each for each in panel.controls if each not in beside]
    if not panel.adds_up or not beside or len(further) < FEWEST_FURTHER_OFF:
        return None
    next_door = PolicyPanel(panel.values[[*beside, *further]], beside, panel.before, adds_up=True)
    fit = COMPARING[method](next_door.pair())
    placebos = area_placebos(next_door, COMPARING[method], placebo_sets(next_door, neighbours=neighbours, seed=seed))
    band = band_of(size_of(fit, adds_up=True), error=placebos.error, freedom=len(further) - 1)
    lines = [panel.values[list(group)].sum(axis=1).to_numpy() for group in (panel.treated, beside, further)]
    sums = np.array([[line[: panel.before].sum(), line[panel.before :].sum()] for line in lines])
    # What chance does to each ratio: its level before times the error of its logarithm.
    quantile = (own.high - own.low) / 2 / NORMAL_95
    errors = [sums[0, 0] / sums[2, 0] * quantile, sums[1, 0] / sums[2, 0] * placebos.error]
    found = quotient(treated=sums[0], beside=sums[1], further=sums[2])
    bounds = quotient_band(*_changes(*sums), own_error=errors[0], beside_error=errors[1])
    after = slice(panel.before, None)
    effect = effect_of(band, observed=lines[1][after], expected=lines[1][after], logs=True)
    low, high = (None, None) if bounds is None else bounds
    return Displacement(beside, effect, found, low, high)


def _beside(panel: PolicyPanel, neighbours: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    touching = {each for unit in panel.treated for each in neighbours.get(unit, ())}
    return tuple(each for each in panel.controls if each in touching)


def _changes(treated: np.ndarray, beside: np.ndarray, further: np.ndarray) -> tuple[float, float]:
    own, other = (group[1] / further[1] - group[0] / further[0] for group in (treated, beside))
    return float(own), float(other)


def quotient(*, treated: np.ndarray, beside: np.ndarray, further: np.ndarray) -> float:
    """The weighted displacement quotient of counts before and after.

    Parameters
    ----------
    treated, beside, further : two counts each: before and with the policy.

    Returns
    -------
    float
        The neighbours' change over the treated areas', both as ratios to the areas further off.

    Examples
    --------
    Of 100 that went, 50 came next door, where nothing else changed:

    >>> quotient(treated=np.array([200, 100]), beside=np.array([200, 250]), further=np.array([400, 400]))
    -0.5
    """
    own, other = _changes(treated, beside, further)
    return other / own if own else float("nan")


def quotient_band(own: float, beside: float, *, own_error: float, beside_error: float) -> tuple[float, float] | None:
    """The 95 % interval of a ratio of two changes (Fieller 1954).

    Parameters
    ----------
    own, beside : the treated areas' change, by which is divided, and the neighbours'.
    own_error, beside_error : their standard errors, taken to be independent.

    Returns
    -------
    low, high, or None
        None where the treated areas' change cannot be told from none: then any ratio is possible.
    """
    square = NORMAL_95**2
    lead = own**2 - square * own_error**2
    if lead <= 0:
        return None
    root = np.sqrt(own**2 * beside**2 - lead * (beside**2 - square * beside_error**2))
    return float((own * beside - root) / lead), float((own * beside + root) / lead)
