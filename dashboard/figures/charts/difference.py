"""Options against today, one row a measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from analytics.scenarios.comparison import Comparison, Difference
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart, Key, Line, Mark, Note, Points, Rule, Text
from dashboard.figures.columns import SHARE, column
from dashboard.figures.differences import interval, option_evidence, result_words, scale_of, turned_axis
from dashboard.figures.palette import Look, option_looks
from data.words import say, text

__all__ = ["difference_chart", "difference_charts"]

ROW = 62  # pixels a measure
FAINT = 0.42  # the options that are not chosen
NUMBERS = ("median", "low95", "high95", "low80", "high80")


def difference_charts(comparison: Comparison, *, chosen: str) -> tuple[Chart, ...]:
    """The differences of all measures: those in per cent in one chart, those of each other unit in one of their own, and
    what is neither better nor worse apart from what is.

    Parameters
    ----------
    comparison : its first measure is in the first chart.
    chosen : the option that is drawn solid and put into words.

    Returns
    -------
    At least one chart; charts after the first have a name of their own.
    """
    measures: dict[tuple[str, bool], list[str]] = {}
    for each in comparison.differences:
        of_scale = measures.setdefault((scale_of(each).unit, each.direction == "neutral"), [])
        of_scale += [] if each.measure in of_scale else [each.measure]
    charts = [difference_chart(comparison, chosen=chosen, measures=each) for each in measures.values()]
    return tuple(
        replace(chart, name=f"{chart.name}-{index}" if index else chart.name) for index, chart in enumerate(charts)
    )


def difference_chart(comparison: Comparison, *, chosen: str, measures: Sequence[str] | None = None) -> Chart:
    """Every option against the baseline, one row a measure, right always better.

    Thin line 95 of 100 futures, thick line 8 of 10, shape = the middle. The chosen option is solid, the others faint.

    Parameters
    ----------
    comparison : of at least two options.
    chosen : the option that is drawn solid and put into words.
    measures : names of the measures to draw, all in per cent or all in one unit; all of the comparison when None.

    Raises
    ------
    ValueError
        When the measures have no scale in common: ``difference_charts`` draws each scale apart.
    """
    differences = [each for each in comparison.differences if measures is None or each.measure in measures]
    scales = {scale_of(each).unit: scale_of(each) for each in differences}
    if len(scales) != 1:
        raise ValueError(f"one axis has one unit, not {sorted(scales)}: use difference_charts")
    (scale,) = scales.values()
    rows = {measure: -float(index) for index, measure in enumerate(dict.fromkeys(each.measure for each in differences))}
    titles = {each.measure: text(each.title) for each in differences}
    marks: list[Mark] = [Rule(row + 0.5, axis="y", role="hairline") for row in list(rows.values())[1:]]
    marks.append(Rule(0.0, role="today", width=2.0))
    styles = option_looks([each.name for each in comparison.scenarios], baseline=comparison.baseline)
    for each in differences:
        marks += _row_marks(each, _row_of(each, rows, list(styles)), styles[each.option], chosen=each.option == chosen)
    for each in (each for each in differences if each.option == chosen):
        marks += _row_words(each, rows[each.measure], styles[each.option].role)
        # A lever beyond what was seen qualifies every measure that it moves.
        end, row = max(_turned(each, "low95", "high95")), _row_of(each, rows, list(styles))
        marks.append(Note(end, row, "lever_extrapolates", about=chosen, dx=16))
    ends = [end for each in differences for end in _turned(each, "low95", "high95")]
    left, right = ("less", "more") if all(each.direction == "neutral" for each in differences) else ("worse", "better")
    marks += [
        Text(0.0, 0.5, say(f"labels.{left}"), role="ink2", anchor="end", dx=-8, dy=14),
        Text(0.0, 0.5, say(f"labels.{right}"), role="ink2", dx=8, dy=14),
    ]
    return chart_of(
        comparison,
        name="difference",
        evidence=option_evidence(comparison, chosen, scale),
        marks=marks,
        table=_difference_table(differences, comparison.baseline),
        axes=(
            turned_axis(ends, scale, middle=say("labels.today")),
            _rows_axis([(row, titles[measure]) for measure, row in rows.items()]),
        ),
        key=tuple(
            Key(look.role, name, look.shape, filled=name == chosen)
            for name, look in styles.items()
            if name != comparison.baseline
        ),
        height=ROW * len(rows) + 90,
        right=150,
    )


def _rows_axis(names: Sequence[tuple[float, str]]) -> Axis:
    return Axis(kind="category", range=(0.5 - len(names), 0.5), ticks=names)


def _turned(difference: Difference, *names: str) -> list[float]:
    scale = scale_of(difference)
    return [scale.turned(difference, name) for name in names]


def _row_of(difference: Difference, rows: Mapping[str, float], names: Sequence[str]) -> float:
    options = names[1:]
    return rows[difference.measure] + 0.26 * ((len(options) - 1) / 2 - options.index(difference.option))


def _row_marks(difference: Difference, y: float, look: Look, *, chosen: bool) -> list[Mark]:
    thin, thick = _turned(difference, "low95", "high95"), _turned(difference, "low80", "high80")
    faint = 1.0 if chosen else FAINT
    return [
        Line(thin, [y, y], role=look.role, width=1.8 if chosen else 1.4, opacity=faint),
        Line(thick, [y, y], role=look.role, width=6.5 if chosen else 4.0, opacity=0.55 if chosen else FAINT),
        Points(
            _turned(difference, "median"),
            [y],
            role=look.role,
            shape=look.shape,
            filled=chosen,
            size=12 if chosen else 9,
            hover=[text(difference.sentence)],
        ),
    ]


def _row_words(difference: Difference, y: float, role: str) -> list[Mark]:
    clear = difference.verdict in ("better", "worse", "differs")
    counted = difference.agreeing if difference.direction == "neutral" else difference.better
    counts = say("labels.of_draws", {"better": counted, "draws": difference.draws})
    return [
        Text(0.0, y, result_words(difference), role=role if clear else "ink2", strong=True, column="right", dy=9),
        Text(0.0, y, f"{interval(difference)} · {counts}", role="ink3", column="right", dy=-9),
    ]


def _difference_table(differences: Sequence[Difference], baseline: str) -> pd.DataFrame:
    return pd.DataFrame([_table_row(each, baseline) for each in differences])


def _table_row(difference: Difference, baseline: str) -> dict[str, object]:
    shares = difference.percent or {}
    return {
        column("option"): difference.option,
        column("measure"): text(difference.title),
        column("unit"): text(difference.unit),
        column("better_when"): column(difference.direction),
        column("mean_of", scenario=baseline): difference.baseline_mean,
        column("mean_of_option"): difference.option_mean,
        **{column(f"difference_{name}"): getattr(difference, name) for name in NUMBERS},
        **{column(f"difference_{name}", unit=SHARE): shares[name] for name in NUMBERS if shares},
        column("better_in"): difference.better,
        column("futures"): difference.draws,
        column("verdict"): say(f"verdict.{difference.verdict}"),
    }
