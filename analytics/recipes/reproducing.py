"""A comparison made again from its recipe, beside what came out the first time."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.errors import Cancelled, ScenarioError
from analytics.parallel import Progress, quiet
from analytics.recipes.changes import Change, Pair, changes_between, edits_of, pairs_of
from analytics.recipes.recipe import Recipe, digest_of, recipe_of, request_of
from analytics.requests import CityRequest
from analytics.scenarios import Comparison
from data import City, CivicastError
from data.words import Sentence, Words

__all__ = ["Reproduction", "beside", "reproduce"]


@dataclass(frozen=True)
class Reproduction:
    """An earlier comparison beside the same question asked again.

    ``edits`` is what somebody changed in the recipe, ``changes`` what the answer is made of otherwise now. ``now`` is None
    where the question can no longer be answered; ``refusal`` says why. ``found`` is the comparison of now.
    """

    then: Recipe
    now: Recipe | None
    edits: tuple[Change, ...]
    changes: tuple[Change, ...]
    refusal: Words = ""
    found: Comparison | None = None

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Both answers side by side; none where there is one only."""
        return () if self.now is None else pairs_of(self.then, self.now)

    @property
    def same(self) -> bool:
        """Whether every number is the same, rounded as answers are."""
        return self.now is not None and all(each.same for each in self.pairs)

    @property
    def sentence(self) -> Sentence:
        """The outcome in one line."""
        if self.now is None:
            return Sentence("recipes.outcome.refused", {"why": self.refusal})
        if self.same:
            code = "same" if self.now.receipt == self.then.receipt else "same_otherwise"
            digest = digest_of(self.now.answer.differences)
            return Sentence(f"recipes.outcome.{code}", {"digest": digest, "receipt": self.now.receipt})
        pairs = self.pairs
        differing = sum(not each.same for each in pairs)
        return Sentence("recipes.outcome.other", {"n": differing, "all": len(pairs), "receipt": self.now.receipt})


def reproduce(
    recipe: Recipe, city: City, *, original: Recipe | None = None, progress: Progress = quiet
) -> Reproduction:
    """Ask the question of a recipe again, and hold the answer against the one that it states.

    Parameters
    ----------
    recipe : of an earlier comparison, as it is now.
    city : the city that it is about, as it can be opened here.
    original : the recipe before somebody changed it, where that is known.
    progress : told how far it is.

    Returns
    -------
    Reproduction
        Inputs, seeds and versions compared exactly, outputs as they are rounded in recipes.

    Raises
    ------
    ScenarioError
        When the recipe is of another city.
    """
    if city.key != recipe.asked.city:
        raise ScenarioError("recipe_of_another_city", theirs=recipe.asked.city, city=city.name, key=city.key)
    edits = edits_of(recipe, original or recipe)
    request = request_of(recipe, CityRequest(city.key))
    try:
        found = request.answer(city, progress=progress)
    except Cancelled:
        raise
    except CivicastError as error:
        return Reproduction(recipe, None, edits, (), refusal=str(error))
    now = recipe_of(request, found)
    changes = changes_between(recipe.made, now.made)
    if not edits and not changes and now.receipt != recipe.receipt:
        # All that is recorded is the same, and yet it has another receipt: something was changed, and its mark with it.
        edits = (Change("setting", recipe.receipt, recipe.receipt, now.receipt, Sentence("recipes.receipt_unfit")),)
    return Reproduction(recipe, now, edits, changes, found=found)


def beside(then: Recipe, now: Recipe) -> Reproduction:
    """Two comparisons that were made already, without making either again.

    Parameters
    ----------
    then, now : their recipes.

    Returns
    -------
    Reproduction
        What the second asks and is made of otherwise, and both answers.
    """
    return Reproduction(then, now, edits_of(now, then), changes_between(then.made, now.made))
