"""A chart that is a table alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analytics.results import Caveat, Result
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart

__all__ = ["table_of"]


def table_of(
    result: Result,
    *,
    name: str,
    evidence: Mapping[str, Any],
    table: pd.DataFrame,
    caveats: tuple[Caveat, ...] | None = None,
) -> Chart:
    """The rows of a result with what must travel with them: its sentences are ``charts.NAME.*``.

    Parameters
    ----------
    result, name, evidence, caveats : as in ``chart_of``.
    table : with at least one row, whose heads are in the reader's language.
    """
    axes = (Axis(), Axis())
    return chart_of(result, name=name, evidence=evidence, marks=(), table=table, axes=axes, caveats=caveats)
