"""``python -m data``: one answer, or one line that says what to do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hostile_city import write_hostile_city
from tiny_city import THEFTS, TOML, spoiled, write_city

from data import City, open_city
from data.__main__ import main
from data.store.workspace import city_path, known_cities

Capture = pytest.CaptureFixture[str]


def test_check_says_what_was_read_and_what_was_set_aside(tmp_path: Path, capsys: Capture) -> None:
    path = write_city(tmp_path, thefts=THEFTS + "2024-01-02 11:00,15.15,50.05\n2024-01-02 11:00,18,50.05\n")
    assert main(["check", str(path)]) == 0
    said = capsys.readouterr().out
    assert "Tiny (tiny), Europe/Prague, EPSG:32633, up to 3 January 2024, public" in said
    assert "  5 rows read, 3 kept, 2 set aside" in said
    assert "  - 1 row set aside: repeats another row (the first: 4)" in said
    assert "  - 1 row set aside: outside every area of the city (the first: 5)" in said
    assert "  from not stated; licence: CC0; public;" in said
    assert "Synthetic" not in said


def test_every_kind_of_table_is_told(tmp_path: Path, capsys: Capture) -> None:
    path = write_hostile_city(tmp_path)
    assert main(["check", str(path)]) == 0
    told = {line.partition(" ")[0] for line in capsys.readouterr().out.splitlines() if line[:1].isalpha()}
    kinds = {kind for kind, _ in open_city(path).by_kind()}
    assert "regions" in kinds
    assert kinds <= told


@pytest.mark.usefixtures("sample_city")
def test_each_table_of_the_sample_city_is_told(meridian: City, capsys: Capture) -> None:
    assert main(["check", "meridian"]) == 0
    told = {" ".join(line.split()[:2]) for line in capsys.readouterr().out.splitlines()}
    assert "waters merrow:" in told  # stated in the city.toml itself: it has no rows
    assert {f"{kind} {getattr(table, 'provenance', table).name}:" for kind, table in meridian.by_kind()} <= told


def test_json_has_every_number_and_null_for_unknown(tmp_path: Path, capsys: Capture) -> None:
    path = write_city(tmp_path, thefts=THEFTS + "2024-01-02 11:00,15.15,50.05\n")
    assert main(["check", str(path), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["city"]["fingerprint"] == open_city(path).fingerprint
    assert answer["city"]["as_of"] == "2024-01-03T00:00:00"
    assert [(table["kind"], table["name"]) for table in answer["tables"]] == [
        ("areas", "ward"),
        ("incidents", "theft"),
        ("series", "requests"),
    ]
    wards, thefts, _ = answer["tables"]
    assert wards["provenance"]["as_of"] is None
    assert thefts["provenance"]["set_aside"] == {"duplicate": 1}
    assert thefts["findings"][0]["message"] == "[incidents.theft]: 1 row set aside: repeats another row (the first: 4)"
    for table in answer["tables"]:
        provenance = table["provenance"]
        assert provenance["rows_read"] >= provenance["rows_set_aside"] == sum(provenance["set_aside"].values())


def test_an_added_city_opens_by_name_from_anywhere(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TINY", str(tmp_path))
    path = write_city(tmp_path, toml=spoiled('licence = "CC0"', 'licence = "CC0"\nfolder = "${TINY}"'))
    assert main(["add", str(path)]) == 0
    assert "Added “tiny”" in capsys.readouterr().out
    monkeypatch.delenv("TINY")
    monkeypatch.chdir(tmp_path.parent)
    monkeypatch.setenv("CIVICAST_TEST_DATA", "/nowhere")
    assert open_city("tiny").incidents["theft"].until == open_city("tiny").as_of
    assert [entry.name for entry in city_path("tiny").parent.iterdir()] == ["city.toml"]
    assert main(["list"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == ["tiny", "Tiny"]


def test_a_name_is_taken_once_unless_replaced(tmp_path: Path, capsys: Capture) -> None:
    path = write_city(tmp_path)
    assert main(["add", str(path)]) == 0
    assert main(["add", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    write_city(tmp_path, toml=spoiled('currency = "CZK"', 'currency = "EUR"'))
    assert main(["add", str(path), "--replace"]) == 0
    assert open_city("tiny").currency == "EUR"


def test_a_city_that_does_not_open_is_not_added(tmp_path: Path, capsys: Capture) -> None:
    path = write_city(tmp_path, toml=spoiled('"when"', '"date"'))
    assert main(["add", str(path)]) == 2
    assert "no column “date”" in capsys.readouterr().err
    assert known_cities() == {}


def test_the_samples_name_is_the_samples(tmp_path: Path, capsys: Capture) -> None:
    path = write_city(tmp_path, toml=spoiled('name = "Tiny"', 'name = "Meridian"'))
    assert main(["add", str(path)]) == 2
    assert "is the sample city's" in capsys.readouterr().err


def test_a_broken_city_does_not_hide_the_others(tmp_path: Path, capsys: Capture) -> None:
    assert main(["add", str(write_city(tmp_path))]) == 0
    broken = city_path("broken")
    broken.parent.mkdir(parents=True)
    broken.write_text(TOML.replace("[city]", "[city", 1))
    capsys.readouterr()
    assert main(["list", "--json"]) == 0
    cities = {city["key"]: city for city in json.loads(capsys.readouterr().out)["cities"]}
    assert set(cities) == {"meridian", "tiny", "broken"}
    assert "opens a section and does not close it" in cities["broken"]["error"]
    assert cities["tiny"]["error"] is None
    assert main(["list"]) == 0
    assert "cannot be opened: “city.toml” cannot be read: line " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check", "atlantis"], "There is no city named “atlantis”"),
        (["check", "nowhere/city.toml"], "There is no file “city.toml”"),
        (["check"], "needs CITY: add it"),
        (["chekc", "x"], "no command “chekc”: choose one of list, add, check, verify and follow"),
        ([], "needs COMMAND: add it"),
        (["list", "--jsno"], "knows no --jsno: leave it out"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(arguments: list[str], says: str, capsys: Capture) -> None:
    status = status_of(arguments)
    done = capsys.readouterr()
    assert (status, done.out) == (2, "")
    assert done.err.startswith("civicast: ")
    assert says in done.err
    assert done.err.count("\n") == 1


def status_of(arguments: list[str]) -> object:
    """What the process would end with."""
    try:
        return main(arguments)
    except SystemExit as ended:
        return ended.code


def test_a_process_of_its_own_ends_alike(capsys: Capture) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "data", "check", "atlantis"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (status_of(["check", "atlantis"]), "")
    assert done.stderr == capsys.readouterr().err


def test_verify_follows_the_records(workspace: Path, capsys: Capture) -> None:
    from data.store.records import open_records

    assert main(["verify"]) == 0
    assert "no records yet" in capsys.readouterr().out
    records = open_records()
    entry = records.append("note", {"text": "as agreed"}, city="meridian", author="A")
    assert main(["verify", "--json", "--expect", entry.digest]) == 0
    assert json.loads(capsys.readouterr().out) == {"entries": 1, "last": entry.digest}
    assert main(["verify", "--expect", "0" * 64]) == 2
    assert "No entry has the digest" in capsys.readouterr().err
    records.engine.dispose()
