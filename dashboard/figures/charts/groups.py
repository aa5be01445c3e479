"""Who gains and who loses."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.equity import group_label
from analytics.scenarios.comparison import Comparison
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart, Line, Mark, Points, Rule, Text
from dashboard.figures.columns import column
from dashboard.figures.differences import (
    Scale,
    change_table,
    changes_of,
    find_difference,
    option_evidence,
    scale_of_parts,
    turned_axis,
)
from data.words import say, text

__all__ = ["group_chart"]

Row = tuple[str, float, float, float]  # a group's name, its change and the ends of its range


def group_chart(comparison: Comparison, *, option: str, measure: str) -> Chart:
    """Who gains and who loses: the change for everyone and for each group.

    In per cent of the group's own baseline, or all groups in the measure's unit where one of them has no per cent.

    Parameters
    ----------
    comparison : of a measure that has areas, or it has no groups.
    option, measure : the names of one of its differences.

    Returns
    -------
    One row a group, everyone first.
    """
    difference = find_difference(comparison, option=option, measure=measure)
    changes = changes_of(comparison.by_group[option, measure], "group")
    scale = scale_of_parts(difference, changes)
    rows = _turned_rows(changes, scale)
    marks: list[Mark] = [Rule(0.0, role="today", width=2.0)]
    for index, row in enumerate(rows):
        marks += _group_marks(-float(index), row, scale, neutral=difference.direction == "neutral")
    return chart_of(
        comparison,
        name="groups",
        evidence=option_evidence(
            comparison, option, scale, measure=text(difference.title), sentence=text(difference.sentence)
        ),
        marks=marks,
        table=_table(changes, scale, text(difference.unit)),
        axes=(
            turned_axis([value for row in rows for value in row[1:]], scale),
            Axis(
                kind="category",
                range=(-len(rows) + 0.4, 0.6),
                ticks=tuple((-float(index), row[0]) for index, row in enumerate(rows)),
            ),
        ),
        height=36 * len(rows) + 60,
        right=104,
    )


def _turned_rows(changes: pd.DataFrame, scale: Scale) -> list[Row]:
    names = ("share", "share_low95", "share_high95") if scale.relative else ("mean", "low95", "high95")
    middles, *ends = (scale.sign * changes[name].to_numpy() for name in names)
    bands = np.sort(np.stack(ends), axis=0)
    return [
        (text(group_label(str(group))), float(middle), float(low), float(high))
        for group, middle, low, high in zip(changes.index, middles, *bands, strict=True)
    ]


def _table(changes: pd.DataFrame, scale: Scale, unit: str) -> pd.DataFrame:
    table = change_table(changes, scale, unit=unit).reset_index(drop=True)
    table.insert(0, column("group"), [text(group_label(str(group))) for group in changes.index])
    return table


def _group_marks(y: float, row: Row, scale: Scale, *, neutral: bool) -> list[Mark]:
    _, middle, low, high = row
    if not np.isfinite(middle):
        return [Text(0.0, y, say("verdict.unknown"), role="ink3", column="right")]
    role, shape, words = "today", "circle", say("verdict.too_close")
    if low > 0:
        role, shape, words = "better", "square", say("amount.better", {"size": scale.size(middle)})
    elif high < 0:
        role, shape, words = "worse", "cross", say("amount.worse", {"size": scale.size(middle)})
    if neutral and role != "today":
        role, shape, words = "ink2", "circle", scale.amount(middle)
    return [
        Line([low, high], [y, y], role=role, width=1.8),
        Points([middle], [y], role=role, shape=shape, filled=role != "today", size=11),
        Text(0.0, y, words, role=role if role != "today" else "ink2", strong=role != "today", column="right"),
    ]
