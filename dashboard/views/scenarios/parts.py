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
from dashboard.shell.session import link, linked, recall, show_as
from dashboard.views.scenarios.drafts import Drafts
from dashboard.views.scenarios.tables import rank_rows
from data import City
from data.words import say, text

__all__ = ["placed", "places", "who_and_where"]

BY = "by"  # the key of the measure's widget, and what the link calls it


def placed(found: Comparison, *, chosen: str) -> str:
    """The measure that is told by group and on the map: the first that has areas, unless somebody or the link says another.

    Parameters
    ----------
    found : the comparison.
    chosen : the name of the option that is looked at.

    Returns
    -------
    str
        Its name; "" where no measure has areas.
    """
    asked = recall(BY) or linked(BY)
    return asked if asked in _titles(found, chosen) else found.by_place


def _titles(found: Comparison, chosen: str) -> dict[str, str]:
    """Of the measures that have areas or groups, by name; the one first that is told where nobody asks for another."""
    by_part = {measure for option, measure in (*found.by_area, *found.by_group) if option == chosen}
    ordered = sorted(found.measures, key=lambda each: each.name != found.by_place)
    return {each.name: text(each.title) for each in ordered if each.name in by_part}


def _choose_measure(found: Comparison, measure: str, *, chosen: str) -> None:
    """Which of the measures that have areas is told; nothing where there is one."""
    titles, asked = _titles(found, chosen), linked(BY)
    if asked and asked not in titles and recall(BY) is None:
        named = {"label": say("scenarios.by_measure"), "value": asked, "shown": titles.get(measure, "")}
        st.warning(markup.label(say("page.link_unknown", named)), icon=":material/link_off:")
    if len(titles) > 1:
        show_as(BY, measure)
        st.selectbox(
            say("scenarios.by_measure"),
            list(titles),
            key=BY,
            width=420,
            format_func=lambda name: titles.get(name, name),
        )
    link(BY, "" if measure == found.by_place else measure)


def who_and_where(found: Comparison, city: City, drafts: Drafts, *, chosen: str) -> None:
    """One measure that has areas by group and on the map, and which; nothing where none has.

    Pointing at an area of the map makes the page of that area, and of the whole city again.

    Parameters
    ----------
    found : the comparison.
    city : whose areas are drawn.
    drafts : which are told of an area that somebody points at.
    chosen : the name of the option that is looked at.
    """
    measure = placed(found, chosen=chosen)
    if measure:
        _choose_measure(found, measure, chosen=chosen)
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
