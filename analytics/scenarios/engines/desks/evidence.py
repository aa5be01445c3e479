"""What is known of a desk beside its measures: facts for the caveats."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.scenarios.engines.desks.erlang import answered_within
from analytics.scenarios.engines.desks.estimates import Duration
from data import Desk
from data.words import Sentence

__all__ = ["facts_of", "formula_of"]

Floats = npt.NDArray[np.float64]

HOUR_SECONDS = 3600.0
HOURS_A_DAY = 24


def facts_of(
    desk: Desk, usual: Floats, *, handling: Duration, patience: Duration | None, assumed: Collection[str]
) -> dict[str, Any]:
    """Facts for the caveats of a desk.

    Parameters
    ----------
    desk : whose they are.
    usual : contacts expected in each hour of the week.
    handling, patience : as known.
    assumed : uncertainties that all options assume.

    Returns
    -------
    dict
        By the names of what the rules read.
    """
    staff = np.asarray(desk.staff)
    load = usual * handling.mean / HOUR_SECONDS
    over = np.flatnonzero((staff > 0) & (load >= staff))
    closed = float(usual[staff == 0].sum() / max(usual.sum(), 1e-9))
    stated = [] if handling.n or "desks.handling_seconds" in assumed else ["handling"]
    if patience is not None and not patience.n and "desks.patience_seconds" not in assumed:
        stated.append("patience")
    return {
        "desk": desk.title,
        "desk_stated": stated,
        "desk_nobody_leaves": patience is None,
        "desk_overloaded": [_hour(int(each)) for each in over],
        "desk_least": int(np.floor(load[over]).max()) + 1 if len(over) else 0,
        "desk_closed_share": closed,
    }


def _hour(slot: int) -> Sentence:
    """An hour of the week in words."""
    day, hour = divmod(slot, HOURS_A_DAY)
    return Sentence("amounts.hour_of_week", {"day": day, "hour": hour})


def formula_of(desk: Desk, usual: Floats, *, handling: Duration, patience: Duration) -> float:
    """The share answered in time by Erlang A, each open hour for itself, as if each had always been so.

    Parameters
    ----------
    desk : with today's staff.
    usual : contacts expected in each hour of the week.
    handling, patience : as known.

    Returns
    -------
    float
        A mean over the hours, weighed by their contacts; closed hours answer nobody.
    """
    found, total = 0.0, max(float(usual.sum()), 1e-9)
    for contacts, staff in zip(usual, desk.staff, strict=True):
        if contacts > 0 and staff > 0:
            rates = (HOUR_SECONDS / handling.mean, HOUR_SECONDS / patience.mean)
            found += contacts * answered_within(contacts, *rates, int(staff), desk.target_seconds / HOUR_SECONDS)
    return found / total
