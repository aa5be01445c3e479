"""LightGBM on the kernels of each cell: trees may find what no sum or product of them says.

Needs the package lightgbm (``pip install -e ".[ml]"``); without it the method is listed as not available.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.hotspots.cells import Cells
from analytics.hotspots.contract import hotspot_method
from analytics.hotspots.smoothing.kernels import expected_total, kernels_on, relative, training_weeks
from data import Incidents
from data.words import Sentence

if find_spec("lightgbm") is None:
    raise ImportError('LightGBM is not installed: in the folder of this program, pip install -e ".[ml]" adds it')

Array = npt.NDArray[np.float64]

TREES = 150
PARAMETERS: dict[str, Any] = {
    "objective": "poisson",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_child_samples": 200,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


def fit_boosted_trees(
    incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, horizon_days: int, seed: int = 0
) -> Any:
    """Trees grown on the held-back weeks; None where there is nothing to grow them on.

    Parameters
    ----------
    incidents : what happened, its frame in order of time.
    cells : the cells of the map.
    as_of : the first day that is not known.
    horizon_days : days that the map is for.
    seed : of everything drawn by lot.

    Returns
    -------
    A trained booster, or None.
    """
    import lightgbm

    training = training_weeks(incidents, cells, as_of=as_of, seed=seed)
    if not training.counts.sum():
        return None
    base = np.log(np.maximum(training.totals, 1.0) * training.kernels[:, -1])
    rows = lightgbm.Dataset(training.logarithms, training.counts, weight=training.weights, init_score=base)
    return lightgbm.train({**PARAMETERS, "seed": seed}, rows, num_boost_round=TREES)


@hotspot_method(
    name="boosted_trees",
    title=Sentence("methods.boosted_trees.title"),
    version="2",
    limits=(
        Sentence("methods.limits.no_reasons"),
        Sentence("methods.limits.empty_place_safe"),
    ),
    inputs=(Sentence("methods.inputs.all_past"),),
    complexity=5,
    fit=fit_boosted_trees,
    slow=True,
    how=Sentence("records.boosted_trees.how"),
    source=Sentence("records.boosted_trees.source"),
    parameters=(
        Sentence(
            "records.boosted_trees.trees",
            {"trees": TREES, "leaves": PARAMETERS["num_leaves"], "rate": PARAMETERS["learning_rate"]},
        ),
    ),
)
def boosted_trees(
    incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, horizon_days: int, seed: int = 0, fitted: Any
) -> Array:
    """The trees' rate of each cell, scaled to the events that are expected in all."""
    kernels = next(kernels_on(incidents, cells, [as_of]))
    score = kernels[-1].copy()
    if fitted is not None:
        score *= np.exp(fitted.predict(relative(kernels.T), raw_score=True, num_threads=1))
    return np.asarray(score / score.sum() * expected_total(incidents, cells, as_of=as_of, horizon_days=horizon_days))
