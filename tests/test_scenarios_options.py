"""Any two options: in the same circumstances or not, against today and against each other, and in what order."""

from __future__ import annotations

import itertools
from typing import Any, Literal

import numpy as np
import pytest
import xarray as xr

from analytics.errors import ScenarioError
from analytics.scenarios import Comparison, Difference, Measure, Scenario, Terms
from analytics.scenarios.ranking import ranks_of
from analytics.scenarios.verdict import judge, overall_verdict
from data import City
from data.words import use_language
from tests.posts import Posts, city_of_posts, posts, run_posts

GROWN = {"people.growth": 0.1}


@pytest.fixture(scope="module")
def city() -> City:
    return city_of_posts(spread=0.2)


def codes(found: Comparison) -> list[str]:
    return [each.code for each in found.caveats]


# Doing nothing


def test_doing_nothing_is_among_the_options_of_a_question(city: City) -> None:
    found = run_posts(city, posts(1))
    assert [each.name for each in found.scenarios] == ["Today", "plan"]
    assert found.baseline == "Today"
    assert found.scenarios[0].levers == {}
    own = run_posts(city, Scenario("nothing"), posts(1))
    assert [each.name for each in own.scenarios] == ["nothing", "plan"]
    later = run_posts(city, posts(1), Scenario("nothing", levers={"posts.open": 0}))
    assert (later.baseline, len(later.scenarios)) == ("plan", 2)
    assert [each.name for each in run_posts(city, posts(1, "Today")).scenarios] == ["Today (2)", "Today"]
    assert run_posts(city, posts(1, "a"), posts(2, "b"), baseline="b").baseline == "b"


def test_the_receipt_does_not_depend_on_what_doing_nothing_is_called(city: City) -> None:
    found = run_posts(city, posts(1)).receipt
    with use_language("qps"):
        again = run_posts(city, posts(1))
    assert again.baseline != "Today"
    assert again.receipt == found


# Circumstances


def test_what_is_assumed_for_all_is_met_by_all(city: City) -> None:
    found = run_posts(city, posts(1), terms=Terms(circumstances=GROWN))
    assert all(each.levers["people.growth"] == 0.1 for each in found.scenarios)
    travel = found.differences[0]
    assert travel.verdict == "better"
    assert travel.baseline_mean == pytest.approx(22, rel=0.02)
    assert [each.message for each in found.caveats if each.code == "circumstances_assumed"] == [
        "Assumed for all options alike, today included: growth 10\u202f%."
    ]
    assert "circumstance_as_plan" not in codes(found)
    assert "circumstances_assumed" not in codes(run_posts(city, posts(1)))
    assert found.receipt != run_posts(city, posts(1)).receipt


@pytest.mark.parametrize("share", [-0.3, 0.3])
def test_fewer_residents_are_never_better(city: City, share: float) -> None:
    found = run_posts(city, Scenario("change", levers={"people.growth": share}))
    assert {each.verdict for each in found.differences} == {"differs", "no_change"}
    assert {each.direction for each in found.differences} == {"neutral"}
    assert all(each.better == each.worse == 0 for each in found.differences)
    assert found.differences[0].agreeing == 200
    assert found.ranks == ()
    assert found.prices[1].cost_per == {}
    [caveat] = [each for each in found.caveats if each.code == "circumstance_as_plan"]
    assert caveat.message == "change counts growth as its plan: it is called neither better nor worse."


def test_an_option_that_plans_a_circumstance_is_neutral_beside_those_that_do_not(city: City) -> None:
    found = run_posts(city, posts(1, "a"), posts(2, "b"), posts(2, "grown", **GROWN))
    judged = {(each.option, each.against, each.measure): each.verdict for each in (*found.differences, *found.between)}
    assert judged["b", "a", "travel"] == "better"
    assert judged["grown", "a", "travel"] == "differs" or judged["grown", "a", "travel"] == "too_close"
    assert {verdict for key, verdict in judged.items() if "grown" in key} <= {"differs", "too_close", "no_change"}
    assert {each.option for each in found.ranks} == {"Today", "a", "b"}


def test_a_plan_that_says_what_is_assumed_anyway_is_no_plan(city: City) -> None:
    by_ward = {f"W{number:02d}": 0.1 for number in range(1, 13)}
    found = run_posts(city, posts(1, **{"people.growth": by_ward}), terms=Terms(circumstances=GROWN))
    assert "circumstance_as_plan" not in codes(found)
    assert found.differences[0].verdict == "better"


def test_only_circumstances_can_be_assumed(city: City) -> None:
    with pytest.raises(ScenarioError, match=r"“posts\.open” is not a circumstance"):
        run_posts(city, posts(1), terms=Terms(circumstances={"posts.open": 1}))
    with pytest.raises(ScenarioError, match=r"What is assumed for all options sets people\.growth to 900"):
        run_posts(city, posts(1), terms=Terms(circumstances={"people.growth": 9}))


# Neutral measures


def test_a_neutral_measure_differs_and_wins_nothing() -> None:
    measure = Measure("calls", "Calls", "calls", "neutral")
    before = xr.DataArray(np.full(500, 100.0), dims="draw")
    change = xr.DataArray(np.where(np.arange(500) < 3, -1.0, 4.0), dims="draw")
    found, _ = judge("plan", measure, before, before + change, matters=0.01, baseline_name="today")
    assert (found.verdict, found.better, found.worse, found.agreeing) == ("differs", 0, 0, 497)
    assert found.probability == 497 / 500
    less, _ = judge("plan", measure, before, before - change, matters=0.01, baseline_name="today")
    assert (less.verdict, less.agreeing) == ("differs", 497)
    assert "4\u202f% more calls than today [4, 4], in 497 of 500 paired futures" in str(found.sentence)
    assert str(overall_verdict([found], [measure], primary="calls", baseline="today")) == str(found.sentence)
    close, _ = judge("plan", measure, before, before + change, matters=0.05, baseline_name="today")
    assert close.verdict == "too_close"


# Two options that are not today


def test_every_two_options_are_compared(city: City) -> None:
    found = run_posts(city, posts(1, "a"), posts(3, "b"), posts({"W01": 2}, "c"))
    pairs = {(each.against, each.option) for each in found.between}
    assert pairs == set(itertools.combinations("abc", 2))
    assert {each.measure for each in found.between} == {each.name for each in found.measures}
    for each in found.between:
        mine = found.paired[each.option, each.measure] - found.paired[each.against, each.measure]
        assert each.median == pytest.approx(float(np.median(mine)), abs=1e-4)
    travel = next(each for each in found.between if (each.option, each.measure) == ("b", "travel"))
    assert travel.verdict == "better"
    assert " than a [" in str(travel.sentence)


def test_two_of_the_same_are_exactly_alike_between_themselves(city: City) -> None:
    found = run_posts(city, posts(1, "a"), posts(1, "b"))
    assert {each.verdict for each in found.between} == {"no_change"}
    assert all(each.median == each.low95 == each.high95 == 0 for each in found.between)
    places = {(each.option, each.measure): (each.place, each.tied) for each in found.ranks}
    assert places["a", "travel"] == places["b", "travel"] == (1, True)
    assert places["Today", "travel"] == (3, False)
    assert places["Today", "cost"] == (1, False)
    assert places["a", "cost"] == (2, True)


def pair(option: str, against: str, verdict: Any, direction: Literal["lower", "neutral"] = "lower") -> Difference:
    return Difference(
        option=option, measure="wait", title="Wait", unit="", direction=direction, baseline_mean=1, option_mean=1,
        median=0, low95=0, high95=0, low80=0, high80=0, percent=None, better=0, worse=0, draws=100, probability=0,
        verdict=verdict, smallest=0, detectable=0, pairing_gain=None, sentence="", against=against,
    )  # fmt: skip


def places(*pairs: Difference, names: str = "ABC") -> dict[str, tuple[int, bool]]:
    return {each.option: (each.place, each.tied) for each in ranks_of(names, pairs)}


def test_places_by_hand() -> None:
    clear = places(pair("B", "A", "better"), pair("C", "A", "worse"), pair("C", "B", "worse"))
    assert clear == {"B": (1, False), "A": (2, False), "C": (3, False)}
    alike = places(pair("B", "A", "too_close"), pair("C", "A", "no_change"), pair("C", "B", "too_close"))
    assert alike == {"A": (1, True), "B": (1, True), "C": (1, True)}
    two_last = places(pair("B", "A", "worse"), pair("C", "A", "worse"), pair("C", "B", "too_close"))
    assert two_last == {"A": (1, False), "B": (2, True), "C": (2, True)}


def test_ties_that_do_not_carry_over() -> None:
    # A before C, and B too close to both: nothing is clearly better than B.
    found = places(pair("B", "A", "too_close"), pair("C", "B", "too_close"), pair("C", "A", "worse"))
    assert found == {"A": (1, True), "B": (1, True), "C": (2, False)}
    # A before B before C, and C too close to A: what is better than B is better than C.
    found = places(pair("B", "A", "worse"), pair("C", "B", "worse"), pair("C", "A", "too_close"))
    assert found == {"A": (1, False), "B": (2, False), "C": (3, False)}


def test_what_is_neutral_has_no_place() -> None:
    assert places(pair("B", "A", "differs", "neutral"), names="AB") == {}


def test_a_lever_elsewhere_changes_no_draw(city: City) -> None:
    plain, beside = (
        run_posts(city, posts(1)),
        run_posts(city, posts(1), posts({"W03": 2}, "b", **{"posts.idle": 1}), engine=Idle()),
    )
    for key, values in plain.paired.items():
        np.testing.assert_array_equal(values, beside.paired[key])


class Idle(Posts):
    """It offers the lever that does nothing too."""

    version = "idle"
    questions = (Posts.questions[0].__class__(**{**vars(Posts.questions[0]), "levers": ()}),)
