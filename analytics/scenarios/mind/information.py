"""The value of information: how much better we could choose if we knew the future, or one thing of it, before we chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.scenarios.contract import Drawn
from analytics.scenarios.mind.gains import Gains
from analytics.streams import Streams
from data.words import Words

__all__ = ["Learnt", "Worth", "perfect", "smoothed", "what_to_learn"]

Floats = npt.NDArray[np.float64]

RESAMPLES = 200
COMPONENT = "mind.information"  # of the streams from which intervals are drawn
DEGREES = (1, 2, 4, 6)  # of freedom of a curve beside its mean; the data choose, none where nothing can be seen
LEVELS = (0.025, 0.975)
SAME = 1e-9  # of the spread: what varies less does not vary
# A curve must foretell left-out draws better than a flat line by more than chance: a share of their variance that noise of
# one regressor reaches in one of 20 samples is 3.84 / n.
CHANCE = 3.84


@dataclass(frozen=True)
class Worth:
    """What perfect knowledge is worth, with its interval; ``changes`` is the share of futures in which it changes the choice."""

    value: float
    low: float
    high: float
    changes: float


@dataclass(frozen=True)
class Learnt:
    """What knowing one thing is worth, with its interval, and the share of the doubt about the choice that it carries.

    ``changes`` is how often knowing it would change the choice.
    """

    name: str
    title: Words
    errand: Words
    value: float
    low: float
    high: float
    doubt: float
    changes: float


def perfect(gains: Gains, *, seed: int = 0) -> Worth:
    """The expected value of perfect information: the mean of the best in each future, less the best of the means.

    Parameters
    ----------
    gains : of the options in the same futures; unpaired ones are refused where they are ``joined``.
    seed : of the interval.

    Returns
    -------
    Worth
        In the unit of the gains, never below 0, and 0 where one option is best in every future. The interval is the central
        95 % over futures drawn anew from these (Efron 1979, Annals of Statistics 7:1-26).
    """
    values, n = gains.values, gains.values.shape[1]
    best = values.max(axis=0)
    value = float(best.mean() - values.mean(axis=1).max())
    drawn = (Streams(seed, n).uniform(COMPONENT, [f"{each}" for each in range(RESAMPLES)]) * n).astype(int)
    again = np.array([best[each].mean() - values[:, each].mean(axis=1).max() for each in drawn])
    low, high = (float(each) for each in np.quantile(again, LEVELS))
    leader = int(values.mean(axis=1).argmax())
    changes = float((values[leader] < best - SAME * max(values.std(), 1e-300)).mean())
    return Worth(max(value, 0.0), max(low, 0.0), max(high, 0.0), changes)


def what_to_learn(gains: Gains, drawn: Sequence[Drawn], *, seed: int = 0) -> tuple[Learnt, ...]:
    """What knowing each thing that is drawn is worth, the most worth first.

    Parameters
    ----------
    gains : of the options in the same futures.
    drawn : with as many draws, from the same streams.
    seed : of the intervals.

    Returns
    -------
    tuple of Learnt
        By regression of each option's gain on the thing alone: what is then expected of each option is a curve, and knowing
        is worth the mean of the best curve less the best mean (Strong, Oakley and Brennan 2014, Medical Decision Making
        34:311-326). The interval is the central 95 % over futures drawn anew from these, the curves with them. The doubt is the
        share of the variance of the leader's lead that its curve explains.
    """
    place = gains.options.index(gains.leader)
    rival = gains.options.index(gains.rival(gains.leader))
    most = perfect(gains, seed=seed)
    found = [_learnt(gains.values, each, most, leader=place, rival=rival, seed=seed) for each in drawn]
    return tuple(sorted(found, key=lambda each: (-each.value, -each.doubt)))


def _learnt(values: Floats, drawn: Drawn, most: Worth, *, leader: int, rival: int, seed: int) -> Learnt:
    x, n = drawn.values.to_numpy().astype(float), values.shape[1]
    moving = values.std(axis=1) > SAME * max(values.std(), 1e-300)
    bases = [smoothed(x, each) if moves else np.ones((n, 1)) for each, moves in zip(values, moving, strict=True)]
    curves = np.stack([_fitted(basis, each) for basis, each in zip(bases, values, strict=True)])
    # One thing cannot be worth more than all: what a curve's end says beyond that is its error.
    value, lead = min(_worth(curves), most.value), values[leader] - values[rival]
    flat = not any(np.ptp(each) > 0 for each in curves)
    uniforms = Streams(seed, n).uniform(
        COMPONENT, [f"{drawn.name}/{each}" for each in range(0 if flat else RESAMPLES)] or [""]
    )
    again = []
    for chosen in (uniforms * n).astype(int):
        pairs = zip(bases, values, strict=True)
        again.append(_worth(np.stack([_fitted(basis[chosen], each[chosen]) for basis, each in pairs])))
    low, high = (0.0, 0.0) if flat else (float(each) for each in np.quantile(again, LEVELS))
    doubt = float((curves[leader] - curves[rival]).var() / lead.var()) if lead.var() > 0 else 0.0
    changes = float((curves.argmax(axis=0) != leader).mean()) if value > 0 else 0.0
    return Learnt(
        drawn.name,
        drawn.title,
        drawn.errand,
        value,
        max(min(low, value), 0.0),
        max(min(high, most.high), value),
        min(doubt, 1.0),
        changes,
    )


def _worth(curves: Floats) -> float:
    return max(float(curves.max(axis=0).mean() - curves.mean(axis=1).max()), 0.0)


def _fitted(basis: Floats, y: Floats) -> Floats:
    """The least squares of y on a basis."""
    if basis.shape[1] == 1:
        return np.full(len(y), y.mean())
    fitted: Floats = basis @ np.linalg.lstsq(basis.T @ basis, basis.T @ y, rcond=None)[0]
    return fitted


def smoothed(x: Floats, y: Floats) -> Floats:
    """The basis of a curve of one thing over another: a natural cubic spline.

    Parameters
    ----------
    x, y : by draw.

    Returns
    -------
    numpy array
        (draw, degree), orthonormal, the mean first; nothing else where a flat line does as well. Knots stand at quantiles of
        x; how many, the error of left-out draws decides.

    Notes
    -----
    Hastie, Tibshirani and Friedman (2009), The Elements of Statistical Learning, 5.2.1 (the basis) and 7.10 (leaving out one).
    """
    n, centred = len(x), y - y.mean()
    best = np.ones((n, 1))
    if x.std() <= SAME * max(abs(x).max(), 1e-300):
        return best
    least = float((centred**2).sum()) * (n / (n - 1)) ** 2
    for degrees in DEGREES:
        basis, _ = np.linalg.qr(np.column_stack([np.ones(n), _natural_spline(x, degrees)]))
        fitted = basis @ (basis.T @ centred)
        error = float((((centred - fitted) / (1 - (basis**2).sum(axis=1))) ** 2).sum())
        if error < least * (1 - CHANCE / n):
            least, best = error, basis
    return best


def _natural_spline(x: Floats, degrees: int) -> Floats:
    """The natural cubic basis of so many degrees of freedom beside the mean, of x in standard units."""
    scaled: Floats = (x - x.mean()) / x.std()
    if degrees == 1:
        return scaled[:, None]
    knots = np.unique(np.quantile(scaled, np.linspace(0.02, 0.98, degrees + 1)))
    if len(knots) < 3:
        return scaled[:, None]

    def cubic(knot: float) -> Floats:
        found: Floats = (np.maximum(scaled - knot, 0) ** 3 - np.maximum(scaled - knots[-1], 0) ** 3) / (
            knots[-1] - knot
        )
        return found

    last = cubic(knots[-2])
    return np.column_stack([scaled, *(cubic(knot) - last for knot in knots[:-2])])
