"""Money in what would change our mind: from what worth of a unit an option pays, and in which futures the budget holds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from analytics.scenarios.comparison import Comparison
from analytics.scenarios.measure import Sum
from analytics.scenarios.mind.results import BreakEven
from analytics.scenarios.prices import COST
from analytics.scenarios.verdict import TOWARDS, order_statistics

__all__ = ["break_even_of", "within_budget"]

Floats = npt.NDArray[np.float64]
Levels = Mapping[tuple[str, str], Floats]

SURE = 0.95  # of the futures, in which gain and price must lie on the same side: else the ratio means nothing
PERCENT = (0.025, 0.975)


def break_even_of(comparison: Comparison, levels: Levels) -> tuple[BreakEven, ...]:
    """From what worth of a unit of the primary measure each option is worth what it costs more than the baseline.

    Parameters
    ----------
    comparison : whose primary measure has a better side and is not the price itself.
    levels : by (option, measure) one number a draw.

    Returns
    -------
    tuple of BreakEven
        One for each option that gains and costs more, or loses and costs less, in at least 95 of 100 futures. The value is the mean
        extra price over the mean gain: there the average future changes sides.
    """
    measure, study = comparison.measure(comparison.primary), comparison.study
    if not comparison.prices or measure.direction == "neutral" or measure.name == COST:
        return ()
    a_year = study.freq.year / study.periods if isinstance(measure.over.get("period"), Sum) else 1.0
    first, found = comparison.baseline, []
    for price in comparison.prices:
        if price.option == first:
            continue
        costs = levels[price.option, COST] - levels[first, COST]
        gain = TOWARDS[measure.direction] * (levels[price.option, measure.name] - levels[first, measure.name]) * a_year
        same = costs * gain > 0
        if same.mean() >= SURE and (costs.mean() > 0) == (gain.mean() > 0):
            low, high = (float(each) for each in order_statistics(costs[same] / gain[same], PERCENT))
            value = float(costs.mean() / gain.mean())
            title, unit = measure.title, measure.unit
            found.append(BreakEven(price.option, measure.name, title, unit, value, low, high, bool(costs.mean() < 0)))
    return tuple(found)


def within_budget(comparison: Comparison, levels: Levels) -> dict[str, npt.NDArray[np.bool_]]:
    """In which futures each option keeps the budget; nothing where there is none.

    Parameters
    ----------
    comparison : its terms may state a budget.
    levels : by (option, measure) one number a draw.

    Returns
    -------
    dict
        By option, one truth a draw.
    """
    budget, first = comparison.study.terms.budget, comparison.baseline
    if budget is None or not comparison.prices:
        return {}
    return {each.option: levels[each.option, COST] - levels[first, COST] <= budget for each in comparison.prices}
