"""A comparison as a notebook: what was found in words, and the Python that makes it again. It holds no output."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from analytics.recipes.reading import HIDDEN, NOTEBOOK_KEY
from analytics.recipes.recipe import Recipe, plain_recipe
from analytics.recipes.snippet import cells_of, further_cells_of
from analytics.scenarios import Comparison
from data.words import say, text

__all__ = ["notebook_of"]

# What stands for something else in Markdown or in TeX within it; a backslash before each lets it stand for itself.
MARKUP = re.compile(r"([\\`*_{}\[\]()#!|<>~&$:@])")


def notebook_of(recipe: Recipe, found: Comparison) -> bytes:
    """A comparison as a notebook of Jupyter's format 4.

    Parameters
    ----------
    recipe : how it is made; it goes along, so that ``reproduce`` reads the notebook too.
    found : the comparison.

    Returns
    -------
    bytes
        The same for the same comparison; every cell waits to be run.
    """
    import nbformat

    city, options, compared = cells_of(recipe)[0:2], cells_of(recipe)[2], cells_of(recipe)[3]
    differences, caveats, check = further_cells_of(recipe)
    contents = [
        ("markdown", "\n\n".join(_opening(recipe, found))),
        ("code", "".join(city)),
        ("markdown", "\n".join(_reasons(recipe))),
        ("code", options),
        ("code", compared),
        ("code", differences),
        ("markdown", say("recipes.notebook.caveats")),
        ("code", caveats),
        ("markdown", say("recipes.notebook.check", {"digest": recipe.answer.digest})),
        ("code", check),
    ]
    cells = [_cell(kind, source.strip(), number) for number, (kind, source) in enumerate(contents, start=1)]
    about = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "version": recipe.made.libraries.get("python", "")},
        NOTEBOOK_KEY: plain_recipe(recipe),
    }
    made = nbformat.from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": about, "cells": cells})
    nbformat.validate(made)
    return f"{nbformat.writes(made)}\n".encode()


def _cell(kind: str, source: str, number: int) -> dict[str, Any]:
    cell: dict[str, Any] = {"id": f"cell-{number}", "cell_type": kind, "metadata": {}, "source": source}
    return cell | {"execution_count": None, "outputs": []} if kind == "code" else cell


def _opening(recipe: Recipe, found: Comparison) -> Iterator[str]:
    """What was found, and of which city."""
    yield "# " + say("recipes.notebook.title", {"city": _as_it_is(found.study.city.name), "receipt": recipe.receipt})
    yield _as_it_is(text(found.verdict))
    if found.synthetic:
        yield say("recipes.readme.synthetic")
    yield say("recipes.notebook.how")


def _reasons(recipe: Recipe) -> Iterator[str]:
    yield say("recipes.notebook.options") + "\n"
    for option in recipe.asked.scenarios:
        about = {"option": _as_it_is(option.name), "why": _as_it_is(option.rationale)}
        yield "- " + (say("recipes.notebook.option", about) if option.rationale else about["option"])


def _as_it_is(words: str) -> str:
    """What people wrote, on one line, without anything that a notebook would draw, load or compute."""
    return MARKUP.sub(r"\\\1", " ".join(HIDDEN.sub(" ", words).split()))
