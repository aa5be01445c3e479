"""Kulldorff's scan statistic over locations: circles that grow around each of them, and cylinders in space and time.

Kulldorff (1997), A spatial scan statistic; Kulldorff (2001), Prospective time periodic geographical disease surveillance;
Kulldorff et al. (2005), A space-time permutation scan statistic for disease outbreak detection.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.errors import HotspotError
from analytics.hotspots.clustering.scan import (
    SAME,
    Best,
    Counts,
    Floats,
    Scan,
    Search,
    Window,
    checked_cases,
    search_clusters,
)
from analytics.parallel import Progress, quiet

__all__ = ["Circles", "circles", "scan_circles", "scan_cylinders"]

MOST_LOCATIONS = 10_000  # the distances among more no longer fit in memory: a grid does that better
ROWS = 256  # distances are sorted for so many centres at a time


@dataclass(frozen=True, eq=False)
class Circles:
    """The circles around each location, from the location alone to the largest share of the population.

    ``order`` (location, neighbour) holds the nearest locations first, ``size`` how many of them the largest circle has,
    ``complete`` whether a circle may end there: locations equally far enter together.
    """

    population: Floats
    order: npt.NDArray[np.int32]
    size: npt.NDArray[np.int64]
    complete: npt.NDArray[np.bool_]


def circles(
    x: npt.ArrayLike, y: npt.ArrayLike, *, population: npt.ArrayLike, most_population: float = 0.5,
    great_circle: bool = False,
) -> Circles:  # fmt: skip
    """Circles around each of n locations.

    Parameters
    ----------
    x, y : (n) coordinates of one unit, or longitude and latitude in degrees when ``great_circle``.
    population : (n) people at risk; for the space-time permutation the cases of each location.
    most_population : the largest circle's share of the population; half of it is the usual choice, because a larger
        cluster is better told as a lack of cases outside.
    great_circle : whether coordinates are degrees on a globe.

    Returns
    -------
    For each location the locations around it, the nearest first.

    Raises
    ------
    HotspotError
        When the locations are too many, or their columns do not fit together.
    """
    people = np.asarray(population, dtype=float)
    points = _points(np.asarray(x, dtype=float), np.asarray(y, dtype=float), great_circle=great_circle)
    if len(people) > MOST_LOCATIONS:
        raise HotspotError("too_many_locations", locations=len(people), most=MOST_LOCATIONS)
    if people.ndim != 1 or len(points) != len(people):
        raise HotspotError("scan_shapes", wanted=(len(points),), got=people.shape)
    if not np.isfinite(points).all() or not np.isfinite(people).all() or (people < 0).any() or not people.sum():
        raise HotspotError("locations_incomplete")
    most = most_population * people.sum() * (1 + SAME)
    parts = [_around(points, people, slice(start, start + ROWS), most=most) for start in range(0, len(points), ROWS)]
    order, size, complete = (np.concatenate(each) for each in zip(*parts, strict=True))
    widest = max(1, int(size.max()))
    return Circles(people, order[:, :widest].copy(), size, complete[:, :widest].copy())


def _points(x: Floats, y: Floats, *, great_circle: bool) -> Floats:
    if not great_circle:
        return np.column_stack([x, y])
    # On the unit sphere the straight line grows with the arc: the order of the neighbours is the same.
    longitude, latitude = np.radians(x), np.radians(y)
    flat = np.cos(latitude)
    return np.column_stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)])


def _around(
    points: Floats, people: Floats, centres: slice, *, most: float
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    gaps = points[centres, None, :] - points[None, :, :]
    distance = np.sqrt((gaps**2).sum(axis=2))
    order = np.argsort(distance, axis=1, kind="stable")
    sorted_distance = np.take_along_axis(distance, order, axis=1)
    complete = np.ones(order.shape, dtype=np.bool_)
    complete[:, :-1] = sorted_distance[:, 1:] > sorted_distance[:, :-1] * (1 + SAME)
    within = np.cumsum(people[order], axis=1) <= most
    return order.astype(np.int32), within.sum(axis=1), complete


def scan_circles(
    cases: npt.ArrayLike,
    *,
    around: Circles,
    expected: npt.ArrayLike | None = None,
    search: Search | None = None,
    progress: Progress = quiet,
) -> Scan:
    """Circles with more cases than their population lets expect.

    The log likelihood ratio is that of the Poisson model (Kulldorff 1997), p is that of a Monte Carlo test that deals
    the same number of cases anew: it accounts for all circles searched.

    Parameters
    ----------
    cases : (location) whole numbers.
    around : the circles to search.
    expected : (location) expected cases on any scale; the population when none are given.
    search : how many maps by chance, and which clusters are kept.
    progress : told how far the work is.

    Returns
    -------
    The clusters, the least likely by chance first.

    Raises
    ------
    HotspotError
        When cases and expected cases do not fit together.
    """
    known, usual = checked_cases(cases, around.population if expected is None else expected)
    assert usual is not None
    asked = search or Search()
    return search_clusters(
        known[None, :], usual[None, :], best=_best(around, 1, known, asked), search=asked, progress=progress
    )


def scan_cylinders(
    cases: npt.ArrayLike,
    *,
    around: Circles,
    expected: npt.ArrayLike | None = None,
    search: Search | None = None,
    progress: Progress = quiet,
) -> Scan:
    """Circles and stretches of time with more cases than expected.

    Parameters
    ----------
    cases : (location, period) whole numbers.
    around : the circles to search.
    expected : (location, period) expected cases on any scale. Without them the margins say what to expect and chance
        permutes the times (Kulldorff et al. 2005): that needs no population, and finds only what is unusual both for
        the location and for the time.
    search : ``prospective`` keeps only clusters alive in the last period (Kulldorff 2001).
    progress : told how far the work is.

    Returns
    -------
    The clusters, the least likely by chance first.

    Raises
    ------
    HotspotError
        When cases, expected cases and circles do not fit together.
    """
    known, usual = checked_cases(cases, expected)
    asked = search or Search()
    if known.ndim != 2:
        raise HotspotError("scan_shapes", wanted=(len(around.order), "periods"), got=known.shape)
    best = _best(around, known.shape[1], known, asked)
    return search_clusters(known.T, None if usual is None else usual.T, best=best, search=asked, progress=progress)


def _best(around: Circles, periods: int, known: Counts, search: Search) -> Best:
    """What finds the best cylinder of one map (period, location)."""
    from analytics.hotspots.clustering._scan_loops import best_cylinder, limits

    if len(known) != len(around.order):
        raise HotspotError("scan_shapes", wanted=(len(around.order),), got=known.shape[:1])
    first, last = _intervals(periods, search)
    total = int(known.sum())
    levels, limit = limits(total, search.fewest_cases)

    def best(cases: Counts, expected: Floats) -> Window:
        llr, centre, locations, interval, visited = best_cylinder(
            _summed(cases), _summed(expected), around.order, around.size, around.complete, first, last, float(total),
            levels, limit,
        )  # fmt: skip
        inside = around.order[centre, :locations].astype(np.int64)
        return Window(llr, inside, int(first[interval]), int(last[interval]), visited)

    return best


def _intervals(periods: int, search: Search) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    longest = search.longest(periods)
    ends = range(periods - 1, periods) if search.prospective else range(periods)
    pairs = [(start, end) for end in ends for start in range(max(0, end - longest + 1), end + 1)]
    first, last = np.array(pairs, dtype=np.int64).T.copy()
    return first, last


def _summed(values: npt.NDArray[np.int64] | Floats) -> npt.NDArray[np.int64] | Floats:
    """(location, period + 1): the sums over all periods before."""
    table = np.zeros((values.shape[1], values.shape[0] + 1), dtype=values.dtype)
    np.cumsum(values.T, axis=1, out=table[:, 1:])
    return table
