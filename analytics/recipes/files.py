"""A comparison as a file to take along: its folder, packed; a notebook; Python; or the recipe alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from analytics.errors import ScenarioError
from analytics.recipes.folder import folder_of, recipe_file
from analytics.recipes.notebook import notebook_of
from analytics.recipes.recipe import Recipe
from analytics.recipes.snippet import snippet_of
from analytics.scenarios import Comparison

__all__ = ["TAKEN_AS", "to_file"]

# By the end of the file's name.
TAKEN_AS: Mapping[str, Callable[[Recipe, Comparison], bytes]] = {
    ".zip": folder_of,
    ".ipynb": notebook_of,
    ".py": lambda recipe, _: snippet_of(recipe).encode(),
    ".json": lambda recipe, _: recipe_file(recipe),
}


def to_file(recipe: Recipe, found: Comparison, *, name: str | Path) -> bytes:
    """What a comparison is taken along as, by the end of a file's name.

    Parameters
    ----------
    recipe : how it is made.
    found : the comparison.
    name : of the file.

    Returns
    -------
    bytes
        Of the file.

    Raises
    ------
    ScenarioError
        When nothing is taken along in files of such a name.
    """
    write = TAKEN_AS.get(Path(name).suffix.lower())
    if write is None:
        raise ScenarioError("not_taken_as", path=str(name), names=list(TAKEN_AS))
    return write(recipe, found)
