"""The tabs of the page, of which only the open one is worked out and drawn."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.results import Caveat
from analytics.traffic.picture import Traffic
from analytics.traffic.reading import counters_of
from dashboard.figures.maps import roads_map
from dashboard.figures.maps.roads_beside import Beside
from dashboard.shell.ageing import stale
from dashboard.shell.cached import once
from dashboard.shell.controls import Opened
from dashboard.shell.moving import seen_window
from dashboard.shell.panels import downloads, notes
from dashboard.shell.waiting import await_result
from dashboard.views.traffic.briefing import table_of
from dashboard.views.traffic.controls import chosen_look, chosen_road
from dashboard.views.traffic.counter import counter_page
from dashboard.views.traffic.plan import back, linked_draft, scenarios_of
from dashboard.views.traffic.sections import below_map, counts_tab, map_figure
from dashboard.views.traffic.shown import Shown
from dashboard.views.traffic.signals import signals_tab
from dashboard.views.traffic.tables import counter_rows, lost_rows
from dashboard.views.traffic.work import RoadsRequest, roads_of
from data import City
from data.words import say, text

__all__ = ["TABS", "open_tab", "tabs_of"]

QUESTION = "traffic"  # of which an option may be looked at on the map
TABS = ("map", "counts", "signals")


def tabs_of(city: City, trips: str) -> tuple[str, ...]:
    """Those that a city has something for; none where it has neither trips nor junctions.

    Parameters
    ----------
    city : that is looked at.
    trips : the table that is looked at; "" where there is none.
    """
    tables = counters_of(city, city.of("trips")[trips].network) if trips else {}
    counted = any(len(each.frame) for each in tables.values())
    there = {"map": bool(trips), "counts": counted, "signals": bool(city.of("junctions"))}
    return tuple(each for each in TABS if there[each])


def open_tab(name: str, *, opened: Opened, trips: str, row: DeltaGenerator) -> Shown:
    """Draw the tab that is open.

    Parameters
    ----------
    name : of the tab.
    opened : the city.
    trips : the table that is looked at.
    row : where the widgets of the map stand.

    Returns
    -------
    Shown
        What the page is made of.
    """
    if name == "signals":
        return signals_tab(opened)
    draft = linked_draft()
    here = draft is not None and draft.question == QUESTION and draft.subject in ("", trips)
    today, option = scenarios_of(draft if here else None)
    asked = RoadsRequest(opened.request, trips=trips, today=today, option=option)
    traffic = await_result(roads_of, asked, saying=say("traffic.working"))
    caveats = stale(traffic.made_from, traffic.caveats)
    if name == "counts":
        return _counts(traffic, caveats, opened=opened)
    with row:
        look = chosen_look(traffic.option)
    left, right = st.columns([8.4, 3.6], gap="large")
    with right:
        road = chosen_road(traffic)
        back()
    beside = once(_beside, traffic, opened.city)
    with left:
        window = seen_window("roads")
        chart = once(
            roads_map, traffic, look=look, city=opened.city, beside=beside, chosen=road, caveats=caveats, window=window
        )
        map_figure(traffic, chart, window, road=road)
    with right:
        notes(caveats)
        downloads(chart)
    charts = (chart, *below_map(traffic, caveats, opened=opened, road=road))
    below = say("traffic.lost_sub", {"hours": text(traffic.hours)})
    lost = table_of(say("traffic.lost"), once(lost_rows, traffic), right=(1, 2, 3, 4), below=below)
    return Shown(traffic, chart.headline, charts, (lost,), caveats, _context(traffic), text(traffic.title))


def _counts(traffic: Traffic, caveats: tuple[Caveat, ...], *, opened: Opened) -> Shown:
    chart = counts_tab(traffic, caveats)
    charts = (chart, *counter_page(traffic, opened))
    label, below = say("traffic.counters"), say("traffic.counters_sub")
    table = table_of(label, once(counter_rows, traffic), right=(2, 3, 4), below=below)
    return Shown(traffic, chart.headline, charts, (table,), caveats, _context(traffic), text(traffic.title))


def _context(traffic: Traffic) -> tuple[str, ...]:
    return (text(traffic.title), text(traffic.hours), *([traffic.option] if traffic.option else []))


def _beside(traffic: Traffic, city: City) -> list[Beside]:
    """The counters of the network, and the city's junctions."""
    counted = traffic.counted.dropna(subset=["x", "y"])
    ids = [str(each) for each in counted.index]
    found = [Beside("counter", ids, ids, list(counted["x"]), list(counted["y"]))]
    for table in city.of("junctions").values():
        frame = table.frame
        names = [str(each) for each in frame["name"]]
        found.append(Beside("junction", [str(each) for each in frame.index], names, list(frame["x"]), list(frame["y"])))
    return [each for each in found if len(each.ids)]
