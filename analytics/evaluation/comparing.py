"""Methods that hold the treated units against others: each says with which weights, and what that leaves as the effect.

Difference in differences; synthetic control (Abadie, Diamond and Hainmueller 2010) and its augmentation by ridge regression
(Ben-Michael, Feller and Rothstein 2021); synthetic difference in differences (Arkhangelsky and others 2021).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.evaluation.panel import Pair
from analytics.evaluation.weights import simplex_weights

__all__ = [
    "COMPARING",
    "Fit",
    "augmented_control",
    "chosen_ridge",
    "difference_in_differences",
    "synthetic_control",
    "synthetic_difference",
]

Array = npt.NDArray[np.float64]

TIME_RIDGE = 1e-6  # of the noise: what Arkhangelsky and others take, so that equal weights break ties
RIDGES = np.geomspace(1e-3, 1e4, 15)  # shares of the donors' mean square among which cross-validation chooses


@dataclass(frozen=True, eq=False)
class Fit:
    """What the treated line would have been: ``donors @ weights + offset``.

    ``weights`` is (donor,), ``times`` (period before,) the weight that each earlier period has in the offset (None where
    there is no offset).
    """

    pair: Pair
    weights: Array
    offset: float = 0.0
    times: Array | None = None

    @property
    def expected(self) -> Array:
        """The line without the policy, (period,)."""
        return np.asarray(self.pair.donors @ self.weights + self.offset)

    @property
    def gaps(self) -> Array:
        """What was observed less what was expected, (period,)."""
        return np.asarray(self.pair.target - self.expected)

    @property
    def effect(self) -> float:
        """The mean gap with the policy, in units of the target."""
        return float(self.gaps[self.pair.before :].mean())

    @property
    def ratio(self) -> float:
        """What was observed over what was expected, with the policy: .8 is a fifth less."""
        after = slice(self.pair.before, None)
        return float(self.pair.target[after].mean() / self.expected[after].mean())

    @property
    def miss_before(self) -> float:
        """The root mean square of the gaps before the policy, without their mean where a constant difference is allowed."""
        gaps = self.gaps[: self.pair.before]
        return float(np.sqrt(((gaps - (0.0 if self.times is None else gaps.mean())) ** 2).mean()))


def difference_in_differences(pair: Pair) -> Fit:
    """All donors as they are, moved by their mean distance before; in proportion to their size where values add up."""
    add = pair.base != 1.0
    weights = pair.sizes / pair.sizes.sum() if add else np.full(len(pair.sizes), 1 / len(pair.sizes))
    return _moved(pair, weights, np.full(pair.before, 1 / pair.before))


def _moved(pair: Pair, weights: Array, times: Array) -> Fit:
    """The donors' line moved by how far it lay from the target before, as some periods weigh."""
    apart = pair.target[: pair.before] - pair.donors[: pair.before] @ weights
    return Fit(pair, weights, float(times @ apart), times)


def synthetic_difference(pair: Pair) -> Fit:
    """Donors and earlier periods weighed so that both resemble what is compared, then the difference in differences."""
    before, donors = pair.donors[: pair.before], pair.donors
    noise = float(np.diff(before, axis=0).std(ddof=1)) if pair.before > 1 else 0.0
    ridge = (pair.units * pair.after) ** 0.5 * noise**2 * pair.before
    weights = simplex_weights(pair.target[: pair.before], before, ridge=ridge, intercept=True)
    later = donors[pair.before :].mean(axis=0)
    times = simplex_weights(later, before.T, ridge=(TIME_RIDGE * noise) ** 2 * donors.shape[1], intercept=True)
    return _moved(pair, weights, times)


def synthetic_control(pair: Pair) -> Fit:
    """The mixture of donors that follows the treated line before the policy most closely, and no constant."""
    return Fit(pair, simplex_weights(pair.target[: pair.before], pair.donors[: pair.before]))


def augmented_control(pair: Pair, *, ridge: float | None = None) -> Fit:
    """The synthetic control corrected by ridge regression for what it misses before the policy.

    Parameters
    ----------
    pair : the treated line and its donors.
    ridge : penalty as a share of the donors' mean square; None is chosen by leaving out each earlier period in turn, the
        greatest whose error is within one standard error of the least.

    Returns
    -------
    Fit
        Its weights sum to 1, and may lie below 0.
    """
    shares = simplex_weights(pair.target[: pair.before], pair.donors[: pair.before])
    chosen = chosen_ridge(pair) if ridge is None else ridge
    return Fit(pair, _augmented(pair.target[: pair.before], pair.donors[: pair.before], shares, chosen))


def _augmented(target: Array, donors: Array, shares: Array, ridge: float) -> Array:
    """The shares plus what ridge regression adds; columns are centred over donors, so that what is added sums to 0."""
    middle = donors.mean(axis=1, keepdims=True)
    spread = donors - middle
    square = spread @ spread.T
    penalty = ridge * np.trace(square) / len(square)
    missed = target - donors @ shares
    return np.asarray(shares + spread.T @ np.linalg.solve(square + penalty * np.eye(len(square)), missed))


def chosen_ridge(pair: Pair) -> float:
    """The greatest penalty whose error on earlier periods left out is within one standard error of the least."""
    target, donors = pair.target[: pair.before], pair.donors[: pair.before]
    shares = simplex_weights(target, donors)
    errors = np.zeros((len(RIDGES), pair.before))
    for left_out in range(pair.before):
        kept = np.arange(pair.before) != left_out
        for row, ridge in enumerate(RIDGES):
            weights = _augmented(target[kept], donors[kept], shares, float(ridge))
            errors[row, left_out] = (target[left_out] - donors[left_out] @ weights) ** 2
    means = errors.mean(axis=1)
    best = int(means.argmin())
    bound = means[best] + errors[best].std(ddof=1) / np.sqrt(pair.before)
    return float(RIDGES[means <= bound].max())


COMPARING: Mapping[str, Callable[[Pair], Fit]] = {
    "difference_in_differences": difference_in_differences,
    "synthetic_difference": synthetic_difference,
    "synthetic_control": synthetic_control,
    "augmented_control": augmented_control,
}
