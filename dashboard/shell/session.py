"""The only file that knows the session and the link; most widgets are bound to the link by themselves."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dashboard.figures.palette import Theme
from data.words import known_language, usual_language

__all__ = [
    "ALONE",
    "DATA",
    "VIEW",
    "asked_language",
    "forget",
    "keep",
    "link",
    "linked",
    "page_link",
    "reader_language",
    "recall",
    "session_name",
    "show_as",
    "theme",
]

LANGUAGE = "language"
NAME = "session-name"
VIEW = "view-title"  # under which the title of the view that is drawn is kept
ALONE = "figure"  # what a link calls the only figure that is to be shown
DATA = "data"  # what a link calls the content of the tables that it was made with
_ABSENT = object()


def theme() -> Theme:
    """The theme that the browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


def reader_language() -> str:
    """The language that a link asked for (``?language=``), on every page that is opened after it; else the usual one."""
    asked = st.query_params.get(LANGUAGE)
    if asked is not None:
        st.session_state[LANGUAGE] = known_language(asked)
    return str(st.session_state.get(LANGUAGE, usual_language()))


def asked_language() -> dict[str, str]:
    """What a link must say to keep the language that this session asked for."""
    return {LANGUAGE: str(st.session_state[LANGUAGE])} if LANGUAGE in st.session_state else {}


def session_name() -> str:
    """What tells this session from all others."""
    if NAME not in st.session_state:
        st.session_state[NAME] = secrets.token_hex(8)
    return str(st.session_state[NAME])


def recall(key: str, default: Any = None) -> Any:
    """What was kept under a key, or what the widget of that key holds."""
    return st.session_state.get(key, default)


def keep(key: str, value: Any) -> None:
    """Keep a value for the reruns of this session."""
    st.session_state[key] = value


def forget(key: str) -> None:
    """Keep nothing under a key any more."""
    st.session_state.pop(key, None)


def show_as(key: str, value: Any) -> None:
    """Let the widget of a key, drawn after this, show a value that stands elsewhere."""
    if st.session_state.get(key, _ABSENT) != value:
        st.session_state[key] = value


def linked(name: str) -> str:
    """What the link says under a name; "" where it says nothing."""
    return str(st.query_params.get(name, ""))


def page_link(**more: str) -> str:
    """The address that opens this page as it is, and says this much more."""
    chosen = {name: value for name, value in st.query_params.to_dict().items() if name not in (ALONE, DATA)}
    return f"{st.context.url or ''}?{urlencode(chosen | more)}"


def link(name: str, value: str) -> None:
    """Let the link say a value; "" leaves the name out."""
    if value and st.query_params.get(name) != value:
        st.query_params[name] = value
    elif not value and name in st.query_params:
        del st.query_params[name]
