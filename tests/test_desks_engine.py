"""The engine of desks: it keeps the contract, finds what was planted, and proposes rosters that keep what they promise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analytics.errors import ScenarioError
from analytics.scenarios import Ask, Scenario, compare, questions_of, suggest
from analytics.scenarios.checks.suite import check_engine
from analytics.scenarios.engines.baseline import baseline_forecast
from analytics.scenarios.engines.desks.arrivals import people_of
from analytics.scenarios.engines.desks.arrivals import usual_week as expected_week
from analytics.scenarios.engines.desks.estimates import Spreads, handling_of, own_variance, patience_of, spreads_of
from analytics.scenarios.engines.desks.evidence import facts_of, formula_of
from analytics.scenarios.engines.desks.rosters import bound_of, cover, needed, shifts_within
from analytics.scenarios.framing import study_of
from analytics.scenarios.questions import question_named
from analytics.scenarios.registry import engines
from data import City
from data.frequency import Frequency
from data.sample import truth
from data.sample.desks import sample_contacts, sample_visits
from tests.desk_city import contacts, desk, desk_city, usual_week, visits

NOBODY = tuple([0.0] * 168)
EVER, LONG_AGO = np.ones(168, dtype=bool), pd.Timestamp("2000-01-01")


@pytest.fixture(scope="module")
def city() -> City:
    return desk_city()


# What is estimated


@pytest.mark.parametrize("seed", range(1, 6))
def test_handling_and_patience_lie_where_they_were_planted(seed: int) -> None:
    known = desk(contacts=contacts(seed=seed))
    for found, planted in ((handling_of(known), 400.0), (patience_of(known), 600.0)):
        assert found is not None
        assert abs(np.log(found.mean / planted)) < 3 * found.error
        assert 0 < found.error < 0.06
    assert handling_of(known).table.mean() == pytest.approx(1)
    assert handling_of(known).scaled(np.array([0.0, 1.0])).tolist() == pytest.approx(
        [handling_of(known).mean, handling_of(known).mean * np.exp(handling_of(known).error)]
    )


def test_their_intervals_hold_what_was_planted_as_often_as_they_say() -> None:
    found = [desk(contacts=contacts(seed=seed, n=500)) for seed in range(100, 160)]
    handled = [abs(np.log(handling_of(each).mean / 400.0)) < 1.96 * handling_of(each).error for each in found]
    waited = [abs(np.log(patience_of(each).mean / 600.0)) < 1.96 * patience_of(each).error for each in found]
    assert 0.86 <= np.mean(handled) <= 1
    assert 0.86 <= np.mean(waited) <= 1


def test_what_is_stated_is_taken_as_it_is() -> None:
    stated = desk(contacts=None, handling_seconds=240.0, patience_seconds=90.0)
    assert (handling_of(stated).mean, handling_of(stated).error, handling_of(stated).n) == (240.0, 0.0, 0)
    assert (patience_of(stated).mean, patience_of(stated).error) == (90.0, 0.0)
    assert patience_of(desk(contacts=None, handling_seconds=240.0)) is None
    assert patience_of(desk(contacts=contacts().query("answered"))) is None


def test_meridians_desk_shows_its_truth() -> None:
    planted = truth().desk
    handling, patience = [], []
    for seed in range(1, 9):
        known = sample_contacts(sample_visits(planted, seed=seed), planted, seed=seed).assign(
            answered=lambda frame: frame["outcome"] == "served"
        )
        found = desk(contacts=known)
        handling.append(np.log(handling_of(found).mean / planted.handling_mean) / handling_of(found).error)
        patience.append(np.log(patience_of(found).mean / planted.patience_mean) / patience_of(found).error)
    for scores in (handling, patience):
        assert (np.abs(scores) < 1.96).mean() >= 0.75
        assert abs(np.mean(scores)) < 1.1


def track(rng: np.random.Generator, *, day: float, whole: float, cutoffs: int = 60, weeks: int = 4) -> pd.DataFrame:
    mean = np.tile(usual_week(), weeks) * 5
    tables = []
    for cutoff in range(cutoffs):
        hours = pd.date_range(pd.Timestamp("2024-01-01") + pd.Timedelta(weeks=cutoff), periods=len(mean), freq="h")
        factor = np.repeat(np.exp(day * rng.standard_normal(7 * weeks)), 24) * np.exp(whole * rng.standard_normal())
        spread = 1.2816 * np.sqrt(mean)
        tables.append(
            pd.DataFrame({"q0.1": mean - spread, "q0.5": mean, "q0.9": mean + spread, "cutoff": hours[0], "period": hours,
                          "observed": rng.poisson(mean * factor)})
        )  # fmt: skip
    return pd.concat(tables)


def spread_of(known: pd.DataFrame, *, come: np.ndarray = EVER, since: pd.Timestamp = LONG_AGO) -> Spreads:
    class Tested:
        track = known

    return spreads_of(Tested(), timezone="UTC", come=come, since=since)  # type: ignore[arg-type]


@pytest.mark.parametrize(("day", "whole"), [(0.0, 0.0), (0.1, 0.0), (0.1, 0.06)])
def test_how_busy_whole_days_may_be_is_read_from_past_forecasts(day: float, whole: float) -> None:
    found = spread_of(track(np.random.default_rng(1), day=day, whole=whole))
    assert (found.day, found.whole) == (pytest.approx(day, abs=0.015), pytest.approx(whole, abs=0.015))
    assert spreads_of(None, timezone="UTC", come=EVER, since=LONG_AGO) == Spreads()


def test_a_day_on_which_nobody_came_was_closed_and_says_nothing_of_how_busy_days_are() -> None:
    known = track(np.random.default_rng(2), day=0.1, whole=0.0)
    shut = known["period"].dt.day_of_year % 9 == 0
    found = spread_of(known.assign(observed=known["observed"].where(~shut, 0)))
    assert (found.day, found.whole) == (pytest.approx(0.1, abs=0.015), pytest.approx(0.0, abs=0.02))


def test_hours_in_which_nobody_comes_do_not_explain_the_scatter_of_days() -> None:
    """A model that pools the errors of all hours gives those at night a range as wide as those at noon."""
    known = track(np.random.default_rng(3), day=0.1, whole=0.0)
    nights = known["q0.5"] == 0
    known.loc[nights, "q0.9"] = 100.0
    assert spread_of(known).day == 0
    assert spread_of(known, come=usual_week() > 0).day == pytest.approx(0.1, abs=0.015)


def test_forecasts_from_less_than_two_weeks_do_not_count() -> None:
    known = track(np.random.default_rng(4), day=0.1, whole=0.0)
    first = known["cutoff"] == known["cutoff"].min()
    known["observed"] = known["observed"].where(~first, 9 * known["observed"])
    since = known["cutoff"].min() - pd.Timedelta(hours=2 * 168 - 1)
    assert spread_of(known, since=since).whole > 0.5
    assert spread_of(known, since=since + pd.Timedelta(hours=1)).whole == pytest.approx(0.0, abs=0.02)


def test_nobody_is_expected_while_a_desk_is_closed_if_nobody_ever_came_then() -> None:
    """The closed hours of a desk whose visits the seasonal naive forecasts: it pools the errors of all hours."""
    short = visits(day_spread=0.5).values.iloc[: 168 * 5].copy()
    short.iloc[20::168] = 3.0  # Monday at eight in the evening, when the desk is closed
    city = desk_city(series=replace(visits(), values=short))
    study = study_of(city, question=question_named(city, "desks"), draws=100)
    demand = baseline_forecast(study).draws(study)
    assert float(demand.sum(["area_id", "category"])[:, 3].sum()) > 0
    come = people_of(study, study.table("desks"), demand, demand, study.streams).counts.sum(axis=0)
    open_or_known = (usual_week() > 0) | (np.arange(168) == 20)
    assert (come.reshape(-1, 168).sum(axis=0) > 0).tolist() == open_or_known.tolist()
    assert (expected_week(study) > 0).tolist() == open_or_known.tolist()


# The engine


def test_it_keeps_the_contract(city: City) -> None:
    others = [engines()[name] for name in ("baseline", "demand")]
    found = {
        each.name: str(each.sentence)
        for each in check_engine(engines()["desks"], city=city, others=others)
        if not each.passed
    }
    assert found == {}


def test_its_question_is_asked_of_a_city_with_a_desk_and_says_what_another_lacks(city: City) -> None:
    [asked] = [each for each in questions_of(city) if each.question.name == "desks"]
    assert (asked.answerable, asked.subjects) == (True, ("hall",))
    study = study_of(city, question=asked.question)
    assert (study.freq, study.periods, dict(study.about)) == (
        Frequency.HOUR,
        672,
        {"desks": "hall", "series": "visits"},
    )
    bare = replace(city, others={})
    [asked] = [each for each in questions_of(bare) if each.question.name == "desks"]
    assert "has no desks: add a section [desks.NAME]" in str(asked.missing[0])
    other = replace(city, series={"requests": city.series["requests"]})
    with pytest.raises(ScenarioError, match="has no series visits"):
        question_named(other, "desks")


def test_an_hourly_study_may_be_eight_weeks_long_and_no_longer(city: City) -> None:
    question = question_named(city, "desks")
    assert study_of(city, question=question, periods=8 * 168).periods == 1344
    with pytest.raises(ScenarioError, match="from 1 to 1,344"):
        study_of(city, question=question, periods=8 * 168 + 1)


def test_more_staff_is_better_for_people_and_dearer_by_what_its_hours_cost(city: City) -> None:
    more = {"desks.staff": {"mon-10": 4, "mon-11": 4}}
    found = compare(city, [Scenario("today"), Scenario("more", levers=more)], question="desks", draws=200)
    by_name = {each.measure: each for each in found.differences}
    assert by_name["answered_within"].verdict == "better"
    assert by_name["wait_mean"].better == 200
    assert by_name["staff_hours"].median == 4
    [price] = [each for each in found.prices if each.option == "more"]
    assert price.extra.median == pytest.approx(4 * 30 * 365.25 / 7, rel=0.05)
    late = found.paired["more", "late"]
    assert float(late.max()) <= 0


def test_waits_are_those_that_the_truth_of_a_steady_desk_gives() -> None:
    """One flat week, exponential times and a known patience: Erlang A in each hour, but for the first of the day."""
    staff = desk().frame.assign(staff=2.0)
    hours = visits()
    flat = hours.values.copy()
    flat[:] = np.random.default_rng(3).poisson(12, flat.shape)
    stated = {"contacts": None, "handling_seconds": 480.0, "patience_seconds": 600.0, "frame": staff}
    city = desk_city(series=replace(hours, values=flat), **stated)
    found = compare(city, [Scenario("today"), Scenario("same")], question="desks", draws=200)
    share = next(each for each in found.differences if each.measure == "answered_within").baseline_mean
    formula = formula_of(
        city.of("desks")["hall"], np.full(168, 12.0), handling=handling_of(city.of("desks")["hall"]),
        patience=patience_of(city.of("desks")["hall"]),
    )  # fmt: skip
    assert share == pytest.approx(formula, abs=0.03)
    assert {"desk_stated"} <= {each.code for each in found.caveats}


def test_negative_staff_and_a_week_of_167_hours_are_refused_in_a_sentence(city: City) -> None:
    with pytest.raises(ScenarioError, match="it must lie between 0 people and 60 people"):
        compare(city, [Scenario("today"), Scenario("odd", levers={"desks.staff": {"mon-10": -1}})], question="desks")
    with pytest.raises(ScenarioError, match="gives 167 numbers for"):
        compare(city, [Scenario("today"), Scenario("odd", levers={"desks.staff": NOBODY[1:]})], question="desks")


def test_a_study_of_another_kind_knows_nothing_of_desks(city: City) -> None:
    declared = engines()["desks"].declare(study_of(city, series="requests"))
    assert declared.writes == declared.levers == ()


def test_facts_tell_overloaded_and_closed_hours() -> None:
    usual = usual_week()
    found = facts_of(desk(), usual, handling=handling_of(desk()), patience=None, assumed=())
    # 26 and 22 an hour at some 400 seconds are more than two people can do.
    assert [str(each) for each in found["desk_overloaded"][:3]] == ["Monday 9:00", "Monday 10:00", "Monday 11:00"]
    assert found["desk_least"] == 3
    assert found["desk_nobody_leaves"] is True
    assert found["desk_closed_share"] == 0
    usual[0] = usual.sum()
    assert facts_of(desk(), usual, handling=handling_of(desk()), patience=None, assumed=())["desk_closed_share"] == 0.5


# Rosters


def test_shifts_lie_within_opening_hours() -> None:
    opened = np.zeros(168, dtype=bool)
    opened[9:14] = opened[33:36] = True
    assert shifts_within(opened, (4, 8)) == ((9, 4), (9, 5), (10, 4), (33, 3))
    assert shifts_within(np.ones(168, dtype=bool), (8, 8))[-1] == (160, 8)


def test_a_cover_has_enough_in_every_hour_and_is_the_least() -> None:
    need = np.zeros(168, dtype=np.int64)
    need[9:17] = [1, 3, 3, 1, 1, 1, 2, 2]
    roster = cover(need, (4, 6))
    assert (roster.staff >= need).all()
    assert roster.hours == sum(hours * n for _, hours, n in roster.shifts)
    # By hand: one of each hour, two more over 9-13 or 10-14, one more over 13-17.
    assert roster.hours == 8 + 2 * 4 + 4
    assert bound_of(need, (4, 6)) == pytest.approx(roster.hours)


def test_needs_follow_the_load_and_not_the_arrivals() -> None:
    opened = np.zeros(168, dtype=bool)
    opened[8:18] = True
    usual = np.where(np.arange(168) == 10, 60.0, 0.0)
    need = needed(usual, handling_hours=1.0, slack=0.0, opened=opened)
    assert need[10] == np.ceil(60 * (1 - np.exp(-1)))
    assert need[11] == np.ceil(60 * (1 - np.exp(-1)) * np.exp(-1 / 12))  # an hour of service is still to be done
    assert need[9] == 1
    assert need[0] == 0


def test_the_plan_meets_the_target_as_it_says_with_fewer_hours_where_it_may_be_less_sure(city: City) -> None:
    found = {least: suggest(city, "desks", Ask(least=least, most=1), draws=200).suggestions[0] for least in (0.5, 0.95)}
    hours = {least: sum(plan.scenario.levers["desks.staff"]) for least, plan in found.items()}
    assert hours[0.5] < hours[0.95]
    for least, plan in found.items():
        options = [Scenario("today"), replace(plan.scenario, name="plan")]
        compared = compare(city, options, question="desks", draws=200)
        shares = compared.paired["plan", "answered_within"]
        today = next(each for each in compared.differences if each.measure == "answered_within").baseline_mean
        assert float(shares.mean()) + today > 0.79
        assert f"{hours[least]:.0f} hours a week" in str(plan.found_by)
        assert plan.gap is None


def test_plans_are_told_apart_and_the_cheapest_is_marked(city: City) -> None:
    found = suggest(city, "desks", Ask(), draws=100).suggestions
    assert len({each.scenario.levers["desks.staff"] for each in found}) == len(found) >= 2
    hours = [sum(each.scenario.levers["desks.staff"]) for each in found]
    assert [each.cheapest for each in found] == [each == min(hours) for each in hours]
    same = suggest(city, "desks", Ask(objective="same_hours", most=1), draws=100).suggestions
    assert sum(same[0].scenario.levers["desks.staff"]) <= sum(city.of("desks")["hall"].staff)


def test_what_cannot_be_is_said_in_a_sentence(city: City) -> None:
    with pytest.raises(ScenarioError, match="but the budget is 1,000: raise it, or ask for a lower chance"):
        suggest(city, "desks", Ask(budget=1_000.0), draws=100)
    with pytest.raises(ScenarioError, match="a budget needs the cost of an hour of staff"):
        suggest(desk_city(priced=False), "desks", Ask(budget=1_000.0), draws=100)
    with pytest.raises(ScenarioError, match="no roster of today's opening hours answers 100"):
        suggest(desk_city(target_seconds=0.0, target_share=1.0), "desks", Ask(least=0.99), draws=100)


def test_meridian_asks_the_question(meridian: City) -> None:
    assert next(each for each in questions_of(meridian) if each.question.name == "desks").answerable


def test_what_an_hour_shares_with_its_day_is_not_told_twice() -> None:
    total, mean = np.array([30.0, 21.0, 5.0]), np.array([20.0, 20.0, 6.0])
    # 30 = Poisson's 20 and 20² × .025; never below Poisson's, and what was narrower stays as it is.
    assert own_variance(total, mean=mean, common=0.025).tolist() == [20.0, 20.0, 5.0]
    assert own_variance(total, mean=mean, common=0.01).tolist() == [26.0, 20.0, 5.0]
