"""Which file imports which, read from the source: every import counts, also inside functions and under TYPE_CHECKING."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path, PurePosixPath

Graph = dict[str, set[str]]


@cache
def tree_of(path: Path) -> ast.Module:
    """A file's syntax, parsed once a process."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def libraries(tree: ast.AST) -> frozenset[str]:
    """The first names of all absolute imports: ``scipy`` for ``from scipy.stats import norm``."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return frozenset(names)


def import_graph(root: Path, packages: Iterable[str]) -> Graph:
    """Each file of the packages with the files of the packages that it imports, as paths from ``root``."""
    files = [path for package in packages for path in sorted((root / package).rglob("*.py"))]
    modules = {_module(path.relative_to(root)): path.relative_to(root).as_posix() for path in files}
    return {
        modules[_module(path.relative_to(root))]: _imported(tree_of(path), path.relative_to(root), modules)
        for path in files
    }


def _module(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(tree: ast.Module, path: Path, modules: Mapping[str, str]) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {modules[alias.name] for alias in node.names if alias.name in modules}
        elif isinstance(node, ast.ImportFrom):
            # One dot is the file's own folder, each further dot the folder above.
            above = path.parent.parts[: len(path.parent.parts) - node.level + 1] if node.level else ()
            base = ".".join([*above, *(node.module or "").split(".")]).strip(".")
            for alias in node.names:
                # ``from package import module`` needs the module, ``from package import name`` the package itself.
                name = f"{base}.{alias.name}" if f"{base}.{alias.name}" in modules else base
                found |= {modules[name]} if name in modules else set()
    return found - {path.as_posix()}


def circle(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """One circle of the graph, its first member repeated at the end; empty where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def rooms(graph: Mapping[str, Iterable[str]], folder: str) -> Graph:
    """What stands directly in a folder, files and folders alike, with what of it each imports.

    A folder counts as one: it imports what any file below it imports.
    """
    found: Graph = {}
    for file, imports in graph.items():
        if (room := _room(file, folder)) is not None:
            found.setdefault(room, set())
            found[room] |= {other for each in imports if (other := _room(each, folder)) not in (None, room)}
    return found


def _room(file: str, folder: str) -> str | None:
    parts, above = PurePosixPath(file).parts, PurePosixPath(folder).parts
    return parts[len(above)] if parts[: len(above)] == above and len(parts) > len(above) else None


def folders(graph: Iterable[str]) -> list[str]:
    """All folders that hold files, and the root above the packages, as ``.``."""
    return sorted({parent.as_posix() for file in graph for parent in PurePosixPath(file).parents})
