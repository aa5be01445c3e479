"""What options cost: unit costs with their own uncertainty, discounted at a visible rate.

Engines write what they spend as measures with ``money`` ("once" or "yearly"); a comparison adds them up.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from analytics.scenarios.study import Study
from analytics.streams import Streams
from data import Cost

__all__ = ["annuity", "present_value_factor", "unit_cost"]

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
    normal = streams.normal("cost", [name])[0] / Z95
    spread = np.where(normal < 0, cost.amount - cost.low, cost.high - cost.amount)
    return xr.DataArray(np.maximum(cost.amount + spread * normal, 0.0), dims="draw")


def present_value_factor(year: int, rate: float) -> float:
    """What an amount paid after ``year`` whole years is worth today: ``1 / (1 + rate)^year``; the first year is year 0.

    Parameters
    ----------
    year : from 0.
    rate : a year; 0.03 is 3 %.

    Returns
    -------
    float
        From 0 to 1.

    Examples
    --------
    >>> round(present_value_factor(1, 0.035), 4)
    0.9662
    """
    return (1.0 + rate) ** -year


def annuity(years: int, rate: float) -> float:
    """What 1 a year over so many years is worth today, the first of it at once.

    Parameters
    ----------
    years : at least 1.
    rate : a year.

    Returns
    -------
    float
        The sum of the factors of years 0 to ``years`` - 1.

    Examples
    --------
    >>> annuity(3, 0.0)
    3.0
    """
    return float(sum(present_value_factor(year, rate) for year in range(years)))
