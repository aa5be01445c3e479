"""Hours watched as hours: a peak that its day does not show, what is kept quiet, and what is known when."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from forecasting_panels import series
from small_city import provenance, small_city

from analytics.monitoring.warnings import Alarm, warnings_in, warnings_of
from analytics.monitoring.warnings.ceiling import under_ceiling
from analytics.monitoring.warnings.hour_alarms import hour_alarms, series_of_incidents
from analytics.monitoring.warnings.hours import Hours, hours_of, raised_hours
from analytics.monitoring.warnings.panel import watched_panel
from analytics.monitoring.warnings.thresholds import BUDGET
from data import Incidents, Series

START, DAYS = pd.Timestamp("2024-01-01"), 740
NEW_YEAR = pd.Timestamp("2026-01-01 01:00")
FIRST = pd.Timestamp("2025-01-01")


def hourly(*, columns: int = 2, seed: int = 3, days: int = DAYS) -> Series:
    """Poisson counts: 100 by day, 25 at night, a third less on Sundays and on holidays."""
    hours = pd.date_range(START, periods=24 * days, freq="h", name="period")
    mean = np.where((hours.hour >= 7) & (hours.hour < 22), 100.0, 25.0)
    mean = mean * np.where((hours.day_of_week == 6) | ((hours.month == 1) & (hours.day == 1)), 0.67, 1.0)
    names = pd.MultiIndex.from_product([[f"A{n:02d}" for n in range(columns)], ["all"]], names=["area_id", "category"])
    drawn = np.random.default_rng(seed).poisson(np.repeat(mean[:, None], columns, axis=1)).astype(float)
    return replace(series(pd.DataFrame(drawn, hours, names)), country="US")


def found(table: Series) -> tuple[Alarm, ...]:
    return hour_alarms(table, watched_panel(table), first=FIRST)[0]


def with_peak(table: Series, when: pd.Timestamp, value: float, column: int = 0) -> Series:
    values = table.values.copy()
    values.iloc[values.index.get_loc(when), column] = value
    return replace(table, values=values)


@pytest.fixture(scope="module")
def plain() -> Series:
    return hourly()


@pytest.fixture(scope="module")
def hours(plain: Series) -> Hours:
    return hours_of(plain, watched_panel(plain))


def test_the_peak_of_new_years_night_is_told_though_its_day_is_ordinary(plain: Series) -> None:
    peak = with_peak(plain, NEW_YEAR, 140.0)
    day = peak.values.iloc[:, 0].resample("D").sum()
    assert day[NEW_YEAR.normalize()] < day[day.index.day_of_week < 6].mean()
    alarms = [each for each in found(peak) if each.until == NEW_YEAR]
    assert {each.area_id for each in alarms} >= {"A00"}
    own = next(each for each in alarms if each.area_id == "A00")
    assert (own.kind, own.direction, own.since, own.observed) == ("hour", "up", NEW_YEAR, 140.0)
    assert own.low < own.expected < own.high < 140.0
    spread = hours_of(peak, watched_panel(peak)).spread[(NEW_YEAR - START) // pd.Timedelta(hours=1), 0]
    assert np.sqrt(own.high) - np.sqrt(own.expected) == pytest.approx(1.96 * spread)
    assert np.sqrt(own.expected) - np.sqrt(own.low) == pytest.approx(min(1.96 * spread, np.sqrt(own.expected)))
    assert own.expected == pytest.approx(0.67 * 25, rel=0.4)
    assert str(own.sentence).startswith(
        "Requests, A00: 140 from 01:00 to 02:00 on Thursday 1 January 2026, usually about "
    )
    assert "the hours that followed" in str(own.record)


def test_the_last_hour_of_a_day_ends_at_midnight(plain: Series) -> None:
    alarms = found(with_peak(plain, pd.Timestamp("2025-06-04 23:00"), 0.0))
    assert any("from 23:00 to 00:00 on Wednesday 4 June 2025" in str(each.sentence) for each in alarms)
    assert {each.direction for each in alarms if each.until == pd.Timestamp("2025-06-04 23:00")} == {"down"}


def test_chance_raises_no_more_than_is_stated() -> None:
    raised = [len(found(hourly(columns=12, seed=seed))) for seed in (5, 6)]
    years = (DAYS - 366) / 365.25 * 13
    assert sum(raised) / (2 * years) <= BUDGET["hour"]


def test_what_is_expected_is_the_hour_of_the_week_at_the_level_of_the_last_days(plain: Series, hours: Hours) -> None:
    clock = pd.date_range(hours.start, periods=len(hours.actual), freq="h")
    late = clock >= FIRST
    by_day = late & (clock.hour == 12) & (clock.day_of_week == 2) & (clock.day > 10)
    assert (hours.root[by_day, 0] ** 2).mean() == pytest.approx(100, rel=0.03)
    assert (hours.root[late & (clock.day_of_week == 6), 0] ** 2).mean() == pytest.approx(0.67 * 71.9, rel=0.06)
    assert np.nanstd(hours.scores[late]) == pytest.approx(1.0, abs=0.06)
    doubled = replace(plain, values=plain.values * np.where(clock < "2025-12-01", 1.0, 2.0)[:, None])
    risen = hours_of(doubled, watched_panel(doubled)).root[-24 * 5 :, 0] ** 2
    assert risen.mean() > 1.7 * (hours.root[-24 * 5 :, 0] ** 2).mean()


def test_of_a_holiday_less_is_known(hours: Hours) -> None:
    clock = pd.date_range(hours.start, periods=len(hours.actual), freq="h")
    noon = [hours.spread[clock == f"2024-07-{day:02d} 12:00", 0][0] for day in (4, 11)]
    assert noon[0] > 2.6 * noon[1]
    later = [hours.spread[clock == f"2025-{day} 12:00", 0][0] for day in ("11-27", "11-20")]
    assert 1 <= later[0] / later[1] < noon[0] / noon[1]  # as holidays turn out alike, more is


def test_no_hour_is_judged_by_itself_or_by_what_follows(plain: Series, hours: Hours) -> None:
    row = 24 * 500
    later = plain.values.copy()
    later.iloc[row:] = 999.0
    changed = hours_of(replace(plain, values=later), watched_panel(plain))
    assert np.array_equal(changed.root[: row + 24], hours.root[: row + 24], equal_nan=True)
    assert np.array_equal(changed.spread[: row + 24], hours.spread[: row + 24], equal_nan=True)
    assert np.array_equal(changed.up[:row], hours.up[:row], equal_nan=True)


def test_of_a_day_the_farthest_hour_is_told(hours: Hours) -> None:
    rare = np.full(hours.up.shape, 1.0)
    rare[24 * 400 + 3, 0], rare[24 * 400 + 9, 0], rare[24 * 401, 0] = 0.05, 0.01, 0.02
    raised = raised_hours(replace(hours, up=rare, down=np.ones(rare.shape)), first=FIRST)
    assert [(each.row, each.column, each.direction) for each in raised] == [(24 * 400 + 9, 0, 1), (24 * 401, 0, 1)]
    assert [each.recurrence for each in raised] == [0.02, 0.04]  # both tails are looked at
    edge = np.where(rare < 1, BUDGET["hour"] / 2, 1.0)
    assert raised_hours(replace(hours, up=edge, down=np.ones(rare.shape)), first=FIRST) == []


def test_rare_columns_and_young_tables_are_not_watched_by_the_hour() -> None:
    rare = hourly(columns=1)
    rare = with_peak(replace(rare, values=(rare.values > 130).astype(float)), NEW_YEAR, 9.0)
    assert found(rare) == ()
    young = with_peak(hourly(days=300), START + pd.Timedelta(days=200), 900.0)
    assert hour_alarms(young, watched_panel(young), first=START)[0] == ()
    assert hour_alarms(young, watched_panel(young), first=START)[1].years == 0


def test_hours_are_those_of_the_citys_clocks_and_the_repeated_one_is_a_gap() -> None:
    table = replace(hourly(columns=1, days=320), timezone="Europe/Prague")
    local = hours_of(table, watched_panel(table))
    assert local.start == pd.Timestamp("2024-01-02")
    assert local.actual[0, 0] == table.values.iloc[23, 0]  # midnight in Prague is 23:00 the day before
    clock = pd.date_range(local.start, periods=len(local.actual), freq="h")
    gaps = clock[np.isnan(local.actual[:, 0])]
    assert {pd.Timestamp("2024-03-31 02:00"), pd.Timestamp("2024-10-27 02:00")} <= set(gaps)
    assert len([each for each in gaps if each < clock[-24]]) == 2


def test_days_replayed_raise_the_same_hours_and_a_told_day_is_not_told_by_the_hour() -> None:
    table = with_peak(hourly(columns=1), pd.Timestamp("2025-12-10 02:00"), 130.0)
    values = table.values.copy()
    values.loc["2025-12-20"] *= 3  # a day that is far out as a whole
    table = replace(table, values=values)
    whole = [each for each in warnings_of(table, alarms_per_week=math.inf).alarms if each.kind == "hour"]
    assert [each.until for each in whole if each.until >= pd.Timestamp("2025-12-08")] == [
        pd.Timestamp("2025-12-10 02:00")
    ]
    day = pd.Timestamp("2025-12-10")
    then = warnings_of(table, until=day, alarms_per_week=math.inf)
    assert then.alarms[0].until == pd.Timestamp("2025-12-10 02:00")
    as_raised = [(each.until, each.low, each.high, each.strength) for each in then.alarms if each.kind == "hour"]
    assert as_raised == [
        (each.until, each.low, each.high, each.strength) for each in whole if each.until < day + pd.Timedelta(days=1)
    ]


def test_hours_take_a_third_of_the_ceiling_at_most(plain: Series) -> None:
    hour = found(with_peak(plain, NEW_YEAR, 140.0))[0]
    many = [replace(hour, area_id=f"A{n:02d}", strength=1e-9) for n in range(9)]
    days = [replace(hour, kind="outside", area_id=f"B{n:02d}", strength=1e-4) for n in range(9)]
    kept, withheld = under_ceiling([*many, *days], until=hour.until, alarms_per_week=6)
    assert sorted(each.kind for each in kept) == ["hour"] * 2 + ["outside"] * 4
    assert withheld == 12
    assert len(under_ceiling(many, until=hour.until, alarms_per_week=1)[0]) == 1


def incidents(times: pd.DatetimeIndex) -> Incidents:
    frame = pd.DataFrame({"time": times, "category": "fights", "area_id": "city"})
    return Incidents(
        "fights", "Fights", frame, provenance("fights", len(frame)), {"fights": "public"}, times[0].normalize(),
        times[-1].normalize(),
    )  # fmt: skip


def test_incidents_with_times_are_watched_by_the_hour() -> None:
    table = with_peak(hourly(columns=1), NEW_YEAR, 140.0).values.iloc[:, 0]
    events = incidents(pd.DatetimeIndex(np.repeat(table.index, table.astype(int))))
    counted = series_of_incidents(events, country="US")
    assert counted is not None
    assert counted.values.iloc[:, 0].tolist() == table.tolist()
    city = replace(small_city(), incidents={"fights": events})
    told = [each for each in warnings_in(city, alarms_per_week=math.inf).alarms if each.series == "fights"]
    assert NEW_YEAR in [each.until for each in told]
    assert {each.kind for each in told} == {"hour"}
    before = warnings_in(city, alarms_per_week=math.inf, until=pd.Timestamp("2025-12-31"))
    assert NEW_YEAR not in [each.until for each in before.alarms]


def test_incidents_that_are_dates_have_no_hours() -> None:
    dates = incidents(pd.date_range("2024-01-01", periods=500, freq="D"))
    assert series_of_incidents(dates, country="") is None
