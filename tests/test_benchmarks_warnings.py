"""Labels planted into days: where, how large, and which alarm is whose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from forecasting_panels import frame, series

from analytics.monitoring.warnings import Alarm
from benchmarks.warnings.labels import APART, DEEPER, FEWEST, KINDS, Label, Still, labels_in, planted, told

DAYS = 364


def still(mean: float = 20.0, spread: float = 4.0, columns: int = 6) -> Still:
    values = frame(np.full((500, columns), mean))
    shape = (DAYS, columns)
    return Still(series(values), np.full(shape, mean), np.full(shape, spread))


def alarm(day: pd.Timestamp, area: str) -> Alarm:
    return Alarm(
        "level", "r", "Requests", area, "all", day, day, "up", 1.0, 4.0, 9.0, 1e-4, 0.2, 0.1, 0.5, 8, 0.3, 2.0
    )  # fmt: skip


def test_labels_are_of_all_kinds_and_apart() -> None:
    labels = labels_in(still(), seed=1)
    assert {each.kind for each in labels} == set(KINDS)
    assert {each.sign for each in labels} == {-1, 1}
    for one in labels:
        assert 0 <= one.start < DAYS - len(KINDS[one.kind])
        others = [each.start for each in labels if each.column == one.column and each is not one]
        assert all(abs(one.start - start) > max(len(each) for each in KINDS.values()) for start in others)
    assert len(labels) <= 6 * (DAYS // APART + 1)


def test_nothing_is_planted_where_next_to_nothing_is_expected_and_nothing_falls_below_it() -> None:
    assert labels_in(still(mean=FEWEST - 0.1), seed=1) == ()
    rises = labels_in(still(mean=4.0, spread=4.0), seed=1)
    assert {each.sign for each in rises} == {1}


def test_what_is_planted_is_so_many_deviations() -> None:
    days = still()
    rise, fall = Label("spell_3sd_3days", 1, 10, 1), Label("day_6sd", 2, 30, -1)
    moved = planted(days, [rise, fall]).values - days.series.values
    last = moved.iloc[-DAYS:].to_numpy()
    assert last[9:14, 1].tolist() == [0, 12, 12, 12, 0]
    assert last[29:32, 2].tolist() == [0, -20, 0]  # six deviations are 24, and no count is below 0
    assert np.abs(moved.to_numpy()).sum() == 36 + 20


@pytest.mark.parametrize(("after", "found"), [(-1, None), (0, 0), (4, 4), (5, None)])
def test_an_alarm_is_a_labels_own_from_its_first_day_to_two_after_its_last(after: int, found: int | None) -> None:
    days, label = still(), Label("spell_3sd_3days", 1, 10, 1)
    day = days.series.values.index[-DAYS + 10] + pd.Timedelta(days=after)
    assert told(label, [alarm(day, "A01")], days) == found
    assert told(label, [alarm(day, "A02")], days) is None


@pytest.mark.parametrize(("after", "found"), [(7, None), (8, 0), (9, 1), (10, None)])
def test_a_worse_event_is_to_be_told_within_a_day(after: int, found: int | None) -> None:
    days, label = still(), Label(DEEPER, 1, 10, 1)
    day = days.series.values.index[-DAYS + 10] + pd.Timedelta(days=after)
    assert told(label, [replace(alarm(day, "A01"), deeper=True)], days) == found
