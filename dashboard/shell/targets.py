"""The targets of a city and the chance of each, as more than one view shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from analytics.monitoring.targets import Chance
from dashboard import markup
from dashboard.markup import day as markup_day
from dashboard.shell.target_rows import target_row
from data.words import say

__all__ = ["targets"]


def targets(
    chances: Sequence[Chance],
    *,
    before: Mapping[str, float] | None = None,
    href: Callable[[Chance], str] = lambda _: "",
) -> None:
    """The targets and the chance of each; nothing where there are none.

    Parameters
    ----------
    chances : of the targets, those whose time is over among them.
    before : what the chances were, by the target's name, where that is known.
    href : where the name of a target leads.
    """
    if not chances:
        return
    rows = [target_row(each, (before or {}).get(each.target.name), href(each)) for each in chances if not each.over]
    shown = markup.section(say("targets.section"), say("targets.section_sub") if rows else "")
    if rows:
        heads = [say(f"targets.{key}") for key in ("target", "goal", "now", "chance")]
        heads += [say("targets.change")] if before else []
        shown += markup_day.targets(heads, rows, label=say("targets.section"))
    st.html(shown)
    for chance in chances:
        if chance.over:
            st.html(markup.paragraph(str(chance.sentence)))
    scored = [each.brier for chance in chances for each in chance.statements if each.brier is not None]
    if scored:
        evidence = {"n": len(scored), "brier": sum(scored) / len(scored)}
        st.html(markup.source_line(say("targets.earlier", evidence)))
