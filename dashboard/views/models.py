"""What is each model, what does it need, and how wrong has it been on this city?"""

from __future__ import annotations

import streamlit as st

from analytics.caveats import RULES
from analytics.results import Severity
from dashboard import markup
from dashboard.controls import chosen_city
from dashboard.panels import WORDS
from dashboard.register import broken, entries, fitness_words

COLUMNS = 3
KINDS = ("all", "forecasting", "hotspots", "scenarios")


def show() -> None:
    """Draw the view."""
    opened = chosen_city()
    found = entries(opened.city)
    measured = [each for each in found if each.fitness is not None]
    tag = WORDS.sentence("labels.synthetic") if opened.city.synthetic else ""
    st.html(
        markup.context_line(
            [opened.city.name, WORDS.sentence("models.register"), WORDS.sentence("models.count", {"n": len(found)})],
            tag=tag,
        )
    )
    evidence = {
        "n": len(measured),
        "fit": sum(each.fitness == Severity.NOTE for each in measured),
        "care": sum(each.fitness == Severity.CAUTION for each in measured),
        "bad": sum(each.fitness == Severity.DO_NOT_USE for each in measured),
    }
    st.html(markup.headline(WORDS.sentence("models.headline" if measured else "models.headline_none", evidence)))
    st.html(markup.paragraph(WORDS.sentence("models.bar")))
    kind = st.pills(
        WORDS.sentence("models.show"),
        KINDS,
        default="all",
        key="kind",
        bind="query-params",
        format_func=lambda each: WORDS.sentence(f"models.kind_{each}"),
    )
    columns = st.columns(COLUMNS, gap="medium")
    shown = [each for each in found if kind in (None, "all", each.kind)]
    for place, each in enumerate(shown):
        with columns[place % COLUMNS]:
            words = fitness_words(each.fitness)
            st.html(
                markup.model_card(
                    each.title,
                    fitness=each.fitness,
                    fitness_text=words,
                    purpose=each.purpose,
                    facts=each.facts,
                    ratio=each.ratio,
                )
            )
    if broken():
        st.html(markup.section(WORDS.sentence("models.broken"), WORDS.sentence("models.broken_sub")))
        st.html(
            markup.table(
                [WORDS.sentence("page.plugin"), WORDS.sentence("page.why")],
                [[name, why] for name, why in broken().items()],
            )
        )
    st.html(markup.section(WORDS.sentence("models.caveats"), WORDS.sentence("models.caveats_sub")))
    rows = [[code.replace("_", " "), " ".join((rule.__doc__ or "").split())] for code, rule in RULES.items()]
    st.html(markup.table([WORDS.sentence("page.caveat"), WORDS.sentence("page.appears")], rows))
