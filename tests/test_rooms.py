"""Figures that are drawn in two ways: both until the browser has told what fits, then that one alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.serving.guard import SCRIPT
from dashboard.shell import rooms
from tests.browsing import needs_browser

PAGE = """
from dashboard.shell.rooms import fitting, watch_rooms
from dashboard.shell.session import keep, recall
import streamlit as st
keep("runs", recall("runs", 0) + 1)
fitting("effects", lambda narrow: st.text("narrow" if narrow else "wide"))
if recall("turned"):
    keep("rooms", {"narrow": {"effects": recall("turned") == "narrow"}})
watch_rooms()
"""
STYLE = Path(rooms.__file__).parent.parent / "style.css"
ROOMS = """<div data-testid=stApp data-test-script-state=notRunning>
  <div class="a st-key-fits-who b" style="width:520px"></div>
  <div class="a st-key-fits-effects b" style="width:521px"></div>
  <div style="display:none"><div class="st-key-fits-hidden" style="width:300px"></div></div></div>"""
WATCH = """async source => {
  window.told = [];
  const url = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
  const {default: watch} = await import(url);
  watch({data: {narrow: 520}, setStateValue: (name, value) => told.push(value)});
}"""


def drawn(told: object = None, **more: object) -> tuple[list[str], int]:
    app = AppTest.from_string(PAGE)
    for name, value in more.items() if told is None else {"rooms": told, **more}.items():
        app.session_state[name] = value
    app.run()
    assert not app.exception
    return [each.value for each in app.text], app.session_state["runs"]


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (None, ["wide", "narrow"]),
        ({"narrow": {"effects": True}}, ["narrow"]),
        ({"narrow": {"effects": False}}, ["wide"]),
        ({"narrow": {"who": True}}, ["wide", "narrow"]),
        ({"narrow": {"effects": "x"}}, ["wide", "narrow"]),  # a browser may tell anything
        ({"narrow": ["effects"]}, ["wide", "narrow"]),
    ],
)
def test_only_the_drawing_that_fits_is_drawn_once_the_browser_has_told(told: object, shown: list[str]) -> None:
    assert drawn(told) == (shown, 1)


def test_what_fits_no_longer_is_drawn_anew_at_once_and_only_once() -> None:
    assert drawn({"narrow": {"effects": False}}, turned="narrow") == (["narrow"], 2)
    assert drawn({"narrow": {"effects": False}}, turned="wide") == (["wide"], 1)
    assert drawn(turned="narrow") == (["wide", "narrow"], 1)  # of two the style shows the right one already


def test_the_script_has_the_address_that_is_open_and_the_width_that_the_style_has() -> None:
    assert f"_stcore/bidi-components/{rooms.COMPONENT}/{rooms.SCRIPT}" == SCRIPT
    style = STYLE.read_text(encoding="utf-8")
    assert f"@container (max-width:{rooms.NARROW_PIXELS}px)" in style
    assert f"@container (min-width:{rooms.NARROW_PIXELS + 1}px)" in style


def told_by(page: Any, script: str) -> list[dict[str, bool]]:
    page.evaluate(script)
    page.wait_for_timeout(150)  # sizes are told with the next frame
    told: list[dict[str, bool]] = page.evaluate("() => told.splice(0)")
    return told


@needs_browser
def test_the_browser_tells_what_is_narrow_when_it_changes_and_the_script_rests(page: Any) -> None:
    page.goto("about:blank")  # what a test wrote has no rules on whose scripts may run
    page.set_content(ROOMS)
    page.evaluate(WATCH, (rooms.FOLDER / rooms.SCRIPT).read_text(encoding="utf-8"))
    first = {"who": True, "effects": False}
    assert told_by(page, "() => {}") == [first]
    width = "(name, width) => { document.querySelector(`.st-key-fits-${name}`).style.width = width + 'px' }"
    # By the width of a scroll bar nothing changes, and what is told is told once.
    assert told_by(page, f"() => ({width})('who', 540)") == []
    assert told_by(page, f"() => ({width})('effects', 500)") == []
    assert told_by(page, f"() => ({width})('who', 541)") == [{"who": False, "effects": False}]
    assert told_by(page, f"() => ({width})('effects', 499)") == [{"who": False, "effects": True}]
    state = "state => { document.querySelector('[data-testid=stApp]').dataset.testScriptState = state }"
    assert told_by(page, f"() => {{ ({state})('running'); ({width})('who', 300) }}") == []
    assert told_by(page, f"() => ({state})('notRunning')") == [{"who": True, "effects": True}]
    # A room that came with the last run is looked at, one that went is not, and one in a closed tab is not known.
    swap = "document.querySelector('.st-key-fits-who').outerHTML = '<p class=st-key-fits-new style=\"width:9px\"></p>'"
    assert told_by(page, f"() => {{ {swap}; ({state})('running'); ({state})('notRunning') }}") == [
        {"who": True, "effects": True, "new": True}
    ]
