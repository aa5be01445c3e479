"""Two handles over a history: where they may stand, and what the link calls these."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.shell.spans import END, MOST_STOPS, even_stops, stops_at


@pytest.mark.parametrize("years", [0.2, 1, 4, 15, 80])
def test_stops_lie_within_a_history_in_order_and_are_few(years: float) -> None:
    first = pd.Timestamp("2001-03-07")
    last = first + pd.Timedelta(days=365.25 * years)
    stops = even_stops(first, last)
    at = list(stops.values())
    assert at == sorted(at)
    assert (at[0], at[-1], list(stops)[-1]) == (first, last, END)
    assert len(stops) <= MOST_STOPS + 2
    assert len(set(at)) == len(at)


def test_a_stop_is_called_by_its_day_so_that_a_link_lasts() -> None:
    days = pd.DatetimeIndex(["2024-05-01", "2024-08-01"])
    assert stops_at(days, pd.Timestamp("2024-11-30")) == {
        "2024-05-01": days[0], "2024-08-01": days[1], END: pd.Timestamp("2024-11-30"),
    }  # fmt: skip
