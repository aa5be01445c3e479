"""The widget of a choice: what is added to today's, and what is taken away from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from analytics.scenarios import Choice, Lever
from dashboard import markup
from dashboard.shell.session import recall, show_as
from data.words import say, text

__all__ = ["choice_of", "toggled"]


def choice_of(
    lever: Lever, kind: Choice, value: Any, *, key: str, tell: Callable[[Any], None], names: Mapping[str, str],
    fixed: Sequence[str],
) -> None:  # fmt: skip
    """A list to pick from; where some are chosen today already, one of what is added and one of what is taken away.

    Parameters
    ----------
    lever : that is moved.
    kind : its candidates.
    value : the ids that are chosen; None is as today.
    key : of the widgets.
    tell : is told the ids that are chosen from now on.
    names : what people call an id.
    fixed : ids that nobody may take away.
    """
    rest = [str(each) for each in lever.kind.plain(lever.rest)]
    chosen = rest if value is None else list(value)
    added, removed = [each for each in chosen if each not in rest], [each for each in rest if each not in chosen]

    def shown() -> None:
        more, less = recall(f"{key}_more", added), recall(f"{key}_less", removed)
        tell([each for each in kind.candidates if each in more or (each in rest and each not in less)])

    def pick(part: str, label: str, options: Sequence[str], now: list[str]) -> None:
        if options:
            show_as(f"{key}_{part}", now)
            st.multiselect(
                markup.label(label),
                sorted(options, key=lambda each: names.get(each, each)),
                key=f"{key}_{part}",
                format_func=lambda each: names.get(each, each),
                placeholder=say("scenarios.pick"),
                help=markup.label(text(lever.description)),
                on_change=shown,
            )

    title = {"lever": lever.title}
    more = [each for each in kind.candidates if each not in rest]
    pick("more", say("scenarios.added", title) if rest else text(lever.title), more, added)
    pick("less", say("scenarios.removed", title), [each for each in rest if each not in fixed], removed)


def toggled(lever: Lever, value: Any, ids: Sequence[str]) -> list[str]:
    """The choice after somebody has pointed at some of the candidates: each changes sides.

    Parameters
    ----------
    lever : whose candidates they are.
    value : what is chosen; None is as today.
    ids : that were pointed at.

    Returns
    -------
    Ids, in the order of the candidates.
    """
    assert isinstance(lever.kind, Choice)
    chosen = set(lever.kind.plain(lever.rest) if value is None else value)
    return [each for each in lever.kind.candidates if (each in chosen) != (each in ids)]
