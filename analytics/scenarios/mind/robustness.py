"""How an option fares if we are wrong: what may be regretted, the worst, and in how many futures it is good enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.errors import ScenarioError
from analytics.scenarios.measure import Measure
from analytics.scenarios.mind.gains import Gains
from analytics.scenarios.verdict import ROUNDING, TOWARDS, order_statistics

__all__ = ["Fare", "Satisfied", "fares_of", "satisfied_in"]

Floats = npt.NDArray[np.float64]

WORST = 0.05  # of the futures: the worst one in 20


@dataclass(frozen=True)
class Fare:
    """How one option fares over the futures.

    ``best_in`` is the share of futures in which no other option does better. ``regret`` is how much better the best option of
    each future does on average, ``regret_most`` what it is in the worst 1 of 20 futures at least; ``worst`` is what the
    option gains over the baseline in the worst 1 of 20 of its own at most.
    """

    option: str
    best_in: float
    regret: float
    regret_most: float
    worst: float


@dataclass(frozen=True)
class Satisfied:
    """In what share of the futures an option meets all that is asked for; ``each`` by measure."""

    option: str
    share: float
    each: Mapping[str, float]


def fares_of(gains: Gains) -> tuple[Fare, ...]:
    """How every option fares (Savage 1951, Journal of the American Statistical Association 46:55-67).

    Parameters
    ----------
    gains : in the same futures.

    Returns
    -------
    tuple of Fare
        In the order of the options.
    """
    best = gains.values.max(axis=0)
    found = []
    for option, own in zip(gains.options, gains.values, strict=True):
        regret = best - own
        most = float(order_statistics(regret, (1 - WORST,))[0])
        worst = float(order_statistics(own, (WORST,))[0])
        found.append(Fare(option, float((regret <= 0).mean()), float(regret.mean()), most, worst))
    return tuple(found)


def satisfied_in(
    levels: Mapping[tuple[str, str], Floats],
    measures: Sequence[Measure],
    options: Sequence[str],
    *,
    thresholds: Mapping[str, float],
    extra: Mapping[str, npt.NDArray[np.bool_]] | None = None,
) -> tuple[Satisfied, ...]:
    """In how many futures options meet thresholds.

    Parameters
    ----------
    levels : by (option, measure) one number a draw.
    measures : those that are judged.
    options : their names, the baseline first: without any threshold it is the threshold of every measure that has a better side.
    thresholds : by measure, in its unit: at most where less is better, at least where more is.
    extra : by option, in which futures another condition holds, such as a budget.

    Returns
    -------
    tuple of Satisfied
        In the order of the options.

    Raises
    ------
    ScenarioError
        When a threshold is put on a measure that is not judged or has no better side.
    """
    directed = {each.name: each for each in measures if each.direction != "neutral"}
    for name in thresholds:
        if name not in directed:
            raise ScenarioError("no_threshold", name=name, names=list(directed))
    wanted = [directed[name] for name in thresholds] or list(directed.values())
    found = []
    for option in options:
        each = {}
        for measure in wanted:
            own, first = levels[option, measure.name], levels[options[0], measure.name]
            against = np.full_like(own, thresholds[measure.name]) if measure.name in thresholds else first
            close = ROUNDING * np.maximum(np.abs(own), np.abs(against))
            each[measure.name] = TOWARDS[measure.direction] * (own - against) >= -close
        met = np.all([*each.values(), *([extra[option]] if extra and option in extra else [])], axis=0)
        found.append(Satisfied(option, float(met.mean()), {name: float(ok.mean()) for name, ok in each.items()}))
    return tuple(found)
