"""Models of where to locate: the least mean distance, the most covered, the least farthest, and the fewest that cover all.

Each is a mixed integer programme for HiGHS (``scipy.optimize.milp``), which proves how far its answer may lie from the best.
Places are columns of a distance matrix (demand × place); a place that is kept is open whatever is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import scipy
from scipy import sparse

from analytics.scenarios.engines.sites.lagrangian import search

__all__ = ["Located", "Rules", "centre", "cover_all", "coverage", "farthest", "median", "near_ties", "total"]

Floats = npt.NDArray[np.float64]
Places = tuple[int, ...]

SECONDS = 30.0  # a search that takes longer gives the best that it has found, with the gap
MOST_PAIRS = 15_000  # of a demand and a place that it gains from: a programme of more may take minutes
SAME = 1e-9  # of the largest distance: what rounding may add


@dataclass(frozen=True)
class Rules:
    """What may be chosen: exactly ``size`` places beside those ``kept`` (at most so many where a ``budget`` limits them).

    ``cost`` is what each place costs, ``barred`` sets that may not be chosen again, ``seconds`` how long to search.
    """

    size: int | None = None
    kept: Places = ()
    cost: Floats | None = None
    budget: float | None = None
    barred: tuple[Places, ...] = ()
    seconds: float = SECONDS


@dataclass(frozen=True)
class Located:
    """Places beside those kept, in order; the objective's ``value``, and the ``bound`` that no choice can pass."""

    chosen: Places
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """How far the value may lie from the best there is, as a share of the value; 0 is proven to be the best."""
        apart = abs(self.value - self.bound)
        return 0.0 if apart <= SAME * max(1.0, abs(self.value)) else apart / max(abs(self.value), SAME)


def median(distance: Floats, weight: Floats, rules: Rules, *, within: float | None = None) -> Located | None:
    """The places with the least mean distance to the nearest (the p-median: Hakimi 1964, Operations Research 12:450-459).

    Only what a place gains counts: how much nearer it is than the nearest that is kept, or, where none is kept, than the
    farthest place of all, which some place always is no farther than.

    Parameters
    ----------
    distance : demand × place.
    weight : by demand.
    rules : what may be chosen.
    within : no demand may be farther from its nearest place; None is no limit.

    Returns
    -------
    Located or None
        ``value`` is the weighted sum of distances; None where nothing may be chosen.
    """
    kept = list(rules.kept)
    gain = weight[:, None] * np.maximum(_start(distance, rules)[:, None] - distance, 0.0)
    gain[:, kept] = 0.0
    plain = rules.budget is None and within is None and not rules.barred
    number = rules.size or 0
    if plain and np.count_nonzero(gain) > MOST_PAIRS and 0 < number <= len(gain.T) - len(kept):
        return _large(distance, weight, rules, gain, size=number)
    return _programme(distance, weight, rules, gain, within=within)


def _programme(
    distance: Floats, weight: Floats, rules: Rules, gain: Floats, *, within: float | None = None
) -> Located | None:
    """The median as a programme of all pairs that gain."""
    rows, places = np.nonzero(gain)
    count, pairs, demands = distance.shape[1], len(rows), len(distance)
    # Variables: each place, then how much of each demand goes to a place that is nearer.
    value = np.concatenate([np.zeros(count), -gain[rows, places]])
    each = np.arange(pairs)
    ones = np.ones(pairs)
    both = (np.r_[each, each], np.r_[count + each, places])
    opened = sparse.coo_array((np.r_[ones, -ones], both), (pairs, count + pairs))
    once = sparse.coo_array((ones, (rows, count + each)), (demands, count + pairs))
    links = [
        scipy.optimize.LinearConstraint(opened.tocsr(), ub=0.0),
        scipy.optimize.LinearConstraint(once.tocsr(), ub=1.0),
    ]
    if within is not None:
        near = (distance <= within).astype(float)
        reached = sparse.hstack([sparse.csr_array(near), sparse.csr_array((demands, pairs))], format="csr")
        links.append(scipy.optimize.LinearConstraint(reached, lb=1.0))
    found = _solved(value, links, rules, count)
    if found is None:
        return None
    chosen, bound = found
    start = float(weight @ _start(distance, rules))
    return Located(chosen, total(distance, weight, (*rules.kept, *chosen)), start + bound)


def _start(distance: Floats, rules: Rules) -> Floats:
    """How far each demand goes without any choice: to the nearest that is kept, or as far as the farthest place of all."""
    found: Floats = distance[:, list(rules.kept)].min(axis=1) if rules.kept else distance.max(axis=1)
    return found


def _large(distance: Floats, weight: Floats, rules: Rules, gain: Floats, *, size: int) -> Located:
    """The median by prices, swaps and branching."""
    free = np.setdiff1d(np.arange(distance.shape[1]), rules.kept)
    whole = all(bool((each == np.round(each)).all()) for each in (distance, weight))
    found = search(gain[:, free].T, size=size, whole=whole)
    start = float(weight @ _start(distance, rules))
    chosen = tuple(int(each) for each in free[found.chosen])
    value = total(distance, weight, (*rules.kept, *chosen))
    bound = value if found.proven else start - found.bound
    return Located(chosen, value, bound)


def coverage(distance: Floats, weight: Floats, rules: Rules, *, reach: float) -> Located | None:
    """The places with most demand within reach (maximal covering: Church and ReVelle 1974, Papers of the Regional Science
    Association 32:101-118).

    Parameters
    ----------
    distance : demand × place.
    weight : by demand.
    rules : what may be chosen.
    reach : in the unit of the distances; what lies exactly at it is covered.

    Returns
    -------
    Located or None
        ``value`` is the weight that is covered, by those kept, too.
    """
    near = distance <= reach
    kept = list(rules.kept)
    done = near[:, kept].any(axis=1)
    already, count = float(weight[done].sum()), distance.shape[1]
    # Demands with the same places in reach are one: the programme shrinks by as much as they are alike.
    patterns, at = np.unique(near[~done & near.any(axis=1)], axis=0, return_inverse=True)
    weights = np.bincount(at.ravel(), weight[~done & near.any(axis=1)], minlength=len(patterns))
    covered = sparse.hstack([sparse.csr_array(-patterns.astype(float)), sparse.eye_array(len(patterns))], format="csr")
    links = [scipy.optimize.LinearConstraint(covered, ub=0.0)] if len(patterns) else []
    found = _solved(np.concatenate([np.zeros(count), -weights]), links, rules, count)
    if found is None:
        return None
    chosen, bound = found
    value = float(weight[near[:, [*kept, *chosen]].any(axis=1)].sum())
    return Located(chosen, value, already - bound)


def cover_all(distance: Floats, rules: Rules, *, reach: float) -> Located | None:
    """The fewest (or cheapest) places that have all demand within reach (set covering: Toregas et al. 1971, Operations
    Research 19:1363-1373).

    Parameters
    ----------
    distance : demand × place.
    rules : what may be chosen; ``size`` and ``budget`` only where they are stated.
    reach : in the unit of the distances.

    Returns
    -------
    Located or None
        ``value`` is the number of places, or their cost; None where some demand has no place in reach.
    """
    near = distance <= reach
    kept = list(rules.kept)
    todo = near[~near[:, kept].any(axis=1)]
    if not todo.any(axis=1).all():
        return None
    count = distance.shape[1]
    patterns = np.unique(todo, axis=0)
    links = [scipy.optimize.LinearConstraint(sparse.csr_array(patterns.astype(float)), lb=1.0)] if len(patterns) else []
    price = np.ones(count) if rules.cost is None else rules.cost
    found = _solved(price, links, rules, count)
    return None if found is None else Located(found[0], float(price[list(found[0])].sum()), found[1])


def centre(distance: Floats, rules: Rules, *, weight: Floats | None = None) -> Located | None:
    """The places from which the farthest demand is least far (the p-centre: Hakimi 1964), and of these the ones with the
    least mean distance.

    A distance is enough where some allowed places cover all within it; halving among the distances that there are finds
    the least that is (Minieka 1970, SIAM Review 12:138-139).

    Parameters
    ----------
    distance : demand × place.
    rules : what may be chosen.
    weight : by demand; what weighs nothing need not be reached.

    Returns
    -------
    Located or None
        ``value`` is the farthest distance.
    """
    weight = np.ones(len(distance)) if weight is None else weight
    counted, weight = distance[weight > 0], weight[weight > 0]
    within = np.unique(counted)
    low, high = 0, len(within) - 1
    while low < high:
        middle = (low + high) // 2
        if cover_all(counted, rules, reach=float(within[middle])) is None:
            low = middle + 1
        else:
            high = middle
    found = median(counted, weight, rules, within=float(within[low]))
    if found is None:
        return None
    return Located(found.chosen, farthest(counted, (*rules.kept, *found.chosen)), float(within[low]))


def farthest(distance: Floats, places: Sequence[int]) -> float:
    """The greatest distance of a demand from its nearest open place.

    Parameters
    ----------
    distance : demand × place.
    places : that are open.

    Returns
    -------
    float
        In the unit of the distances.
    """
    return float(distance[:, list(places)].min(axis=1).max())


def total(distance: Floats, weight: Floats, places: Sequence[int]) -> float:
    """The weighted sum of the distances to the nearest open place.

    Parameters
    ----------
    distance : demand × place.
    weight : by demand.
    places : that are open.

    Returns
    -------
    float
        Weight times distance.
    """
    return float(weight @ distance[:, list(places)].min(axis=1))


def near_ties(
    solve: Callable[[Rules], Located | None],
    rules: Rules,
    best: Located,
    *,
    within: Callable[[Located], bool],
    most: int,
) -> Iterator[Located]:
    """Other choices that are about as good, the best of them first, each found by forbidding those before it.

    Parameters
    ----------
    solve : finds the best choice that rules allow.
    rules : those by which ``best`` was found.
    best : the first choice.
    within : whether a choice is about as good.
    most : how many at most.

    Yields
    ------
    Located
        While there are some.
    """
    barred = [*rules.barred, best.chosen]
    for _ in range(most):
        found = solve(replace(rules, barred=tuple(barred)))
        if found is None or not within(found):
            return
        yield found
        barred.append(found.chosen)


def _solved(
    value: Floats, links: Sequence[scipy.optimize.LinearConstraint], rules: Rules, count: int
) -> tuple[Places, float] | None:
    """The places chosen beside those kept, and a bound of what is minimised; the first ``count`` variables are places."""
    kept = np.zeros(count, dtype=bool)
    kept[list(rules.kept)] = True
    free = np.flatnonzero(~kept)
    if rules.size is not None and not 0 <= rules.size <= len(free):
        return None
    lower = np.concatenate([kept.astype(float), np.zeros(len(value) - count)])
    answer = scipy.optimize.milp(
        value,
        constraints=[*links, *_limits(rules, free, len(value))],
        integrality=np.concatenate([np.ones(count), np.zeros(len(value) - count)]),
        bounds=scipy.optimize.Bounds(lower, np.ones(len(value))),
        options={"time_limit": rules.seconds, "mip_rel_gap": 0.0},
    )
    if answer.x is None:
        return None
    chosen = tuple(int(place) for place in free if answer.x[place] > 0.5)
    return chosen, float(answer.mip_dual_bound)


def _limits(rules: Rules, free: npt.NDArray[np.intp], variables: int) -> list[scipy.optimize.LinearConstraint]:
    """How many, for how much, and not what was found before."""

    def row(places: npt.NDArray[np.intp], weights: Floats) -> sparse.csr_array:
        return sparse.coo_array((weights, (np.zeros(len(places), dtype=int), places)), (1, variables)).tocsr()

    found = []
    if rules.size is not None:
        least = rules.size if rules.budget is None else 0
        found.append(scipy.optimize.LinearConstraint(row(free, np.ones(len(free))), lb=least, ub=rules.size))
    if rules.budget is not None and rules.cost is not None:
        found.append(scipy.optimize.LinearConstraint(row(free, rules.cost[free]), ub=rules.budget))
    for barred in rules.barred:  # at least one of its places is closed, or one beside it is open
        inside = np.isin(free, barred)
        found.append(scipy.optimize.LinearConstraint(row(free, np.where(inside, -1.0, 1.0)), lb=1.0 - len(barred)))
    return found
