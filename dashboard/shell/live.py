"""What a page of a city with sources that grow shows of them, always: how old they are, and what is wrong; and it follows them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from analytics.requests import CityRequest, city_request
from dashboard import markup
from dashboard.shell.session import reader_language
from data import CivicastError
from data.live import Followed, followed_in
from data.store.feeds import FeedState
from data.words import Sentence, use_language

__all__ = ["feed_line", "follow_live"]

LOOK_SECONDS = 5.0  # between two looks of an open page
OLD_SECONDS = 3600.0  # from which age is told as a warning


def follow_live(path: Path, request: CityRequest) -> None:
    """Draw how old the sources are that grow, and draw the page anew when something came; nothing where there are none.

    Parameters
    ----------
    path : of the city.toml.
    request : for the city as this page draws it.
    """
    if followed_in(path):
        _follow(str(path), request)


@st.fragment(run_every=LOOK_SECONDS)
def _follow(path: str, request: CityRequest) -> None:
    with use_language(reader_language()):
        try:
            now = city_request(path)
            feeds = [(each, each.feed.state) for each in followed_in(Path(path))]
        except CivicastError:  # the city.toml is being written: the page stays as it is
            return
        if (now.stamp, now.tables) != (request.stamp, request.tables):
            st.rerun()
        for followed, state in feeds:
            line, grave = feed_line(followed, state, now=datetime.now(UTC))
            (st.warning if grave else st.caption)(markup.label(str(line)))


def feed_line(followed: Followed, state: FeedState, *, now: datetime) -> tuple[Sentence, bool]:
    """One sentence on a source that grows: its age, and since when and why it is broken.

    Parameters
    ----------
    followed : the table.
    state : where its feed stands.
    now : the time.

    Returns
    -------
    tuple
        The sentence, and whether it is a warning.
    """
    age, title = state.age(now), followed.section.title
    about = {"title": title, "newest": state.newest, "rows": state.rows}
    old = "never" if age is None else "seconds" if age < 120 else "minutes" if age < 7200 else "hours"
    n = 0 if age is None else round(age / {"seconds": 1, "minutes": 60, "hours": 3600}.get(old, 1))
    about["age"] = Sentence(f"live_age.{old}", {"n": n})
    if state.failure is not None:
        return Sentence("page.live_broken", about | {"why": state.failure.why}), True
    return Sentence("page.live_newest" if state.rows else "page.live_nothing", about), age is None or age > OLD_SECONDS
