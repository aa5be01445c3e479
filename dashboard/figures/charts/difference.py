"""Options against today, one row a measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analytics.scenarios.comparison import Comparison, Difference
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart, Key, Line, Mark, Note, Points, Rule, Text
from dashboard.figures.differences import interval, option_evidence, result_words, turned, turned_axis
from dashboard.figures.palette import Look, option_looks
from data.words import say

__all__ = ["difference_chart"]

ROW = 62  # pixels a measure
FAINT = 0.42  # the options that are not chosen


def difference_chart(comparison: Comparison, *, chosen: str) -> Chart:
    """Every option against the baseline, one row a measure, in per cent, right always better.

    Thin line 95 of 100 futures, thick line 8 of 10, shape = the middle. The chosen option is solid, the others faint.
    """
    measures = list(dict.fromkeys(each.measure for each in comparison.differences))
    rows = {measure: -float(place) for place, measure in enumerate(measures)}
    titles = {each.measure: each.title for each in comparison.differences}
    marks: list[Mark] = [Rule(row + 0.5, axis="y", role="hairline") for row in list(rows.values())[1:]]
    marks.append(Rule(0.0, role="today", width=2.0))
    styles = option_looks([each.name for each in comparison.scenarios], baseline=comparison.baseline)
    for each in comparison.differences:
        marks += _row_marks(each, _row_of(each, rows, list(styles)), styles[each.option], chosen=each.option == chosen)
    for each in (each for each in comparison.differences if each.option == chosen):
        marks += _row_words(each, rows[each.measure], styles[each.option].role)
        # A lever beyond what was seen qualifies every measure that it moves.
        end, row = max(turned(each, "low95"), turned(each, "high95")), _row_of(each, rows, list(styles))
        marks.append(Note(end, row, "lever_extrapolates", about=chosen, dx=16))
    x = turned_axis([turned(each, name) for each in comparison.differences for name in ("low95", "high95")])
    marks += [
        Text(0.0, 0.5, say("labels.worse"), role="ink2", anchor="end", dx=-8, dy=14),
        Text(0.0, 0.5, say("labels.better"), role="ink2", dx=8, dy=14),
    ]
    return chart_of(
        comparison,
        name="difference",
        evidence=option_evidence(comparison, chosen),
        marks=marks,
        table=_difference_table(comparison),
        axes=(x, _rows_axis({titles[measure]: row for measure, row in rows.items()})),
        key=tuple(
            Key(look.role, name, look.shape, filled=name == chosen)
            for name, look in styles.items()
            if name != comparison.baseline
        ),
        height=ROW * len(measures) + 90,
        right=150,
    )


def _rows_axis(rows: Mapping[str, float]) -> Axis:
    names = tuple((row, title) for title, row in rows.items())
    return Axis(kind="category", range=(0.5 - len(names), 0.5), ticks=names)


def _row_of(difference: Difference, rows: Mapping[str, float], names: Sequence[str]) -> float:
    options = names[1:]
    return rows[difference.measure] + 0.26 * ((len(options) - 1) / 2 - options.index(difference.option))


def _row_marks(difference: Difference, y: float, look: Look, *, chosen: bool) -> list[Mark]:
    thin = [turned(difference, "low95"), turned(difference, "high95")]
    thick = [turned(difference, "low80"), turned(difference, "high80")]
    faint = 1.0 if chosen else FAINT
    return [
        Line(thin, [y, y], role=look.role, width=1.8 if chosen else 1.4, opacity=faint),
        Line(thick, [y, y], role=look.role, width=6.5 if chosen else 4.0, opacity=0.55 if chosen else FAINT),
        Points(
            [turned(difference, "median")],
            [y],
            role=look.role,
            shape=look.shape,
            filled=chosen,
            size=12 if chosen else 9,
            hover=[difference.sentence],
        ),
    ]


def _row_words(difference: Difference, y: float, role: str) -> list[Mark]:
    told = difference.verdict in ("better", "worse")
    counts = say("labels.of_draws", {"better": difference.better, "draws": difference.draws})
    return [
        Text(0.0, y, result_words(difference), role=role if told else "ink2", strong=True, column="right", dy=9),
        Text(0.0, y, f"{interval(difference)} · {counts}", role="ink3", column="right", dy=-9),
    ]


def _difference_table(comparison: Comparison) -> pd.DataFrame:
    names = ("median", "low95", "high95", "low80", "high80")
    rows = [
        {
            "option": each.option,
            "measure": each.measure,
            "unit": each.unit,
            "better when": each.direction,
            f"mean of {comparison.baseline}": each.baseline_mean,
            "mean of option": each.option_mean,
            **{f"difference {name}": getattr(each, name) for name in names},
            **{f"difference {name} (share)": each.percent[name] if each.percent else np.nan for name in names},
            "futures in which better": each.better,
            "futures": each.draws,
            "verdict": each.verdict,
        }
        for each in comparison.differences
    ]
    return pd.DataFrame(rows)
