"""The button beside a figure's files that explains the figure."""

from __future__ import annotations

import streamlit as st

from dashboard.figures.chart import Chart
from dashboard.help.explain import explanation
from dashboard.markup_words import questions
from data.words import say

__all__ = ["explain"]


def explain(chart: Chart) -> None:
    """What was done, on what, how sure, what it cannot tell and what next, from the figure's own numbers."""
    with st.popover(say("explain.button"), icon=":material/help:"):
        st.html(questions(explanation(chart)))
