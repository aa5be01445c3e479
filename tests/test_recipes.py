"""A recipe makes the same comparison again, and says what came out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from analytics.errors import ScenarioError
from analytics.recipes import answer_of, plain_recipe, read_recipe, recipe_of, request_of
from analytics.requests import CityRequest, ComparisonRequest
from analytics.scenarios import Scenario, Terms
from data import City, open_city


@pytest.fixture
def sample(sample_city: Path) -> City:
    return open_city(sample_city)


def asked(city: City) -> ComparisonRequest:
    areas = city.areas[next(iter(city.areas))]
    south = {str(areas.frame.index[0]): 0.1}
    return ComparisonRequest(
        CityRequest(city.key),
        scenarios=(
            Scenario("Growth", {"population": {"growth": south}}, rationale="Plans of the south"),
            Scenario("None"),
        ),
        question="demand",
        terms=Terms(circumstances={"jobs.growth": 0.02}, budget=1e6),
        draws=100,
        seed=3,
    )


def test_a_recipe_survives_json_and_gives_the_same_comparison(sample: City) -> None:
    request = asked(sample)
    found = request.answer(sample)
    recipe = recipe_of(request, found)
    again = read_recipe(json.loads(json.dumps(plain_recipe(recipe))))
    assert again == recipe
    repeated = request_of(again, CityRequest("elsewhere")).answer(sample)
    assert repeated.receipt == found.receipt == recipe.receipt
    assert answer_of(repeated) == recipe.answer


def test_levels_are_those_that_differences_are_made_of(sample: City) -> None:
    found = asked(sample).answer(sample)
    for difference in found.differences:
        level = found.levels[difference.option, difference.measure]
        assert level.low95 <= level.low80 <= level.median <= level.high80 <= level.high95
        if difference.verdict == "no_change":
            assert level == found.levels[found.baseline, difference.measure]
    assert {option for option, _ in found.levels} == {each.name for each in found.scenarios}


def test_another_answer_has_another_digest(sample: City) -> None:
    request = asked(sample)
    digests = {answer_of(replace(request, seed=seed).answer(sample)).digest for seed in (3, 4)}
    assert len(digests) == 2


@pytest.mark.parametrize("content", [None, {}, {"receipt": "4K7-QX2"}, [1]])
def test_what_is_no_recipe_is_refused_in_a_sentence(content: object) -> None:
    with pytest.raises(ScenarioError, match="no recipe"):
        read_recipe(content)
