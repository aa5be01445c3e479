"""What the calendar does: weekdays, months and holidays as shares of an average day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analytics.forecasting.calendar.effects import CalendarEffects
from dashboard.figures.axes import number_axis
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Bars, Chart, Line, Mark, Points, Rule
from dashboard.figures.columns import column
from data.words import as_percent, as_short_date, as_weekday, say, text

__all__ = ["effects_chart"]

PARTS = ("weekday", "month", "holiday")
APART = 1.0  # ticks left empty between parts
ROW = 20  # pixels of an effect on a phone


def effects_chart(effects: CalendarEffects, *, location: str = "", narrow: bool = False) -> Chart:
    """One dot a weekday, month and the public holiday, per cent of an average day, with its range.

    Parameters
    ----------
    effects : of a daily series.
    location : the name of what the series was selected to; the whole city when empty.
    narrow : whether each stands in a row of its own, as a phone needs it, and not side by side.

    Returns
    -------
    A chart in per cent of an average day.
    """
    table = effects.effects.copy()
    positions, ticks = _positions(table)
    table["at"] = positions
    busiest = table[table["part"] == "weekday"].sort_values("ratio")
    per_cent = [100 * each for each in (*table["low"], *table["high"], *table["ratio"])]
    hovers = _hovers(table, location or say("places.all"))
    names = Axis(kind="number", range=(-0.7, float(table["at"].max()) + 0.7), ticks=tuple(ticks))
    ratios = number_axis(per_cent, unit="%")
    evidence = {
        "measure": text(effects.series.title).lower(),
        "location": location or say("places.all"),
        "most": as_weekday(int(busiest["number"].iloc[-1])),
        "least": as_weekday(int(busiest["number"].iloc[0])),
        "more": float(busiest["ratio"].iloc[-1] - 1),
        "less": float(1 - busiest["ratio"].iloc[0]),
        "listed": ", ".join(f"{name} {as_percent(ratio)}" for name, ratio in _in_order(table, ticks)),
        "from_": effects.level.index[0],
        "to": effects.level.index[-1],
    }
    chart = chart_of(
        effects,
        name="effects",
        evidence=evidence,
        marks=_rows(table, hovers) if narrow else _side_by_side(table, hovers),
        table=_table(effects.effects),
        axes=(ratios, _downwards(names)) if narrow else (names, ratios),
        height=round(ROW * (table["at"].max() + 1)) + 50 if narrow else 240,
        right=12,
    )
    return replace(chart, name=f"{chart.name}-narrow") if narrow else chart


def _side_by_side(table: pd.DataFrame, hovers: Sequence[str]) -> list[Mark]:
    return [
        Rule(100.0, axis="y", role="today", width=2.0),
        Bars(table["at"], 100 * table["low"], 100 * table["high"], role="band80", width=0.34),
        Points(table["at"], 100 * table["ratio"], role="ink", size=8, hover=hovers),
    ]


def _rows(table: pd.DataFrame, hovers: Sequence[str]) -> list[Mark]:
    bands = zip(-table["at"], 100 * table["low"], 100 * table["high"], strict=True)
    return [
        Rule(100.0, role="today", width=2.0),
        *(Line([low, high], [y, y], role="band80", width=7.0) for y, low, high in bands),
        Points(100 * table["ratio"], -table["at"], role="ink", size=8, hover=hovers),
    ]


def _downwards(names: Axis) -> Axis:
    low, high = names.range or (0.0, 1.0)
    return replace(names, range=(-high, -low), ticks=tuple((-at, name) for at, name in names.ticks))


def _positions(table: pd.DataFrame) -> tuple[list[float], list[tuple[float, str]]]:
    """Where each effect stands, parts one after the other, and its tick."""
    positions: dict[int, float] = {}
    ticks, at = [], 0.0
    for part in PARTS:
        own = table[table["part"] == part].sort_values("number")
        for row, number in own["number"].items():
            positions[int(row)] = at  # type: ignore[call-overload]
            ticks.append((at, _label(part, int(number))))
            at += 1.0
        at += APART if len(own) else 0.0
    return [positions[int(row)] for row in table.index], ticks


def _in_order(table: pd.DataFrame, ticks: Sequence[tuple[float, str]]) -> list[tuple[str, float]]:
    """Each effect by its name, as they stand from left to right."""
    ratios = dict(zip(table["at"], table["ratio"], strict=True))
    return [(name, float(ratios[at])) for at, name in ticks]


def _label(part: str, number: int) -> str:
    if part == "weekday":
        return as_weekday(number, short=True)
    if part == "month":
        return as_short_date(pd.Timestamp(2000, number, 1), part="month")
    return say("charts.effects.holiday")


def _table(effects: pd.DataFrame) -> pd.DataFrame:
    rows = [(part, int(number)) for part, number in zip(effects["part"], effects["number"], strict=True)]
    names = {"ratio": "ratio", "low": "ratio_low95", "high": "ratio_high95", "n": "days"}
    return pd.DataFrame(
        {
            column("part"): [column(part) for part, _ in rows],
            column("which"): [_label(*row) for row in rows],
        }
        | {column(words): effects[name].to_numpy() for name, words in names.items()}
    )


def _hovers(table: pd.DataFrame, location: str) -> list[str]:
    """A sentence for each weekday, month and the holiday."""
    return [
        say(
            "charts.effects.hover",
            {
                "which": as_weekday(int(row["number"]))
                if row["part"] == "weekday"
                else _label(row["part"], int(row["number"])),
                "location": location,
                "ratio": row["ratio"],
                "low": row["low"],
                "high": row["high"],
                "n": row["n"],
            },
        )
        for row in table.to_dict("records")
    ]
