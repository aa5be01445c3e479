"""Decisions: recorded once with what they rest on, signed, found again, followed by others, and held against what came."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from analytics.__main__ import main
from analytics.commands import decisions as command
from analytics.decisions import (
    NOT_YET,
    Attachment,
    Decision,
    Outcome,
    Promise,
    advice_of,
    decide,
    decisions_of,
    found_in,
    limits_of,
    outcomes_of,
    promises_of,
    reliability_of,
    review,
    save_study,
    sign,
    studies_of,
)
from analytics.errors import DecisionError
from analytics.recipes import Recipe, recipe_of
from analytics.requests import CityRequest, ComparisonRequest
from analytics.scenarios import Comparison, Scenario
from data import City
from data.errors import RecordsError
from data.past import as_known_on
from data.store.records import Records, open_records, verify
from tests.conftest import share

DAY = pd.Timestamp("2025-07-05")


@pytest.fixture
def records(workspace: Path) -> Iterator[Records]:
    found = open_records()
    yield found
    found.engine.dispose()


def small_recipe() -> Recipe:
    from analytics.recipes import Answer, Asked, Made

    asked = Asked("meridian", (Scenario("Today"), Scenario("Two sites", {"sites.open": ["a"]})), question="sites")
    made = Made("2026-07-01T00:00:00", "f", {}, {"sites": "1"}, {}, "c", {})
    return Recipe("3F2A-90BC", asked, made, Answer("Two sites: shorter ways.", 500, (), "d"))


def decision(**changes: object) -> Decision:
    plain = Decision(
        "Where should sites be?", "Two sites", ("Today", "Two sites"), "Shorter ways for most.", small_recipe()
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_what_is_decided_is_found_as_it_was_recorded(records: Records) -> None:
    made = decision(
        dissent="The north waits.",
        conditions="Rents stay.",
        attachments=(Attachment("hearing", "12 came", "hearing.pdf"),),
        promises=(
            Promise("travel", "Way to a site", "m", 900, 850, 950, 800, 990, date(2026, 7, 1), date(2027, 6, 30)),
        ),
        review_on=(date(2026, 12, 1),),
    )
    recorded = decide(records, made, name=" A.  Person ", role="approver", limits_read=True)
    assert decisions_of(records, city="meridian") == (recorded,)
    assert recorded.decision == made
    assert [(each.name, each.role) for each in recorded.signatures] == [("A. Person", "approver")]
    assert decisions_of(records, city="elsewhere") == ()
    assert made.alternatives == ("Today",)
    assert verify(records).sound


@pytest.mark.parametrize(
    ("changes", "who", "says"),
    [
        ({"reasons": " \n"}, {}, "reasons are empty"),
        ({"choice": "Three sites"}, {}, "no option of this comparison"),
        ({"dissent": "x" * 20_001}, {}, "may have 20,000"),
        ({"attachments": (Attachment("hearing", "x" * 20_001),)}, {}, "hearing"),
        ({}, {"name": " "}, "no name"),
        ({}, {"name": "x" * 201}, "may have 200"),
        ({}, {"role": "mayor"}, "commissioner, analyst, assurer and approver"),
        ({}, {"role": ""}, "no role"),
        ({}, {"limits_read": False}, "say so"),
    ],
)
def test_what_lacks_something_is_refused_and_leaves_nothing(
    records: Records, changes: dict[str, object], who: dict[str, object], says: str
) -> None:
    usual: dict[str, object] = {"name": "A", "role": "approver", "limits_read": True}
    with pytest.raises(DecisionError, match=says) as refusal:
        decide(records, decision(**changes), **(usual | who))  # type: ignore[arg-type]
    assert "\n" not in str(refusal.value)
    assert records.entries() == ()


def test_not_yet_is_a_decision_too(records: Records) -> None:
    recorded = decide(records, decision(choice=NOT_YET), name="A", role="commissioner", limits_read=True)
    assert recorded.decision.alternatives == ("Today", "Two sites")


def test_two_who_decide_at_once_make_one_decision(records: Records) -> None:
    refused: list[RecordsError] = []

    def choose(option: str) -> None:
        try:
            decide(records, decision(choice=option), name=option, role="approver", limits_read=True)
        except RecordsError as error:
            refused.append(error)

    both = [threading.Thread(target=choose, args=(option,)) for option in ("Today", "Two sites")]
    for each in both:
        each.start()
    for each in both:
        each.join()
    (recorded,) = decisions_of(records)
    assert [error.code for error in refused] == ["decided_already"]
    assert "3F2A-90BC" in str(refused[0])
    after = decide(records, decision(follows=recorded.entry.digest), name="C", role="approver", limits_read=True)
    later, earlier = decisions_of(records)
    assert earlier.replaced_by == after.entry.digest == later.entry.digest
    with pytest.raises(RecordsError, match="a moment ago"):
        decide(records, decision(follows=recorded.entry.digest), name="D", role="approver", limits_read=True)


def test_each_signs_once_in_a_role(records: Records) -> None:
    recorded = decide(records, decision(), name="A", role="approver", limits_read=True)
    sign(records, recorded, name="B", role="assurer")
    sign(records, recorded, name="b", role="analyst")
    with pytest.raises(DecisionError, match="has signed"):
        sign(records, recorded, name="B ", role="assurer")
    (again,) = decisions_of(records)
    assert [(each.name, each.role) for each in again.signatures] == [
        ("A", "approver"),
        ("B", "assurer"),
        ("b", "analyst"),
    ]


def test_a_review_date_reminds_until_it_is_kept(records: Records) -> None:
    today = pd.Timestamp.now("UTC").date()
    days = tuple(today + timedelta(days=each) for each in (-40, -10, 30))
    recorded = decide(records, decision(review_on=days), name="A", role="approver", limits_read=True)
    assert recorded.due(today) == days[1]
    assert recorded.due(days[0]) == days[0]
    assert recorded.due(days[0] - timedelta(days=1)) is None
    with pytest.raises(DecisionError, match="review is empty"):
        review(records, recorded, name="A", note=" ")
    review(records, recorded, name="A", note="Half are open.")
    (again,) = decisions_of(records)
    assert [each.note for each in again.reviews] == ["Half are open."]
    assert again.due(today) is None
    assert again.due(days[2]) == days[2]


def test_decisions_are_found_by_their_words(records: Records) -> None:
    decide(records, decision(reasons="Fewest unmet visits"), name="Ä. Person", role="approver", limits_read=True)
    everything = decisions_of(records)
    for words in ("", "UNMET", "two visits", "ä. person", "3f2a"):
        assert found_in(everything, words) == everything
    assert found_in(everything, "unmet zebra") == ()


def test_studies_are_kept_with_author_and_date(records: Records) -> None:
    first = save_study(records, small_recipe(), name=" Sites ", author="A", note="Draft", link="/scenarios?plan=x")
    second = save_study(records, small_recipe(), name="Sites", author="B")
    assert studies_of(records, city="meridian") == (second, first)
    assert (first.name, first.entry.author) == ("Sites", "A")
    with pytest.raises(DecisionError, match="no name"):
        save_study(records, small_recipe(), name="", author="A")


# Promises and what came


@pytest.fixture(scope="module")
def crews(meridian: City, measured: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Comparison, Recipe]:
    past = as_known_on(meridian, DAY)
    options = (Scenario("Today"), Scenario("Two more", {"crews": {"extra": 2}}))
    request = ComparisonRequest(CityRequest("meridian"), scenarios=options, question="crews", draws=100, periods=6)
    share(measured, home := tmp_path_factory.mktemp("crews"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CIVICAST_HOME", str(home))
        found = request.answer(past)
        return found, recipe_of(request, found)


def test_promises_stand_beside_what_came(crews: tuple[Comparison, Recipe], meridian: City) -> None:
    found, recipe = crews
    promised = promises_of(found, option="Today")
    assert [each.measure for each in promised] == [each.name for each in found.measures]
    assert {(each.start, each.end) for each in promised} == {(date(2025, 7, 1), date(2025, 12, 31))}
    outcomes = {each.promise.measure: each for each in outcomes_of(promised, recipe, meridian)}
    frame = meridian.requests["repairs"].frame
    opened = frame[(frame["opened"] >= "2025-07-01") & (frame["opened"] < "2026-01-01")]
    took = (opened["closed"].dt.normalize() - opened["opened"].dt.normalize()).dt.days
    assert outcomes["done_within"].observed == pytest.approx(float((took <= 30).mean()))
    assert outcomes["done_within"].state in ("inside", "above", "below")
    assert outcomes["backlog"].state == "unseen"
    # On the day itself nothing has come, and the crews' own measures are waited for.
    before = {each.promise.measure: each.state for each in outcomes_of(promised, recipe, as_known_on(meridian, DAY))}
    assert before["done_within"] == before["median_days"] == "awaited"
    assert before["cost"] == "unseen"


def test_who_advised_and_what_was_read(crews: tuple[Comparison, Recipe]) -> None:
    found, _ = crews
    assert [(each.name, each.version) for each in advice_of(found)][-1] == ("crews", "1")
    limits = limits_of(found.caveats)
    assert [each.message for each in limits] == [each.message for each in found.caveats]
    assert all(limits)


def promised(low: float, high: float) -> Promise:
    return Promise(
        "m", "M", "units", (low + high) / 2, low, high, low - 5, high + 5, date(2026, 1, 1), date(2026, 12, 31)
    )


def test_reliability_counts_what_can_be_judged() -> None:
    outcomes = [
        Outcome(promised(0, 10), "inside", 0.0),
        Outcome(promised(0, 10), "above", 11.0),
        Outcome(promised(0, 10), "below", -9.0),
        Outcome(promised(0, 10), "awaited"),
        Outcome(promised(0, 10), "unseen"),
    ]
    found = reliability_of(outcomes)
    assert (found.n, found.inside80, found.inside95, found.awaited, found.unseen) == (3, 1, 2, 1, 1)
    # Wilson's interval for 1 of 3 (Brown, Cai & DasGupta 2001).
    assert found.range80 == pytest.approx((0.0615, 0.7923), abs=1e-4)
    assert reliability_of([]).range95 == (0.0, 1.0)


def test_the_command_lists_decisions_with_what_came(
    crews: tuple[Comparison, Recipe],
    meridian: City,
    records: Records,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    found, recipe = crews
    monkeypatch.setattr(command, "open_city", lambda name: meridian)
    assert main(["decisions", "meridian"]) == 0
    assert "Nothing is recorded" in capsys.readouterr().out
    recipe = replace(recipe, asked=replace(recipe.asked, city="meridian"))
    made = decision(recipe=recipe, promises=promises_of(found, option="Today"), choice="Today")
    decide(records, made, name="A", role="approver", limits_read=True)
    table = tmp_path / "decisions.csv"
    assert main(["decisions", "meridian", "--json", "--csv", str(table), "--search", "shorter"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["promise"]["measure"] for each in told["decisions"][0]["outcomes"]][:2] == [
        "done_within",
        "median_days",
    ]
    assert told["reliability"]["n"] == 2
    assert "Shorter ways for most." in table.read_text()
    assert main(["decisions", "meridian"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any("Road repairs done within 30 days" in line and "% promised" in line for line in lines)
    assert main(["decisions", "meridian", "--search", "zebra"]) == 0
    assert "Nothing is recorded" in capsys.readouterr().out
