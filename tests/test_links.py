"""A link restores what a page showed, by keys that stay the same, and says what it asks for that is not there."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

PAGE = """
import pandas as pd
import streamlit as st
from dashboard.shell import controls

titles = {"a": "First", "b": "Second [x](http://example.org)"}
st.text(controls.chosen_name("Series", titles, key="series"))
st.text(controls.chosen_pill("Kind", titles, key="kind"))
st.text(controls.chosen_percent("Share", low=1, high=20, usual=5, key="share"))
st.text(str(controls.chosen_day(first=pd.Timestamp("2026-01-01"), last=pd.Timestamp("2026-06-30"), key="until")))
stops = {"2024": "First year", "2025": "Second year", "end": "Today"}
st.text(controls.chosen_stretch("Shown", stops, key="shown", usual=("2025", "end"), help="What is shown"))
name, tab = controls.chosen_tab({"map": "Map", "method": "Method"}, key="tab")
tab.text(name)
"""


def opened(**link: str) -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=60)
    for name, value in link.items():
        app.query_params[name] = value
    return app.run()


def shown(app: AppTest) -> list[str]:
    assert not app.exception
    return [each.value for each in app.text]


STRETCH = "('2025', 'end')"
USUAL = ["a", "a", "5", "None", STRETCH, "map"]


def test_what_is_usual_is_not_in_the_link() -> None:
    app = opened()
    assert shown(app) == USUAL
    assert not app.query_params
    assert not app.warning


@pytest.mark.parametrize(
    ("name", "value", "place", "found"),
    [
        ("series", "b", 0, "b"),
        ("kind", "b", 1, "b"),
        ("share", "12", 2, "12"),
        ("until", "2026-05-31", 3, "2026-05-31 00:00:00"),
        ("shown", "2024..end", 4, "('2024', 'end')"),
        ("shown", "2024..2025", 4, "('2024', '2025')"),
        ("tab", "method", 5, "method"),
    ],
)
def test_a_link_is_opened_and_kept(name: str, value: str, place: int, found: str) -> None:
    app = opened(**{name: value})
    assert shown(app) == [*USUAL[:place], found, *USUAL[place + 1 :]]
    assert app.query_params[name] == value
    assert not app.warning
    assert shown(app.run())[place] == found


def test_a_link_with_a_title_of_earlier_versions_still_opens() -> None:
    app = opened(series="Second [x](http://example.org)")
    assert shown(app)[0] == "b"
    assert app.query_params["series"] == "b"


@pytest.mark.parametrize(
    ("name", "value"),
    [("series", "gone"), ("kind", "gone"), ("share", "99"), ("share", "x"), ("until", "2031-01-01"), ("until", "soon"),
     ("tab", "gone")],
)  # fmt: skip
def test_what_is_not_there_is_told_in_a_sentence(name: str, value: str) -> None:
    app = opened(**{name: value})
    assert shown(app) == USUAL
    (warning,) = app.warning
    assert value in warning.value.replace("\\", "")
    assert shown(app.run()) == USUAL
    assert len(app.warning) == 1, "it stays until somebody chooses"


def test_a_choice_moves_the_link_and_ends_the_warning() -> None:
    app = opened(series="gone")
    app.selectbox(key="series").set_value("b").run()
    assert shown(app)[0] == "b"
    assert app.query_params["series"] == "b"
    assert not app.warning
    app.slider(key="share").set_value(20).run()
    assert app.query_params["share"] == "20"
    app.slider(key="share").set_value(5).run()
    assert "share" not in app.query_params
