"""The only file that knows the session; what a link must restore is bound to the URL by the widgets themselves."""

from __future__ import annotations

import streamlit as st

from dashboard.figures.palette import Theme

__all__ = ["theme"]


def theme() -> Theme:
    """The theme that the browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"
