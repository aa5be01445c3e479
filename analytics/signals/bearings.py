"""From where an approach comes: as the city states it, by its name, or evenly around the junction."""

from __future__ import annotations

import math
from collections.abc import Mapping

from analytics.signals.layouts import Layout

__all__ = ["bearings_of", "degrees_apart", "facing"]

COMPASS = {
    "north": 0, "n": 0, "northeast": 45, "ne": 45, "east": 90, "e": 90, "southeast": 135, "se": 135, "south": 180, "s": 180,
    "southwest": 225, "sw": 225, "west": 270, "w": 270, "northwest": 315, "nw": 315,
}  # fmt: skip
FACES = 60.0  # degrees within which an approach comes from where a neighbour stands


def bearings_of(layout: Layout, stated: Mapping[str, float] | None = None) -> dict[str, float]:
    """Degrees from north from which each approach comes: as stated, by its name, or evenly around in their order.

    Parameters
    ----------
    layout : the junction.
    stated : degrees by approach, where they are known.

    Returns
    -------
    dict
        By approach.
    """
    names, known = layout.approaches, dict(stated or {})
    named = {each: float(COMPASS[each.lower()]) for each in names if each.lower() in COMPASS} | known
    if all(each in named for each in names):
        return {each: named[each] % 360 for each in names}
    return {each: 360.0 * place / len(names) for place, each in enumerate(names)}


def degrees_apart(one: float, other: float) -> float:
    """The angle between two bearings, from 0 to 180.

    Parameters
    ----------
    one, other : degrees.

    Returns
    -------
    float
        Degrees.

    Examples
    --------
    >>> degrees_apart(350, 20)
    30
    """
    return abs((one - other + 180) % 360 - 180)


def facing(bearings: Mapping[str, float], own: tuple[float, float], other: tuple[float, float]) -> str | None:
    """The approach that comes from where another junction stands.

    Parameters
    ----------
    bearings : degrees by approach.
    own, other : metres east and north of the junction and of the other.

    Returns
    -------
    str or None
        The nearest in angle; None where none comes from there.
    """
    wanted = math.degrees(math.atan2(other[0] - own[0], other[1] - own[1])) % 360
    near = min(bearings, key=lambda each: degrees_apart(bearings[each], wanted), default=None)
    return near if near is not None and degrees_apart(bearings[near], wanted) <= FACES else None
