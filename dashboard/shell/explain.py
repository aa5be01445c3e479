"""The button beside a figure's files that explains the figure."""

from __future__ import annotations

import streamlit as st

from dashboard.figures.chart import Chart
from dashboard.help.explain import explanation
from dashboard.markup.words import questions
from dashboard.shell.popovers import on_opening

__all__ = ["explain"]


def explain(chart: Chart) -> None:
    """What was done, on what, how sure, what it cannot tell and what next, from the figure's own numbers."""
    on_opening(
        "explain.button",
        lambda: st.html(questions(explanation(chart))),
        icon=":material/help:",
        key=f"explain-{chart.name}",
    )
