"""Comparisons made again in another clone with another workspace: whether they are the same, and whether changes are named."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from analytics.__main__ import main
from benchmarks.rows import Row
from data.city import find_city

__all__ = ["rows"]

ROOT = Path(__file__).parent.parent.parent
SCENARIOS = ROOT / "tests" / "cities" / "scenarios"
# A plan for each question that Meridian can answer.
PLANS = {
    "demand": "meridian_refuse_campaign.toml",
    "sites": "meridian_sites_south.toml",
    "crews": "meridian_crews_one_more.toml",
    "desks": "meridian_desks_faster.toml",
}
ENGINE = Path("analytics") / "scenarios" / "engines" / "demand.py"
OURS, LEVER = "refuse = -0.1", "refuse = -0.2"


def rows(*, quick: bool = False) -> Iterator[Row]:
    """Each question of Meridian, and one of them after a cell, a lever and a version were changed."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        taken = {name: _taken(place, name, draws=100 if quick else 500) for name in PLANS}
        clone = _clone(place / "clone")
        same = [_again(clone, path)["same"] for path in taken.values()]
        yield Row("reproduced", sum(same) / len(same), "share", 1.0, most=False, note=f"questions: {', '.join(taken)}")
        told = _changed(place, clone, taken["demand"])
        missed = [name for name, seen in told.items() if not seen]
        yield Row("changes_named", len(told) - len(missed), "of 4", 4.0, most=False, note=", ".join(missed))


def _taken(place: Path, question: str, *, draws: int) -> Path:
    """A comparison as a packed folder, made in a workspace of its own."""
    path = place / f"{question}.zip"
    command = ["compare", "meridian", str(SCENARIOS / PLANS[question]), "--draws", str(draws), "--out", str(path)]
    home = place / "home"
    with patch.dict(os.environ, {"CIVICAST_HOME": str(home)}), contextlib.redirect_stdout(io.StringIO()):
        assert main(command) == 0
    return path


def _clone(folder: Path) -> Path:
    """The code that calculates, in another folder."""
    for layer in ("data", "analytics"):
        shutil.copytree(ROOT / layer, folder / layer)
    return folder


def _again(clone: Path, path: Path, *more: str) -> dict[str, Any]:
    """What ``reproduce`` says in the clone, as its JSON."""
    command = [sys.executable, "-m", "analytics", "reproduce", str(path), "--json", *more]
    environment = os.environ | {"CIVICAST_HOME": str(clone.parent / "home of the clone"), "PYTHONPATH": ""}
    done = subprocess.run(command, cwd=clone, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if found["same"] else 1)
    return found


def _changed(place: Path, clone: Path, path: Path) -> dict[str, bool]:
    """Whether each of the changes is named, and nothing else."""
    with patch.dict(os.environ, {"CIVICAST_HOME": str(place / "home of the clone")}):
        city = Path(shutil.copytree(find_city("meridian").parent, place / "city"))
    _change_cell(city / "population.csv")
    source, number = re.subn(r'(version: str = )"\w+"', r'\1"other"', (clone / ENGINE).read_text(encoding="utf-8"))
    assert number == 1
    (clone / ENGINE).write_text(source, encoding="utf-8")
    shutil.unpack_archive(path, place / "unpacked")
    for option in (place / "unpacked").rglob("*.toml"):
        option.write_text(option.read_text(encoding="utf-8").replace(OURS, LEVER), encoding="utf-8")
    found = _again(clone, place / "unpacked", "--city", str(city / "city.toml"))
    changes = {(each["kind"], each["name"]) for each in found["changes"]}
    expected = {"cell": ("table", "population"), "version": ("engine", "demand"), "code": ("code", ENGINE.as_posix())}
    [edit] = found["edits"]
    named = {name: each in changes for name, each in expected.items()}
    return named | {"lever": "demand.change.refuse" in edit["sentence"] and changes == set(expected.values())}


def _change_cell(path: Path) -> None:
    """Another number in the last cell of a table."""
    lines = path.read_text(encoding="utf-8").splitlines()
    *rest, last = lines[-1].split(",")
    path.write_text("\n".join([*lines[:-1], ",".join([*rest, str(float(last) + 1)])]) + "\n", encoding="utf-8")
