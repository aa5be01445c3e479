"""What the calendar does: weekdays, months and holidays as shares of an average day."""

from __future__ import annotations

import pandas as pd

from analytics.forecasting.calendar.effects import CalendarEffects
from dashboard.figures.axes import MONTHS, number_axis
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Bars, Chart, Mark, Points, Rule
from data.words import say

__all__ = ["effects_chart"]

PARTS = ("weekday", "month", "holiday")
APART = 1.0  # empty places between parts


def effects_chart(effects: CalendarEffects, *, place: str = "") -> Chart:
    """One dot a weekday, month and the public holiday, per cent of an average day, with its range."""
    table = effects.effects.copy()
    positions, ticks = _places(table)
    table["at"] = positions
    busiest = table[table["part"] == "weekday"].sort_values("ratio")
    per_cent = [100 * each for each in (*table["low"], *table["high"], *table["ratio"])]
    marks: list[Mark] = [
        Rule(100.0, axis="y", role="today", width=2.0),
        Bars(table["at"], 100 * table["low"], 100 * table["high"], role="band80", width=0.34),
        Points(table["at"], 100 * table["ratio"], role="ink", size=8),
    ]
    days = [say(f"weekdays.d{number}") for number in range(7)]
    evidence = {
        "series": effects.series.title,
        "measure": effects.series.title.lower(),
        "place": place or say("places.all"),
        "most": days[int(busiest["place"].iloc[-1])],
        "least": days[int(busiest["place"].iloc[0])],
        "more": float(busiest["ratio"].iloc[-1] - 1),
        "less": float(1 - busiest["ratio"].iloc[0]),
        "from_": effects.level.index[0],
        "to": effects.level.index[-1],
    }
    shown = table.drop(columns="at").rename(columns={"ratio": "ratio to an average day", "n": "days"})
    return chart_of(
        effects,
        name="effects",
        evidence=evidence,
        marks=marks,
        table=shown,
        axes=(
            Axis(kind="number", range=(-0.7, float(table["at"].max()) + 0.7), ticks=tuple(ticks)),
            number_axis(per_cent, unit="%"),
        ),
        height=240,
        right=12,
    )


def _places(table: pd.DataFrame) -> tuple[list[float], list[tuple[float, str]]]:
    """Where each effect stands, parts one after the other, and its tick."""
    positions: dict[int, float] = {}
    ticks, at = [], 0.0
    for part in PARTS:
        own = table[table["part"] == part].sort_values("place")
        for row, number in own["place"].items():
            positions[int(row)] = at  # type: ignore[call-overload]
            ticks.append((at, _label(part, int(number))))
            at += 1.0
        at += APART if len(own) else 0.0
    return [positions[int(row)] for row in table.index], ticks


def _label(part: str, number: int) -> str:
    if part == "weekday":
        return say(f"weekdays.s{number}")
    return MONTHS[number - 1][:3] if part == "month" else say("weekdays.holiday")
