"""The verdict first: its sentence, the futures as dots beside it, and a card for each option."""

from __future__ import annotations

import streamlit as st

from analytics.results import Caveat
from analytics.scenarios import Comparison
from dashboard import markup
from dashboard.figures.chart import Chart
from dashboard.figures.charts import dot_plot
from dashboard.figures.differences import find_difference
from dashboard.figures.terms import hours_words, span_words
from dashboard.shell.cached import once
from dashboard.shell.panels import figure, tag_of
from dashboard.views.scenarios.cards import cards
from dashboard.views.scenarios.words import clauses
from dashboard.views.scenarios.work import Offer
from data import City
from data.words import say, text

__all__ = ["verdict"]


def verdict(
    found: Comparison, city: City, offer: Offer, *, chosen: str, against: str, caveats: tuple[Caveat, ...]
) -> Chart:
    """The verdict's sentence, the futures as dots beside it, and the cards; gives the dots, to be exported with the rest."""
    study = found.study
    other = against != found.baseline
    dots = once(dot_plot, found, option=chosen, measure=found.primary, against=against if other else "")
    parts = [
        city.name,
        text(study.title),
        span_words(study),
        *filter(None, [hours_words(study)]),
        say("scenarios.receipt", {"receipt": found.receipt}),
    ]
    if study.terms.region is not None:
        parts.insert(2, say("scenarios.only_region", {"region": study.terms.region.title}))
    # The verdict is about the option that does best against today; what else is looked at has its own sentence below.
    mine = find_difference(found, option=chosen, measure=found.primary, against=against if other else "")
    first_measure = {each.verdict for each in found.differences if each.measure == found.primary}
    known = text(found.verdict).startswith(text(mine.sentence).rstrip(".")) or first_measure <= {
        "too_close",
        "no_change",
    }
    other = other or not known
    first, *rest = clauses(found.verdict)
    words, beside = st.columns([8, 4], gap="large")
    with words:
        st.html(
            markup.context_line(parts, tag=tag_of(found.synthetic))
            + markup.headline(first, caveats)
            + (markup.statement(" ".join(rest)) if rest else "")
            + (markup.paragraph(text(mine.sentence)) if other else "")
            + markup.paragraph(say("scenarios.brackets"))
        )
    with beside:
        if len(found.scenarios) > 2:  # the verdict may be about another option than the one that is looked at
            st.html(markup.paragraph(dots.title))
        figure(dots, title=False, source=False)
    st.html(once(cards, found, offer, chosen=chosen))
    return dots
