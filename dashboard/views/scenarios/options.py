"""Building options: up to three beside today, each with the levers of the city's engines, and their cards."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analytics.scenarios import Comparison, Lever, Scenario
from analytics.scenarios.amounts import SHARE
from dashboard import markup
from dashboard.figures.differences import result_words
from dashboard.figures.palette import BASELINE_LOOK, OPTION_LOOKS
from dashboard.shell.controls import EVERYWHERE
from dashboard.views.scenarios.levers import chosen_value
from data import Areas
from data.words import say, text

__all__ = ["cards", "chosen_options"]

LETTERS = ("a", "b", "c")
STARTING_GROWTH = 0.05


def chosen_options(levers: Sequence[Lever], areas: Areas | None) -> list[Scenario]:
    """Today, and the options that the user builds with sliders, each in a tab of its own."""
    count = (
        st.segmented_control(
            say("scenarios.how_many"),
            [1, 2, 3],
            default=2,
            key="options",
            bind="query-params",
            required=True,
        )
        or 1
    )
    tabs = st.tabs([say("scenarios.option", {"letter": letter.upper()}) for letter in LETTERS[:count]])
    options = [Scenario(say("scenarios.today"))]
    for index, tab in enumerate(tabs):
        with tab:
            options.append(_option(LETTERS[index], levers, areas, first=index == 0))
    return options


def _option(letter: str, levers: Sequence[Lever], areas: Areas | None, *, first: bool) -> Scenario:
    default = say("scenarios.growth") if first else say("scenarios.option", {"letter": letter.upper()})
    name = (
        st.text_input(say("scenarios.name"), default, key=f"{letter}_name", bind="query-params", max_chars=40).strip()
        or default
    )
    where = EVERYWHERE
    if areas is not None:
        names = {EVERYWHERE: say("page.whole_city")} | dict(areas.frame["name"].astype(str).sort_values())
        label = say("scenarios.where_growth")
        where = (
            st.selectbox(
                label,
                list(names),
                key=f"{letter}_where",
                bind="query-params",
                format_func=lambda each: names.get(each, each),
            )
            or EVERYWHERE
        )
    values: dict[str, object] = {}
    for index, lever in enumerate(levers):
        start = 0.0
        if lever.unit == SHARE and first and index == 0:
            start = STARTING_GROWTH
        elif lever.unit == SHARE and not first and lever is levers[-1]:
            start = -STARTING_GROWTH
        key = f"{letter}_{lever.name.replace('.', '_')}"
        value = chosen_value(lever, key=key, start=start, where=where)
        if value is not None:
            values[lever.name] = value
    return Scenario(name, levers=values)


def cards(comparison: Comparison, *, chosen: str) -> None:
    """One card an option: its levers, and in how many futures it does better on the first measure."""
    first = {
        each.option: each for each in reversed(comparison.differences) if each.measure == comparison.measures[0].name
    }
    for column, scenario in zip(st.columns(len(comparison.scenarios), gap="medium"), comparison.scenarios, strict=True):
        index = [each.name for each in comparison.scenarios].index(scenario.name)
        look = BASELINE_LOOK if index == 0 else OPTION_LOOKS[index - 1]
        rows = [
            (text(lever.title), text(lever.shown(lever.read(scenario.levers.get(lever.name), scenario=scenario.name))))
            for lever in comparison.levers
        ]
        beats = say("scenarios.baseline_card")
        if scenario.name in first:
            difference = first[scenario.name]
            evidence = {
                "better": difference.better,
                "draws": difference.draws,
                "measure": text(difference.title).lower(),
            }
            beats = say("scenarios.beats", evidence)
            if difference.direction == "neutral":
                beats = result_words(difference)
        corner = say("scenarios.baseline") if index == 0 else ""
        with column:
            st.html(
                markup.option_card(
                    scenario.name,
                    role=look.role,
                    shape=look.shape,
                    rows=rows,
                    beats=beats,
                    corner=corner,
                    chosen=scenario.name == chosen,
                )
            )
