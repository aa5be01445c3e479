"""The kernel mixture: how much of tomorrow's map each memory and reach of the past has explained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.hotspots.cells import Cells
from analytics.hotspots.contract import hotspot_method
from analytics.hotspots.smoothing.kernels import KERNELS, Training, expected_total, kernels_on, training_weeks
from data import Incidents
from data.words import Sentence

__all__ = ["Mixture", "fit_mixture", "kernel_mixture"]

Array = npt.NDArray[np.float64]

# From equal weights. More rounds raise the likelihood of what is known and not of what comes: stopping early is how
# the weights are drawn towards each other (measured on 2018 and 2021, years that no figure is reported for).
ROUNDS = 30
MOST_ROWS = 40_000  # cells with events: more tell twenty weights nothing new


@dataclass(frozen=True, eq=False)
class Mixture:
    """The share of each of ``KERNELS``, adding up to 1."""

    weights: Array

    @property
    def explanation(self) -> pd.DataFrame:
        """What the map is made of: columns memory, reach, share; the largest first."""
        parts = [(*name.split("/"), "") for name in KERNELS]
        frame = pd.DataFrame({"memory": [each[0] for each in parts], "reach": [each[1] for each in parts]})
        return frame.assign(share=self.weights).sort_values("share", ascending=False, ignore_index=True)


def fit_mixture(
    incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, horizon_days: int, seed: int = 0
) -> Mixture:
    """Weights by expectation-maximisation on the events of the last year's weeks, each held back from its kernels.

    Each event of a week is shared among the kernels in proportion to weight x value at its cell; the new weights are
    the shares (Dempster, Laird and Rubin 1977). Without any week to learn from all kernels weigh the same.

    Parameters
    ----------
    incidents : what happened, its frame in order of time.
    cells : the cells of the map.
    as_of : the first day that is not known.
    horizon_days : days that the map is for.
    seed : of everything drawn by lot.

    Returns
    -------
    Weights that add up to 1.
    """
    return Mixture(maximised(training_weeks(incidents, cells, as_of=as_of, seed=seed), seed=seed))


def maximised(training: Training, *, seed: int = 0) -> Array:
    """The weights after so many rounds; they add up to 1."""
    weights = np.full(len(KERNELS), 1 / len(KERNELS))
    happened = np.flatnonzero(training.counts)  # what did not happen adds nothing: each kernel adds up to 1
    if len(happened) > MOST_ROWS:
        happened = np.random.Generator(np.random.Philox(seed)).choice(happened, MOST_ROWS, replace=False)
    kernels, counts = training.kernels[happened], training.counts[happened]
    if not counts.sum():
        return weights
    from analytics.hotspots.smoothing._loops import shared_out

    for _ in range(ROUNDS):
        shares = shared_out(kernels, counts, weights)
        weights = shares / shares.sum()
    return weights


@hotspot_method(
    name="kernel_mixture",
    title=Sentence("methods.kernel_mixture.title"),
    version="2",
    limits=(
        Sentence("methods.limits.records_only"),
        Sentence("methods.limits.empty_place_safe"),
    ),
    inputs=(Sentence("methods.inputs.all_past"),),
    complexity=3,
    fit=fit_mixture,
    how=Sentence("records.kernel_mixture.how"),
    source=Sentence("records.kernel_mixture.source"),
    parameters=(Sentence("records.kernel_mixture.kernels", {"kernels": len(KERNELS), "rounds": ROUNDS}),),
)
def kernel_mixture(
    incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, horizon_days: int, seed: int = 0, fitted: Mixture
) -> Array:
    """Counts of all years, of the last year and of late, each near and far, weighted by what they have explained."""
    kernels = next(kernels_on(incidents, cells, [as_of]))
    mixed = fitted.weights @ kernels
    return np.asarray(mixed * expected_total(incidents, cells, as_of=as_of, horizon_days=horizon_days))
