"""The command line: whole results as JSON, tables as CSV, one line and status 2 on a mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from analytics.__main__ import main

SCENARIO = 'name = "{name}"\n[levers.population]\ngrowth = {growth}\n'


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
        (("hotspots", "meridian", "trains"), "no incidents named “trains”"),
        (("hotspots", "meridian", "assault", "--cell", "1"), "choose cells of"),
        (("compare", "meridian", "nowhere.toml"), "no scenario file"),
    ],
)
def test_a_mistake_gets_one_line(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], match: str) -> None:
    status, out, err = run(capsys, *arguments)
    assert status == 2
    assert out == ""
    assert match in err
    assert err.startswith("civicast: ")
    assert err.count("\n") == 1


def test_a_lever_out_of_bounds_names_its_bounds(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    wild = tmp_path / "wild.toml"
    wild.write_text(SCENARIO.format(name="Wild", growth=40))
    status, _, err = run(capsys, "compare", "meridian", str(wild))
    assert status == 2
    assert "population.growth" in err
    assert "must lie between" in err
