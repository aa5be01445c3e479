"""Whatever is typed: one sentence and status 2, or an answer; never a traceback, and never a silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from tiny_city import write_city

from analytics.__main__ import main as analytics_main
from dashboard.__main__ import main as dashboard_main
from data.__main__ import main as data_main

MAINS: dict[str, Callable[[Sequence[str]], int]] = {
    "analytics": analytics_main,
    "data": data_main,
    "dashboard": dashboard_main,
}
LONG = "x" * 5000
DIGITS = "9" * 400
# What stands where a name, a path or a text is expected.
NAMES = (
    "",
    " ",
    LONG,
    "~nosuchuser",
    "~nosuchuser/city.toml",
    "a\0b",
    "../../..",
    "/",
    "-",
    "%s%n",
    "{0}",
    "“”",
    "💥",
)
NUMBERS = ("-1", "0", "1.5", "1e400", "nan", "-inf", DIGITS, f"-{DIGITS}", "0x10", "", " ", "1_000", "٣", "💥")
PAST_COUNTING = ("100000000", DIGITS)


def lines() -> Iterator[tuple[str, ...]]:
    """Each command line: the module, its arguments; CITY stands for a city's file."""
    for name in NAMES:
        yield "analytics", "forecast", name, "requests"
        yield "analytics", "forecast", "CITY", name
        yield "analytics", "compare", "CITY", name
        yield "analytics", "reproduce", name
        yield "analytics", "reproduce", "3F2A-90BC", "--from", name
        yield "analytics", "questions", name
        yield "data", "check", name
        yield "data", "add", name
        yield "dashboard", "--city", name
    for number in NUMBERS:
        yield "analytics", "forecast", "CITY", "requests", "--horizon", number
        yield "analytics", "hotspots", "CITY", "thefts", "--cell", number
        if number not in ("1_000", "٣"):  # which Python reads as numbers
            yield "dashboard", "--port", number
    for number in PAST_COUNTING:
        yield "analytics", "forecast", "CITY", "requests", "--horizon", number
        yield "analytics", "hotspots", "CITY", "thefts", "--horizon", number
        yield "analytics", "hotspots", "CITY", "thefts", "--windows", number
        yield "analytics", "clusters", "CITY", "thefts", "--weeks", number
    yield from (
        ("analytics", "forecast", "CITY", "requests", "--seed", "-1"),
        ("analytics", "forecast", "CITY", "requests", "--seed", DIGITS),
        ("analytics", "forecast", "CITY", "requests", "--model", "../model"),
        ("analytics", "warnings", "CITY", "--until", "31 February"),
        ("analytics", "warnings", "CITY", "--until", "9999-99-99"),
        ("analytics", "warnings", "CITY", "--until", DIGITS),
        ("analytics", "hotspots", "CITY", "thefts", "--hours", "25-99"),
        ("analytics", "hotspots", "CITY", "thefts", "--days", "%Q%%%"),
        ("analytics", "hotspots", "CITY", "thefts", "--share", "2"),
        ("analytics", "hotspots", "CITY", "thefts", "--category", LONG),
        ("analytics", "service", "CITY", "requests", "--days", "0"),
        ("analytics", "suggest", "CITY", "--question", "sites", "--budget", "-1"),
        ("analytics", "suggest", "CITY", "--question", LONG),
        ("analytics", "new-model", "1 model"),
        ("analytics", "new-model", "../../etc/passwd"),
        ("analytics", "check-model", "absent.py"),
        ("analytics", "check-engine", "/"),
        ("dashboard", "--allow-host", "http://x y"),
        ("dashboard", "--allow-frame", "https://x.example; script-src *"),
        ("dashboard", "--allow-frame", "*"),
        ("analytics", "--", "--"),
        ("analytics", LONG),
        ("data",),
        ("data", "check"),
    )  # fmt: skip


LINES = list(dict.fromkeys(lines()))
# What a scenario file may hold, by what is wrong with it.
SCENARIOS = {
    "empty": b"",
    "nul": b"\0" * 10,
    "utf-16": 'name = "A"'.encode("utf-16"),
    "latin-1": 'name = "Caf\xe9"'.encode("latin-1"),
    "no toml": b"{not: toml",
    "deep": b"a = " + b"[" * 5000 + b"]" * 5000,
    "digits": f'name = "A"\n[levers]\n"demand.change" = {DIGITS}'.encode(),
    "infinite": b'name = "A"\n[levers]\n"demand.change" = inf',
    "nan": b'name = "A"\n[levers]\n"demand.change" = nan',
    "long name": f'name = "{LONG}"'.encode(),
    "no name": b"[levers]",
    "name of another kind": b"name = 3",
    "levers of another kind": b'name = "A"\nlevers = 3',
    "no such lever": b'name = "A"\n[levers]\n"nothing.here" = 1',
    "a date": b'name = "A"\n[levers]\n"demand.change" = 2024-01-01',
    "twice": b'name = "A"\nname = "B"',
    "markup": b'name = "<script>x</script>"\n[levers]\n"<b>" = 1',
    "unknown key": b'name = "A"\ncolour = "red"',
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_city(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICAST_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("dashboard.serving.serve.serve", lambda *options: pytest.fail("it serves"))
    monkeypatch.setattr("dashboard.serving.serve.listening", lambda host, port: [])


def refused(run: Callable[[], int], capsys: pytest.CaptureFixture[str]) -> str:
    """The one sentence of a refusal; "" where there is an answer instead."""
    try:
        status = run()
    except SystemExit as ended:
        status = int(ended.code or 0)
    written = capsys.readouterr()
    assert "Traceback" not in written.err
    if status == 0:
        assert written.out
        return ""
    assert status == 2
    assert written.out == ""
    (line,) = written.err.splitlines()
    assert line.startswith("civicast: ")
    assert line[-1] in ".?"
    assert len(line) < 1500
    return line


@pytest.mark.parametrize("line", LINES, ids=lambda line: " ".join(line)[:60])
def test_whatever_is_typed_gets_one_sentence(
    line: tuple[str, ...], city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    module, *arguments = [str(city) if part == "CITY" else part for part in line]
    assert refused(lambda: MAINS[module](arguments), capsys)


@pytest.mark.parametrize("name", SCENARIOS)
def test_whatever_a_scenario_file_holds_gets_one_sentence(
    name: str, city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "scenario.toml"
    path.write_bytes(SCENARIOS[name])
    assert refused(lambda: analytics_main(["compare", str(city), str(path)]), capsys)


def test_there_are_as_many_as_are_wanted() -> None:
    assert len(LINES) + len(SCENARIOS) >= 120
