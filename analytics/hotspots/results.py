"""What a hotspot map holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analytics.hotspots.backtesting.scoring import Evaluation
from analytics.hotspots.cells import Cells
from analytics.hotspots.significance.emerging import Emerging
from analytics.hotspots.significance.stability import Stability
from analytics.results import Result
from data import Incidents
from data.words import Words

__all__ = ["Hotspots"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Hotspots(Result):
    """Where the next incidents are expected, and how well that has worked.

    By cell, in the order of ``cells``: ``count`` (last year), ``rate`` (events expected over the horizon), ``score`` and
    ``rank`` (0 = first to look at, ties broken by the seed); ``p`` (of last year's counts, see ``beyond_chance``) and
    ``significant`` (at a false discovery rate of 5 %); ``membership``, one column a share, the probability of being among
    so many busiest cells of the horizon; ``chance``, that of at least one event.

    ``evaluation`` holds every window that the methods were judged on, strictly later than what their maps were made from.
    ``summary`` has one row a (method, share) at 1, 2, 5 and 10 %, ``capture`` on a fine grid from 0 to 20 %: hit_rate, low,
    high (95 %, windows resampled), pai, pei, vs_last_year and vs_all_history with their bounds, events, windows.
    ``scores`` has one row a method: rri, bits, coverage_90 and coverage_n (counts). ``reliability`` compares what was
    stated of flagged cells with what was observed. ``random`` is a method too.

    ``emerging`` says what has become of each cell, ``stability`` by share whether the map moved; both are None where the
    history is too short. ``fitted`` is what the method learned.
    """

    incidents: Incidents
    category: str | None
    method: str
    method_title: Words
    as_of: pd.Timestamp
    horizon_days: int
    cells: Cells
    count: pd.Series
    rate: pd.Series
    score: pd.Series
    rank: pd.Series
    evaluation: Evaluation
    summary: pd.DataFrame
    capture: pd.DataFrame
    methods: Mapping[str, Words]
    scores: pd.DataFrame
    reliability: pd.DataFrame
    p: pd.Series
    significant: pd.Series
    membership: pd.DataFrame
    chance: pd.Series
    emerging: Emerging | None = None
    stability: Mapping[float, Stability] | None = None
    fitted: Any = None

    @property
    def judged(self) -> bool:
        """Whether it is known how the map has done; else all that rests on that is empty, or NaN."""
        return not self.evaluation.windows.empty
