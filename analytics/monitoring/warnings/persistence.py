"""How much longer than chance forecasts stay wrong: what a week of scores says is worth less where errors last.

A chart adds up what each period says for a shift, as if periods were independent. Errors of forecasts are not: weather and
seasons keep counts of traffic on one side for days. The variance of the mean of a block of scores, over what it has when
scores are independent and of variance 1, says how many times over the same thing is said; the log likelihood ratios are
divided by it (as Chandler and Bate 2007 do, Inference for Clustered Data Using the Independence Loglikelihood), so that
charts rise by chance about as often as their thresholds promise.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["persistence_of"]

Array = npt.NDArray[np.float64]

MOST = 9.0  # times chance, that one block may say: an event is no error
PRIOR = 8.0  # blocks that independence counts for, in the pool of all columns
POOL = 26.0  # blocks that the pool counts for in each column


def persistence_of(scores: Array, *, block: int) -> Array:
    """How many times over past scores said the same, by column; 1 where they were independent.

    Parameters
    ----------
    scores : past normal scores (period, column), gaps NaN.
    block : periods whose mean is looked at; whole blocks from the first period on.

    Returns
    -------
    1 or more, a column.

    Examples
    --------
    >>> steady = np.ones((700, 1)) * np.repeat([1.0, -1.0] * 50, 7)[:, None]
    >>> persistence_of(steady, block=7).round(1).tolist(), persistence_of(steady[::7], block=2).tolist()
    ([6.9], [1.0])
    """
    blocks = len(scores) // block
    parts = scores[: blocks * block].reshape(blocks, block, scores.shape[1])
    known = (~np.isnan(parts)).sum(axis=1)
    total = np.nansum(parts, axis=1)
    times = np.minimum(np.divide(total**2, known, out=np.zeros(total.shape), where=known > 0), MOST)
    n, sums = (known > 0).sum(axis=0), times.sum(axis=0)
    pool = (PRIOR + sums.sum()) / (PRIOR + n.sum())
    answer: Array = np.maximum((POOL * pool + sums) / (POOL + n), 1.0)
    return answer
