"""The engine of signals: it keeps the contract, a null option changes nothing, and better plans save what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analytics.errors import ScenarioError
from analytics.scenarios import Ask, Scenario, compare, questions_of, suggest
from analytics.scenarios.checks.suite import check_engine
from analytics.scenarios.compare import levers_of
from analytics.scenarios.engines.signals.evidence import days_seen, facts_of
from analytics.scenarios.registry import engines
from analytics.signals.checking import subject
from analytics.signals.checks import PROPOSED, TODAY, Check, keep_check
from analytics.signals.choices import actuated_timing, best_plan, corridor_plans, stretched, webster_plan
from analytics.signals.day import day_hours, parts_of_day, plan_for_day
from analytics.signals.futures import Futures, outcome_of
from analytics.signals.handbook import control_delay
from analytics.signals.junction_drive import JunctionDrive
from analytics.signals.spreads import day_spread, saturation_error, whole_spread
from analytics.signals.tables import junctions_of
from analytics.signals.timings import DayPlan, Timing
from data import City, Junctions
from tests.junction_city import COUNTS, JUNCTIONS, PLAN, opened
from tests.small_city import small_city


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Junctions:
    return opened(tmp_path_factory.mktemp("junctions"))


@pytest.fixture(scope="module")
def city(table: Junctions) -> City:
    return replace(small_city(drivers=(), layers={}), others={"junctions": {"centre": table}})


def test_a_series_that_holds_no_whole_month_keeps_nobody_from_an_options_plan(city: City) -> None:
    name, long = next(iter(city.series.items()))
    short = replace(city, series={name: replace(long, values=long.values.iloc[:20])})
    assert {each.name for each in levers_of(short, question="signals")} == {
        each.name for each in levers_of(city, question="signals")
    }
    found = compare(
        short, [Scenario("today"), Scenario("other", levers={"signals.best": ["J1"]})], question="signals", draws=100
    )
    assert found.differences
    with pytest.raises(ScenarioError, match="holds no whole period"):
        levers_of(short)


def compared(city: City, levers: Mapping[str, Any], **more: Any) -> Any:
    return compare(city, [Scenario("today"), Scenario("other", levers=levers)], question="signals", draws=100, **more)


def test_it_keeps_the_contract(city: City) -> None:
    found = {each.name: str(each.sentence) for each in check_engine(engines()["signals"], city=city) if not each.passed}
    assert found == {}


@pytest.fixture(scope="module")
def apart(city: City, tmp_path_factory: pytest.TempPathFactory) -> City:
    """The same junctions, along no corridor."""
    alone = JUNCTIONS.replace("High Street,0", ",").replace("High Street,400", ",")
    return replace(city, others={"junctions": {"centre": opened(tmp_path_factory.mktemp("apart"), junctions=alone)}})


def test_it_keeps_the_contract_where_no_junction_lies_along_a_corridor(apart: City) -> None:
    found = {
        each.name: str(each.sentence) for each in check_engine(engines()["signals"], city=apart) if not each.passed
    }
    assert found == {}


def test_its_question_is_asked_of_a_city_with_junctions_and_says_what_another_lacks(city: City) -> None:
    [asked] = [each for each in questions_of(city) if each.question.name == "signals"]
    assert (asked.answerable, asked.subjects) == (True, ("centre",))
    [asked] = [each for each in questions_of(replace(city, others={})) if each.question.name == "signals"]
    assert "has no junctions: add a section [junctions.NAME]" in str(asked.missing[0])


def test_the_same_against_itself_is_nothing(city: City) -> None:
    for levers in ({}, {"signals.cycle": {"J1": 0.0}}, {"signals.best": []}):
        found = compared(city, levers)
        assert {each.verdict for each in found.differences} == {"no_change"}


def test_time_that_is_lost_becomes_less_and_waits_become_shorter(city: City) -> None:
    found = compared(city, {"signals.cycle": {"J1": 0.1}})
    words = {measure.name: str(measure.fewer_word) for measure in found.measures}
    assert (words["signal_delay"], words["signal_wait"]) == ("less", "shorter")


def test_delay_is_the_handbooks_at_a_junction_checked_by_hand(table: Junctions) -> None:
    junction = junctions_of(table)["J2"]
    assert junction.layout.phases[0].minimum == 8
    assert junctions_of(table)["J1"].layout.phases[0].minimum == 14, "3.2 s and 12 m at 1.2 m/s"
    # At noon 115, 100 and 85 come in a quarter: means of three days, 5, 10 and 15 above those of the fixture.
    noon = junction.flows[junction.minutes == 720][0]
    assert noon.tolist() == [4 * 110, 4 * 100, 4 * 30, 4 * 85]
    found = outcome_of(junction, junction.today, Futures(np.ones(1), np.ones(1)))
    assert found.vehicles[0] == pytest.approx(junction.flows.sum() / 4)
    east = control_delay(80, 30, flow=4 * 85, saturation=1800)
    one = replace(
        junction, flows=np.where(np.arange(4) == 3, junction.flows, 0)[junction.minutes == 720], minutes=np.array([720])
    )
    one = replace(one, follows=np.array([False]))
    alone = outcome_of(one, junction.today, Futures(np.ones(1), np.ones(1)))
    assert alone.hours[0] == pytest.approx(east * 85 / 3600)


def test_days_differ_by_what_the_counts_show(table: Junctions) -> None:
    junction = junctions_of(table)["J1"]
    daily = np.array([each * 1.0 for each in junction.daily])
    assert len(daily) == 3
    assert day_spread(junction) == (pytest.approx(daily.std(ddof=1) / daily.mean()), 3)
    assert day_spread(replace(junction, daily=daily[:2])) == (0.10, 0)
    assert saturation_error(junction) == pytest.approx(0.03 + 0.05 / 4)
    assert days_seen(table) == (pytest.approx(daily[0] / daily.mean() - 1), pytest.approx(daily[2] / daily.mean() - 1))


def test_the_best_plan_saves_what_it_says(apart: City) -> None:
    city, table = apart, apart.of("junctions")["centre"]
    found = suggest(city, "signals", Ask(), draws=100).suggestions
    assert found[0].scenario.levers["signals.best"] == ("J1", "J2")
    delay = next(
        each for each in compared(city, found[0].scenario.levers).differences if each.measure == "signal_delay"
    )
    assert delay.verdict == "better"
    saved = sum(
        day_hours(each, each.today, spread=whole_spread(each))
        - day_hours(each, best_plan(table, name), spread=whole_spread(each))
        for name, each in junctions_of(table).items()
    )
    assert -delay.median == pytest.approx(saved, rel=0.1)
    assert len(found) == 1, "no corridor to coordinate, and no few junctions that save most"


def test_plans_about_as_good_are_told_as_a_tie(apart: City) -> None:
    # Two seconds more than the best cycle of 40 change next to nothing.
    options = [
        Scenario("best", levers={"signals.best": ["J1", "J2"]}),
        Scenario("nearly", levers={"signals.best": ["J1", "J2"], "signals.cycle": 0.05}),
    ]
    found = compare(apart, options, question="signals", draws=100, baseline="best")
    delay = next(each for each in found.differences if each.measure == "signal_delay" and each.option == "nearly")
    assert delay.verdict == "too_close"
    assert abs(delay.median) < 0.02 * delay.baseline_mean


def test_growth_beyond_the_days_that_were_counted_is_said(city: City) -> None:
    found = compared(city, {"signals.best": ["J1"], "signals.growth": 0.6})
    assert "lever_extrapolates" in {each.code for each in found.caveats}


def test_caveats_follow_the_counts(city: City, table: Junctions) -> None:
    found = compared(city, {"signals.actuated": ["J1"]})
    codes = {each.code for each in found.caveats}
    assert {"signals_unchecked", "signals_follow_flow", "signals_saturation"} <= codes
    assert not {"signals_few_days", "signals_counts_old", "signals_by_platoons"} & codes
    facts = facts_of(table, as_of=city.as_of, moved=())
    assert facts["signals_age_years"] == pytest.approx(0.0, abs=0.02)
    assert (facts["signals_assumed"], facts["signals_movements"]) == (2, 8)
    assert facts["signals_over"] == facts["signals_too_short"] == []


def test_a_green_shorter_than_people_need_is_named(tmp_path: Path) -> None:
    short = opened(tmp_path, plan=PLAN.replace("J1,A,40,3,2,8", "J1,A,12,3,2,8").replace(",80\n", ",\n"))
    assert facts_of(short, as_of=short.provenance.as_of, moved=())["signals_too_short"] == ["Mill Street"]


def test_counts_of_one_day_leave_the_spread_assumed(tmp_path: Path) -> None:
    single = opened(tmp_path, counts=COUNTS.replace("2024-01-02 ", "2024-01-01 ").replace("2024-01-03 ", "2024-01-01 "))
    facts = facts_of(single, as_of=single.provenance.as_of, moved=())
    assert (facts["signals_days"], facts["signals_spread_assumed"], facts["signals_spread"]) == (1, True, 0.10)
    assert days_seen(single) == (0.0, 0.0)


def test_walkers_wait_by_the_greens_of_their_phase(city: City, table: Junctions) -> None:
    found = compared(city, {"signals.cycle": {"J1": 0.25}})
    walk = next(each for each in found.differences if each.measure == "signal_walk")
    # 40 s of green less 10 s to cross, of 80; then of 100 s.
    longer = stretched(junctions_of(table)["J1"].layout, junctions_of(table)["J1"].today, 0.25, longest=120)
    green = longer.programs[0].timing.greens[0]
    assert walk.baseline_mean == pytest.approx(0.5 * (80 - 30) ** 2 / 80)
    assert walk.median + walk.baseline_mean == pytest.approx(0.5 * (100 - (green - 10)) ** 2 / 100)


# Plans by time of day


def test_the_day_is_cut_where_its_traffic_changes() -> None:
    rng = np.random.default_rng(1)
    level = np.repeat([200.0, 700, 350, 800, 150], [8, 8, 16, 10, 6])
    flows = level[:, None] * np.array([1.0, 0.6, 0.3]) * (1 + 0.03 * rng.standard_normal((48, 3)))
    assert parts_of_day(flows, 5) == (0, 8, 16, 32, 42)
    assert parts_of_day(flows, 1) == (0,)


def test_more_parts_are_taken_only_where_they_save(table: Junctions) -> None:
    junction = junctions_of(table)["J1"]
    flat = replace(junction, flows=np.tile(junction.flows[:1], (len(junction.flows), 1)))
    assert len(plan_for_day(flat).programs) == 1
    tidal = junction.flows.copy()
    tidal[:4], tidal[4:] = [900, 900, 60, 150], [150, 150, 20, 900]
    moved = replace(junction, flows=tidal)
    plan = plan_for_day(moved)
    assert [each.start for each in plan.programs] == [0, 720]
    assert plan.at(719) == plan.programs[0].timing
    assert plan.at(720) == plan.programs[1].timing
    assert day_hours(moved, plan) < day_hours(moved, DayPlan.of(plan.programs[0].timing))


def test_a_cycle_is_stretched_within_its_bounds(table: Junctions) -> None:
    junction = junctions_of(table)["J1"]
    assert stretched(junction.layout, junction.today, 0.0, longest=120) is junction.today
    longer = stretched(junction.layout, junction.today, 1.0, longest=120).programs[0].timing
    shorter = stretched(junction.layout, junction.today, -0.9, longest=120).programs[0].timing
    assert (longer.cycle(junction.layout), shorter.cycle(junction.layout)) == (120, junction.layout.shortest)
    assert shorter.greens == (14, 8)


def test_websters_plan_and_that_of_a_controller_follow_their_formulas(table: Junctions) -> None:
    junction = junctions_of(table)["J2"]
    flows = junction.flows.mean(axis=0)
    y = max(flows[0] / 1800, flows[1] / 1900) + flows[3] / 1800
    cycle = webster_plan(table, "J2").programs[0].timing.cycle(junction.layout)
    assert cycle == round(20 / (1 - y))
    follows = actuated_timing(junction.layout, flows, longest=120).cycle(junction.layout)
    assert follows == max(round(10 * 0.95 / (0.95 - y)), junction.layout.shortest)


def test_a_corridor_has_one_cycle_and_its_greens_follow_one_another(table: Junctions) -> None:
    plans = corridor_plans(table, "High Street")
    cycles = {
        each.timing.cycle(junctions_of(table)[name].layout)
        for name, plan in plans.items()
        for each in plan.programs[:1]
    }
    assert len(cycles) == 1
    assert Timing((1.0,)).offset == 0


# What was tried in the simulator


def test_a_comparison_tells_what_was_tried_of_its_plans(apart: City, workspace: Path) -> None:
    table = apart.of("junctions")["centre"]
    junctions, best = junctions_of(table), {name: best_plan(table, name) for name in ("J1", "J2")}

    def codes(levers: Mapping[str, Any]) -> dict[str, str]:
        return {each.code: each.detail for each in compared(apart, levers).caveats if "simul" in each.message}

    def tried(name: str, lost: float) -> None:
        runs = {TODAY: (30.0, 32.0, 31.0), PROPOSED: tuple(lost + each for each in (0.0, 0.5, 1.0))}
        made = Check(True, 420, runs, {TODAY: 20.0, PROPOSED: 15.0}, (1, 2, 3), "1.28.0")
        keep_check(subject(JunctionDrive(junctions[name]), best), made)

    both = {"signals.best": ["J1", "J2"]}
    assert set(codes(both)) == {"signals_unchecked"}
    tried("J1", 25.0)
    found = codes(both)
    assert set(found) == {"signals_partly_checked", "signals_in_simulation"}
    assert "Mill Street: a trip loses 5.5 s less [3.35, 7.65]" in found["signals_in_simulation"]
    assert set(codes({"signals.best": ["J1"]})) == {"signals_in_simulation"}
    assert set(codes({"signals.best": ["J1"], "signals.cycle": 0.3})) == {"signals_unchecked"}, "another plan"
    assert set(codes({"signals.actuated": ["J1"]})) == {"signals_unchecked"}, "a controller is no plan that was driven"
    tried("J2", 40.0)
    found = codes(both)
    assert set(found) == {"signals_in_simulation", "signals_simulation_differs"}
    assert "Church Street: a trip loses 9.5 s more [7.35, 11.7]" in found["signals_simulation_differs"]
