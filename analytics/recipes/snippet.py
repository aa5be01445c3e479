"""A comparison as a few lines of Python: they print the same verdict and receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from functools import cache
from importlib import resources
from string import Template
from typing import Any

from analytics.recipes.recipe import Recipe
from analytics.scenarios import Scenario, Terms
from data import Region
from data.words import say

__all__ = ["cells_of", "further_cells_of", "snippet_of"]

CELL = "# %%\n"
WIDTH = 96
DEFAULT_DRAWS, DEFAULT_SEED = 500, 0
KNOWN = (Scenario, Terms, Region)


@dataclass(frozen=True)
class _Call:
    """A call as it is written: of a class, with arguments by name."""

    name: str
    arguments: Mapping[str, Any]


def snippet_of(recipe: Recipe) -> str:
    """Python that makes a comparison again, from its imports to its receipt.

    Everything that people named stands in it as quoted text.
    """
    return "\n".join(cells_of(recipe))


def cells_of(recipe: Recipe) -> tuple[str, ...]:
    """The same Python in the pieces of a notebook: the city, the options, the comparison."""
    asked = recipe.asked
    options = [_plain(each) for each in asked.scenarios]
    settings = {
        "question": asked.question, "subject": asked.subject, "series": asked.series, "periods": asked.periods,
        "freq": asked.freq, "draws": asked.draws, "seed": asked.seed,
        "terms": _plain(asked.terms),
    }  # fmt: skip
    usual = {"draws": DEFAULT_DRAWS, "seed": DEFAULT_SEED, "terms": _plain(Terms())}
    named = {name: value for name, value in settings.items() if value is not None and value != usual.get(name)}
    filled = _template("snippet.txt").substitute(
        intro=_comment(say("recipes.snippet.intro", {"receipt": recipe.receipt})),
        scenarios=", ".join(["Scenario", *(["Terms"] if "terms" in named else []), "compare"]),
        data=", ".join([*([] if asked.terms.region is None else ["Region"]), "open_city"]),
        city=repr(asked.city),
        where=_comment(say("recipes.snippet.where")),
        options=_written(options),
        settings="".join(f"\n    {name}={_written(value, 1)}," for name, value in named.items()),
        receipt=recipe.receipt,
    )
    return tuple(filled.split(CELL))


def further_cells_of(recipe: Recipe) -> tuple[str, ...]:
    """What a notebook shows besides: all differences, the caveats, and whether receipt and numbers are the same."""
    filled = _template("further.txt").substitute(receipt=repr(recipe.receipt), digest=repr(recipe.answer.digest))
    return tuple(filled.split(CELL))


def _comment(text: str) -> str:
    return "# " + " ".join(text.split())


@cache
def _template(name: str) -> Template:
    return Template((resources.files("analytics") / "recipes" / name).read_text(encoding="utf-8"))


def _plain(value: Any) -> Any:
    """A value of one of our types as the call that makes it, with only what is not as usual."""
    if isinstance(value, KNOWN):
        given = {each.name: getattr(value, each.name) for each in fields(value) if not _as_usual(each, value)}
        return _Call(type(value).__name__, {name: _plain(each) for name, each in given.items()})
    return value


def _as_usual(field: Field[Any], value: Any) -> bool:
    """Whether a field holds what it would hold if nothing was given."""
    usual = field.default if field.default_factory is MISSING else field.default_factory()
    return usual is not MISSING and bool(getattr(value, field.name) == usual)


def _written(value: Any, deep: int = 0) -> str:
    """A value as Python, in as few lines as fit."""
    short = _short(value)
    if len(short) + 4 * deep <= WIDTH or not isinstance(value, _Call | Mapping | list | tuple) or not _parts(value):
        return short
    begin, end = _brackets(value)
    inner = "    " * (deep + 1)
    lines = "".join(f"{inner}{name}{_written(each, deep + 1)},\n" for name, each in _parts(value))
    return f"{begin}\n{lines}{'    ' * deep}{end}"


def _short(value: Any) -> str:
    if not isinstance(value, _Call | Mapping | list | tuple):
        return repr(value)
    begin, end = _brackets(value)
    parts = [f"{name}{_short(each)}" for name, each in _parts(value)]
    return begin + ", ".join(parts) + ("," if isinstance(value, tuple) and len(parts) == 1 else "") + end


def _brackets(value: Any) -> tuple[str, str]:
    if isinstance(value, _Call):
        return f"{value.name}(", ")"
    return ("{", "}") if isinstance(value, Mapping) else ("[", "]") if isinstance(value, list) else ("(", ")")


def _parts(value: Any) -> list[tuple[str, Any]]:
    """What stands in brackets, each with what stands before it."""
    if isinstance(value, _Call):
        return [(f"{name}=", each) for name, each in value.arguments.items()]
    if isinstance(value, Mapping):
        return [(f"{name!r}: ", each) for name, each in value.items()]
    return [("", each) for each in value]
