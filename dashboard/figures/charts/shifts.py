"""Staff by hour of the week beside what the hours need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.results import Caveat, Result
from dashboard.figures.axes import number_axis
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Bars, Chart, Key, Line, Mark, Rule
from dashboard.figures.columns import column
from data import Provenance
from data.words import Words, as_weekday, say, text

__all__ = ["StaffHours", "shifts_chart"]

DAY, WEEK = 24, 168  # hours


@dataclass(frozen=True)
class StaffHours:
    """People at work in each hour of the week from Monday 0:00, and how many the hour needs; both of length 168."""

    staff: tuple[float, ...]
    needed: tuple[float, ...]

    def __post_init__(self) -> None:
        for name in ("staff", "needed"):
            if len(getattr(self, name)) != WEEK:
                raise ValueError(f"{name} has {len(getattr(self, name))} hours, not the {WEEK} of a week")

    @property
    def short(self) -> int:
        """In how many hours there are fewer people than needed."""
        return int((np.asarray(self.staff) < np.asarray(self.needed)).sum())


def shifts_chart(
    hours: StaffHours,
    *,
    title: Words,
    option: str,
    made_from: Sequence[Provenance],
    caveats: tuple[Caveat, ...] = (),
) -> Chart:
    """Bars for the people at work, a stepped line for those that are needed, over one week.

    Parameters
    ----------
    hours : staff and need.
    title : of the desk.
    option : whose staff it is.
    made_from : the tables behind it.
    caveats : of the need.

    Returns
    -------
    A chart of people by hour.
    """
    staff, needed = (np.asarray(values, dtype=float) for values in (hours.staff, hours.needed))
    at = np.arange(WEEK, dtype=float)
    edges = np.repeat(np.arange(WEEK + 1, dtype=float), 2)[1:-1]
    hovers = _hovers(hours, option)
    marks: list[Mark] = [Rule(float(day * DAY), role="hairline") for day in range(1, 7)]
    marks += [
        Bars(at + 0.5, np.zeros(WEEK), staff, role="band50", width=1.0, hover=hovers),
        Line(edges, np.repeat(needed, 2), role="ink", width=1.6),
    ]
    ticks = tuple((DAY * day + DAY / 2, as_weekday(day, short=True)) for day in range(7))
    evidence = {
        "title": text(title),
        "option": option,
        "short": hours.short,
        "total": float(staff.sum()),
        "needed": float(needed.sum()),
        "tightest": hovers[int((staff - needed).argmin())],
    }
    return chart_of(
        Result(made_from=tuple(made_from), caveats=caveats),
        name="shifts",
        headline="headline" if hours.short else "headline_enough",
        evidence=evidence,
        marks=marks,
        table=pd.DataFrame(
            {
                column("weekday"): [as_weekday(hour // DAY) for hour in range(WEEK)],
                column("hour"): [hour % DAY for hour in range(WEEK)],
                column("staff"): staff,
                column("needed"): needed,
            }
        ),
        axes=(Axis(range=(0.0, float(WEEK)), ticks=ticks), number_axis([0.0, *staff, *needed], zero=True)),
        key=(Key("band50", say("charts.shifts.staff")), Key("ink", say("charts.shifts.needed"))),
        height=220,
        right=12,
    )


def _hovers(hours: StaffHours, option: str) -> list[str]:
    """A sentence for each hour of the week."""
    return [
        say(
            "charts.shifts.hover",
            {
                "weekday": as_weekday(hour // DAY),
                "hour": hour % DAY,
                "end": hour % DAY + 1,
                "option": option,
                "staff": staff,
                "needed": needed,
            },
        )
        for hour, (staff, needed) in enumerate(zip(hours.staff, hours.needed, strict=True))
    ]
