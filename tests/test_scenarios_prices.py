"""What options cost: discounting by published factors, prices and what is gained for them by hand."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from analytics.errors import ScenarioError
from analytics.scenarios import Scenario, Terms
from analytics.scenarios.comparison import Comparison, Price, Spread
from analytics.scenarios.money import GREEN_BOOK, annuity, present_value_factor, unit_cost
from data import City
from tests.conftest import REAL_DATA
from tests.posts import Posts, city_of_posts, cost, posts, run_posts

EXAMPLES = REAL_DATA / "engines" / "cost_benefit" / "worked_examples.json"
RATE, YEARS = 0.03, 10
ANNUITY = (1 - 1.03**-YEARS) / 0.03 * 1.03  # in closed form, paid at the start of each year


@pytest.fixture(scope="module")
def city() -> City:
    return city_of_posts()


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    if not EXAMPLES.is_file():
        pytest.skip(f"no {EXAMPLES}")
    found: dict[str, Any] = json.loads(EXAMPLES.read_text())
    return found


def price(found: Comparison, option: str = "plan") -> Price:
    return next(each for each in found.prices if each.option == option)


def exactly(value: float) -> Spread:
    return Spread(*[pytest.approx(value, rel=1e-6)] * 3)


# Discounting


def test_the_green_books_factors(published: dict[str, Any]) -> None:
    for year, factor in published["green_book_discount_factors"].items():
        assert present_value_factor(int(year), *GREEN_BOOK) == pytest.approx(factor, abs=5e-5)
    assert annuity(60, *GREEN_BOOK) == pytest.approx(published["sum_60_years_from_year_0"], abs=5e-5)
    from_year_one = annuity(31, *GREEN_BOOK) - 1
    assert from_year_one == pytest.approx(published["annuity_30_years_from_year_1"], abs=5e-5)


def test_published_annuities(published: dict[str, Any]) -> None:
    for rate, value in published["annuity_20_years"].items():
        later = annuity(21, float(rate.rstrip("%")) / 100) - 1  # published from year 1 on
        assert later == pytest.approx(value, abs=5e-5)


def test_the_costs_of_the_worked_example(published: dict[str, Any]) -> None:
    given, known = published["inputs"], published["known"]
    base = given["cost_estimate_eur"] * given["cpi_base"] / given["cpi_estimate"]
    labour = given["labour_content"] * given["shadow_price_labour"] + (1 - given["labour_content"])
    factors = [present_value_factor(year - given["price_base_year"], given["discount_rate"]) for year in given["years"]]
    costs = [
        base * labour * given["shadow_price_public_funds"] * share * factor
        for share, factor in zip(given["profile"], factors, strict=True)
    ]
    assert costs == pytest.approx(known["costs_by_year"], rel=1e-6)
    assert sum(costs) == pytest.approx(known["pvc"], rel=1e-6)
    assert known["pvb"] - sum(costs) == pytest.approx(known["npv"], rel=1e-6)
    assert known["pvb"] / sum(costs) == pytest.approx(known["bcr"], rel=1e-5)


def test_another_rate_holds_from_its_year_on() -> None:
    steps = ((3, 0.1), (5, 0.0))
    by_hand = [1, 1 / 1.2, 1 / 1.2**2, 1 / 1.2**2 / 1.1, 1 / 1.2**2 / 1.1**2, 1 / 1.2**2 / 1.1**2]
    assert [present_value_factor(year, 0.2, steps) for year in range(6)] == pytest.approx(by_hand)
    assert annuity(6, 0.2, steps) == pytest.approx(sum(by_hand))


# Prices


def test_a_price_by_hand(city: City) -> None:
    found = run_posts(city, posts({"W01": 2, "W02": 1}))
    assert [each.option for each in found.prices] == ["Today", "plan"]
    plan = price(found)
    assert plan.currency == "CZK"
    assert (plan.once, plan.yearly) == (exactly(300), exactly(60))
    assert plan.a_year == plan.extra == exactly(60 + 300 / ANNUITY)
    assert plan.present_value == exactly(300 + 60 * ANNUITY)
    assert plan.draws == 200
    assert (plan.within_budget, plan.worth_it) == (None, None)


def test_years_and_rate_are_the_users(city: City) -> None:
    terms = Terms(discount_rate=0.0, appraisal_years=4)
    assert price(run_posts(city, posts({"W01": 1}), terms=terms)).a_year == exactly(20 + 100 / 4)
    falling = Terms(discount_rate=0.1, appraisal_years=3, later_rates=((2, 0.0),))
    factors = 1 + 1 / 1.1 + 1 / 1.1
    assert price(run_posts(city, posts({"W01": 1}), terms=falling)).present_value == exactly(100 + 20 * factors)


def test_the_cost_is_a_measure_and_its_parts_are_none(city: City) -> None:
    found = run_posts(city, posts({"W01": 1}))
    names = [each.name for each in found.measures]
    assert names == ["travel", "served", "calls", "peak", "cost"]
    assert {each.measure for each in found.differences} == set(names)
    difference = next(each for each in found.differences if each.measure == "cost")
    assert difference.verdict == "worse"
    assert difference.median == pytest.approx(20 + 100 / ANNUITY)
    assert str(difference.sentence).startswith("plan: 31.4 CZK higher cost a year than Today [31.4, 31.4]")
    np.testing.assert_array_equal(found.paired["plan", "cost"], found.paired["plan", "cost"][0])


def test_an_option_against_itself_costs_exactly_nothing_more() -> None:
    found = run_posts(city_of_posts(spread=0.3), posts(1, "a"), posts(1, "b"), baseline="a")
    twin = price(found, "b")
    assert twin.extra == twin.present_value == Spread(0.0, 0.0, 0.0)
    assert twin.a_year.low95 < twin.a_year.median < twin.a_year.high95
    assert twin.cost_per == {}
    assert not any(each.cheapest for each in found.prices)


def test_what_a_cost_may_turn_out_to_be_is_the_price_of_every_option(city: City) -> None:
    found = run_posts(city_of_posts(spread=0.3), posts(1, "one"), posts(2, "two"), draws=500)
    one, two = (found.paired[name, "cost"].to_numpy() for name in ("one", "two"))
    np.testing.assert_allclose(two, 2 * one, rtol=1e-6)
    assert np.std(one) > 0


def test_a_unit_cost_lies_between_its_ends() -> None:
    found = run_posts(city_of_posts(), posts(1))
    streams = found.study.streams
    city = city_of_posts(costs={})
    city.others["costs"]["desk"] = cost("desk", 100.0, spread=40.0)  # type: ignore[index]
    values = unit_cost(type(found.study)(**{**vars_of(found.study), "city": city, "draws": 2000}), "desk", streams)
    assert values is not None
    assert 60 <= float(np.quantile(values, 0.05)) < 100 < float(np.quantile(values, 0.95)) <= 140


def vars_of(study: Any) -> dict[str, Any]:
    return {name: getattr(study, name) for name in study.__dataclass_fields__}


# Budgets, what is gained, and what it is worth


def test_a_budget_is_checked_in_the_same_futures() -> None:
    dear = city_of_posts(spread=0.5)
    extra = run_posts(dear, posts(1), draws=400).paired["plan", "cost"].to_numpy()
    budget = float(np.sort(extra)[300])
    found = run_posts(dear, posts(1), draws=400, terms=Terms(budget=budget))
    assert price(found).within_budget == 301
    assert price(found, "Today").within_budget == 400


def test_the_cost_of_a_unit_gained_by_hand(city: City) -> None:
    found = run_posts(city, posts(2), periods=24)
    cost_a_year = 12 * 2 * (20 + 100 / ANNUITY)
    per = price(found).cost_per
    assert set(per) == {"travel", "served"}  # calls are neutral, and the peak does not move
    assert per["travel"] == exactly(cost_a_year / 2)  # two minutes less
    assert per["served"] == exactly(
        cost_a_year / (12 * 12 * 20)
    )  # 20 more a month in 12 wards: a year's, not two years'


def test_nothing_is_said_of_what_is_not_gained(city: City) -> None:
    worse = price(run_posts(city, posts(1, "less"), posts(3, "more"), baseline="more"), "less")
    assert worse.extra.median < 0
    assert worse.cost_per == {}


def test_what_it_is_worth_by_hand(city: City) -> None:
    a_year = 12 * (20 + 100 / ANNUITY)
    above, below = (
        run_posts(city, posts(1), terms=Terms(worth={"travel": worth})) for worth in (a_year * 1.01, a_year * 0.99)
    )
    assert (price(above).worth_it, price(below).worth_it) == (200, 0)
    assert price(above, "Today").worth_it is None
    assert str(above.verdict).endswith(
        "; worth more than it costs in 200 of 200, with travel (minutes) counted at 380 CZK each."
    )
    both = run_posts(city, posts(1), terms=Terms(worth={"travel": a_year / 2, "served": 0.51 * a_year / 1440}))
    assert price(both).worth_it == 200
    assert "worth" not in str(run_posts(city, posts(1)).verdict)


def test_the_cheapest_is_one_that_does_something(city: City) -> None:
    found = run_posts(city, Scenario("today"), posts(3, "dear"), posts(1, "cheap"), posts({"W01": 0}, "nothing"))
    assert {each.option: each.cheapest for each in found.prices} == {
        "today": False, "dear": False, "cheap": True, "nothing": False,
    }  # fmt: skip


def test_without_costs_there_are_no_prices() -> None:
    found = run_posts(city_of_posts(costs={}), posts(1))
    assert found.prices == ()
    assert "cost" not in [each.name for each in found.measures]
    assert "costs_absent" in [each.code for each in found.caveats]


# Caveats


def test_what_limits_a_price() -> None:
    def codes(**how: Any) -> set[str]:
        return {each.code for each in run_posts(city_of_posts(**how), posts(1)).caveats}

    assert {"cost_without_range"} <= codes()
    assert not {"cost_without_range", "cost_years_differ", "costs_absent"} & codes(spread=0.2)
    assert "cost_years_differ" in codes(spread=0.2, years=(2019, 2024))


# Mistakes, and what a budget must not do


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        (Terms(discount_rate=0.5), "The discount rate is 50\u202f%: it must lie between 0\u202f% and 25\u202f%."),
        (Terms(later_rates=((5, -0.1),)), "The discount rate is −10\u202f%"),
        (Terms(appraisal_years=0), "counted over 0 years: choose from 1 to 200."),
        (Terms(budget=float("nan")), "The budget is “nan”"),
        (Terms(worth={"calls": 1.0}), "Nothing can be gained on “calls”: say what a unit is worth of travel"),
        (Terms(worth={"travel": -1.0}), "A unit of “travel” is said to be worth “-1.0”"),
    ],
)
def test_terms_that_mean_nothing_get_one_sentence(city: City, terms: Terms, sentence: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        run_posts(city, posts(1), terms=terms)
    assert sentence in str(caught.value)


def test_moving_a_budget_runs_no_engine(city: City) -> None:
    class Counted(Posts):
        version = "counted"

    engine = Counted()
    receipts = {run_posts(city, posts(1), engine=engine, terms=terms).receipt for terms in (
        Terms(), Terms(budget=10.0), Terms(budget=11.0), Terms(worth={"travel": 1.0}), Terms(discount_rate=0.02),
        Terms(appraisal_years=5), Terms(later_rates=((5, 0.02),)),
    )}  # fmt: skip
    assert engine.runs == 2  # today and the plan, once each
    assert len(receipts) == 7
