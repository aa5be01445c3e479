"""Tipping points: the value of one thing at which another option does better, everything else as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from analytics.scenarios.mind.factors import Factor
from analytics.scenarios.mind.gains import Gains, Trial
from analytics.scenarios.mind.settling import FIRST
from data.words import Words

__all__ = ["Edge", "Tipping", "edge_between", "tipping_of"]

PLACES = 7  # looked at from bound to bound, before the nearest change is closed in on
CLOSE = 1e-9  # of the bounds' distance, to which a change is closed in on
HALVINGS = 30
SAME = 1e-9  # of the largest gain: what moves less makes no difference


@dataclass(frozen=True)
class Edge:
    """A value beyond which another option does better on average; ``above`` tells on which side.

    ``place`` is the same in what the factor is moved by. ``chance`` is how likely it lies beyond, by our own spread, None where
    nobody knows.
    """

    value: float
    place: float
    above: bool
    rival: str
    chance: float | None


@dataclass(frozen=True, eq=False)
class Tipping:
    """What one thing has to do with the choice.

    ``edges`` are the nearest values on either side of the ``best`` guess at which the choice changes, none where it does not from
    ``low`` to ``high``. ``likely`` holds 8 in 10 of what we think, ``seen`` what history shows. ``matters`` is false where it moves
    nothing at all.
    """

    factor: str
    title: Words
    unit: Words
    kind: str
    low: float
    high: float
    best: float
    likely: tuple[float, float] | None
    seen: tuple[float, float] | None
    edges: tuple[Edge, ...]
    matters: bool

    @property
    def nearest(self) -> Edge | None:
        """The likelier edge; where nobody knows how likely, the nearer one by the bounds."""
        return min(self.edges, key=self.distance, default=None)

    def distance(self, edge: Edge) -> float:
        """How far an edge is from the best guess: the less likely or the nearer the bound, from 0 to 1."""
        if edge.chance is not None:
            return 1.0 - edge.chance
        bound = self.high if edge.above else self.low
        return abs(edge.value - self.best) / abs(bound - self.best) if bound != self.best else 1.0


def tipping_of(trial: Trial, factor: Factor, *, leader: str) -> Tipping:
    """Where one factor changes the choice.

    Parameters
    ----------
    trial : the comparison.
    factor : one of its factors.
    leader : the option that does best where everything stands as it is taken to.

    Returns
    -------
    Tipping
        With no edge where the leader leads from bound to bound.
    """
    places = factor.places(PLACES)
    here = int(np.searchsorted(places, factor.best))

    def values(place: float) -> float:
        return trial.value_of(factor, float(place))

    def gains(place: float) -> Gains:
        return trial.gains({factor.name: place})

    def lead(place: float) -> float:
        return trial.quick({factor.name: place}, leader).lead(leader)

    ends = [trial.gains({factor.name: float(place)}, draws=FIRST).values for place in places[[here, 0, here // 2, -1]]]
    largest = max(float(np.abs(each).max()) for each in ends)
    moves = max(float(np.abs(each - ends[0]).max()) for each in ends) > SAME * largest
    edges = []
    for above in (False, True):
        between = _change(lead, places, here, above=above) if moves else None
        # What few futures settled, all of them must bear out.
        if between is not None and gains(between[0]).lead(leader) > 0 >= gains(between[1]).lead(leader):
            place = edge_between(lambda x: gains(x).lead(leader), *between, step=factor.step)
            edges.append(
                Edge(values(place), place, above, gains(place).rival(leader), factor.chance(place, above=above))
            )
    return Tipping(
        factor=factor.name,
        title=factor.title,
        unit=factor.unit,
        kind=factor.kind,
        low=values(factor.low),
        high=values(factor.high),
        best=values(factor.best),
        likely=_likely(factor, values),
        seen=factor.seen,
        edges=tuple(edges),
        matters=moves,
    )


def edge_between(function: Callable[[float], float], inside: float, outside: float, *, step: float = 0.0) -> float:
    """Where a function falls to 0 between a place at which it is above 0 and one at which it is not.

    Parameters
    ----------
    function : of a place.
    inside, outside : where it is above 0, and where it is not.
    step : of what can stand only on steps from ``inside``; 0 is anywhere.

    Returns
    -------
    float
        The place; of steps the first at which it is not above 0.

    Notes
    -----
    By Brent's method (1973, Algorithms for Minimization without Derivatives), which is never slower than bisection by more
    than a square; steps are halved.
    """
    if step:
        toward, least, most = (step if outside > inside else -step), 0, round(abs(outside - inside) / step)
        while most - least > 1:
            middle = (least + most) // 2
            least, most = (middle, most) if function(inside + toward * middle) > 0 else (least, middle)
        return inside + toward * most
    if function(outside) == 0:  # level from somewhere on: where that begins shows no change of sign
        for _ in range(HALVINGS):
            half = (inside + outside) / 2
            inside, outside = (half, outside) if function(half) > 0 else (inside, half)
        return outside
    return float(brentq(function, inside, outside, xtol=CLOSE * abs(outside - inside), rtol=1e-12))


def _change(
    function: Callable[[float], float], places: np.ndarray, here: int, *, above: bool
) -> tuple[float, float] | None:
    """The two neighbouring places on one side, nearest to the best guess, between which a function falls to 0."""
    inside = float(places[here])
    if function(inside) <= 0:
        return None
    order: Sequence[int] = range(here + 1, len(places)) if above else range(here - 1, -1, -1)
    for index in order:
        outside = float(places[index])
        if function(outside) <= 0:
            return inside, outside
        inside = outside
    return None


def _likely(factor: Factor, values: Callable[[float], float]) -> tuple[float, float] | None:
    if factor.kind == "drawn":
        low, high = sorted(values(float(each)) for each in factor.quantile(np.array([0.1, 0.9])))
        return low, high
    if factor.spread is None:
        return None
    low, high = (float(each) for each in np.quantile(factor.spread, [0.1, 0.9]))
    return low, high
