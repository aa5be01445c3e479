"""A page of a city whose sources grow: it says how old they are, and is drawn anew when something came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from test_live import HEADER, LIVE, lines
from tiny_city import TOML, write_city

from dashboard.shell.live import feed_line
from data.live import follow_once, followed_in
from data.store.feeds import Failure, FeedState

NOON = datetime(2024, 3, 2, 12, tzinfo=UTC)

PAGE = """
from pathlib import Path
import streamlit as st
from analytics.requests import city_request
from dashboard.shell.live import follow_live
from data import open_city
path = Path({path!r})
request = city_request(str(path))
follow_live(path, request)
st.write(f"hours: {{len(open_city(path).series['air'].values)}}")
"""


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CIVICAST_HOME", str(tmp_path / "home"))
    (tmp_path / "feed").mkdir()
    (tmp_path / "air.csv").write_text(HEADER + lines(0, 10))
    return write_city(tmp_path, toml=TOML + LIVE.format(live="feed"))


def drawn(page: AppTest) -> tuple[str, list[str], list[str]]:
    page.run()
    assert not page.exception
    return page.markdown[-1].value, [each.value for each in page.caption], [each.value for each in page.warning]


def test_the_page_says_how_old_its_sources_are_and_follows_them(city: Path) -> None:
    feed = city.parent / "feed" / "march.csv"
    page = AppTest.from_string(PAGE.format(path=str(city)), default_timeout=30)
    hours, _, [warning] = drawn(page)
    assert hours == "hours: 10"
    assert "nothing new yet, not read yet" in warning
    feed.write_text(HEADER + lines(10, 12))
    follow_once(followed_in(city)[0])
    hours, [line], warnings = drawn(page)
    assert hours == "hours: 12"
    assert "Live: Air, newest 2024-03-01 11:00, read" in line.replace("\\", "")
    assert warnings == []
    feed.write_text("hour\n")
    follow_once(followed_in(city)[0])
    hours, lines_, [warning] = drawn(page)
    assert hours == "hours: 12"
    assert lines_ == []
    assert "has no column value. The last good data stay." in warning.replace("\\", "")


def test_a_city_without_such_sources_has_no_line(city: Path) -> None:
    write_city(city.parent, toml=TOML + LIVE.format(live="feed").replace('live = "feed"\n', ""))
    assert drawn(AppTest.from_string(PAGE.format(path=str(city)), default_timeout=30)) == ("hours: 10", [], [])


@pytest.mark.parametrize(
    ("seconds", "words", "grave"),
    [
        (1, "read 1 second ago", False), (119, "read 119 seconds ago", False), (120, "read 2 minutes ago", False),
        (3600, "read 60 minutes ago", False), (3601, "read 60 minutes ago", True), (7200, "read 2 hours ago", True),
    ],
)  # fmt: skip
def test_age_is_always_told_and_grave_after_an_hour(city: Path, seconds: int, words: str, grave: bool) -> None:
    state = FeedState(rows=2, newest="11:00", read_at=(NOON - timedelta(seconds=seconds)).isoformat())
    line, warning = feed_line(followed_in(city)[0], state, now=NOON)
    assert words in str(line)
    assert warning == grave
    broken = FeedState(rows=2, read_at=state.read_at, failure=Failure(NOON.isoformat(), "answered", {"status": 503}))
    line, warning = feed_line(followed_in(city)[0], broken, now=NOON)
    assert words in str(line)
    assert "answers with status 503" in str(line)
    assert warning
