"""Plans: the fewest are the fewest, money counts, and what cannot be reached is said."""

from __future__ import annotations

from typing import Any

import pytest
from crews_city import crews_city

from analytics.errors import ScenarioError
from analytics.parallel import quiet
from analytics.scenarios import Ask, Scenario, compare
from analytics.scenarios.composition import compose
from analytics.scenarios.framing import study_of
from analytics.scenarios.questions import offer_of, question_named
from analytics.scenarios.registry import engines
from analytics.scenarios.suggest import suggest
from data import City, Region

DRAWS = 100
TARGET = 0.93


@pytest.fixture(scope="module")
def city() -> City:
    return crews_city(stated={"target_share": TARGET})


def plans(city: City, *, region: Region | None = None, **asked: Any) -> Any:
    return suggest(city, "crews", Ask(**asked), region=region, draws=DRAWS).suggestions


def chance(city: City, **levers: Any) -> float:
    """The share of futures in which a plan reaches the target, as the engines compute it."""
    question = question_named(city, "crews")
    study = study_of(city, question=question, draws=DRAWS)
    composition = compose([engines()[name] for name in question.engines], study)
    composition.prepare(progress=quiet)
    given = {each.name: each.read(levers.get(each.name), scenario="plan") for each in composition.levers}
    found, _ = composition.run(given, {each.name: None for each in composition.uncertainties})
    measure = next(each for each in composition.outcomes if each.name == "done_within")
    share = measure.reduced(found["done_within"], areas=city.areas["ward"])
    return float((share >= TARGET).mean())


def test_the_objectives_are_told(city: City) -> None:
    assert [each.name for each in offer_of(city, "crews").objectives] == ["fewest_crews", "cheapest_crews"]


def test_the_fewest_are_enough_and_one_less_is_not(city: City) -> None:
    (plan,) = plans(city)
    extra = plan.scenario.levers["crews.extra"]
    number = int(sum(extra.values()))
    assert number > 0
    assert plan.gap == 0
    # Shares by area are weighed by expected requests, so that a future on the edge may fall on the other side.
    assert chance(city, **plan.scenario.levers) >= 0.9 - 0.02
    fewer = [{"hole": hole, "lamp": number - 1 - hole} for hole in range(number)]
    assert max(chance(city, **{"crews.extra": each}) for each in fewer) < 0.9 + 0.02
    assert f"every way to share {number} more was tried" in str(plan.found_by)


def test_a_lower_chance_needs_no_more(city: City) -> None:
    (sure,), (fair,) = (plans(city, least=least) for least in (0.9, 0.5))
    assert sum(fair.scenario.levers["crews.extra"].values()) <= sum(sure.scenario.levers["crews.extra"].values())


def test_the_cheapest_is_the_cheapest_in_a_comparison(city: City) -> None:
    found = plans(city, objective="cheapest_crews")
    assert [each.cheapest for each in found] == [True, *[False] * (len(found) - 1)]
    assert len(found) > 1
    options = [Scenario("today"), *(each.scenario for each in found)]
    compared = compare(city, options, question="crews", draws=DRAWS)
    spent = [each.extra.median for each in compared.prices[1:]]
    assert spent == sorted(spent)
    assert spent[0] > 0


def test_what_a_budget_does_not_allow_is_said(city: City) -> None:
    with pytest.raises(
        ScenarioError, match=r"nothing that the levers and the budget allow gets 93.% done within 20 days"
    ):
        plans(city, budget=1_000.0)
    (plan,) = plans(city, budget=10_000_000.0)
    assert plan.scenario.levers


def test_a_part_of_the_city_is_asked_for_by_itself(city: City) -> None:
    """The ward that is served at half the pace needs more crews than the one that is served at once."""
    slow, quick = (plans(city, region=Region(each, each, "ward", (each,)), least=0.8)[0] for each in ("W03", "W01"))
    needed = [sum(each.scenario.levers.get("crews.extra", {"": 0}).values()) for each in (slow, quick)]
    assert needed[0] > needed[1]


@pytest.mark.parametrize(
    ("stated", "asked", "sentence"),
    [
        ({"target_share": None}, {}, "Road crews have no target_share"),
        ({"crews": {}}, {"objective": "cheapest_crews"}, "Road crews cannot be priced"),
        ({"target_share": 1.0}, {"least": 1.0}, "ask for less, or lower the chance"),
    ],
)
def test_what_is_lacking_gets_one_sentence(stated: dict[str, Any], asked: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        plans(crews_city(stated={"target_share": TARGET, **stated}), **asked)


def test_without_numbers_of_crews_the_work_is_raised_in_steps() -> None:
    (plan,) = plans(crews_city(stated={"target_share": TARGET, "crews": {}}))
    assert plan.scenario.levers["crews.extra"] == pytest.approx(
        round(plan.scenario.levers["crews.extra"] / 0.05) * 0.05
    )
    assert "raised in equal steps" in str(plan.found_by)
