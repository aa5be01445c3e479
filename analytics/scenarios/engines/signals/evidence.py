"""What is known of junctions beside their measures: facts for the caveats."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from analytics.scenarios.engines.signals.plans import ACTUATED, COORDINATED
from analytics.scenarios.engines.signals.tried import tried_facts
from analytics.scenarios.engines.signals.trips import FOLLOWS, GROWN
from analytics.signals.delay import delays
from analytics.signals.spreads import day_spread
from analytics.signals.tables import Junction, junctions_of
from data import Junctions

__all__ = ["days_seen", "facts_of"]

DAYS_A_YEAR = 365.25


def facts_of(table: Junctions, *, as_of: pd.Timestamp, moved: Collection[str]) -> dict[str, Any]:
    """Facts for the caveats of junctions.

    Parameters
    ----------
    table : of a city.
    as_of : the day up to which the city's data reach.
    moved : the levers that some option moves.

    Returns
    -------
    dict
        By the names of what the rules read.
    """
    junctions = junctions_of(table)
    moves = [move for each in junctions.values() for move in each.layout.movements]
    counted = table.provenance.as_of
    dated = counted is not None and table.days > 0
    return {
        "junctions": table.title,
        **tried_facts(table, moved),
        "signals_days": table.days,
        "signals_spread_assumed": any(day_spread(each)[1] == 0 for each in junctions.values()),
        "signals_spread": max(day_spread(each)[0] for each in junctions.values()),
        "signals_age_years": (as_of - counted).days / DAYS_A_YEAR if dated and counted is not None else None,
        "signals_assumed": sum(each.assumed for each in moves),
        "signals_movements": len(moves),
        "signals_over": [each.layout.title for each in junctions.values() if _fullest(each) > 1],
        "signals_too_short": [each.layout.title for each in junctions.values() if _too_short(each)],
        "signals_actuated": ACTUATED in moved,
        "signals_by_trips": bool(set(GROWN) & set(moved)),
        "signals_follows": FOLLOWS,
        "signals_platoons": COORDINATED in moved,
    }


def days_seen(table: Junctions) -> tuple[float, float]:
    """How far the quietest and the busiest day that was counted lay from the mean, as shares; (0, 0) of a single day."""
    apart = [each.daily / each.daily.mean() - 1 for each in junctions_of(table).values() if len(each.daily)]
    return (float(min(each.min() for each in apart)), float(max(each.max() for each in apart))) if apart else (0.0, 0.0)


def _fullest(junction: Junction) -> float:
    """The greatest flow over capacity of a lane today."""
    most = 0.0
    for timing in dict.fromkeys(junction.today.timings):
        running = [junction.today.at(int(minute)) == timing for minute in junction.minutes]
        if any(running):
            most = max(
                most,
                float(delays(junction.layout, timing, junction.flows[running], period=junction.period).ratio.max()),
            )
    return most


def _too_short(junction: Junction) -> bool:
    """Whether today some green is shorter than its least, that of people on foot included."""
    least = [phase.minimum for phase in junction.layout.phases]
    return any(
        green < own for timing in junction.today.timings for green, own in zip(timing.greens, least, strict=True)
    )
