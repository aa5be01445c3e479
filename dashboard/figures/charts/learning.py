"""What to find out first: what knowing each thing is worth, and how much of the doubt it carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analytics.results import Caveat
from analytics.scenarios.mind import Mind
from analytics.scenarios.mind.information import Learnt
from analytics.scenarios.mind.words import gain_words
from dashboard.figures.axes import share_axis
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart, Line, Mark, Text
from dashboard.figures.columns import SHARE, column
from data.words import say, text

__all__ = ["learning_chart", "telling"]

LEAST = 0.005  # of the doubt: less is none

ROWS, ROW = 5, 56
PHONE = 330


def telling(mind: Mind) -> list[Learnt]:
    """What carries some of the doubt, or is worth knowing; the most worth first."""
    return [each for each in mind.learnt if each.doubt >= LEAST or each.value > 0]


def learning_chart(mind: Mind, *, caveats: tuple[Caveat, ...] = (), narrow: bool = False) -> Chart:
    """One bar a thing that is not known: its share of the doubt about the choice, and what knowing it is worth.

    Parameters
    ----------
    mind : what would change our mind, with something `telling`.
    caveats : of the page, to which those of this are added.
    narrow : whether it stands on a phone.

    Returns
    -------
    Chart
        The most worth first.

    Raises
    ------
    ValueError
        When nothing that is drawn carries any doubt about the choice.
    """
    rows = telling(mind)[:ROWS]
    if not rows:
        raise ValueError("nothing that is drawn has to do with the choice")
    marks: list[Mark] = []
    for index, row in enumerate(rows):
        marks += _marks(-float(index), row, mind)
    unit = text(mind.unit)
    evidence = {
        "option": mind.leader,
        "rival": mind.rival,
        "errand": text(mind.sentences["learn"][1]),
        "draws": mind.draws,
        "receipt": mind.receipt,
        "n": len(mind.learnt),
    }
    chart = chart_of(
        mind,
        name="learning",
        evidence=evidence,
        marks=marks,
        table=_table(mind.learnt, unit),
        axes=(share_axis(1.0), Axis(kind="category", range=(0.5 - len(rows), 0.5))),
        caveats=caveats or None,
        height=ROW * len(rows) + 50,
        right=40,
        key_width=PHONE if narrow else 480,
    )
    return replace(chart, name=f"{chart.name}-narrow") if narrow else chart


def _marks(y: float, row: Learnt, mind: Mind) -> list[Mark]:
    worth = {
        name: gain_words(value, mind.unit)
        for name, value in (("value", row.value), ("low", row.low), ("high", row.high))
    }
    words = say("charts.learning.worth" if row.value > 0 else "charts.learning.nothing", worth)
    hover = [say("charts.learning.hover", {"title": text(row.title), "doubt": row.doubt, "words": words})]
    return [
        Text(0.0, y, text(row.title), role="ink", strong=True, column="start", dy=16),
        Text(0.0, y, words, role="ink2", column="end", anchor="end", dy=16),
        Line([0.0, max(row.doubt, 0.004)], [y - 0.14, y - 0.14], role="band50", width=10.0, hover=2 * hover),
    ]


def _table(rows: Sequence[Learnt], unit: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            column("factor"): [text(each.title) for each in rows],
            column("knowing_worth", unit=unit): [each.value for each in rows],
            column("knowing_low", unit=unit): [each.low for each in rows],
            column("knowing_high", unit=unit): [each.high for each in rows],
            column("doubt_share", unit=SHARE): [each.doubt for each in rows],
            column("knowing_changes", unit=SHARE): [each.changes for each in rows],
            column("errand"): [text(each.errand) for each in rows],
        }
    )
