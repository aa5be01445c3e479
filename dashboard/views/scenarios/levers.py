"""The widget of a lever follows from what the lever may hold, its unit and its step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from analytics.scenarios import Choice, Lever, PerKey, Schedule
from analytics.scenarios.amounts import SHARE
from dashboard import markup
from dashboard.shell.session import recall, show_as
from dashboard.views.scenarios.choices import choice_of
from dashboard.views.scenarios.schedules import schedule_of
from data.words import say, text

__all__ = ["Tell", "lever_widget"]

PER_CENT = (-20, 30)  # what a plan may ask for; a scenario file may go further, and then the slider does
MOST_STEPS = 200  # of a slider: beyond, a step is smaller than a finger, and a number is typed

Tell = Callable[[Any], None]


@dataclass(frozen=True)
class _Field:
    """One number of a lever: its widget's key and label, what it is now, and whom to tell."""

    key: str
    label: str
    value: float
    tell: Tell


def lever_widget(
    lever: Lever, value: Any, *, key: str, tell: Tell, names: Mapping[str, str] | None = None, fixed: Sequence[str] = ()
) -> None:
    """The widget that moves a lever.

    Parameters
    ----------
    lever : decides the widget.
    value : as a scenario file writes it; None where the lever rests.
    key : of the widget.
    tell : is told what the lever is set to, as a scenario file writes it.
    names : what people call the ids that the value holds.
    fixed : of a choice, the ids that nobody may take away.
    """
    kind, called = lever.kind, names or {}
    if isinstance(kind, Choice):
        choice_of(lever, kind, value, key=key, tell=tell, names=called, fixed=fixed)
    elif isinstance(kind, Schedule):
        schedule_of(lever, kind, value, key=key, tell=tell)
    elif isinstance(kind, PerKey) and kind.keys:
        _by_key(lever, kind, value, key=key, tell=tell, names=called)
    else:
        number = _first_number(lever) if value is None else float(value)
        _number(lever, _Field(key, text(lever.title), number, tell))


def _by_key(lever: Lever, kind: PerKey, value: Any, *, key: str, tell: Tell, names: Mapping[str, str]) -> None:
    """One number for all keys, or one for each that is picked; keys that stand apart have one each from the start."""
    given = dict(value) if isinstance(value, Mapping) else {}
    rest = _first_number(lever)
    picked = list(kind.keys) if kind.apart else list(given)
    if not picked:
        number = rest if value is None or isinstance(value, Mapping) else float(value)
        _number(lever, _Field(key, text(lever.title), number, tell))
    everywhere = rest if value is None or isinstance(value, Mapping) else float(value)
    for each in picked:
        label = say("scenarios.lever_of", {"lever": lever.title, "key": names.get(each, each)})
        number = float(given.get(each, everywhere))

        def shown(new: Any, each: str = each) -> None:
            tell({one: given.get(one, everywhere) for one in picked} | {each: new})

        _number(lever, _Field(f"{key}_{each}", label, number, shown))
    if not kind.apart:
        _pick(lever, kind, picked, value, key=key, tell=tell, names=names)


def _pick(
    lever: Lever, kind: PerKey, picked: list[str], value: Any, *, key: str, tell: Tell, names: Mapping[str, str]
) -> None:
    if len(kind.keys) < 2:
        return
    given = dict(value) if isinstance(value, Mapping) else {}
    everywhere = _first_number(lever) if value is None or given else float(value)

    def shown() -> None:
        chosen = recall(f"{key}_keys")
        common = next(iter(given.values()), everywhere)
        tell({each: given.get(each, common) for each in chosen} if chosen else common)

    show_as(f"{key}_keys", picked)
    st.multiselect(
        markup.label(say(f"scenarios.only_in_{kind.key_kind or 'key'}", {"lever": lever.title})),
        sorted(kind.keys, key=lambda each: names.get(each, each)),
        key=f"{key}_keys",
        format_func=lambda each: names.get(each, each),
        placeholder=say(f"scenarios.all_{kind.key_kind or 'key'}"),
        label_visibility="collapsed",
        on_change=shown,
    )


def _number(lever: Lever, field: _Field) -> None:
    assert not isinstance(lever.kind, Choice)
    low, high, step = lever.kind.low, lever.kind.high, lever.kind.step
    factor = 100.0 if lever.unit == SHARE else 1.0

    def shown() -> None:
        # In per cent a slider's value has a rounding error: 7 % is not to become 0.07000000000000001.
        field.tell(round(float(recall(field.key)) / factor, 9))

    about: dict[str, Any] = {"key": field.key, "help": markup.label(text(lever.description)), "on_change": shown}
    if lever.unit == SHARE:
        now = round(factor * field.value, 6)
        low = float(min(now, max(PER_CENT[0], factor * low)))
        high = float(max(now, min(PER_CENT[1], factor * high)))
        show_as(field.key, now)
        st.slider(markup.label(field.label), low, high, step=1.0, format="%.3g %%", **about)
        st.html(markup.seen_strip(lever, value=field.value, low=low / factor, high=high / factor))
        return
    whole = bool(step) and float(step).is_integer() and float(low).is_integer()
    number_of: Callable[[float], float] = int if whole else float
    each_step = number_of(step) if step else (high - low) / 100
    widget: Callable[..., float] = st.slider if (high - low) / each_step <= MOST_STEPS else st.number_input
    unit = f" ({text(lever.unit)})" if lever.unit else ""
    show_as(field.key, number_of(field.value))
    widget(markup.label(f"{field.label}{unit}"), number_of(low), number_of(high), step=each_step, **about)
    st.html(markup.seen_strip(lever, value=field.value, low=low, high=high))


def _first_number(lever: Lever) -> float:
    return lever.kind.numbers(lever.rest)[0]
