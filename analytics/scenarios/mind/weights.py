"""Which weights of the measures put which option first: never a score, only when the order would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.scenarios.measure import Measure
from analytics.scenarios.verdict import TOWARDS
from analytics.streams import Streams

__all__ = ["Flip", "Weighing", "weighed"]

Floats = npt.NDArray[np.float64]

WEIGHTINGS = 2_000
COMPONENT = "mind.weights"
SAME = 1e-12


@dataclass(frozen=True)
class Flip:
    """The weight of one measure at which another option is first, all others alike among themselves: above it or below it."""

    measure: str
    weight: float
    above: bool
    rival: str


@dataclass(frozen=True)
class Weighing:
    """How the order of options depends on what counts how much.

    ``first`` is the share of all weightings and futures in which an option is first, by option; ``at_equal`` the option that is
    first on average where all ``measures`` weigh alike, and ``flips`` the weights at which that changes.
    """

    measures: tuple[str, ...]
    first: Mapping[str, float]
    at_equal: str
    flips: tuple[Flip, ...]


def weighed(
    levels: Mapping[tuple[str, str], Floats], measures: Sequence[Measure], options: Sequence[str], *, seed: int = 0
) -> Weighing | None:
    """Which weightings put which option first.

    Parameters
    ----------
    levels : by (option, measure) one number a draw.
    measures : those that are judged; the ones on which options differ and that have a better side are weighed.
    options : their names.
    seed : of the weightings.

    Returns
    -------
    Weighing or None
        None where fewer than two measures can be weighed.

    Notes
    -----
    A weight counts the swing from the worst to the best option's mean on a measure (Keeney and Raiffa 1976, Decisions with
    Multiple Objectives). Weightings are spread evenly over all that add up to 1, each in one of the futures (acceptability:
    Lahdelma and Salminen 2001, Operations Research 49:444-454).
    """
    scaled = {}
    for each in measures:
        own = TOWARDS[each.direction] * np.stack([levels[option, each.name] for option in options])
        swing = np.ptp(own.mean(axis=1))
        if each.direction != "neutral" and swing > SAME * max(float(np.abs(own).max()), 1e-300):
            scaled[each.name] = (own - own.mean(axis=1).min()) / swing
    if len(scaled) < 2:
        return None
    values = np.stack(list(scaled.values()))  # (measure, option, draw)
    uniforms = Streams(seed, WEIGHTINGS).uniform(COMPONENT, [f"{each}" for each in range(len(values))])
    weights = -np.log(uniforms)
    weights /= weights.sum(axis=0)  # even on the simplex: exponentials over their sum
    draws = np.arange(WEIGHTINGS) % values.shape[2]
    together = np.einsum("mw,mow->ow", weights, values[:, :, draws])
    first = np.bincount(together.argmax(axis=0), minlength=len(options)) / WEIGHTINGS
    means = values.mean(axis=2)
    equal = int(means.mean(axis=0).argmax())
    flips = [flip for place, name in enumerate(scaled) for flip in _flips(means, place, name, equal, options)]
    return Weighing(tuple(scaled), dict(zip(options, map(float, first), strict=True)), options[equal], tuple(flips))


def _flips(means: Floats, place: int, name: str, equal: int, options: Sequence[str]) -> list[Flip]:
    """Where another option comes first as one weight moves from even, the others alike: straight lines that cross."""
    even = 1 / len(means)
    own, rest = means[place], np.delete(means, place, axis=0).mean(axis=0)
    lead_one, lead_none = own[equal] - own, rest[equal] - rest  # at a weight of 1 and of 0
    found = []
    for above in (False, True):
        crossings = []
        for rival in range(len(options)):
            slope = lead_one[rival] - lead_none[rival]
            if rival != equal and abs(slope) > SAME:
                at = -lead_none[rival] / slope
                if even < at < 1 if above else 0 < at < even:
                    crossings.append((at, rival))
        if crossings:
            at, rival = min(crossings) if above else max(crossings)
            found.append(Flip(name, float(at), above, options[rival]))
    return found
