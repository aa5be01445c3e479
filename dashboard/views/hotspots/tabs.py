"""The four tabs of the hotspots page: the map, who it falls on, what of it is chance, and how it is made."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.hotspots import Audit, Hotspots
from analytics.hotspots.audit.reporting import REPEATS
from analytics.hotspots.clustering.lately import Lately
from analytics.requests import AuditRequest, SeriesRequest
from analytics.results import Caveat
from dashboard import markup
from dashboard.figures.chart import Chart
from dashboard.figures.charts import capture_chart, exposure_chart
from dashboard.figures.maps import Window, emerging_map
from dashboard.figures.tables import flagged_table, methods_table
from dashboard.shell import panels
from dashboard.shell.ageing import stale
from dashboard.shell.cached import once
from dashboard.shell.controls import Opened, chosen_tab
from dashboard.shell.moving import moving_map, seen_window
from dashboard.shell.panels import all_rows, downloads, figure, notes
from dashboard.shell.rooms import fitting
from dashboard.shell.waiting import await_result
from dashboard.views.hotspots import tables as hotspot_tables
from dashboard.views.hotspots.controls import Chosen, choose_area
from dashboard.views.hotspots.words import chance_words, moved
from dashboard.views.hotspots.work import LatelyRequest, audit_of, delays_of, lately_of
from data import Areas, City
from data.words import say, text

__all__ = ["TABS", "open_tab", "tab_until_judged"]


TABS = ("map", "fairness", "signal", "method")
MAP_ROW = [6.0, 3.3, 2.7]  # widths: the map, what a larger area would catch, the notes


def open_tab(
    found: Hotspots,
    chart: Chart,
    caveats: tuple[Caveat, ...],
    *,
    opened: Opened,
    chosen: Chosen,
    share: float,
    area: str,
    window: Window,
) -> Audit | None:
    """Draw the tab that is open.

    Parameters
    ----------
    found : the hotspots.
    chart : their map.
    caveats : of the page.
    opened : the city.
    chosen : what is mapped.
    share : of the city that is looked at.
    area : that is looked at; "" for the whole city.
    window : what is seen of the map.

    Returns
    -------
    Audit or None
        Of whom the map falls on, where that tab is open.
    """
    areas, audit = found.incidents.areas, None
    name, tab = chosen_tab({name: say(f"hotspots.tab_{name}") for name in TABS}, key="tab")
    with tab:
        if name == "map":
            map_tab(found, chart, caveats, share=share, area=area, window=window)
            if chosen.congestion:
                delays(opened, SeriesRequest(opened.request, series=chosen.map.incidents), areas)
        elif name == "signal":
            signal_tab(found, caveats, city=opened.city, areas=areas, share=share)
            clusters_tab(chosen)
        elif name == "method":
            method_tab(found, caveats)
        else:
            audit = await_result(audit_of, AuditRequest(chosen.map, share=share), saying=say("hotspots.auditing"))
            fairness_tab(audit, stale(audit.made_from, audit.caveats))
    return audit


def tab_until_judged(
    chart: Chart, caveats: tuple[Caveat, ...], *, chosen: Chosen, area: str, window: Window
) -> DeltaGenerator:
    """Draw what the open tab has before its map is judged.

    Parameters
    ----------
    chart : the map.
    caveats, chosen, area, window : as in ``open_tab``.

    Returns
    -------
    DeltaGenerator
        Where the first of what is still to come will stand.
    """
    name, tab = chosen_tab({name: say(f"hotspots.tab_{name}") for name in TABS}, key="tab")
    with tab:
        if name == "map":
            left, middle, right = st.columns(MAP_ROW, gap="medium")
            with left:
                moving_map(chart, window, of=area, title=False, tell=choose_area, chosen=area)
            with right:
                notes(caveats)
            return middle
        rest = st.container()
        if name == "signal":
            clusters_tab(chosen)
    return rest


def map_tab(
    found: Hotspots, chart: Chart, caveats: tuple[Caveat, ...], *, share: float, area: str, window: Window
) -> None:
    """The map, what a larger area would catch, whether it moved, and where the flagged cells are."""
    left, middle, right = st.columns(MAP_ROW, gap="medium")
    with left:
        # Once for all widths, cut on phones: every step of the slider sends it again. The page's headline and context say
        # all that its title would.
        moving_map(chart, window, of=area, title=False, tell=choose_area, chosen=area)
        label = say("hotspots.where")
        st.html(markup.section(label))
        st.html(markup.table(*once(hotspot_tables.flagged_rows, found, share=share), right=(1, 2), label=label))
        all_rows(partial(flagged_table, found, share=share, caveats=caveats), name="flagged")
    with middle:
        panels.show(once(capture_chart, found, share=share, caveats=caveats))
        st.html(markup.section(say("hotspots.moved")))
        st.html(markup.paragraph(once(moved, found, share=share)))
    with right:
        notes(caveats)
        downloads(chart)


def delays(opened: Opened, request: SeriesRequest, areas: Areas | None) -> None:
    """The hours of the day at which counters hold vehicles up most beyond what is expected.

    Parameters
    ----------
    opened : the city.
    request : the series of its counters.
    areas : in which they stand.
    """
    table = await_result(delays_of, request, saying=say("hotspots.working"))
    rows = hotspot_tables.delay_rows(table, areas)
    text = say("hotspots.delays_sub", {"unit": opened.city.series[request.series].unit})
    _table("hotspots.delays", text, rows, right=(2, 3, 4, 5), said=True)


def signal_tab(found: Hotspots, caveats: tuple[Caveat, ...], *, city: City, areas: Areas | None, share: float) -> None:
    """How much of the map chance alone would draw, what has become of each place, and whether promises held."""
    left, middle, right = st.columns([5.0, 4.0, 3], gap="large")
    with left:
        if found.emerging is None:
            st.html(markup.paragraph(say("hotspots.emerging_none")))
        else:
            window = seen_window("emerging")
            places = once(
                emerging_map, found, city_key=city.key, areas=areas, caveats=caveats, city=city, window=window
            )
            moving_map(places, window, name="emerging", subtitle=places.headline)
            panels.take(places)
    with middle:
        st.html(markup.section(say("hotspots.tests")) + markup.paragraph(chance_words(found, share=share)))
        if found.emerging is not None:
            _table("hotspots.emerging", "", hotspot_tables.emerging_rows(found.emerging), right=(1,))
        _table("hotspots.promised", "hotspots.promised_sub", hotspot_tables.promise_rows(found), right=(1, 2))
    with right:
        notes(caveats)


def clusters_tab(chosen: Chosen) -> None:
    """What has clustered of late, which the judging of a map has nothing to do with; a table of delays has no events."""
    if not chosen.congestion:
        lately(await_result(lately_of, LatelyRequest.of(chosen.map), saying=say("hotspots.scanning")))


def lately(clusters: tuple[Lately, ...]) -> None:
    """Where more has happened in the last weeks than place and week explain, and whether one event brings another."""
    if not clusters:
        st.html(markup.section(say("hotspots.lately"), say("hotspots.lately_unknown")))
        return
    (found,) = clusters
    evidence = {"weeks": found.weeks, "since": found.since, "until": found.until, "n": len(found.sure)}
    text = say("hotspots.lately_sub" if len(found.sure) else "hotspots.lately_none", evidence)
    if len(found.sure):
        _table("hotspots.lately", text, hotspot_tables.cluster_rows(found.sure), right=(2, 3, 4), said=True)
    else:
        st.html(markup.section(say("hotspots.lately"), text))
    st.html(markup.paragraph(str(found.risk.sentence)))


def method_tab(found: Hotspots, caveats: tuple[Caveat, ...]) -> None:
    """Every method's hits, the method against plain counts, and what this map is made of."""
    left, right = st.columns([8.4, 3.6], gap="large")
    with left:
        _table("hotspots.methods", "hotspots.methods_sub", hotspot_tables.method_rows(found), right=(1, 2, 3, 4))
        _table("hotspots.against", "hotspots.against_sub", hotspot_tables.against_rows(found), right=(1, 2, 3, 4, 5, 6))
        all_rows(partial(methods_table, found, caveats=caveats), name="map_methods")
    with right:
        notes(caveats)
        made_of = getattr(found.fitted, "explanation", None)
        if made_of is not None:
            _table("hotspots.made_of", "hotspots.made_of_sub", hotspot_tables.explanation_rows(made_of), right=(2,))


def fairness_tab(audit: Audit, caveats: tuple[Caveat, ...]) -> None:
    """Who lives where the map points, what it would lose, and whether it would confirm itself."""
    left, right = st.columns([8.4, 3.6], gap="large")
    with left:
        if audit.exposure.empty:
            st.info(say("hotspots.no_groups"))
        else:
            chart = replace(exposure_chart(audit), caveats=caveats)
            narrow = replace(exposure_chart(audit, narrow=True), caveats=caveats)
            fitting("exposure", lambda in_narrow: figure(narrow if in_narrow else chart, subtitle=chart.headline))
            downloads(chart)
            subtitle = say("hotspots.if_half_sub", {"n": REPEATS, "share": audit.share})
            _table("hotspots.if_half", subtitle, hotspot_tables.half_rows(audit), right=(1, 2), said=True)
        _gaps(audit)
        st.html(markup.section(say("hotspots.loop")))
        loop = audit.feedback
        evidence = vars(loop) | {"praise": loop.hit_rate_change}
        st.html(markup.paragraph(say("hotspots.loop_text", evidence)))
        st.html(markup.source_line(say("hotspots.loop_assumes", evidence)))
    with right:
        notes(caveats)


def _gaps(audit: Audit) -> None:
    if audit.gaps is None or audit.second_title is None:
        return
    second = {"second": text(audit.second_title).lower()}
    rows = hotspot_tables.gap_rows(audit)
    if rows[1]:
        _table("hotspots.gaps", say("hotspots.gaps_sub", second), rows, right=(1, 2), said=True)
    else:
        st.html(markup.section(say("hotspots.gaps"), say("hotspots.gaps_none", second)))


def _table(title: str, subtitle: str, rows: markup.Rows, *, right: tuple[int, ...], said: bool = False) -> None:
    text = subtitle if said or not subtitle else say(subtitle)
    st.html(markup.section(say(title), text))
    st.html(markup.table(*rows, right=right, label=say(title)))
