"""Kernel density: last year's incidents, each spread over its surroundings."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.ndimage import gaussian_filter

from analytics.hotspots.cells import Cells
from analytics.hotspots.contract import hotspot_method
from data import Incidents

BANDWIDTH = 150.0  # metres: the usual choice for street crime, about one block
FINEST = 4.0  # bandwidths hold at least so many fine bins: half-bandwidth bins gave 4 % error at the peak
YEAR_DAYS = 365


@hotspot_method(
    name="kernel_density",
    title="Kernel density",
    version="1",
    limits=("Spreads incidents over walls, rivers and parks.", "Forgets everything older than a year."),
    inputs=("Incidents of the last 365 days",),
    complexity=2,
)
def kernel_density(
    incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, horizon_days: int, seed: int = 0
) -> npt.NDArray[np.float64]:
    """A Gaussian of 150 m over each incident of the last year, summed over each cell, as a rate over the horizon.

    Binned on a grid finer than a quarter of the bandwidth and filtered one direction at a time.
    """
    days = min(YEAR_DAYS, max(1, (as_of - incidents.since).days))
    recent = incidents.frame.loc[incidents.frame["time"] >= as_of - pd.Timedelta(days=days)]
    parts = max(1, int(np.ceil(cells.size * FINEST / BANDWIDTH)))
    fine = cells.size / parts
    shape = (cells.rows * parts, cells.columns * parts)
    edges = [start + fine * np.arange(count + 1) for start, count in zip((cells.y0, cells.x0), shape, strict=True)]
    binned, _, _ = np.histogram2d(recent["y"], recent["x"], bins=edges)
    smooth = gaussian_filter(binned, sigma=BANDWIDTH / fine, mode="constant", truncate=4.0)
    density = smooth.reshape(cells.rows, parts, cells.columns, parts).sum(axis=(1, 3))
    scores: npt.NDArray[np.float64] = density.ravel()[cells.index] * (horizon_days / days)
    return scores
