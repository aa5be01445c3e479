"""What would change the choice: for each thing where it stands, what is likely of it, and where the choice changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analytics.results import Caveat
from analytics.scenarios.mind import Mind, Tipping
from analytics.scenarios.mind.words import value_words
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart, Key, Line, Mark, Points, Text
from dashboard.figures.columns import column
from data.words import say, text

__all__ = ["tipping_chart"]

ROWS = 4  # drawn; all are in the table and in words
ROW, NARROW_ROW = (
    84,
    104,
)  # pixels a row: a name, a bar and the values under it; on a phone the odds have a line of their own
PHONE = 330
PAD = 0.06  # of a row's width beyond what it shows
SLANTS = 0.016  # of the width between two lines of a hatching
CLOSE = 0.14  # of the width, within which two values would lie on each other
BAR, VALUES, NAME, NARROW_NAME, NARROW_ODDS = 0.0, -20.0, 28.0, 42.0, 24.0  # pixels from the middle of a row


def tipping_chart(mind: Mind, *, caveats: tuple[Caveat, ...] = (), narrow: bool = False) -> Chart:
    """One row a thing that may turn out otherwise, each on a scale of its own: hatched where another option does better.

    Parameters
    ----------
    mind : what would change our mind.
    caveats : of the page, to which those of this are added.
    narrow : whether it stands on a phone.

    Returns
    -------
    Chart
        The likeliest changes first; where nothing changes the choice, what was tried.
    """
    rows = [each for each in mind.tippings if each.matters][:ROWS] or list(mind.tippings)[:ROWS]
    marks: list[Mark] = []
    for index, row in enumerate(rows):
        marks += _marks(-float(index), row, narrow=narrow)
    first = next((each for each in mind.tippings if each.edges), None)
    evidence = {
        "option": mind.leader,
        "headline": text(mind.headline),
        "measure": text(mind.title),
        "tried": len(mind.tippings),
        "draws": mind.draws,
        "receipt": mind.receipt,
        "red": "" if first is None else say("charts.tipping.red"),
    }
    chart = chart_of(
        mind,
        name="tipping",
        evidence=evidence,
        marks=marks,
        table=_table(mind.tippings),
        axes=(Axis(range=(0.0, 1.0)), Axis(kind="category", range=(0.5 - max(len(rows), 1), 0.5))),
        caveats=caveats or None,
        key=_key(rows, changes=first is not None),
        height=(NARROW_ROW if narrow else ROW) * max(len(rows), 1) + 20,
        right=8,
        key_width=PHONE if narrow else 480,
    )
    return replace(chart, name=f"{chart.name}-narrow") if narrow else chart


def _key(rows: Sequence[Tipping], *, changes: bool) -> tuple[Key, ...]:
    found = [Key("ink", say("charts.tipping.best"), "circle")]
    found += [Key("band50", say("charts.tipping.likely"))] if any(each.likely for each in rows) else []
    found += [Key("border", say("charts.tipping.seen"))] if any(_history(each) for each in rows) else []
    return (*found, *([Key("do_not_use", say("charts.tipping.edge"), "cross")] if changes else []))


def _history(row: Tipping) -> tuple[float, float] | None:
    """What history shows, where we think nothing of our own."""
    return row.seen if row.likely is None and row.seen is not None and row.seen[0] < row.seen[1] else None


def _span(row: Tipping) -> tuple[float, float]:
    """From where to where a row shows: what is likely, the changes, and a little beyond; never beyond its bounds."""
    low, high = min(row.low, row.high), max(row.low, row.high)
    ends = [row.best, *(row.likely or _history(row) or ()), *(each.value for each in row.edges)]
    ends += [] if row.edges else [low, high]
    width = (max(ends) - min(ends)) or abs(row.best) or 1.0
    begin, end = max(low, min(ends) - 0.35 * width), min(high, max(ends) + 0.35 * width)
    return begin - PAD * (end - begin), end + PAD * (end - begin)


def _marks(y: float, row: Tipping, *, narrow: bool) -> list[Mark]:
    begin, end = _span(row)

    def at(value: float) -> float:
        return float(np.clip((value - begin) / (end - begin), 0.0, 1.0))

    drawn: list[Mark] = [
        Text(0.0, y, text(row.title), role="ink", strong=True, column="start", dy=NARROW_NAME if narrow else NAME),
        Text(0.0, y, _odds(row), role="ink2", column="start", dy=NARROW_ODDS)
        if narrow
        else Text(0.0, y, _odds(row), role="ink2", column="end", anchor="end", dy=NAME),
        Line([0.0, 1.0], [y, y], role="line", width=1.0),
    ]
    bar = row.likely or _history(row)
    if bar is not None:
        role = "band50" if row.likely else "border"
        drawn.append(Line([at(bar[0]), at(bar[1])], [y, y], role=role, width=12.0, hover=2 * [_between(row, bar)]))
    for edge in row.edges:
        evidence = {"title": text(row.title), "value": _value(row, edge.value), "rival": edge.rival}
        hover = say("charts.tipping.hover", evidence)
        drawn += _hatching(y, at(edge.value), above=edge.above, hover=hover)
        drawn.append(
            Line(2 * [at(edge.value)], [y - 0.16, y + 0.16], role="do_not_use", width=3.0, hover=[hover, hover])
        )
    best = say("charts.tipping.stands", {"title": text(row.title), "value": _value(row, row.best)})
    drawn.append(Points([at(row.best)], [y], role="ink", size=11, hover=[best]))
    return [*drawn, *_values(y, row, at(row.best), [(at(edge.value), edge.value) for edge in row.edges])]


def _hatching(y: float, edge: float, *, above: bool, hover: str) -> list[Mark]:
    """Slanted lines from an edge on, each of which says what happens there."""
    begin, end = (edge, 1.0) if above else (0.0, edge)
    starts = np.arange(begin, end - SLANTS / 2, SLANTS)
    if not len(starts):
        return []
    gaps = np.full(len(starts), np.nan)
    x = np.column_stack([starts, np.minimum(starts + SLANTS, end), gaps]).ravel()
    slants = np.column_stack([np.full(len(starts), y - 0.09), np.full(len(starts), y + 0.09), gaps]).ravel()
    return [Line(x, slants, role="do_not_use", width=1.2, hover=len(starts) * [hover, hover, ""])]


def _values(y: float, row: Tipping, best: float, edges: Sequence[tuple[float, float]]) -> list[Mark]:
    """The values under the marks; two that are close stand on either side."""
    near = [place for place, _ in edges if abs(place - best) < CLOSE]
    side = 0 if not near else -1 if near[0] > best else 1
    drawn: list[Mark] = [_word(best, y, _value(row, row.best), role="ink2", side=side)]
    for place, value in edges:
        away = 0 if place not in near else -side
        drawn.append(_word(place, y, _value(row, value), role="do_not_use", side=away, strong=True))
    return drawn


def _word(x: float, y: float, words: str, *, role: str, side: int, strong: bool = False) -> Text:
    """Words under a place: in the middle, or to its left (-1) or right (1); at the ends of the row they stay inside."""
    if side == 0:
        side = 1 if x < CLOSE else -1 if x > 1 - CLOSE else 0
    anchor = {0: "middle", 1: "start", -1: "end"}[side]
    return Text(x, y, words, role=role, anchor=anchor, strong=strong, dx=-4.0 * side, dy=VALUES)  # type: ignore[arg-type]


def _value(row: Tipping, value: float) -> str:
    return text(value_words(value, row.unit))


def _between(row: Tipping, bar: tuple[float, float]) -> str:
    evidence = {"title": text(row.title), "low": _value(row, bar[0]), "high": _value(row, bar[1])}
    return say("charts.tipping.thought" if row.likely else "charts.tipping.shown", evidence)


def _odds(row: Tipping) -> str:
    """How likely a change is, in a few words."""
    edge = row.nearest
    if edge is None:
        return say("charts.tipping.never")
    if row.kind == "lever":
        return say("charts.tipping.ours")
    if edge.chance is None:
        seen = _history(row)
        known = seen is not None and not seen[0] <= edge.value <= seen[1]
        return say("charts.tipping.beyond" if known else "charts.tipping.unknown")
    return say("charts.tipping.odds", {"share": sum(each.chance or 0.0 for each in row.edges)})


def _table(rows: Sequence[Tipping]) -> pd.DataFrame:
    """One row a thing and edge, values in the thing's own unit."""
    found = []
    for row in rows:
        for edge in row.edges or (None,):
            low, high = row.likely or (np.nan, np.nan)
            found.append(
                {
                    column("factor"): text(row.title),
                    column("factor_unit"): text(row.unit),
                    column("stands"): row.best,
                    column("likely_low"): low,
                    column("likely_high"): high,
                    column("tried_from"): min(row.low, row.high),
                    column("tried_to"): max(row.low, row.high),
                    column("changes_at"): np.nan if edge is None else edge.value,
                    column("changes_side"): ""
                    if edge is None
                    else say(f"columns.side_{'above' if edge.above else 'below'}"),
                    column("then_best"): "" if edge is None else edge.rival,
                    column("chance_beyond", unit="share"): np.nan
                    if edge is None or edge.chance is None
                    else edge.chance,
                }
            )
    return pd.DataFrame(found)
