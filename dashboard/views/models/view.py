"""What is each model, what does it need, and how wrong has it been on this city?"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import markup
from dashboard.shell.controls import chosen_city, chosen_pill, chosen_tab
from dashboard.shell.panels import tag_of
from dashboard.views.models.measurements import measured_in
from dashboard.views.models.register import entries, finding
from dashboard.views.models.sections import Shown, cards, caveats, fitness_titles, kept, records, tables, words
from data.words import say

KINDS = ("all", "forecasting", "hotspots", "scenarios")
TABS: dict[str, Callable[[Shown], None]] = {
    "table": tables,
    "cards": cards,
    "record": records,
    "caveats": caveats,
    "words": words,
}
FILTERED = ("table", "cards")


def show() -> None:
    """Draw the view."""
    opened = chosen_city()
    city = opened.city
    measured = measured_in(city)
    found = entries(measured)
    parts = [city.name, say("models.register"), say("models.count", {"n": len(found)})]
    st.html(markup.context_line(parts, tag=tag_of(city.synthetic)))
    st.html(markup.headline(finding(found)))
    name, tab = chosen_tab({each: say(f"models.tab_{each}") for each in TABS}, key="tab")
    with tab:
        left = found
        if name in FILTERED:
            with st.container(horizontal=True, gap="medium"):
                kind = chosen_pill(say("models.show"), {each: say(f"models.kind_{each}") for each in KINDS}, key="kind")
                fitness = chosen_pill(
                    say("models.verdict"), fitness_titles(kept(found, kind=kind, fitness="all")), key="fit"
                )
            left = kept(found, kind=kind, fitness=fitness)
        TABS[name](Shown(city, measured, found, left))
