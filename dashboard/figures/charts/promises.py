"""What was promised beside what came: every promise on one scale, that of its own stated range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analytics.decisions import Outcome, Promise
from analytics.results import Result
from analytics.scenarios.amounts import amount
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart, Key, Line, Mark, Points, Rule, Text
from dashboard.figures.columns import SHARE, column
from data.words import say, text

__all__ = ["Promised", "promise_chart"]

ROW, NARROW_ROW = 34, 54  # pixels a promise
PHONE = 330  # pixels of the plot on a phone 390 wide
BEYOND = 1.5  # half-ranges: what came further off stands at the edge, and its sentence says how far


@dataclass(frozen=True)
class Promised:
    """A promise that can be judged: the decision that made it, and what came."""

    choice: str
    outcome: Outcome


def promise_chart(promised: Sequence[Promised], result: Result, *, narrow: bool = False) -> Chart:
    """One row a promise: bars for the stated range, a dot for what came, hollow where it came outside.

    Promises have different units, so each is drawn within its own range: its median in the middle, the ends of its 80 %
    range at -1 and 1.

    Parameters
    ----------
    promised : at least one, in the order in which they are drawn.
    result : what it is made from, and how far it can be trusted.
    narrow : whether words stand above the marks, as a phone needs it.

    Returns
    -------
    Chart
        With the numbers in each promise's own unit in its table.

    Raises
    ------
    ValueError
        When there is no promise that can be judged.
    """
    judged = [each for each in promised if each.outcome.observed is not None]
    if not judged:
        raise ValueError("nothing that was promised can be judged")
    marks: list[Mark] = [Rule(0.0, role="today")]
    for index, each in enumerate(judged):
        marks += _row(-float(index), each, narrow=narrow)
    inside = sum(each.outcome.state == "inside" for each in judged)
    names = () if narrow else tuple((-float(index), _name(each)) for index, each in enumerate(judged))
    ends = BEYOND + 0.15
    ticks = (
        (-1.0, say("charts.promises.low")),
        (0.0, say("charts.promises.middle")),
        (1.0, say("charts.promises.high")),
    )
    chart = chart_of(
        result,
        name="promises",
        evidence={
            "inside": inside,
            "n": len(judged),
            "rows": " ".join(say("charts.promises.hover", _evidence(each)) for each in judged),
        },
        marks=marks,
        table=_table(judged),
        axes=(
            Axis(range=(-ends, ends), ticks=ticks),
            Axis(kind="category", range=(0.5 - len(judged), 0.5), ticks=names),
        ),
        key=(
            Key("band50", say("charts.promises.stated")),
            Key("ink", say("key.inside"), "circle"),
            Key("worse", say("key.outside"), "diamond", filled=False),
        ),
        height=(NARROW_ROW if narrow else ROW) * len(judged) + 80,
        right=8 if narrow else 190,
    )
    return replace(chart, name=f"{chart.name}-narrow", key_width=PHONE) if narrow else chart


def _name(each: Promised) -> str:
    return each.outcome.promise.title


def _place(value: float, promise: Promise) -> float:
    """Where a value lies: 0 at the median, 1 at the upper and -1 at the lower end of the 80 % range, cut at the edge."""
    half = promise.high80 - promise.median if value >= promise.median else promise.median - promise.low80
    place = (value - promise.median) / half if half else float(value > promise.median) - float(value < promise.median)
    return min(max(place, -BEYOND), BEYOND)


def _evidence(each: Promised) -> dict[str, object]:
    """What the sentence of a promise names."""
    promise = each.outcome.promise
    return {
        "title": promise.title,
        "choice": each.choice,
        "low": text(amount(promise.low80, "")),
        "high": text(amount(promise.high80, promise.unit)),
        "was": text(amount(float(each.outcome.observed or 0.0), promise.unit)),
        "start": promise.start,
        "end": promise.end,
    }


def _row(y: float, each: Promised, *, narrow: bool) -> list[Mark]:
    promise, observed = each.outcome.promise, float(each.outcome.observed or 0.0)
    inside = each.outcome.state == "inside"
    at = y - 12 / NARROW_ROW if narrow else y
    evidence = _evidence(each)
    hovers = [say("charts.promises.hover", evidence)]
    wide = [_place(each, promise) for each in (promise.low95, promise.high95)]
    drawn: list[Mark] = [
        Line(wide, [at, at], role="band80", width=4.0, hover=2 * hovers),
        Line([-1.0, 1.0], [at, at], role="band50", width=11.0, hover=2 * hovers),
        Points(
            [_place(observed, promise)],
            [at],
            role="ink" if inside else "worse",
            shape="circle" if inside else "diamond",
            filled=inside,
            size=10,
            hover=hovers,
        ),
    ]
    words = say("charts.promises.observed", evidence)
    if not narrow:
        return [*drawn, Text(0.0, y, words, role="ink2", column="right")]
    top = y + 0.5
    return [
        *drawn,
        Text(0.0, top, promise.title, role="ink", strong=True, column="start", dy=-8),
        Text(0.0, top, words, role="ink2", column="start", dy=-24),
    ]


def _table(judged: Sequence[Promised]) -> pd.DataFrame:
    promises = [each.outcome.promise for each in judged]
    return pd.DataFrame(
        {
            column("promise"): [each.title for each in promises],
            column("choice"): [each.choice for each in judged],
            column("unit"): [say("columns.share") if each.unit == SHARE else each.unit for each in promises],
            column("low80"): [each.low80 for each in promises],
            column("median"): [each.median for each in promises],
            column("high80"): [each.high80 for each in promises],
            column("observed"): [float(each.outcome.observed or 0.0) for each in judged],
            column("start"): [pd.Timestamp(each.start) for each in promises],
            column("end"): [pd.Timestamp(each.end) for each in promises],
        }
    )
