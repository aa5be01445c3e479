"""Where ticks stand and what they say; both renderers draw exactly these."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from dashboard.figures.chart import Axis
from data.words import NARROW, as_number

__all__ = ["MONTHS", "date_axis", "nice_step", "number_axis", "share_axis"]

MONTHS = ("Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")
A_MONTH = 30.44  # days, on average


def nice_step(span: float, *, most: int) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that cuts ``span`` into at most ``most`` steps."""
    if span <= 0:
        return 1.0
    power: float = 10.0 ** math.floor(math.log10(span / most))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if span / (step * power) <= most)


def number_axis(values: Sequence[float], *, unit: str = "", zero: bool = False, most: int = 4, title: str = "") -> Axis:
    """An axis around the values with three or four ticks; the unit stands on the last tick only."""
    known = [float(value) for value in values if math.isfinite(value)] or [0.0, 1.0]
    low, high = min(known), max(known)
    low = min(low, 0.0) if zero else low
    if low == high:
        low, high = low - 1, high + 1
    room = 0.06 * (high - low)
    low, high = (low if zero and low == 0 else low - room), high + room
    step = nice_step(high - low, most=most)
    places = [step * count for count in range(math.ceil(low / step), math.floor(high / step) + 1)]
    ticks = [(place, as_number(round(place, 10))) for place in places]
    if unit and ticks:
        ticks[-1] = (ticks[-1][0], f"{ticks[-1][1]}{NARROW}{unit}")
    return Axis(range=(low, high), ticks=tuple(ticks), title=title)


def share_axis(high: float, *, most: int = 4, title: str = "") -> Axis:
    """An axis of shares from 0 to ``high``, written in per cent."""
    step = nice_step(100 * high, most=most)
    places = [step * count for count in range(math.floor(100 * high / step + 1e-9) + 1)]
    ticks = [(place / 100, as_number(place)) for place in places]
    ticks[-1] = (ticks[-1][0], f"{ticks[-1][1]}{NARROW}%")
    return Axis(range=(0.0, high), ticks=tuple(ticks), title=title)


def date_axis(start: pd.Timestamp, end: pd.Timestamp, *, most: int = 6) -> Axis:
    """An axis of dates; the year stands under the first tick and wherever it changes."""
    days = max((end - start).days, 1)
    months = days / A_MONTH / most  # between two ticks
    if months > 6:
        places, form = _years(start, end, math.ceil(months / 12)), "{year}"
    elif days > 2 * A_MONTH:
        places, form = _months(start, end, next(step for step in (1, 2, 3, 6) if step >= months)), "{month}"
    elif days >= 2:
        places, form = list(pd.date_range(start.normalize(), end, freq=f"{math.ceil(days / most)}D")), "{day} {month}"
    else:
        places, form = list(pd.date_range(start.normalize(), end, freq="6h")), "{hour}:00"
    ticks: list[tuple[pd.Timestamp, str]] = []
    for place in (place for place in places if start <= place <= end):
        label = form.format(year=place.year, month=MONTHS[place.month - 1], day=place.day, hour=place.hour)
        new_year = form != "{year}" and (not ticks or ticks[-1][0].year != place.year)
        ticks.append((place, f"{label}\n{place.year}" if new_year else label))
    return Axis(kind="date", range=(start, end), ticks=tuple(ticks))


def _years(start: pd.Timestamp, end: pd.Timestamp, step: int) -> list[pd.Timestamp]:
    return [pd.Timestamp(year, 1, 1) for year in range(start.year, end.year + 1) if year % step == 0]


def _months(start: pd.Timestamp, end: pd.Timestamp, step: int) -> list[pd.Timestamp]:
    firsts = pd.date_range(start.to_period("M").to_timestamp(), end, freq="MS")
    return [first for first in firsts if (first.month - 1) % step == 0]
