"""The engine: it keeps the contract, growth reaches it, and what it says of crews is told and priced."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from crews_city import crews_city
from tiny_city import TOML, write_city

from analytics.errors import ScenarioError
from analytics.scenarios import Scenario, Terms, compare, levers_of, questions_of
from analytics.scenarios.checks.suite import check_engine
from analytics.scenarios.registry import engines
from data import City, Crews, open_city
from data.errors import CityFileError
from data.tables.crews import SharedBy

PLANS = [Scenario("today"), Scenario("two more", levers={"crews.extra": {"hole": 2}})]


@pytest.fixture(scope="module")
def city() -> City:
    return crews_city()


@pytest.fixture(scope="module")
def compared(city: City) -> Any:
    return compare(city, PLANS, question="crews", periods=6, draws=100)


def by_measure(found: Any, option: str = "two more") -> dict[str, Any]:
    return {each.measure: each for each in found.differences if each.option == option}


@pytest.mark.parametrize("by", [SharedBy.CATEGORY, SharedBy.CITY])
def test_it_keeps_the_contract(by: SharedBy) -> None:
    stated = {"by": by, "crews": {"": 9.0}} if by is SharedBy.CITY else {}
    others = [each for name, each in engines().items() if name in ("baseline", "demand")]
    found = check_engine(engines()["crews"], city=crews_city(stated=stated), others=others)
    assert [f"{each.name}: {each.sentence}" for each in found if not each.passed] == []


def test_the_question_is_asked_where_crews_are_stated(city: City) -> None:
    asked = {each.question.name: each for each in questions_of(city)}
    assert asked["crews"].answerable
    assert asked["crews"].subjects == ("road",)
    without = {each.question.name: each for each in questions_of(replace(city, others={}))}["crews"]
    assert "add a section [crews.NAME] with requests and target_days" in str(without.missing[0])


def test_more_crews_do_more_and_cost_what_is_stated(compared: Any) -> None:
    found = by_measure(compared)
    assert found["done_within"].verdict == "better"
    assert found["backlog"].median < 0
    today, more = compared.prices
    assert today.a_year.median == pytest.approx(900_000, rel=0.05)
    assert more.extra.median == pytest.approx(200_000, rel=0.05)
    assert "done within 20 days" in str(compared.verdict)


def test_growth_reaches_the_queue(city: City) -> None:
    more = Scenario("a fifth more", levers={"demand.change": 0.2})
    found = compare(city, [PLANS[0], more], engines=list(engines().values()), periods=6, draws=100, terms=Terms())
    assert by_measure(found, "a fifth more")["backlog"].median > 0
    assert by_measure(found, "a fifth more")["done_within"].verdict == "worse"


def test_overtime_of_every_hour_is_as_much_as_more_crews(city: City) -> None:
    """Half again as many hours do as much as half again as many crews: 3 of 6, and 1.5 of 3."""
    stated = crews_city(stated={"crews": {"hole": 6.0, "lamp": 6.0}})
    plans = [PLANS[0], Scenario("hours", levers={"crews.overtime": 80}), Scenario("crews", levers={"crews.extra": 3})]
    found = compare(stated, plans, question="crews", periods=3, draws=100)
    hours, more = (by_measure(found, name)["done_within"].median for name in ("hours", "crews"))
    assert hours == pytest.approx(more, rel=1e-4)
    assert hours > 0


def test_without_numbers_of_crews_levers_are_shares_and_nothing_is_priced(city: City) -> None:
    bare = crews_city(stated={"crews": {}})
    levers = {each.name: each for each in levers_of(bare, question="crews")}
    assert levers["crews.extra"].unit == levers["crews.overtime"].unit == "share"
    found = compare(
        bare, [PLANS[0], Scenario("more", levers={"crews.extra": 0.1})], question="crews", draws=100, periods=3
    )
    assert found.prices == ()
    assert by_measure(found, "more")["done_within"].median > 0


def test_a_study_of_something_else_is_left_alone(city: City) -> None:
    other = replace(city.series["holes"], name="noise")
    wider = replace(city, series={"noise": other, "holes": city.series["holes"]})
    found = compare(wider, [Scenario("a"), Scenario("b")], series="noise", draws=100, periods=3)
    assert {each.measure for each in found.differences}.isdisjoint({"done_within", "backlog"})


def test_areas_are_weighed_by_their_requests(city: City, compared: Any) -> None:
    """The share of the whole city lies between its areas', and nearer to that of the ward with half of the requests."""
    areas = compared.by_area["two more", "done_within"].sel(stat="mean")
    whole = by_measure(compared)["done_within"]
    mean = float((areas * [0.5, 0.3, 0.2]).sum())
    assert whole.option_mean - whole.baseline_mean == pytest.approx(mean, rel=0.1)
    assert set(compared.by_group) >= {("two more", "done_within")}


@pytest.mark.parametrize(
    ("levers", "sentence"),
    [
        ({"crews.extra": {"hole": 99}}, "crews.extra.hole to 99 crews: it must lie between"),
        ({"crews.extra": {"hole": 0.5}}, "in steps of 1 crews"),
        ({"crews.extra": {"pipe": 1}}, "for the category “pipe”, which there is not"),
        ({"crews.overtime": {"jan": 500}}, "crews.overtime.jan to 500 hours"),
        ({"crews.first": ["W99"]}, "chooses “W99” for crews.first"),
        ({"crews.first": ["W01", "W02", "W03"]}, "choose from 0 to 2"),
    ],
)
def test_what_crews_cannot_do_gets_one_sentence(levers: dict[str, Any], sentence: str, city: City) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        compare(city, [PLANS[0], Scenario("plan", levers=levers)], question="crews", draws=100, periods=3)


# What a city states of its crews

DATES = "opened,closed,kind\n2024-01-01,2024-01-02,hole\n2024-01-02,2024-01-03,lamp\n"
REQUESTS = """
[requests.requests]
source = "dates.csv"
opened = "opened"
completed = "closed"
category = "kind"
"""


def stated(folder: Path, *lines: str) -> Crews:
    given = ['requests = "requests"', "target_days = 20"]
    kept = [each for each in given if each.split(" = ")[0] not in [line.split(" = ")[0] for line in lines]]
    text = "\n".join([TOML + REQUESTS, "[crews.road]", *kept, *lines])
    found: Crews = open_city(write_city(folder, toml=text, dates=DATES)).of("crews")["road"]
    return found


def test_what_is_stated_of_crews_is_read(tmp_path: Path) -> None:
    found = stated(tmp_path, "crews = { hole = 2, lamp = 1 }", "target_share = 0.9", 'working_days = ["sat", "mon"]')
    assert (found.series, found.target_days, found.target_share) == ("requests", 20, 0.9)
    assert (found.crews, found.working_days, found.by) == ({"hole": 2.0, "lamp": 1.0}, (0, 5), SharedBy.CATEGORY)
    assert found.facts()["crews"] == 3
    assert found.provenance.fingerprint != replace(found, target_days=21).provenance.fingerprint


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("target_days = 0.5", "target_days is 0.5, but must be a whole number of days from 1 to 365"),
        ("target_share = 2", "target_share is 2, but must be a share"),
        ("crew_hours = 9000", "crew_hours is 9,000, but must be the hours"),
        ("crews = -1", "crews is “-1”, but must be above 0"),
        ("crews = 'many'", "crews is “many”, but must be a number"),
        ('by = "ward"', "by is “ward”, but must be one of"),
        ('working_days = ["funday"]', "working_days is “funday”, but must be one of mon"),
        ("working_days = 5", "working_days is “5”, but must be a list of texts"),
        ("crews = { hole = 2 }", "must count the crews of every category"),
        ('requests = "trams"', "names the requests “trams”, but the requests are"),
    ],
)
def test_a_wrong_statement_gets_one_sentence(line: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(CityFileError, match=sentence):
        stated(tmp_path, line)
