"""Which option is better, by how much, for whom, and in how many futures?"""

from __future__ import annotations

import streamlit as st

from analytics.scenarios import Comparison, levers_of
from dashboard import markup
from dashboard.charts import difference_chart, dot_plot, group_chart
from dashboard.controls import Opened, chosen_city, chosen_name, layer_of
from dashboard.maps import difference_map
from dashboard.options import cards, chosen_options
from dashboard.panels import WORDS, await_result, downloads, figure, stale
from dashboard.work import comparison_of

MONTHS = 12
SEED = 1


def show() -> None:
    """Draw the view."""
    opened = chosen_city()
    if not opened.city.series:
        st.info(WORDS.sentence("scenarios.empty"))
        return
    verdict = st.container()
    left, middle, right = st.columns([2.9, 6.1, 3], gap="large")
    with left:
        name = chosen_name(
            WORDS.sentence("page.series"), {key: each.title for key, each in opened.city.series.items()}, key="series"
        )
        levers = levers_of(opened.city, series=name)
        options = chosen_options(levers, layer_of(opened.city, opened.city.series[name].layer))
    arguments = (opened.path, opened.stamp, name, options, MONTHS, SEED)
    with verdict:
        found = await_result(comparison_of, *arguments, saying=WORDS.sentence("scenarios.working"))
    names = [each.name for each in found.scenarios if each.name != found.baseline]
    with middle:
        chosen = (
            st.segmented_control(
                WORDS.sentence("scenarios.look_at"), names, default=names[0], key="chosen", required=True
            )
            or names[0]
        )
        chart = difference_chart(found, chosen=chosen)
        figure(chart)
    caveats = stale(found.made_from, found.caveats)
    with verdict:
        _verdict(found, opened, chosen, caveats)
    with right:
        st.html(markup.margin_notes(caveats))
        downloads(chart)
    who, where = st.columns([5.6, 6.4], gap="large")
    primary = found.measures[0].name
    if (chosen, primary) in found.by_group:
        with who:
            figure(group_chart(found, option=chosen, measure=primary))
    if (chosen, primary) in found.by_area:
        with where:
            figure(difference_map(found, city=opened.city, option=chosen, measure=primary))


def _verdict(found: Comparison, opened: Opened, chosen: str, caveats: tuple) -> None:  # type: ignore[type-arg]
    parts = [
        opened.city.name,
        found.study.panel.title,
        WORDS.sentence("scenarios.span", {"start": found.study.start, "end": found.study.index[-1]}),
    ]
    st.html(
        markup.context_line(
            [*parts, WORDS.sentence("scenarios.receipt", {"receipt": found.receipt})],
            tag=WORDS.sentence("labels.synthetic") if found.synthetic else "",
        )
    )
    words, dots = st.columns([8, 4], gap="large")
    with words:
        st.html(markup.headline(found.verdict, caveats) + markup.paragraph(WORDS.sentence("scenarios.brackets")))
    with dots:
        figure(dot_plot(found, option=chosen, measure=found.measures[0].name), title=False, source=False)
    cards(found, chosen=chosen)
