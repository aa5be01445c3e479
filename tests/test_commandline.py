"""What is typed wrongly gets one sentence of our own and status 2, and a reader who stops reading is no mistake."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from analytics.__main__ import main as analytics_main
from dashboard.__main__ import main as dashboard_main
from data.__main__ import main as data_main
from data.commandline import Parser, run_quietly


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "python -m analytics needs COMMAND: add it; python -m analytics --help tells more."),
        (("fly",), "There is no command “fly”: choose one of models, "),
        (("compare",), "python -m analytics compare needs CITY and SCENARIO.toml: add it;"),
        (
            ("forecast", "a", "b", "--seed", "x"),
            "--seed: “x” is not a whole number; python -m analytics forecast --help",
        ),
        (("hotspots", "a", "b", "--share", "x"), "--share: “x” is not a number;"),
        (("hotspots", "a", "b", "--share", "nan"), "--share: “nan” is not a number;"),
        (("forecast", "a", "b", "--horizon", "-3"), "--horizon: “-3” is not a whole number above 0;"),
        (("forecast", "a", "b", "--horizon"), "--horizon needs a value after it;"),
        (("models", "--colour"), "python -m analytics knows no --colour: leave it out;"),
        (("compare", "a", "b", "--assume", "growth"), "--assume: “growth” is not a name and a value such as"),
        (("compare", "a", "b", "--assume", "growth=much"), "--assume: “growth=much” is not a name and a value such as"),
        (("compare", "a", "b", "--worth", "travel=-1"), "--worth: “travel=-1” does not say what a unit is worth"),
        (("compare", "a", "b", "--se", "1"), "“--se” may be --seed and --series: write it in full."),
        (("suggest", "a"), "python -m analytics suggest needs --question: add it;"),
    ],
)
def test_a_slip_gets_one_sentence(
    arguments: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        analytics_main(arguments)
    said = capsys.readouterr()
    assert caught.value.code == 2
    assert said.out == ""
    assert said.err.startswith(f"civicast: {sentence}")
    assert said.err.count("\n") == 1


def test_all_command_lines_refuse_alike(capsys: pytest.CaptureFixture[str]) -> None:
    for main, arguments in ((data_main, ["list", "--x"]), (dashboard_main, ["--port", "door"])):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_what_argparse_may_yet_say_is_passed_on(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        Parser(prog="it").error("something\nnew")
    assert capsys.readouterr().err == "civicast: something new; it --help tells more.\n"


def test_a_reader_may_stop_reading(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "analytics", "models"]
    ended = subprocess.run(
        command, stdout=writer, stderr=subprocess.PIPE, check=False, env={**os.environ, "CIVICAST_HOME": str(tmp_path)}
    )
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_another_error_is_not_taken_for_it() -> None:
    def fails() -> int:
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        run_quietly(fails)
    assert run_quietly(lambda: 2) == 2
