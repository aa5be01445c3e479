"""What options cost: unit costs with their own uncertainty, discounted at a visible rate.

Engines write what they spend as measures with ``money`` ("once" or "yearly"); a comparison adds them up.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from analytics.scenarios.contract import Drawn
from analytics.scenarios.study import Study
from analytics.streams import Streams
from data import Cost
from data.words import Sentence

__all__ = ["COMPONENT", "GREEN_BOOK", "Steps", "annuity", "drawn_costs", "present_value_factor", "unit_cost"]

COMPONENT = "cost"  # of the streams of unit costs, one a cost

Steps = tuple[tuple[int, float], ...]
"""From which year on another rate holds."""

# HM Treasury, The Green Book (2022), annex 6: the standard rate and the later, lower ones.
GREEN_BOOK: tuple[float, Steps] = (0.035, ((31, 0.03), (76, 0.025), (126, 0.02), (201, 0.015), (301, 0.01)))

Z95 = 1.959963984540054  # standard deviations that hold 95 of 100 of a normal on both sides


def unit_cost(study: Study, name: str, streams: Streams) -> xr.DataArray | None:
    """What one unit costs in each future; the same futures for all options.

    Below the amount the spread is that of its ``low``, above it that of its ``high``: the two are the 2.5 % and 97.5 %
    points of a normal of two halves (a split normal, whose median is the amount).

    Parameters
    ----------
    study : whose city states the cost.
    name : of the cost, as in the city.toml.
    streams : of the study.

    Returns
    -------
    By draw, in the city's money, never below 0; None where the city states no such cost.
    """
    cost: Cost | None = study.find("costs", name)
    if cost is None:
        return None
    normal = streams.normal(COMPONENT, [name])[0] / Z95
    spread = np.where(normal < 0, cost.amount - cost.low, cost.high - cost.amount)
    return xr.DataArray(np.maximum(cost.amount + spread * normal, 0.0), dims="draw")


def drawn_costs(study: Study, names: Sequence[str], streams: Streams) -> tuple[Drawn, ...]:
    """What engines say of the unit costs that they draw; see ``contract.Draws``.

    Parameters
    ----------
    study : whose city states them.
    names : of those that an engine takes.
    streams : of the study.

    Returns
    -------
    tuple of Drawn
        Those that the city states with a range.
    """
    found = []
    for name in names:
        cost: Cost | None = study.find("costs", name)
        values = unit_cost(study, name, streams)
        if cost is not None and values is not None and cost.low < cost.high:
            about = {"cost": cost.title}
            title = Sentence("drawn.cost", about | {"unit": cost.unit})
            errand = Sentence("drawn.cost_errand", about)
            found.append(Drawn(f"cost.{name}", title, study.city.currency, values, errand, (COMPONENT, name)))
    return tuple(found)


def present_value_factor(year: int, rate: float, later: Steps = ()) -> float:
    """What an amount paid after ``year`` whole years is worth today; the first year is year 0.

    Parameters
    ----------
    year : from 0.
    rate : a year; 0.03 is 3 %.
    later : from which years on other rates hold, as ``((31, 0.03), (76, 0.025))``; in their order.

    Returns
    -------
    float
        ``1 / (1 + rate)^year``; with later rates the factors of the single years are multiplied: that of year 31 is that of
        year 30 divided by 1.03 (HM Treasury, The Green Book, annex 6).

    Examples
    --------
    >>> round(present_value_factor(1, 0.035), 4)
    0.9662
    >>> round(present_value_factor(31, *GREEN_BOOK), 4)
    0.3459
    """
    factor, since = 1.0, 0
    for from_year, next_rate in later:
        if year < from_year:
            break
        factor *= (1.0 + rate) ** (since - (from_year - 1))
        since, rate = from_year - 1, next_rate
    return factor * (1.0 + rate) ** (since - year)


def annuity(years: int, rate: float, later: Steps = ()) -> float:
    """What 1 a year over so many years is worth today, the first of it at once.

    Parameters
    ----------
    years : at least 1.
    rate : a year.
    later : from which years on other rates hold.

    Returns
    -------
    float
        The sum of the factors of years 0 to ``years`` - 1.

    Examples
    --------
    >>> annuity(3, 0.0)
    3.0
    """
    return float(sum(present_value_factor(year, rate, later) for year in range(years)))
