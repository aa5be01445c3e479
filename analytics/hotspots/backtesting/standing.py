"""How hotspot methods stand beside each other on one map: in order, with those that cannot be told from the best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.hotspots.backtesting.scoring import RANDOM, Evaluation
from analytics.hotspots.backtesting.summary import YARDSTICKS, method_scores, summarise

__all__ = ["JUDGED_AT", "Standing", "hit_rates_at", "level_with_best", "standings"]

JUDGED_AT = 0.05  # the share of area at which methods are compared: about what a service can visit in a month
CLEARLY = 2.0  # standard errors
LAST_YEAR = "last_year"
ENDS = ("", "_low", "_high")


@dataclass(frozen=True)
class Standing:
    """One method on one map: its ``place`` from 1, and whether it is ``tied`` with the best.

    ``hit_rate`` is the share of later incidents that the first 5 % of its area held, with its 95 % interval; ``ratio`` the
    same beside last year's count, the yardstick. ``coverage_90`` is the share of counts that fell inside its central 90 %.
    What cannot be measured is NaN.
    """

    method: str
    place: int
    tied: bool
    hit_rate: float
    low: float
    high: float
    ratio: float
    ratio_low: float
    ratio_high: float
    coverage_90: float


def hit_rates_at(shares: pd.DataFrame, share: float = JUDGED_AT) -> pd.DataFrame:
    """The hit rate of each method (column) in each window (row) that has incidents.

    Parameters
    ----------
    shares : as in ``Evaluation``.
    share : of the area that is looked at.

    Returns
    -------
    DataFrame
        Without chance, which is no method.
    """
    at = shares[np.isclose(shares["share"], share) & (shares["method"] != RANDOM)]
    return at.pivot_table(index="as_of", columns="method", values="hit_rate").dropna()


def level_with_best(rates: pd.DataFrame) -> tuple[str, ...]:
    """The methods that fell behind the best by no more than two standard errors of the paired difference over windows.

    >>> rates = pd.DataFrame({"a": [0.5, 0.6, 0.7], "b": [0.5, 0.5, 0.8], "c": [0.1, 0.2, 0.3]})
    >>> level_with_best(rates)
    ('a', 'b')
    """
    if rates.empty:
        return ()
    behind = rates[[rates.mean().idxmax()]].to_numpy() - rates
    errors = behind.std(ddof=1) / np.sqrt(len(rates))
    return tuple(str(name) for name in rates.columns if behind[name].mean() <= CLEARLY * errors[name])


def standings(evaluation: Evaluation, *, seed: int) -> tuple[Standing, ...]:
    """Every method that was judged, the best first.

    Parameters
    ----------
    evaluation : of one map.
    seed : of the resampling.

    Returns
    -------
    tuple of Standing
        Those tied with the best share the first place; the others have the place that their hit rate gives them.
    """
    level = level_with_best(hit_rates_at(evaluation.shares))
    at = evaluation.shares[np.isclose(evaluation.shares["share"], JUDGED_AT)]
    rows = summarise(at, seed=seed, yardsticks={LAST_YEAR: YARDSTICKS[LAST_YEAR]})
    rows = rows[rows["method"] != RANDOM].sort_values("hit_rate", ascending=False, kind="stable")
    coverage = method_scores(evaluation)["coverage_90"]
    ratios = [f"vs_{LAST_YEAR}{end}" for end in ENDS]
    scored = rows.reindex(columns=["method", "hit_rate", "low", "high", *ratios]).set_index("method").astype(float)
    order = sorted(scored.index, key=lambda name: name not in level)  # stable: by hit rate within both
    found = []
    for place, name in enumerate(order, start=1):
        tied = len(level) > 1 and name in level
        hit_rate, low, high, ratio, ratio_low, ratio_high = scored.loc[name].tolist()
        found.append(
            Standing(
                str(name), 1 if name in level else place, tied, hit_rate, low, high, ratio, ratio_low, ratio_high,
                coverage_90=float(coverage.get(name, np.nan)),
            )
        )  # fmt: skip
    return tuple(found)
