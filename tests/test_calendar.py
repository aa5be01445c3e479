"""The rule for changes of the clocks, on changes that happened, and periods that contain their times."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_city import TOML, spoiled, write_city

from data import Series, open_city
from data.calendar import period_of, read_times, read_utc, to_local, to_utc, whole_periods
from data.errors import TableError
from data.frequency import Frequency
from data.provenance import Provenance

PRAGUE = "Europe/Prague"  # 31 March 2024: 02:00 to 03:00 never was; 27 October 2024: 02:00 to 03:00 happened twice
MOMENTS = st.datetimes(pd.Timestamp("1990-01-01"), pd.Timestamp("2035-01-01")).map(pd.Timestamp)


def times(*texts: str) -> pd.Series:
    return pd.Series(pd.to_datetime(list(texts), format="ISO8601")).astype("datetime64[ns]")


def test_an_ambiguous_time_takes_its_first_occurrence() -> None:
    utc = to_utc(times("2024-10-27 01:59", "2024-10-27 02:30", "2024-10-27 03:00"), timezone=PRAGUE)
    assert utc.times.tolist() == times("2024-10-26 23:59", "2024-10-27 00:30", "2024-10-27 02:00").tolist()
    assert utc.ambiguous.tolist() == [False, True, False]
    assert not utc.nonexistent.any()


def test_a_time_that_never_was_moves_forward() -> None:
    local = to_local(times("2024-03-31 01:59", "2024-03-31 02:30", "2024-03-31 03:00"), timezone=PRAGUE)
    assert local.times.tolist() == times("2024-03-31 01:59", "2024-03-31 03:00", "2024-03-31 03:00").tolist()
    assert local.nonexistent.tolist() == [False, True, False]
    assert local.touched.equals(local.nonexistent)


def test_a_midnight_that_never_was_moves_forward() -> None:
    # Brazil changed its clocks at midnight: 4 November 2018 began at 01:00.
    assert to_local(times("2018-11-04"), timezone="America/Sao_Paulo").times[0] == pd.Timestamp("2018-11-04 01:00")


def test_times_in_any_iso_form_are_read_and_others_are_not() -> None:
    read = read_times(
        pd.Series(["2024-07-01", " 2024-07-01 10:30 ", "2024-07-01T10:30:15", "01/07/2024", "", None]), timezone=PRAGUE
    )
    assert read[:3].tolist() == times("2024-07-01", "2024-07-01 10:30", "2024-07-01 10:30:15").tolist()
    assert read[3:].isna().all()
    assert read.dtype == "datetime64[ns]"
    day = read_times(pd.Series(["31/12/2024"]), timezone=PRAGUE, time_format="%d/%m/%Y")
    assert day[0] == pd.Timestamp("2024-12-31")


def test_a_date_beyond_the_calendar_of_computers_cannot_be_read() -> None:
    assert read_times(pd.Series(["9999-12-31", "0001-01-01", "2024-01-01"]), timezone=PRAGUE).isna().tolist() == [
        True,
        True,
        False,
    ]


def test_a_stated_offset_is_exact() -> None:
    texts = pd.Series(
        ["2024-10-27T02:30:00+02:00", "2024-10-27T02:30:00+01:00", "2024-07-01T22:30Z", "2024-07-01 22:30"]
    )
    utc = read_utc(texts, timezone=PRAGUE)
    assert (
        utc.times.tolist()
        == times("2024-10-27 00:30", "2024-10-27 01:30", "2024-07-01 22:30", "2024-07-01 20:30").tolist()
    )
    assert not utc.touched.any()
    local = read_times(texts, timezone=PRAGUE)
    assert local[2] == pd.Timestamp("2024-07-02 00:30")
    aware = pd.Series(pd.to_datetime(["2024-07-01T22:30Z"]))
    assert read_times(aware, timezone=PRAGUE)[0] == pd.Timestamp("2024-07-02 00:30")


@pytest.mark.parametrize("offset", ["+01", "+0100", "+01:00", " +01", "-07", "+05:30", "Z"])
@pytest.mark.parametrize(
    "clock", ["2024-01-15 10:00:00", "2024-01-15T10:00", "2024-01-15 10:00:00.123456", "20240115T100000"]
)
def test_offsets_are_read_alone_and_mixed(clock: str, offset: str) -> None:
    exact = pd.Timestamp(clock).tz_localize("UTC") - pd.Timedelta(
        hours={"Z": 0, "-07": -7, "+05:30": 5.5}.get(offset, 1)
    )
    others = ["2024-01-15 10:00:00+02", "2024-01-15", "soon"]
    mixed = read_utc(pd.Series([clock + offset, *others]), timezone=PRAGUE).times
    assert mixed[:3].tolist() == [exact.tz_localize(None), *times("2024-01-15 08:00", "2024-01-14 23:00")]
    assert mixed.isna().tolist() == [False, False, False, True]
    assert read_utc(pd.Series([clock + offset]), timezone=PRAGUE).times.tolist() == mixed[:1].tolist()


@pytest.mark.parametrize(
    ("text", "time_format", "day"),
    [
        ("2024-01", None, "2024-01-01"),
        ("2024-01-15", None, "2024-01-15"),
        ("15-01-2024", "%d-%m-%Y", "2024-01-15"),  # a year is no offset
        ("10:00 15-01-2024", "%H:%M %d-%m-%Y", "2024-01-15 10:00"),
        ("15/01/2024 10:00 +0100", "%d/%m/%Y %H:%M %z", "2024-01-15 03:00"),
        ("15/01/2024 10:00+01", "%d/%m/%Y %H:%M%z", "2024-01-15 03:00"),
        ("2024-01-15T10:00:00Z", "%Y-%m-%dT%H:%M:%SZ", "2024-01-15 04:00"),
    ],
)
def test_what_only_looks_like_an_offset_is_none(text: str, time_format: str | None, day: str) -> None:
    read = read_times(pd.Series([text, None]), timezone="America/Chicago", time_format=time_format)
    assert read[0] == pd.Timestamp(day)
    assert read[1] is pd.NaT


@settings(deadline=None)
@given(st.lists(MOMENTS, min_size=1, max_size=20))
def test_local_times_exist_and_stay(moments: list[pd.Timestamp]) -> None:
    once = to_local(pd.Series(moments).astype("datetime64[ns]"), timezone=PRAGUE).times
    again = to_local(once, timezone=PRAGUE)
    assert again.times.equals(once)
    assert not again.nonexistent.any()


@pytest.mark.parametrize("freq", Frequency)
@settings(deadline=None)
@given(moment=MOMENTS)
def test_a_period_contains_its_times(freq: Frequency, moment: pd.Timestamp) -> None:
    series = pd.Series([moment]).astype("datetime64[ns]")
    start = period_of(series, freq)[0]
    assert start <= moment < start + freq.offset
    assert period_of(pd.Series([start]), freq)[0] == start
    assert start in pd.date_range(start, periods=1, freq=freq)


@pytest.mark.parametrize("freq", Frequency)
def test_whole_periods_lie_inside(freq: Frequency) -> None:
    since, end = pd.Timestamp("2019-03-05 10:30"), pd.Timestamp("2023-02-03 07:15")
    periods = whole_periods(since, end, freq=freq)
    step = freq.offset
    assert periods[0] >= since > periods[0] - step
    assert periods[-1] + step <= end < periods[-1] + step + step
    years = (end - since).days / 365.25
    assert len(periods) == pytest.approx(freq.periods_a_year * years, rel=1e-3, abs=1.5)


# Panels by the hour


HOURS = spoiled('freq = "D"', 'freq = "h"', text=TOML)


def hourly(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int]]) -> Series:
    text = "day,ward,n\n" + "".join(f"{time},1,{n}\n" for time, n in rows)
    return open_city(write_city(tmp_path_factory.mktemp("city"), toml=HOURS, requests=text)).series["requests"]


AUTUMN = [(f"2024-10-{day} {hour:02d}:00", 10 * day + hour) for day in (26, 27, 28) for hour in range(24)]


def test_two_rows_of_a_repeated_hour_are_its_two_runs(tmp_path_factory: pytest.TempPathFactory) -> None:
    rows = [(f"2024-10-27 {hour}:00", n) for n, hour in enumerate(("00", "01", "02", "02", "03", "04"), start=1)]
    series = hourly(tmp_path_factory, rows)
    assert series.values.index[0] == pd.Timestamp("2024-10-26 22:00")
    assert series.total().tolist() == [1, 2, 3, 4, 5, 6]
    assert not series.provenance.set_aside
    assert [finding.code for finding in series.findings] == ["clock_change", "areas_without_data"]
    third = hourly(tmp_path_factory, [*rows, ("2024-10-27 02:00", 9)])
    assert third.total().tolist() == [1, 2, 3, 4, 5, 6]
    assert third.provenance.set_aside == {"clock_change": 1}
    exact = hourly(tmp_path_factory, [*rows, ("2024-10-27 02:00+01", 9)])
    assert exact.total().tolist() == [1, 2, 3, 9, 5, 6]
    assert exact.provenance.set_aside == {"clock_change": 1}


def test_one_row_of_a_repeated_hour_loses_no_day(tmp_path_factory: pytest.TempPathFactory) -> None:
    series = hourly(tmp_path_factory, AUTUMN)
    assert len(series.values) == 73
    assert series.total()[pd.Timestamp("2024-10-27 01:00")] == 0
    assert [finding.code for finding in series.findings] == [
        "clock_change", "repeated_hour_empty", "areas_without_data",
    ]  # fmt: skip
    assert series.to_frequency(Frequency.DAY).total().tolist() == [
        sum(n for time, n in AUTUMN if time.startswith(f"2024-10-{day}")) for day in (26, 27, 28)
    ]


def test_an_amount_of_a_repeated_hour_lasts(tmp_path_factory: pytest.TempPathFactory) -> None:
    toml = HOURS.replace('value = "n"', 'value = "n"\nvalue_type = "continuous"')
    text = "day,ward,n\n" + "".join(f"{time},{ward},{n + ward}\n" for time, n in AUTUMN for ward in (1, 2))
    city = open_city(write_city(tmp_path_factory.mktemp("city"), toml=toml, requests=text))
    values = city.series["requests"].values
    assert values.loc["2024-10-27 01:00"].tolist() == values.loc["2024-10-27 00:00"].tolist() == [273.0, 274.0]
    assert values.loc["2024-10-27 02:00"].tolist() == [274.0, 275.0]
    assert [finding.evidence for finding in city.series["requests"].findings][1:] == [{"values": 2}]


def test_a_gap_beside_a_repeated_hour_stays_a_gap(tmp_path_factory: pytest.TempPathFactory) -> None:
    rows = [(f"2024-10-27 {hour}:00", 1) for hour in ("00", "01", "03", "04")]
    assert hourly(tmp_path_factory, rows).total().isna().tolist() == [False, False, True, True, False, False]
    last = hourly(tmp_path_factory, [("2024-10-27 01:00", 1), ("2024-10-27 02:00", 1)])
    assert last.total().tolist() == [1, 1]


def test_hours_with_offsets_lose_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    utc = pd.date_range("2024-10-26 20:00", periods=8, freq="h", tz="UTC")
    local = hourly(tmp_path_factory, [(time.isoformat(), n) for n, time in enumerate(utc.tz_convert(PRAGUE))])
    assert local.total().tolist() == list(range(8))
    assert local.provenance.rows_set_aside == 0


@pytest.mark.parametrize(("day", "hours"), [("2024-03-31", 23), ("2024-06-15", 24), ("2024-10-27", 25)])
def test_days_of_an_hourly_series_are_local(day: str, hours: int) -> None:
    index = pd.date_range("2024-01-01", "2024-12-31 23:00", freq="h", name="period")
    columns = pd.MultiIndex.from_tuples([("city", "all")], names=["area_id", "category"])
    ones = pd.DataFrame(1.0, index=index, columns=columns)
    provenance = Provenance("x", "", "", "")
    daily = Series("x", "X", ones, provenance, freq="h", timezone=PRAGUE).to_frequency(Frequency.DAY)
    assert daily.values.index.freqstr == "D"
    assert daily.total()[day] == hours
    assert daily.values.index[0] == pd.Timestamp("2024-01-02")  # 1 January began at 23:00 UTC of the day before


def test_hours_that_are_no_whole_day_are_told_so() -> None:
    index = pd.date_range("2024-01-01 05:00", periods=9, freq="h", name="period")
    columns = pd.MultiIndex.from_tuples([("city", "all")], names=["area_id", "category"])
    morning = Series(
        "x", "Visits", pd.DataFrame(1.0, index=index, columns=columns), Provenance("x", "", "", ""), freq="h"
    )
    with pytest.raises(TableError, match="Visits: no whole period"):
        morning.to_frequency(Frequency.DAY)


def test_a_sum_over_a_gap_is_a_gap() -> None:
    index = pd.date_range("2024-01-01", "2024-03-10", freq="D", name="period")
    columns = pd.MultiIndex.from_tuples([("a", "all"), ("b", "all")], names=["area_id", "category"])
    values = pd.DataFrame(1.0, index=index, columns=columns)
    values.loc["2024-02-10", ("a", "all")] = float("nan")
    monthly = Series("x", "X", values, Provenance("x", "", "", "")).to_frequency(Frequency.MONTH).values
    assert monthly.index.tolist() == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-02-01")]
    assert monthly.fillna(-1).to_numpy().tolist() == [[31, 31], [-1, 29]]
