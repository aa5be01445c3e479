"""Comparisons: the same futures for every option, and every number traceable to what was asked."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from analytics.equity import group_weights
from analytics.errors import Cancelled, ScenarioError
from analytics.plain import to_plain
from analytics.results import calculating_files
from analytics.scenarios import Comparison, Scenario, compare, levers_of, study_of
from analytics.scenarios.engines.baseline import Baseline
from analytics.scenarios.engines.demand import Demand
from analytics.scenarios.levers import flattened
from data import City
from data.words import use_language
from tests.small_city import WARDS, small_city

TODAY = Scenario("today")
HALF = {"elasticity.population": 0.5}


@pytest.fixture(scope="module")
def city() -> City:
    return small_city(categories=("refuse", "lighting"))


def grown(share: Any, **more: Any) -> Scenario:
    return Scenario("growth", levers={"population.growth": share}, **more)


def run(city: City, *options: Scenario, **how: Any) -> Comparison:
    return compare(city, [TODAY, *options], **{"periods": 3, "freq": "MS", "draws": 200} | how)


def codes(comparison: Comparison) -> list[str]:
    return [caveat.code for caveat in comparison.caveats]


# The same futures


@pytest.mark.parametrize(
    "option",
    [
        Scenario("same"),
        Scenario("at rest", levers={"population.growth": 0, "demand.change": {"refuse": 0.0}}),
        Scenario("assumed", uncertainties=HALF),
    ],
    ids=lambda option: option.name,
)
def test_nothing_moved_is_exactly_no_difference(city: City, option: Scenario) -> None:
    found = run(city, option)
    assert {difference.verdict for difference in found.differences} == {"no_change"}
    for values in found.paired.values():
        assert (values == 0).all()
    for by_place in found.by_area.values():
        assert (by_place == 0).all()


def test_an_option_against_itself_is_exactly_no_difference(city: City) -> None:
    option = grown({"W03": 0.2, "W07": -0.1})
    found = compare(city, [option, option], periods=3, draws=200)
    assert [each.name for each in found.scenarios] == ["growth", "growth (2)"]
    assert all((values == 0).all() for values in found.paired.values())


def test_a_lever_in_one_area_moves_no_other(city: City) -> None:
    found = run(city, grown({"W03": 0.2}, uncertainties=HALF))
    moved = found.by_area["growth", "demand"].sel(stat=["mean", "low95", "high95"])
    assert (moved.sel(area_id=[area for area in WARDS if area != "W03"]) == 0).all()
    assert (moved.sel(area_id="W03") > 0).all()


def test_a_comparison_travels_without_tables_and_is_the_same_in_its_city(city: City) -> None:
    found = run(city, grown(0.05))
    closed = pickle.loads(pickle.dumps(found.closed()))  # noqa: S301 - made here
    assert (list(closed.study.city.by_kind()), closed.study.city.currency) == ([], city.currency)
    assert closed.of_city(city).study.city is city
    assert to_plain(closed.of_city(city)) == to_plain(found)


def test_more_draws_keep_the_earlier_ones(city: City) -> None:
    few, many = (run(city, grown(0.1), draws=draws).paired["growth", "demand"] for draws in (100, 300))
    np.testing.assert_array_equal(few, many[:100])


def test_another_seed_brings_other_futures_of_the_same_forecast(city: City) -> None:
    one, other = (run(city, grown(0.1), seed=seed) for seed in (1, 2))
    assert (one.paired["growth", "demand"] != other.paired["growth", "demand"]).mean() > 0.9
    means = [each.differences[0].baseline_mean for each in (one, other)]
    assert means[0] == pytest.approx(means[1], rel=0.02)


def test_another_option_changes_no_difference(city: City) -> None:
    alone, beside = run(city, grown(0.1)), run(city, grown(0.1), Scenario("b", levers={"demand.change": 0.3}))
    for key, values in alone.paired.items():
        np.testing.assert_array_equal(values, beside.paired[key])


def test_pairing_makes_a_small_growth_visible(city: City) -> None:
    found = run(city, grown(0.04)).differences[0]
    assert found.pairing_gain is not None
    assert found.pairing_gain > 10


# What a lever does


def test_growth_works_through_the_elasticity(city: City) -> None:
    # One period, so that all of the growth has arrived: demand rises by exactly 1.2 ^ .5.
    found = run(city, grown(0.2, uncertainties=HALF), periods=1).differences[0]
    assert found.measure == "demand"
    assert found.percent is not None
    assert found.option_mean / found.baseline_mean == pytest.approx(1.2**0.5, rel=1e-5)


def test_growth_arrives_evenly(city: City) -> None:
    found = run(city, grown(0.3, uncertainties={"elasticity.population": 1.0}), periods=3)
    study = found.study
    [unmoved] = compare(city, [TODAY], periods=1, draws=200, freq="MS").scenarios
    assert unmoved.name == "today"
    low, high = (1 + 0.3 / study.periods, 1.3)
    ratio = found.differences[0].option_mean / found.differences[0].baseline_mean
    assert low < ratio < high
    assert ratio == pytest.approx(1.2, rel=0.02)


def test_every_future_rises_with_growth(city: City) -> None:
    found = [run(city, grown(share, uncertainties=HALF)).paired["growth", "demand"] for share in (0.02, 0.05, 0.2)]
    assert (np.diff(np.stack(found), axis=0) > 0).all()


def test_a_category_changes_by_its_own_share(city: City) -> None:
    both = run(city, Scenario("all", levers={"demand.change": 0.1}))
    one = run(city, Scenario("one", levers={"demand": {"change": {"refuse": 0.1}}}))
    other = run(city, Scenario("other", levers={"demand.change": {"lighting": 0.1}}))
    whole = both.paired["all", "demand"]
    np.testing.assert_allclose(one.paired["one", "demand"] + other.paired["other", "demand"], whole, rtol=1e-3)
    assert both.differences[0].option_mean == pytest.approx(1.1 * both.differences[0].baseline_mean, rel=1e-5)


def test_measures_may_disagree_and_it_is_said(city: City) -> None:
    found = run(city, grown(0.3, uncertainties=HALF))
    verdicts = {difference.measure: difference.verdict for difference in found.differences}
    assert verdicts == dict.fromkeys(("demand", "busiest", "per_resident"), "differs")
    assert str(found.verdict).endswith("; the other way round on requests per 1,000 residents.")


def test_counts_and_ranges_come_from_the_same_draws(city: City) -> None:
    for share in (0.01, 0.03, 0.1):
        for difference in run(city, grown(share), draws=500).differences:
            values = run(city, grown(share), draws=500).paired[difference.option, difference.measure]
            assert difference.better == difference.worse == 0
            side = np.sign(difference.median)
            assert difference.agreeing == (side * values > 0).sum() == round(500 * difference.probability)
            assert difference.low95 == np.sort(values)[12]
            assert difference.high95 == np.sort(values)[487]
            if difference.low95 > 0 or difference.high95 < 0:
                assert difference.agreeing >= 488


def test_a_short_study_runs_by_day_and_a_long_one_by_month(city: City) -> None:
    short = study_of(city, periods=14)
    assert (short.freq, short.start) == ("D", pd.Timestamp("2024-01-01"))
    late = small_city(until=pd.Timestamp("2023-06-17"))
    long = study_of(late)
    assert (long.freq, long.start, long.periods) == ("MS", pd.Timestamp("2023-06-01"), 12)


def test_amounts_are_averaged_not_added() -> None:
    counted = small_city()
    waited = replace(counted.series["requests"], value_type="continuous", unit="minutes")
    found = run(replace(counted, series={"requests": waited}), Scenario("b", levers={"demand.change": -0.1}), periods=1)
    [difference] = found.differences
    assert difference.baseline_mean == pytest.approx(float(waited.values.mean().mean()), rel=0.3)
    assert difference.option_mean == pytest.approx(0.9 * difference.baseline_mean, rel=1e-5)


def test_what_matters_is_the_users_choice(city: City) -> None:
    option = grown(0.1, uncertainties=HALF)
    assert run(city, option).differences[0].verdict == "differs"
    assert run(city, option, matters={"demand": 0.1}).differences[0].verdict == "too_close"


# Groups


def test_groups_follow_their_areas(city: City) -> None:
    found = run(city, grown({"W01": 0.3}))
    by_group = found.by_group["growth", "demand"]
    change = found.by_area["growth", "demand"].sel(stat="mean", area_id="W01")
    shares = city.areas["ward"].frame.loc["W01"]
    for group in ("share_over_65", "share_low_income"):
        assert float(by_group.sel(stat="mean", group=group)) == pytest.approx(float(change * shares[group]), rel=1e-6)
    assert float(by_group.sel(stat="mean", group="everyone")) == pytest.approx(float(change), rel=1e-6)
    [note] = [caveat for caveat in found.caveats if caveat.code == "group_from_area_shares"]
    assert list(map(str, note.evidence["absent"])) == ["disabled people"]


def test_group_weights_are_shares_of_each_area(city: City) -> None:
    weights = group_weights(city.areas["ward"])
    assert weights.dims == ("group", "area_id")
    assert (weights.sel(group="everyone") == 1).all()
    np.testing.assert_array_equal(weights.sel(group="share_over_65"), city.areas["ward"].frame["share_over_65"])


# Caveats


def test_only_what_was_moved_carries_its_caveat(city: City) -> None:
    assert "not_causal" in codes(run(city, grown(0.05)))
    assert "not_causal" not in codes(run(city, Scenario("campaign", levers={"demand.change": -0.05})))
    everywhere = [replace(TODAY, uncertainties=HALF), grown(0.05, uncertainties=HALF)]
    assert "not_causal" not in codes(compare(city, everywhere, periods=3, draws=200))


def test_an_elasticity_between_areas_says_so() -> None:
    flat = small_city(drivers=())
    found = codes(run(flat, grown(0.05)))
    assert {"cross_sectional", "not_causal", "driver_absent", "lever_extrapolates"} <= set(found)
    assert "cross_sectional" not in codes(run(flat, Scenario("campaign", levers={"demand.change": -0.02})))


def test_a_lever_outside_its_history_is_caught(city: City) -> None:
    low, high = next(lever.seen for lever in levers_of(city, periods=3) if lever.name == "population.growth") or (0, 0)
    assert -0.05 < low < high < 0.09
    inside = run(city, grown({"W01": high * 0.99, "W02": low * 0.99}))
    assert "lever_extrapolates" not in codes(inside)
    [caveat] = [
        each for each in run(city, grown({"W01": 0.0, "W02": 0.2})).caveats if each.code == "lever_extrapolates"
    ]
    assert caveat.evidence["times"] == pytest.approx((0.2 - high) / (high - low))
    [far] = [each for each in run(city, grown(0.9)).caveats if each.code == "lever_extrapolates"]
    assert far.severity == "do_not_use"


def test_the_forecasts_own_caveats_arrive(city: City) -> None:
    young = small_city(until=pd.Timestamp("2021-02-28"))
    assert "history_short" in codes(run(young, grown(0.05), periods=1))


# The receipt


def test_the_receipt_holds_all_that_was_asked(city: City) -> None:
    asked = [
        run(city, grown(0.1)),
        run(city, grown(0.2)),
        run(city, grown(0.1), seed=1),
        run(city, grown(0.1), draws=201),
        run(city, grown(0.1), periods=2),
        run(city, grown(0.1), matters={"demand": 0.02}),
        run(city, grown(0.1, uncertainties=HALF)),
        run(city, Scenario("growth", levers={"jobs.growth": 0.1})),
        run(small_city(categories=("refuse", "lighting"), until=pd.Timestamp("2023-11-30")), grown(0.1)),
    ]
    receipts = [each.receipt for each in asked]
    assert len(set(receipts)) == len(receipts)
    again = run(small_city(categories=("refuse", "lighting")), replace(grown(0.1), rationale="Because."))
    assert again.receipt == receipts[0]
    np.testing.assert_array_equal(again.paired["growth", "demand"], asked[0].paired["growth", "demand"])


def test_a_comparison_crosses_processes_and_becomes_json(city: City) -> None:
    found = run(city, grown(0.1, uncertainties=HALF))
    back = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own bytes
    assert back.differences == found.differences
    plain = to_plain(found)
    assert plain["differences"][0]["verdict"] == "differs"
    assert plain["made_from"][0]["name"] == "requests"


# Mistakes


@pytest.mark.parametrize(
    ("levers", "sentence"),
    [
        ({"population.growht": 0.1}, "did you mean “population.growth”"),
        (
            {"roads.width": 0.1},
            "does not have: it has population.growth, jobs.growth, demand.change and demand.change_error",
        ),
        ({"population.growth": 3}, "300\u202f%: it must lie between −50\u202f% and 100\u202f%"),
        ({"population.growth": "lots"}, "must be a number"),
        ({"population.growth": True}, "must be a number"),
        ({"population.growth": float("nan")}, "must be a number"),
        ({"population.growth": {"W99": 0.1}}, "for the area “W99”, which there is not"),
        ({"demand.change": {"refuze": 0.1}}, "for the category “refuze”, which there is not: name one like refuse"),
    ],
)
def test_a_wrong_lever_gets_one_sentence(city: City, levers: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        run(city, Scenario("plan", levers=levers))
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("plan ")


def test_an_absent_driver_is_not_taken_for_a_misspelt_one() -> None:
    with pytest.raises(ScenarioError, match=r"“jobs\.growth”, which this city does not have"):
        run(small_city(drivers=()), Scenario("plan", levers={"jobs.growth": 0.1}))


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"baseline": "tomorrow"}, "no scenario named “tomorrow”"),
        ({"series": "nothing"}, "no series named “nothing”: it has requests"),
        ({"draws": 10}, "10 draws were asked for"),
        ({"periods": 0}, "must be from 1 to"),
        ({"periods": 91, "freq": "D"}, "must be from 1 to 90"),
        ({"freq": "W-MON"}, "cannot be studied by “W-MON”: choose one of D and MS"),
        ({"primary": "beauty"}, "no measure named “beauty”"),
    ],
)
def test_an_impossible_study_gets_one_sentence(city: City, how: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        run(city, grown(0.1), **how)
    assert sentence in str(caught.value)


def test_a_history_without_a_whole_month_is_said() -> None:
    brief = small_city(until=pd.Timestamp("2020-01-20"))
    with pytest.raises(ScenarioError, match="holds no whole period of “MS”"):
        run(brief, grown(0.1))


def test_equal_names_never_collide(city: City) -> None:
    names = ["a", "a", "a (2)", "a"]
    found = compare(city, [Scenario(name) for name in names], periods=3, draws=200)
    assert [each.name for each in found.scenarios] == ["a", "a (2)", "a (2) (2)", "a (3)"]


def test_the_work_can_be_stopped(city: City) -> None:
    def stop(share: float, doing: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        run(city, grown(0.1), periods=2, freq="MS", progress=stop)


def test_nested_and_dotted_levers_are_the_same(city: City) -> None:
    declared = [lever.name for lever in levers_of(city)]
    nested = {"population": {"growth": {"W01": 0.1}}, "demand": {"change": 0.2}}
    flat = {"population.growth": {"W01": 0.1}, "demand.change": 0.2}
    assert flattened(nested, declared=declared) == flattened(flat, declared=declared) == flat


def test_differences_by_area_add_up_to_the_citys(city: City) -> None:
    found = run(city, grown({"W02": 0.1, "W09": -0.1}))
    by_area: xr.DataArray = found.by_area["growth", "demand"].sel(stat="mean")
    assert float(by_area.sum()) == pytest.approx(float(found.paired["growth", "demand"].mean()), rel=1e-4)


def test_the_receipt_depends_on_code_that_calculates_and_on_no_wording(city: City) -> None:
    names = set(calculating_files())
    assert {"analytics/scenarios/compare.py", "analytics/streams.py", "data/calendar.py"} <= names
    assert all(name.endswith(".py") for name in names)
    assert not [name for name in names if set(name.split("/")) & {"messages", "words", "commands", "__main__.py"}]
    found = run(city, grown(0.1)).receipt
    with use_language("qps"):
        assert run(city, grown(0.1)).receipt == found


def test_a_gap_in_one_draw_is_refused_by_name(city: City) -> None:
    class Gap(Demand):
        version = "with a gap"

        def run(self, *arguments: Any) -> dict[str, xr.DataArray]:
            found = {name: array.copy() for name, array in super().run(*arguments).items()}
            found["demand"][{"draw": 7, "area_id": 2, "category": 0, "period": 1}] = np.nan
            return found

    with pytest.raises(ScenarioError) as caught:
        run(city, engines=[Baseline(), Gap()])
    wanted = (
        "Demand under growth gave “demand” without a number at draw 7, area_id W03, category refuse and period 2024-02"
    )
    assert str(caught.value).startswith(wanted)
