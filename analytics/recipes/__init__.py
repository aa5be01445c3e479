"""Comparisons that can be made again: their recipes kept, taken along, read, and held against a new answer."""

from analytics.recipes.changes import Change, Pair
from analytics.recipes.files import TAKEN_AS, to_file
from analytics.recipes.keeping import keep_recipe, kept_receipts, kept_recipe
from analytics.recipes.reading import Sent, is_receipt, read_recipe, recipe_in
from analytics.recipes.recipe import (
    Answer,
    Asked,
    Found,
    Made,
    Recipe,
    answer_of,
    plain_recipe,
    recipe_of,
    request_of,
)
from analytics.recipes.reproducing import Reproduction, beside, reproduce
from analytics.recipes.snippet import snippet_of

__all__ = [
    "TAKEN_AS",
    "Answer",
    "Asked",
    "Change",
    "Found",
    "Made",
    "Pair",
    "Recipe",
    "Reproduction",
    "Sent",
    "answer_of",
    "beside",
    "is_receipt",
    "keep_recipe",
    "kept_receipts",
    "kept_recipe",
    "plain_recipe",
    "read_recipe",
    "recipe_in",
    "recipe_of",
    "reproduce",
    "request_of",
    "snippet_of",
    "to_file",
]
