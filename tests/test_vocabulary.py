"""Names in code are the field's terms: predicted, observed, covered, stated, reported, location, index."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from import_graph import tree_of

ROOT = Path(__file__).parent.parent
FILES = sorted(path for layer in ("data", "analytics", "dashboard") for path in (ROOT / layer).rglob("*.py"))
# Said of a prediction, an outcome, an interval, a statement; each has a term that readers of the field know.
PRIVATE = {"said", "came", "held", "told"}
# Names of what is stored, which users would lose by another.
STORED = {("analytics/forecasting/backtesting/health.py", "said")}
COVERAGE = re.compile(r"(pit|held|cover)_?\d\d")  # one word for it: coverage_80, coverage_95


def names(tree: ast.Module) -> Iterator[str]:
    """The names that a file uses, and the strings that are names of columns and keys."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.arg | ast.keyword):
            yield node.arg or ""
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            yield node.value


def private(name: str) -> bool:
    return bool(PRIVATE & set(name.lower().split("_")) or COVERAGE.search(name))


# Files in which some are left. Take a file out when its names are changed; put none in.
LEFT = {
    "analytics/commands/check_engine.py", "analytics/commands/check_method.py", "analytics/commands/check_model.py",
    "analytics/commands/common.py", "dashboard/markup/page.py", "dashboard/workers/jobs.py", "dashboard/views/hotspots/tables.py",
    "dashboard/views/hotspots/tabs.py", "data/__main__.py", "data/sample/panel.py",
    "data/tables/section.py",
}  # fmt: skip


def test_names_are_the_fields_terms() -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), name) for path in FILES for name in names(tree_of(path)) if private(name)
    }
    assert sorted(each for each in found - STORED if each[0] not in LEFT) == []


def test_private_words_are_found_in_every_kind_of_name() -> None:
    source = "def said(came):\n    held.told_to = f(pit_80=1)\n    frame['held_80']\n    frame['what it said']"
    assert sorted(filter(private, names(ast.parse(source)))) == ["came", "held", "held_80", "pit_80", "said", "told_to"]
