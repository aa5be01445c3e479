"""A model run again on past years: what it expected on their eve beside what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import pandas as pd

from analytics.results import Caveat, Result
from dashboard.figures.axes import share_axis
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart, Key, Line, Mark, Points, Text
from dashboard.figures.columns import SHARE, column
from data import Provenance
from data.words import Words, say, text

__all__ = ["Replayed", "replay_chart"]

ROW, NARROW_ROW = 46, 64  # pixels a year
PHONE = 330  # pixels of the plot on a phone 390 wide


class Replayed(Protocol):
    """A year: the share done in time and the median of days that were expected, their 95 % ranges, and what happened."""

    @property
    def year(self) -> int: ...
    @property
    def share(self) -> float: ...
    @property
    def share_low(self) -> float: ...
    @property
    def share_high(self) -> float: ...
    @property
    def actual_share(self) -> float: ...
    @property
    def median(self) -> float: ...
    @property
    def actual_median(self) -> float: ...


def replay_chart(
    replays: Sequence[Replayed],
    *,
    title: Words,
    target_days: float,
    made_from: Sequence[Provenance],
    caveats: tuple[Caveat, ...] = (),
    narrow: bool = False,
) -> Chart:
    """One row a year: a bar for the range that was expected, a dot for what happened, hollow where it came outside.

    Parameters
    ----------
    replays : at least one, in the order in which they are drawn.
    title : of the work that was replayed.
    target_days : within how many days it was to be done.
    made_from : the tables behind it.
    caveats : of the replay.
    narrow : whether words stand above the marks, as a phone needs it.

    Returns
    -------
    A chart of shares, with the medians in words and in its table.

    Raises
    ------
    ValueError
        When there is no year.
    """
    if not replays:
        raise ValueError("a replay needs at least one year")
    marks: list[Mark] = []
    for index, each in enumerate(replays):
        marks += _row(-float(index), each, narrow=narrow)
    inside = sum(_inside(each) for each in replays)
    most = max(max(each.share_high, each.actual_share) for each in replays)
    evidence = {
        "title": text(title),
        "days": target_days,
        "inside": inside,
        "n": len(replays),
        "first": str(replays[0].year),
        "last": str(replays[-1].year),
        "rows": " ".join(map(_sentence, replays)),
    }
    ticks = () if narrow else tuple((-float(index), str(each.year)) for index, each in enumerate(replays))
    chart = chart_of(
        Result(made_from=tuple(made_from), caveats=caveats),
        name="replay",
        evidence=evidence,
        marks=marks,
        table=_table(replays),
        axes=(share_axis(min(1.0, 1.1 * most)), Axis(kind="category", range=(0.5 - len(replays), 0.5), ticks=ticks)),
        key=(
            Key("band50", say("charts.replay.expected")),
            Key("ink", say("key.inside"), "circle"),
            Key("worse", say("key.outside"), "diamond", filled=False),
        ),
        height=(NARROW_ROW if narrow else ROW) * len(replays) + 70,
        right=8 if narrow else 150,
    )
    return replace(chart, name=f"{chart.name}-narrow", key_width=PHONE) if narrow else chart


def _inside(each: Replayed) -> bool:
    return each.share_low <= each.actual_share <= each.share_high


def _sentence(each: Replayed) -> str:
    """What is said over a year."""
    shares = {"expected": each.share, "was": each.actual_share, "low": each.share_low, "high": each.share_high}
    return say("charts.replay.hover", {**shares, "year": str(each.year)})


def _row(y: float, each: Replayed, *, narrow: bool) -> list[Mark]:
    inside = _inside(each)
    shares = {"expected": each.share, "was": each.actual_share}
    medians = {"expected": each.median, "was": each.actual_median}
    at = y - 18 / NARROW_ROW if narrow else y
    hovers = [_sentence(each)]
    drawn: list[Mark] = [
        Line([each.share_low, each.share_high], [at, at], role="band50", width=12.0, hover=2 * hovers),
        Points(
            [each.actual_share],
            [at],
            role="ink" if inside else "worse",
            shape="circle" if inside else "diamond",
            filled=inside,
            size=10,
            hover=hovers,
        ),
    ]
    result, more = say("charts.replay.shares", shares), say("charts.replay.medians", medians)
    if not narrow:
        return [
            *drawn,
            Text(0.0, y, result, role="ink", strong=True, column="right", dy=9),
            Text(0.0, y, more, role="ink3", column="right", dy=-9),
        ]
    top = y + 0.5
    return [
        *drawn,
        Text(0.0, top, str(each.year), role="ink", strong=True, column="start", dy=-10),
        Text(0.0, top, result, role="ink", strong=True, column="end", anchor="end", dy=-10),
        Text(0.0, top, more, role="ink3", column="end", anchor="end", dy=-28),
    ]


def _table(replays: Sequence[Replayed]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            column("year"): [each.year for each in replays],
            column("replay_share", unit=SHARE): [each.share for each in replays],
            column("low95", unit=SHARE): [each.share_low for each in replays],
            column("high95", unit=SHARE): [each.share_high for each in replays],
            column("replay_was", unit=SHARE): [each.actual_share for each in replays],
            column("replay_median"): [each.median for each in replays],
            column("replay_median_was"): [each.actual_median for each in replays],
        }
    )
