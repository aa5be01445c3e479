"""Trips from population and jobs by a doubly constrained gravity model, its deterrence fitted to how long trips are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from analytics.errors import TrafficError
from analytics.traffic.assignment import Assignment, assign, cheapest_costs
from analytics.traffic.demand import Demand
from analytics.traffic.road import Floats, Road

__all__ = ["Deterrence", "Gravity", "fit_gravity", "gravity_on", "spread"]

BALANCED = 1e-9  # of the trips of a zone: how exactly rows and columns are met
MOST_ROUNDS = 2_000  # of balancing; some tens are usual
MOST_STEPS = 60  # of fitting; three are usual
HALVINGS = 30
FARTHEST = 200.0  # of a logarithm: what a step of the fit may try without an overflow
FITTED = 1e-6  # of the mean that is wanted
MISSED = 0.05  # … beyond which no deterrence makes trips that long or short
CLOSE = 1e-3  # … within which the fit is told as met
ASIDE = 1e-4  # by how much a parameter is moved to see its slope
ROUNDS = 6  # of assignment and gravity: by then minutes and trips hardly change
GAP = 1e-4


@dataclass(frozen=True)
class Deterrence:
    """How trips become fewer with minutes: ``minutes ** shape * exp(-rate * minutes)``; a shape of 0 is the exponential."""

    rate: float
    shape: float = 0.0

    def of(self, minutes: Floats) -> Floats:
        """The factor by minutes; 0 where there is no way."""
        known = np.isfinite(minutes)
        safe = np.where(known, np.maximum(minutes, 1e-9), 1.0)
        logs = np.clip(self.shape * np.log(safe) - self.rate * safe, -FARTHEST, FARTHEST)
        return np.asarray(np.where(known, np.exp(logs), 0.0))


@dataclass(frozen=True, eq=False)
class Gravity:
    """Trips by a gravity model and its fit.

    ``matrix`` (origin, destination) in vehicles an hour; ``minutes`` those between zones that it was made with. The mean
    minutes of its trips, ``mean``, should be ``wanted``; for the gamma function their mean logarithm, ``mean_log``, should be
    ``wanted_log`` too. ``balance`` is the largest share by which a row misses its trips, ``steps`` those of the fit.
    """

    matrix: Floats
    minutes: Floats
    deterrence: Deterrence
    mean: float
    wanted: float
    balance: float
    steps: int
    mean_log: float = field(default=float("nan"))
    wanted_log: float = field(default=float("nan"))

    @property
    def fitted(self) -> bool:
        """Whether the mean is as wanted to a thousandth, and the mean logarithm where one is wanted."""
        near = abs(self.mean / self.wanted - 1) < CLOSE
        return bool(near and (np.isnan(self.wanted_log) or abs(self.mean_log - self.wanted_log) < CLOSE))


def spread(starting: Floats, ending: Floats, liking: Floats) -> tuple[Floats, float]:
    """Trips that start and end as they should, else as ``liking``: each cell of it times a factor of its row and its column.

    Parameters
    ----------
    starting, ending : trips by zone, with the same sum.
    liking : (origin, destination), not negative.

    Returns
    -------
    tuple
        The matrix, and the largest share by which a row misses its sum; columns are met.

    Raises
    ------
    TrafficError
        When a zone has trips and no zone to exchange them with.

    References
    ----------
    Furness 1965, Traffic Engineering and Control 7:458-460; Wilson 1967, Transportation Research 1:253-269.

    Examples
    --------
    >>> import numpy as np
    >>> spread(np.array([30.0, 10.0]), np.array([20.0, 20.0]), np.ones((2, 2)))[0].tolist()
    [[15.0, 15.0], [5.0, 5.0]]
    """
    alone = (starting > 0) & ~(liking[:, ending > 0] > 0).any(axis=1)
    unsought = (ending > 0) & ~(liking[starting > 0] > 0).any(axis=0)
    if alone.any() or unsought.any():
        raise TrafficError("gravity_alone", zones=int((alone | unsought).sum()))
    columns, error = np.ones(len(ending)), np.inf
    rows = columns
    for _ in range(MOST_ROUNDS):
        rows = _over(starting, liking @ columns)
        columns = _over(ending, rows @ liking)
        missed = np.abs(rows * (liking @ columns) - starting)
        error = float(np.max(_over(missed, starting), initial=0.0))
        if error < BALANCED:
            break
    return np.asarray(rows[:, None] * liking * columns), error


def _over(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.zeros_like(below), where=below > 0)


@dataclass(frozen=True, eq=False)
class _Wanted:
    """What a gravity model is fitted to: trips by zone, minutes, and the means."""

    starting: Floats
    ending: Floats
    minutes: Floats
    means: Floats

    def made(self, values: Floats) -> tuple[Floats, Floats, float]:
        """Matrix, means and balance by the deterrence's parameters."""
        matrix, error = spread(self.starting, self.ending, Deterrence(*values).of(self.minutes))
        used = matrix > 0
        share, minutes = matrix[used] / matrix.sum(), np.maximum(self.minutes[used], 1e-9)
        return matrix, np.array([share @ minutes, share @ np.log(minutes)])[: len(self.means)], error

    def off(self, means: Floats) -> float:
        """How far means lie from those wanted: of the minutes a share, of the logarithm itself."""
        return float(np.max(np.abs(means - self.means) / np.array([self.means[0], 1.0])[: len(means)]))

    def slopes(self, values: Floats, means: Floats) -> Floats:
        """How the means move with each parameter (mean, parameter)."""
        found = np.empty((len(values), len(values)))
        for place, step in enumerate(np.array([ASIDE / self.means[0], ASIDE])[: len(values)]):
            aside = values.copy()
            aside[place] += step
            found[:, place] = (self.made(aside)[1] - means) / step
        return found


def fit_gravity(
    starting: Floats, ending: Floats, minutes: Floats, *, mean: float, mean_log: float | None = None
) -> Gravity:
    """The gravity model whose trips last ``mean`` minutes on average.

    The likelihood of observed trips is greatest where the exponential function meets their mean, and the gamma function their
    mean and mean logarithm. Solved by Newton's method from Hyman's first guess, a step halved until it brings the means nearer.

    Parameters
    ----------
    starting, ending : trips by zone; the second is scaled to the sum of the first.
    minutes : (origin, destination), infinite where there are to be no trips: no way, or within a zone.
    mean : minutes that are wanted.
    mean_log : mean logarithm of minutes that is wanted; with it the deterrence is a gamma function.

    Returns
    -------
    Gravity
        With its fit.

    Raises
    ------
    TrafficError
        When there are no trips, or none can be as long or short as that on average.

    References
    ----------
    Hyman 1969, Environment and Planning 1:105-112; Ortúzar & Willumsen 2011, Modelling Transport, chapter 5.
    """
    start, end = np.asarray(starting, np.float64), np.asarray(ending, np.float64)
    if not (start.sum() > 0 and end.sum() > 0):
        raise TrafficError("gravity_empty")
    both = np.array([mean] if mean_log is None else [mean, mean_log])
    wanted = _Wanted(start, end * start.sum() / end.sum(), minutes, both)
    values = np.array([1.0 / mean, 0.0])[: len(both)]
    (matrix, means, error), step = wanted.made(values), 0
    while wanted.off(means) > FITTED and step < MOST_STEPS:
        step += 1
        move = np.linalg.lstsq(wanted.slopes(values, means), means - both, rcond=None)[0]
        for _ in range(HALVINGS):
            matrix, tried, error = wanted.made(values - move)
            if wanted.off(tried) < wanted.off(means):
                break
            move = move / 2
        else:
            break
        values, means = values - move, tried
    if abs(means[0] / mean - 1) > MISSED:
        raise TrafficError("gravity_mean", wanted=mean, found=float(means[0]))
    logs = {} if mean_log is None else {"mean_log": float(means[1]), "wanted_log": mean_log}
    deterrence = Deterrence(*(float(each) for each in values))
    return Gravity(matrix, minutes, deterrence, float(means[0]), mean, error, step, **logs)


def gravity_on(
    road: Road, zones: Demand, starting: Floats, ending: Floats, *, mean: float, mean_log: float | None = None
) -> tuple[Gravity, Assignment]:
    """The gravity model by the minutes that its own trips make, and the equilibrium of these.

    Minutes and trips are made from each other in turn, the trips averaged over the turns (method of successive averages), so
    that what is far by congestion is visited as seldom as what is far by distance.

    Parameters
    ----------
    road : with the nodes of the zones.
    zones : whose ``zone_ids`` and ``nodes`` are meant; its matrix is not looked at.
    starting, ending : trips by zone.
    mean, mean_log : minutes, and their logarithm, that trips take on average; see ``fit_gravity``.

    Returns
    -------
    tuple
        Trips within a zone are none. The assignment's gap is 1e-4.

    References
    ----------
    Evans 1976, Transportation Research 10:37-57, on trips and their equilibrium together; Boyce & Williams 2015.
    """

    def fitted(cost: Floats) -> Gravity:
        minutes = np.array(cheapest_costs(road, cost, origins=zones.nodes, ends=zones.nodes))
        minutes[zones.nodes[:, None] == zones.nodes[None, :]] = np.inf
        return fit_gravity(starting, ending, minutes, mean=mean, mean_log=mean_log)

    found = fitted(road.cost(np.zeros(len(road.link_ids))))
    average = found.matrix
    assignment = assign(road, Demand(zones.zone_ids, zones.nodes, average), gap=GAP)
    for turn in range(2, ROUNDS + 1):
        found = fitted(assignment.cost)
        average = average + (found.matrix - average) / turn
        assignment = assign(road, Demand(zones.zone_ids, zones.nodes, average), gap=GAP, start=assignment)
    return replace(found, matrix=average), assignment
