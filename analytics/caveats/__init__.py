"""Caveats are computed, never typed: one small function a code, in the file of its subject.

A rule names the facts that it needs as keyword arguments and returns a caveat or nothing. ``assess`` is given
whatever facts a result has and applies every rule whose facts are all there, so a new rule needs no caller to change:

>>> [caveat.code for caveat in assess(horizon_periods=120, history_periods=400, backtest_horizon=28, period_word="days")]
['horizon_long']
"""

from analytics.caveats import (
    crews,
    decisions,
    desks,
    environment,
    evaluations,
    forecasts,
    hotspots,
    matrices,
    scenarios,
    services,
    signals,
    sites,
    sources,
    traffic,
)
from analytics.caveats.rules import RULES, assess

__all__ = [
    "RULES",
    "assess",
    "crews",
    "decisions",
    "desks",
    "environment",
    "evaluations",
    "forecasts",
    "hotspots",
    "matrices",
    "scenarios",
    "services",
    "signals",
    "sites",
    "sources",
    "traffic",
]
