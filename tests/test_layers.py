"""The house keeps its shape: imports flow one way and in no circle, each package says what it offers, files stay small."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest
from import_graph import Graph, circle, folders, import_graph, libraries, rooms, tree_of

ROOT = Path(__file__).parent.parent
LAYERS = ("data", "analytics", "dashboard")  # each imports only what stands before it
FILES = sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))

# The rooms of each house in their order: each imports only what stands before it. A new folder is named here, at its place.
ROOMS = {
    "data": (
        "words", "errors.py", "brand.py", "frequency.py", "provenance.py", "confined", "readers", "store", "calendar.py", "sample",
        "tables", "cityfile.py", "city.py", "live", "past.py", "__init__.py", "__main__.py",
    ),
    "analytics": (
        "errors.py", "results.py", "parallel.py", "streams.py", "resampling.py", "equity.py",
        "caveats", "plugins", "forecasting", "hotspots", "environment", "monitoring", "traffic", "signals", "evaluation",
        "scenarios", "requests",
        "recipes", "decisions", "answers.py", "openings.py", "overview.py",
        "refresh.py", "plain.py", "__init__.py", "commands", "__main__.py",
    ),
    "analytics/forecasting": (
        "panel.py", "contract.py", "calendar", "running.py", "scoring.py", "uncertainty", "results.py", "models", "backtesting",
        "checks", "forecast.py",
    ),
    "analytics/hotspots": (
        "cells", "contract.py", "significance", "smoothing", "backtesting", "clustering", "results.py", "methods",
        "audit", "find.py", "checks",
    ),
    "dashboard": (
        "errors.py", "figures", "briefings", "help", "markup", "style.py", "workers", "shell", "views", "brief.py", "app.py",
        "script.py", "beforehand.py", "serving", "__main__.py",
    ),
}  # fmt: skip

# Where a library may be imported: folders end in a slash. What is not named here may be imported anywhere.
OWNERS = {
    "streamlit": (
        "dashboard/views/", "dashboard/shell/", "dashboard/app.py", "dashboard/serving/",
    ),
    "plotly": ("dashboard/figures/render/",),
    "matplotlib": ("dashboard/figures/render/",),
    "nbformat": ("analytics/recipes/",),
    "xlsxwriter": ("dashboard/figures/exports/",),
    "docx": ("dashboard/briefings/",),
    "pptx": ("dashboard/briefings/",),
    "reportlab": ("dashboard/briefings/",),
    "sqlalchemy": ("data/store/records/",),
    "alembic": ("data/store/records/",),
    "filelock": ("data/store/",),
    "starlette": ("dashboard/serving/",),
    "uvicorn": ("dashboard/serving/",),
}  # fmt: skip
# Libraries that take long to import, or may be absent: imported inside the functions that use them.
HEAVY = {"aequilibrae", "statsmodels", "nbformat", "prophet", "lightgbm", "sklearn", "uvicorn"}
LINES = {"view.py": 60}  # a view is one question; all other files have at most
MOST_LINES = 300  # and docstrings beside, which grow with what they say of shapes, units and sources


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def graph() -> Graph:
    return import_graph(ROOT, LAYERS)


# Layers and circles


def test_layers_import_one_way(graph: Graph) -> None:
    known = rooms(graph, ".")
    assert set(known) == set(LAYERS)
    for place, layer in enumerate(LAYERS):
        assert known[layer] <= set(LAYERS[:place])


def test_no_layer_imports_tests_or_benchmarks() -> None:
    assert [relative(path) for path in FILES if libraries(tree_of(path)) & {"tests", "benchmarks"}] == []


def test_no_circle_of_files(graph: Graph) -> None:
    assert circle(graph) == []


def test_no_circle_of_folders(graph: Graph) -> None:
    assert {folder: found for folder in folders(graph) if (found := circle(rooms(graph, folder)))} == {}


@pytest.mark.parametrize("folder", ROOMS)
def test_rooms_keep_their_order(graph: Graph, folder: str) -> None:
    known, order = rooms(graph, folder), ROOMS[folder]
    inside = {room for room in known if not room.endswith(".py")}
    assert sorted(inside - set(order)) == [], "name each new folder in ROOMS"
    for place, room in enumerate(order):
        after = known.get(room, set()) & set(order[place + 1 :])
        assert not after, f"{room} imports {', '.join(sorted(after))}, which stands after it"


# Tools of this test, tested: a tiny house with circles is told from one without


def house(tmp_path: Path, **files: str) -> Path:
    for name, source in files.items():
        path = tmp_path / (name.replace("__", "/") + ".py")
        for folder in (path.parent, *path.parent.parents):
            if folder.is_relative_to(tmp_path) and folder != tmp_path:
                folder.mkdir(parents=True, exist_ok=True)
                (folder / "__init__.py").touch()
        path.write_text(source)
    return tmp_path


@pytest.mark.parametrize(
    "back",
    [
        "def later():\n    from home.kitchen.stove import heat\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from home.kitchen.stove import heat\n",
        "import home.kitchen.stove\n",
        "import home.kitchen.stove as oven\n",
        "from home.kitchen import stove\n",
        "from ..kitchen.stove import heat\n",
        "from ..kitchen import stove\n",
        "def later():\n    try:\n        from ..kitchen import stove as oven\n    except ImportError:\n        pass\n",
    ],
)
def test_a_circle_is_found_however_it_is_imported(tmp_path: Path, back: str) -> None:
    root = house(tmp_path, home__kitchen__stove="from home.cellar.coal import dig\n", home__cellar__coal=back)
    graph = import_graph(root, ["home"])
    assert set(circle(graph)) == {"home/kitchen/stove.py", "home/cellar/coal.py"}
    assert set(circle(rooms(graph, "home"))) == {"kitchen", "cellar"}
    assert circle(rooms(graph, ".")) == circle(rooms(graph, "home/cellar")) == []


def test_a_circle_of_folders_is_found_where_no_files_run_in_one(tmp_path: Path) -> None:
    root = house(
        tmp_path,
        home__kitchen__stove="from home.cellar.coal import dig\n",
        home__kitchen__table="",
        home__cellar__coal="",
        home__cellar__wine="import home.kitchen.table\n",
    )
    graph = import_graph(root, ["home"])
    assert circle(graph) == []
    assert set(circle(rooms(graph, "home"))) == {"kitchen", "cellar"}


def test_what_flows_one_way_is_no_circle(tmp_path: Path) -> None:
    root = house(
        tmp_path,
        home__kitchen__stove="from home.cellar import coal\nfrom home.cellar.coal import dig\nimport numpy.linalg\n",
        home__kitchen__table="from .stove import heat\n",
        home__cellar__coal="from . import wine\n",
    )
    (root / "home/cellar/wine.py").touch()
    graph = import_graph(root, ["home"])
    assert graph["home/kitchen/stove.py"] == {"home/cellar/coal.py"}
    assert graph["home/kitchen/table.py"] == {"home/kitchen/stove.py"}
    assert graph["home/cellar/coal.py"] == {"home/cellar/wine.py"}
    assert all(circle(each) == [] for each in (graph, *(rooms(graph, folder) for folder in folders(graph))))


def test_a_package_that_imports_from_itself_is_a_circle(tmp_path: Path) -> None:
    root = house(tmp_path, home__stove="from home import heat\n")
    (root / "home/__init__.py").write_text("from home.stove import fire\n")
    assert set(circle(import_graph(root, ["home"]))) == {"home/__init__.py", "home/stove.py"}


# Libraries


def allowed(file: str, owners: tuple[str, ...]) -> bool:
    return any(file == owner or (owner.endswith("/") and file.startswith(owner)) for owner in owners)


@pytest.mark.parametrize("library", OWNERS)
def test_a_library_stays_in_its_folder(library: str) -> None:
    users = {relative(path) for path in FILES if library in libraries(tree_of(path))}
    assert users
    assert {file for file in users if not allowed(file, OWNERS[library])} == set()


def test_a_file_draws_on_screen_or_into_a_file() -> None:
    assert [relative(path) for path in FILES if {"plotly", "matplotlib"} <= libraries(tree_of(path))] == []


def test_compiled_loops_stand_alone() -> None:
    users = [path for path in FILES if "numba" in libraries(tree_of(path))]
    assert users
    assert [relative(path) for path in users if not path.stem.endswith("loops")] == []


def test_heavy_libraries_are_imported_where_used() -> None:
    early = {relative(path): libraries(ast.Module(_at_import(tree_of(path)), [])) & HEAVY for path in FILES}
    assert {file: found for file, found in early.items() if found} == {}


def _at_import(tree: ast.AST) -> list[ast.stmt]:
    """The import statements that run when the file is imported: neither in a function nor under TYPE_CHECKING."""
    found: list[ast.stmt] = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.append(node)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            found += [each for part in node.orelse for each in _at_import(ast.Module([part], []))]
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            found += _at_import(node)
    return found


# Owners


@pytest.mark.parametrize("owner", ["session_state", "query_params"])
def test_one_file_owns_the_session(owner: str) -> None:
    users = [
        relative(path)
        for path in FILES
        if any(
            ast.unparse(node) in {f"st.{owner}", f"streamlit.{owner}"}
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Attribute)
        )
    ]
    assert set(users) <= {"dashboard/shell/session.py"}


def test_one_file_owns_the_caches() -> None:
    users = {
        relative(path)
        for path in FILES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in {"cache_data", "cache_resource"}
    }
    assert users == {"dashboard/shell/cached.py"}


def test_every_view_fits_one_question() -> None:
    views = (ROOT / "dashboard" / "views").glob("*/view.py")
    assert {path.parent.name for path in views} >= {"overview", "outlook", "hotspots", "scenarios", "models"}


# Files and packages


@pytest.mark.parametrize("path", [path for path in FILES if path.name == "__init__.py"], ids=relative)
def test_packages_say_what_they_offer(path: Path) -> None:
    name = ".".join(path.parent.relative_to(ROOT).parts)
    package = importlib.import_module(name)
    tree = tree_of(path)
    offered = {
        alias.asname or alias.name
        for node in (*tree.body, *(each for part in tree.body if isinstance(part, ast.If) for each in part.body))
        if isinstance(node, ast.ImportFrom) and node.module != "__future__"
        for alias in node.names
    }
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert set(getattr(package, "__all__", [])) == {each for each in offered | defined if not each.startswith("_")}


def test_files_have_one_purpose() -> None:
    lines = {path: lines_of(path) for path in FILES}
    assert {relative(path): n for path, n in lines.items() if n > LINES.get(path.name, MOST_LINES)} == {}


def lines_of(path: Path) -> int:
    """The lines of a file beside its docstrings."""
    nodes = [
        node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    ]
    docstrings = sum(node.value.end_lineno - node.value.lineno + 1 for node in nodes)
    return len(path.read_text(encoding="utf-8").splitlines()) - docstrings


def test_every_folder_is_a_package() -> None:
    assert {path.parent for path in FILES} == {path.parent for path in FILES if path.name == "__init__.py"}
