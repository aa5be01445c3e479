"""Recipes in the workspace, by the receipts of their comparisons."""

from __future__ import annotations

from pydantic import ValidationError

from analytics.recipes.recipe import RECIPES, Recipe, plain_recipe
from data.store import results

__all__ = ["keep_recipe", "kept_receipts", "kept_recipe"]

KIND = "recipe"


def keep_recipe(recipe: Recipe) -> None:
    """Keep a recipe in the workspace for whoever has its receipt; the first of a receipt stays.

    A workspace that takes nothing costs no answer: it is told of, where warnings of programs go.
    """
    if results.load(KIND, recipe.receipt) is None:
        results.keep(KIND, recipe.receipt, tables={}, record=plain_recipe(recipe))


def kept_recipe(receipt: str) -> Recipe | None:
    """The recipe of a receipt in this workspace; None where there is none, or it is damaged."""
    stored = results.load(KIND, receipt)
    try:
        return None if stored is None else RECIPES.validate_python(stored.record)
    except ValidationError:  # of another version
        return None


def kept_receipts() -> tuple[str, ...]:
    """The receipts whose recipes are kept in this workspace."""
    return results.keys(KIND)
