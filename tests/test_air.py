"""Meridian's air, electricity and heat: what was planted is found again, and the engine keeps its contract."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from analytics import Scenario, compare
from analytics.environment import GUIDELINES, energy_demand, excess_in_heat, roadside_relation
from analytics.environment.roadside import hours_above, running_means
from analytics.errors import MeasurementError
from analytics.monitoring.targets import chance_of
from analytics.scenarios.checks.suite import check_engine
from analytics.scenarios.framing import study_of
from analytics.scenarios.registry import engines
from data import City, Target
from data.sample import truth
from data.sample.air import air_truth
from data.tables import Monitor

PLANTED = air_truth(truth().traffic)
PER_VEHICLE = dict(PLANTED.per_vehicle)


# Planted


def test_the_planted_balance_point_is_found(meridian: City) -> None:
    found = energy_demand(meridian.series["electricity"], meridian.of("regressors")["temperature"])
    for name in ("balance", "below", "above", "working_day"):
        row = found.terms.loc[name]
        assert row["low"] <= getattr(PLANTED, name) <= row["high"], name
    assert found.r2 > 0.9


def test_the_planted_heat_is_found_in_the_calls(meridian: City) -> None:
    found = excess_in_heat(
        meridian.series["ambulance_calls"], temperature=meridian.of("regressors")["temperature_of_calls"]
    )
    worst = found.spells.loc[found.spells["excess"].idxmax()]
    planted = [(pd.Timestamp(first), pd.Timestamp(last)) for first, last in PLANTED.spells]
    assert any(first <= worst["last"] and worst["first"] <= last for first, last in planted)
    days = PLANTED.days[PLANTED.called_more()]
    inside = days[(days >= worst["first"]) & (days <= worst["last"])]
    assert worst["low"] <= PLANTED.excess * PLANTED.calls_a_day * len(inside) * 1.05
    assert worst["high"] >= PLANTED.excess * PLANTED.calls_a_day * len(inside) * 0.95


@pytest.mark.parametrize("area", sorted(PER_VEHICLE))
def test_the_planted_relation_of_each_roadside_is_found(meridian: City, area: str) -> None:
    found = roadside_relation(meridian.of("monitors")[f"roadside_{area.lower()}"])
    assert found.low <= PER_VEHICLE[area] <= found.high
    assert found.high - found.low < 0.5 * PER_VEHICLE[area]
    assert found.increment
    assert 0.3 < found.share < 0.9


# By hand


def monitor_of(meridian: City, *, per_vehicle: float, background: bool) -> Monitor:
    """A monitor of which all is known: half of the vehicles of the hour and a background that sways, without noise."""
    own = meridian.of("monitors")["roadside_a01"]
    hours = own.air.values.index
    random = np.random.default_rng(3)
    vehicles = own.traffic.values["A01"].reindex(hours).to_numpy(float).ravel()
    sway = 10 + 3 * np.sin(np.arange(len(hours)) / 50)
    values = own.air.values.copy()
    values["A55"] = sway[:, None]
    values["A01"] = (sway + per_vehicle * vehicles + random.normal(0, 0.01, len(hours)))[:, None]
    return replace(own, air=replace(own.air, values=values), background_id="A55" if background else "")


def test_the_line_is_exact_where_nothing_else_moves(meridian: City) -> None:
    found = roadside_relation(monitor_of(meridian, per_vehicle=0.05, background=True))
    assert found.per_vehicle == pytest.approx(0.05, rel=1e-4)
    assert found.low <= 0.05 <= found.high
    assert found.r2 > 0.9999
    alone = roadside_relation(monitor_of(meridian, per_vehicle=0.05, background=False))
    assert not alone.increment
    assert alone.per_vehicle == pytest.approx(0.05, rel=0.1)
    assert alone.high - alone.low > found.high - found.low
    none = roadside_relation(monitor_of(meridian, per_vehicle=0.0, background=True))
    assert none.low < 1e-5
    assert none.high > -1e-5


def test_gaps_are_left_out_and_too_few_hours_refused(meridian: City) -> None:
    own = monitor_of(meridian, per_vehicle=0.05, background=True)
    values = own.air.values.copy()
    values.loc[values.index[:100], "A55"] = np.nan
    found = roadside_relation(replace(own, air=replace(own.air, values=values)))
    assert (found.left_out, found.hours) == (100, len(values) - 100)
    short = replace(own, air=replace(own.air, values=values.iloc[:4_000]))
    with pytest.raises(MeasurementError, match="3,900 hours have both"):
        roadside_relation(short)


def test_hours_above_count_means_that_exceed_and_not_those_that_reach() -> None:
    values = np.array([0.0, 2.0, 4.0, 2.0, 0.0, np.nan, 9.0])
    assert running_means(values, 1).tolist()[:5] == [0.0, 2.0, 4.0, 2.0, 0.0]
    assert running_means(values, 2)[:4].tolist() == [1.0, 3.0, 3.0, 1.0]
    assert float(hours_above(values, guideline=3.0, hours=2)) == 0.0
    assert float(hours_above(values, guideline=2.9, hours=2)) == 0.5
    assert float(hours_above(values, guideline=2.0, hours=1)) == pytest.approx(2 / 6)


# The engine


def outcome(meridian: City, change: float, *, assumed: float | None = None, measure: str = "air_level") -> np.ndarray:
    """A measure of the first roadside by draw, with so much more traffic."""
    [engine] = [each for each in engines().values() if each.name == "air"]
    study = study_of(meridian, question=engine.questions[0], subject="roadside_a01", draws=200, seed=1)
    found = engine.run(study, {"air.traffic": change}, {"air.per_vehicle": assumed}, {}, study.streams)
    return found[measure].to_numpy().astype(float)


def test_nothing_changes_where_nothing_is_moved(meridian: City) -> None:
    for measure in ("air_level", "air_above"):
        today = outcome(meridian, 0.0, measure=measure)
        assert (outcome(meridian, 0.0, assumed=0.5, measure=measure) == today).all()
        assert np.unique(today).size > 100  # a year's weather differs from future to future


def test_less_traffic_is_less_air_by_what_was_measured(meridian: City) -> None:
    relation = roadside_relation(meridian.of("monitors")["roadside_a01"])
    vehicles = float(meridian.series["traffic_counts"].values["A01"].mean().iloc[0])
    today = outcome(meridian, 0.0)
    assert today.mean() == pytest.approx(meridian.series["nitrogen_dioxide"].values["A01"].mean().iloc[0], rel=0.05)
    change = outcome(meridian, -0.2) - today
    assert change.mean() == pytest.approx(-0.2 * relation.per_vehicle * vehicles, rel=0.05)
    assert change.std() / -change.mean() == pytest.approx(relation.error / relation.per_vehicle, rel=0.3)
    sure = outcome(meridian, -0.2, assumed=0.03) - today
    assert sure.mean() == pytest.approx(-0.2 * 0.03 * vehicles, rel=0.02)
    above = [outcome(meridian, each, measure="air_above") for each in (-1.0, -0.2, 0.0, 0.2)]
    assert all((less <= more).all() for less, more in pairwise(above))
    assert above[0].mean() < 0.5 * above[2].mean()
    observed = hours_above(meridian.series["nitrogen_dioxide"].values["A01"].to_numpy().ravel(), guideline=25, hours=24)
    assert above[2].mean() == pytest.approx(float(observed) * 8_766, rel=0.05)


def test_a_comparison_says_that_dispersion_is_not_modelled_and_what_was_never_seen(meridian: City) -> None:
    options = [Scenario("today"), Scenario("same", {"air.traffic": 0.0}), Scenario("half", {"air.traffic": -0.5})]
    found = compare(meridian, options, baseline="today", question="air", subject="roadside_a01", draws=100, seed=1)
    codes = {each.code for each in found.caveats}
    assert codes >= {"air_not_dispersed", "lever_extrapolates"}
    assert all((found.paired["same", measure] == 0).all() for measure in ("air_level", "air_above"))
    assert (found.paired["half", "air_level"] < 0).all()
    within = [Scenario("today"), Scenario("less", {"air.traffic": -0.01})]
    quiet = compare(meridian, within, baseline="today", question="air", subject="roadside_a01", draws=100, seed=1)
    assert "lever_extrapolates" not in {each.code for each in quiet.caveats}


def test_a_plan_for_the_roads_moves_the_air_beside_them(meridian: City) -> None:
    options = [Scenario("today"), Scenario("same"), Scenario("fewer trips", {"trips.off_car": 0.1})]
    found = compare(meridian, options, baseline="today", question="traffic_air", draws=100, seed=1)
    for measure in ("air_level", "air_above"):
        assert (found.paired["same", measure] == 0).all()
        assert (found.paired["fewer trips", measure] < 0).all()
    # The share of the year's mean that goes with the road's traffic, times what the road loses: 6 to 10 in 100 of a tenth fewer.
    relation = roadside_relation(meridian.of("monitors")["roadside_a01"])
    today = meridian.series["nitrogen_dioxide"].values["A01"].mean().iloc[0]
    loss = -float(found.paired["fewer trips", "air_level"].mean()) / (relation.share * today)
    assert 0.03 < loss < 0.11
    assert {"air_not_dispersed", "air_other_hours", "traffic_is_static"} <= {each.code for each in found.caveats}
    assert found.engines.keys() == {"traffic", "air"}


@pytest.mark.usefixtures("sample_city")
def test_the_engine_passes_its_checks(meridian: City) -> None:
    [engine] = [each for each in engines().values() if each.name == "air"]
    checks = check_engine(engine, city=meridian)
    assert [(each.name, str(each.sentence)) for each in checks if not each.passed] == []


def test_a_city_without_a_monitor_is_told_how_to_add_one(meridian: City) -> None:
    [engine] = [each for each in engines().values() if each.name == "air"]
    why = engine.applies(replace(meridian, others={**meridian.others, "monitors": {}}))
    assert "[monitors.NAME]" in str(why)


def limits_of(city: City) -> list[Target]:
    return [each for each in city.targets.values() if each.above is not None]


def test_meridian_wants_days_below_a_guideline_and_is_told_its_chance(meridian: City) -> None:
    (wanted,) = limits_of(meridian)
    assert (wanted.above, wanted.hours) in {(each.limit, each.hours) for each in GUIDELINES if each.pollutant == "no2"}
    chance = chance_of(meridian.series["nitrogen_dioxide"], wanted, keep=False)
    assert not chance.over
    assert str(chance.unit) == "days"
    assert 0.02 < chance.probability < 0.98


def test_chicagos_target_of_the_air_is_a_guideline(chicago: City) -> None:
    (wanted,) = limits_of(chicago)
    assert (wanted.above, wanted.hours) in {(each.limit, each.hours) for each in GUIDELINES if each.pollutant == "pm25"}
