"""The parts of the overview: the week's figures, what is unusual, and how old each table is."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analytics.monitoring.warnings import Warnings
from analytics.monitoring.week import Week
from analytics.results import Caveat
from dashboard import markup
from data.words import as_count, say

__all__ = ["alarms", "week_figures"]

MOST_FIGURES = 4


def week_figures(weeks: Sequence[Week], caveats: tuple[Caveat, ...]) -> None:
    """How many counts came outside what was expected of the week, and each count on the strip of its range."""
    ranged = [week for week in weeks if week.low is not None]
    outside = [week for week in ranged if not (week.low or 0) <= week.value <= (week.high or 0)]
    st.html(markup.headline(say("overview.headline", {"k": len(outside), "n": len(ranged)}), caveats))
    columns = st.columns(min(MOST_FIGURES, max(len(weeks), 1)), gap="medium")
    for index, week in enumerate(weeks):
        with columns[index % len(columns)]:
            _week(week)


def _week(week: Week) -> None:
    low, high = (week.value, week.value) if week.low is None or week.high is None else (week.low, week.high)
    evidence = {"title": week.title, "low": low, "high": high, "end": week.end, "why": week.why_not}
    text = say("overview.not_expected" if week.low is None else "overview.expected", evidence)
    st.html(markup.expected_figure(str(week.title), week.value, low, high, text=as_count(week.value), expected=text))
    note = [say("overview.week", evidence)]
    st.html(markup.paragraph(" ".join([*note, *([say("overview.police")] if week.police_initiated else [])])))


def alarms(found: Warnings) -> None:
    """What is unusual now, each alarm with how such alarms have fared; what was held back is counted."""
    st.html(markup.section(say("alarms.section"), say("alarms.section_sub")))
    current = found.current
    if not current:
        st.html(markup.paragraph(say("alarms.none")))
    for alarm in current:
        st.html(markup.alarm(str(alarm.sentence), str(alarm.record)))
    for ended in found.ended:
        st.html(markup.source_line(str(ended)))
    if found.withheld:
        evidence = {"n": found.withheld, "most": found.alarms_per_week}
        st.html(markup.source_line(say("alarms.withheld", evidence)))
