"""What a person builds on the page: changed by steps that can be undone, put into a link, and checked when it comes back."""

from __future__ import annotations

import base64
import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from analytics.errors import ScenarioError
from analytics.scenarios import Choice, Lever, Number, PerKey, Scenario, Schedule, read_scenario, write_scenario
from dashboard.errors import DashboardError
from dashboard.shell.history import History
from dashboard.views.scenarios.choices import toggled
from dashboard.views.scenarios.draft import Draft, terms_of
from dashboard.views.scenarios.files import loaded
from dashboard.views.scenarios.link import as_link, checked, from_link, moved
from dashboard.views.scenarios.options import begun
from dashboard.views.scenarios.schedules import edited
from dashboard.views.scenarios.work import Offer
from data import City
from tests.small_city import WARDS, small_city

SITES = Lever("sites.open", "Open", "", "", Choice(("a", "b", "c", "d"), at_least=1), default=("a",))
STAFF = Lever("desks.staff", "Staff", "", "desks", Schedule(0, 20, step=1), default=2.0)
CREWS = Lever("crews.size", "Crews", "", "crews", Number(1, 9, 1), default=3.0)
GROWTH = Lever(
    "population.growth", "Growth", "", "share", PerKey(-0.5, 1.0, keys=WARDS, key_kind="area"), circumstance=True
)
OFFER = Offer(levers=(SITES, STAFF, CREWS), circumstances=(GROWTH,), objectives=(), layer="ward", names={})
TWO = Draft(
    "sites",
    options=(
        Scenario("North", levers={"sites.open": ["a", "b"]}),
        Scenario('<b>x</b> & "y"', levers={"desks.staff": [*[2.0] * 167, 3.0], "crews.size": 4.0}, rationale="why"),
    ),
    chosen=1,
    circumstances={"population.growth": {WARDS[0]: 0.1}},
    areas=(WARDS[1],),
    budget=1000.0,
    worth={"travel": 2.5},
    discount_rate=0.05,
    appraisal_years=20,
)


@pytest.fixture(scope="module")
def city() -> City:
    return small_city()


# Steps


def test_every_step_can_be_undone_and_redone() -> None:
    history = History(1).to(2).to(3)
    assert (history.undone.present, history.undone.undone.present, history.undone.undone.undone.present) == (2, 1, 1)
    assert history.undone.undone.redone.redone == history
    assert history.redone == history


def test_a_step_after_an_undone_one_forgets_that_one() -> None:
    history = History(1).to(2).undone.to(5)
    assert (history.present, history.past, history.future) == (5, (1,), ())


def test_nothing_new_is_no_step_and_looking_elsewhere_is_not_undone() -> None:
    assert History(1).to(1) == History(1)
    assert History(1).to(2).to(9, step=False) == History(9, (1,))


# Options


def test_an_option_has_a_name_of_its_own() -> None:
    draft = (
        Draft("sites").with_option(Scenario("Today"), taken=["Today"]).with_option(Scenario("Today"), taken=["Today"])
    )
    assert [each.name for each in draft.options] == ["Today (2)", "Today (3)"]
    renamed = draft.with_changed(Scenario("Today (2)"), taken=["Today"])
    assert [each.name for each in renamed.options] == ["Today (2)", "Today (2) (2)"]


def test_there_are_at_most_three_and_at_least_one() -> None:
    draft = Draft("sites")
    for _ in range(5):
        draft = draft.with_option(Scenario("x"))
    assert [each.name for each in draft.options] == ["x", "x (2)", "x (3)"]
    assert draft.chosen == 2
    for left in ("x (2)", "x", "x"):
        draft = draft.without_option()
        assert draft.option.name == left


def test_a_lever_of_one_option_moves_no_other() -> None:
    moved_one = TWO.with_lever("crews.size", 5.0)
    assert moved_one.options[0] == TWO.options[0]
    assert moved_one.option.levers["crews.size"] == 5.0
    assert "crews.size" not in moved_one.with_lever("crews.size", None).option.levers


def test_options_to_begin_with_move_a_lever_each() -> None:
    draft = begun(Draft("sites"), OFFER)
    assert [each.levers for each in draft.options] == [{"sites.open": ["a", "b"]}, {"sites.open": ["a", "c"]}]
    assert begun(draft, OFFER) == draft
    staff = begun(Draft("desks"), replace(OFFER, levers=(STAFF, CREWS)))
    assert [each.levers for each in staff.options] == [{"desks.staff": [3.0] * 168}, {"crews.size": 2.0}]


# Links and files


def test_a_link_gives_back_what_was_put_into_it(city: City) -> None:
    assert from_link(as_link(TWO)) == TWO
    assert len(as_link(TWO)) < 700
    assert checked(TWO, city, OFFER) == (TWO, [])


def packed(content: str) -> str:
    return base64.urlsafe_b64encode(zlib.compress(content.encode())).decode()


@pytest.mark.parametrize(
    "text",
    [
        as_link(TWO)[:-9],
        "x",
        "é",
        packed("[]"),
        packed('{"question": 3}'),
        packed('{"question": "' + "a" * 300_000 + '"}'),
    ],
)
def test_a_link_that_cannot_be_read_is_told_in_one_sentence(text: str) -> None:
    with pytest.raises(DashboardError, match="cannot be read"):
        from_link(text)


@pytest.mark.parametrize(
    ("levers", "words"),
    [
        ({"crews.size": 400}, "must lie between 1 crews and 9 crews"),
        ({"sites.open": ["a", "zz"]}, "zz"),
        ({"sites.open": []}, "choose from 1 to 4"),
        ({"desks.staff": [1.0] * 167}, "167"),
        ({"population.growth": 0.1}, "does not offer"),
        ({"crews.size": "many"}, "must be a number"),
    ],
)
def test_what_a_link_asks_beyond_the_bounds_is_left_out_and_told(
    levers: dict[str, Any], words: str, city: City
) -> None:
    draft = Draft("sites", options=(Scenario("A", levers=levers | {"sites.closed": 1}), TWO.options[0]))
    fitting, problems = checked(draft, city, OFFER)
    assert words in " ".join(map(str, problems))
    assert len(problems) == 2
    assert [each.levers for each in fitting.options] == [{}, TWO.options[0].levers]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"budget": -1.0}, "budget"),
        ({"discount_rate": 3.0}, "300"),
        ({"appraisal_years": 1000}, "1,000 years"),
        ({"areas": ("Atlantis",)}, "Atlantis"),
        ({"region": "moon"}, "moon"),
        ({"worth": {"travel": -1.0}}, "worth"),
        ({"options": TWO.options * 2}, "4 options"),
    ],
)
def test_terms_out_of_bounds_are_as_usual_again(changes: dict[str, Any], words: str, city: City) -> None:
    fitting, problems = checked(replace(TWO, **changes), city, OFFER)
    assert words in " ".join(map(str, problems))
    assert checked(fitting, city, OFFER) == (fitting, [])


def test_an_option_that_is_not_there_is_not_looked_at(city: City) -> None:
    fitting, _ = checked(replace(TWO, chosen=7, against=9), city, OFFER)
    assert (fitting.chosen, fitting.against) == (1, None)


def test_areas_that_were_picked_are_the_region(city: City) -> None:
    terms = terms_of(TWO, city, layer="ward")
    assert terms.region is not None
    assert (terms.region.area_ids, terms.region.layer, terms.budget) == ((WARDS[1],), "ward", 1000.0)
    assert terms.region.title == city.areas["ward"].frame["name"][WARDS[1]]
    several = terms_of(replace(TWO, areas=WARDS[:3]), city, layer="ward").region
    assert several is not None
    assert several.title == "3 areas that were picked"


def test_a_saved_option_is_a_scenario_file_and_loads_again(city: City, tmp_path: Any) -> None:
    content = write_scenario(TWO.options[1])
    path = tmp_path / "x.toml"
    path.write_text(content, encoding="utf-8")
    assert read_scenario(path) == TWO.options[1]
    draft = loaded("x.toml", content.encode(), Draft("sites", options=TWO.options[:1]), city, OFFER, taken=[])
    assert draft.option == TWO.options[1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"name = ", "“plan.toml” cannot be read: line 1, “name =”, has a value that is none"),
        (b"\xff\xfe", "line 1 holds bytes that are no text in UTF-8: save the file as UTF-8"),
        (b'name = "x"\n[levers]\n"crews.size" = -4', "must lie between"),
        (b'name = "x"\n[levers.sites]\nclosed = ["a"]', "does not offer"),
        (b"#" * 300_000, "bytes"),
        (b'city = "atlantis"', "“plan.toml” is a plan for the city “atlantis”"),
        (b'question = "crews"', "a plan for the question “crews”, and this is “sites”"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_in_one_sentence(content: bytes, words: str, city: City) -> None:
    with pytest.raises((ScenarioError, DashboardError), match=words):
        loaded("plan.toml", content, Draft("sites"), city, OFFER, taken=[])


CHOSEN = """
from types import SimpleNamespace
from dashboard.shell.session import keep
from dashboard.views.scenarios.drafts import Drafts
from dashboard.views.scenarios.files import file_panel, take_file
from tests.small_city import small_city
from tests.test_drafts import OFFER, TWO
if __name__ == "__main__":
    city, drafts = small_city(), Drafts("small")
    drafts.start(TWO)
    keep("field", SimpleNamespace(name="plan.toml", getvalue=lambda: b"name = "))
    take_file("field", drafts, city, OFFER, [])
    if {changed}:
        drafts.start(TWO.looking_at("another"))
    file_panel(drafts, city, OFFER)
"""


@pytest.mark.parametrize("changed", [False, True])
def test_what_a_file_lacks_is_told_beside_its_field_until_something_is_changed(changed: bool) -> None:
    app = AppTest.from_string(CHOSEN.format(changed=changed), default_timeout=60).run()
    assert not app.exception
    [field] = app.expander
    told = [each.value.replace("\\", "") for each in field.error]
    assert ["“plan.toml” cannot be read: line 1" in each for each in told] == [True] * (not changed)
    assert len(app.error) == len(field.error)


def test_a_file_needs_room(city: City) -> None:
    full = replace(TWO, options=(*TWO.options, Scenario("third")))
    with pytest.raises(DashboardError, match="already"):
        loaded("plan.toml", b'name = "x"', full, city, OFFER, taken=[])


# Widgets


def test_a_lever_at_rest_is_not_named() -> None:
    assert moved(CREWS, 3, scenario="x") is None
    assert moved(SITES, ["a"], scenario="x") is None
    assert moved(STAFF, [2.0] * 168, scenario="x") is None
    assert moved(SITES, ["c", "a"], scenario="x") == ["a", "c"]


def test_pointing_at_a_site_opens_or_closes_it() -> None:
    assert toggled(SITES, None, ["c"]) == ["a", "c"]
    assert toggled(SITES, ["a", "c"], ["c", "b"]) == ["a", "b"]


def test_a_table_gives_its_hours_day_by_day() -> None:
    frame = pd.DataFrame(np.arange(6.0).reshape(2, 3, order="F"), columns=["mon", "tue", "wed"], index=["0:00", "1:00"])
    assert edited(frame, {}) == [0, 1, 2, 3, 4, 5]
    assert edited(frame, {"1": {"tue": 9}, 0: {"wed": None}}) == [0, 1, 2, 9, 4, 5]
