"""The cycle of a junction's signals: who has green when, today and as it is proposed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from analytics.results import Caveat, Result
from analytics.signals import TimingDiagram, TimingRow, Window
from dashboard.figures.axes import number_axis
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart, Key, Line, Mark
from dashboard.figures.columns import column
from data.words import say

__all__ = ["movement_words", "timing_chart"]

ROW, BESIDE = 46, 84  # pixels of a movement, and of what stands above and below all of them
APART = 0.18  # of a row, from its middle to each of the two plans
THICK = {"green": 11.0, "permitted": 5.0}  # pixels; who must give way goes on a thinner line
LOOKS = {"today": "today", "proposal": "option_a"}
GO = ("green", "permitted")


def timing_chart(
    result: Result,
    *,
    today: TimingDiagram,
    proposal: TimingDiagram | None = None,
    hours: str = "",
    caveats: tuple[Caveat, ...] | None = None,
) -> Chart:
    """One row a movement: grey where it has green today, blue below it where the proposal gives it green.

    Parameters
    ----------
    result : that the plans belong to.
    today : the plan that runs.
    proposal : another, of the same junction.
    hours : for which both are.
    caveats : replace the result's own, so that those that depend on the clock can be added.

    Returns
    -------
    Chart
        In seconds from the cycle's start; its table has one row a green.
    """
    plans = {"today": today} | ({"proposal": proposal} if proposal is not None else {})
    longest = max(each.cycle for each in plans.values())
    marks: list[Mark] = []
    for name, plan in plans.items():
        for place, row in enumerate(plan.movements):
            y = -place + (
                APART if proposal is not None and name == "today" else -APART if proposal is not None else 0.0
            )
            marks += _row(name, plan, row, y)
    names = [movement_words(each.name) for each in today.movements]
    return chart_of(
        result,
        name="timing",
        evidence=_evidence(today, proposal) | {"hours": hours},
        marks=marks,
        table=_table(plans),
        axes=(
            number_axis([0.0, longest], zero=True, most=6, unit=say("labels.seconds_short")),
            Axis(kind="category", range=(0.5 - len(names), 0.5), ticks=tuple((-float(at), each) for at, each in enumerate(names))),
        ),
        headline="headline" if proposal is not None else "headline_today",
        caveats=caveats,
        key=(
            *(Key(LOOKS[name], say(f"charts.timing.{name}", {"cycle": plan.cycle}), "line") for name, plan in plans.items()),
            *((Key("ink3", say("charts.timing.permitted"), "line"),) if _gives_way(plans.values()) else ()),
        ),
        height=ROW * len(names) + BESIDE,
        right=16,
        key_width=330,
    )  # fmt: skip


def movement_words(name: str) -> str:
    """What a movement is called: "north, left turn" for ``north.left``.

    Parameters
    ----------
    name : approach and turn, as plans write it.
    """
    approach, _, turn = name.rpartition(".")
    return say(f"labels.turn_{turn}", {"approach": approach}) if turn in ("left", "through", "right") else name


def _gives_way(plans: Any) -> bool:
    return any(each.state == "permitted" for plan in plans for row in plan.movements for each in row.windows)


def _row(name: str, plan: TimingDiagram, row: TimingRow, y: float) -> Iterator[Mark]:
    """The whole cycle as a thin line, and over it each green; what spans the cycle's end is drawn at both ends."""
    yield Line([0.0, plan.cycle], [y, y], role="line", width=1.0)
    for window in row.windows:
        if window.state in GO:
            for start, end in _within(window, plan.cycle):
                yield Line(
                    [start, end], [y, y], LOOKS[name], THICK[window.state], hover=2 * [_hover(name, plan, row, window)]
                )


def _hover(name: str, plan: TimingDiagram, row: TimingRow, window: Window) -> str:
    evidence = {
        "movement": movement_words(row.name), "plan": say(f"charts.timing.in_{name}"), "start": window.start % plan.cycle,
        "seconds": window.end - window.start, "cycle": plan.cycle,
    }  # fmt: skip
    return say(f"charts.timing.hover_{window.state}", evidence)


def _within(window: Window, cycle: float) -> list[tuple[float, float]]:
    if window.end <= cycle:
        return [(window.start, window.end)]
    return [(window.start, cycle), (0.0, window.end - cycle)]


def _greens(plan: TimingDiagram) -> dict[str, float]:
    """Seconds of green of each movement in a cycle."""
    return {row.name: sum(each.end - each.start for each in row.windows if each.state in GO) for row in plan.movements}


def _evidence(today: TimingDiagram, proposal: TimingDiagram | None) -> dict[str, Any]:
    found: dict[str, Any] = {"junction": today.title, "cycle": today.cycle, "movements": len(today.movements)}
    if proposal is None:
        return found
    now, then = _greens(today), _greens(proposal)
    shares = {name: then.get(name, 0.0) / proposal.cycle - now[name] / today.cycle for name in now}
    most = max(shares, key=lambda name: abs(shares[name]))
    return found | {
        "proposed": proposal.cycle,
        "most": movement_words(most),
        "before": now[most] / today.cycle,
        "after": then.get(most, 0.0) / proposal.cycle,
    }


def _table(plans: dict[str, TimingDiagram]) -> pd.DataFrame:
    rows = [
        (say(f"charts.timing.in_{name}"), movement_words(row.name), window.start, window.end, window.end - window.start,
         window.state == "permitted")
        for name, plan in plans.items()
        for row in plan.movements
        for window in row.windows
        if window.state in GO
    ]  # fmt: skip
    second = say("labels.seconds")
    heads = [column("plan"), column("movement"), column("green_from", unit=second), column("green_to", unit=second),
             column("green", unit=second), column("gives_way")]  # fmt: skip
    return pd.DataFrame(rows, columns=heads)
