"""Public functions of two or more parameters say what they take, what they give and what they raise, as numpydoc reads it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from docstrings import lacks, methods_of
from import_graph import tree_of

ROOT = Path(__file__).parent.parent
# The commands of the command line are told by their own help.
FILES = sorted(
    path
    for layer in ("data", "analytics")
    for path in (ROOT / layer).rglob("*.py")
    if path.parent.name != "commands" and not path.name.startswith("_")
)


def test_public_functions_say_what_they_take_and_give() -> None:
    methods = methods_of(tree_of(path) for path in FILES)
    # The engines' own files tell no parameters of the contract's methods anew.
    contract = methods["Engine"] | methods["Prepares"] | methods["Suggests"] | methods["Suggests"]
    found = [
        f"{path.relative_to(ROOT)}:{lack.line} {lack.name} lacks {lack.what}"
        for path in FILES
        for lack in lacks(tree_of(path), methods=methods)
        if "engines" not in path.parts or lack.name.split(".")[-1] not in contract
    ]
    assert not found, "\n".join(["", *found])


WHOLE = '''
def mix(water: float, salt: float) -> float:
    """How salty it is.

    Parameters
    ----------
    water : litres.
    salt : grams.

    Returns
    -------
    Grams a litre.

    Raises
    ------
    SoupError
        When there is no water.
    """
    if not water:
        raise SoupError("no_water")
    return salt / water
'''


def test_a_whole_docstring_lacks_nothing() -> None:
    assert list(lacks(ast.parse(WHOLE))) == []


@pytest.mark.parametrize(
    ("gone", "what"),
    [
        ("    salt : grams.\n", "Parameters: salt"),
        ("    Returns\n    -------\n    Grams a litre.\n", "Returns"),
        ("    Raises\n    ------\n    SoupError\n        When there is no water.\n", "Raises: SoupError"),
        (", salt: float", "Parameters that it has not: salt"),
        (" : grams.", "what a parameter is"),
    ],
)
def test_what_a_docstring_lacks_is_named(gone: str, what: str) -> None:
    source = WHOLE.replace(gone, "").replace("(water: float)", "(water: float, *, pinch: int)")
    assert what in [lack.what for lack in lacks(ast.parse(source))]


def test_methods_and_only_what_is_offered_are_read() -> None:
    method = "class Pot:\n    def stir(self, times: int, hard: bool) -> None:\n        '''Stir it.'''\n"
    assert [lack.name for lack in lacks(ast.parse(method))] == ["Pot.stir"]
    assert list(lacks(ast.parse("__all__ = ['mix']\n" + method))) == []
    assert list(lacks(ast.parse(method.replace(", hard: bool", "")))) == []
    both = ast.parse(method + method.replace("Pot", "Pan(Pot)"))
    assert [lack.name for lack in lacks(both, methods=methods_of([both]))] == ["Pot.stir"]
