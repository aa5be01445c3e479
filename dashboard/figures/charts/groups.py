"""Who gains and who loses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from analytics.equity import group_label
from analytics.scenarios.comparison import Comparison
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart, Line, Mark, Points, Rule, Text
from dashboard.figures.differences import find_difference, option_evidence, turned_axis
from data.words import as_percent, say

__all__ = ["group_chart"]


def group_chart(comparison: Comparison, *, option: str, measure: str) -> Chart:
    """Who gains and who loses: the change for everyone and for each group, in per cent of the group's own baseline."""
    difference = find_difference(comparison, option=option, measure=measure)
    sign = 1 if difference.direction == "higher" else -1
    groups = comparison.by_group.get((option, measure))
    rows = [] if groups is None else _rows(groups)
    marks: list[Mark] = [Rule(0.0, role="today", width=2.0)]
    for place, (_, middle, low, high) in enumerate(rows):
        marks += _group_marks(-float(place), sign * middle, *sorted((sign * low, sign * high)))
    return chart_of(
        comparison,
        name="groups",
        evidence=option_evidence(comparison, option, measure=difference.title, sentence=difference.sentence),
        marks=marks,
        table=pd.DataFrame(rows, columns=["group", "change (share)", "low 95 (share)", "high 95 (share)"]),
        axes=(
            turned_axis([sign * value for row in rows for value in row[1:]], zero_label="0"),
            Axis(
                kind="category",
                range=(-len(rows) + 0.4, 0.6),
                ticks=tuple((-float(place), row[0]) for place, row in enumerate(rows)),
            ),
        ),
        height=36 * len(rows) + 60,
        right=104,
    )


def _rows(groups: xr.DataArray) -> list[tuple[str, float, float, float]]:
    """Mean and band by group as shares of the group's own baseline, from the difference and its ``percent``."""
    rows = []
    for group in groups.get_index("group"):
        mean, low, high, percent = (
            float(groups.sel(group=group, stat=stat)) for stat in ("mean", "low95", "high95", "percent")
        )
        scale = percent / mean if mean else np.nan
        rows.append((group_label(str(group)), percent, low * scale, high * scale))
    return rows


def _group_marks(y: float, middle: float, low: float, high: float) -> list[Mark]:
    if not np.isfinite(middle):
        return [Text(0.0, y, say("verdict.unknown"), role="ink3", column="right")]
    role, shape, word = "today", "circle", "verdict.too_close"
    if low > 0:
        role, shape, word = "better", "square", "amount.better"
    elif high < 0:
        role, shape, word = "worse", "cross", "amount.worse"
    words = say(word, {"size": as_percent(abs(middle))})
    return [
        Line([low, high], [y, y], role=role, width=1.8),
        Points([middle], [y], role=role, shape=shape, filled=role != "today", size=11),
        Text(0.0, y, words, role=role if role != "today" else "ink2", strong=role != "today", column="right"),
    ]
