"""A disk that is full, or a workspace that takes nothing: one sentence, nothing lost, and answers all the same."""

from __future__ import annotations

import errno
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile_city import write_hostile_city

from analytics.__main__ import main as analytics_main
from data.__main__ import main as data_main
from data.commandline import MISTAKE
from data.store import writing
from data.store.writing import FRESH

Capture = pytest.CaptureFixture[str]
SCENARIO = 'name = "{0}"\n[levers]\n"demand.change" = {1}\n'
# What computes and keeps; CITY stands for the city's file.
COMPUTES = (
    ("forecast", "CITY", "requests", "--horizon", "7"),
    ("hotspots", "CITY", "theft", "--windows", "3", "--horizon", "14", "--cell", "400"),
    ("compare", "CITY", "A.toml", "B.toml", "--draws", "100", "--periods", "2"),
)
# What writes where it is told to; HERE stands for a folder.
WRITES = (
    ("service", "CITY", "requests", "--csv", "HERE/table.csv"),
    ("suggest", "CITY", "--question", "sites", "--size", "1", "--most", "1", "--draws", "100", "--write", "HERE"),
    ("new-model", "mine", "--folder", "HERE"),
    ("new-method", "mine", "--folder", "HERE"),
    ("new-engine", "mine", "--folder", "HERE"),
)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_hostile_city(tmp_path_factory.mktemp("city"))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, growth in (("A", 0.0), ("B", 0.1)):
        (tmp_path / f"{name}.toml").write_text(SCENARIO.format(name, growth))
    monkeypatch.chdir(tmp_path)
    writing._tell_once.cache_clear()  # as in a process that begins
    return tmp_path


@pytest.fixture
def fill(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Fills the disk: what is written does not stay."""

    def fsync(opened: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return lambda: monkeypatch.setattr(os, "fsync", fsync)


@pytest.fixture
def closed(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace below a file: nobody, an administrator included, writes there."""
    (here / "file").write_text("no folder")
    monkeypatch.setenv("CIVICAST_HOME", str(here / "file" / "home"))
    return here


def run(arguments: tuple[str, ...], city: Path, here: Path) -> int:
    where = {"CITY": str(city), "HERE": str(here / "out")}
    return analytics_main([where.get(part, part).replace("HERE", where["HERE"]) for part in arguments])


def check_refusal(status: int, capsys: Capture) -> str:
    written = capsys.readouterr()
    assert status == MISTAKE
    assert written.out == ""
    (line,) = written.err.splitlines()
    assert line.startswith("civicast: ")
    assert line.endswith(".")
    return line


def told(caplog: pytest.LogCaptureFixture) -> str:
    """The one word of warning."""
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    return record.getMessage()


@pytest.mark.parametrize("command", COMPUTES, ids=lambda command: command[0])
def test_on_a_full_disk_answers_are_given_and_it_is_said_that_they_are_not_kept(
    command: tuple[str, ...], city: Path, here: Path, workspace: Path, fill: Callable[[], None], capsys: Capture,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    fill()
    assert run(command, city, here) == 0
    assert len(capsys.readouterr().out.splitlines()) > 3
    assert told(caplog).startswith("civicast: The workspace cannot be written to (No space left on device): what was")
    # Claims on the work are files without content, which a full disk may still take.
    assert [path for path in workspace.rglob("*") if path.is_file() and path.parent.name != "claims"] == []


def test_an_answer_that_is_not_kept_is_the_one_that_is(
    city: Path, closed: Path, workspace: Path, capsys: Capture, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert run(COMPUTES[0], city, closed) == 0
    unkept = capsys.readouterr().out
    assert "(Not a directory)" in told(caplog)
    monkeypatch.setenv("CIVICAST_HOME", str(workspace))
    for _ in range(2):  # computed and kept, then read back
        assert run(COMPUTES[0], city, closed) == 0
        assert capsys.readouterr().out == unkept
    assert len(caplog.records) == 1
    assert list((workspace / "results").rglob("*.result")) != []


@pytest.mark.parametrize("command", WRITES, ids=lambda command: command[0])
def test_a_file_that_does_not_fit_is_refused_and_what_was_there_stays(
    command: tuple[str, ...], city: Path, here: Path, fill: Callable[[], None], capsys: Capture
) -> None:
    (here / "out").mkdir()
    (here / "out" / "table.csv").write_text("last year's")
    fill()
    line = check_refusal(run(command, city, here), capsys)
    assert "cannot be written (No space left on device)" in line
    assert {path.name: path.read_text() for path in (here / "out").iterdir()} == {"table.csv": "last year's"}


@pytest.mark.parametrize("command", [("check", "meridian"), ("add", "CITY")], ids=lambda command: command[0])
def test_what_has_to_be_in_the_workspace_is_refused_where_it_cannot_be(
    command: tuple[str, ...], city: Path, closed: Path, capsys: Capture
) -> None:
    line = check_refusal(data_main([str(city) if part == "CITY" else part for part in command]), capsys)
    assert "cannot be written (Not a directory)" in line
    assert "point CIVICAST_HOME at a folder that you may write to" in line


def test_a_city_in_place_of_another_is_whole_or_the_other(
    city: Path, here: Path, workspace: Path, fill: Callable[[], None], capsys: Capture
) -> None:
    assert data_main(["add", str(city)]) == 0
    before = {path: path.read_bytes() for path in workspace.rglob("*.toml")}
    capsys.readouterr()
    fill()
    assert "(No space left on device)" in check_refusal(data_main(["add", str(city), "--replace"]), capsys)
    assert {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()} == before


def test_a_sample_that_does_not_fit_is_refused(
    here: Path, workspace: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(folder: Path) -> Path:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("data.sample.writing.make_sample", full)
    line = check_refusal(data_main(["check", "meridian"]), capsys)
    assert "(No space left on device), and the sample city is made there" in line
    assert [path.name for path in workspace.rglob("*") if path.name.startswith((".", FRESH))] == []


def test_a_file_is_written_through_links_and_into_what_is_no_file(city: Path, here: Path, capsys: Capture) -> None:
    (here / "real.csv").write_text("old")
    (here / "link.csv").symlink_to(here / "real.csv")
    command = ("service", "CITY", "requests", "--csv")
    assert run((*command, str(here / "link.csv")), city, here) == 0
    assert (here / "link.csv").is_symlink()
    assert (here / "real.csv").read_text() != "old"
    assert run((*command, os.devnull), city, here) == 0
    assert not Path(os.devnull).is_file()
    capsys.readouterr()
    assert "cannot be written (" in check_refusal(run((*command, "a\0b"), city, here), capsys)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_an_answer_that_cannot_be_written_to_its_end_is_told(workspace: Path) -> None:
    command, root = [sys.executable, "-m", "data", "list"], Path(__file__).parent.parent
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=root)
    assert done.returncode == MISTAKE
    assert done.stderr == (
        "civicast: The answer could not be written to its end (No space left on device): make room on the disk, then "
        "ask again.\n"
    )
