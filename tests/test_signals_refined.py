"""Plans refined in simulation: kept for the roads and counts that they are made for, offered as a choice, and told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analytics.caveats.signals import signals_refined
from analytics.results import Severity
from analytics.scenarios import Scenario, compare
from analytics.scenarios.checks.suite import check_engine
from analytics.scenarios.compare import levers_of
from analytics.scenarios.engines.signals.plans import AT_REST, COORDINATED, REFINED, chosen_plans
from analytics.scenarios.registry import engines
from analytics.signals.checking import subject
from analytics.signals.checks import PROPOSED, TODAY, Check, keep_check
from analytics.signals.choices import best_plan, corridor_plans
from analytics.signals.refined import RefinedPlans, drive_of, keep_refined, refined_of, refined_stamp
from analytics.signals.timings import DayPlan, Timing
from data import City, Junctions
from data.words import text
from tests.junction_city import COUNTS, PLAN, opened
from tests.small_city import small_city
from tests.test_caveats import FITTED

PLANS = {"J1": DayPlan.of(Timing((33.0, 21.0)))}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Junctions:
    return opened(tmp_path_factory.mktemp("junctions"))


@pytest.fixture(scope="module")
def city(table: Junctions) -> City:
    return replace(small_city(drivers=(), layers={}), others={"junctions": {"centre": table}})


def refined(table: Junctions, place: str = "J1", plans: Mapping[str, DayPlan] = PLANS, **more: Any) -> RefinedPlans:
    """Plans that are kept as if they had been refined."""
    begun = {each: best_plan(table, each) for each in plans}
    made = RefinedPlans(place, plans, begun, (101, 102, 103), (30.0, 28.0), (20.0, 21.0), 40, "1.28.0", "2024-02-01")
    made = replace(made, **more)
    keep_refined(table, made)
    return made


def checked(table: Junctions, place: str, plans: Mapping[str, DayPlan], seeds: tuple[int, ...], saved: float) -> None:
    """A check of those plans, in which each seed beside the first three of the search saves as much."""
    today = tuple(30.0 + seed % 3 for seed in seeds)
    runs = {
        TODAY: today,
        PROPOSED: tuple(lost - (saved if seed < 100 else 20) for lost, seed in zip(today, seeds, strict=True)),
    }
    keep_check(
        subject(drive_of(table, place), plans), Check(True, 420, runs, {TODAY: 25.0, PROPOSED: 21.0}, seeds, "1.28.0")
    )


def compared(city: City, *levers: Mapping[str, Any]) -> Any:
    options = [Scenario("today"), *(Scenario(f"option {n}", levers=each) for n, each in enumerate(levers))]
    return compare(city, options, question="signals", draws=100)


def test_a_plan_is_kept_for_the_roads_and_counts_that_it_was_refined_on(
    table: Junctions, workspace: Path, tmp_path: Path
) -> None:
    assert (refined_of(table), refined_stamp()) == ({}, "")
    made = refined(table)
    assert refined_of(table) == {made.key: made}
    assert made.key.startswith("J1@")
    assert refined_stamp()
    other = opened(tmp_path / "plan", plan=PLAN.replace("J1,A,40", "J1,A,41").replace(",80\n", ",\n"))
    assert list(refined_of(other)) == [made.key], "whatever runs today"
    first = "J1,north,through,2024-01-01 07:00,"
    busier = opened(tmp_path / "counts", counts=COUNTS.replace(first, f"{first}1"))
    assert refined_of(busier) == {}
    newer = refined(table, plans={"J1": DayPlan.of(Timing((35.0, 21.0)))}, made="2024-03-01")
    along = refined(table, "High Street", {**corridor_plans(table, "High Street")})
    assert list(refined_of(table)) == [made.key, newer.key, along.key]


def test_a_refined_plan_is_offered_only_where_one_is_kept(city: City, table: Junctions, workspace: Path) -> None:
    def levers() -> dict[str, Any]:
        return {each.name: each for each in levers_of(city, question="signals", subject="centre")}

    before = levers()
    nothing = compared(city, {"signals.best": ["J1"]})
    assert REFINED not in before
    made = refined(table)
    after = levers()
    assert {name: each for name, each in after.items() if name != REFINED} == before
    assert after[REFINED].kind.candidates == (made.key,)
    words = text(after[REFINED].shown((made.key,)))
    assert "Mill Street" in words
    assert made.mark in words
    again = compared(city, {"signals.best": ["J1"]})
    assert again.receipt == nothing.receipt, "what is kept changes nothing for options that do not name it"
    assert compared(city, {REFINED: [made.key]}).receipt != nothing.receipt


def test_refined_plans_keep_the_contract_and_beside_themselves_are_nothing(
    city: City, table: Junctions, workspace: Path
) -> None:
    made, along = refined(table), refined(table, "High Street", corridor_plans(table, "High Street"))
    found = {each.name: str(each.sentence) for each in check_engine(engines()["signals"], city=city) if not each.passed}
    assert found == {}
    options = [Scenario(each, levers={REFINED: [made.key, along.key]}) for each in ("one", "other")]
    same = compare(city, options, question="signals", draws=100, baseline="one")
    assert {each.verdict for each in same.differences} == {"no_change"}
    assert {each.verdict for each in compared(city, {REFINED: []}).differences} == {"no_change"}


def test_which_plan_goes_before_which(table: Junctions, workspace: Path) -> None:
    made = refined(table)
    newer = refined(table, plans={"J1": DayPlan.of(Timing((35.0, 21.0)))}, made="2024-03-01")
    wave = corridor_plans(table, "High Street")
    along = refined(table, "High Street", {each: DayPlan.of(Timing((30.0, 40.0))) for each in wave})

    def chosen(**levers: Any) -> Mapping[str, DayPlan]:
        return chosen_plans(table, {**AT_REST, **{f"signals.{name}": each for name, each in levers.items()}})

    assert chosen(refined=(made.key,), best=("J1", "J2")) == {"J1": made.plans["J1"], "J2": best_plan(table, "J2")}
    assert chosen(refined=(made.key, newer.key))["J1"] == newer.plans["J1"]
    assert chosen(refined=(made.key,), coordinated=("High Street",)) == wave
    assert chosen(refined=(made.key, along.key), coordinated=("High Street",)) == along.plans


def test_a_comparison_says_how_a_plan_was_refined_and_what_other_seeds_say(
    city: City, table: Junctions, workspace: Path
) -> None:
    made = refined(table)

    def said(levers: Mapping[str, Any]) -> dict[str, Any]:
        return {each.code: each for each in compared(city, levers).caveats if each.code.startswith("signals_")}

    option = {REFINED: [made.key], COORDINATED: []}
    found = said(option)
    assert {"signals_refined", "signals_unchecked"} <= set(found)
    assert found["signals_refined"].severity is Severity.CAUTION
    assert "Mill Street: not checked yet" in found["signals_refined"].detail
    assert (
        "Mill Street on seeds 101 to 103 (1 February 2024, SUMO 1.28.0, 40 plans tried)"
        in found["signals_refined"].detail
    )
    assert "21 s a trip in place of 20 s, so the formula likes it less" in found["signals_refined"].detail
    # Of five seeds two are those of the search: what these say does not count.
    checked(table, "J1", made.plans, (1, 2, 3, 101, 102), 2.0)
    found = said(option)
    assert "signals_unchecked" not in found
    assert found["signals_refined"].severity is Severity.NOTE
    assert "On other seeds, beside today: Mill Street: a trip loses 2 s less [2, 2]" in found["signals_refined"].detail
    assert "a trip loses 2 s less [2, 2]" in found["signals_in_simulation"].detail
    assert "signals_refined" not in said({**option, "signals.cycle": 0.2}), "another plan"
    assert "signals_refined" not in said({**option, "signals.actuated": ["J1"]}), "no plan"
    assert "signals_refined" not in said({"signals.best": ["J1"]})


def test_a_refined_plan_that_saves_nothing_on_other_seeds_is_a_caution() -> None:
    for verdict in ("worse", "too_close", "no_change"):
        fact = {**FITTED, "check": {**FITTED["check"], "verdict": verdict}}
        found = signals_refined(junctions="Centre", signals_refined=[FITTED, fact])
        assert found is not None
        assert found.severity is Severity.CAUTION
    better = signals_refined(junctions="Centre", signals_refined=[{**FITTED, "after": 20.0}])
    assert better is not None
    assert "Mill Street: 20 s a trip in place of 21 s" in better.detail
    assert "likes it less" not in better.detail
