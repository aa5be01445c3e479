"""Counters that follow what is counted: volumes from a series by the hour, and from a source of their own that grows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_roads import SECTIONS, city

from data import City, Counters, open_city
from data.city import stamp_of
from data.errors import CityFileError, TableError
from data.frequency import Frequency
from data.live import follow_once, followed_in
from data.store.feeds import FeedState
from data.tables import Series
from data.tables.usual import DayHours, usual_counts
from tests.small_city import provenance

NOON = datetime(2024, 4, 2, 12, tzinfo=UTC)
HOURS = 'hours = "7 to 9 on working days"\nfrom_hour = 7\nto_hour = 9\n'
BY_SERIES = SECTIONS.replace('hours = "7 to 8"\n', HOURS).replace('volume = "n"\n', 'series = "passing"\nweeks = 4\n')
SERIES = """
[series.passing]
source = "passing.csv"
live = "feed"
period = "hour"
category = "loop"
value = "n"
freq = "h"
unit = "vehicles"
"""
HEADER = "hour,loop,n\n"
FIRST, LAST = pd.Timestamp("2024-03-04"), pd.Timestamp("2024-03-29")  # a Monday, and Good Friday
WORKING = [day for day in range(25) if (FIRST + pd.Timedelta(days=day)).weekday() < 5]  # up to the day before it


def counts(
    first: int = 0, end: int = 26, *, loops: tuple[str, ...] = ("7", "8"), gaps: Mapping[str, int] | None = None
) -> str:
    """Hours of some days: a hundred an hour of the clock, and one for each day; far more where no working day is."""
    lines = []
    for day in range(first, end):
        date = FIRST + pd.Timedelta(days=day)
        for hour in range(24):
            for loop in loops:
                if (gaps or {}).get(loop) == day and hour == 8:
                    continue
                usual = 100 * hour + day
                lines.append(f"{date:%Y-%m-%d} {hour:02}:00,{loop},{usual if day in WORKING else 9999}\n")
    return "".join(lines)


LOOPS = "loop,link\n7,3-4\n8,4-3\n"


def by_series(
    folder: Path, *, passing: str | None = None, loops: str = LOOPS, series: str = SERIES, sections: str = BY_SERIES
) -> City:
    (folder / "passing.csv").write_text(HEADER + (counts() if passing is None else passing))
    (folder / "feed").mkdir(exist_ok=True)
    found = city(folder, loops=loops, sections=sections + series)
    path = folder / "city.toml"
    if "holidays" not in path.read_text():
        path.write_text(path.read_text().replace('currency = "CZK"', 'currency = "CZK"\nholidays = "CZ"'))
        found = city_of(folder)
    return found


def city_of(folder: Path) -> City:
    return open_city(folder / "city.toml")


def loops_of(found: City) -> Counters:
    table = found.of("counters")["loops"]
    assert isinstance(table, Counters)
    return table


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICAST_HOME", str(tmp_path / "home"))


def look(folder: Path) -> FeedState:
    [followed] = followed_in(folder / "city.toml")
    return follow_once(followed, now=lambda: NOON)


# From a series


def test_volumes_are_the_mean_of_the_hours_of_usual_days(tmp_path: Path) -> None:
    frame = loops_of(by_series(tmp_path, passing=counts(gaps={"8": 1}))).frame
    whole, gap = np.array(WORKING), np.array([day for day in WORKING if day != 1])
    assert frame["link_id"].tolist() == ["3-4", "4-3"]
    assert frame["volume"].tolist() == pytest.approx([750 + whole.mean(), 750 + gap.mean()])
    assert frame["days"].tolist() == [19, 18]  # four weeks of five days, without Good Friday
    assert frame["spread"].tolist() == pytest.approx([whole.std(ddof=1), gap.std(ddof=1)])
    assert frame["since"].tolist() == [FIRST, FIRST]
    assert frame["until"].tolist() == [LAST - pd.Timedelta(days=1)] * 2


@pytest.mark.parametrize(("weeks", "first"), [(2, 14), (3, 7)])
def test_the_window_is_so_many_weeks_back_from_the_newest_day(tmp_path: Path, weeks: int, first: int) -> None:
    sections = BY_SERIES.replace("weeks = 4", f"weeks = {weeks}")
    frame = loops_of(by_series(tmp_path, sections=sections)).frame
    expected = [day for day in WORKING if day >= first]
    assert frame["days"].tolist() == [len(expected)] * 2
    assert frame["volume"].tolist() == pytest.approx([750 + np.mean(expected)] * 2)


def test_the_trips_may_be_of_other_days_and_units(tmp_path: Path) -> None:
    sections = BY_SERIES.replace("to_hour = 9\n", 'to_hour = 9\ndays = ["mon"]\n')
    sections = sections.replace("weeks = 4", "weeks = 5\nscale = 0.5")
    passing = counts() + counts(28, 29).replace(",9999\n", ",778\n")  # the Monday after Easter is a holiday
    with pytest.raises(TableError, match="neither areas nor categories"):
        loops_of(by_series(tmp_path, passing=passing, loops=LOOPS.replace("7,", "x,").replace("8,", "y,")))
    found = loops_of(by_series(tmp_path, passing=passing, sections=sections))
    assert found.frame.empty  # four Mondays
    assert found.provenance.set_aside == {"too_few_days": 2}
    sections = sections.replace('["mon"]', '["mon", "tue"]')
    frame = loops_of(by_series(tmp_path, passing=passing, sections=sections)).frame
    days = [day for day in WORKING if day % 7 in (0, 1)]
    assert frame["days"].tolist() == [len(days)] * 2
    assert frame["volume"].tolist() == pytest.approx([(750 + np.mean(days)) / 2] * 2)
    assert frame["spread"].tolist() == pytest.approx([np.std(days, ddof=1) / 2] * 2)


def test_a_counter_without_enough_days_or_that_the_series_lacks_is_set_aside(tmp_path: Path) -> None:
    passing = counts() + counts(21, 26, loops=("6",)) + counts(16, 26, loops=("5",))
    loops = LOOPS + "6,2-4\n5,4-2\n4,3-1\n"
    found = loops_of(by_series(tmp_path, passing=passing, loops=loops))
    assert found.provenance.set_aside == {"not_in_series": 1, "too_few_days": 1}
    assert found.frame["days"].to_dict() == {"7": 19, "8": 19, "5": 7}
    told = " ".join(each.message for each in found.findings)
    assert "fewer than five days" in told
    assert "neither an area nor a category" in told


def test_the_only_counter_has_all_that_a_series_of_one_column_counts(tmp_path: Path) -> None:
    one = SERIES.replace('category = "loop"\n', "") + 'classification = "restricted"\n'
    found = loops_of(by_series(tmp_path, passing=counts(loops=("8",)), loops="loop,link\n7,3-4\n", series=one))
    assert found.frame["volume"].to_dict() == pytest.approx({"7": 750 + np.mean(WORKING)})
    assert found.provenance.classification == "restricted"  # as the counts are
    with pytest.raises(TableError, match="neither areas nor categories"):
        loops_of(by_series(tmp_path, loops="loop,link\nx,3-4\n"))


def test_a_gap_in_one_category_is_one_of_its_area_and_of_no_other() -> None:
    hours = pd.date_range(FIRST, periods=5 * 24, freq="h", name="period")
    columns = pd.MultiIndex.from_tuples([("1", "car"), ("1", "van"), ("2", "car")], names=["area_id", "category"])
    values = pd.DataFrame([[10.0, 1.0, 20.0]] * len(hours), index=hours, columns=columns)
    values.loc[FIRST + pd.Timedelta(hours=24 + 8), ("1", "van")] = np.nan
    series = Series("passing", "Passing", values, provenance("passing", values), freq=Frequency.HOUR)
    found = usual_counts(series, DayHours(8, 9, (0, 1, 2, 3, 4)), weeks=1)
    assert found["days"].to_dict() == {"1": 4, "2": 5, "car": 5, "van": 4}
    assert found["volume"].to_dict() == {"1": 11, "2": 20, "car": 30, "van": 1}
    assert found.loc["1", "since"] == FIRST


def test_new_hours_move_the_volumes_and_their_fingerprint(tmp_path: Path) -> None:
    before = loops_of(by_series(tmp_path, passing=counts(0, 4)))
    assert before.frame.empty
    feed = tmp_path / "feed" / "march.csv"
    feed.write_text(HEADER + counts(4, 5))
    look(tmp_path)
    five = loops_of(city_of(tmp_path))
    assert five.frame["volume"].tolist() == pytest.approx([752] * 2)
    with feed.open("a") as file:
        file.write(counts(5, 8))
    look(tmp_path)
    six = loops_of(city_of(tmp_path))
    assert six.frame["volume"].tolist() == pytest.approx([750 + np.mean([0, 1, 2, 3, 4, 7])] * 2)
    prints = [each.provenance.fingerprint for each in (before, five, six)]
    assert len(set(prints)) == 3
    assert six.provenance.as_of == city_of(tmp_path).series["passing"].as_of


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("from_hour = 7\nto_hour = 9\n", "", "trips.morning. does not say at which hours"),
        ("from_hour = 7\n", "", "lacks the key “from_hour”"),
        ("from_hour = 7", "from_hour = 9", "must be whole hours of one day"),
        ("from_hour = 7", "from_hour = 7.5", "must be whole hours of one day"),
        ("to_hour = 9", "to_hour = 25", "must be whole hours of one day"),
        ('series = "passing"\n', "", "lacks the key “volume”"),
        ('series = "passing"', 'series = "driving"', "“driving”"),
        ('series = "passing"', 'series = "requests"', "which is not by the hour .freq “D”"),
        ('unit = "vehicles"', 'unit = "s/km"\nvalue_type = "continuous"', "whose values are amounts in s/km"),
        ("weeks = 4", "weeks = 1.5", "weeks is 1.5, but must be a whole number from 1 to 104"),
        (
            "weeks = 4",
            'weeks = 4\ntrips = "evening"',
            "names the trips “evening”, but those on its network are morning",
        ),
        (
            "weeks = 4",
            'weeks = 4\nlive = "feed"\ntime = "t"',
            "takes its volumes from the series “passing”: say “live” there",
        ),
        ("weeks = 4", 'volume = "n"\ntrips = "morning"', "remove “volume” or “trips”"),
        (
            "[counters.loops]",
            '[trips.evening]\nsource = "trips.tntp"\nnetwork = "roads"\nhours = "5 to 6"\n\n[counters.loops]',
            "has 2 tables of trips: name the one that is meant",
        ),
    ],
)
def test_counters_that_cannot_take_their_volumes_from_the_series_are_refused(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    whole = BY_SERIES + SERIES
    assert old in whole
    with pytest.raises(CityFileError, match=message) as refused:
        by_series(tmp_path, sections=whole.replace(old, new), series="")
    assert "\n" not in str(refused.value)


# From a source of their own

LIVE = SECTIONS.replace('volume = "n"\n', 'volume = "n"\ntime = "at"\nlive = "feed"\n')
LIVE_HEADER = "loop,link,at,n\n"


@pytest.fixture
def growing(tmp_path: Path) -> Path:
    (tmp_path / "feed").mkdir()
    city(tmp_path, loops=LIVE_HEADER + "7,3-4,2024-03-01 09:00,400\n8,4-3,2024-03-01 09:00,300\n", sections=LIVE)
    return tmp_path


def test_the_latest_count_of_each_counter_is_its_volume(growing: Path) -> None:
    feed = growing / "feed" / "march.csv"
    assert loops_of(city_of(growing)).frame["volume"].to_dict() == {"7": 400, "8": 300}
    before = stamp_of(growing / "city.toml")
    feed.write_text(LIVE_HEADER + "8,4-3,2024-03-04 09:00,310\n9,2-4,2024-03-04 09:00,50\n")
    assert look(growing).newest == "2024-03-04 09:00"
    found = loops_of(city_of(growing))
    assert found.frame["volume"].to_dict() == {"7": 400, "8": 310, "9": 50}
    assert found.provenance.as_of == pd.Timestamp("2024-03-04 09:00")
    assert "live_renewed" in {each.code for each in found.findings}
    assert stamp_of(growing / "city.toml") != before
    with feed.open("a") as file:
        file.write("8,4-3,2024-03-02 09:00,999\n7,3-4,2024-03-05 09:00,410\n")  # the first came late
    look(growing)
    assert loops_of(city_of(growing)).frame["volume"].to_dict() == {"7": 410, "8": 310, "9": 50}


def test_a_broken_source_of_counters_leaves_the_last_good_counts(growing: Path) -> None:
    feed = growing / "feed" / "march.csv"
    feed.write_text(LIVE_HEADER + "8,4-3,2024-03-04 09:00,many\n")
    state = look(growing)
    assert (state.rows, state.failure and state.failure.code) == (0, "unreadable")
    feed.write_text(LIVE_HEADER.replace("n", "vehicles") + "8,4-3,2024-03-04 09:00,310\n")
    state = look(growing)
    assert (state.rows, state.failure and state.failure.code) == (0, "columns_changed")
    found = loops_of(city_of(growing))
    assert found.frame["volume"].to_dict() == {"7": 400, "8": 300}
    assert "live_broken" in {each.code for each in found.findings}


def test_counters_that_grow_say_when_they_counted(growing: Path) -> None:
    with pytest.raises(CityFileError, match="lacks the key “time”"):
        city(growing, sections=LIVE.replace('time = "at"\n', ""))
