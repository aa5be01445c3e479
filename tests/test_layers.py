"""The house keeps its shape: imports flow one way, each package says exactly what it offers, files stay small."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ("data", "analytics", "dashboard")
FORBIDDEN = {
    "data": {"analytics", "dashboard", "streamlit", "plotly", "matplotlib"},
    "analytics": {"dashboard", "streamlit", "plotly", "matplotlib"},
    "dashboard": {"tests", "benchmarks"},
}
HEAVY = {"statsmodels", "prophet"}
MODULES = sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_imports_flow_one_way(path: Path) -> None:
    layer = path.relative_to(ROOT).parts[0]
    assert not imported(ast.parse(path.read_text())) & FORBIDDEN[layer]


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_heavy_libraries_are_imported_where_used(path: Path) -> None:
    top = ast.Module([node for node in ast.parse(path.read_text()).body if not isinstance(node, ast.If)], [])
    functions = [node for node in ast.walk(top) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = {id(inner) for function in functions for inner in ast.walk(function)}
    outside = [
        node for node in ast.walk(top) if id(node) not in inside and isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not imported(ast.Module(outside, [])) & HEAVY


def test_only_the_dashboards_views_and_panels_know_streamlit() -> None:
    allowed = {ROOT / "dashboard" / name for name in ("views", "shell")}
    files = [file for file in (ROOT / "dashboard").rglob("*.py") if not set(file.parents) & allowed]
    files = [file for file in files if file.name not in ("app.py", "server.py", "__main__.py", "style.py")]
    assert files
    assert [relative(file) for file in files if "streamlit" in imported(ast.parse(file.read_text()))] == []


@pytest.mark.parametrize("owner", ["session_state", "query_params"])
def test_one_file_owns_the_session(owner: str) -> None:
    users = [
        relative(path)
        for path in (ROOT / "dashboard").rglob("*.py")
        if any(
            ast.unparse(node) == f"st.{owner}"
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Attribute)
        )
    ]
    assert set(users) <= {"dashboard/shell/session.py"}


def test_one_file_owns_the_caches() -> None:
    users = {
        relative(path)
        for path in (ROOT / "dashboard").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"cache_data", "cache_resource"}
    }
    assert users == {"dashboard/shell/cached.py"}


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "__init__.py"], ids=relative)
def test_packages_say_what_they_offer(path: Path) -> None:
    name = ".".join(path.parent.relative_to(ROOT).parts)
    package = importlib.import_module(name)
    tree = ast.parse(path.read_text())
    offered = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module != "__future__"
        for alias in node.names
    }
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert set(getattr(package, "__all__", [])) == {each for each in offered | defined if not each.startswith("_")}


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_files_have_one_purpose(path: Path) -> None:
    limit = 60 if path.name == "view.py" else 350
    assert len(path.read_text().splitlines()) <= limit


def test_every_view_fits_one_question() -> None:
    views = (ROOT / "dashboard" / "views").glob("*/view.py")
    assert {path.parent.name for path in views} >= {"overview", "outlook", "hotspots", "scenarios", "models"}
