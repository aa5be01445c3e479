"""Counts of past incidents: of the last year, and of all years. The yardsticks that any method must beat."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.hotspots.cells import Cells
from analytics.hotspots.recent import last_days
from analytics.hotspots.registry import hotspot_method
from data import Incidents


@hotspot_method(
    name="count_last_year",
    title="Last year's count",
    version="1",
    limits=("Forgets everything older than a year.", "A cell without an incident last year is taken to be safe."),
    inputs=("Incidents of the last 365 days",),
    complexity=0,
)
def count_last_year(
    incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, horizon_days: int, seed: int = 0
) -> npt.NDArray[np.float64]:
    """Events of the last 365 days in each cell, as a rate over the horizon."""
    recent, days = last_days(incidents, as_of=as_of)
    return cells.counts(recent) * (horizon_days / days)


@hotspot_method(
    name="count_all_history",
    title="Count of all years",
    version="1",
    limits=("Does not notice that a hotspot has moved.",),
    inputs=("All past incidents",),
    complexity=1,
)
def count_all_history(
    incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, horizon_days: int, seed: int = 0
) -> npt.NDArray[np.float64]:
    """All past events in each cell, as a rate over the horizon."""
    days = max(1, (as_of - incidents.since).days)
    return cells.counts(incidents.frame) * (horizon_days / days)
