"""Weights that are shares: none below 0, their sum 1."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

__all__ = ["simplex_weights"]

Array = npt.NDArray[np.float64]


def simplex_weights(target: Array, donors: Array, *, ridge: float = 0.0, intercept: bool = False) -> Array:
    """The shares of donors whose sum comes closest to a target, by exact least squares.

    Minimises ``|donors @ w - target - c|² + ridge · |w|²`` over the simplex. With the residuals ``R`` of each donor alone, that
    is ``|R w|² + ridge · |w|²``; the non-negative ``u`` that minimises ``|R u|² + ridge · |u|² + (1 - sum(u))²`` is a multiple of
    the answer, since for given shares the best multiple grows as the error falls. So one run of Lawson and Hanson's
    active sets (1974) gives the exact answer, without steps or tolerances.

    Parameters
    ----------
    target : shape (row,).
    donors : shape (row, donor).
    ridge : how much evenly spread weights are preferred.
    intercept : whether a constant difference ``c`` costs nothing.

    Returns
    -------
    Array
        Shape (donor,).

    Examples
    --------
    >>> simplex_weights(np.array([1.0, 2.0]), np.array([[0.0, 2.0], [0.0, 4.0]])).round(6).tolist()
    [0.5, 0.5]
    """
    residuals = donors - target[:, None]
    if intercept:
        residuals = residuals - residuals.mean(axis=0)
    count = donors.shape[1]
    scale = float(np.sqrt((residuals**2).mean())) or 1.0  # errors of about 1 keep the sum's row in proportion
    rows = [residuals / scale, np.sqrt(ridge) / scale * np.eye(count) if ridge > 0 else np.empty((0, count))]
    system = np.vstack([*rows, np.ones((1, count))])
    aim = np.append(np.zeros(len(system) - 1), 1.0)
    found, _ = nnls(system, aim, maxiter=30 * count)
    return np.asarray(found / found.sum(), dtype=np.float64)
