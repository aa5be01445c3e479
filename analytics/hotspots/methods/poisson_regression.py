"""A Poisson regression of each cell's count on what the past of its surroundings looked like."""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.hotspots.cells import Cells
from analytics.hotspots.contract import hotspot_method
from analytics.hotspots.smoothing.kernels import KERNELS, expected_total, kernels_on, relative, training_weeks
from data import Incidents
from data.words import Sentence

Array = npt.NDArray[np.float64]

# Few enough that no two say the same: all twenty together have weights that cancel.
FEATURES = (
    "all_years/cell", "last_year/cell", "all_years/block", "last_year/block", "season/block", "month/block",
    "week/neighbourhood", "all_years/neighbourhood", "last_year/district",
)  # fmt: skip
COLUMNS = [KERNELS.index(name) for name in FEATURES]
MOST_ROWS = 40_000  # for nine coefficients
FEWEST = 100  # events: with fewer all features weigh the same


def fit_poisson_regression(
    incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, horizon_days: int, seed: int = 0
) -> Array:
    """The exponent of each feature, by maximum likelihood over the held-back weeks (statsmodels).

    Parameters
    ----------
    incidents : what happened, its frame in order of time.
    cells : the cells of the map.
    as_of : the first day that is not known.
    horizon_days : days that the map is for.
    seed : of everything drawn by lot.

    Returns
    -------
    One exponent a feature.
    """
    from statsmodels.genmod import families
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.tools import add_constant

    training = training_weeks(incidents, cells, as_of=as_of, seed=seed).sampled(MOST_ROWS, seed=seed)
    if training.counts.sum() < FEWEST:
        return np.full(len(COLUMNS), 1 / len(COLUMNS))
    design = add_constant(training.logarithms[:, COLUMNS], has_constant="add")
    offset = np.log(np.maximum(training.totals, 1.0) * training.kernels[:, -1])
    model = GLM(training.counts, design, family=families.Poisson(), offset=offset, freq_weights=training.weights)
    with warnings.catch_warnings():
        # A few cells that never change fit perfectly, by many exponents; the pseudoinverse takes the smallest of them.
        warnings.simplefilter("ignore")
        fitted = model.fit(maxiter=50)
    return np.asarray(fitted.params, dtype=float)[1:]


@hotspot_method(
    name="poisson_regression",
    title=Sentence("methods.poisson_regression.title"),
    version="2",
    limits=(
        Sentence("methods.limits.memories_multiply"),
        Sentence("methods.limits.empty_place_safe"),
    ),
    inputs=(Sentence("methods.inputs.all_past"),),
    complexity=4,
    fit=fit_poisson_regression,
    slow=True,
    how=Sentence("records.poisson_regression.how"),
    source=Sentence("records.poisson_regression.source"),
    parameters=(Sentence("records.poisson_regression.features", {"n": len(FEATURES)}),),
)
def poisson_regression(
    incidents: Incidents, cells: Cells, *, as_of: pd.Timestamp, horizon_days: int, seed: int = 0, fitted: Array
) -> Array:
    """The product of powers of nine kernels, scaled to the events that are expected in all."""
    kernels = next(kernels_on(incidents, cells, [as_of]))
    score = np.exp(relative(kernels.T)[:, COLUMNS] @ fitted) * kernels[-1]
    return np.asarray(score / score.sum() * expected_total(incidents, cells, as_of=as_of, horizon_days=horizon_days))
