"""Trips corrected by counts: the matrix near a prior whose equilibrium carries what counters saw, and how far it moved."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array

from analytics.caveats import assess
from analytics.errors import TrafficError
from analytics.parallel import Progress, quiet
from analytics.results import Caveat
from analytics.traffic.assignment import Assignment, assign
from analytics.traffic.counts import CountFit, counted_links, fit_of_counts
from analytics.traffic.demand import Demand, Pairs
from analytics.traffic.road import Floats, Road
from data import Counters
from data.words import Sentence

__all__ = ["Estimation", "Spreads", "estimate_matrix"]

ROUNDS = 8  # of assignment and least squares at most; some four are usual
STILL = 0.002  # of all trips: what moves less from round to round is still
CHOSEN = 4  # rounds in which the counts choose how far the prior is off: by then routes are nearly those of the answer
INNER = 3  # Gauss-Newton steps while routes stand still
GAP = 1e-5
COUNT_ERROR = 0.03  # of a count: what some days of counting stray by
# What prior errors are tried: of a zone's trips, of a pair's, as standard deviations of logarithms.
ZONES_TRIED, PAIRS_TRIED, COUNTS_TRIED = (0.05, 0.15, 0.25, 0.4, 0.6), (0.1, 0.25, 0.5, 0.8), (0.03, 0.06, 0.1, 0.15)
ALL_TRIPS = 0.1  # … and of all trips together
MOVED = 0.5  # a zone whose trips change by more than this share is named


@dataclass(frozen=True)
class Spreads:
    """How far a prior may be off, as standard deviations of logarithms (those of a zone, of a pair, of all trips together), and
    by what share of itself a count may be, beside chance.
    """

    zone: float
    pair: float
    whole: float = ALL_TRIPS
    count: float = COUNT_ERROR


@dataclass(frozen=True, eq=False)
class Estimation:
    """A matrix corrected by counts.

    ``prior`` and ``demand`` are the trips before and after, ``before`` and ``after`` the counters beside their equilibria,
    ``assignment`` the equilibrium of the second. ``spreads`` is how far the prior was taken to be off; ``chosen`` says whether
    the counts themselves chose it. ``moved`` by round is the share of all trips that moved.
    """

    prior: Demand
    demand: Demand
    assignment: Assignment
    before: CountFit
    after: CountFit
    spreads: Spreads
    chosen: bool
    moved: tuple[float, ...]

    @property
    def zones(self) -> pd.DataFrame:
        """Trips that start and end by zone, before and after: the change from the prior."""
        named = {"starting": 1, "ending": 0}
        columns = {f"{name}_before": self.prior.matrix.sum(axis=axis) for name, axis in named.items()}
        columns |= {name: self.demand.matrix.sum(axis=axis) for name, axis in named.items()}
        return pd.DataFrame(columns, index=pd.Index(self.prior.zone_ids, name="zone_id"))

    @property
    def change(self) -> float:
        """The share of trips that the counts moved: half of all that was added and taken away, over the prior's trips."""
        return float(np.abs(self.demand.matrix - self.prior.matrix).sum() / 2 / self.prior.matrix.sum())

    @property
    def growth(self) -> float:
        """How many more trips there are than in the prior, as a share."""
        return float(self.demand.matrix.sum() / self.prior.matrix.sum() - 1)

    @property
    def caveats(self) -> tuple[Caveat, ...]:
        """What limits the matrix."""
        return self.after.caveats + assess(**self.facts)

    @property
    def facts(self) -> dict[str, Any]:
        """What caveats of the matrix are computed from."""
        zones = self.zones
        known = zones[zones["starting_before"] > 0]
        far = known.index[(known["starting"] / known["starting_before"] - 1).abs() > MOVED]
        return {
            "estimated_change": self.change, "estimated_far_zones": tuple(str(each) for each in far),
            "estimated_counters": len(self.after.frame), "estimated_pairs": len(self.prior.pairs.trips),
            "estimated_moving": self.moved[-1], "estimated_still": STILL,
        }  # fmt: skip


def estimate_matrix(
    road: Road, prior: Demand, counters: Counters, *, spreads: Spreads | None = None, progress: Progress = quiet,
) -> Estimation:  # fmt: skip
    """The trips near a prior whose equilibrium carries what was counted.

    Generalised least squares: the logarithms of trips stray from the prior's by errors that all trips, those of an origin, of a
    destination and of a pair share; counts stray from the volumes by a share of themselves and by chance (Poisson). What makes
    both least is solved by Gauss-Newton for the routes of an equilibrium, then the equilibrium anew for the trips, in
    turn (a bi-level problem, solved by alternating). Logarithms keep trips above 0, and a pair without trips has none.

    Parameters
    ----------
    road : with the nodes of the zones.
    prior : trips of a gravity model, or of an old matrix.
    counters : on the road's network, in the hours of the trips.
    spreads : how far the prior may be off; those that make the counts likeliest where nobody says (empirical Bayes).
    progress : told the round.

    Returns
    -------
    Estimation
        With the change from the prior.

    Raises
    ------
    TrafficError
        When there are no counters, or no prior trip passes any.

    References
    ----------
    Cascetta 1984, Transportation Research B 18:289-299 (generalised least squares); Yang, Sasaki, Iida & Asakura 1992,
    Transportation Research B 26:417-434 (with equilibrium); Maher 1983, Transportation Research B 17:435-447 (Bayesian).
    """
    seen = counted_links(counters, road)
    counted = counters.frame["volume"].to_numpy(float)
    assignment = assign(road, prior, gap=GAP)
    before = fit_of_counts(counters, assignment)
    if not (assignment.volume[seen] > 0).any():
        raise TrafficError("counters_see_nothing", counters=counters.title)
    pairs = prior.pairs
    passing = _passing(assignment, pairs, seen)
    shift, demand, moved = np.zeros(len(pairs.trips)), prior, list[float]()
    own = spreads or _likeliest(shift, passing, pairs, counted)
    for turn in range(1, ROUNDS + 1):
        progress(turn / ROUNDS, Sentence("matrices.estimating", {"round": turn, "rounds": ROUNDS}))
        if spreads is None and 1 < turn <= CHOSEN:
            own = _likeliest(shift, passing, pairs, counted)
        shift = _shifted(shift, passing, pairs, counted, own)
        fresh = _with_trips(prior, pairs.trips * np.exp(shift))
        moved.append(float(np.abs(fresh.matrix - demand.matrix).sum() / demand.matrix.sum()))
        demand = fresh
        assignment = assign(road, demand, gap=GAP, start=assignment)
        if moved[-1] < STILL:
            break
        passing = passing + (_passing(assignment, pairs, seen) - passing) / (
            turn + 1
        )  # routes averaged, or they would swing
    return Estimation(
        prior, demand, assignment, before, fit_of_counts(counters, assignment), own, spreads is None, tuple(moved)
    )


def _passing(assignment: Assignment, pairs: Pairs, seen: npt.NDArray[np.int64]) -> Floats:
    """The share of each pair's trips that passes each counter (counter, pair)."""
    if assignment.paths is None or len(assignment.paths.pairs.trips) != len(pairs.trips):
        raise TrafficError("estimation_paths")
    return np.asarray(assignment.paths.shares(len(assignment.volume))[seen].toarray(), dtype=np.float64)


def _with_trips(prior: Demand, trips: Floats) -> Demand:
    matrix = prior.matrix.copy()  # trips within a zone stay
    matrix[prior.pairs.origin, prior.pairs.destination] = trips
    return Demand(prior.zone_ids, prior.nodes, matrix)


def _spread_over(rows: Floats, pairs: Pairs, spreads: Spreads) -> Floats:
    """The prior's covariance of logarithms times the columns of ``rows`` transposed: (pair, row)."""
    columns = rows.T
    found = spreads.pair**2 * columns + spreads.whole**2 * columns.sum(axis=0)
    for zone_of in (pairs.origin, pairs.destination):
        member = csr_array((np.ones(len(zone_of)), (zone_of, np.arange(len(zone_of)))))
        found += spreads.zone**2 * np.asarray(member @ columns)[zone_of]
    return np.asarray(found)


def _shifted(
    shift: Floats, passing: Floats, pairs: Pairs, counted: Floats, spreads: Spreads
) -> Floats:  # fmt: skip
    """Logarithms of trips over the prior's by Gauss-Newton, the routes as they are."""
    noise = np.diag(_noise(counted, spreads))
    for _ in range(INNER):
        trips = pairs.trips * np.exp(shift)
        slopes = passing * trips
        spread = _spread_over(slopes, pairs, spreads)
        left = counted - passing @ trips + slopes @ shift
        shift = spread @ cho_solve(cho_factor(slopes @ spread + noise), left)
    return shift


def _likeliest(shift: Floats, passing: Floats, pairs: Pairs, counted: Floats) -> Spreads:
    """The spreads under which the counts are likeliest, volumes linear in the logarithms of trips about what these are now."""
    trips = pairs.trips * np.exp(shift)
    slopes = passing * trips
    left = counted - passing @ trips + slopes @ shift
    parts = [
        slopes @ _spread_over(slopes, pairs, only) for only in (Spreads(1, 0, 0), Spreads(0, 1, 0), Spreads(0, 0, 1))
    ]
    best, most = Spreads(ZONES_TRIED[0], PAIRS_TRIED[0]), -np.inf
    for zone, pair, count in product(ZONES_TRIED, PAIRS_TRIED, COUNTS_TRIED):
        tried = Spreads(zone, pair, count=count)
        spread = zone**2 * parts[0] + pair**2 * parts[1] + tried.whole**2 * parts[2]
        factor = cho_factor(spread + np.diag(_noise(counted, tried)))
        likelihood = -float(np.log(np.diag(factor[0])).sum()) - float(left @ cho_solve(factor, left)) / 2
        if likelihood > most:
            best, most = tried, likelihood
    return best


def _noise(counted: Floats, spreads: Spreads) -> Floats:
    """The variance of counts about the volumes."""
    return np.asarray((spreads.count * counted) ** 2 + np.maximum(counted, 1.0))
