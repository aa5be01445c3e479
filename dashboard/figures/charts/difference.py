"""Options against a baseline, or against one another, one row a measure: for a page's column, and narrow for a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analytics.scenarios.comparison import Comparison, Difference
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart, Key, Line, Mark, Note, Points, Rule, Text
from dashboard.figures.columns import SHARE, column
from dashboard.figures.differences import (
    CLEAR,
    LEAST_SPAN,
    PIXELS,
    Scale,
    compared_with,
    count_words,
    interval,
    is_neutral,
    option_evidence,
    result_words,
    scale_of,
    turned_axis,
)
from dashboard.figures.palette import Look, option_looks
from dashboard.figures.render.layout import SIZE
from dashboard.figures.render.typeset import SANS, SANS_STRONG, width_of, wrap
from data.words import say, text

__all__ = ["difference_chart", "difference_charts"]

ROW = 56  # pixels a measure: a name of three lines
LINE, OPTION, BETWEEN = 18, 16, 12  # pixels of a line of words, between two options' marks, and between two words
NAMES = 150  # pixels of a measure's name in one line
PHONE = 330  # pixels of the plot on a phone 390 wide
SMALL_PHONE = 256  # on one 320 wide: no name may be wider
FAINT = 0.42  # the options that are not chosen
# Measures whose differences are so many times smaller would be a dot on the line of the baseline: they get an axis of their own.
FAR = 12.0
NUMBERS = ("median", "low95", "high95", "low80", "high80")


def difference_charts(
    comparison: Comparison, *, chosen: str, against: str = "", narrow: bool = False
) -> tuple[Chart, ...]:
    """The differences of all measures, each chart for one unit, one size and one meaning of right.

    Neutral measures that no option changes (the demand that all of them meet) are left to the tables.

    Parameters
    ----------
    comparison : its primary measure is in the first chart.
    chosen : the option that is drawn solid and put into words.
    against : another option; the baseline when empty.
    narrow : whether words stand above the marks, as a phone needs it.

    Returns
    -------
    At least one chart where there is a difference; each has a name of its own.
    """
    groups: dict[tuple[str, bool], list[_Group]] = {}
    differences = compared_with(comparison, against)
    # The primary measure first, then all others in their order.
    names = dict.fromkeys(each.measure for each in differences)
    moved = [name for name in names if _is_moved(comparison, differences, name)]
    for measure in sorted(moved or names, key=lambda name: name != comparison.config.get("primary")):
        found = [each for each in differences if each.measure == measure]
        scale = scale_of(comparison, found[0])
        reach = max(abs(value) for each in found for value in _turned(each, scale, "low95", "high95", "median"))
        reach = max(reach, LEAST_SPAN) if scale.relative else reach
        alike = groups.setdefault((scale.unit, scale.neutral), [])
        group = next((each for each in alike if each.takes(reach)), None)
        if group is None:
            alike.append(_Group([measure], reach, reach))
        else:
            alike[alike.index(group)] = group.joined(measure, reach)
    charts = [
        difference_chart(comparison, chosen=chosen, measures=group.measures, against=against, narrow=narrow)
        for alike in groups.values()
        for group in alike
    ]
    return tuple(
        replace(chart, name=f"{chart.name}-{index}" if index else chart.name) for index, chart in enumerate(charts)
    )


def _is_moved(comparison: Comparison, differences: Sequence[Difference], measure: str) -> bool:
    verdicts = {each.verdict for each in differences if each.measure == measure}
    return verdicts != {"no_change"} or not is_neutral(comparison, measure)


@dataclass(frozen=True)
class _Group:
    """Measures that share an axis, and the smallest and the greatest reach of their differences."""

    measures: list[str]
    least: float
    most: float

    def takes(self, reach: float) -> bool:
        return not reach or not self.most or max(self.most, reach) <= FAR * min(self.least, reach)

    def joined(self, measure: str, reach: float) -> _Group:
        known = [each for each in (self.least, self.most, reach) if each]
        return _Group([*self.measures, measure], min(known, default=0.0), max(known, default=0.0))


def difference_chart(
    comparison: Comparison,
    *,
    chosen: str,
    measures: Sequence[str] | None = None,
    against: str = "",
    narrow: bool = False,
) -> Chart:
    """Every option against the baseline, one row a measure, right always better; right is more where nothing is better.

    Thin line 95 of 100 futures, thick line 8 of 10, shape = the middle. The chosen option is solid, the others faint.

    Parameters
    ----------
    comparison : of at least two options.
    chosen : the option that is drawn solid and put into words.
    measures : names of the measures to draw, all on one scale; all of the comparison when None.
    against : another option; the baseline when empty.
    narrow : whether words stand above the marks, as a phone needs it.

    Raises
    ------
    ValueError
        When the measures have no scale in common: ``difference_charts`` draws each scale apart.
    """
    differences = [each for each in compared_with(comparison, against) if measures is None or each.measure in measures]
    scales = [scale_of(comparison, each) for each in differences]
    if len({(each.unit, each.neutral) for each in scales}) != 1:
        raise ValueError(f"one axis has one scale, not {sorted({each.unit for each in scales})}: use difference_charts")
    scale, baseline = scales[0], against or comparison.baseline
    looks = option_looks([each.name for each in comparison.scenarios], baseline=comparison.baseline)
    drawn = [name for name in looks if any(each.option == name for each in differences)]
    titles = {each.measure: text(each.title) for each in differences}
    result = [_result(each, own) for each, own in zip(differences, scales, strict=True) if each.option == chosen]
    rows = _NarrowRows(titles, tuple(drawn), result) if narrow else _Rows(titles, tuple(drawn))
    ends = [end for each, own in zip(differences, scales, strict=True) for end in _turned(each, own, "low95", "high95")]
    marks: list[Mark] = [Rule(row + 0.5, axis="y", role="hairline") for row in rows.at[1:]]
    marks.append(Rule(0.0, role="today", width=2.0))
    by_kind = [
        _row_marks(each, own, rows.y(each), looks[each.option], chosen=each.option == chosen)
        for each, own in zip(differences, scales, strict=True)
    ]
    # Kind by kind and option by option, so that what looks the same is drawn as one: no two rows lie over each other.
    lines = sorted((mark for row in by_kind for mark in row[:2]), key=lambda mark: (mark.width, mark.role))
    marks += lines
    marks += [row[2] for row in by_kind]
    for each, own in zip(differences, scales, strict=True):
        if each.option == chosen:
            marks += rows.words(each, own, looks[chosen].role)
            # A lever beyond what was seen qualifies every measure that it moves.
            end = max(_turned(each, own, "low95", "high95"))
            marks.append(Note(end, rows.y(each), "lever_extrapolates", about=chosen, dx=16))
    chart = chart_of(
        comparison,
        name="difference",
        evidence=option_evidence(comparison, chosen, scale, against=against),
        marks=[*marks, *_sides(scale)],
        table=pd.DataFrame([_table_row(each, baseline) for each in differences]),
        axes=(
            turned_axis(ends, scale, middle=baseline, pixels=PHONE if narrow else PIXELS),
            rows.axis(),
        ),
        key=tuple(Key(looks[name].role, name, looks[name].shape, filled=name == chosen) for name in drawn),
        height=rows.pixels * len(titles) + 90,
        right=8 if narrow else 150,
    )
    return replace(chart, name=f"{chart.name}-narrow", key_width=PHONE) if narrow else chart


@dataclass(frozen=True)
class _Rows:
    """Where each measure and each option of it stands: rows from the top down, one unit of y each; words beside the plot."""

    titles: Mapping[str, str]
    options: tuple[str, ...]

    @property
    def at(self) -> list[float]:
        return [-float(index) for index in range(len(self.titles))]

    @property
    def above(self) -> int:
        """Pixels of a row's words above its marks."""
        return 0

    @property
    def pixels(self) -> int:
        return max(ROW, OPTION * len(self.options) + 14)

    def row(self, measure: str) -> float:
        return -float(list(self.titles).index(measure))

    def y(self, difference: Difference) -> float:
        below = self.options.index(difference.option) - (len(self.options) - 1) / 2
        return self.row(difference.measure) - (below * OPTION + self.above / 2) / self.pixels

    def axis(self) -> Axis:
        names = {
            name: "\n".join(wrap(title, width=NAMES, face=SANS_STRONG, size=SIZE))
            for name, title in self.titles.items()
        }
        ticks = [(self.row(measure), name) for measure, name in names.items()]
        return Axis(kind="category", range=(0.5 - len(self.titles), 0.5), ticks=ticks)

    def words(self, difference: Difference, scale: Scale, role: str) -> list[Mark]:
        """The result, and below it its range and count."""
        y, (result, evidence) = self.row(difference.measure), _result(difference, scale)
        role = role if difference.verdict in CLEAR else "ink2"
        return [
            Text(0.0, y, result, role=role, strong=True, column="right", dy=9),
            Text(0.0, y, evidence, role="ink3", column="right", dy=-9),
        ]


@dataclass(frozen=True)
class _NarrowRows(_Rows):
    """Rows whose words stand above the marks: the name, below it the result and, at the right, its range and count."""

    result: Sequence[tuple[str, str]] = ()

    @property
    def beside(self) -> bool:
        """Whether range and count fit at the right of every result, or else go below it."""
        wide = [
            width_of(result, face=SANS_STRONG, size=SIZE) + width_of(more, face=SANS, size=SIZE)
            for result, more in self.result
        ]
        return max(wide, default=0.0) + BETWEEN <= PHONE

    @property
    def lines(self) -> int:
        return max(len(_lines(title)) for title in self.titles.values())

    @property
    def above(self) -> int:
        return LINE * (self.lines + (1 if self.beside else 2)) + 8

    @property
    def pixels(self) -> int:
        return self.above + OPTION * len(self.options) + 10

    def axis(self) -> Axis:
        return replace(super().axis(), ticks=())

    def words(self, difference: Difference, scale: Scale, role: str) -> list[Mark]:
        top, (result, evidence) = self.row(difference.measure) + 0.5, _result(difference, scale)
        role = role if difference.verdict in CLEAR else "ink2"
        names = _lines(self.titles[difference.measure])
        lines = [-4 - LINE * (index + 0.5) for index in range(self.lines + 2)]
        at = lines[len(names) + (0 if self.beside else 1)]
        more = (
            Text(0.0, top, evidence, role="ink3", anchor="end", column="end", dy=at)
            if self.beside
            else Text(0.0, top, evidence, role="ink3", column="start", dy=at)
        )
        return [
            *(
                Text(0.0, top, name, role="ink", strong=True, column="start", dy=dy)
                for name, dy in zip(names, lines, strict=False)
            ),
            Text(0.0, top, result, role=role, strong=True, column="start", dy=lines[len(names)]),
            more,
        ]


def _lines(title: str) -> list[str]:
    return wrap(title, width=SMALL_PHONE, face=SANS_STRONG, size=SIZE)


def _turned(difference: Difference, scale: Scale, *names: str) -> list[float]:
    return [scale.turned(difference, name) for name in names]


def _sides(scale: Scale) -> list[Mark]:
    left, right = ("less", "more") if scale.neutral else ("worse", "better")
    return [
        Text(0.0, 0.5, say(f"labels.{left}"), role="ink2", anchor="end", dx=-8, dy=14),
        Text(0.0, 0.5, say(f"labels.{right}"), role="ink2", dx=8, dy=14),
    ]


def _row_marks(
    difference: Difference, scale: Scale, y: float, look: Look, *, chosen: bool
) -> tuple[Line, Line, Points]:
    thin, thick = (_turned(difference, scale, f"low{level}", f"high{level}") for level in (95, 80))
    faint = 1.0 if chosen else FAINT
    hovers = [text(difference.sentence)]
    return (
        Line(thin, [y, y], role=look.role, width=1.8 if chosen else 1.4, opacity=faint, hover=2 * hovers),
        Line(thick, [y, y], role=look.role, width=6.5 if chosen else 4.0, opacity=0.55 if chosen else FAINT),
        Points(
            _turned(difference, scale, "median"),
            [y],
            role=look.role,
            shape=look.shape,
            filled=chosen,
            size=12 if chosen else 9,
            hover=hovers,
        ),
    )


def _result(difference: Difference, scale: Scale) -> tuple[str, str]:
    """The result in words, and its range with the count of futures."""
    if difference.verdict == "no_change":
        return result_words(difference, scale), say("labels.same_in", {"draws": difference.draws})
    return result_words(difference, scale), f"{interval(difference, scale)} · {count_words(difference, scale)}"


def _table_row(difference: Difference, baseline: str) -> dict[str, object]:
    shares = difference.percent or {}
    return {
        column("option"): difference.option,
        column("measure"): text(difference.title),
        column("unit"): column("share") if difference.unit == SHARE else text(difference.unit),
        column("better_when"): column(difference.direction),
        column("mean_of", scenario=baseline): difference.baseline_mean,
        column("mean_of_option"): difference.option_mean,
        **{column(f"difference_{name}"): getattr(difference, name) for name in NUMBERS},
        **{column(f"difference_{name}", unit=SHARE): shares[name] for name in NUMBERS if shares},
        column("better_in"): difference.better,
        column("futures"): difference.draws,
        column("verdict"): say(f"verdict.{difference.verdict}"),
    }
