"""The verdict first: its sentence, the futures as dots beside it, and a card for each option."""

from __future__ import annotations

import streamlit as st

from analytics.results import Caveat
from analytics.scenarios import Comparison
from dashboard import markup
from dashboard.figures.charts import dot_plot
from dashboard.shell.panels import show, tag_of
from dashboard.views.scenarios.options import cards
from data import City
from data.words import say, text

__all__ = ["verdict"]


def verdict(found: Comparison, city: City, *, chosen: str, caveats: tuple[Caveat, ...]) -> None:
    """The verdict's sentence first, the futures as dots beside it, and a card for each option."""
    study = found.study
    span = say("scenarios.span", {"start": study.start, "end": study.index[-1]})
    parts = [city.name, text(study.title), span, say("scenarios.receipt", {"receipt": found.receipt})]
    st.html(markup.context_line(parts, tag=tag_of(found.synthetic)))
    words, dots = st.columns([8, 4], gap="large")
    with words:
        st.html(markup.headline(text(found.verdict), caveats) + markup.paragraph(say("scenarios.brackets")))
    with dots:
        show(dot_plot(found, option=chosen, measure=found.measures[0].name), compact=True)
    cards(found, chosen=chosen)
