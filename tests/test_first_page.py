"""The parts of a city's first page: each is made once; what has changed since the day before is told from what was kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from forecasting_panels import counts, frame, series

from analytics.answers import cost_of, kept
from analytics.monitoring.days import Change, DayStatement, Notice, change, day_before, keep_day, stated_of, unusual_in
from analytics.monitoring.traces import trace_of
from analytics.monitoring.warnings import Alarm, Warnings
from analytics.monitoring.week import Apart, Figures
from analytics.overview import kept_unusual, kept_weeks, week_requests, weeks_of
from analytics.requests import FiguresRequest, city_request
from data import open_city
from data.frequency import Frequency
from data.store.workspace import home

DAY = pd.Timestamp("2026-06-30")
RISE = Notice("requests", "A1", "all", "level", "2026-06-25T00:00:00", "Requests", "Bow")
FALL = replace(RISE, area_id="A2", area_name="Mile End")


def alarm(
    *, series: str = "b", kind: str = "level", strength: float = 0.01, past_n: int = 8, precision: float = 0.5
) -> Alarm:
    return Alarm(
        kind, series, series.upper(), "A", "all", DAY, DAY, "up", 1.0, 4.0, 9.0, strength, 0.2, 0.1, precision, past_n,
        0.1, 2.0,
    )  # type: ignore[arg-type]  # fmt: skip


def warnings(*alarms: Alarm) -> Warnings:
    ends = {each.series: DAY for each in alarms}
    return Warnings(
        made_from=(), seed=0, config={}, alarms=alarms, withheld=0, alarms_per_week=3.0, watched_series=5, watched_periods=9,
        since=None, until=DAY, ends=ends,
    )  # fmt: skip


def test_what_is_new_ended_and_wrong_is_told_from_two_statements() -> None:
    before = DayStatement(
        DAY - pd.Timedelta(days=1), (RISE,), {"spring": 0.35, "summer": 0.5, "gone": 0.1}, ("series.a",)
    )
    now = DayStatement(DAY, (FALL,), {"spring": 0.25, "summer": 0.504, "new": 0.9}, ("series.a", "incidents.b"))
    assert change(before, now) == Change(before.end, (FALL,), (RISE,), {"spring": (0.35, 0.25)}, ("incidents.b",))
    assert change(now, now) == Change(now.end, (), (), {}, ())
    deeper = replace(RISE, since="2026-06-29T00:00:00")
    assert change(before, replace(now, unusual=(RISE, deeper))).new == (deeper,)


def test_the_day_before_is_the_latest_that_was_kept_of_this_city() -> None:
    for ago, share in ((1, 0.1), (3, 0.3), (0, 0.0)):
        keep_day("meridian", DayStatement(DAY - pd.Timedelta(days=ago), (RISE,), {"spring": share}, ("series.a",)))
    keep_day("elsewhere", DayStatement(DAY - pd.Timedelta(days=1)))
    found = day_before("meridian", DAY)
    assert found == DayStatement(DAY - pd.Timedelta(days=1), (RISE,), {"spring": 0.1}, ("series.a",))
    earlier = day_before("meridian", DAY - pd.Timedelta(days=1))
    assert earlier is not None
    assert earlier.chances == {"spring": 0.3}
    assert day_before("meridian", DAY - pd.Timedelta(days=3)) is None


def test_who_looks_at_a_page_twice_writes_once() -> None:
    keep_day("meridian", DayStatement(DAY, (RISE,), {"spring": 0.3}))
    (file,) = (home() / "results" / "day").glob("*.result")
    written = file.stat().st_mtime_ns
    keep_day("meridian", DayStatement(DAY, (RISE,), {"spring": 0.3}))
    assert file.stat().st_mtime_ns == written
    keep_day("meridian", DayStatement(DAY, (RISE,), {"spring": 0.31}))
    assert file.stat().st_mtime_ns > written


def test_the_alarms_of_a_series_that_had_ended_are_not_of_the_week() -> None:
    rare, usual = alarm(series="b", strength=1e-6), alarm(series="b", strength=1e-3)
    late, old = alarm(series="b", kind="late", strength=0.0), alarm(series="a", strength=1e-9)
    found = warnings(usual, late, rare, old)
    ended = Apart("series", "a", "A", "", Frequency.DAY, DAY, 1.0, True)
    assert unusual_in(found, Figures(DAY, (), (ended,))) == (rare, usual, late)
    assert unusual_in(found, Figures(DAY, (), (replace(ended, kind="incidents"),)))[0] == old
    assert stated_of(Figures(None, (), ()), weeks=(), unusual=(), chances=()) is None


@pytest.mark.parametrize(("area", "category"), [("A0", "all"), ("city", "all")])
def test_a_trace_shows_what_was_known_and_what_was_forecast_before_it(area: str, category: str) -> None:
    values = counts(periods=400, columns=3, mean=20.0)
    whole = series(frame(values))
    area = str(whole.values.columns[0][0]) if area != "city" else area
    trace = trace_of(whole, area=area, category=category)
    own = values[-56:, 0] if area != "city" else values[-56:].sum(axis=1)
    assert trace.values == tuple(own)
    assert trace.periods[-1] == whole.as_of
    inside = np.mean((np.array(trace.low) <= own) & (own <= np.array(trace.high)))
    assert inside > 0.85
    # The forecast of a week knows nothing of it.
    values[-7:] *= 10
    after = trace_of(series(frame(values)), area=area, category=category)
    assert (after.low, after.high) == (trace.low, trace.high)
    assert after.values[-1] > (after.high[-1])


def test_a_trace_of_a_short_history_has_no_band() -> None:
    trace = trace_of(series(frame(counts(periods=9, columns=1))), area="city", category="all")
    assert len(trace.values) == 4
    assert trace.low == trace.high == ()


def test_ranges_are_found_as_far_as_they_are_made(sample_city: Path) -> None:
    request, city = city_request(str(sample_city)), open_city(sample_city)
    opened: list[str] = []

    def open_once(asked: object) -> object:
        opened.append("")
        return city

    figures = FiguresRequest(request).answer(city)
    assert not any(each.low for each in kept_weeks(request, figures))
    assert kept_unusual(request) is None
    weeks = weeks_of(request, open_once)  # type: ignore[arg-type]
    assert kept(FiguresRequest(request)) == figures
    assert len(weeks) == len(city.series) + len(city.incidents)
    for alone, ranged in zip(figures.weeks, weeks, strict=True):
        assert replace(ranged, low=None, high=None, made_from=alone.made_from) == alone
        assert (ranged.low is None) == bool(alone.why_not)
    assert kept_weeks(request, figures) == weeks
    times = len(opened)
    assert weeks_of(request, open_once) == weeks  # type: ignore[arg-type]
    assert len(opened) == times
    cost = cost_of(week_requests(request, figures)[0])
    assert cost is not None
    assert 0 < cost.seconds < 600
    # Another day of data has no answers, and it is still known what such answers cost.
    later = replace(request, stamp="later")
    assert kept(FiguresRequest(later)) is None
    assert cost_of(FiguresRequest(later)) is not None
