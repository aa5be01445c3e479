"""Counts of past incidents: of the last year, and of all years. The yardsticks that any method must beat."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.hotspots.cells import Cells
from analytics.hotspots.contract import hotspot_method
from analytics.hotspots.recent import last_days
from data import Incidents
from data.words import Sentence


@hotspot_method(
    name="count_last_year",
    title=Sentence("methods.count_last_year.title"),
    version="1",
    limits=(Sentence("methods.limits.forgets"), Sentence("methods.limits.empty_cell_safe")),
    inputs=(Sentence("methods.inputs.last_days", {"days": 365}),),
    complexity=0,
    how=Sentence("records.count_last_year.how"),
    source=Sentence("records.count_last_year.source"),
)
def count_last_year(
    incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, horizon_days: int, seed: int = 0
) -> npt.NDArray[np.float64]:
    """Events of the last 365 days in each cell, as a rate over the horizon."""
    recent, days = last_days(incidents, as_of=as_of)
    return cells.counts(recent) * (horizon_days / days)


@hotspot_method(
    name="count_all_history",
    title=Sentence("methods.count_all_history.title"),
    version="1",
    limits=(Sentence("methods.limits.does_not_notice"),),
    inputs=(Sentence("methods.inputs.all_past"),),
    complexity=1,
    how=Sentence("records.count_all_history.how"),
    source=Sentence("records.count_all_history.source"),
)
def count_all_history(
    incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, horizon_days: int, seed: int = 0
) -> npt.NDArray[np.float64]:
    """All past events in each cell, as a rate over the horizon."""
    days = max(1, (as_of - incidents.since).days)
    return cells.counts(incidents.frame) * (horizon_days / days)
