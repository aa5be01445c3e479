"""A draft: the question that is decided, the options that a person builds for it, and the terms on which they are compared.

It is one frozen value: a change gives another, so that each can be undone, put into a link and compared again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from analytics.scenarios import Scenario, Terms
from dashboard.figures.palette import OPTION_LOOKS
from data import City, Region
from data.words import say

__all__ = ["MOST_OPTIONS", "SEED", "Draft", "terms_of"]

MOST_OPTIONS = len(OPTION_LOOKS)  # beside today: as many as can be told apart by colour and shape
USUAL = Terms()
SEED = 1  # of every comparison of drafts, so that the same draft gives the same futures


@dataclass(frozen=True)
class Draft:
    """What a person has built. ``options`` stand beside today, at most three, each with only the levers that it moves.

    ``chosen`` is the index of the option that is looked at, ``against`` that of the one it is measured against (None is
    today). ``region`` names one of the city's regions; ``areas`` are those that were picked by hand instead. The other
    fields are those of ``Terms``.
    """

    question: str
    subject: str = ""
    options: tuple[Scenario, ...] = ()
    chosen: int = 0
    against: int | None = None
    circumstances: Mapping[str, Any] = field(default_factory=dict)
    region: str = ""
    areas: tuple[str, ...] = ()
    budget: float | None = None
    worth: Mapping[str, float] = field(default_factory=dict)
    discount_rate: float = USUAL.discount_rate
    appraisal_years: int = USUAL.appraisal_years

    @property
    def option(self) -> Scenario:
        """The option that is looked at."""
        return self.options[self.chosen]

    @property
    def full(self) -> bool:
        """Whether there is no room for another option."""
        return len(self.options) >= MOST_OPTIONS

    def with_option(self, option: Scenario, *, taken: Sequence[str] = ()) -> Draft:
        """With one more option, which is looked at from now on.

        Parameters
        ----------
        option : whose name gets a suffix where another has it.
        taken : names that are taken beside those of the options (today's).

        Returns
        -------
        Draft
            The same where there is no room.
        """
        if self.full:
            return self
        named = replace(option, name=_free(option.name, [*taken, *(each.name for each in self.options)]))
        return replace(self, options=(*self.options, named), chosen=len(self.options))

    def with_changed(self, option: Scenario, *, taken: Sequence[str] = ()) -> Draft:
        """With another in place of the option that is looked at; its name stays apart from the others'."""
        others = [each.name for index, each in enumerate(self.options) if index != self.chosen]
        named = replace(option, name=_free(option.name, [*taken, *others]))
        options = (*self.options[: self.chosen], named, *self.options[self.chosen + 1 :])
        return replace(self, options=options)

    def with_lever(self, name: str, value: Any) -> Draft:
        """With a lever of the option that is looked at set to a value; None lets it rest."""
        levers = {key: each for key, each in self.option.levers.items() if key != name}
        return self.with_changed(
            replace(self.option, levers=levers if value is None else levers | {name: value}), taken=()
        )

    def with_circumstance(self, name: str, value: Any) -> Draft:
        """With a circumstance assumed for all options; None lets it rest."""
        others = {key: each for key, each in self.circumstances.items() if key != name}
        return replace(self, circumstances=others if value is None else others | {name: value})

    def looking_at(self, area: str) -> Draft:
        """Told for one area alone; for the whole city where it is told for that area already."""
        return replace(self, areas=() if self.areas == (area,) else (area,), region="")

    def without_option(self) -> Draft:
        """Without the option that is looked at; the last one stays."""
        if len(self.options) < 2:
            return self
        options = (*self.options[: self.chosen], *self.options[self.chosen + 1 :])
        return replace(self, options=options, chosen=min(self.chosen, len(options) - 1), against=None)


def _free(name: str, taken: Sequence[str]) -> str:
    if name not in taken:
        return name
    return next(each for count in range(2, len(taken) + 3) if (each := f"{name} ({count})") not in taken)


def terms_of(draft: Draft, city: City, *, layer: str) -> Terms:
    """The terms that a draft states.

    Parameters
    ----------
    draft : whose terms they are.
    city : whose regions it names.
    layer : of the areas that were picked by hand.

    Returns
    -------
    Terms
        For a comparison.
    """
    region: Region | None = city.of("regions").get(draft.region)
    if draft.areas:
        picked = say("scenarios.picked", {"n": len(draft.areas)})
        if len(draft.areas) == 1:
            picked = str(city.areas[layer].frame["name"].get(draft.areas[0], picked))
        region = Region("picked", picked, layer, tuple(draft.areas))
    return Terms(
        circumstances=draft.circumstances, region=region, budget=draft.budget, worth=draft.worth,
        discount_rate=draft.discount_rate, appraisal_years=draft.appraisal_years,
    )  # fmt: skip
