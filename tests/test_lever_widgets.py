"""The widget of a lever follows from what it may hold, its unit and its step, and a link is checked again."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

PAGE = """
import streamlit as st
from analytics.scenarios import Choice, Lever, Number, PerKey, Schedule
from analytics.scenarios.values import MONTHS
from dashboard.shell.panels import tell
from dashboard.views.scenarios.levers import chosen_value

LEVERS = {{
    "share": Lever("x.y", "Growth", "It grows.", "share", PerKey(-0.5, 1.0, keys=("A", "B"), key_kind="area")),
    "desks": Lever("x.y", "Desks", "That are open.", "desks", Number(1, 40, 1), default=5),
    "pace": Lever("x.y", "Pace", "Of a desk.", "requests", Number(1, 10_000, 1), default=100),
    "apart": Lever("x.y", "Crews", "By site.", "crews", PerKey(0, 9, 1, keys=("north", "south"), key_kind="site", apart=True)),
    "choice": Lever("x.y", "Streets", "To close.", "", Choice(("mill", "market", "bridge"), at_most=2)),
    "months": Lever("x.y", "Hours", "Of opening.", "hours", Schedule(0, 24, MONTHS), default=8.0),
    "week": Lever("x.y", "Hours", "Of opening.", "hours", Schedule(0, 24)),
}}
def page():
    st.text(repr(chosen_value(LEVERS["{lever}"], key="k", start={start}, where="{where}")))
tell(page)
"""


def page(lever: str, *, start: float = 0.0, where: str = "", **link: str) -> AppTest:
    app = AppTest.from_string(PAGE.format(lever=lever, start=start, where=where), default_timeout=60)
    for key, value in link.items():
        app.query_params[key] = value
    return app.run()


def value(app: AppTest) -> Any:
    assert not app.exception
    return eval(app.text[0].value)


def test_a_share_is_a_slider_in_per_cent_of_the_area_that_was_chosen() -> None:
    app = page("share", where="A")
    assert (app.slider[0].min, app.slider[0].max, value(app)) == (-20, 30, None)
    assert value(app.slider[0].set_value(10).run()) == {"A": 0.1}
    assert value(page("share", start=0.05)) == 0.05


def test_a_number_moves_in_its_own_unit_by_its_own_step() -> None:
    app = page("desks")
    assert (app.slider[0].label, app.slider[0].min, app.slider[0].max, app.slider[0].step) == (
        "Desks (desks)",
        1,
        40,
        1,
    )
    assert app.slider[0].value == 5
    assert value(app) is None
    assert value(app.slider[0].set_value(7).run()) == 7


def test_of_many_steps_a_number_is_typed() -> None:
    app = page("pace")
    assert not app.slider
    assert (app.number_input[0].min, app.number_input[0].max, app.number_input[0].value) == (1, 10_000, 100)
    assert value(app.number_input[0].set_value(250).run()) == 250


def test_keys_that_stand_apart_have_a_widget_each() -> None:
    app = page("apart")
    assert [each.label for each in app.slider] == ["Crews: north (crews)", "Crews: south (crews)"]
    assert value(app.slider[1].set_value(3).run()) == {"north": 0.0, "south": 3.0}


def test_a_choice_is_a_list_to_pick_from() -> None:
    app = page("choice")
    assert app.multiselect[0].options == ["mill", "market", "bridge"]
    assert value(app.multiselect[0].set_value(["bridge", "mill"]).run()) == ["bridge", "mill"]


@pytest.mark.parametrize("lever", ["months", "week"])
def test_a_schedule_is_a_table_that_begins_at_rest(lever: str) -> None:
    app = page(lever)
    assert app.expander[0].label == "Hours (hours)"
    assert value(app) is None


@pytest.mark.parametrize(("lever", "link"), [("desks", "-0.05"), ("desks", "400"), ("pace", "0"), ("share", "90")])
def test_a_link_beyond_the_bounds_sets_nothing_beyond_them(lever: str, link: str) -> None:
    app = page(lever, k=link)
    assert not app.exception
    found = value(app) if app.text else None
    low, high = {"desks": (1, 40), "pace": (1, 10_000), "share": (-0.2, 0.3)}[lever]
    assert found is None or low <= found <= high
