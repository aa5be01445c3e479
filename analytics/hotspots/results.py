"""What a hotspot map holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analytics.hotspots.cells import Cells
from analytics.results import Result
from data import Incidents

__all__ = ["Hotspots"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Hotspots(Result):
    """Where the next incidents are expected, and how well that has worked.

    ``cells`` is the grid. ``count`` (last year), ``score`` and ``rank`` (0 = first to look at, ties broken by the seed)
    are arrays in the order of the grid's cells. ``rate`` is expected events a cell over the horizon.
    ``evaluation`` has one row a (method, as_of, share): columns hits, events, hit_rate, pai, cells; strictly later data.
    ``summary`` has one row a (method, share): hit_rate, pai, low, high (95 % bootstrap over windows), events, windows.
    ``capture`` has one row a (method, share) on a fine grid of shares from 0 to 20 %, for the curve.
    ``random`` is a method too. ``p``, ``significant`` and ``membership`` are None until they are computed.
    """

    incidents: Incidents
    category: str | None
    method: str
    method_title: str
    as_of: pd.Timestamp
    horizon_days: int
    cells: Cells
    count: pd.Series
    rate: pd.Series
    score: pd.Series
    rank: pd.Series
    evaluation: pd.DataFrame
    summary: pd.DataFrame
    capture: pd.DataFrame
    methods: Mapping[str, str]
    p: pd.Series | None = None
    significant: pd.Series | None = None
    membership: pd.Series | None = None
