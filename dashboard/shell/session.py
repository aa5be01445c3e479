"""The only file that knows the session; what a link must restore is bound to the URL by the widgets themselves."""

from __future__ import annotations

import streamlit as st

from dashboard.figures.palette import Theme
from data.words import known_language, usual_language

__all__ = ["reader_language", "theme"]

LANGUAGE = "language"


def theme() -> Theme:
    """The theme that the browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


def reader_language() -> str:
    """The language that a link asked for (``?language=``), on every page that is opened after it; else the usual one."""
    asked = st.query_params.get(LANGUAGE)
    if asked is not None:
        st.session_state[LANGUAGE] = known_language(asked)
    return str(st.session_state.get(LANGUAGE, usual_language()))
