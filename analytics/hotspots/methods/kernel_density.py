"""Kernel density: last year's incidents, each spread over its surroundings."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.hotspots.cells import Cells, Squares
from analytics.hotspots.contract import hotspot_method
from analytics.hotspots.recent import last_days
from analytics.hotspots.smoothing.density import kernel_density_grid
from data import Incidents
from data.words import Sentence

BANDWIDTH = 150.0  # metres: the usual choice for street crime, about one block


@hotspot_method(
    name="kernel_density",
    title=Sentence("methods.kernel_density.title"),
    version="2",
    limits=(Sentence("methods.limits.over_walls"), Sentence("methods.limits.forgets")),
    inputs=(Sentence("methods.inputs.last_days", {"days": 365}),),
    complexity=2,
    how=Sentence("records.kernel_density.how"),
    source=Sentence("records.kernel_density.source"),
    parameters=(Sentence("records.kernel_density.bandwidth", {"metres": BANDWIDTH}),),
)
def kernel_density(
    incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, horizon_days: int, seed: int = 0
) -> npt.NDArray[np.float64]:
    """A Gaussian of 150 m over each incident of the last year, summed over each cell, as a rate over the horizon.

    On squares each point has its own Gaussian; on other cells the counts are spread between the cells' middles.
    """
    recent, days = last_days(incidents, as_of=as_of)
    if not isinstance(cells, Squares):
        return cells.smooth(cells.counts(recent), bandwidth=BANDWIDTH) * (horizon_days / days)
    grid = kernel_density_grid(
        recent["x"].to_numpy(), recent["y"].to_numpy(), x0=cells.x0, y0=cells.y0, size=cells.size,
        columns=cells.columns, rows=cells.rows, bandwidth=BANDWIDTH,
    )  # fmt: skip
    return grid.ravel()[cells.index] * (horizon_days / days)
