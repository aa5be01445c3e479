"""The command line: whole results as JSON, tables as CSV, one line and status 2 on a mistake."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import pandas as pd
import pytest

from analytics.__main__ import main, parser
from analytics.commands import clusters, compare, forecast, hotspots, questions, service, suggest, warnings
from analytics.commands.hotspots import part_of_week
from analytics.hotspots import PartOfWeek
from data import City, open_city
from data.words import PSEUDO, use_language

SCENARIO = 'name = "{name}"\n[levers.population]\ngrowth = {growth}\n'


@pytest.fixture(autouse=True)
def sample_is_there(sample_city: Path, meridian: City, monkeypatch: pytest.MonkeyPatch) -> None:
    for command in (clusters, compare, forecast, hotspots, questions, service, suggest, warnings):
        monkeypatch.setattr(command, "open_city", lambda name: meridian if name == meridian.key else open_city(name))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(list(arguments))
    said = capsys.readouterr()
    return status, said.out, said.err


def test_models_lists_what_there_is_and_what_it_cannot_do(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "models", "--json")
    listed = json.loads(out)
    assert status == 0
    assert {"seasonal_naive", "pooled_counts", "ets", "prophet"} <= {
        each["name"] for each in listed["forecasting"]["ready"]
    }
    assert {"count_last_year", "kernel_density"} <= {each["name"] for each in listed["hotspots"]["ready"]}
    assert {"demand"} <= {each["name"] for each in listed["scenarios"]["ready"]}
    assert all(each["limits"] for kind in listed.values() for each in kind["ready"])
    assert all(kind["failed"] == {} for kind in listed.values())


def test_hotspots_as_json_and_csv(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table = tmp_path / "hotspots.csv"
    status, out, _ = run(capsys, "hotspots", "meridian", "assault", "--windows", "4", "--json", "--csv", str(table))
    result = json.loads(out)
    assert status == 0
    assert {row["method"] for row in result["summary"]} >= {"random", "count_last_year"}
    assert result["seed"] == 0
    assert "synthetic_data" in [caveat["code"] for caveat in result["caveats"]]
    assert len(pd.read_csv(table)) == len(result["summary"])


def test_a_map_of_areas_by_night_is_audited_and_published(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    points = tmp_path / "points.csv"
    command = ("hotspots", "meridian", "assault", "--kind", "areas", "--hours", "22-6", "--days", "fri,sat")
    chosen = ("--windows", "4", "--method", "count_last_year", "--share", "0.1", "--audit", "--points", str(points))
    status, out, _ = run(capsys, *command, *chosen)
    assert status == 0
    assert "flagged, 10\u202f% of the area" in out
    assert f"written to {points}" in out
    assert "Low income areas: " in out or "Low-income areas: " in out
    assert "for each record of Assault injuries treated" in out
    assert "If patrols followed the map for 104 weeks" in out
    assert list(pd.read_csv(points).columns) == ["x", "y", "date", "category"]
    lines = [line for line in out.splitlines() if line.lstrip()[:1].isdigit() and "(" in line]
    assert len({line.split(". ", 1)[1] for line in lines}) == len(lines)  # no caveat twice
    status, out, _ = run(capsys, *command, "--windows", "4", "--method", "count_last_year", "--audit", "--json")
    audit = json.loads(out)
    assert status == 0
    assert {row["group"] for row in audit["exposure"]} >= {"share_over_65"}
    assert audit["hotspots"]["cells"]["kind"] == "areas"
    assert audit["feedback"]["loop"] > 1


def test_congestion_is_mapped_by_the_name_of_its_series(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "hotspots", "meridian", "traffic_delay", "--windows", "4", "--json", "--cell", "400")
    assert status == 0
    assert json.loads(out)["incidents"]["name"] == "traffic_delay"


def test_clusters_as_words_json_and_csv(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table = tmp_path / "clusters.csv"
    command = ("clusters", "meridian", "burglary", "--weeks", "12", "--cell", "400", "--replications", "39")
    status, out, _ = run(capsys, *command, "--csv", str(table))
    assert status == 0
    assert "12 weeks" in out
    assert "39 maps made by chance" in out
    assert "another is" in out  # the near repeat sentence
    assert "For places only" in out
    status, out, _ = run(capsys, *command, "--json")
    result = json.loads(out)
    assert status == 0
    assert len(result["clusters"]) == len(pd.read_csv(table))
    assert all(0 < row["p"] <= 1 for row in result["clusters"])
    assert result["risk"]["metres"] == 100


def test_all_help_is_in_the_readers_language() -> None:
    with use_language(PSEUDO):
        [commands] = [each for each in parser()._actions if isinstance(each, argparse._SubParsersAction)]
    assert len(commands.choices) >= 15
    for name, command in commands.choices.items():
        told = [command.description, *(each.help for each in command._actions if each.dest != "help")]
        assert all("⟦" in (text or "") for text in told), name


@pytest.mark.parametrize(
    ("hours", "days", "part"),
    [
        (None, None, PartOfWeek()),
        ("22-6", None, PartOfWeek(22, 6)),
        (None, "mon-fri", PartOfWeek(days=(0, 1, 2, 3, 4))),
        ("7-9", "Sat, Sun", PartOfWeek(7, 9, (5, 6))),
        (None, "fri-mon", PartOfWeek(days=(0, 4, 5, 6))),
    ],
)
def test_a_part_of_the_week_is_read_as_it_is_said(hours: str | None, days: str | None, part: PartOfWeek) -> None:
    assert part_of_week(hours, days) == part


def test_a_pinned_forecast_says_what_the_test_says(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(
        capsys, "forecast", "meridian", "service_requests", "--horizon", "14", "--model", "seasonal_naive", "--json"
    )
    result = json.loads(out)
    assert status == 0
    assert result["model"] == "seasonal_naive"
    assert result["selection"]["best"] != "seasonal_naive"
    assert result["horizon"] == 14
    assert len(result["total"]["coords"]["period"]) == 14


def test_the_same_scenario_twice_is_exactly_no_change(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    same = tmp_path / "growth.toml"
    same.write_text(SCENARIO.format(name="Growth", growth=0.05))
    status, out, _ = run(capsys, "compare", "meridian", str(same), str(same), "--json", "--seed", "3")
    result = json.loads(out)
    assert status == 0
    assert result["seed"] == 3
    assert result["receipt"]
    for difference in result["differences"]:
        assert difference["verdict"] == "no_change"
        assert [difference[name] for name in ("median", "low95", "high95", "low80", "high80")] == [0] * 5


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (("forecast", "atlantis", "x"), "no city named “atlantis”"),
        (("forecast", "meridian", "trains"), "no series named “trains”: it has service_requests"),
        (("forecast", "meridian", "service_requests", "--model", "magic"), "no model named “magic”"),
        (("forecast", "meridian", "service_requests", "--horizon", "99999"), "must be from 1 to"),
        (("hotspots", "meridian", "trains"), "nothing named “trains” that can be mapped: it has assault"),
        (("hotspots", "meridian", "assault", "--kind", "circles"), "no cells of the kind “circles”"),
        (("hotspots", "meridian", "assault", "--kind", "segments"), "Street segments need a network"),
        (("hotspots", "meridian", "assault", "--hours", "22:00"), "“22:00” are no hours"),
        (("hotspots", "meridian", "assault", "--days", "weekend"), "“weekend” are no days of the week"),
        (("hotspots", "meridian", "assault", "--share", "0.5"), "no share of the area that can be judged"),
        (("clusters", "meridian", "assault", "--weeks", "3"), "too few to scan"),
        (("clusters", "meridian", "assault", "--category", "arson"), "no category “arson”"),
        (("check-method", "nowhere.py"), "no file “nowhere.py”"),
        (("hotspots", "meridian", "assault", "--cell", "1"), "choose cells of"),
        (("compare", "meridian", "nowhere.toml"), "no scenario file"),
        (("suggest", "meridian", "--question", "moon"), "no question named “moon”: there are .*demand"),
        (("suggest", "meridian", "--question", "demand"), "No engine proposes plans for the question “demand”"),
        (("suggest", "meridian", "--question", "demand", "--budget", "-1"), "A budget of “-1.0” cannot be kept"),
        (("suggest", "meridian", "--question", "demand", "--least", "90"), "“90.0” is no chance .* between 0 and 1"),
        (
            ("suggest", "meridian", "--question", "demand", "--group", "left_handed"),
            "knows no group named “left_handed”",
        ),
        (
            ("suggest", "meridian", "--question", "demand", "--region", "moon"),
            "no region named “moon”: it has north_side",
        ),
    ],
)
def test_a_mistake_gets_one_line(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], match: str) -> None:
    status, out, err = run(capsys, *arguments)
    assert status == 2
    assert out == ""
    assert re.search(match, err)
    assert err.startswith("civicast: ")
    assert err.count("\n") == 1


def test_a_lever_out_of_bounds_names_its_bounds(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    wild = tmp_path / "wild.toml"
    wild.write_text(SCENARIO.format(name="Wild", growth=40))
    status, _, err = run(capsys, "compare", "meridian", str(wild))
    assert status == 2
    assert "population.growth" in err
    assert "must lie between" in err


def test_questions_say_what_can_be_decided_and_with_what(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table = tmp_path / "questions.csv"
    status, out, _ = run(capsys, "questions", "meridian", "--json", "--csv", str(table))
    listed = {each["name"]: each for each in json.loads(out)["questions"]}
    assert status == 0
    demand = listed["demand"]
    assert demand["answerable"]
    assert demand["missing"] == []
    assert demand["subjects"][0] == "service_requests"
    levers = {each["name"]: each for each in demand["levers"]}
    assert {name for name, each in levers.items() if each["circumstance"]} == {"population.growth", "jobs.growth"}
    assert levers["demand.change"]["holds"] == "−90\u202f% to 200\u202f%, for all or for each category (3)"
    assert demand["primary"] in [each["name"] for each in demand["measures"]]
    assert set(pd.read_csv(table)["name"]) == set(listed)
    status, out, _ = run(capsys, "questions", "meridian")
    assert status == 0
    assert "demand: What if the city grows or shrinks?" in out
    assert "population.growth: population growth" in out


def test_what_is_assumed_and_for_whom_is_part_of_the_question(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    campaign = tmp_path / "campaign.toml"
    campaign.write_text('name = "Campaign"\nquestion = "demand"\ncity = "meridian"\n[levers.demand]\nchange = -0.1\n')
    today = tmp_path / "today.toml"
    today.write_text("")
    terms = ("--assume", "population.growth.A01=0.1", "--assume", "jobs.growth=0.05", "--region", "south_side")
    money = ("--budget", "100000", "--discount-rate", "0.05", "--years", "5")
    frame = ("--periods", "2", "--draws", "100", "--json")
    status, out, err = run(capsys, "compare", "meridian", str(today), str(campaign), *terms, *money, *frame)
    assert (status, err) == (0, "")
    study = json.loads(out)["study"]
    assert study["question"] == "demand"
    asked = study["terms"]
    assert asked["circumstances"] == {"population": {"growth": {"A01": 0.1}}, "jobs": {"growth": 0.05}}
    assert (asked["budget"], asked["discount_rate"], asked["appraisal_years"]) == (100000, 0.05, 5)
    assert (asked["worth"], asked["region"]["name"]) == ({}, "south_side")
    against = ("--against", "Campaign", "--periods", "2", "--draws", "100", "--json")
    status, out, _ = run(capsys, "compare", "meridian", str(today), str(campaign), *against)
    assert json.loads(out)["baseline"] == "Campaign"


@pytest.mark.parametrize(
    ("written", "typed", "match"),
    [
        ('city = "chicago"', (), "“plan.toml” is a plan for the city “chicago”, and this is Meridian"),
        ('question = "moon"', ("--question", "demand"), "a plan for the question “moon”, and this is “demand”"),
        ('question = "moon"', (), "no question named “moon”"),
        (
            'subject = "traffic_counts"',
            ("--subject", "traffic_delay"),
            "a plan for “traffic_counts”, and this is about",
        ),
        ("city = 3", (), "“city” must be text in quotes"),
        ("", ("--against", "Nobody"), "no scenario named “Nobody”"),
        ("", ("--region", "moon"), "no region named “moon”"),
        ("", ("--discount-rate", "3"), "discount rate is 300\u202f%: it must lie between"),
        ("", ("--question", "demand", "--worth", "demand=2"), "Nothing can be gained on “demand”"),
        ("", ("--question", "demand", "--assume", "demand.change=0.1"), "“demand.change” is not a circumstance"),
    ],
)
def test_a_plan_for_something_else_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, written: str, typed: tuple[str, ...], match: str
) -> None:
    plan = tmp_path / "plan.toml"
    plan.write_text(written)
    status, out, err = run(capsys, "compare", "meridian", str(plan), str(plan), *typed)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert re.search(match, err)
