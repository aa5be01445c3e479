"""Scenario files: what is written reads back as the same, and a slip of the pen gets one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import ScenarioError
from analytics.scenarios import (
    Comparison,
    Scenario,
    ScenarioFile,
    agreed,
    compare,
    file_name,
    questions_of,
    read_scenario,
    read_scenario_file,
    write_scenario,
)
from data import City
from tests.conftest import CITIES
from tests.small_city import small_city

SCENARIOS = CITIES / "scenarios"
CHICAGO = sorted(path.name for path in SCENARIOS.glob("chicago_*.toml"))
MERIDIAN = sorted(path.name for path in SCENARIOS.glob("meridian_*.toml"))

pytestmark = pytest.mark.usefixtures("measured_by_all")

CITY = small_city()

numbers = st.floats(-1, 1, allow_nan=False) | st.integers(-5, 5)
names = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)


@given(
    name=names.filter(str.strip),
    rationale=names,
    levers=st.dictionaries(names, numbers | st.dictionaries(names, numbers, min_size=1, max_size=3), max_size=3),
    assumed=st.dictionaries(names, numbers, max_size=2),
)
def test_what_is_written_reads_back(
    tmp_path_factory: pytest.TempPathFactory, name: str, rationale: str, levers: dict, assumed: dict
) -> None:
    scenario = Scenario(name, levers=levers, uncertainties=assumed, rationale=rationale)
    path = tmp_path_factory.getbasetemp() / "scenario.toml"
    path.write_text(write_scenario(scenario), encoding="utf-8")
    assert read_scenario(path) == scenario
    path.write_text(write_scenario(scenario, city=CITY, question="sites", subject=name), encoding="utf-8")
    assert read_scenario_file(path) == ScenarioFile(scenario, "scenario.toml", CITY.key, "sites", name)


def test_an_empty_file_is_today_under_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "as_it_is.toml"
    path.write_text("")
    assert read_scenario(path) == Scenario("as_it_is")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name = ", "“plan.toml” cannot be read: line 1, “name =”, has a value that is none: put text in quotes"),
        (
            "nmae = 'Growth'",
            "unknown key “nmae”: allowed are name, rationale, city, question, subject, levers and uncertainties",
        ),
        ("levers = 3", r"\[levers\] must be a table"),
        ("population.growth = 0.1", "unknown key “population”.*levers go under"),
    ],
)
def test_a_slip_of_the_pen_gets_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(text)
    with pytest.raises(ScenarioError, match=sentence):
        read_scenario(path)


def plan(file: str, **where: str) -> ScenarioFile:
    return ScenarioFile(Scenario(file), file, **where)


def test_what_files_are_for_is_what_is_asked_or_what_they_say() -> None:
    today, ours = plan("today"), plan("ours", city=CITY.key, question="sites", subject="clinics")
    assert agreed([today], CITY) == (None, None)
    assert agreed([today, ours], CITY) == agreed([ours, today], CITY) == ("sites", "clinics")
    assert agreed([today], CITY, question="desks", subject="hall") == ("desks", "hall")
    assert agreed([ours], CITY, question="sites") == ("sites", "clinics")


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ({"city": "atlantis"}, "“theirs” is a plan for the city “atlantis”, and this is"),
        ({"question": "crews"}, "“theirs” is a plan for the question “crews”, and this is “sites”"),
        ({"subject": "libraries"}, "“theirs” is a plan for “libraries”, and this is about “clinics”"),
    ],
)
def test_a_plan_of_another_city_or_question_is_refused(where: dict[str, str], sentence: str) -> None:
    ours = plan("ours", question="sites", subject="clinics")
    with pytest.raises(ScenarioError, match=sentence):
        agreed([ours, plan("theirs", **where)], CITY)


def test_a_plan_has_a_file_name_that_every_system_takes() -> None:
    assert file_name(Scenario("Two sites: south / far south")) == "two_sites_south_far_south.toml"
    assert file_name(Scenario("../Été")) == "ete.toml"
    assert file_name(Scenario("東京")) == "scenario.toml"
    assert file_name(Scenario("x" * 59 + " y" + "z" * 500)) == "x" * 59 + ".toml"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"no scenario file “.*nowhere\.toml”"):
        read_scenario(tmp_path / "nowhere.toml")


def plans_by_question(names: list[str]) -> dict[str, list[ScenarioFile]]:
    files = [read_scenario_file(SCENARIOS / name) for name in names]
    return {question: [each for each in files if each.question == question] for question in {f.question for f in files}}


def compared(city: City, files: list[ScenarioFile], **frame: int) -> Comparison:
    question, subject = agreed(files, city)
    options = [read_scenario(SCENARIOS / "today.toml"), *(each.scenario for each in files)]
    return compare(city, options, question=question, subject=subject, draws=100, **frame)


@pytest.mark.usefixtures("measured_by_all")
def test_the_examples_fit_chicago(chicago: City) -> None:
    for question, files in plans_by_question(CHICAGO).items():
        found = compared(chicago, files)
        assert found.study.question == question
        assert len(found.scenarios) == len(files) + 1
        assert {each.verdict for each in found.differences if each.measure == found.primary} != {"no_change"}


@pytest.mark.usefixtures("measured_by_all")
def test_chicago_has_its_groups_and_its_drivers(chicago: City) -> None:
    files = plans_by_question(CHICAGO)["demand"]
    found = compared(chicago, [*files, files[-1]], periods=3)
    first, again = (found.paired[each.name, "demand"] for each in found.scenarios[-2:])
    assert (first == again).all()
    codes = {caveat.code for caveat in found.caveats}
    assert {"cross_sectional", "group_from_area_shares"} <= codes
    assert "driver_absent" not in codes  # people of two censuses, jobs of one year
    [groups] = [caveat for caveat in found.caveats if caveat.code == "group_from_area_shares"]
    assert list(map(str, groups.evidence["absent"])) == ["disabled people"]


@pytest.mark.usefixtures("measured_by_all")
def test_the_examples_fit_meridian(meridian: City) -> None:
    for question, files in plans_by_question(MERIDIAN).items():
        found = compared(meridian, files)
        assert found.study.question == question
        assert {each.verdict for each in found.differences if each.measure == found.primary} != {"no_change"}
        assert "synthetic_data" in {caveat.code for caveat in found.caveats}


@pytest.mark.parametrize("key", ["meridian", "chicago"])
def test_there_is_a_plan_for_each_question(key: str, request: pytest.FixtureRequest) -> None:
    asked = {each.question.name for each in questions_of(request.getfixturevalue(key)) if each.answerable}
    names = {"meridian": MERIDIAN, "chicago": CHICAGO}[key]
    assert set(plans_by_question(names)) == asked
