"""A page's parts come as each is ready: what fails or was stopped is told in its place, and holds up nothing else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from analytics.parallel import Progress
from analytics.requests import CityRequest
from dashboard.shell.bars import Bar
from dashboard.shell.parts import STOPPED
from dashboard.workers import jobs
from data import CivicastError

# A worker imports the script that started it, and must not draw a page: hence the guard.
PAGE = """
import streamlit as st
from dashboard.shell.parts import Part, as_ready
from tests.test_parts import SUM, length, refuse

if __name__ == "__main__":

    parts = {
        "bad": Part(refuse, SUM, st.empty(), "Refusing."),
        "good": Part(length, SUM, st.empty(), "Counting."),
    }
    for name, result in as_ready(parts):
        st.write(f"{name} gives {result}")
        if name == "good":
            parts["then"] = Part(length, type(SUM)("four"), st.empty(), "Counting again.")
"""
SUM = CityRequest("three")


def length(request: CityRequest, *, progress: Progress) -> int:
    progress(0.5, "letters")
    return len(request.name)


def refuse(request: CityRequest, *, progress: Progress) -> None:
    raise CivicastError("unreadable_file", path="x.csv", why="it is a picture")


@pytest.fixture(autouse=True, scope="module")
def workers() -> Iterator[None]:
    jobs.stop()
    yield
    jobs.stop()


def texts(app: AppTest) -> list[str]:
    return [each.value for each in app.markdown]


def test_each_part_comes_by_itself_and_what_is_added_comes_too() -> None:
    app = AppTest.from_string(PAGE, default_timeout=120).run()
    assert not app.exception
    assert texts(app) == ["good gives 5", "then gives 4"]
    (told,) = app.error
    assert "x.csv" in told.value


def test_what_was_stopped_says_so_until_it_is_asked_for_again() -> None:
    from tests import test_parts as own  # as the page finds it

    app = AppTest.from_string(PAGE, default_timeout=120)
    app.session_state[f"{STOPPED}-{jobs.key_of(own.length, SUM)}"] = True
    app.run()
    assert texts(app) == []
    (again,) = app.button
    again.click().run()
    assert texts(app) == ["good gives 5", "then gives 4"]
    assert not app.button


@pytest.mark.parametrize("time", ["first", "again"])
def test_no_test_begins_with_the_page_of_another_as_its_main_module(time: str) -> None:
    assert not hasattr(sys.modules["__main__"], "__args")
    AppTest.from_string("").run()
    assert hasattr(sys.modules["__main__"], "__args"), "a page's script is the main module no more"


def test_a_bar_is_sent_when_what_it_shows_has_changed() -> None:
    sent: list[tuple[float, str]] = []
    bar = Bar(SimpleNamespace(progress=lambda share, text: sent.append((share, text))))  # type: ignore[arg-type]
    for share, words in ((0.0, "a"), (0.001, "a"), (0.01, "a"), (0.01, "b"), (0.012, "b")):
        bar.show(share, words)
    assert sent == [(0.0, "a"), (0.01, "a"), (0.01, "b")]
