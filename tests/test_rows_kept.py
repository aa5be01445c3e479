"""Rows at an edge are kept: those of the last day that is asked for, and those that have no id to be known by."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from tiny_city import TOML, spoiled, write_city

from data import open_city

DAYS = "day,ward,n\n" + "".join(f"{day:%Y-%m-%d},1,1\n" for day in pd.date_range("2024-01-01", "2024-03-31"))
SERIES = 'freq = "D"\nunit = "requests"'


@pytest.mark.parametrize(
    ("freq", "until", "last"),
    [
        ("D", "2024-02-10", "2024-02-10"),
        ("D", "2024-02-29", "2024-02-29"),
        ("W-MON", "2024-02-11", "2024-02-05"),  # a Sunday: the week is whole
        ("W-MON", "2024-02-10", "2024-01-29"),
        ("MS", "2024-02-29", "2024-02-01"),
        ("MS", "2024-02-28", "2024-01-01"),
    ],
)
def test_a_period_that_ends_with_the_last_day_is_kept(tmp_path: Path, freq: str, until: str, last: str) -> None:
    rows = "day,ward,n\n" + "".join(
        f"{start:%Y-%m-%d},1,1\n" for start in pd.date_range("2024-01-01", "2024-03-31", freq=freq)
    )
    toml = spoiled(SERIES, f'freq = "{freq}"\nunit = "requests"\nuntil = {until}')
    assert open_city(write_city(tmp_path, toml=toml, requests=rows)).series["requests"].as_of == pd.Timestamp(last)


def test_a_series_as_it_stood_keeps_its_last_period(tmp_path: Path) -> None:
    series = open_city(write_city(tmp_path, requests=DAYS)).series["requests"]
    cutoff = pd.Timestamp("2024-02-10")
    assert series.until(cutoff).as_of == cutoff
    assert series.until(cutoff).values.equals(series.values.loc[:cutoff])


def test_a_request_of_the_last_day_counts(tmp_path: Path) -> None:
    toml = (
        TOML
        + '[requests.requests]\nsource = "dates.csv"\nopened = "opened"\ncompleted = "closed"\nuntil = 2024-01-02\n'
    )
    dates = "opened,closed\n2024-01-01 08:00,2024-01-02 23:00\n2024-01-02 22:00,\n2024-01-03 00:00,\n"
    requests = open_city(write_city(tmp_path, toml=toml, dates=dates)).requests["requests"]
    assert list(requests.frame["opened"].dt.day) == [1, 2]
    assert list(requests.frame["closed"].notna()) == [True, False]
    assert requests.provenance.set_aside == {"after_until": 1}


def test_rows_without_an_id_are_not_the_same_row(tmp_path: Path) -> None:
    toml = spoiled("until = 2024-01-03", 'until = 2024-01-03\nid = "id"')
    row = "2024-01-01 10:00,15.05,50.05"
    thefts = f"when,lon,lat,id\n{row},a\n{row},a\n{row},\n{row},\n{row},b\n"
    found = open_city(write_city(tmp_path, toml=toml, thefts=thefts)).incidents["theft"]
    assert len(found.frame) == 4
    assert found.provenance.set_aside == {"duplicate": 1}


def test_requests_without_an_id_are_not_the_same_request(tmp_path: Path) -> None:
    toml = TOML + (
        '[requests.requests]\nsource = "dates.csv"\nid = "id"\nopened = "opened"\ncompleted = "closed"\nuntil = 2024-01-03\n'
    )
    dates = "id,opened,closed\n" + 2 * "a,2024-01-01 08:00,\n" + 2 * ",2024-01-01 08:00,\n"
    requests = open_city(write_city(tmp_path, toml=toml, dates=dates)).requests["requests"]
    assert len(requests.frame) == 3
    assert requests.provenance.set_aside == {"duplicate": 1}
