"""A junction's page and a corridor's: counts, today's plan, the one that is proposed, and how sure the difference is."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analytics.requests import CorridorRequest, JunctionRequest
from analytics.results import Caveat
from analytics.scenarios import Scenario
from analytics.signals.sheets import CorridorSheet, DayPart, JunctionSheet
from analytics.signals.simulation import find_sumo
from dashboard import markup
from dashboard.figures.chart import Chart
from dashboard.figures.charts import time_space_chart, timing_chart
from dashboard.figures.charts.turning import turning_chart
from dashboard.shell import panels
from dashboard.shell.ageing import stale
from dashboard.shell.cached import once
from dashboard.shell.controls import Opened, chosen_name, link_to
from dashboard.shell.panels import await_result, downloads, figure, notes
from dashboard.views.scenarios.draft import Draft
from dashboard.views.scenarios.link import as_link
from dashboard.views.traffic.briefing import table_of
from dashboard.views.traffic.plan import back
from dashboard.views.traffic.shown import Shown
from dashboard.views.traffic.signals_words import check_words, outcome_words, part_words, wait_rows
from dashboard.views.traffic.signals_work import CheckRequest, check_of, corridor_of, junction_of
from data import Junctions
from data.words import say

__all__ = ["JUNCTION", "signals_tab"]

JUNCTION, PART = "junction", "part"  # keys of widgets, and what the link calls them
ALONG = "corridor:"  # begins the name of a corridor among junctions
QUESTION, BEST, COORDINATED = "signals", "signals.best", "signals.coordinated"


def signals_tab(opened: Opened) -> Shown:
    """The page of the junction or corridor that the link or somebody names; the first unless they do.

    Parameters
    ----------
    opened : a city with junctions.

    Returns
    -------
    Shown
        What the page is made of.
    """
    tables = opened.city.of("junctions")
    titles: dict[str, str] = {}
    owner: dict[str, Junctions] = {}
    for table in tables.values():
        names = {str(key): str(name) for key, name in table.frame["name"].items()}
        names |= {f"{ALONG}{each}": say("traffic.corridor_name", {"corridor": each}) for each in table.corridors}
        titles |= names
        owner |= dict.fromkeys(names, table)
    chosen = chosen_name(say("traffic.junction"), titles, key=JUNCTION)
    if chosen.startswith(ALONG):
        return _corridor(opened, owner[chosen], chosen.removeprefix(ALONG))
    return _junction(opened, owner[chosen], chosen)


def _chosen_part(parts: dict[str, str], *, first: str) -> str:
    """A part of the day; the busiest unless the link or somebody says another."""
    return chosen_name(say("traffic.part"), {first: parts[first]} | parts, key=PART)


def _junction(opened: Opened, table: Junctions, junction: str) -> Shown:
    asked = JunctionRequest(opened.request, junctions=table.name, junction=junction)
    sheet: JunctionSheet = await_result(junction_of, asked, saying=say("traffic.working_junction"))
    option = Scenario(say("traffic.proposed_for", {"junction": sheet.title}), levers={BEST: [junction]})
    left, right = st.columns([8.4, 3.6], gap="large")
    by_start = {str(each.start): each for each in sheet.parts}
    with left:
        parts = {start: part_words(each) for start, each in by_start.items()}
        part = by_start[_chosen_part(parts, first=str(sheet.busiest.start))]
        verdict, picture = st.container(), st.container()
    with right:
        decide = st.container()
    caveats = stale(sheet.made_from, sheet.caveats)
    chart = once(_timing, sheet, part, caveats)
    with verdict:
        st.html(markup.statement(outcome_words(sheet)))
        st.html(markup.paragraph(say("traffic.not_applied")))
        _checked(opened, table, junction)
    with picture:
        figure(chart)
        label = say("traffic.waits", {"junction": sheet.title})
        st.html(markup.section(label, say("traffic.waits_sub")))
        st.html(markup.table(*wait_rows(sheet), right=(1, 2, 3, 4, 5), label=label))
    with decide:
        _links(table, option)
        notes(caveats)
        downloads(chart)
    turning = once(turning_chart, sheet, caveats=caveats)
    panels.show(turning)
    waits = table_of(label, wait_rows(sheet), right=(1, 2, 3, 4, 5), below=say("traffic.waits_sub"))
    context = (sheet.title, part_words(part))
    return Shown(sheet, chart.headline, (chart, turning), (waits,), caveats, context, sheet.title)


def _timing(sheet: JunctionSheet, part: DayPart, caveats: tuple[Caveat, ...]) -> Chart:
    proposal = None if part.same else part.proposed
    return timing_chart(sheet, today=part.today, proposal=proposal, hours=part_words(part), caveats=caveats)


def _checked(opened: Opened, table: Junctions, junction: str) -> None:
    """What the simulator says of both plans, once somebody asks; that nobody has asked, or that there is none."""
    if find_sumo() is None:
        st.html(markup.paragraph(say("traffic.no_simulator")))
    elif not st.toggle(say("traffic.check"), key=f"check-{junction}", help=say("traffic.check_about")):
        st.html(markup.paragraph(say("traffic.not_checked")))
    else:
        asked = CheckRequest(opened.request, junctions=table.name, junction=junction)
        found = await_result(check_of, asked, saying=say("traffic.checking"))
        st.html(markup.paragraph(check_words(found)))


def _links(table: Junctions, option: Scenario) -> None:
    """The way to Scenarios, where the option is compared with others and the decision is recorded."""
    back()
    plan = as_link(Draft(QUESTION, table.name, options=(option,)))
    st.link_button(say("traffic.decide"), link_to("scenarios", plan=plan), icon=":material/gavel:")


def _corridor(opened: Opened, table: Junctions, corridor: str) -> Shown:
    asked = CorridorRequest(opened.request, junctions=table.name, corridor=corridor)
    sheet: CorridorSheet = await_result(corridor_of, asked, saying=say("traffic.working_corridor"))
    option = Scenario(
        say("traffic.proposed_for", {"junction": corridor}),
        levers={BEST: list(sheet.junctions), COORDINATED: [corridor]},
    )
    by_start = {str(each.start): each for each in sheet.parts}
    part = by_start[
        _chosen_part({start: part_words(each) for start, each in by_start.items()}, first=next(iter(by_start)))
    ]
    caveats = stale(sheet.made_from, sheet.caveats)
    st.html(markup.paragraph(say("traffic.not_applied")))
    charts = []
    for name, place in zip(("today", "proposed"), st.columns(2, gap="large"), strict=True):
        diagram = getattr(part, name)
        with place:
            if diagram is None:
                code = "no_wave" if name == "today" else "no_wave_proposed"
                st.html(
                    markup.section(
                        say(f"traffic.waves_{name}"), say(f"traffic.{code}", {"cycles": sorted(set(part.cycles))})
                    )
                )
                continue
            chart = time_space_chart(sheet, diagram, plan=say(f"traffic.plan_{name}"), caveats=caveats)
            chart = replace(chart, name=f"{chart.name}_{name}")
            charts.append(chart)
            panels.show(chart)
    _links(table, option)
    notes(caveats)
    finding = charts[-1].headline if charts else say("traffic.no_wave_at_all", {"corridor": corridor})
    return Shown(sheet, finding, tuple(charts), (), caveats, (corridor, part_words(part)), corridor)
