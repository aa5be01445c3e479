"""Requests, targets, regressors and holidays as a city.toml states them, and what is said of a slip of the pen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tiny_city import TOML, write_city

from data import City, open_city
from data.errors import CityFileError, TableError

DATED = (
    TOML
    + """
[requests.requests]
source = "dated.csv"
opened = "opened"
completed = "closed"
area = "ward"
areas = "ward"
id = "number"
until = 2024-01-10
"""
)
ROWS = (
    "number,opened,closed,ward\n"
    "1,2024-01-01,2024-01-04,1\n"
    "2,2024-01-02,,2\n"
    "2,2024-01-02,,2\n"
    "3,2024-01-03,2024-01-02,1\n"
    "4,2024-01-05,2024-01-20,2\n"
    "5,2024-01-06,2024-01-07,9\n"
    "6,never,2024-01-07,1\n"
    "7,2024-01-15,2024-01-16,1\n"
)


def opened(folder: Path, toml: str, **files: str) -> City:
    return open_city(write_city(folder, toml=toml, **files)).opened()


def test_each_row_that_is_not_used_is_counted_by_its_reason(tmp_path: Path) -> None:
    requests = opened(tmp_path, DATED, dated=ROWS).requests["requests"]
    assert dict(requests.provenance.set_aside) == {
        "time_unreadable": 1, "duplicate": 1, "after_until": 1, "completed_before_opened": 1, "unknown_area": 1,
    }  # fmt: skip
    assert requests.provenance.rows_read == 8
    assert requests.frame["area_id"].tolist() == ["1", "2", "2"]
    # The last was completed after the file was taken: by then it was open.
    assert requests.frame["closed"].notna().tolist() == [True, False, False]
    assert requests.until == pd.Timestamp("2024-01-10")


def test_requests_are_of_a_series(tmp_path: Path) -> None:
    with pytest.raises(CityFileError, match="named like the series whose requests it holds: the series are requests"):
        opened(tmp_path, DATED.replace("[requests.requests]", "[requests.calls]"), dated=ROWS)


def test_swapped_dates_are_told_from_a_few_mistakes(tmp_path: Path) -> None:
    swapped = DATED.replace('"opened"', '"x"').replace('"closed"', '"opened"').replace('"x"', '"closed"')
    rows = "number,opened,closed,ward\n1,2024-01-01,2024-01-04,1\n2,2024-01-02,2024-01-03,2\n"
    with pytest.raises(TableError, match="2 of 2 requests were completed before they were opened"):
        opened(tmp_path, swapped, dated=rows)


TARGET = '\n[targets.calm]\ntitle = "Calm"\nseries = "requests"\nfrom = 2024-01-02\nuntil = 2024-01-03\nat_most = 9\n'


def test_a_target_is_read_with_its_bounds(tmp_path: Path) -> None:
    (target,) = opened(tmp_path, TOML + TARGET + 'area = "2"\n').targets.values()
    assert (target.title, target.series, target.at_most, target.at_least) == ("Calm", "requests", 9, None)
    assert (target.since, target.until, target.area_id) == (pd.Timestamp("2024-01-02"), pd.Timestamp("2024-01-03"), "2")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'series = "requests"\nfrom',
            'series = "calls"\nfrom',
            "names the series “calls”, but the series are requests",
        ),
        ("at_most = 9\n", "", "either “at_most” or “at_least”, and not both"),
        ("at_most = 9\n", "at_most = 9\nat_least = 3\n", "either “at_most” or “at_least”, and not both"),
        ("until = 2024-01-03", "until = 2024-01-01", "before it begins"),
        ("at_most = 9\n", 'at_most = 9\narea = "7"\n', "area is “7”, but must be one of 1 and 2"),
        ("at_most = 9\n", 'at_most = 9\ncategory = "noise"\n', "category is “noise”, but must be one of all"),
        ("at_most = 9\n", 'at_most = "few"\n', "but must be a number"),
    ],
)
def test_a_slip_in_a_target_gets_one_sentence(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in TARGET
    with pytest.raises(CityFileError, match=said):
        opened(tmp_path, TOML + TARGET.replace(old, new, 1))


def test_holidays_and_alarms_are_the_citys(tmp_path: Path) -> None:
    city = opened(tmp_path, TOML.replace('currency = "CZK"', 'currency = "CZK"\nholidays = "CZ"\nalarms_per_week = 5'))
    assert city.series["requests"].country == "CZ"
    assert city.alarms_per_week == 5
    assert opened(tmp_path, TOML).alarms_per_week == 3


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('holidays = "Atlantis"', "is no country"),
        ('holidays = "US-ATL"', "is no country"),
        ("alarms_per_week = 0", "give a number above 0"),
    ],
)
def test_unknown_holidays_and_no_alarms_are_refused(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(CityFileError, match=said):
        opened(tmp_path, TOML.replace('currency = "CZK"', f'currency = "CZK"\n{line}'))


def test_a_regressor_is_the_mean_of_its_rows_in_a_period(tmp_path: Path) -> None:
    told = '\n[regressors.rain]\nsource = "rain.csv"\nperiod = "at"\nvalue = "mm"\n'
    rows = "at,mm\n2024-01-01 06:00,1\n2024-01-01 18:00,3\n2024-01-02 06:00,0\n2024-01-09 06:00,5\n"
    plain, beside = opened(tmp_path, TOML), opened(tmp_path, TOML + told, rain=rows)
    rain = beside.series["requests"].regressors
    assert rain is not None
    assert rain["rain"].to_dict() == {
        pd.Timestamp("2024-01-01"): 2.0, pd.Timestamp("2024-01-02"): 0.0, pd.Timestamp("2024-01-09"): 5.0,
    }  # fmt: skip
    assert beside.fingerprint != plain.fingerprint
    assert np.isfinite(beside.series["requests"].values.to_numpy()).all()
    with pytest.raises(CityFileError, match="names the series “calls”"):
        opened(tmp_path, TOML + told + 'series = "calls"\n', rain=rows)
