"""What stands beside a comparison of crews and desks: years that were replayed, and the hours that lack people."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analytics.scenarios import Comparison
from dashboard.figures.charts import StaffHours, replay_chart, shifts_chart
from dashboard.shell.controls import Opened, link_to
from dashboard.shell.panels import show
from dashboard.shell.rooms import fitting
from dashboard.shell.waiting import await_result
from dashboard.views.scenarios.draft import Draft
from dashboard.views.scenarios.link import as_link
from dashboard.views.scenarios.work import NeedsRequest, ReplaysRequest, needs_of, replays_of
from data import Crews, Desk
from data.words import say, text

__all__ = ["beside", "on_the_roads"]

ROADS = {"traffic": "map", "signals": "signals"}  # questions of which the page of the roads shows an option, and where
STAFF = "desks.staff"


def beside(found: Comparison, opened: Opened, draft: Draft, *, chosen: str) -> None:
    """How well past years were foreseen, for crews; who sits when and who is needed, for desks; nothing for others."""
    city = opened.city
    on_the_roads(draft)
    about = draft.subject or found.study.about.get(draft.question, "")
    with st.container(key="beside"):
        if draft.question == "crews":
            _replays(found, city.of("crews")[about], ReplaysRequest(opened.request, crews=about))
        elif draft.question == "desks":
            _hours(found, city.of("desks")[about], NeedsRequest(opened.request, desk=about), chosen=chosen)


def on_the_roads(draft: Draft) -> None:
    """The way to the roads or junctions that the option changes; nothing where it changes none.

    Parameters
    ----------
    draft : with the option that is looked at.
    """
    if draft.question in ROADS:
        address = link_to("traffic", plan=as_link(draft), tab=ROADS[draft.question])
        st.link_button(say(f"scenarios.on_roads_{draft.question}"), address, icon=":material/alt_route:")


def _replays(found: Comparison, crews: Crews, wanted: ReplaysRequest) -> None:
    replays = await_result(replays_of, wanted, saying=say("scenarios.replaying"))
    if replays:
        title, days = text(crews.title), crews.target_days
        about: dict[str, Any] = {"title": title, "target_days": days, "made_from": found.made_from}
        fitting("replays", lambda narrow: show(replay_chart(replays, **about, narrow=narrow)))


def _hours(found: Comparison, desk: Desk, wanted: NeedsRequest, *, chosen: str) -> None:
    lever = next(each for each in found.levers if each.name == STAFF)
    option = next(each for each in found.scenarios if each.name == chosen)
    staff = lever.kind.numbers(lever.read(option.levers.get(STAFF), scenario=chosen))
    hours = StaffHours(tuple(staff), await_result(needs_of, wanted, saying=say("scenarios.replaying")))
    show(shifts_chart(hours, title=text(desk.title), option=chosen, made_from=found.made_from))
