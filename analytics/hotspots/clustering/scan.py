"""What a scan for clusters finds, and how likely chance alone would find as much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.errors import HotspotError
from analytics.parallel import Progress, quiet
from data.words import Sentence

__all__ = [
    "Cluster",
    "Scan",
    "Search",
    "Window",
    "checked_cases",
    "expected_by_margins",
    "likelihood_ratio",
    "search_clusters",
]

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

SAME = 1e-9  # relative: sums taken in another order differ by less, clusters that differ do so by more
CROWDED = 10  # cases to a cell from which on a draw a cell is quicker than a draw a case


@dataclass(frozen=True)
class Cluster:
    """Locations and periods with more cases than expected.

    ``locations`` are indices in the order of the input, the centre first (in a grid row * columns + column).
    ``first_period`` to ``last_period`` are indices too, both included. ``relative_risk`` is the rate inside over the
    rate outside, infinite when every case lies inside. ``p`` is the share of maps made by chance whose most likely
    cluster is at least as likely as this one.
    """

    locations: tuple[int, ...]
    first_period: int
    last_period: int
    cases: int
    expected: float
    relative_risk: float
    llr: float
    p: float


@dataclass(frozen=True, eq=False)
class Scan:
    """The clusters of a map, the most likely first; none shares a location with a more likely one.

    ``highest`` holds the log likelihood ratio of the most likely cluster of each map made by chance.
    ``windows_visited`` counts every window evaluated, on the map itself and on those made by chance.
    """

    clusters: tuple[Cluster, ...]
    highest: Floats
    windows_visited: int


@dataclass(frozen=True)
class Search:
    """How to search: the same for circles and for grids.

    ``prospective`` looks only at clusters that are alive in the last period. ``most_time`` is the longest cluster as a
    share of the study period. ``most_clusters`` bounds how many are reported. ``replications`` maps are made by chance:
    999 let p go down to .001.
    """

    prospective: bool = False
    most_time: float = 0.5
    fewest_cases: int = 2
    most_clusters: int = 10
    replications: int = 999
    seed: int = 0

    def longest(self, periods: int) -> int:
        """The longest cluster in periods, at least one."""
        return max(1, int(periods * self.most_time + SAME))


@dataclass(frozen=True, eq=False)
class Window:
    """The best window of one map; without ``locations`` when no window has more cases than expected."""

    llr: float
    locations: npt.NDArray[np.int64]
    first_period: int
    last_period: int
    visited: int


Best = Callable[[Counts, Floats], Window]


def likelihood_ratio(cases: float, expected: float, total: float) -> float:
    """The log likelihood ratio of a window with more cases than expected under the Poisson model, 0 with fewer.

    c ln(c/e) + (C - c) ln((C - c)/(C - e)), where the expected cases of the whole map add up to C: Kulldorff (1997).

    Parameters
    ----------
    cases : observed in the window.
    expected : in the window, above 0.
    total : cases of the whole map.

    Returns
    -------
    0 or more.

    Examples
    --------
    >>> round(likelihood_ratio(85, 49.7112, 552), 3)
    11.577
    """
    if cases <= expected:
        return 0.0
    outside = total - cases
    beyond = outside * np.log(outside / (total - expected)) if outside > 0 else 0.0
    return float(cases * np.log(cases / expected) + beyond)


def checked_cases(cases: npt.ArrayLike, expected: npt.ArrayLike | None) -> tuple[Counts, Floats | None]:
    """Cases as whole numbers, expected cases scaled to the same total.

    Parameters
    ----------
    cases : of any shape.
    expected : of the same shape, on any scale.

    Returns
    -------
    Both, the second None where none was given.

    Raises
    ------
    HotspotError
        When cases are no whole numbers or are none, expected cases are of another shape or negative, or cases lie where
        none are expected.
    """
    given = np.asarray(cases, dtype=float)
    if not np.isfinite(given).all() or (given < 0).any() or (given != np.round(given)).any() or not given.sum():
        raise HotspotError("cases_not_whole")
    if expected is None:
        return given.astype(np.int64), None
    wanted = np.asarray(expected, dtype=float)
    if wanted.shape != given.shape:
        raise HotspotError("scan_shapes", wanted=given.shape, got=wanted.shape)
    if not np.isfinite(wanted).all() or (wanted < 0).any():
        raise HotspotError("expected_negative")
    if (wanted[given > 0] == 0).any():
        raise HotspotError("cases_unexpected", cases=int(given[wanted == 0].sum()))
    return given.astype(np.int64), wanted * (given.sum() / wanted.sum())


def expected_by_margins(cases: Counts) -> Floats:
    """Expected cases (period, location) when location and time do not depend on each other.

    The product of both margins over the total: Kulldorff, Heffernan, Hartman, Assunção and Mostashari (2005).
    """
    expected: Floats = np.outer(cases.sum(axis=1), cases.sum(axis=0)) / cases.sum()
    return expected


def search_clusters(
    cases: Counts, expected: Floats | None, *, best: Best, search: Search, progress: Progress = quiet
) -> Scan:
    """The clusters of ``cases`` (period, location), where ``best`` finds the best window of one map.

    Without ``expected`` the margins say what to expect, and chance deals the times anew among the cases; with it, chance
    deals each case to a location and a period in proportion to what is expected there.

    Parameters
    ----------
    cases : (period, location).
    expected : (period, location), of the same total.
    best : a function from maps to their best windows.
    search : how many maps by chance, and which clusters are kept.
    progress : told how far the work is.

    Returns
    -------
    The clusters, the least likely by chance first.
    """
    usual = expected_by_margins(cases) if expected is None else expected
    windows = _windows(cases, usual, best=best, most=search.most_clusters)
    deal = _permuted(cases) if expected is None else _redistributed(cases, usual)
    highest, visited = np.zeros(search.replications), sum(each.visited for each in windows)
    doing = Sentence("by_chance.maps")
    for replica in range(search.replications):
        progress(replica / search.replications, doing)
        chance = best(deal(np.random.Generator(np.random.Philox([search.seed, replica]))), usual)
        highest[replica] = chance.llr
        visited += chance.visited
    clusters = (_cluster(each, cases, usual, highest) for each in windows if len(each.locations))
    return Scan(tuple(sorted(clusters, key=lambda cluster: -cluster.llr)), highest, visited)


def _windows(cases: Counts, expected: Floats, *, best: Best, most: int) -> list[Window]:
    """The best window, then the best that shares no location with those before, until there is none."""
    left = expected.copy()
    windows: list[Window] = []
    while len(windows) < most and (not windows or len(windows[-1].locations)):
        windows.append(best(cases, left))
        # A window that expects every case is never a cluster: so taken locations are out of the search.
        left[:, windows[-1].locations] += cases.sum()
    return windows


def _cluster(window: Window, cases: Counts, expected: Floats, highest: Floats) -> Cluster:
    total = int(cases.sum())
    inside = np.ix_(np.arange(window.first_period, window.last_period + 1), window.locations)
    count, usual = int(cases[inside].sum()), float(expected[inside].sum())
    llr = likelihood_ratio(count, usual, total)
    return Cluster(
        locations=tuple(int(location) for location in window.locations),
        first_period=window.first_period,
        last_period=window.last_period,
        cases=count,
        expected=usual,
        relative_risk=(count / usual) / ((total - count) / (total - usual)) if count < total else np.inf,
        llr=llr,
        p=(1 + int((highest >= llr * (1 - SAME)).sum())) / (1 + len(highest)),
    )


def _redistributed(cases: Counts, expected: Floats) -> Callable[[np.random.Generator], Counts]:
    total, shape = int(cases.sum()), cases.shape
    share = expected.ravel() / expected.sum()
    if total > CROWDED * share.size:
        return lambda random: random.multinomial(total, share).reshape(shape)
    # The same distribution; unless there are many cases to a cell it is cheaper to place them one by one.
    from analytics.hotspots.clustering._scan_loops import dealt

    upper = np.cumsum(share)
    upper[np.flatnonzero(share)[-1] :] = 1.0
    guide = np.searchsorted(upper, np.arange(share.size) / share.size, side="right")

    def deal(random: np.random.Generator) -> Counts:
        counts: Counts = dealt(random.random(total), upper, guide)
        return counts.reshape(shape)

    return deal


def _permuted(cases: Counts) -> Callable[[np.random.Generator], Counts]:
    period, location = (np.repeat(each, cases.ravel()) for each in np.indices(cases.shape).reshape(2, -1))
    locations = cases.shape[1]

    def deal(random: np.random.Generator) -> Counts:
        return np.bincount(random.permutation(period) * locations + location, minlength=cases.size).reshape(cases.shape)

    return deal
