"""``reproduce``: a receipt made in one clone comes out the same in another, and says what differs where it does not."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from monthly_city import REQUESTS, write_monthly_city

from analytics.__main__ import main
from analytics.scenarios.registry import engines

ROOT = Path(__file__).parent.parent
DEMAND = "analytics/scenarios/engines/demand.py"


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    status = main([str(each) for each in arguments])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def compared(folder: Path, capsys: pytest.CaptureFixture[str], *more: str | Path) -> tuple[Path, str]:
    """The city of a folder, and the receipt of a comparison that was made in it."""
    city = write_monthly_city(folder / "city")
    for name, change in (("today", 0), ("more", 0.1)):
        (folder / f"{name}.toml").write_text(f'name = "{name.title()}"\n[levers]\n"demand.change" = {change}\n')
    files = (folder / "today.toml", folder / "more.toml")
    status, out, _ = run(capsys, "compare", city, *files, "--question", "demand", "--draws", "100", *more)
    assert status == 0
    return city, re.findall(r"Receipt (\S{4}-\S{4})", out)[0]


def clone(folder: Path) -> Path:
    """The code in another folder, with what is compiled of it."""
    for layer in ("data", "analytics"):
        shutil.copytree(ROOT / layer, folder / layer)
    return folder


def elsewhere(root: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A command in a clone, with a workspace of its own."""
    home = root.parent / "home-elsewhere"
    environment = os.environ | {"CIVICAST_HOME": str(home), "PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "analytics", *map(str, arguments)]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=300, check=False)


def test_a_receipt_of_one_clone_in_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken = tmp_path / "taken.zip"
    city, receipt = compared(tmp_path / "here", capsys, "--out", taken)
    other = clone(tmp_path / "elsewhere")
    theirs = other / "city"
    shutil.copytree(city.parent, theirs)

    done = elsewhere(other, "reproduce", receipt, "--from", taken, "--city", theirs / "city.toml", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["same"]
    assert found["changes"] == found["edits"] == []
    assert found["now"]["receipt"] == receipt
    assert found["now"]["answer"] == found["then"]["answer"]
    assert [each.name for each in (tmp_path / "home-elsewhere" / "results" / "recipe").iterdir()] == [
        f"{receipt}.result"
    ]

    # One cell of data, one lever and one engine's version are changed.
    rows = (theirs / REQUESTS).read_text().splitlines()
    month, ward, n = rows[-1].split(",")
    (theirs / REQUESTS).write_text("\n".join([*rows[:-1], f"{month},{ward},{int(n) + 30}"]) + "\n")
    version = engines()["demand"].version
    source = (other / DEMAND).read_text()
    assert f'version: str = "{version}"' in source
    (other / DEMAND).write_text(source.replace(f'version: str = "{version}"', 'version: str = "other"'))
    shutil.unpack_archive(taken, tmp_path / "unpacked")
    [option] = (tmp_path / "unpacked").rglob("02_more.toml")
    option.write_text(option.read_text().replace("0.1", "0.2"))

    done = elsewhere(other, "reproduce", tmp_path / "unpacked", "--city", theirs / "city.toml")
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert lines[1].startswith("Not the same: ")
    assert "demand.change of the option “More” was “0.1” and is “0.2” now." in done.stdout
    assert "The table “requests” holds other data" in done.stdout
    assert f"The engine “demand” was version {version} and is version other now." in done.stdout
    assert f"The file “{DEMAND}”" in done.stdout
    made_of = lines[lines.index("What it is made of otherwise:") + 1 : lines.index(next(filter(then, lines)))]
    assert len(made_of) == 3  # and nothing else
    assert re.search(r"^Then: More: 10.% more", done.stdout, flags=re.M)
    assert re.search(r"^Now: More: \d\d.% more", done.stdout, flags=re.M)
    assert re.search(r"^  More, Requests: then \S+ \[.*\], .* of 100; now \S+ \[", done.stdout, flags=re.M)


def then(line: str) -> bool:
    return line.startswith("Then: ")


def test_the_workspace_has_the_recipe_of_what_was_compared_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city, receipt = compared(tmp_path, capsys)
    notebook = tmp_path / "again.ipynb"
    status, out, _ = run(capsys, "reproduce", receipt.lower(), "--city", city, "--out", notebook)
    assert status == 0
    assert f"The same to the last printed digit: receipt {receipt}, digest " in out
    assert "Then:" not in out
    assert f"Written to {notebook}" in out
    status, _, _ = run(capsys, "reproduce", notebook, "--city", city)
    assert status == 0
    # What somebody sends under a receipt that is known here is held against what is known.
    recipe = json.loads(notebook.read_text())["metadata"]["civicast"]
    recipe["asked"]["scenarios"][1]["levers"]["demand.change"] = 0.3
    recipe["marks"] = {}
    sent = tmp_path / "sent.json"
    sent.write_text(json.dumps(recipe))
    status, out, _ = run(capsys, "reproduce", sent, "--city", city)
    assert status == 1
    assert "demand.change of the option “More” was “0.1” and is “0.3” now." in out
    # The numbers are the same, whatever else is not: all that differs is told, up to a length.
    recipe["asked"]["scenarios"][1]["levers"]["demand.change"] = 0.1
    recipe["made"]["files"] |= {f"analytics/{number}.py": "0" for number in range(20)}
    sent.write_text(json.dumps(recipe))
    status, out, _ = run(capsys, "reproduce", sent, "--city", city)
    assert status == 0
    assert "What is asked otherwise:" not in out
    assert out.count("was there and is not here.") == 12
    assert "  and 8 more; --json names all" in out
    # The city is the recipe's own only by its name in the workspace.
    status, _, err = run(capsys, "reproduce", receipt)
    assert status == 2
    assert "comparison of the city “monthly”, and the workspace has meridian" in err
    write_monthly_city(Path(os.environ["CIVICAST_HOME"]) / "cities" / "monthly")
    status, _, _ = run(capsys, "reproduce", receipt)
    assert status == 0


def test_two_receipts_are_held_against_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, first = compared(tmp_path, capsys)
    _, second = compared(tmp_path, capsys, "--seed", "1")
    status, out, _ = run(capsys, "reproduce", first, "--against", second)
    assert status == 1
    lines = out.splitlines()
    assert lines[0] == f"monthly, receipt {first}"
    assert lines[1].endswith(f"the receipt is {second} now.")
    assert lines[2:4] == ["What is asked otherwise:", "  seed, of the question, was “0” and is “1” now."]
    assert "What it is made of otherwise:" not in lines
    status, out, _ = run(capsys, "reproduce", first, "--against", first, "--json")
    assert status == 0
    assert json.loads(out)["same"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["4K7-QX2"], "is no receipt, which is written as 3F2A-90BC"),
        (["3F2A-90BC"], "keeps no recipe of “3F2A-90BC” (0 recipes are kept)"),
        (["3F2A-90BC", "--from", "absent.zip"], "There is no file or folder “absent.zip”"),
        (["."], "holds no recipe"),
        (["4K7", "--against", "4K7"], "is no receipt"),
        (["absent.ipynb"], "is no receipt"),
        (["4K7", "--from", "."], "is no receipt"),
        (["\0"], "is no receipt"),
        (["x" * 5000], "is no receipt"),
    ],
)
def test_a_mistake_is_one_sentence(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = run(capsys, "reproduce", *arguments)
    assert (status, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1
