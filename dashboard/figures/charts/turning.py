"""How many vehicles come to a junction over the day, by approach."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.results import Caveat
from analytics.signals.sheets import JunctionSheet
from dashboard.figures.axes import number_axis
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart, Dash, Line, Mark, Rule
from dashboard.figures.charts.timing import movement_words
from dashboard.figures.columns import column
from data.words import say

__all__ = ["clock", "turning_chart"]

ROLES = ("ink", "option_a", "option_b", "option_c", "fifth", "today")
DASHES: tuple[Dash, ...] = ("solid", "dash", "dot", "solid", "dash", "dot")
TICK = 180  # minutes from one tick to the next over a whole day


def turning_chart(sheet: JunctionSheet, *, caveats: tuple[Caveat, ...] | None = None) -> Chart:
    """One line an approach over the hours that were counted, with a rule where today's plan changes.

    Parameters
    ----------
    sheet : with counts.
    caveats : replace the result's own, so that those that depend on the clock can be added.

    Returns
    -------
    Chart
        In vehicles an hour; its table has one row a movement and interval.
    """
    counts = sheet.counts
    by_approach = counts.T.groupby(lambda name: str(name).rpartition(".")[0], sort=False).sum().T
    total = by_approach.sum(axis=1)
    minutes = counts.index.to_numpy(dtype=float)
    step = float(np.diff(minutes).min()) if len(minutes) > 1 else 15.0
    marks: list[Mark] = [Rule(float(each.start), role="line", dash="dot") for each in sheet.parts if each.start]
    for place, approach in enumerate(by_approach):
        x, y = _gapped(minutes, by_approach[approach].to_numpy(float), step)
        hovers = ["" if np.isnan(at) else _hover(counts, str(approach), int(at)) for at in x]
        look = place % len(ROLES)
        marks.append(
            Line(np.where(np.isnan(x), minutes[0], x), y, ROLES[look], 2.0, DASHES[look], str(approach), hover=hovers)
        )
    evidence = {
        "junction": sheet.title, "most": float(total.max()), "when": clock(int(minutes[total.argmax()])), "days": sheet.days,
        "approaches": len(by_approach.columns), "first": clock(int(minutes[0])), "last": clock(int(minutes[-1])),
    }  # fmt: skip
    return chart_of(
        sheet,
        name="turning",
        evidence=evidence | {"counted": say("charts.turning.days" if sheet.days else "charts.turning.one", evidence)},
        marks=marks,
        table=_table(counts),
        axes=(_day_axis(minutes[0], minutes[-1] + step), number_axis([0.0, float(by_approach.to_numpy().max())], zero=True)),
        caveats=caveats,
        height=280,
        right=70,
    )  # fmt: skip


def clock(minute: int) -> str:
    """A minute of the day as people write it.

    >>> clock(7 * 60 + 5)
    '7:05'
    """
    return f"{minute // 60 % 24}:{minute % 60:02d}"


def _gapped(
    minutes: npt.NDArray[np.float64], values: npt.NDArray[np.float64], step: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Times and values with a gap wherever nothing was counted between two of them."""
    gaps = np.flatnonzero(np.diff(minutes) > 1.5 * step) + 1
    return np.insert(minutes, gaps, np.nan), np.insert(values, gaps, np.nan)


def _hover(counts: pd.DataFrame, approach: str, minute: int) -> str:
    own = [str(name) for name in counts if str(name).rpartition(".")[0] == approach]
    turns = [
        say("charts.turning.turn", {"movement": movement_words(name), "n": counts.at[minute, name]}) for name in own
    ]
    return say("charts.turning.hover", {"when": clock(minute), "turns": turns})


def _day_axis(first: float, last: float) -> Axis:
    span = last - first
    step = next((each for each in (15, 30, 60, TICK, 2 * TICK) if span / each <= 7), 2 * TICK)
    at: Sequence[int] = range(int(np.ceil(first / step)) * step, int(last) + 1, step)
    return Axis(range=(first - 0.02 * span, last + 0.02 * span), ticks=tuple((float(each), clock(each)) for each in at))


def _table(counts: pd.DataFrame) -> pd.DataFrame:
    long = counts.stack()
    return pd.DataFrame(
        {
            column("time_of_day"): [clock(int(minute)) for minute, _ in long.index],
            column("movement"): [movement_words(str(name)) for _, name in long.index],
            column("volume", unit=say("labels.vehicles_an_hour")): long.to_numpy(float),
        }
    )
