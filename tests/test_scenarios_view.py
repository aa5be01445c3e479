"""The scenarios as a person uses them: a question, options that are built and undone, links and files that do not fit."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analytics.answers import kept
from analytics.parallel import quiet
from analytics.recipes import kept_recipe, snippet_of
from analytics.requests import city_request
from analytics.scenarios import Scenario, questions, questions_of, study_of
from analytics.scenarios.questions import question_named
from dashboard.figures.terms import hours_words
from dashboard.views.scenarios.draft import Draft
from dashboard.views.scenarios.link import as_link, from_link
from dashboard.views.scenarios.opening import first_comparison, first_offer
from dashboard.views.scenarios.work import offer_of
from data import City, open_city
from data.words import PSEUDO, text
from tests.conftest import REAL_DATA
from tests.test_app import html_of, opened

EVIL = '<b>x</b> & "y"'
CAMPAIGN = Draft("demand", options=(Scenario("Campaign", levers={"demand.change": -0.1}),))


pytestmark = pytest.mark.usefixtures("dashboard_workers")


@pytest.fixture(autouse=True)
def workspace(dashboard_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CIVICAST_HOME", str(dashboard_home))
    monkeypatch.setenv("CIVICAST_TEST_DATA", str(REAL_DATA))
    return dashboard_home


def drafted(app: AppTest) -> Draft:
    """The draft that the page's link would restore."""
    assert not app.exception
    plan = app.query_params["plan"]
    return from_link(plan if isinstance(plan, str) else plan[0])


def scenarios(monkeypatch: pytest.MonkeyPatch, draft: Draft = CAMPAIGN) -> AppTest:
    return opened("scenarios", monkeypatch, question=draft.question, plan=as_link(draft))


def test_pointing_at_an_area_looks_at_it_and_again_at_the_whole_city() -> None:
    one = replace(CAMPAIGN, region="south").looking_at("A17")
    assert (one.areas, one.region) == (("A17",), "")
    assert one.looking_at("A18").areas == ("A18",)
    assert one.looking_at("A17").areas == ()
    assert replace(CAMPAIGN, areas=("A17", "A18")).looking_at("A17").areas == ("A17",)


def test_the_page_of_an_area_bears_its_name_and_keeps_its_map(monkeypatch: pytest.MonkeyPatch) -> None:
    app = scenarios(monkeypatch, CAMPAIGN.looking_at("A17"))
    name = open_city("meridian").areas["neighbourhood"].frame["name"]["A17"]
    assert f"Only {name}" in html_of(app)
    assert f"{name}: " in html_of(app)
    assert drafted(app).areas == ("A17",)
    assert any(spec.type == "plotly_chart" and "figure-where-A17" in spec.proto.id for spec in app.get("plotly_chart"))


def test_what_the_view_opens_with_is_kept_for_the_next_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not opened("scenarios", monkeypatch).exception
    city = open_city("meridian")
    asked = first_offer(city, city_request("meridian"))
    assert asked is not None
    offer = kept(asked)
    assert offer is not None
    assert kept(first_comparison(city, asked, offer)) is not None
    offer_of(replace(asked, reader=PSEUDO), progress=quiet)  # who reads in another language takes no other's place
    assert kept(asked) is not None


def test_every_question_that_meridian_can_answer_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("scenarios", monkeypatch)
    asked = [each.question for each in questions_of(open_city("meridian")) if each.answerable]
    # The first that one sees has levers of its own, wherever there is such a question.
    assert drafted(app).question == "sites"
    for question in asked:
        app = opened("scenarios", monkeypatch, question=question.name)
        assert not app.exception
        assert not app.error
        assert drafted(app).question == question.name
        assert len(drafted(app).options) == 2
        for words in ("cc-headline", "Receipt", "What the others are measured against"):
            assert words in html_of(app)
        # No unit of more for one, no span from a month to itself, and no order but from a better to a worse price.
        for words in ("1 crews", "July 2026 to July 2026", "0, as today", "slots", "other way round", ", cheapest"):
            assert words not in html_of(app)
        if question.name == "traffic":  # hours have no areas: who gains is told of what can be reached
            assert any("figure-groups" in spec.proto.id for spec in app.get("plotly_chart"))
            assert "propose-group" not in {each.key for each in app.selectbox}, "plans for roads are for everyone"
            assert "Morning peak" in html_of(app)


def test_a_link_restores_options_and_a_lever_moves_the_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    app = scenarios(monkeypatch)
    assert "Campaign: 10\u202f% fewer service requests" in html_of(app)
    assert drafted(app) == CAMPAIGN
    lever = app.slider(key="lever-demand-demand.change")
    assert lever.value == -10
    lever.set_value(-15.0).run()
    assert "Campaign: 15\u202f% fewer service requests" in html_of(app)
    app.button(key="option-undo").click().run()
    assert "Campaign: 10\u202f% fewer service requests" in html_of(app)
    assert app.slider(key="lever-demand-demand.change").value == -10
    app.button(key="option-redo").click().run()
    assert drafted(app).option.levers == {"demand.change": -0.15}


def test_dots_say_whose_they_are_where_there_are_several_options(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ": Campaign against Today" not in html_of(scenarios(monkeypatch))
    both = replace(CAMPAIGN, options=(*CAMPAIGN.options, Scenario("Larger", levers={"demand.change": -0.2})))
    assert ": Campaign against Today" in html_of(scenarios(monkeypatch, both))


def test_options_are_added_copied_renamed_and_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    app = scenarios(monkeypatch)
    app.text_input(key="option-name").set_value(EVIL).run()
    app.button(key="option-duplicate").click().run()
    app.button(key="option-add").click().run()
    assert [each.name for each in drafted(app).options] == [EVIL, f"{EVIL}, copy", "Option C"]
    assert app.button(key="option-add").disabled
    assert "<b>x</b>" not in html_of(app)
    assert "&amp;lt;" not in html_of(app)
    assert "&lt;b&gt;x&lt;/b&gt; &amp; &quot;y&quot;" in html_of(app)
    app.button(key="option-remove").click().run()
    for _ in range(3):
        app.button(key="option-undo").click().run()
    assert drafted(app) == Draft("demand", options=(Scenario(EVIL, levers={"demand.change": -0.1}),))


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"plan": "cut"}, "The link’s options cannot be read"),
        ({"question": "marsians"}, "marsians"),
        (
            {"plan": as_link(Draft("demand", options=(Scenario("A", levers={"demand.change": 99.0}),)))},
            "must lie between",
        ),
    ],
)
def test_a_link_that_does_not_fit_is_told_in_one_sentence(
    link: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened("scenarios", monkeypatch, **link)
    assert not app.exception
    assert [words in each.value for each in app.error] == [True]
    assert "cc-headline" in html_of(app)


def test_what_cannot_be_compared_leaves_the_earlier_result(monkeypatch: pytest.MonkeyPatch) -> None:
    app = scenarios(monkeypatch)
    odd = Scenario("Campaign", levers={"demand.change": -0.1}, uncertainties={"luck": 1.0})
    history = app.session_state["scenarios-meridian"]
    app.session_state["scenarios-meridian"] = history.to(Draft("demand", options=(odd,)))
    app.run()
    assert not app.exception
    assert "luck" in app.error[0].value
    assert "Campaign: 10\u202f% fewer service requests" in html_of(app)
    app.button(key="option-undo").click().run()
    assert not app.error


def test_a_region_and_growth_for_all_are_kept_in_the_link(monkeypatch: pytest.MonkeyPatch) -> None:
    app = scenarios(monkeypatch)
    area = app.multiselect(key="terms-areas").options[0]
    app.multiselect(key="terms-areas").set_value([area]).run()
    assert len(drafted(app).areas) == 1


def test_a_plan_that_is_proposed_is_an_option_that_says_how_it_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("scenarios", monkeypatch, question="sites")
    before = drafted(app)
    assert "propose-group" in {each.key for each in app.selectbox}
    app.button(key="propose").click().run()
    assert not app.error
    draft = drafted(app)
    assert draft.options[:2] == before.options
    assert draft.chosen == 2
    assert escape(draft.option.rationale) in html_of(app)
    assert len(draft.option.rationale) > 20
    assert app.button(key="propose").disabled  # there is room for three
    app.button(key="option-undo").click().run()
    assert drafted(app) == before
    # What was found stays on the page, to be added again or in another's place.
    app.button(key="plan-0").click().run()
    assert drafted(app).options == draft.options


def test_who_opens_it_sees_how_to_make_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = Draft("demand", options=(Scenario("Again", levers={"demand.change": -0.12}),))  # which no other test keeps
    app = scenarios(monkeypatch, draft)
    [receipt] = set(re.findall(r"[0-9A-F]{4}-[0-9A-F]{4}", html_of(app)))
    assert kept_recipe(receipt) is None  # not for each step of a slider
    app.session_state["again"] = True
    app.run()
    assert not app.exception
    recipe = kept_recipe(receipt)
    assert recipe is not None
    assert {f"python -m analytics reproduce {receipt}", snippet_of(recipe).strip()} <= {each.value for each in app.code}
    assert recipe.asked.scenarios[1:] == draft.options
    out = io.StringIO()
    with redirect_stdout(out):
        exec(snippet_of(recipe), {})  # noqa: S102
    verdict, printed = out.getvalue().splitlines()
    assert printed == receipt
    assert verdict.startswith("Again: 12\u202f% fewer service requests")


def test_each_measure_that_has_areas_can_be_told_by_group_and_on_the_map(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("scenarios", monkeypatch, question="sites")
    assert not app.exception
    choice = app.selectbox(key="by")
    assert choice.value == "travel"
    assert len(choice.options) >= 3
    assert "Where: Mean travel to the nearest site" in html_of(app)
    choice.set_value("within_reach").run()
    assert not app.exception
    assert "Where: Share of service requests within" in html_of(app)
    assert app.query_params["by"] in ("within_reach", ["within_reach"])
    app = opened("scenarios", monkeypatch, question="sites", by="marsians")
    assert "marsians" in app.warning[0].value
    assert "Where: Mean travel to the nearest site" in html_of(app)


def test_more_questions_than_a_row_holds_are_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("scenarios", monkeypatch, question="sites")
    assert "question" not in [each.key for each in app.radio]
    app.session_state["questions"] = True
    listed = app.run().radio(key="question")
    assert listed.label.replace("\\", "") == "What is being decided: one of 8 questions"
    assert "How many crews clear the backlog?" in listed.options
    listed.set_value("crews").run()
    assert not app.exception
    assert drafted(app).question == "crews"
    assert not app.session_state["questions"]


def test_the_hours_of_trips_are_said_once_and_in_every_file(meridian: City) -> None:
    asked = question_named(meridian, "traffic")
    study = study_of(meridian, question=asked)
    hours = meridian.of("trips")[study.about["trips"]].hours
    assert hours_words(study) == f"trips of {hours}"
    assert hours_words(study_of(meridian, question=question_named(meridian, "sites"))) == ""
    titles = [text(each.title) for each in questions.offer_of(meridian, "traffic").levers]
    assert not any(hours in title for title in titles)
