"""Late data: columns that end while others go on, and zeros that the forecast holds all but impossible."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analytics.monitoring.warnings.charts import Raised
from analytics.monitoring.warnings.watch import Watched

__all__ = ["late_columns", "zero_runs"]

Array = npt.NDArray[np.float64]

IMPOSSIBLE = 1e-4  # the chance of a run of zeros below which it is a missing delivery rather than a quiet spell


def late_columns(watched: Watched) -> list[Raised]:
    """Columns without values at the end while at least one other has them, or with an improbable run of zeros there."""
    columns = watched.panel.values.shape[1]
    gaps = _trailing(np.isnan(watched.actual[:, :columns]))
    found = [Raised("late", int(column), len(watched.actual) - int(gaps[column]), len(watched.actual) - 1, -1, 0.0)
             for column in np.flatnonzero(gaps) if gaps.min() < gaps[column]]  # fmt: skip
    if watched.panel.series.value_type != "count":
        return found
    chances = zero_runs(watched)[-1, :columns]
    zeros = _trailing(watched.actual[:, :columns] == 0)
    for column in np.flatnonzero((chances < IMPOSSIBLE) & (gaps == 0)):
        since = len(watched.actual) - int(zeros[column])
        found.append(Raised("late", int(column), since, len(watched.actual) - 1, -1, float(chances[column])))
    return found


def zero_runs(watched: Watched) -> Array:
    """For each period the chance of the run of zeros that ends there, 1 where there is none, (period, column)."""
    zero = watched.actual == 0
    logs = np.log(np.maximum(np.nan_to_num(watched.evidence.below, nan=1.0), 1e-300))
    chances = np.ones(zero.shape)
    run = np.zeros(zero.shape[1])
    for period, each in enumerate(zero):
        run = np.where(each, run + logs[period], 0.0)
        chances[period] = np.exp(run)
    return chances


def _trailing(marks: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """How many periods up to the last each column has been marked without a break."""
    backwards = marks[::-1]
    return np.where(backwards.all(axis=0), len(marks), (~backwards).argmax(axis=0))
