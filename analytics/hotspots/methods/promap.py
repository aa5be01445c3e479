"""ProMap: burglars come back soon and near (Johnson, Bowers, Birks and Pease 2009, *Predictive mapping of crime*)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.hotspots.cells import Cells
from analytics.hotspots.contract import hotspot_method
from analytics.hotspots.recent import last_days
from data import Incidents
from data.words import Sentence

REACH = 400.0  # metres beyond which an incident says nothing
WEEKS = 8  # after which it says nothing
STEP = 50.0  # metres: half of the published grid, so that rings are not coarser than the cells


@hotspot_method(
    name="promap",
    title=Sentence("methods.promap.title"),
    version="1",
    limits=(Sentence("methods.limits.eight_weeks"), Sentence("methods.limits.for_burglary")),
    inputs=(Sentence("methods.inputs.last_days", {"days": 56}),),
    complexity=2,
    how=Sentence("records.promap.how"),
    source=Sentence("records.promap.source"),
    parameters=(Sentence("records.promap.reach", {"weeks": WEEKS, "metres": REACH}),),
)
def promap(
    incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, horizon_days: int, seed: int = 0
) -> npt.NDArray[np.float64]:
    """Each incident of the last eight weeks weighs 1 / (1 + weeks ago) x 1 / (1 + distance / 50 m) up to 400 m.

    The sum is scaled to as many events as there were, so that it is a rate over the horizon.
    """
    recent, days = last_days(incidents, as_of=as_of, days=7 * WEEKS)
    weeks = (as_of - recent["time"]).dt.total_seconds().to_numpy() / (7 * 86_400)
    cell = cells.cell_of(recent)
    inside = cell >= 0
    weight = np.bincount(cell[inside], 1 / (1 + weeks[inside]), minlength=len(cells)).astype(float)
    score = cells.decayed(weight, reach=REACH, step=STEP)
    total = score.sum()
    expected = inside.sum() * (horizon_days / days)
    return score * (expected / total if total else 0.0)
