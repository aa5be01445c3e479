"""What officials and planners may get wrong about a decision: one clear sentence each, status 2, and nothing is lost."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from tiny_city import TOML, write_city

from analytics.__main__ import main
from analytics.commands import compare, suggest
from analytics.scenarios import read_scenario_file
from data import City
from data.__main__ import main as data_main

HOURS = ", ".join(["2"] * 167)
COST = '[costs.site]\namount = 10\nunit = "site"\nevery = "once"\nyear = 2024\nsource = "a tender"\n'


@pytest.fixture(autouse=True)
def sample_is_there(sample_city: Path, meridian: City, monkeypatch: pytest.MonkeyPatch) -> None:
    for command in (compare, suggest):
        monkeypatch.setattr(command, "open_city", lambda name: meridian)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("civicast: ")
    assert said.err.count("\n") == 1
    return said.err


@pytest.mark.parametrize(
    ("plan", "match"),
    [
        (
            'question = "sites"\n[levers]\nsites.open = ["S99", "S01"]',
            "plan chooses “S99” for sites.open, which there is not",
        ),
        ('question = "sites"\n[levers]\nsites.open = "S01"', "sites.open to “S01”: it must be a list of ids"),
        ('question = "sites"\n[levers]\nsites.open = []', "plan chooses 0 for sites.open: choose from 1 to"),
        (
            'question = "sites"\n[levers]\nsites.capacity = { S99 = 0.1 }',
            "sites.capacity for the site “S99”, which there is",
        ),
        ('question = "desks"\n[levers]\ndesks.staff = -3', "desks.staff.mon-00 to −3 people: it must lie between 0"),
        ('question = "desks"\n[levers]\ndesks.staff = { mon-25 = 3 }', "desks.staff for the slot “mon-25”"),
        (f'question = "desks"\n[levers]\ndesks.staff = [{HOURS}]', "167 numbers for desks.staff, which has 168 slots"),
        (
            'question = "sites"\n[levers]\ndesks.staff = 3',
            "plan moves the lever “desks.staff”, which this city does not have",
        ),
        ('question = "sites"\ncity = "chicago"', "“plan.toml” is a plan for the city “chicago”, and this is Meridian"),
        ('question = "crowds"', "no question named “crowds”: there are"),
    ],
)
def test_a_plan_that_cannot_be(capsys: pytest.CaptureFixture[str], tmp_path: Path, plan: str, match: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(plan, encoding="utf-8")
    assert re.search(re.escape(match), refused(capsys, "compare", "meridian", str(path), "--draws", "100"))
    assert path.read_text(encoding="utf-8") == plan


def test_a_plan_for_another_question(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text('question = "sites"')
    said = refused(capsys, "compare", "meridian", str(path), "--question", "desks")
    assert "“plan.toml” is a plan for the question “sites”, and this is “desks”" in said


def test_a_cost_needs_a_currency(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert data_main(["check", str(write_city(tmp_path, toml=TOML + COST))]) == 2
    assert "[costs.site] lacks the key “currency”" in capsys.readouterr().err
    toml = TOML + COST + 'currency = "EUR"\n'
    assert data_main(["check", str(write_city(tmp_path, toml=toml))]) == 2
    assert re.search(r"\[costs.site\].*“EUR”", capsys.readouterr().err)


@pytest.mark.parametrize(
    ("asked", "match"),
    [
        (
            "sites --budget 1000",
            "No site can be opened for 1,000 EUR a year: the cheapest costs .*; ask with a higher budget",
        ),
        ("sites --size 99", "99 new sites were asked for: choose from 1 to"),
        ("sites --objective beauty", "no objective named “beauty”: there are"),
        (
            "desks --least 0.999999 --budget 0",
            "needs .* hours a week, .* but the budget is 0: raise it, or ask for a lower",
        ),
    ],
)
def test_a_plan_that_nothing_can_meet(capsys: pytest.CaptureFixture[str], asked: str, match: str) -> None:
    said = refused(capsys, "suggest", "meridian", "--draws", "100", "--question", *asked.split())
    assert re.search(match, said)


def test_proposals_are_written_as_scenario_files_that_can_be_compared(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table, folder = tmp_path / "plans.csv", tmp_path / "plans"
    command = ("suggest", "meridian", "--question", "sites", "--objective", "distance", "--size", "1", "--draws", "100")
    for _ in range(2):  # the second writes beside the first, and over none
        assert main([*command, "--write", str(folder), "--json", "--csv", str(table)]) == 0
    told = json.loads(capsys.readouterr().out.rpartition("\n}\n{")[2].join(("{", "")))
    proposed = told["suggestions"]
    files = sorted(folder.iterdir())
    assert len(files) == 2 * len(proposed)
    assert list(pd.read_csv(table)["plan"]) == [each["scenario"]["name"] for each in proposed]
    codes = [caveat["code"] for caveat in told["caveats"]]
    assert codes.count("synthetic_data") == 1
    written = [read_scenario_file(file) for file in files]
    assert {(each.city, each.question) for each in written} == {("meridian", "sites")}
    assert all(each.scenario.rationale for each in written)
    assert main(["compare", "meridian", *map(str, files[:2]), "--draws", "100", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["study"]["question"] == "sites"
