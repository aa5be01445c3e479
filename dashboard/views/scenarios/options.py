"""Building options: up to three beside today, each with the city's levers, and their cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from analytics.scenarios import Comparison, Lever, Scenario
from analytics.scenarios.levers import shown
from dashboard import markup
from dashboard.figures.palette import BASELINE_LOOK, OPTION_LOOKS
from dashboard.shell.controls import EVERYWHERE
from data import Areas
from data.words import say

__all__ = ["TODAY", "cards", "chosen_options"]

TODAY = "Today"
LETTERS = ("a", "b", "c")
SLIDER = (-20, 30)  # per cent: what a plan may ask for; a scenario file may go further
STARTING_GROWTH = 5


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
    options = [Scenario(TODAY)]
    for place, tab in enumerate(tabs):
        with tab:
            options.append(_option(LETTERS[place], levers, areas, first=place == 0))
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
    for place, lever in enumerate(levers):
        start = (
            STARTING_GROWTH if first and place == 0 else (-STARTING_GROWTH if not first and lever is levers[-1] else 0)
        )
        key = f"{letter}_{lever.name.replace('.', '_')}"
        low, high = max(SLIDER[0], round(100 * lever.low)), min(SLIDER[1], round(100 * lever.high))
        percent = st.slider(
            lever.title, low, high, start, key=key, bind="query-params", format="%d %%", help=lever.description
        )
        st.html(markup.seen_strip(_within(lever, low / 100, high / 100), value=percent / 100))
        if percent:
            values[lever.name] = {where: percent / 100} if where and lever.key_kind == "area" else percent / 100
    return Scenario(name, levers=values)


def _within(lever: Lever, low: float, high: float) -> Lever:
    return replace(lever, low=low, high=high)


def cards(comparison: Comparison, *, chosen: str) -> None:
    """One card an option: its levers, and in how many futures it does better on the first measure."""
    first = {
        each.option: each for each in reversed(comparison.differences) if each.measure == comparison.measures[0].name
    }
    for column, scenario in zip(st.columns(len(comparison.scenarios), gap="medium"), comparison.scenarios, strict=True):
        place = [each.name for each in comparison.scenarios].index(scenario.name)
        look = BASELINE_LOOK if place == 0 else OPTION_LOOKS[place - 1]
        rows = [
            (lever.title, _written(scenario.levers.get(lever.name, lever.default), lever))
            for lever in comparison.levers
        ]
        beats = say("scenarios.baseline_card")
        if scenario.name in first:
            difference = first[scenario.name]
            evidence = {"better": difference.better, "draws": difference.draws, "measure": difference.title.lower()}
            beats = say("scenarios.beats", evidence)
        corner = say("scenarios.baseline") if place == 0 else ""
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


def _written(value: object, lever: Lever) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{shown(float(each), lever.unit)} ({key})" for key, each in value.items())
    return shown(float(value), lever.unit)  # type: ignore[arg-type]
