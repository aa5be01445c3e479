"""The loop of the papers: counts, a plan that is proposed, an engineer's approval on record, before and after in pairs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from analytics.decisions import Decision, advice_of, decide, decisions_of, limits_of, promises_of
from analytics.recipes import recipe_of
from analytics.requests import CityRequest, ComparisonRequest
from analytics.scenarios import Ask, Scenario, suggest
from analytics.signals.before_after import difference_of
from analytics.signals.choices import best_plan
from analytics.signals.futures import Futures, outcome_of
from analytics.signals.proposal import propose
from analytics.signals.tables import junctions_of
from data.store.records import open_records
from tests.junction_city import opened
from tests.small_city import small_city


def test_counts_lead_to_a_plan_that_an_engineer_approves_and_that_is_held_against_before(
    workspace: Path, tmp_path: Path
) -> None:
    table = opened(tmp_path)
    city = replace(small_city(drivers=(), layers={}), others={"junctions": {"centre": table}})
    # Counts → a plan is proposed.
    plan = suggest(city, "signals", Ask(most=1), draws=100).suggestions[0].scenario
    request = ComparisonRequest(
        CityRequest(city.key), scenarios=(Scenario("Today"), plan), question="signals", draws=100
    )
    found = request.answer(city)
    # An engineer approves: a decision with its limits, what it promises and who signed. Nothing runs otherwise for it.
    promises = promises_of(found, option=plan.name)
    decision = Decision(
        "Which signal timings do we change?", plan.name, ("Today", plan.name), "Less time is lost at both junctions.",
        recipe_of(request, found), advice=advice_of(found), limits=limits_of(found.caveats), promises=promises,
    )  # fmt: skip
    records = open_records()
    try:
        recorded = decide(records, decision, name="E. Engineer", role="approver", limits_read=True)
        [read] = decisions_of(records, city=city.key)
    finally:
        records.engine.dispose()
    assert read == recorded
    assert "signals_unchecked" in {each.code for each in read.decision.limits}
    assert [(each.name, each.version) for each in read.decision.advice] == [("signals", "2")]
    assert junctions_of(table)["J1"].today == junctions_of(opened(tmp_path / "again"))["J1"].today
    # Before and after, day by day: the promise lies where the pairs say, and plans that hardly differ are a tie.
    junction = junctions_of(table)["J1"]
    days = Futures(np.random.default_rng(1).normal(1, 0.05, 20), np.ones(20))
    before, after = (outcome_of(junction, each, days).hours for each in (junction.today, best_plan(table, "J1")))
    seen = difference_of(before, after)
    assert seen.verdict == "better"
    assert propose(table, "J1").worthwhile
    assert difference_of(after, after * 1.001).verdict == "too_close"
    promised = next(each for each in promises if each.measure == "signal_wait")
    assert promised.low95 < promised.median < promised.high95
