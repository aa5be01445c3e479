"""A recipe makes the same comparison again, says what came out, and names what was changed in it or beneath it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest
from monthly_city import write_monthly_city

from analytics.errors import ScenarioError
from analytics.recipes import (
    Asked,
    Recipe,
    answer_of,
    keep_recipe,
    kept_receipts,
    kept_recipe,
    plain_recipe,
    read_recipe,
    recipe_of,
    reproduce,
    request_of,
)
from analytics.recipes.changes import changes_between, edits_of
from analytics.recipes.recipe import marks_of
from analytics.requests import CityRequest, ComparisonRequest
from analytics.scenarios import Comparison, Scenario, Terms
from data import City, Region, open_city


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


@pytest.mark.usefixtures("measured_by_all")
def test_a_recipe_survives_json_and_gives_the_same_comparison(meridian: City) -> None:
    request = asked(meridian)
    found = request.answer(meridian)
    recipe = recipe_of(request, found)
    again = read_recipe(json.loads(json.dumps(plain_recipe(recipe))))
    assert again == recipe
    repeated = request_of(again, CityRequest("elsewhere")).answer(meridian)
    assert repeated.receipt == found.receipt == recipe.receipt
    assert answer_of(repeated) == recipe.answer
    assert set(recipe.made.engines) == {"baseline", "demand"}  # those that ran, of more that there are
    assert {"python", "numpy", "scipy", "pandas", "statsmodels", "numba"} <= set(recipe.made.libraries)


# On a small city, compared once


MORE = Scenario("More", {"demand": {"change": 0.1}}, rationale="A campaign")


@pytest.fixture(scope="module")
def monthly(tmp_path_factory: pytest.TempPathFactory) -> tuple[City, ComparisonRequest, Comparison]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIVICAST_HOME", str(tmp_path_factory.mktemp("home")))
        city = open_city(write_monthly_city(tmp_path_factory.mktemp("monthly")))
        request = ComparisonRequest(
            CityRequest(city.key), scenarios=(Scenario("Today"), MORE), question="demand", draws=100, seed=2
        )
        return city, request, request.answer(city)


@pytest.fixture(scope="module")
def recipe(monthly: tuple[City, ComparisonRequest, Comparison]) -> Recipe:
    _, request, found = monthly
    return recipe_of(request, found)


def test_a_recipe_is_of_plain_values(monthly: tuple[City, ComparisonRequest, Comparison]) -> None:
    _, request, found = monthly
    several = {"sites.open": frozenset({"b", "a"}), "hours": (1, 2)}
    asked_for = replace(request, scenarios=(Scenario("A", several, {"x": (0.5,)}),), terms=Terms(circumstances=several))
    plain = recipe_of(asked_for, found)
    assert (
        plain.asked.scenarios[0].levers
        == plain.asked.terms.circumstances
        == {"sites.open": ["a", "b"], "hours": [1, 2]}
    )
    assert read_recipe(json.loads(json.dumps(plain_recipe(plain)))) == plain


def test_all_that_can_be_asked_stands_in_a_recipe(recipe: Recipe) -> None:
    asked_for = {each.name for each in fields(ComparisonRequest)} - {"city"}
    assert asked_for < {each.name for each in fields(Asked)}
    marked = {key.split("/")[-1] for key in recipe.marks}
    assert asked_for - {"scenarios", "terms"} <= marked
    assert {each.name for each in fields(Terms)} - {"circumstances", "worth"} <= marked
    assert {each.name for each in fields(Scenario)} == {"name", "levers", "uncertainties", "rationale"}


def test_made_again_it_is_the_same_and_says_so(
    monthly: tuple[City, ComparisonRequest, Comparison], recipe: Recipe
) -> None:
    result = reproduce(recipe, monthly[0])
    assert result.same
    assert (result.edits, result.changes) == ((), ())
    assert str(result.sentence) == (
        f"The same to the last printed digit: receipt {recipe.receipt}, digest {recipe.answer.digest}."
    )
    assert [(each.option, each.measure) for each in result.pairs] == [
        (each.option, each.measure) for each in recipe.answer.differences
    ]


def asking(recipe: Recipe, **changed: object) -> Recipe:
    """A recipe in which somebody changed what is asked, and nothing else."""
    return replace(recipe, asked=replace(recipe.asked, **changed))  # type: ignore[arg-type]


def test_levels_are_those_that_differences_are_made_of(monthly: tuple[City, ComparisonRequest, Comparison]) -> None:
    found = monthly[2]
    for difference in found.differences:
        level = found.levels[difference.option, difference.measure]
        assert level.low95 <= level.low80 <= level.median <= level.high80 <= level.high95
        if difference.verdict == "no_change":
            assert level == found.levels[found.baseline, difference.measure]
    assert {option for option, _ in found.levels} == {each.name for each in found.scenarios}


def test_another_answer_has_another_digest(monthly: tuple[City, ComparisonRequest, Comparison], recipe: Recipe) -> None:
    city, request, _ = monthly
    assert answer_of(replace(request, seed=4).answer(city)).digest != recipe.answer.digest


SOUTH = Region("south", "South", "ward", ("1",))
EDITS: list[tuple[str, Callable[[Asked], dict[str, object]], str, bool]] = [
    ("seed", lambda _: {"seed": 3}, "seed, of the question", True),
    ("draws", lambda _: {"draws": 101}, "draws, of the question", True),
    ("question", lambda _: {"question": None}, "question, of the question", False),
    ("budget", lambda _: {"terms": Terms(budget=5.0)}, "budget, of the terms", True),
    ("rate", lambda _: {"terms": Terms(discount_rate=0.04)}, "discount_rate, of the terms", True),
    ("rates", lambda _: {"terms": Terms(later_rates=((2, 0.04),))}, "later_rates, of the terms", True),
    ("region", lambda _: {"terms": Terms(region=SOUTH)}, "region, of the terms", True),
    ("worth", lambda _: {"terms": Terms(worth={"demand": 2.0})}, "demand, of the terms", True),
    ("a circumstance", lambda _: {"terms": Terms(circumstances={"a": {"b": 1}})}, "a.b, of the terms", True),
    ("a lever", lambda a: {"scenarios": (a.scenarios[0], replace(MORE, levers={"demand": {"change": 0.2}}))},
     "demand.change of the option “More”", True),
    ("no lever", lambda a: {"scenarios": (a.scenarios[0], replace(MORE, levers={}))},
     "demand.change of the option “More”", False),
    ("an uncertainty", lambda a: {"scenarios": (a.scenarios[0], replace(MORE, uncertainties={"x": 1.0}))},
     "x of the option “More”", True),
    ("a reason", lambda a: {"scenarios": (a.scenarios[0], replace(MORE, rationale="Another"))},
     "rationale of the option “More”", True),
    ("an option", lambda a: {"scenarios": (*a.scenarios, Scenario("Third"))}, "options, of the question", True),
]  # fmt: skip


@pytest.mark.parametrize(("change", "name", "valued"), [each[1:] for each in EDITS], ids=[each[0] for each in EDITS])
def test_what_was_changed_by_hand_is_named(
    recipe: Recipe, change: Callable[[Asked], dict[str, object]], name: str, valued: bool
) -> None:
    edited = asking(recipe, **change(recipe.asked))
    [alone] = edits_of(edited, edited)  # by its mark
    [beside] = edits_of(edited, recipe)  # beside the original
    for edit in (alone, beside):
        assert str(edit.sentence).startswith(name)
        assert (edit.now is not None) == valued
    assert alone.then is None
    assert "was" in str(beside.sentence)


def test_what_nobody_changed_is_not_named(recipe: Recipe) -> None:
    assert edits_of(recipe, recipe) == ()
    # JSON and TOML may make one of the other.
    whole = asking(recipe, seed=2.0)
    assert marks_of(whole.asked) == recipe.marks
    assert edits_of(replace(whole, marks={}), recipe) == ()


def test_numbers_that_were_changed_by_hand_are_told(
    monthly: tuple[City, ComparisonRequest, Comparison], recipe: Recipe
) -> None:
    first, *rest = recipe.answer.differences
    better = replace(first, median=first.median + 1)
    edited = replace(recipe, answer=replace(recipe.answer, differences=(better, *rest)))
    [edit] = edits_of(edited, edited)
    assert edit.kind == "answer"
    assert "changed by hand" in str(edit.sentence)
    result = reproduce(edited, monthly[0])
    assert not result.same
    assert [each.same for each in result.pairs] == [False, *(True for _ in rest)]
    assert rest
    assert str(result.sentence).startswith(f"Not the same: other numbers in 1 of {len(rest) + 1} differences; ")


def test_a_recipe_whose_marks_were_forged_too_does_not_fit_its_receipt(
    monthly: tuple[City, ComparisonRequest, Comparison], recipe: Recipe
) -> None:
    edited = asking(recipe, seed=9)
    result = reproduce(edited, monthly[0])
    assert [str(each.sentence) for each in result.edits] == [
        "seed, of the question, was changed in the recipe by hand: it is “9” now."
    ]
    result = reproduce(replace(edited, marks=marks_of(edited.asked)), monthly[0])
    [edit] = result.edits
    assert "does not fit" in str(edit.sentence)
    assert not result.same


@pytest.mark.parametrize(
    ("field", "name", "kind", "words"),
    [
        ("tables", "requests", "table", "The table “requests” holds other data"),
        ("engines", "demand", "engine", "The engine “demand” was version"),
        ("models", "ets", "model", "The model “ets” was version"),
        ("files", "analytics/scenarios/prices.py", "code", "The file “analytics/scenarios/prices.py”"),
        ("libraries", "scipy", "library", "The library “scipy” was version"),
    ],
)
def test_what_it_was_made_of_is_named_where_it_differs(
    recipe: Recipe, field: str, name: str, kind: str, words: str
) -> None:
    now = recipe.made
    own = dict(getattr(now, field))
    assert name in own
    then = replace(now, **{field: own | {name: "0"}})
    [change] = changes_between(then, now)
    assert (change.kind, change.name, change.then, change.now) == (kind, name, "0", own[name])
    assert str(change.sentence).startswith(words)
    del own[name]
    known = changes_between(now, replace(now, **{field: own}))
    # What a recipe does not say of libraries is no difference.
    assert [str(each.sentence).split("“")[1].split("”")[1] for each in known] == (
        [] if kind == "library" else [" was there and is not here."]
    )


def test_another_table_of_the_city_and_a_later_start_are_told(recipe: Recipe) -> None:
    made = recipe.made
    [change] = changes_between(made, replace(made, city="0"))
    assert change.kind == "city"
    [change] = changes_between(made, replace(made, start="2024-02-01T00:00:00"))
    assert str(change.sentence).startswith("It began with 1 January 2024 and begins with 1 February 2024 now")
    both = changes_between(made, replace(made, city="0", tables=dict(made.tables) | {"requests": "0"}))
    assert [each.kind for each in both] == ["table"]  # that is why the city is another


@pytest.mark.parametrize(("median", "same"), [(1.234567891, True), (1.23456788, False), (12345678.9, False)])
def test_answers_count_nine_digits(
    monthly: tuple[City, ComparisonRequest, Comparison], median: float, same: bool
) -> None:
    found = monthly[2]
    first, *rest = found.differences

    def digest(median: float) -> str:
        return answer_of(replace(found, differences=(replace(first, median=median), *rest))).digest

    assert (digest(median) == digest(1.23456789)) == same


def test_the_same_numbers_under_another_receipt_are_the_same_made_otherwise(
    monthly: tuple[City, ComparisonRequest, Comparison], recipe: Recipe
) -> None:
    made = replace(recipe.made, code_version="0", files={"analytics/old.py": "0"} | dict(recipe.made.files))
    result = reproduce(replace(recipe, receipt="0000-0000", made=made), monthly[0])
    assert result.same
    assert result.edits == ()
    assert [str(each.sentence) for each in result.changes] == ["The file “analytics/old.py” was there and is not here."]
    assert f"although it is made otherwise: its receipt is {recipe.receipt} now" in str(result.sentence)


def test_what_cannot_be_asked_any_more_is_told_in_its_own_words(
    monthly: tuple[City, ComparisonRequest, Comparison], recipe: Recipe
) -> None:
    gone = asking(recipe, scenarios=(Scenario("Today"), replace(MORE, levers={"trams.free": 1})))
    result = reproduce(gone, monthly[0])
    assert result.now is None
    assert not result.same
    assert "It cannot be made again here. More moves the lever “trams.free”" in str(result.sentence)


def test_a_recipe_of_another_city_is_refused(
    monthly: tuple[City, ComparisonRequest, Comparison], recipe: Recipe
) -> None:
    with pytest.raises(ScenarioError, match="comparison of the city “elsewhere”, and Monthly is “monthly”"):
        reproduce(asking(recipe, city="elsewhere"), monthly[0])


def test_the_first_recipe_of_a_receipt_is_kept(recipe: Recipe) -> None:
    assert kept_recipe(recipe.receipt) is None
    keep_recipe(recipe)
    keep_recipe(asking(recipe, seed=9))
    assert kept_recipe(recipe.receipt) == recipe
    assert kept_receipts() == (recipe.receipt,)


def test_what_is_kept_here_may_have_any_name(recipe: Recipe) -> None:
    keep_recipe(asking(recipe, scenarios=(Scenario("Two\nlines \u202e"), MORE)))
    assert kept_recipe(recipe.receipt) is not None


def test_a_damaged_recipe_is_not_read(recipe: Recipe, workspace: Path) -> None:
    keep_recipe(recipe)
    [file] = (workspace / "results" / "recipe").iterdir()
    file.write_bytes(file.read_bytes().replace(b'"seed": 2', b'"seed": 3'))
    assert kept_recipe(recipe.receipt) is None
    keep_recipe(recipe)
    assert kept_recipe(recipe.receipt) == recipe


@pytest.mark.parametrize("content", [None, {}, {"receipt": "4K7-QX2"}, [1]])
def test_what_is_no_recipe_is_refused_in_a_sentence(content: object) -> None:
    with pytest.raises(ScenarioError, match="no recipe"):
        read_recipe(content)
