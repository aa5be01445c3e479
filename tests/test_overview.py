"""The last week beside what was expected of it: fair where values are missing, silent where most of them are."""

from __future__ import annotations

import numpy as np
import pytest
from forecasting_panels import counts, frame, series

from analytics.monitoring.week import last_week


def test_a_usual_week_lies_in_its_range_and_a_doubled_one_does_not() -> None:
    values = counts(periods=400, columns=20, mean=3.0)
    usual = last_week(series(frame(values)))
    assert usual.low is not None
    assert usual.low <= usual.value <= (usual.high or 0)
    values[-7:] *= 2
    assert last_week(series(frame(values), name="doubled")).value > (usual.high or 0)


def test_what_is_missing_is_in_neither_the_value_nor_the_range() -> None:
    values = counts(periods=400, columns=20, mean=3.0)
    whole = last_week(series(frame(values)))
    values[-5:, :10] = np.nan
    part = last_week(series(frame(values), name="partly"))
    assert part.value == pytest.approx(np.nansum(values[-7:]))
    assert part.low is not None
    assert whole.low is not None
    assert part.low < 0.75 * whole.low
    assert part.low <= part.value <= (part.high or 0)


def test_of_a_week_that_is_mostly_missing_nothing_is_expected() -> None:
    values = counts(periods=400, columns=4, mean=3.0)
    values[-6:] = np.nan
    week = last_week(series(frame(values), name="mostly"))
    assert week.low is None
    assert "of the week has no value" in str(week.why_not)


def test_hours_are_counted_by_the_day() -> None:
    hours = np.random.default_rng(3).poisson(5.0, (24 * 200, 2)).astype(float)
    week = last_week(series(frame(hours, freq="h")))
    assert week.value == hours[-7 * 24 :].sum()
    assert week.low is not None


def test_amounts_are_not_added_up() -> None:
    hours = 20 + np.random.default_rng(3).random((24 * 200, 2))
    hours[-24:, 0] = np.nan
    week = last_week(series(frame(hours, freq="h"), value_type="continuous"))
    assert 20 < week.value < 21
    assert week.low is None
    assert "the mean of the week" in str(week.why_not)
