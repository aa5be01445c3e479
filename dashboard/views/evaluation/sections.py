"""What stands below the figure: every method, placebos, earlier trends, next door, and the way into a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from analytics.evaluation import Evaluation
from analytics.results import Caveat
from dashboard import markup
from dashboard.figures.chart import Chart
from dashboard.figures.tables import estimates_table
from dashboard.shell import panels
from dashboard.shell.controls import Opened
from dashboard.shell.panels import all_rows
from dashboard.shell.session import keep
from dashboard.views.evaluation.tables import method_rows
from dashboard.views.evaluation.taking import scenario_file, scenario_link
from data.sample import truth
from data.words import say, text

__all__ = ["empty", "evidence", "methods", "take"]

SERIES = "service_requests"  # of the made city, in which a policy was planted


def empty(opened: Opened) -> None:
    """What to do first; in the made city, a policy that was planted in it."""
    st.info(say("evaluated.empty"), icon=":material/info:")
    if opened.city.synthetic and SERIES in opened.city.series:
        policy = truth().policy
        words = say("evaluated.example", {"title": policy.title, "since": policy.since})
        st.button(markup.label(words), on_click=_show_example, args=(opened,), icon=":material/history:")


def _show_example(opened: Opened) -> None:
    """Ask about the policy that was planted in the made city."""
    policy, layer = truth().policy, opened.city.areas[opened.city.series[SERIES].layer].frame
    keep("series", SERIES)
    keep("category", policy.category)
    keep("since", policy.since.date())
    keep("areas", sorted({str(layer.loc[each, "parent_id"]) for each in policy.areas}))


def methods(found: Evaluation, caveats: tuple[Caveat, ...]) -> None:
    """Every method beside the plain change from before to after, and next door."""
    st.html(markup.section(say("evaluated.methods"), text(found.reason)))
    heads, rows = method_rows(found)
    st.html(markup.table(heads, rows, right=(1, 2, 3), label=say("evaluated.methods")))
    all_rows(partial(estimates_table, found, caveats=caveats), name="estimates")
    next_door(found)


def evidence(charts: Sequence[Chart]) -> None:
    """The placebos and the trends, side by side."""
    for chart, place in zip(charts, st.columns(max(len(charts), 1), gap="large"), strict=False):
        with place:
            panels.show(chart)


def next_door(found: Evaluation) -> None:
    """What happened to the neighbours; nothing where there are none."""
    door = found.next_door
    if door is None:
        return
    st.html(markup.section(say("evaluated.next_door"), say("evaluated.next_door_sub", {"n": len(door.areas)})))
    effect = {"share": door.effect.share, "low": door.effect.low, "high": door.effect.high}
    words = say("evaluated.next_door_effect", effect)
    if door.low is None or not found.effect.clear:
        more = say("evaluated.no_quotient")
    else:
        more = say("evaluated.quotient", {"quotient": door.quotient, "low": door.low, "high": door.high})
    st.html(markup.paragraph(f"{words} {more}"))


def take(found: Evaluation, opened: Opened) -> None:
    """The effect as a scenario file; where it is too close to call, that."""
    with st.popover(say("evaluated.take"), icon=":material/tune:"):
        if not found.effect.clear:
            st.html(markup.paragraph(say("evaluated.take_unclear")))
            return
        st.html(markup.paragraph(say("evaluated.take_about")))
        st.link_button(say("evaluated.take_open"), scenario_link(found), icon=":material/open_in_new:")
        st.download_button(
            say("evaluated.take_file"), data=scenario_file(found, city=opened.city), file_name="as_measured.toml",
            mime="application/toml", key="take-effect", on_click="ignore", icon=":material/download:",
        )  # fmt: skip
