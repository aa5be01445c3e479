"""Engines of other dimensions than areas and periods: from a scenario file to a chart, an export and its checks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from analytics.__main__ import main
from analytics.errors import ScenarioError
from analytics.plain import to_plain
from analytics.scenarios import Comparison, Engine, Scenario, compare, read_scenario, write_scenario
from analytics.scenarios.checks.file import check_file, opened_engine
from dashboard.figures.charts import difference_charts, dot_plot
from dashboard.figures.exports import to_csv, to_png, to_svg
from data import City
from tests.conftest import CITIES
from tests.small_city import small_city

ENGINE = Path(__file__).parent / "engines" / "closed_streets.py"
PLAN = CITIES / "scenarios" / "streets_market_without_cars.toml"
NAME = "Market without cars"


@pytest.fixture(scope="module")
def city() -> City:
    return small_city()


@pytest.fixture(scope="module")
def streets() -> Engine:
    with opened_engine(ENGINE) as engine:
        return engine


@pytest.fixture(scope="module")
def found(city: City, streets: Engine) -> Comparison:
    return compare(city, [Scenario("today"), read_scenario(PLAN)], draws=200, periods=2, engines=[streets])


def test_a_plan_with_a_choice_and_a_schedule_is_compared(found: Comparison) -> None:
    by_measure = {each.measure: each for each in found.differences}
    assert by_measure["delay"].verdict == "worse"
    assert by_measure["delay"].relative
    assert not by_measure["queue"].relative
    assert not found.by_area
    assert not found.by_group
    assert [table.name for table in found.made_from] == ["ward"]
    assert "delay" in str(found.verdict)
    plain = to_plain(found)
    assert plain["levers"][0]["kind"]["holds"] == "choice"
    assert plain["measures"][0]["over"]["link"] == {"does": "mean", "weights": "length"}


def test_it_is_drawn_and_exported_each_unit_on_its_own_axis(found: Comparison) -> None:
    charts = difference_charts(found, chosen=NAME)
    assert len(charts) == 2
    for chart in (*charts, dot_plot(found, option=NAME, measure="delay")):
        assert b"Market without cars" in to_csv(chart)
        assert to_svg(chart)
        assert to_png(chart)
    assert "vehicles" in to_csv(charts[1]).decode()


def test_closing_nothing_is_today_and_more_green_is_less_delay(city: City, streets: Engine) -> None:
    options = [
        Scenario("today"),
        Scenario("none closed", levers={"streets": {"closed": []}, "signals": {"green": 1.0}}),
        Scenario("greener", levers={"signals.green": 1.5}),
        Scenario("one hour greener", levers={"signals.green": {"sun-08": 1.5}}),
    ]
    result = compare(city, options, draws=200, periods=2, engines=[streets])
    delays = {each.option: each for each in result.differences if each.measure == "delay"}
    assert delays["none closed"].verdict == "no_change"
    assert delays["greener"].verdict == "better"
    assert delays["greener"].median < delays["one hour greener"].median < 0


@pytest.mark.parametrize(
    ("levers", "sentence"),
    [
        ({"streets.closed": ["markt"]}, "“markt” for streets.closed, which there is not: name one like market"),
        ({"streets.closed": "market"}, "it must be a list of ids, such as bridge, harbour"),
        ({"streets.closed": ["mill", "market", "bridge"]}, "chooses 3 for streets.closed: choose from 0 to 2"),
        ({"signals.green": 2}, "signals.green.mon-00 to 2 times: it must lie between 0.5 times and 1.5 times"),
        ({"signals.green": {"mon-24": 1.1}}, "for the slot “mon-24”, which there is not"),
        ({"signals.green": [1.0, 1.1]}, "gives 2 numbers for signals.green, which has 168 slots"),
        ({"signals.green": "long"}, "it must be a number, in times"),
    ],
)
def test_what_a_lever_cannot_hold_gets_one_sentence(
    city: City, streets: Engine, levers: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        compare(city, [Scenario("plan", levers=levers)], draws=200, periods=2, engines=[streets])
    assert sentence in str(caught.value)


def test_what_was_chosen_reads_back_from_a_file(tmp_path: Path, found: Comparison) -> None:
    lever = {each.name: each for each in found.levers}
    plan = read_scenario(PLAN)
    values = {
        name: each.read(plan.levers[name.split(".")[0]][name.split(".")[1]], scenario="x")
        for name, each in lever.items()
    }
    path = tmp_path / "again.toml"
    path.write_text(
        write_scenario(Scenario("again", {name: lever[name].kind.plain(value) for name, value in values.items()}))
    )
    again = read_scenario(path)
    assert {name: lever[name].read(again.levers[name], scenario="x") for name in lever} == values
    assert values["streets.closed"] == ("market",)
    assert np.sum(np.array(values["signals.green"]) != 1) == 5
    assert str(lever["signals.green"].shown(values["signals.green"])) == "1 to 1.2 times, 5 hours changed"


def test_a_city_without_residents_is_told_what_to_add(streets: Engine) -> None:
    with pytest.raises(ScenarioError, match=r"Streets need residents: add a section \[areas.NAME\]"):
        compare(small_city(layers={}), [Scenario("today")], draws=200, periods=2, engines=[streets])


def test_it_keeps_the_contract(city: City) -> None:
    report = check_file(ENGINE, city=city)
    assert [str(each.sentence) for each in report.failed] == []
    assert len(report.checks) >= 25
    assert report.seconds is not None


@pytest.mark.usefixtures("sample_city")
def test_check_engine_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-engine", str(ENGINE)]) == 0
    told = capsys.readouterr().out
    assert "closed_streets" in told
    assert "FAILED" not in told
