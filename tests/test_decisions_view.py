"""A decision as a person records it beside a comparison, and the page on which it stands afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import example_results as examples
import pandas as pd
import pytest
from saved_files import said_in
from streamlit.testing.v1 import AppTest

from analytics.decisions import (
    Outcome,
    decide,
    decisions_of,
    save_study,
    sign,
    studies_of,
)
from dashboard.briefings import FORMATS, to_file
from dashboard.figures.charts import Promised, promise_chart
from dashboard.views.decisions.briefing import decision_briefing
from dashboard.views.decisions.words import range_words
from data.store.records import Records, open_records
from data.words import say
from tests.conftest import REAL_DATA
from tests.test_app import html_of, opened
from tests.test_decisions import decision, promised, small_recipe
from tests.test_scenarios_view import CAMPAIGN, scenarios

pytestmark = pytest.mark.usefixtures("dashboard_workers")


@pytest.fixture(autouse=True)
def workspace(dashboard_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("CIVICAST_HOME", str(dashboard_home))
    monkeypatch.setenv("CIVICAST_TEST_DATA", str(REAL_DATA))
    monkeypatch.setenv("CIVICAST_RECORDS", f"sqlite:///{tmp_path}/records.sqlite")
    return dashboard_home


@pytest.fixture
def records(workspace: Path) -> Iterator[Records]:
    found = open_records()
    yield found
    found.engine.dispose()


def signing(monkeypatch: pytest.MonkeyPatch, **typed: object) -> AppTest:
    """The page after somebody has opened the dialog with this typed into it, and signed."""
    app = scenarios(monkeypatch, CAMPAIGN)
    app.session_state["decision-typed"] = {"reasons": typed.pop("reasons", "Fewer requests.")}
    for name, value in ({"name": "A. Person", "role": "approver", "read": True} | typed).items():
        app.session_state[f"decision-{name}"] = value
    app.button(key="decide-open").click().run()
    assert not app.exception
    assert "These limits will stand beside your decision" in html_of(app)
    app.button(key="decision-sign").click().run()
    return app


def test_a_decision_names_the_tables_that_its_evidence_was_made_from_and_no_others(records: Records) -> None:
    city, recipe = examples.city(), small_recipe()
    used, *others = dict.fromkeys(table.name for table in city.provenances)
    assert others
    rests = replace(recipe, made=replace(recipe.made, tables={used: "f"}))
    recorded = decide(records, decision(recipe=rests), name="A. Person", role="approver", limits_read=True)
    made = decision_briefing(recorded, city=city, outcomes=(), link="http://x", made=pd.Timestamp("2026-07-05"))
    assert {table.name for table in made.made_from} == {used}
    files = [to_file(made, format=format) for format in FORMATS]
    assert not any(
        say("briefing.decide") in " ".join(said_in(each, format)) for format, each in zip(FORMATS, files, strict=True)
    )


def test_a_decision_is_recorded_with_what_it_rests_on(monkeypatch: pytest.MonkeyPatch, records: Records) -> None:
    app = signing(monkeypatch)
    assert app.session_state["decided"] == 1
    (recorded,) = decisions_of(records, city="meridian")
    made = recorded.decision
    assert (made.choice, made.reasons) == ("Campaign", "Fewer requests.")
    assert made.options == ("Today", "Campaign")
    assert [each.name for each in made.advice] == ["baseline", "demand"]
    assert made.limits
    assert made.promises[0].measure == "demand"
    # Who decides on the same comparison again follows the first.
    signing(monkeypatch, reasons="Another look.", name="B. Person")
    later, earlier = decisions_of(records, city="meridian")
    assert later.decision.follows == earlier.entry.digest


@pytest.mark.parametrize(
    ("typed", "says"),
    [({"reasons": " "}, "reasons are empty"), ({"name": ""}, "no name"), ({"role": None}, "no role")],
)
def test_what_is_missing_is_told_and_nothing_is_recorded(
    monkeypatch: pytest.MonkeyPatch, records: Records, typed: dict[str, object], says: str
) -> None:
    app = signing(monkeypatch, **typed)
    assert says in str(app.session_state["decision-problem"])
    assert decisions_of(records) == ()


def test_the_limits_must_be_ticked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    app = scenarios(monkeypatch, CAMPAIGN)
    app.button(key="decide-open").click().run()
    assert app.checkbox(key="decision-read").value is False
    assert app.button(key="decision-sign").disabled
    assert app.radio(key="decision-choice").value == "Campaign"


def test_a_study_is_kept(monkeypatch: pytest.MonkeyPatch, records: Records) -> None:
    app = scenarios(monkeypatch, CAMPAIGN)
    texts = {each.label: each for each in app.text_input}
    texts["Name of the study"].input("The campaign")
    texts["Your name"].input("B. Person")
    next(each for each in app.button if each.label == "Keep it").click().run()
    assert not app.exception
    (study,) = studies_of(records, city="meridian")
    assert (study.name, study.entry.author) == ("The campaign", "B. Person")
    assert study.recipe.asked.scenarios[1].levers == {"demand.change": -0.1}


def test_the_page_without_decisions_says_where_to_make_one(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("decisions", monkeypatch)
    assert not app.exception
    assert "Nothing has been decided yet" in html_of(app)
    assert "Record a decision" in app.info[0].value


def test_the_page_shows_a_decision_and_what_was_added_to_it(monkeypatch: pytest.MonkeyPatch, records: Records) -> None:
    made = decision(dissent="<b>The north</b> waits.", review_on=(date(2026, 6, 1),))
    recorded = decide(records, made, name="A. Person", role="approver", limits_read=True)
    sign(records, recorded, name="B. Person", role="assurer")
    save_study(records, small_recipe(), name="Sites", author="C")
    app = opened("decisions", monkeypatch, words="north")
    assert not app.exception
    page = html_of(app)
    for words in (
        "One decision is recorded",
        "Two sites",
        "&lt;b&gt;The north&lt;/b&gt; waits.",
        "B. Person (assurer)",
    ):
        assert words in page
    assert "<b>The north" not in page
    assert "Review due" in app.warning[0].value
    app = opened("decisions", monkeypatch, words="zebra")
    assert "use fewer of them" in app.info[0].value
    for tab, words in (
        ("studies", "Stand at a past date"),
        ("records", "3 entries in the records"),
        ("promises", "No promise"),
    ):
        assert words in html_of(opened("decisions", monkeypatch, tab=tab))


def test_a_decision_as_json_holds_its_entry(records: Records) -> None:
    from dashboard.views.decisions.briefing import decision_json

    recorded = decide(records, decision(), name="A", role="approver", limits_read=True)
    found = json.loads(decision_json(recorded))
    assert found["entry"]["digest"] == recorded.entry.digest
    assert found["decision"]["reasons"] == "Shorter ways for most."
    assert found["signatures"][0]["role"] == "approver"


# The picture


def test_what_came_stands_where_it_lies_in_its_range() -> None:
    chart = promise_chart(examples.promised(), examples.tracked())
    places = [mark.x[0] for mark in chart.marks if type(mark).__name__ == "Points"]
    assert places == pytest.approx([0.5, -1.0, 1.5, 1.5])  # the last two: just at the edge, and far beyond it
    assert [mark.shape for mark in chart.marks if type(mark).__name__ == "Points"] == [
        "circle",
        "circle",
        "diamond",
        "diamond",
    ]
    assert "2 of 4 promises" in chart.headline
    assert list(chart.table.iloc[:, 6]) == [0.85, 0.7, 0.95, 3.0]
    with pytest.raises(ValueError, match="can be judged"):
        promise_chart([Promised("Today", Outcome(promised(0, 10), "awaited"))], examples.tracked())


def test_a_range_whose_ends_read_alike_is_one_number() -> None:
    made = replace(promised(0, 10), low80=0.461, high80=0.463, unit="share")
    assert range_words(Outcome(made, "awaited")) == "46\u202f%"
    assert range_words(Outcome(replace(made, low80=0.4), "awaited")) == "40\u202f% to 46\u202f%"
