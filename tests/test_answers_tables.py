"""A kept answer stands until a table that it rests on changes, whoever asked for that table and however; others leave it."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from test_live import HEADER, LIVE, lines
from tiny_city import REQUESTS, THEFTS, TOML, WARDS, write_city

from analytics.answers import answered, earlier, kept
from analytics.parallel import Progress, quiet
from analytics.requests import CityRequest, Request, TablesRequest, city_request
from data import City, CivicastError, open_city
from data.city import watched
from data.live import follow_once, followed_in

TABLES = {
    "areas.ward": lambda city: city.areas["ward"].rows,
    "incidents.theft": lambda city: city.incidents["theft"].rows,
    "series.requests": lambda city: city.series["requests"].rows,
    "series.air": lambda city: city.series["air"].rows,
}  # fmt: skip
RESTS = {
    "areas.ward": {"[areas.ward]"},
    "incidents.theft": {"[areas.ward]", "[incidents.theft]"},
    "series.requests": {"[areas.ward]", "[series.requests]"},
    "series.air": {"[series.air]"},
}


def of_all(city: City) -> Any:
    return city.fingerprint


def of_what_can_be_read(city: City) -> Any:
    try:
        return city.incidents["theft"].rows
    except CivicastError:
        return "none"


def of_itself(city: City) -> Any:
    return city


ANSWERS: dict[str, Callable[[City], Any]] = {
    **TABLES, "all": of_all, "what can be read": of_what_can_be_read, "itself": of_itself,
    "nothing": lambda city: (city.name, list(city.series)),
}  # fmt: skip
MADE: list[str] = []


@dataclass(frozen=True)
class Asked(Request):
    """A request whose answer reads what its name says, and that of another, if it names one."""

    city: CityRequest
    table: str
    within: Asked | None = None

    def answer(self, city: City, *, progress: Progress = quiet) -> Any:
        MADE.append(self.table)
        found = ANSWERS[self.table](city)
        return found if self.within is None else (found, answer_of(self.within))


def answer_of(request: Asked) -> Any:
    return answered(request, lambda each: open_city(each.name))


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CIVICAST_HOME", str(tmp_path / "home"))
    (tmp_path / "feed").mkdir()
    (tmp_path / "air.csv").write_text(HEADER + lines(0, 10))
    MADE.clear()
    return write_city(tmp_path, toml=TOML + LIVE.format(live="feed"))


def now(city: Path, name: str, within: str = "") -> Asked:
    """The request, for the city as its files stand."""
    request = city_request(str(city))
    return Asked(request, name, Asked(request, within) if within else None)


def grow(city: Path) -> None:
    """Two rows more of the air, and none of any other table."""
    (city.parent / "feed" / "march.csv").write_text(HEADER + lines(10, 12))
    follow_once(followed_in(city)[0])


CHANGES: dict[str, Callable[[Path], Any]] = {
    "[areas.ward]": lambda city: (city.parent / "wards.geojson").write_text(WARDS.replace("300", "3000")),
    "[incidents.theft]": lambda city: (city.parent / "thefts.csv").write_text(THEFTS + "2024-01-02 09:00,15.05,50.05\n"),
    "[series.requests]": lambda city: (city.parent / "requests.csv").write_text(REQUESTS + "2024-01-04,1,7\n"),
    "[series.air]": grow,
}  # fmt: skip


@pytest.mark.parametrize("changed", CHANGES)
@pytest.mark.parametrize("name", TABLES)
def test_an_answer_is_made_anew_where_a_table_changes_that_it_rests_on_and_nowhere_else(
    city: Path, name: str, changed: str
) -> None:
    answer_of(now(city, name))
    CHANGES[changed](city)
    stands = changed not in RESTS[name]
    assert (kept(now(city, name)) is not None) == stands
    assert answer_of(now(city, name)) == TABLES[name](open_city(city))
    assert len(MADE) == (1 if stands else 2)


@pytest.mark.parametrize("changed", CHANGES)
@pytest.mark.parametrize("name", ["all", "itself"])
def test_what_speaks_of_the_whole_city_rests_on_all_of_it(city: Path, name: str, changed: str) -> None:
    answer_of(now(city, name))
    assert kept(now(city, name)) is not None
    CHANGES[changed](city)
    assert kept(now(city, name)) is None


def test_the_city_toml_is_what_every_answer_rests_on(city: Path) -> None:
    answer_of(now(city, "nothing"))
    grow(city)
    assert kept(now(city, "nothing")) == ("Tiny", ["requests", "air"])
    city.write_text(city.read_text().replace("Tiny", "Tinier"))
    assert kept(now(city, "nothing")) is None


@pytest.mark.parametrize("inner_first", [True, False])
def test_an_answer_rests_on_what_those_do_that_it_asks_for(city: Path, inner_first: bool) -> None:
    if inner_first:
        answer_of(now(city, "series.air"))
    answer_of(now(city, "incidents.theft", "series.air"))
    CHANGES["[series.requests]"](city)
    assert kept(now(city, "incidents.theft", "series.air")) == (3, 10)
    grow(city)
    assert kept(now(city, "incidents.theft", "series.air")) is None
    assert answer_of(now(city, "incidents.theft", "series.air")) == (3, 12)


def test_a_table_that_cannot_be_read_is_rested_on_too(city: Path) -> None:
    (city.parent / "thefts.csv").write_text("when,lon\n")
    assert answer_of(now(city, "what can be read")) == "none"
    assert kept(now(city, "what can be read")) == "none"
    (city.parent / "thefts.csv").write_text(THEFTS)
    assert kept(now(city, "what can be read")) is None
    assert answer_of(now(city, "what can be read")) == 3


def test_a_table_that_is_mended_while_an_answer_is_made_leaves_none_that_is_kept(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    thefts = city.parent / "thefts.csv"

    def mended_between(opened: City) -> Any:
        thefts.write_text("when,lon\n")
        first = of_what_can_be_read(opened)
        thefts.write_text(THEFTS)
        return first, of_what_can_be_read(opened)

    monkeypatch.setitem(ANSWERS, "mended between", mended_between)
    assert answer_of(now(city, "mended between")) == ("none", 3)
    assert kept(now(city, "mended between")) is None


def test_a_table_that_changes_while_an_answer_is_made_leaves_none_that_is_kept(city: Path) -> None:
    request = now(city, "series.air", "series.air")
    opened = open_city(city)
    _ = opened.series["air"]  # read before it grew, and by the answer within after that
    grow(city)
    assert answered(request, lambda _: opened) == (10, 12)
    assert kept(request) is None
    assert kept(now(city, "series.air", "series.air")) is None


def test_what_was_asked_of_a_city_before_hides_nothing(city: Path) -> None:
    opened = open_city(city).opened()
    for each in (opened.fingerprint, opened.tables, opened.provenances, opened.streets):
        assert each is None or each
    request = now(city, "all")
    answered(request, lambda _: opened)
    grow(city)
    assert kept(now(city, "all")) is None


def test_a_city_that_leaves_its_process_may_be_asked_for_anything_there(city: Path) -> None:
    seen, asked = watched(open_city(city))
    assert asked == {}
    _ = seen.series["air"]
    assert set(asked) == RESTS["series.air"]
    gone = pickle.loads(pickle.dumps(seen))  # noqa: S301 - our own bytes
    assert dict(asked) == dict(city_request(str(city)).tables)
    assert watched(gone)[1] == {}


def test_tables_that_others_gave_are_all_rested_on(city: Path) -> None:
    opened = replace(open_city(city), incidents={})
    assert watched(opened) == (opened, None)
    answered(now(city, "nothing"), lambda _: opened)
    assert kept(now(city, "nothing")) is not None
    grow(city)
    assert kept(now(city, "nothing")) is None


def test_a_city_that_is_opened_again_reads_what_has_changed_and_takes_the_rest(city: Path) -> None:
    answered(TablesRequest(city_request(str(city))), lambda each: open_city(each.name))
    grow(city)
    request = TablesRequest(city_request(str(city)))
    assert kept(request) is None
    before = earlier(request)
    again = open_city(city, before=before)
    assert again.series["requests"] is before.series["requests"]
    assert again.incidents["theft"] is before.incidents["theft"]
    assert (before.series["air"].rows, again.series["air"].rows) == (10, 12)
    assert again.fingerprint == open_city(city).fingerprint != before.fingerprint
    CHANGES["[areas.ward]"](city)  # on which all but the air rest
    last = open_city(city, before=again)
    assert last.series["air"] is again.series["air"]
    assert last.series["requests"] is not again.series["requests"]
    assert last.fingerprint == open_city(city).fingerprint
    city.write_text(city.read_text().replace('unit = "requests"', 'unit = "calls"'))
    assert open_city(city, before=last).series["requests"].unit == "calls"
