"""Where ticks stand and what they say; both renderers draw exactly these."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import pandas as pd

from dashboard.figures.chart import Axis
from dashboard.figures.render.layout import SIZE
from dashboard.figures.render.typeset import SANS, width_of, wrap
from data.words import NARROW, as_number, as_short_date

__all__ = ["date_axis", "nice_step", "number_axis", "readable", "share_axis"]

NO_BREAK = "\u00a0"  # the space within which no line ends
A_MONTH = 30.44  # days, on average
WIDEST = 130  # pixels of a tick's words before they go on in another line
APART = 8  # pixels between two ticks' words


def nice_step(span: float, *, most: int) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that cuts a span into few steps.

    Parameters
    ----------
    span : in any unit.
    most : steps at most.

    Returns
    -------
    The step in the same unit; 1 where there is no span.
    """
    if span <= 0:
        return 1.0
    power: float = 10.0 ** math.floor(math.log10(span / most))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if span / (step * power) <= most)


def readable(
    ticks: Sequence[tuple[float, str]], range: tuple[float, float], *, first: tuple[float, str], pixels: float
) -> tuple[tuple[float, str], ...]:
    """The ticks whose words do not touch: the ``first`` whole, in several lines where it is long, then those farthest out.

    Parameters
    ----------
    ticks : positions and words.
    range : of the axis.
    first : the tick that matters most.
    pixels : the width of the axis.

    Returns
    -------
    In order of position.
    """
    at, words = first
    lines = wrap(words, width=WIDEST, face=SANS, size=SIZE)
    scale = pixels / (range[1] - range[0])
    kept = [(at, "\n".join(lines), max(width_of(line, face=SANS, size=SIZE) for line in lines) / 2)]
    for tick, label in sorted(ticks, key=lambda each: -abs(each[0] - at)):
        half = width_of(label, face=SANS, size=SIZE) / 2
        if all(abs(tick - other) * scale >= half + wide + APART for other, _, wide in kept):
            kept.append((tick, label, half))
    return tuple((tick, label) for tick, label, _ in sorted(kept))


def number_axis(values: Sequence[float], *, unit: str = "", zero: bool = False, most: int = 4, title: str = "") -> Axis:
    """An axis around the values with three or four ticks.

    Parameters
    ----------
    values : those that are not finite are left out.
    unit : stands on the last tick only.
    zero : whether the axis begins at zero.
    most : steps between ticks at most.
    title : under or beside the axis.

    Returns
    -------
    With room around the values.
    """
    known = [float(value) for value in values if math.isfinite(value)] or [0.0, 1.0]
    low, high = min(known), max(known)
    low = min(low, 0.0) if zero else low
    if low == high:
        low, high = low - 1, high + 1
    room = 0.06 * (high - low)
    low, high = (low if zero and low == 0 else low - room), high + room
    step = nice_step(high - low, most=most)
    at = [step * count for count in range(math.ceil(low / step), math.floor(high / step) + 1)]
    ticks = [(tick, as_number(round(tick, 10))) for tick in at]
    if unit and ticks:
        space = NO_BREAK if unit[0].isalpha() else NARROW  # a word needs more room than a sign
        ticks[-1] = (ticks[-1][0], f"{ticks[-1][1]}{space}{unit}")
    return Axis(range=(low, high), ticks=tuple(ticks), title=title)


def share_axis(high: float, *, most: int = 4, title: str = "") -> Axis:
    """An axis of shares from zero, written in per cent.

    Parameters
    ----------
    high : its end, as a share.
    most : steps between ticks at most.
    title : under or beside the axis.

    Returns
    -------
    With the sign on the last tick only.
    """
    step = nice_step(100 * high, most=most)
    at = [step * count for count in range(math.floor(100 * high / step + 1e-9) + 1)]
    ticks = [(tick / 100, as_number(tick)) for tick in at]
    ticks[-1] = (ticks[-1][0], f"{ticks[-1][1]}{NARROW}%")
    return Axis(range=(0.0, high), ticks=tuple(ticks), title=title)


def date_axis(start: pd.Timestamp, end: pd.Timestamp, *, most: int = 6) -> Axis:
    """An axis of dates; the year stands under the first tick and wherever it changes.

    Parameters
    ----------
    start, end : of what is drawn.
    most : ticks at most, or a few more.

    Returns
    -------
    Ticks on whole years, months, days or every sixth hour.
    """
    days = max((end - start).days, 1)
    part: Literal["hour", "day", "month", "year"]
    months = days / A_MONTH / most  # between two ticks
    if months > 6:
        at, part = _years(start, end, math.ceil(months / 12)), "year"
    elif days > 2 * A_MONTH:
        at, part = _months(start, end, next(step for step in (1, 2, 3, 6) if step >= months)), "month"
    elif days >= 2:
        at, part = list(pd.date_range(start.normalize(), end, freq=f"{math.ceil(days / most)}D")), "day"
    else:
        at, part = list(pd.date_range(start.normalize(), end, freq="6h")), "hour"
    ticks: list[tuple[pd.Timestamp, str]] = []
    for tick in (tick for tick in at if start <= tick <= end):
        label = as_short_date(tick, part=part)
        new_year = part != "year" and (not ticks or ticks[-1][0].year != tick.year)
        ticks.append((tick, f"{label}\n{as_short_date(tick, part='year')}" if new_year else label))
    return Axis(kind="date", range=(start, end), ticks=tuple(ticks))


def _years(start: pd.Timestamp, end: pd.Timestamp, step: int) -> list[pd.Timestamp]:
    return [pd.Timestamp(year, 1, 1) for year in range(start.year, end.year + 1) if year % step == 0]


def _months(start: pd.Timestamp, end: pd.Timestamp, step: int) -> list[pd.Timestamp]:
    firsts = pd.date_range(start.to_period("M").to_timestamp(), end, freq="MS")
    return [first for first in firsts if (first.month - 1) % step == 0]
