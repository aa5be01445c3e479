"""Desks in a city.toml: what they hold, and one sentence for each way to get them wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from analytics.scenarios.values import HOURS_OF_WEEK
from data import City, CivicastError, Desk, open_city
from data.tables.desks import HOURS
from tests.tiny_city import TOML, spoiled, write_city

STAFF = [2 if 9 <= hour % 24 < 12 and hour < 120 else 0 for hour in range(168)]
DESK = f"""
[series.visits]
source = "visits.csv"
period = "hour"
value = "n"
freq = "h"
unit = "visits"

[desks.hall]
title = "Town hall"
series = "visits"
target_seconds = 300
target_share = 0.8
staff = {STAFF}
handling_seconds = 240
"""
CONTACTS = """
[desks.hall.contacts]
source = "contacts.csv"
arrived = "at"
waited = "wait"
handled = "took"
outcome = "end"
answered = "served"
left = "gave up"
"""
VISITS = "hour,n\n" + "".join(f"2024-01-01 {hour:02d}:00,{hour % 3}\n" for hour in range(24))
CALLS = (
    "at,wait,took,end\n2024-01-02 09:00:00,10,200,served\n2024-01-01 09:00:00,0,100,served\n"
    "2024-01-03 09:00:00,90,,gave up\n2024-01-03 09:01:00,0,5,robot\n2024-01-03 09:02:00,0,9000,served\n"
)


def opened(folder: Path, toml: str = TOML + DESK, **files: str) -> Desk:
    city: City = open_city(write_city(folder, toml=toml, visits=VISITS, contacts=CALLS, **files))
    desk: Desk = city.of("desks")["hall"]
    return desk


def test_the_hours_of_the_table_are_those_of_the_lever() -> None:
    assert HOURS == HOURS_OF_WEEK


def test_a_desk_is_read_as_it_is_stated(tmp_path: Path) -> None:
    desk = opened(tmp_path)
    assert (desk.title, desk.series, desk.target_seconds, desk.target_share) == ("Town hall", "visits", 300.0, 0.8)
    assert (desk.handling_seconds, desk.patience_seconds, desk.shift_hours, desk.rows) == (240.0, None, (4, 8), 168)
    assert list(desk.staff) == STAFF
    assert desk.facts()["staff_hours"] == 30
    assert json.dumps(desk.describe(), default=str)


def test_contacts_are_sorted_and_those_that_say_nothing_set_aside(tmp_path: Path) -> None:
    desk = opened(tmp_path, TOML + DESK + CONTACTS)
    assert desk.contacts is not None
    assert desk.contacts["waited"].tolist() == [0, 10, 90]
    assert desk.contacts["handled"].tolist() == [100, 200, 0]
    assert desk.contacts["answered"].tolist() == [True, True, False]
    assert desk.provenance.set_aside == {"other_outcome": 1, "too_long": 1}
    assert (desk.provenance.rows_read, desk.provenance.as_of) == (5, pd.Timestamp("2024-01-03"))
    assert len(desk.findings) == 2


def test_staff_may_be_a_file_in_any_order(tmp_path: Path) -> None:
    rows = [f"{hour},{n}\n" for hour, n in zip(HOURS, STAFF, strict=True)]
    toml = spoiled(f"staff = {STAFF}", 'staff = "staff.csv"', text=TOML + DESK)
    assert list(opened(tmp_path, toml, staff="hour,staff\n" + "".join(reversed(rows))).staff) == STAFF
    (tmp_path / "short").mkdir()
    with pytest.raises(CivicastError, match="has 167 rows, but must have 168"):
        opened(tmp_path / "short", toml, staff="hour,staff\n" + "".join(rows[1:]))
    (tmp_path / "half").mkdir()
    with pytest.raises(CivicastError, match="but must be a whole number of people"):
        opened(tmp_path / "half", toml, staff="hour,staff\nmon-00,0.5\n" + "".join(rows[1:]))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (f"{STAFF}", f"{STAFF[1:]}", "staff has 167 numbers, but must have 168"),
        (f"{STAFF}", f"{[-1, *STAFF[1:]]}", "staff is .?-1.? at .?mon-00.?, but must be a whole number of people"),
        (f"{STAFF}", f"{[*STAFF[:-1], 1.5]}", "at .?sun-23"),
        ('series = "visits"', 'series = "visit"', "names the series"),
        ('series = "visits"', 'series = "requests"', "desks need hourly counts"),
        ("target_share = 0.8", "target_share = 80", "the target is 80 within 300 seconds"),
        ("target_share = 0.8", "target_share = 0", "needs a share above 0"),
        ("target_seconds = 300", "target_seconds = -1", "0 seconds or more"),
        ("handling_seconds = 240", "handling_seconds = 0", "handling_seconds is 0, but must be"),
        ("handling_seconds = 240", "patience_seconds = 300", "how long it takes to serve somebody"),
        ("handling_seconds = 240", "handling_seconds = 240\nshift_hours = [8, 4]", "shortest and the longest shift"),
        ("handling_seconds = 240", "handling_second = 240", "write .?handling_seconds"),
    ],
)
def test_each_mistake_gets_one_sentence(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    with pytest.raises(CivicastError, match=sentence) as error:
        opened(tmp_path, spoiled(old, new, text=TOML + DESK))
    assert "\n" not in str(error.value)


def test_contacts_whose_columns_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CivicastError, match="has no column"):
        opened(tmp_path, spoiled('waited = "wait"', 'waited = "queue"', text=TOML + DESK + CONTACTS))
    with pytest.raises(CivicastError, match="unknown key"):
        opened(tmp_path, TOML + DESK + CONTACTS + 'agent = "who"\n')


def test_other_contacts_are_other_content(tmp_path: Path) -> None:
    toml = TOML + DESK + CONTACTS
    (tmp_path / "other").mkdir()
    city = open_city(
        write_city(tmp_path / "other", toml=toml, visits=VISITS, contacts=CALLS.replace("10,200", "11,200"))
    )
    assert opened(tmp_path, toml).provenance.fingerprint != city.of("desks")["hall"].provenance.fingerprint
