"""What a public function's docstring leaves out, by numpydoc's own reading of it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from inspect import cleandoc

from numpydoc.docscrape import NumpyDocString

Function = ast.FunctionDef | ast.AsyncFunctionDef
# What these register is called by a contract, whose parameters are told once, where the contract is.
BY_CONTRACT = {"check", "rule", "forecaster", "hotspot_method", "overload"}


@dataclass(frozen=True)
class Lack:
    """A public function and what its docstring does not say."""

    name: str
    line: int
    what: str


def methods_of(trees: Iterable[ast.Module]) -> dict[str, set[str]]:
    """The methods that each class defines, by the class's name."""
    classes = [node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]
    return {each.name: {inner.name for inner in each.body if isinstance(inner, Function)} for each in classes}


def lacks(tree: ast.Module, *, methods: Mapping[str, set[str]] | None = None) -> Iterator[Lack]:
    """What is missing of Parameters, Returns or Yields, and Raises, in public functions of two or more parameters.

    ``methods`` are those of all classes: what a class takes from one that it is made from is told there.
    """
    for name, function in _public(tree, methods or {}):
        if len(_parameters(function)) < 2 or BY_CONTRACT & set(map(_name_of, function.decorator_list)):
            continue
        for what in _missing(function):
            yield Lack(name, function.lineno, what)


def _public(tree: ast.Module, methods: Mapping[str, set[str]]) -> Iterator[tuple[str, Function]]:
    """The functions that a file offers, and the methods of the classes that it offers."""
    for node in tree.body:
        if not isinstance(node, Function | ast.ClassDef) or node.name not in offered(tree, node.name):
            continue
        if isinstance(node, Function):
            yield node.name, node
        else:
            above = {name for base in node.bases for name in methods.get(_name_of(base), set())}
            for each in node.body:
                if isinstance(each, Function) and not each.name.startswith("_") and each.name not in above:
                    yield f"{node.name}.{each.name}", each


def offered(tree: ast.Module, name: str) -> set[str]:
    """The names in ``__all__``; without it, the name itself where it is not private."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return {each.value for each in ast.walk(node.value) if isinstance(each, ast.Constant)}
    return set() if name.startswith("_") else {name}


def _missing(function: Function) -> Iterator[str]:
    docstring = ast.get_docstring(function)
    if docstring is None:
        yield "a docstring"
        return
    sections = NumpyDocString(cleandoc(docstring))
    written = [each.strip("* ") for part in sections["Parameters"] for each in part.name.split(",")]
    named = _parameters(function)
    if missing := [each for each in named if each not in written]:
        yield f"Parameters: {', '.join(missing)}"
    if unknown := [each for each in written if each not in named]:
        yield f"Parameters that it has not: {', '.join(unknown)}"
    if any(not " ".join(part.desc).strip() and not part.type for part in sections["Parameters"]):
        yield "what a parameter is"
    returns = function.returns
    if not (sections["Returns"] or sections["Yields"]) and returns and ast.unparse(returns) not in ("None", "NoReturn"):
        yield "Returns"
    if raised := set(_raised(function)) - {each.type or each.name for each in sections["Raises"]}:
        yield f"Raises: {', '.join(sorted(raised))}"


def _parameters(function: Function) -> list[str]:
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    stars = [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
    return [each.arg for each in [*named, *stars] if each.arg not in {"self", "cls"}]


def _raised(node: ast.AST) -> Iterator[str]:
    """The errors that stand in raise statements of the function itself."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.ClassDef | ast.Lambda):
            continue
        if isinstance(child, ast.Raise) and isinstance(child.exc, ast.Call) and isinstance(child.exc.func, ast.Name):
            # A lower-case name is a function of the file that makes the error.
            yield from [child.exc.func.id] if child.exc.func.id[0].isupper() else []
        yield from _raised(child)


def _name_of(node: ast.expr) -> str:
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
