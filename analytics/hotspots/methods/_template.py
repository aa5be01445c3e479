"""A method of your own: copy this file, rename what is in it, and say in plain words what it cannot do.

A file that begins with "_" is not loaded. ``incidents.frame`` holds only what happened before ``as_of``; events that lie in
no cell have the index -1. A method that learns gives ``fit=`` a function of the same arguments to the decorator, and gets
what that returns as ``fitted=``; ``slow=True`` has it measured on request only.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.hotspots.cells import Cells
from analytics.hotspots.contract import hotspot_method
from data import Incidents

DAYS = 91


@hotspot_method(
    name="count_last_quarter",
    title="Last quarter's count",
    version="1",
    limits=("Most cells have no incident in a quarter.",),
    inputs=("Incidents of the last 91 days",),
    complexity=1,
)
def count_last_quarter(
    incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, horizon_days: int, seed: int = 0
) -> npt.NDArray[np.float64]:
    """One number a cell: the events expected over the next ``horizon_days``."""
    known = min(DAYS, max(1, (as_of - incidents.since).days))
    recent = incidents.frame.loc[incidents.frame["time"] >= as_of - pd.Timedelta(days=known)]
    return cells.counts(recent) * (horizon_days / known)
