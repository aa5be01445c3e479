"""A junction's page and a corridor's: counts, today's plan, the one that is proposed, and how sure the difference is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from analytics.requests import CheckRequest, CorridorRequest, JunctionRequest, LostRequest
from analytics.requests.signals import limits_with
from analytics.results import Caveat
from analytics.scenarios import Scenario
from analytics.scenarios.engines.signals.tried import refined_label
from analytics.signals.checking import found_check
from analytics.signals.corridor_drive import CorridorDrive
from analytics.signals.junction_drive import JunctionDrive
from analytics.signals.refined import refined_of
from analytics.signals.sheets import CorridorSheet, DayPart, JunctionSheet
from analytics.signals.tables import junctions_of
from dashboard import markup
from dashboard.figures.chart import Chart
from dashboard.figures.charts import time_space_chart, timing_chart
from dashboard.figures.charts.turning import turning_chart
from dashboard.shell import panels
from dashboard.shell.ageing import stale
from dashboard.shell.cached import once
from dashboard.shell.controls import Opened, chosen_name, link_to
from dashboard.shell.panels import downloads, figure, notes
from dashboard.shell.waiting import await_result
from dashboard.views.scenarios.draft import Draft
from dashboard.views.scenarios.link import as_link
from dashboard.views.traffic.briefing import table_of
from dashboard.views.traffic.plan import back, linked_draft
from dashboard.views.traffic.shown import Shown
from dashboard.views.traffic.signals_words import outcome_words, part_words, wait_rows
from dashboard.views.traffic.signals_work import corridor_of, junction_of, lost_of
from dashboard.views.traffic.simulated import simulated
from data import Junctions
from data.words import say, text

__all__ = ["JUNCTION", "signals_tab"]

JUNCTION = "junction"  # keys of widgets, and what the link calls them
PART = "part"
ALONG = "corridor:"  # begins the name of a corridor among junctions
QUESTION, BEST, COORDINATED, ACTUATED = "signals", "signals.best", "signals.coordinated", "signals.actuated"
REFINED = "signals.refined"  # a lever, too
CHANGED = (BEST, "signals.webster", ACTUATED, "signals.cycle")  # levers of an option that name junctions


def signals_tab(opened: Opened) -> Shown:
    """The page of the junction or corridor that the link or somebody names; else of the junction where most time is lost.

    Parameters
    ----------
    opened : a city with junctions.

    Returns
    -------
    Shown
        What the page is made of.
    """
    lost = await_result(lost_of, LostRequest(opened.request), saying=say("traffic.working_lost"))
    draft = linked_draft()
    option = draft.option if draft is not None and draft.question == QUESTION else None
    titles: dict[str, str] = {}
    corridors: dict[str, str] = {}
    owner: dict[str, Junctions] = {}
    for table in opened.city.of("junctions").values():
        own = {f"{ALONG}{each}": say("traffic.corridor_name", {"corridor": each}) for each in table.corridors}
        names = {str(key): str(name) for key, name in table.frame["name"].items()}
        titles, corridors = titles | names, corridors | own
        owner |= dict.fromkeys([*names, *own], table)
    ordered = {key: titles[key] for key in lost} | corridors
    first = _first(ordered, option)
    chosen = chosen_name(say("traffic.junction"), {first: ordered[first]} | ordered, key=JUNCTION)
    table = owner[chosen]
    option = option if draft is not None and draft.subject in ("", table.name) else None
    if chosen.startswith(ALONG):
        return _corridor(opened, table, chosen.removeprefix(ALONG), option)
    return _junction(opened, table, chosen, option)


def _first(titles: Mapping[str, str], option: Scenario | None) -> str:
    """Where most time is lost of what an option changes, or of all."""
    levers = {} if option is None else option.levers
    changed = {str(each) for name in CHANGED for each in levers.get(name, ())}
    refined = {str(each).rpartition("@")[0] for each in levers.get(REFINED, ())}
    changed |= {*refined, *(f"{ALONG}{each}" for each in refined)}
    return next((each for each in titles if each in changed), next(iter(titles)))


def _chosen_part(parts: dict[str, str], *, first: str) -> str:
    """A part of the day; the busiest unless the link or somebody says another."""
    return chosen_name(say("traffic.part"), {first: parts[first]} | parts, key=PART)


def _junction(opened: Opened, table: Junctions, junction: str, linked: Scenario | None) -> Shown:
    asked = JunctionRequest(opened.request, junctions=table.name, junction=junction, option=linked)
    sheet: JunctionSheet = await_result(junction_of, asked, saying=say("traffic.working_junction"))
    proposal = Scenario(say("traffic.proposed_for", {"junction": sheet.title}), levers={BEST: [junction]})
    left, right = st.columns([8.4, 3.6], gap="large")
    by_start = {str(each.start): each for each in sheet.parts}
    with left:
        parts = {start: part_words(each) for start, each in by_start.items()}
        part = by_start[_chosen_part(parts, first=str(sheet.busiest.start))]
        verdict, picture = st.container(), st.container()
    with right:
        decide = st.container()
    with verdict:
        _option_words(linked, [junction])
        st.html(markup.statement(outcome_words(sheet)))
        st.html(markup.paragraph(say("traffic.not_applied")))
        driven = CheckRequest(opened.request, junctions=table.name, junction=junction, plan=sheet.plan)
        before = found_check(JunctionDrive(junctions_of(table)[junction]), {junction: sheet.plan})
        check, late = simulated(driven, before, takes="check_about", changes=sheet.difference.verdict != "no_change")
    caveats = stale(
        sheet.made_from, limits_with(sheet.caveats, check, table=table, place=junction, plans={junction: sheet.plan})
    )
    chart = once(_timing, sheet, part, caveats)
    with picture:
        figure(chart)
        label = say("traffic.waits", {"junction": sheet.title})
        st.html(markup.section(label, say("traffic.waits_sub")))
        st.html(markup.table(*wait_rows(sheet), right=(1, 2, 3, 4, 5), label=label))
    with decide:
        _links(table, proposal, junction)
        notes(caveats)
        downloads(chart)
    turning = once(turning_chart, sheet, caveats=caveats)
    panels.show(turning)
    waits = table_of(label, wait_rows(sheet), right=(1, 2, 3, 4, 5), below=say("traffic.waits_sub"))
    context = (sheet.title, part_words(part), *([linked.name] if linked is not None else []))
    return Shown(sheet, chart.headline, (chart, turning), (waits,), caveats, context, sheet.title, late)


def _option_words(linked: Scenario | None, junctions: Sequence[str]) -> None:
    """Whose plan stands beside today's, where somebody came from a comparison."""
    if linked is None:
        return
    st.html(markup.paragraph(say("traffic.plan_of_option", {"option": linked.name})))
    if set(junctions) & {str(each) for each in linked.levers.get(ACTUATED, ())}:
        st.html(markup.paragraph(say("traffic.option_follows", {"option": linked.name})))


def _timing(sheet: JunctionSheet, part: DayPart, caveats: tuple[Caveat, ...]) -> Chart:
    proposal = None if part.same else part.proposed
    return timing_chart(sheet, today=part.today, proposal=proposal, hours=part_words(part), caveats=caveats)


def _links(table: Junctions, option: Scenario, place: str) -> None:
    """The way to Scenarios, where the option is compared with others and the decision is recorded; plans that were refined
    in simulation stand there beside it.
    """
    back()
    options: dict[str, tuple[Scenario, ...]] = {say("traffic.decide"): (option,)}
    for each in refined_of(table).values():
        if each.place == place:
            name = text(refined_label(table, each))
            options[say("traffic.decide_refined", {"plan": name})] = (
                option,
                Scenario(name, levers={REFINED: [each.key]}),
            )
    for label, compared in options.items():
        plan = as_link(Draft(QUESTION, table.name, options=compared))
        st.link_button(markup.label(label), link_to("scenarios", plan=plan), icon=":material/gavel:")


def _corridor(opened: Opened, table: Junctions, corridor: str, linked: Scenario | None) -> Shown:
    asked = CorridorRequest(opened.request, junctions=table.name, corridor=corridor, option=linked)
    sheet: CorridorSheet = await_result(corridor_of, asked, saying=say("traffic.working_corridor"))
    proposal = Scenario(
        say("traffic.proposed_for", {"junction": corridor}),
        levers={BEST: list(sheet.junctions), COORDINATED: [corridor]},
    )
    by_start = {str(each.start): each for each in sheet.parts}
    part = by_start[
        _chosen_part({start: part_words(each) for start, each in by_start.items()}, first=next(iter(by_start)))
    ]
    _option_words(linked, list(sheet.junctions))
    st.html(markup.paragraph(say("traffic.not_applied")))
    driven = CheckRequest(opened.request, junctions=table.name, corridor=corridor, option=linked)
    before = found_check(CorridorDrive(table, corridor), sheet.plans)
    check, late = simulated(driven, before, takes="check_corridor_about", changes=True)
    caveats = stale(sheet.made_from, limits_with(sheet.caveats, check, table=table, place=corridor, plans=sheet.plans))
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
    _links(table, proposal, corridor)
    notes(caveats)
    finding = charts[-1].headline if charts else say("traffic.no_wave_at_all", {"corridor": corridor})
    context = (corridor, part_words(part), *([linked.name] if linked is not None else []))
    return Shown(sheet, finding, tuple(charts), (), caveats, context, corridor, late)
