"""How much of a history a figure shows: two handles over all of it, in the link; every chart over time has the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from dashboard.figures.charts.futures import Span
from dashboard.shell.controls import chosen_stretch
from data.words import as_date, as_month, say

__all__ = ["chosen_span", "even_stops", "stops_at"]

MOST_STOPS = 120  # of a handle: from the first to the last in a dozen steps of ten
LEAST_STOPS = 3
STOPS = ("W-MON", "MS", "QS", "YS")  # the closest of these that gives no more
END = "end"  # the last stop, whatever day that is: newer data and another horizon move it


def chosen_span(stops: Mapping[str, pd.Timestamp], *, usual: pd.Timestamp, key: str) -> Span | None:
    """What is to be seen of a history; None for as much as is seen unless somebody asks.

    Parameters
    ----------
    stops : where a handle may stand, by the name that a link has for it, in order.
    usual : from when on it is seen unless somebody asks.
    key : of the control, and what the link calls it.

    Returns
    -------
    Span or None
        None too where there are too few stops to choose among.
    """
    if len(stops) < LEAST_STOPS:
        return None
    begin = next((name for name, stop in reversed(list(stops.items())) if stop <= usual), next(iter(stops)))
    titles = {name: _words(stop, name) for name, stop in stops.items()}
    help = say("page.shown_help")
    first, last = chosen_stretch(say("page.shown"), titles, key=key, usual=(begin, END), help=help)
    return None if (first, last) == (begin, END) else Span(stops[first], stops[last])


def even_stops(first: pd.Timestamp, last: pd.Timestamp) -> dict[str, pd.Timestamp]:
    """Both ends of a history, and the first of weeks, months, quarters or years between them."""
    dates = (pd.date_range(first.normalize(), last, freq=freq) for freq in STOPS)
    between = next((each for each in dates if len(each) <= MOST_STOPS), pd.DatetimeIndex([]))
    return stops_at((first, *(each for each in between if first < each < last)), last)


def stops_at(dates: Iterable[pd.Timestamp], last: pd.Timestamp) -> dict[str, pd.Timestamp]:
    """Stops at some dates, and at the end."""
    return {str(each.date()): each for each in dates} | {END: last}


def _words(stop: pd.Timestamp, name: str) -> str:
    return as_month(stop) if stop.day == 1 and name != END else as_date(stop.normalize())
