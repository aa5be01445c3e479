"""What limits a comparison of options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.caveats.rules import rule
from analytics.results import Caveat, Severity
from data.words import Sentence

# Below this many people a share that was estimated by area rests on a few hundred answers to a survey, and one large
# household or home moves it.
FEW_PEOPLE = 1_000


@rule
def lever_extrapolates(*, levers_outside: Sequence[Mapping[str, Any]]) -> list[Caveat]:
    """A lever stands outside the range that the data ever showed: one caveat a lever.

    Each entry holds lever (title), value, low, high, unit, option, and ``times``, how many widths of the
    seen range it lies outside.
    """
    return [
        Caveat("lever_extrapolates", Severity.DO_NOT_USE if entry["times"] > 3 else Severity.CAUTION, dict(entry))
        for entry in levers_outside
    ]


@rule
def cross_sectional(*, cross_sectional_drivers: Sequence[str], periods_varying: int) -> Caveat | None:
    """An elasticity rests on differences between areas because the driver hardly varies over time."""
    if not cross_sectional_drivers:
        return None
    evidence = {"drivers": list(cross_sectional_drivers), "years": periods_varying}
    return Caveat("cross_sectional", Severity.CAUTION, evidence)


@rule
def group_from_area_shares(*, groups: Sequence[str], groups_absent: Sequence[str]) -> Caveat | None:
    """Results by group assume that everyone in an area fares alike."""
    if not groups and not groups_absent:
        return None
    return Caveat("group_from_area_shares", Severity.NOTE, {"groups": list(groups), "absent": list(groups_absent)})


@rule
def driver_absent(*, drivers_absent: Sequence[str]) -> Caveat | None:
    """The city has no data on a driver (or none that says anything), so no lever can move it."""
    return Caveat("driver_absent", Severity.NOTE, {"drivers": list(drivers_absent)}) if drivers_absent else None


@rule
def not_causal(*, elasticity_drivers: Sequence[str]) -> Caveat | None:
    """A lever's effect was estimated from what happened to vary, not from an experiment."""
    if not elasticity_drivers:
        return None
    return Caveat("not_causal", Severity.CAUTION, {"drivers": list(elasticity_drivers)})


@rule
def circumstances_assumed(*, circumstances_common: Sequence[Any]) -> Caveat | None:
    """Something that is not ours to choose is assumed for all options alike, today included."""
    if not circumstances_common:
        return None
    return Caveat("circumstances_assumed", Severity.NOTE, {"circumstances": list(circumstances_common)})


@rule
def circumstance_as_plan(*, circumstances_planned: Sequence[Mapping[str, Any]]) -> list[Caveat]:
    """An option counts as its plan what is a circumstance, so that the options do not meet the same city."""
    return [Caveat("circumstance_as_plan", Severity.CAUTION, dict(each)) for each in circumstances_planned]


@rule
def region_only(*, region: str, region_areas: int, region_people: float | None) -> Caveat | None:
    """The results are told for some of the areas."""
    if not region:
        return None
    known = {"people": round(region_people)} if region_people is not None else {}
    people = Sentence("amounts.people", known) if known else Sentence("amounts.people_unknown")
    return Caveat("region_only", Severity.NOTE, {"region": region, "areas": region_areas, "people": people})


@rule
def region_not_for(*, region: str, region_not_for: Sequence[Any]) -> Caveat | None:
    """Some measures know no areas of the region's layer: they are told for the whole city."""
    if not region or not region_not_for:
        return None
    return Caveat("region_not_for", Severity.CAUTION, {"region": region, "measures": list(region_not_for)})


@rule
def group_too_small(*, group_sizes: Sequence[Mapping[str, Any]]) -> Caveat | None:
    """A group has so few people in the areas that are looked at that its result may be chance; it is shown all the same."""
    few = [each for each in group_sizes if each["people"] < FEW_PEOPLE]
    if not few:
        return None
    sizes = [Sentence("amounts.group_size", {"group": each["group"], "people": round(each["people"])}) for each in few]
    evidence = {"groups": [each["group"] for each in few], "sizes": sizes, "least": FEW_PEOPLE}
    return Caveat("group_too_small", Severity.CAUTION, evidence)


@rule
def cost_without_range(*, costs_without_range: Sequence[str]) -> Caveat | None:
    """A cost is stated as one figure, so that prices look surer than they are."""
    if not costs_without_range:
        return None
    return Caveat("cost_without_range", Severity.CAUTION, {"costs": list(costs_without_range)})


@rule
def costs_absent(*, levers_without_cost: Sequence[Any]) -> Caveat | None:
    """An option moves a lever for which the city states no cost: no price holds it."""
    if not levers_without_cost:
        return None
    return Caveat("costs_absent", Severity.NOTE, {"levers": list(levers_without_cost)})


@rule
def cost_years_differ(*, cost_years: Sequence[int]) -> Caveat | None:
    """Costs are in the prices of different years and are added up as they stand."""
    if len(set(cost_years)) < 2:
        return None
    return Caveat("cost_years_differ", Severity.CAUTION, {"first": str(min(cost_years)), "last": str(max(cost_years))})


@rule
def levers_jointly_outside(*, levers_jointly: Sequence[Mapping[str, Any]]) -> list[Caveat]:
    """Levers stand together where history never was, each of them inside its own range; one caveat an option."""
    return [Caveat("levers_jointly_outside", Severity.CAUTION, dict(each)) for each in levers_jointly]


@rule
def mind_fails_together(*, mind_fails_together: int, mind_tried: int) -> Caveat | None:
    """Nothing changes the choice by itself, and several things together do."""
    if not mind_fails_together:
        return None
    return Caveat("mind_fails_together", Severity.NOTE, {"fails": mind_fails_together, "tried": mind_tried})


@rule
def mind_unmoved(*, mind_unmoved: Sequence[Any]) -> Caveat | None:
    """A lever of the choice is no number and was not moved: what it does to the choice is not told."""
    return Caveat("mind_unmoved", Severity.NOTE, {"levers": list(mind_unmoved)}) if mind_unmoved else None


@rule
def mind_unknown_odds(*, mind_unknown_odds: Sequence[Any]) -> Caveat | None:
    """Something changes the choice, and nobody knows how likely it is."""
    return (
        Caveat("mind_unknown_odds", Severity.NOTE, {"factors": list(mind_unknown_odds)}) if mind_unknown_odds else None
    )


@rule
def mind_modelled_only(*, mind_drawn: Sequence[Any]) -> Caveat | None:
    """What is worth knowing is told of that which is drawn; politics or a change of law is not."""
    return Caveat("mind_modelled_only", Severity.NOTE, {"drawn": list(mind_drawn)}) if mind_drawn else None
