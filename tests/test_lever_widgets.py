"""The widget of a lever follows from what it may hold, its unit and its step, and tells what a scenario file would say."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

PAGE = """
import streamlit as st
from analytics.scenarios import Choice, Lever, Number, PerKey, Schedule
from analytics.scenarios.values import MONTHS
from dashboard.views.scenarios.levers import lever_widget

LEVERS = {{
    "share": Lever("x.y", "Growth", "It grows.", "share", PerKey(-0.5, 1.0, keys=("A", "B"), key_kind="area")),
    "desks": Lever("x.y", "Desks", "That are open.", "desks", Number(1, 40, 1), default=5),
    "pace": Lever("x.y", "Pace", "Of a desk.", "requests", Number(1, 10_000, 1), default=100),
    "apart": Lever("x.y", "Crews", "By site.", "crews", PerKey(0, 9, 1, keys=("north", "south"), key_kind="site", apart=True)),
    "choice": Lever("x.y", "Streets", "To close.", "", Choice(("mill", "market", "bridge"), at_most=2)),
    "sites": Lever("x.y", "Open", "Today.", "", Choice(("a", "b", "c", "d"), at_least=1), default=("a", "b")),
    "months": Lever("x.y", "Hours", "Of opening.", "hours", Schedule(0, 24, MONTHS), default=8.0),
    "week": Lever("x.y", "Hours", "Of opening.", "hours", Schedule(0, 24)),
}}
NAMES = {{"A": "Zoo", "B": "Abbey <b>", "c": "Corner", "d": "Dock"}}
if "now" not in st.session_state:
    st.session_state["now"] = {start}
lever_widget(
    LEVERS["{lever}"], st.session_state["now"], key="k", tell=lambda new: st.session_state.update(now=new),
    names=NAMES, fixed=("a",),
)
"""


def page(lever: str, *, start: Any = None) -> AppTest:
    return AppTest.from_string(PAGE.format(lever=lever, start=repr(start)), default_timeout=60).run()


def value(app: AppTest) -> Any:
    assert not app.exception
    return app.session_state["now"]


def test_a_share_is_a_slider_in_per_cent() -> None:
    app = page("share")
    assert (app.slider[0].min, app.slider[0].max, app.slider[0].value, value(app)) == (-20, 30, 0, None)
    assert value(app.slider[0].set_value(7.0).run()) == 0.07


def test_what_a_file_sets_beyond_the_slider_widens_it() -> None:
    app = page("share", start=0.555)
    assert (app.slider[0].value, app.slider[0].max, value(app)) == (55.5, 55.5, 0.555)


def test_an_area_is_picked_by_its_name_and_has_a_number_of_its_own() -> None:
    app = page("share", start=0.05)
    assert app.multiselect[0].options == ["Abbey <b>", "Zoo"]
    assert value(app.multiselect[0].set_value(["A"]).run()) == {"A": 0.05}
    assert [each.label for each in app.slider] == ["Growth\\: Zoo"]
    assert value(app.slider[0].set_value(10.0).run()) == {"A": 0.1}
    assert value(app.multiselect[0].set_value(["A", "B"]).run()) == {"A": 0.1, "B": 0.1}
    assert app.slider[1].label == r"Growth\: Abbey \<b\>"
    assert value(app.multiselect[0].set_value([]).run()) == 0.1


def test_a_number_moves_in_its_own_unit_by_its_own_step() -> None:
    app = page("desks")
    slider = app.slider[0]
    assert (slider.label, slider.min, slider.max, slider.step, slider.value) == ("Desks (desks)", 1, 40, 1, 5)
    assert value(slider.set_value(7).run()) == 7


def test_of_many_steps_a_number_is_typed() -> None:
    app = page("pace")
    assert not app.slider
    assert (app.number_input[0].min, app.number_input[0].max, app.number_input[0].value) == (1, 10_000, 100)
    assert value(app.number_input[0].set_value(250).run()) == 250


def test_keys_that_stand_apart_have_a_widget_each() -> None:
    app = page("apart")
    assert [each.label for each in app.slider] == [r"Crews\: north (crews)", r"Crews\: south (crews)"]
    assert value(app.slider[1].set_value(3).run()) == {"north": 0.0, "south": 3.0}


def test_a_choice_is_a_list_to_pick_from() -> None:
    app = page("choice")
    assert app.multiselect[0].options == ["bridge", "market", "mill"]
    assert value(app.multiselect[0].set_value(["bridge", "mill"]).run()) == ["mill", "bridge"]


def test_of_what_is_chosen_today_some_is_added_and_some_taken_away() -> None:
    app = page("sites")
    more, less = app.multiselect
    assert (more.options, less.options) == (["Corner", "Dock"], ["b"])  # a stays, whatever is decided
    assert value(more.set_value(["d"]).run()) == ["a", "b", "d"]
    assert value(app.multiselect[1].set_value(["b"]).run()) == ["a", "d"]


@pytest.mark.parametrize("lever", ["months", "week"])
def test_a_schedule_is_a_table_that_begins_with_what_is_set(lever: str) -> None:
    for start in (None, 9.0):
        app = page(lever, start=start)
        assert app.expander[0].label == "Hours (hours)"
        frame = app.dataframe[0].value if app.dataframe else app.get("arrow_data_frame")[0].value
        assert set(frame.to_numpy().ravel()) == {9.0 if start else (8.0 if lever == "months" else 0.0)}
        assert value(app) == start
