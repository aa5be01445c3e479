"""A first visit has three steps; who closes them is not asked again, and a link may leave them out."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

PAGE = """
from dashboard.shell.guide import guide

guide()
"""


def opened(**link: str) -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=60)
    for name, value in link.items():
        app.query_params[name] = value
    return app.run()


def shown(app: AppTest) -> str:
    assert not app.exception
    return " ".join(getattr(each.proto, "body", "") for each in app.get("html"))


def test_three_steps_follow_each_other() -> None:
    app = opened()
    for step in ("1 of 3", "2 of 3"):
        assert step in shown(app)
        app.button(key="guide-next").click().run()
    assert "3 of 3" in shown(app)
    assert [each.key for each in app.button] == ["guide-close"]


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_closed_at_any_step_it_stays_closed(steps: int) -> None:
    app = opened()
    for _ in range(steps):
        app.button(key="guide-next").click().run()
    app.button(key="guide-close").click().run()
    assert shown(app) == ""
    assert shown(app.run()) == ""


@pytest.mark.parametrize(
    ("link", "words"), [("off", ""), ("2", "2 of 3"), ("3", "3 of 3"), ("9", "1 of 3"), ("<b>", "1 of 3")]
)
def test_a_link_says_where_it_begins_or_leaves_it_out(link: str, words: str) -> None:
    app = opened(guide=link)
    assert words in shown(app)
    assert bool(app.button) == bool(words)
