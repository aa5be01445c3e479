"""The widget of a lever follows from what the lever may hold, its unit and its step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from analytics.scenarios import Choice, Lever, PerKey, Schedule
from analytics.scenarios.amounts import SHARE
from analytics.scenarios.values import HOURS_OF_WEEK
from dashboard import markup
from data.words import as_weekday, text

__all__ = ["chosen_value"]

PER_CENT = (-20, 30)  # what a plan may ask for; a scenario file may go further
MOST_STEPS = 200  # of a slider: beyond, a step is smaller than a finger, and a number is typed


def chosen_value(lever: Lever, *, key: str, start: float = 0.0, where: str = "") -> Any:
    """What the user sets a lever to, as a scenario file writes it; None where the lever stays at rest.

    Parameters
    ----------
    lever : decides the widget.
    key : of the widget, and of the link that restores it.
    start : where a number begins, in the lever's unit.
    where : the area that a number by area applies to; "" is everywhere.

    Raises
    ------
    ScenarioError
        When a link asks for what the lever cannot hold.
    """
    value = _asked(lever, key, start, where)
    return value if lever.moves(lever.read(value, scenario=text(lever.title))) else None


def _asked(lever: Lever, key: str, start: float, where: str) -> Any:
    kind = lever.kind
    if isinstance(kind, Choice):
        return st.multiselect(
            text(lever.title), list(kind.candidates), list(kind.rest), key=key, max_selections=kind.most,
            bind="query-params", help=text(lever.description),
        )  # fmt: skip
    if isinstance(kind, Schedule):
        return _table(lever, kind, key)
    if isinstance(kind, PerKey) and kind.apart:
        return {
            each: _number(lever, f"{key}_{each}", start, label=f"{text(lever.title)}: {each}") for each in kind.keys
        }
    number = _number(lever, key, start, label=text(lever.title))
    return {where: number} if where and isinstance(kind, PerKey) and kind.key_kind == "area" else number


def _number(lever: Lever, key: str, start: float, *, label: str) -> float:
    assert not isinstance(lever.kind, Choice)
    low, high, step = lever.kind.low, lever.kind.high, lever.kind.step
    (rest, *_) = lever.kind.numbers(lever.rest)
    about: dict[str, Any] = {"key": key, "bind": "query-params", "help": text(lever.description)}
    if lever.unit == SHARE:
        low, high = max(PER_CENT[0], round(100 * low)), min(PER_CENT[1], round(100 * high))
        first = min(max(round(100 * (start or rest)), low), high)
        number: float = st.slider(label, int(low), int(high), int(first), format="%d %%", **about) / 100
        st.html(markup.seen_strip(lever, value=number, low=low / 100, high=high / 100))
        return number
    whole = bool(step) and float(step).is_integer() and float(low).is_integer()
    number_of: Callable[[float], float] = int if whole else float
    bounds = [number_of(each) for each in (low, high, start or rest)]
    each_step = number_of(step) if step else (high - low) / 100
    widget: Callable[..., float] = st.slider if (high - low) / each_step <= MOST_STEPS else st.number_input
    unit = f" ({text(lever.unit)})" if lever.unit else ""
    number = widget(f"{label}{unit}", *bounds, step=each_step, **about)
    st.html(markup.seen_strip(lever, value=number, low=low, high=high))
    return float(number)


def _table(lever: Lever, kind: Schedule, key: str) -> list[float]:
    """A table to fill in: hours down and days across for the hours of a week, else one row a slot."""
    resting = list(kind.numbers(lever.rest))
    unit = f" ({text(lever.unit)})" if lever.unit else ""
    with st.expander(f"{text(lever.title)}{unit}"):
        st.html(markup.paragraph(text(lever.description)))
        if kind.slots == HOURS_OF_WEEK:
            days = [as_weekday(number) for number in range(7)]
            values = [resting[24 * day : 24 * (day + 1)] for day in range(7)]
            frame = pd.DataFrame(dict(zip(days, values, strict=True)), index=[f"{hour}:00" for hour in range(24)])
            edited = _edited(frame, kind, key)
            return [float(each) for day in days for each in edited[day]]
        names = [text(lever.title)]
        edited = _edited(pd.DataFrame({names[0]: resting}, index=list(kind.slots)), kind, key)
        return [float(each) for each in edited[names[0]]]


def _edited(frame: pd.DataFrame, kind: Schedule, key: str) -> pd.DataFrame:
    column = st.column_config.NumberColumn(
        min_value=kind.low, max_value=kind.high, step=kind.step or None, required=True
    )
    edited: pd.DataFrame = st.data_editor(frame, key=key, column_config=dict.fromkeys(frame.columns, column))
    return edited
