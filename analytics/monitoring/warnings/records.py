"""How past alarms of each kind fared: how many there were, and what came after them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np
from scipy.special import ndtri

from analytics.monitoring.warnings.alarms import Kind, Record
from analytics.monitoring.warnings.charts import Raised
from analytics.monitoring.warnings.spans import PACES
from analytics.monitoring.warnings.thresholds import BUDGET
from analytics.monitoring.warnings.watch import Watched

__all__ = ["records_of"]

BEYOND = float(ndtri(0.9))  # what follows an alarm confirms it when 9 in 10 chance outcomes would be less


def records_of(watched: Watched, raised: Sequence[Raised]) -> dict[str, Record]:
    """The record of each kind; see ``Record``.

    Parameters
    ----------
    watched : a finished watch.
    raised : what it raised.

    Returns
    -------
    Record by kind of alarm.
    """
    a_year = watched.panel.series.freq.periods_a_year
    years = float((~watched.spell & ~np.isnan(watched.actual)).sum() / a_year)
    records: dict[str, Record] = {}
    kinds: tuple[Kind, ...] = get_args(Kind)
    for kind in kinds:
        if kind == "hour":  # which are watched beside the days
            continue
        own = [each for each in raised if each.kind == kind and not each.deeper]  # which is the same spell
        answers = [answer for each in own if (answer := _confirmed(watched, each)) is not None]
        chance = BUDGET[kind]
        records[kind] = Record(kind, len(own), len(answers), sum(answers), years, chance)
    return records


def _confirmed(watched: Watched, raised: Raised) -> bool | None:
    """Whether the periods after an alarm went on as it said; None when they are not all known, or it is no shift."""
    after = PACES[watched.panel.series.freq].horizon
    rows = slice(raised.until + 1, raised.until + 1 + after)
    scores = watched.evidence.scores[rows, raised.column]
    if raised.kind in ("variance", "late") or len(scores) < after or np.isnan(scores).any():
        return None
    wider = np.sqrt(after * watched.evidence.persistence[raised.until, raised.column])
    return bool(raised.direction * scores.sum() / wider > BEYOND)
