"""How much the days of a junction differ, and how far its counts and saturation flows may err."""

from __future__ import annotations

import numpy as np

from analytics.signals.tables import Junction

__all__ = ["DAY_SPREAD", "day_spread", "saturation_error", "whole_spread"]

DAY_SPREAD = 0.10
"""Standard deviation of a day's traffic over its mean where fewer than three whole days were counted: what 1.5 / V**0.27 gives
for V = 22,000 vehicles a day (National Academies 2014, NCHRP Report 765). It is assumed, and a caveat names it."""
FEW_DAYS = 3
ASSUMED, MEASURED = 0.08, 0.03
"""Errors of saturation flows as shares: of those of a handbook (8 to 10 %: Tarko and Tracz 2000, Transportation Research
Circular E-C018) and of those that were measured on the spot."""


def day_spread(junction: Junction) -> tuple[float, int]:
    """How much days differ, as a share of their mean, and from how many days that is known; 0 days where it is assumed."""
    if len(junction.daily) < FEW_DAYS:
        return DAY_SPREAD, 0
    return float(np.std(junction.daily, ddof=1) / junction.daily.mean()), len(junction.daily)


def saturation_error(junction: Junction) -> float:
    """The error of the junction's saturation flows, as a share: between the two by how many of them are assumed."""
    assumed = np.mean([each.assumed for each in junction.layout.movements])
    return float(MEASURED + (ASSUMED - MEASURED) * assumed)


def whole_spread(junction: Junction) -> float:
    """The standard deviation of how full a day is, as a share: its traffic, the error of the counts and of saturation."""
    spread, days = day_spread(junction)
    return float(np.sqrt(spread**2 * (1 + 1 / max(days, 1)) + saturation_error(junction) ** 2))
