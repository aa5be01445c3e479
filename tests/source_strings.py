"""The strings in the source that people could read: prose left in code, and the codes of sentences."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Raised by code for code: a caller's mistake, read by a developer in a traceback.
FOR_DEVELOPERS = {
    "ValueError", "TypeError", "KeyError", "AssertionError", "ImportError", "RuntimeError", "NotImplementedError",
    "AttributeError", "IndexError", "LookupError",
}  # fmt: skip
# Called with patterns, queries or names of libraries' options: no prose.
NO_PROSE = {"compile", "match", "fullmatch", "search", "sub", "findall", "split", "query", "execute", "filterwarnings"}
# What an argument or a field of these names holds is shown to people, be it one word or many.
SHOWN = {"title", "limits", "inputs", "note", "label", "help", "reason", "description"}
# Two words, or a word beside something that is filled in: "not read", "{} areas", "{}: nothing".
PROSE = re.compile(r"[A-Za-z]{2,}[,;:]?\s+[A-Za-z]{2,}|{}[^\w]*\s[A-Za-z]{3,}|[A-Za-z]{3,}[^\w]*\s{}")


@dataclass(frozen=True)
class Literal:
    """A string of the source; what an f-string fills in stands as ``{}``."""

    line: int
    text: str


def prose(tree: ast.Module) -> Iterator[Literal]:
    """The strings that read like a sentence or a title: no docstring, no message to developers, no pattern."""
    yield from _prose(tree)


def _prose(node: ast.AST) -> Iterator[Literal]:
    if isinstance(node, ast.Raise) and _called(node.exc) in FOR_DEVELOPERS:
        return
    if isinstance(node, ast.Assert):
        yield from _prose(node.test)
        return
    if isinstance(node, ast.Call) and _called(node) in NO_PROSE:
        return
    if isinstance(node, ast.keyword) and node.arg in SHOWN:
        yield from _shown(node.value)
        return
    if (
        isinstance(node, ast.AnnAssign | ast.Assign)
        and node.value
        and SHOWN & {_called(each) for each in _targets(node)}
    ):
        yield from _shown(node.value)
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring, of a module, a function, a class or an attribute
    if isinstance(node, ast.JoinedStr | ast.Constant):
        text = _text(node)
        if PROSE.search(text):
            yield Literal(node.lineno, text)
        if isinstance(node, ast.Constant):
            return
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield from _prose(part.value)
        return
    # A list of names in one string, "a b c".split(), is no prose either.
    if isinstance(node, ast.Subscript) and _called(node.value) == "Literal":
        return
    for child in ast.iter_child_nodes(node):
        yield from _prose(child)


def _targets(node: ast.AnnAssign | ast.Assign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _shown(node: ast.expr) -> Iterator[Literal]:
    """Any word in a value that people read, but for codes: of a sentence, with dots, or of a reason, in lower case."""
    if isinstance(node, ast.Tuple | ast.List):
        for each in node.elts:
            yield from _shown(each)
    elif isinstance(node, ast.Constant | ast.JoinedStr) and re.search(r"[A-Za-z]{2}", text := _text(node)):
        if not re.fullmatch(r"[\w{}]+(\.[\w{}]+)+|[a-z_]+", text):
            yield Literal(node.lineno, text)
    else:
        yield from _prose(node)


def _text(node: ast.JoinedStr | ast.Constant) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)


def _called(node: ast.AST | None) -> str:
    function = node.func if isinstance(node, ast.Call) else node
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


# Codes


@dataclass(frozen=True)
class Use:
    """A code as it stands in the source (what is filled in stands as ``{}``) and the evidence given, where that can be seen."""

    line: int
    code: str
    evidence: frozenset[str] | None


def uses(tree: ast.Module) -> Iterator[Use]:
    """The calls that name a code: ``Sentence("a.b", {...})``, ``say("a.b", {...})``, ``SomeError("c", name=...)``."""
    for node in ast.walk(tree):
        if (
            not isinstance(node, ast.Call)
            or not node.args
            or not isinstance(node.args[0], ast.Constant | ast.JoinedStr)
        ):
            continue
        name, code = _called(node), _text(node.args[0])
        if name in {"Sentence", "say"} and code:
            yield Use(node.lineno, code, _keys(node.args[1:] + [each.value for each in node.keywords]))
        elif name.endswith("Error") and not hasattr(builtins, name) and code.isidentifier():
            names = [each.arg for each in node.keywords]
            known = None if None in names else frozenset(str(each) for each in names)
            yield Use(node.lineno, f"errors.{code}", known)


def _keys(values: Iterable[ast.expr]) -> frozenset[str] | None:
    """The keys of the evidence, or None where it is not written out in the call."""
    found: set[str] = set()
    for value in values:
        if not isinstance(value, ast.Dict) or not all(isinstance(each, ast.Constant) for each in value.keys):
            return None
        found |= {str(each.value) for each in value.keys if isinstance(each, ast.Constant)}
    return frozenset(found)


def strings(tree: ast.Module) -> Iterator[str]:
    """All strings of a file, what f-strings fill in as ``{}``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr):
            yield _text(node)
