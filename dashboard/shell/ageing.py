"""Caveats that depend on the day on which somebody reads them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analytics.caveats import assess
from analytics.results import Caveat, by_severity
from data import Provenance

__all__ = ["stale"]


def stale(made_from: Sequence[Provenance], caveats: Sequence[Caveat]) -> tuple[Caveat, ...]:
    """The caveats and, beside them, what the clock says about the age of the data."""
    return by_severity(
        [
            *caveats,
            *[each for each in assess(made_from=made_from, today=pd.Timestamp.now()) if each.code == "data_stale"],
        ]
    )
