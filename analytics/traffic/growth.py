"""A matrix of trips when zones grow: rows and columns brought to new sums in turn."""

from __future__ import annotations

import numpy as np

from analytics.traffic.demand import Demand
from analytics.traffic.road import Floats

__all__ = ["grown"]

MOST = 200  # rounds: a matrix without empty rows takes some ten
NEAR = 1e-10  # of a row's sum


def grown(demand: Demand, *, leaving: Floats, drawing: Floats) -> Demand:
    """The trips when those that leave each zone grow, and what draws them to each.

    Rows are brought to their new sums and columns to theirs in turn (Furness 1965, Traffic Engineering & Control 7:458-460).
    The columns' sums are first scaled to those of the rows: what draws trips only shares them out.

    Parameters
    ----------
    demand : of today.
    leaving : factors of the rows' sums, by zone, not negative.
    drawing : factors of the columns' sums, by zone, not negative.

    Returns
    -------
    Demand
        The very same where no factor differs from 1.
    """
    if (leaving == 1).all() and (drawing == drawing[0]).all():
        return demand
    matrix = demand.matrix
    rows = matrix.sum(axis=1) * leaving
    columns = matrix.sum(axis=0) * drawing
    columns = columns * (rows.sum() / columns.sum()) if columns.sum() > 0 else columns
    for _ in range(MOST):
        matrix = matrix * _ratio(rows, matrix.sum(axis=1))[:, None]
        matrix = matrix * _ratio(columns, matrix.sum(axis=0))[None, :]
        if (np.abs(matrix.sum(axis=1) - rows) <= NEAR * np.maximum(rows, 1)).all():
            break
    return Demand(demand.zone_ids, demand.nodes, matrix)


def _ratio(wanted: Floats, found: Floats) -> Floats:
    return np.divide(wanted, found, out=np.ones_like(found), where=found > 0)
