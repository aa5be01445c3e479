"""What stands below the headline: the map with whose trips use a road, and counts beside the model."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from analytics.results import Caveat
from analytics.traffic.picture import RoadUsers, Traffic
from dashboard import markup
from dashboard.figures.chart import Chart
from dashboard.figures.charts import volumes_chart
from dashboard.figures.maps import Window, users_map
from dashboard.figures.maps.users import End
from dashboard.figures.roads_words import road_name
from dashboard.figures.tables import lost_table, pairs_table
from dashboard.shell import panels
from dashboard.shell.ageing import stale
from dashboard.shell.cached import once
from dashboard.shell.controls import Opened
from dashboard.shell.moving import moving_map, seen_window
from dashboard.shell.panels import all_rows, downloads, figure, notes, tag_of
from dashboard.shell.waiting import await_result
from dashboard.views.traffic.controls import choose
from dashboard.views.traffic.tables import counter_rows, lost_rows, pair_rows
from dashboard.views.traffic.work import UsersRequest, road_users_of
from data import City
from data.words import say

__all__ = ["below_map", "counts_tab", "empty", "map_figure"]


def empty(city: City) -> None:
    """What a city needs for this page, and the lines that add it.

    Parameters
    ----------
    city : that has none of it.
    """
    st.html(markup.context_line([city.name], tag=tag_of(city.synthetic)) + markup.headline(say("pages.traffic")))
    st.info(say("traffic.empty"), icon=":material/info:")
    st.html(markup.paragraph(say("traffic.empty_how")))
    st.code(say("traffic.empty_lines"), language="toml")
    st.html(markup.paragraph(say("traffic.empty_signals")))
    st.code(say("traffic.empty_signals_lines"), language="toml")


def map_figure(traffic: Traffic, chart: Chart, window: Window, *, road: str) -> None:
    """The map, or what it lacks.

    Parameters
    ----------
    traffic : what each road carries.
    chart : its map.
    window : what is seen of it.
    road : the link that was chosen; "" for none.
    """
    if traffic.lines is None:
        st.info(say("traffic.no_map"), icon=":material/info:")
    else:
        moving_map(chart, window, name="roads", tell=choose, chosen=road)


def below_map(traffic: Traffic, caveats: tuple[Caveat, ...], *, opened: Opened, road: str) -> list[Chart]:
    """Whose trips use the road that somebody chose, and where time is lost.

    Parameters
    ----------
    traffic : what each road carries.
    caveats : of the page.
    opened : the city.
    road : the link that was chosen; "" for none.

    Returns
    -------
    list of Chart
        Of the road that was chosen.
    """
    charts = _users(traffic, opened, road) if road else []
    st.html(markup.section(say("traffic.lost"), say("traffic.lost_sub", {"hours": traffic.hours})))
    st.html(markup.table(*once(lost_rows, traffic), right=(1, 2, 3, 4), label=say("traffic.lost")))
    all_rows(partial(lost_table, traffic, caveats=caveats), name="lost_roads")
    return charts


def _users(traffic: Traffic, opened: Opened, road: str) -> list[Chart]:
    """Where the trips over a road begin and end."""
    asked = UsersRequest(opened.request, trips=traffic.name, link=road)
    found = await_result(road_users_of, asked, saying=say("traffic.asking_users"))
    found = once(_called, found, road_name(traffic, road))
    city, caveats = opened.city, stale(found.made_from, found.caveats)
    areas = city.areas.get(found.layer)
    if areas is None or not found.volume:
        code = "no_areas" if areas is None else "no_users" if found.paths_known else "no_paths"
        st.html(markup.section(say("traffic.users", {"road": found.road}), say(f"traffic.{code}")))
        return []
    ends: tuple[End, ...] = ("origins", "destinations")
    charts: list[Chart] = []
    for end, place in zip(ends, st.columns(2, gap="large"), strict=True):
        window = seen_window(end, of=road)
        chart = once(users_map, found, city=city, end=end, caveats=caveats, window=window)
        charts.append(chart)
        with place:
            moving_map(chart, window, name=end, of=road, keys=False, subtitle=chart.headline)
            panels.take(chart)
    label = say("traffic.pairs", {"road": found.road})
    st.html(markup.section(label, say("traffic.pairs_sub", {"n": found.volume})))
    st.html(markup.table(*pair_rows(found, areas), right=(2, 3), label=label))
    if len(found.pairs):
        all_rows(lambda: once(pairs_table, found, areas=areas, caveats=caveats), name="users_pairs")
    return charts


def _called(users: RoadUsers, road: str) -> RoadUsers:
    """With what the map calls the road."""
    return replace(users, road=road)


def counts_tab(traffic: Traffic, caveats: tuple[Caveat, ...]) -> Chart:
    """Counted beside modelled volumes, each counter, and what that says of the model.

    Parameters
    ----------
    traffic : with counters.
    caveats : of the page.

    Returns
    -------
    Chart
        Of the counts.
    """
    chart = once(volumes_chart, traffic, caveats=caveats)
    left, right = st.columns([8.4, 3.6], gap="large")
    with left:
        figure(chart, tell=choose)
        label = say("traffic.counters")
        st.html(markup.section(label, say("traffic.counters_sub")))
        st.html(markup.table(*once(counter_rows, traffic), right=(2, 3, 4), label=label))
    with right:
        notes(caveats)
        downloads(chart)
    return chart
