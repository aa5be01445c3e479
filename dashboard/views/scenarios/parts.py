"""On whom and where an option falls, and the place of each option on each measure."""

from __future__ import annotations

import streamlit as st

from analytics.scenarios import Comparison
from dashboard import markup
from dashboard.figures.charts import group_chart
from dashboard.figures.maps import difference_map
from dashboard.shell.cached import once
from dashboard.shell.moving import moving_map, seen_window
from dashboard.shell.panels import show, take
from dashboard.shell.rooms import fitting
from dashboard.views.scenarios.drafts import Drafts
from dashboard.views.scenarios.tables import rank_rows
from data import City
from data.words import say

__all__ = ["places", "who_and_where"]


def who_and_where(found: Comparison, city: City, drafts: Drafts, *, chosen: str) -> None:
    """The first measure that has areas by group and on the map; nothing where none has.

    Pointing at an area of the map makes the page of that area, and of the whole city again.

    Parameters
    ----------
    found : the comparison.
    city : whose areas are drawn.
    drafts : which are told of an area that somebody points at.
    chosen : the name of the option that is looked at.
    """
    measure = found.by_place
    who, where = st.columns([5.6, 6.4], gap="large")
    if (chosen, measure) in found.by_group:
        about = {"option": chosen, "measure": measure}
        with who:
            fitting("who", lambda narrow: show(once(group_chart, found, **about, narrow=narrow)))
    if (chosen, measure) in found.by_area:
        with where, st.container(key="where"):
            window = seen_window("where")
            chart = once(difference_map, found, city=city, option=chosen, measure=measure, window=window)

            def pointed(ids: tuple[str, ...]) -> None:
                if ids:
                    drafts.change(drafts.present.looking_at(ids[0]))

            moving_map(
                chart,
                window,
                name="where",
                subtitle=chart.headline,
                tell=pointed,
                chosen="-".join(drafts.present.areas),
            )
            take(chart)


def places(found: Comparison) -> None:
    """The place of each option on each measure, today's too; those that cannot be told apart share one."""
    if not found.ranks or len(found.scenarios) < 3:
        return
    heads, rows = rank_rows(found)
    with st.expander(say("scenarios.ranks")):
        st.html(markup.table(heads, rows, right=range(1, len(heads)), label=say("scenarios.ranks")))
        st.html(markup.source_line(say("scenarios.ranks_about")))
