"""Days that are unlike their weekday: public holidays, those beside them, and those between two of them.

How such a day is unlike is told in two numbers: where it lies between a Sunday (0) and its own weekday (1), and how far its
level then still is from that. Both are learned from the odd days that a history has, drawn towards what such days usually
are where it has few, and vary by what those varied and by what nobody can know of a first one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt

__all__ = ["Kind", "Oddness", "kinds_of", "oddness_of"]

Array = npt.NDArray[np.float64]
Days = npt.NDArray[np.bool_]

BETWEEN = 7  # days from one holiday to the next up to which those between them are odd: the week between the years
PRIOR_DAYS = 2.0  # odd days that what is usual counts for
FARTHEST = (-1.0, 2.0)  # a day may be more than its weekday, or less than a Sunday, but one day does not say by far
MOST_OFF = 1.0  # of the level: one great feast is no measure of the others
LEAST_APART = 0.15  # of the level: where Sundays are so near to a weekday, a day between them cannot be told


class Kind(IntEnum):
    """How a day is odd."""

    ORDINARY = 0
    HOLIDAY = 1
    BRIDGE = 2
    """Between a holiday and a weekend, or between two holidays that are near each other."""
    BESIDE = 3
    """The day before or after a holiday."""


@dataclass(frozen=True)
class Oddness:
    """Where days of a kind lie between a Sunday (0) and their weekday (1), and how much that and their level vary."""

    place: float
    place_spread: float
    level_spread: float


# What is usual, before a history says otherwise: by judgement, tried on the middle thirds of the benchmark's series.
USUAL = {
    Kind.HOLIDAY: Oddness(0.1, 0.5, 0.2),
    Kind.BRIDGE: Oddness(0.8, 0.35, 0.15),
    Kind.BESIDE: Oddness(1.0, 0.2, 0.08),
}


def kinds_of(holiday: Days, *, first_weekday: int) -> npt.NDArray[np.int64]:
    """The kind of each day.

    Parameters
    ----------
    holiday : whether each day is a public holiday.
    first_weekday : that of the first day, Monday 0.

    Returns
    -------
    One ``Kind`` a day.

    >>> days = np.array([True, False, False, False, True, False])  # from a Thursday to a Tuesday
    >>> kinds_of(days, first_weekday=3).tolist()
    [1, 2, 2, 2, 1, 3]
    """
    kinds = np.zeros(len(holiday), dtype=np.int64)
    free = holiday | ((np.arange(len(holiday)) + first_weekday) % 7 >= 5)
    padded = np.concatenate([[False], holiday, [False]])
    beside = (padded[:-2] | padded[2:]) & ~holiday
    kinds[beside] = Kind.BESIDE
    around = np.concatenate([[False], free, [False]])
    kinds[beside & ~free & around[:-2] & around[2:]] = Kind.BRIDGE
    places = np.flatnonzero(holiday)
    for before, after in pairwise(places):
        if 1 < after - before <= BETWEEN:
            kinds[before + 1 : after] = Kind.BRIDGE
    kinds[holiday] = Kind.HOLIDAY
    return kinds


def oddness_of(kind: Kind, observed: Array, weekday: Array, sunday: Array) -> Oddness:
    """How days of a kind are unlike their weekday.

    Parameters
    ----------
    kind : of the days.
    observed : past days of the kind, (day, hour), gaps NaN.
    weekday, sunday : what their weekday and a Sunday would have been, of the same shape.

    Returns
    -------
    What is usual, moved by what was observed.
    """
    usual = USUAL[kind]
    known = ~np.isnan(observed + weekday + sunday)
    level = np.array([abs(day[here].mean()) if here.any() else np.nan for day, here in zip(sunday, known, strict=True)])
    square = np.where(known, (weekday - sunday) ** 2, 0.0).sum(axis=1)
    product = np.where(known, (weekday - sunday) * (observed - sunday), 0.0).sum(axis=1)
    clear = np.flatnonzero(square > known.sum(axis=1) * (LEAST_APART * np.nan_to_num(level)) ** 2)
    # Days on which a weekday is far from a Sunday tell the place best.
    prior = PRIOR_DAYS * (square[clear].mean() if len(clear) else 1.0)
    middle = (prior * usual.place + product[clear].sum()) / (prior + square[clear].sum())
    middle = float(np.clip(middle, *FARTHEST))
    places = {day: float(np.clip(product[day] / square[day], *FARTHEST)) for day in clear}
    rests = []
    for day in np.flatnonzero(known.any(axis=1) & (level > 0)):
        rest = (observed - sunday - places.get(day, middle) * (weekday - sunday))[day, known[day]]
        rests.append(min(float(np.sqrt((rest**2).mean()) / level[day]), MOST_OFF))
    return Oddness(
        middle,
        _spread(usual.place_spread, [place - middle for place in places.values()]),
        _spread(usual.level_spread, rests),
    )


def _spread(usual: float, apart: list[float]) -> float:
    """The root mean square of what is usual and of what was found, and more as the middle itself is unsure."""
    count = PRIOR_DAYS + len(apart)
    return float(np.sqrt((PRIOR_DAYS * usual**2 + sum(each**2 for each in apart)) / count * (1 + 1 / count)))
