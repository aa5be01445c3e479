"""CONTRIBUTING.md is true: its tree is the tree, its paths exist, and the way through the house never turns back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from import_graph import import_graph

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
LAYERS = ("data", "analytics", "dashboard")
PROJECT = (*LAYERS, "tests", "benchmarks")


def section(title: str) -> str:
    """The text under a heading, up to the next of its kind."""
    [found] = re.findall(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", GUIDE, flags=re.DOTALL | re.MULTILINE)
    return str(found)


def tree() -> dict[str, str]:
    """Each path of the tree with its line; a line indented by two spaces stands in the folder above it."""
    [block] = re.findall(r"```\n(.*?)```", section("The tree"), flags=re.DOTALL)
    found: dict[str, str] = {}
    above = ""
    for line in block.splitlines():
        name, _, says = line.strip().partition(" ")
        above = "" if not line.startswith(" ") else above
        found[above + name] = says.strip()
        above = name if not line.startswith(" ") else above
    return found


def rooms() -> set[str]:
    """The folders of the first two levels that hold files of the project."""
    found = set()
    for top in PROJECT:
        for path in (ROOT / top).rglob("*"):
            parts = path.relative_to(ROOT).parts
            if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in parts):
                found |= {"/".join(parts[:depth]) + "/" for depth in (1, 2) if depth < len(parts)}
    return found


def test_the_tree_names_every_room_and_only_what_is_there() -> None:
    named = tree()
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert {name for name in named if name.endswith("/")} == rooms()
    assert [name for name, says in named.items() if not 2 <= len(says.split()) <= 24] == []


def paths(text: str) -> list[str]:
    """What stands in backticks and looks like a path of the project: its folder is one of ours."""
    quoted = [each for words in re.findall(r"`([^`\n]+)`", text) for each in words.split()]
    return [each for each in quoted if each.split("/")[0] in PROJECT and "/" in each and "<" not in each]


@pytest.mark.parametrize("document", ["CONTRIBUTING.md", "README.md"])
def test_every_path_exists(document: str) -> None:
    named = paths((ROOT / document).read_text(encoding="utf-8"))
    assert named
    assert [each for each in named if not (ROOT / each).exists()] == []


def test_the_way_of_a_column_never_turns_back() -> None:
    """No file of the way imports one that comes later, by itself or through others."""
    steps = re.findall(
        r"^\d+\. `([^`]+)`", section("How a column of a city file becomes a point in an exported figure"), flags=re.M
    )
    assert len(steps) > 8
    assert [step.split("/")[0] for step in steps] == sorted((step.split("/")[0] for step in steps), key=LAYERS.index)
    graph = import_graph(ROOT, LAYERS)
    for place, step in enumerate(steps):
        reached, waiting = set(), {step}
        while waiting:
            reached |= waiting
            waiting = {each for file in waiting for each in graph.get(file, set())} - reached
        assert reached & set(steps[place + 1 :]) == set(), f"{step} needs a file that comes after it"


def rows(title: str) -> list[list[str]]:
    """The rows of the table under a heading, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_glossary_names_where_each_word_lives() -> None:
    words = {word: where for word, _, where in rows("Glossary")}
    assert {"horizon", "cutoff", "coverage", "baseline", "lever", "measure", "sentence", "caveat"} <= set(words)
    assert list(words) == sorted(words, key=str.casefold)
    for word, where in words.items():
        found = paths(where)
        assert found, word
        source = " ".join((ROOT / each).read_text(encoding="utf-8") for each in found if (ROOT / each).is_file())
        # The word itself, or its parts in a name of the code: "smallest difference" in ``smallest_difference``.
        assert not source or re.search(re.sub(r"[\s-]", "[ _-]?", word), source, flags=re.IGNORECASE), word


@pytest.mark.parametrize(
    "wanted",
    [
        "coverage",
        "a caveat's sentence",
        "option B's colour",
        "a new lever",
        "a new reader",
        "a new view",
        "a new kind of table",
    ],
)
def test_a_newcomer_finds_it_in_one_step(wanted: str) -> None:
    answers = {each[0]: each[1] for each in rows("Where to look")}
    assert paths(answers[wanted])
