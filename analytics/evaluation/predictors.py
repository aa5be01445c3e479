"""A synthetic control that resembles the treated unit in predictors, each as heavy as the years before the policy want it.

Abadie and Gardeazabal 2003, Abadie, Diamond and Hainmueller 2010: for given weights of predictors the donors' shares are an
exact least squares, and the weights are those whose shares follow the outcome before the policy most closely.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from analytics.evaluation.comparing import Fit
from analytics.evaluation.panel import Pair
from analytics.evaluation.weights import simplex_weights

__all__ = ["Predictors", "control_by_predictors", "shares_by_predictors"]

Array = npt.NDArray[np.float64]

ROUNDS = 400  # of the search from each start: further ones moved the loss of the published examples by less than 1e-4
LIGHTEST = -12.0  # the logarithm below which a predictor weighs nothing


@dataclass(frozen=True, eq=False)
class Predictors:
    """What is known of each unit before the policy: ``target`` (predictor,) and ``donors`` (predictor, donor)."""

    target: Array
    donors: Array

    def scaled(self) -> Predictors:
        """Each predictor in standard deviations over all units."""
        spread = np.column_stack([self.target, self.donors]).std(axis=1, ddof=1)
        spread = np.where(spread > 0, spread, 1.0)
        return Predictors(self.target / spread, self.donors / spread[:, None])


def shares_by_predictors(predictors: Predictors, weights: Array) -> Array:
    """The donors' shares under given weights of predictors.

    Parameters
    ----------
    predictors : scaled.
    weights : (predictor,), none below 0.

    Returns
    -------
    Array
        Shape (donor,), summing to 1.
    """
    root = np.sqrt(weights / weights.max())
    return simplex_weights(root * predictors.target, root[:, None] * predictors.donors)


def control_by_predictors(pair: Pair, predictors: Predictors, *, over: slice | None = None) -> Fit:
    """The synthetic control on predictors; their weights make the squared gaps of some earlier periods least.

    Parameters
    ----------
    pair : the treated line and its donors.
    predictors : of the same units.
    over : the periods whose gaps are made least (default: all before the policy).

    Returns
    -------
    Fit
        From the best of several starts: all alike, and by how well each predictor tells the outcome.
    """
    known, chosen = predictors.scaled(), slice(0, pair.before) if over is None else over
    target, donors = pair.target[chosen], pair.donors[chosen]

    def loss(logs: Array) -> float:
        shares = shares_by_predictors(known, np.exp(np.clip(logs - logs.max(), LIGHTEST, 0.0)))
        return float(((target - donors @ shares) ** 2).mean())

    starts = [np.zeros(len(known.target)), _by_regression(known, target, donors)]
    starts += [np.where(np.arange(len(known.target)) == each, 0.0, -4.0) for each in range(len(known.target))]
    found = min(
        (minimize(loss, start, method="Powell", options={"maxfev": ROUNDS}) for start in starts),
        key=lambda each: float(each.fun),
    )
    logs = np.asarray(found.x, dtype=float)
    return Fit(pair, shares_by_predictors(known, np.exp(np.clip(logs - logs.max(), LIGHTEST, 0.0))))


def _by_regression(known: Predictors, target: Array, donors: Array) -> Array:
    """The logarithms of weights as large as the predictors' coefficients in the outcomes of all units."""
    outcomes = np.column_stack([target, donors]).T
    table = np.column_stack([known.target, known.donors]).T
    slopes = np.linalg.lstsq(np.column_stack([np.ones(len(table)), table]), outcomes, rcond=None)[0][1:]
    heavy = (slopes**2).sum(axis=1)
    return np.asarray(np.log(np.maximum(heavy / heavy.max(), np.exp(LIGHTEST))))
