"""When a lead is settled, so that more futures need not be tried."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["FIRST", "settled_after"]

Floats = npt.NDArray[np.float64]

FIRST, SURE = 100, 4.0  # futures, and standard errors: a lead of so many has the other sign in 3 of 100,000 samples


def settled_after(values: Floats, *, first: int = FIRST) -> int | None:
    """After how many futures the sign of a lead was settled.

    Parameters
    ----------
    values : the lead by draw.
    first : so many are looked at before anything is said.

    Returns
    -------
    int or None
        The first count, each twice the one before, at which the mean lies four standard errors from 0, or nothing varies; None
        where none does.
    """
    n = first
    while n < 2 * len(values):
        own = values[:n]
        error = own.std(ddof=1) / np.sqrt(len(own))
        if abs(own.mean()) > SURE * error or not own.std() > 0:
            return len(own)
        n *= 2
    return None
