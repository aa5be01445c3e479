"""``python -m analytics signals``: plans beside one another, what was checked, and one sentence for what cannot be done."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from analytics.__main__ import main
from analytics.signals.checking import subject
from analytics.signals.checks import Check, keep_check
from analytics.signals.choices import best_plan
from analytics.signals.junction_drive import JunctionDrive
from analytics.signals.refined import RefinedPlans, refined_of
from analytics.signals.simulation import Simulator
from analytics.signals.tables import junctions_of
from analytics.signals.timings import DayPlan, Timing
from tests.junction_city import junction_city, opened


@pytest.fixture
def path(tmp_path: Path, workspace: Path) -> str:
    junction_city(tmp_path)
    return str(tmp_path / "city.toml")


def told(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    assert main(["signals", *arguments]) == status
    found = capsys.readouterr()
    return found.err if status else found.out


def test_a_junction_is_told_by_its_id_or_name_with_what_was_checked(
    path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = told(capsys, path, "J1")
    assert lines == told(capsys, path, "Mill Street")
    assert lines.startswith("Mill Street, ")
    assert "vehicle-hours a day become" in lines
    assert "Not checked in simulation." in lines
    table = opened(tmp_path / "again")
    runs = {"today": (30.0, 32.0, 31.0), "proposed": (25.0, 25.5, 26.0)}
    junction = junctions_of(table)["J1"]
    made = Check(True, 420, runs, {"today": 20.0, "proposed": 15.0}, (1, 2, 3), "1.28.0")
    keep_check(subject(JunctionDrive(junction), {"J1": best_plan(table, "J1")}), made)
    lines = told(capsys, path, "J1")
    assert "a trip loses 25.5 s, 31 s today: −5.5 s [−7.65, −3.35], better (3 paired seeds, SUMO 1.28.0)." in lines
    assert "1 plan checked in simulation, 3 seeds each" in lines
    plain = json.loads(told(capsys, path, "J1", "--json", "--csv", str(tmp_path / "plan.csv")))
    assert plain["check"]["beside"]["today"]["verdict"] == "better"
    assert plain["check"]["runs"]["today"] == [30.0, 32.0, 31.0]
    assert {each["junction_id"] for each in plain["plan"]} == {"J1"}
    assert len(pd.read_csv(tmp_path / "plan.csv")) == len(plain["plan"])


def test_a_corridor_is_told_by_its_name(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    plain = json.loads(told(capsys, path, "High Street", "--json"))
    assert (plain["corridor"], plain["check"]) == ("High Street", None)
    assert {each["junction_id"] for each in plain["plan"]} == {"J1", "J2"}


def test_what_cannot_be_done_is_one_sentence(
    path: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "has no junction or corridor J9: name one of J1, J2" in told(capsys, path, "J9", status=2)
    monkeypatch.setattr("analytics.commands.signals.simulator", lambda: None)
    for option in ("--check", "--refine"):
        words = told(capsys, path, "J1", option, status=2)
        assert "There is no simulator here" in words
        assert len(words.strip().splitlines()) == 1


def test_a_refined_plan_is_kept_and_told_with_what_the_formula_says_of_it(
    path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = opened(tmp_path / "again")
    plans = {"J1": DayPlan.of(Timing((33.0, 21.0)))}
    begun = {"J1": best_plan(table, "J1")}
    made = RefinedPlans("J1", plans, begun, (101,), (30.0, 28.0), (20.0, 21.0), 40, "1.28.0", "2024-02-01")
    runs = {"today": (30.0, 32.0, 31.0), "proposed": (25.0, 25.5, 26.0)}
    keep_check(
        subject(JunctionDrive(junctions_of(table)["J1"]), plans),
        Check(True, 420, runs, {"today": 20.0, "proposed": 21.0}, (1, 2, 3), "1.28.0"),
    )
    there = Simulator(Path("sumo"), Path("netconvert"), "1.28.0")
    monkeypatch.setattr("analytics.commands.signals.simulator", lambda: there)
    monkeypatch.setattr("analytics.signals.checking.simulator", lambda sumo=None: there)
    monkeypatch.setattr("analytics.commands.signals.refined_plans", lambda *_, **__: made)
    lines = told(capsys, path, "J1", "--refine", "--seeds", "3")
    assert "refined in the simulator" in lines
    assert "Mill Street, from 00:00: greens of 33 and 21 s, offset 0 s" in lines
    assert "31 s today: −5.5 s [−7.65, −3.35], better (3 paired seeds, SUMO 1.28.0)." in lines
    assert f'signals.refined = ["{made.key}"]' in lines
    assert "1 plan refined in simulation" in lines
    assert refined_of(table) == {made.key: made}
    # What the formula says is said of the refined plan: a cycle of 64 s.
    assert "in one of 64 s" in lines
    plain = json.loads(told(capsys, path, "J1", "--refine", "--seeds", "3", "--json"))
    assert (plain["refined"]["key"], plain["refined"]["seeds"]) == (made.key, [101])
