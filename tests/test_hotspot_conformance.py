"""Every hotspot method keeps every promise of the contract; each mistake is refused for its own reason."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from pathlib import Path

import pytest

from analytics.__main__ import main
from analytics.errors import HotspotError
from analytics.hotspots.checks.file import check_file, new_method, opened_method
from analytics.hotspots.checks.suite import CHECKS, check_hotspot_method
from analytics.hotspots.checks.trial import Trial
from analytics.hotspots.contract import METHODS
from analytics.hotspots.registry import find_method, methods
from data.words import knows
from data.words.catalogue import template

TEMPLATE = Path(__file__).parent.parent / "analytics" / "hotspots" / "methods" / "_template.py"
HEAD = """
import time
import numpy as np
import pandas as pd
from analytics.hotspots.contract import hotspot_method

FACTS = dict(
    name="mine", title="Mine", version="1", limits=("It is a test.",), inputs=("Past incidents",), complexity=1,
)
KEPT = {}

def count(incidents, cells, as_of, horizon_days):
    days = max(1, (as_of - incidents.since).days)
    return cells.counts(incidents.frame) * horizon_days / days
"""
METHOD = """
@hotspot_method(**FACTS)
def mine(incidents, cells, *, as_of, horizon_days, seed=0):
"""
LEARNS = """
def learn(incidents, cells, *, as_of, horizon_days, seed=0):
    {learn}

@hotspot_method(**FACTS, fit=learn)
def mine(incidents, cells, *, as_of, horizon_days, seed=0, fitted):
"""
COUNT = "return count(incidents, cells, as_of, horizon_days)"
BROKEN = {
    "one too few": ("one_number_a_cell", METHOD, COUNT + "[1:]"),
    "a table": ("one_number_a_cell", METHOD, COUNT + "[None]"),
    "breaks down": ("one_number_a_cell", METHOD, "return 1 / 0"),
    "no number": ("finite", METHOD, "return count(incidents, cells, as_of, horizon_days) * np.nan"),
    "negative": ("not_negative", METHOD, "return count(incidents, cells, as_of, horizon_days) - 0.1"),
    "a score, no rate": ("a_rate", METHOD, "return cells.counts(incidents.frame)"),
    "ignores the horizon": ("a_rate", METHOD, "return count(incidents, cells, as_of, 28)"),
    "turned round": ("follows_the_events", METHOD, COUNT + "[::-1]"),
    "even": ("follows_the_events", METHOD, "return np.full(len(cells), 3 * horizon_days / len(cells))"),
    "not deterministic": (
        "same_seed_same_answer", METHOD,
        "return count(incidents, cells, as_of, horizon_days) * (1 + np.random.default_rng().random() / 1000)",
    ),
    "changes the incidents": (
        "input_untouched", METHOD, "incidents.frame['x'] += 1.0; return count(incidents, cells, as_of, horizon_days)",
    ),
    "changes the cells": (
        "input_untouched", METHOD, "cells.x[0] += 1e-6; return count(incidents, cells, as_of, horizon_days)",
    ),
    "moves the global random numbers": ("global_random_untouched", METHOD, "np.random.seed(seed); " + COUNT),
    "prints": ("prints_nothing", METHOD, "print('hello'); " + COUNT),
    "learns what cannot travel": ("pickles", LEARNS.format(learn="return lambda: 1"), COUNT),
    "learns by lot": (
        "fit_is_deterministic", LEARNS.format(learn="return 1 + np.random.default_rng().random() / 1000"),
        "return count(incidents, cells, as_of, horizon_days) * fitted",
    ),
    "wears out what it learned": (
        "fit_serves_later", LEARNS.format(learn="return [1.0]"),
        "fitted[0] *= 1.01; return count(incidents, cells, as_of, horizon_days) * fitted[0]",
    ),
    "remembers": (
        "sees_nothing_later", METHOD,
        """
        frame = incidents.frame
        if len(frame) > len(KEPT.get("all", ())):
            KEPT["all"] = frame
        said = count(incidents, cells, as_of, horizon_days)
        return said if len(KEPT["all"]) < 3000 else said * 1.001
        """,
    ),
    "needs a last year": (
        "empty_recent_year", METHOD,
        """
        recent = incidents.frame[incidents.frame["time"] >= as_of - pd.Timedelta(days=366)]
        return cells.counts(recent) / len(recent) * 3 * horizon_days
        """,
    ),
    "takes one event for many": (
        "one_event", METHOD,
        """
        said = count(incidents, cells, as_of, horizon_days)
        return said * max(1.0, 3 * horizon_days / max(said.sum(), 1e-9)) if len(incidents.frame) == 1 else said
        """,
    ),
    "needs three weeks": (
        "short_history", METHOD, "assert (as_of - incidents.since).days > 21, 'too little'\n" + COUNT,
    ),
    "needs events of several days": (
        "all_on_one_day", METHOD, "assert incidents.frame['time'].std() > pd.Timedelta(0) or len(incidents.frame) < 2\n" + COUNT,
    ),
    "counts what lies elsewhere": (
        "events_off_the_map", METHOD,
        """
        said = np.zeros(len(cells))
        np.add.at(said, cells.cell_of(incidents.frame), 1)
        return said * horizon_days / max(1, (as_of - incidents.since).days)
        """,
    ),
    "needs two cells": ("a_single_cell", METHOD, "assert len(cells) > 1\n" + COUNT),
    "knows squares only": (
        "on_hexagons", METHOD,
        "return cells.on_grid(count(incidents, cells, as_of, horizon_days)).ravel()[cells.index]",
    ),
    "needs cells of a size": ("on_areas", METHOD, "assert cells.size\n" + COUNT),
    "needs polygons": ("on_segments", METHOD, "assert cells.kind != 'segments'\n" + COUNT),
    "limits in a word": ("attributes", "FACTS['limits'] = ('slow',)\n" + METHOD, COUNT),
    "complexity below none": ("attributes", "FACTS['complexity'] = -1\n" + METHOD, COUNT),
}  # fmt: skip


def source(head: str, body: str) -> str:
    return HEAD + head + textwrap.indent(textwrap.dedent(body).strip(), "    ") + "\n"


def written(folder: Path, text: str, name: str = "mine.py") -> Path:
    path = folder / name
    path.write_text(text)
    return path


@pytest.mark.parametrize("name", methods())
def test_a_method_passes_every_check(name: str) -> None:
    assert [str(check.sentence) for check in check_hotspot_method(find_method(name)) if not check.passed] == []


@pytest.mark.parametrize("name", [name for name, method in methods().items() if method.fit is None])
def test_the_seed_of_the_checks_does_not_decide(name: str) -> None:
    for seed in (1, 2, 3):
        failed = [
            str(check.sentence) for check in check_hotspot_method(find_method(name), seed=seed) if not check.passed
        ]
        assert failed == []


def test_each_check_has_its_sentences_and_a_mistake_that_it_refuses() -> None:
    for name, function in CHECKS.items():
        assert template(f"method_checks.{name}.promise").endswith(".")
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        returned = {ast.unparse(node.value) for node in ast.walk(tree) if isinstance(node, ast.Return) and node.value}
        assert knows(f"method_checks.{name}.failed") == (returned != {"None"}), name
    # Old events alone are stood by what stands an empty year; how slow is slow has a test of its own.
    assert set(CHECKS) - {check for check, *_ in BROKEN.values()} == {"only_long_ago", "quick_unless_slow"}


def test_a_method_that_takes_its_time_must_say_so(tmp_path: Path) -> None:
    for slow in (False, True):
        head = f"FACTS['slow'] = {slow}\n" + METHOD
        with opened_method(written(tmp_path, source(head, "time.sleep(0.06); " + COUNT))) as method:
            found = CHECKS["quick_unless_slow"](Trial(method, quick_seconds=0.05))
            assert (found is None) == slow
            assert CHECKS["quick_unless_slow"](Trial(method, quick_seconds=60)) is None


def test_a_past_of_old_events_alone_is_stood(tmp_path: Path) -> None:
    body = "assert (incidents.frame['time'] > as_of - pd.Timedelta(days=728)).any()\n" + COUNT
    with opened_method(written(tmp_path, source(METHOD, body))) as method:
        failed = {check.name for check in check_hotspot_method(method) if not check.passed}
    assert failed == {"only_long_ago"}


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_broken_method_fails_the_check_that_names_its_mistake(mistake: str, tmp_path: Path) -> None:
    check, head, body = BROKEN[mistake]
    report = check_file(written(tmp_path, source(head, body)))
    assert report.failed
    assert report.failed[0].name == check, [str(each.sentence) for each in report.failed]
    assert report.standing is None
    assert "mine" not in methods()


def test_the_method_that_the_broken_ones_spoil_is_whole(tmp_path: Path) -> None:
    for head in (METHOD, LEARNS.format(learn="return 1.0")):
        with opened_method(written(tmp_path, source(head, COUNT))) as method:
            assert [str(check.sentence) for check in check_hotspot_method(method) if not check.passed] == []
            assert find_method("mine") is method


def test_the_city_on_trial_is_what_the_checks_say_of_it() -> None:
    trial = Trial(find_method("count_last_year"))
    assert len(trial.cells) == 144
    place = trial.cells.cell_of(trial.incidents.frame)
    assert (place >= 0).all()
    assert trial.cells.counts(trial.incidents.frame)[-1] == 0
    since = trial.poisoned(since=trial.incidents.since).frame
    assert trial.cells.counts(since)[-1] == 4000
    assert {kind: len(trial.cells_of(kind)) > 1 for kind in ("hexagons", "areas", "segments")} == dict.fromkeys(
        ("hexagons", "areas", "segments"), True
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("def (", r"is not a Python file that can be run .invalid syntax.*, line 1"),
        ("answer = 42", r"must register exactly one method with @hotspot_method.*registers none"),
        (source(METHOD, "...") + METHOD.replace("**FACTS", "**(FACTS | {'name': 'second'})") + "    ...", "mine and second"),
        ("raise SystemExit(0)", "SystemExit: 0"),
        (source("FACTS['limits'] = ()\n" + METHOD, "..."), "states no limits"),
        (source("FACTS['name'] = 'promap'\n" + METHOD, "..."), "“promap” belongs to a hotspot method that there is"),
    ],
    ids=["syntax", "none", "two", "exit", "limits", "taken"],
)  # fmt: skip
def test_a_file_that_holds_no_method_is_refused(tmp_path: Path, text: str, why: str) -> None:
    before = dict(METHODS.registry.all())
    with pytest.raises(HotspotError, match=why):
        check_file(written(tmp_path, text))
    assert before == METHODS.registry.plugins


def test_the_template_learns_nothing_and_says_how_one_would() -> None:
    text = TEMPLATE.read_text()
    assert "fit=" in text
    assert "slow=True" in text


@pytest.mark.usefixtures("sample_city")
def test_a_scaffolded_method_passes_and_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-method", "last_quarter", "--folder", str(tmp_path / "new")]) == 0
    steps = capsys.readouterr().out
    path = tmp_path / "new" / "last_quarter.py"
    assert f"check-method {path}" in steps
    assert "civicast.hotspot_methods" in steps
    assert main(["check-method", str(path), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["name"] == "last_quarter"
    assert all(check["passed"] for check in report["checks"])
    assert report["seconds"] > 0
    standing = report["standing"]
    assert standing["low"] <= standing["hit_rate"] <= standing["high"]
    assert [other["title"] for other in standing["against"]] == ["Last year's count", "Kernel mixture"]
    # A quarter holds too few assaults to know a map by: it must not come out as better than the mixture.
    assert standing["against"][1]["high"] < 1
    assert "last_quarter" not in methods()


def test_the_command_says_the_first_reason_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check, head, body = BROKEN["negative"]
    path = written(tmp_path, source(head, body))
    assert main(["check-method", str(path)]) == 2
    said = capsys.readouterr()
    assert f"FAILED  {check}: It expects down to −0.1 events" in said.out
    assert said.err.startswith("civicast: It expects down to")
    assert len(said.err.splitlines()) == 1
    assert main(["check-method", str(tmp_path / "absent.py")]) == 2
    assert "make one with `python -m analytics new-method NAME`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "why"), [("Quiet", "cannot name a method"), ("promap", "belongs to a hotspot method")]
)
def test_a_bad_name_is_refused(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(HotspotError, match=why):
        new_method(name, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_exists_is_left_alone(tmp_path: Path) -> None:
    path = written(tmp_path, "mine already")
    with pytest.raises(HotspotError, match="exists already"):
        new_method("mine", folder=tmp_path)
    assert path.read_text() == "mine already"
