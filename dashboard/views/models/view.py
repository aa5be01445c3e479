"""What is each model, what does it need, and how wrong has it been on this city?"""

from __future__ import annotations

import streamlit as st

from dashboard import markup
from dashboard.shell.controls import chosen_city, chosen_pill
from dashboard.shell.panels import tag_of
from dashboard.views.models.register import broken, caveat_rows, confined, entries, fitness_counts, fitness_words
from data.words import say, text

COLUMNS = 3
KINDS = ("all", "forecasting", "hotspots", "scenarios")


def show() -> None:
    """Draw the view."""
    opened = chosen_city()
    found = entries(opened.city)
    parts = [opened.city.name, say("models.register"), say("models.count", {"n": len(found)})]
    st.html(markup.context_line(parts, tag=tag_of(opened.city.synthetic)))
    counts = fitness_counts(found)
    st.html(markup.headline(say("models.headline" if counts["n"] else "models.headline_none", counts)))
    st.html(markup.paragraph(say("models.bar")))
    titles = {kind: say(f"models.kind_{kind}") for kind in KINDS}
    kind = chosen_pill(say("models.show"), titles, key="kind")
    columns = st.columns(COLUMNS, gap="medium")
    for index, each in enumerate(entry for entry in found if kind in ("all", entry.kind)):
        with columns[index % COLUMNS]:
            st.html(
                markup.model_card(
                    each.title,
                    fitness=each.fitness.severity if each.fitness else None,
                    fitness_text=fitness_words(each.fitness),
                    purpose=each.purpose,
                    facts=each.facts,
                    ratios=each.ratios,
                )
            )
    if broken():
        st.html(markup.section(say("models.broken"), say("models.broken_sub")))
        heads = [say("page.plugin"), say("page.why")]
        st.html(markup.table(heads, [[name, text(why)] for name, why in broken().items()]))
    kept_in = confined()
    if kept_in is not None:
        st.html(markup.paragraph(text(kept_in)))
    st.html(markup.section(say("models.caveats"), say("models.caveats_sub")))
    st.html(markup.table([say("page.caveat"), say("page.appears")], caveat_rows()))
