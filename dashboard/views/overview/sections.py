"""The parts of the overview, each drawn into its place as far as it is known."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from analytics.monitoring.days import Change, Notice
from analytics.monitoring.traces import Trace
from analytics.monitoring.warnings import Alarm
from analytics.monitoring.week import Apart, Figures, Week
from analytics.overview import Unusual, column_of
from dashboard import markup
from dashboard.markup import day as markup_day
from dashboard.shell.controls import link_to
from dashboard.shell.session import theme
from dashboard.views.overview.story import ranges_sentence
from dashboard.views.overview.words import (
    alarm_record,
    alarm_sentence,
    apart_words,
    exact_words,
    expected_words,
    first_and_others,
    value_words,
    what_of,
)
from data.tables import CITY
from data.words import as_date, as_list, say, text

__all__ = ["alarms", "changes", "freshness", "week_figures"]

MOST_FIGURES = 4  # in one row


def week_figures(figures: Figures, weeks: Sequence[Week]) -> None:
    """The figures of the week that matter most, each on the strip of what was expected, and a way to the others."""
    first, others = first_and_others(weeks, most=MOST_FIGURES)
    st.html(markup_day.figures([_figure(week) for week in first]))
    below = markup.paragraph(" ".join(_below(figures, weeks)))
    if others:
        more = say("overview.others", {"n": len(others)})
        below += markup.folded(more, markup_day.figures([_figure(week) for week in others]))
    st.html(below)


def _below(figures: Figures, weeks: Sequence[Week]) -> list[str]:
    """What is said of the figures together: how many left their range, and which tables are not of this week."""
    notes = [sentence] if (sentence := ranges_sentence(weeks)) else []
    if figures.apart:
        notes.append(say("overview.apart", {"tables": [apart_words(each) for each in figures.apart]}))
    return notes


def _figure(week: Week) -> markup_day.Figure:
    ranged = week.low is not None and week.high is not None
    return markup_day.Figure(
        text(week.title), week.value, value_words(week), expected_words(week),
        week.low, week.high, _href(week), waiting=not ranged and not week.why_not, exact=exact_words(week),
    )  # fmt: skip


def _href(table: Week | Apart) -> str:
    return (
        link_to("outlook", series=table.name) if table.kind == "series" else link_to("hotspots", incidents=table.name)
    )


def alarms(found: Unusual, *, title: str) -> None:
    """What is unusual, each beside what was forecast of it and how such alarms have fared. What was held back is in the notes.

    Parameters
    ----------
    found : with the alarms of the week.
    title : of the section.
    """
    rows = [_alarm(each, found.traces.get(column_of(each))) for each in found.alarms]
    below = markup_day.alarms(rows) if rows else markup.paragraph(say("unusual.none"))
    st.html(markup.section(title, say("unusual.sub", {"watched": found.found.watched_series})) + below)


def _alarm(alarm: Alarm, trace: Trace | None) -> markup_day.AlarmRow:
    image, image_text = "", ""
    if trace is not None and len(trace.values) > 1:
        marked = [alarm.since.normalize() <= period <= alarm.until for period in trace.periods]
        image = markup_day.sparkline(trace.values, low=trace.low, high=trace.high, marked=marked, theme=theme())
        image_text = say("unusual.image", {"n": len(trace.values)})
    wrong, of, record = alarm_record(alarm)
    return markup_day.AlarmRow(
        what_of(alarm.series_title, alarm.area_id, alarm.area_name, alarm.category), alarm_sentence(alarm), record,
        image, image_text, wrong, of, _alarm_href(alarm),
    )  # fmt: skip


def _alarm_href(alarm: Alarm) -> str:
    area = {} if alarm.area_id == CITY else {"area": alarm.area_id}
    return link_to("outlook", series=alarm.series, **area)


def changes(change: Change | None, *, titles: dict[str, str], weeks: Sequence[Week]) -> None:
    """What is new, what ended, which chances moved and which forecast was wrong since the day before.

    Parameters
    ----------
    change : None where nothing earlier is kept.
    titles : of the targets, by name.
    weeks : the figures of the week.
    """
    if change is None:
        st.html(markup.section(say("since.yesterday"), say("since.nothing_kept")))
        return
    shown = [_notice(each, "new") for each in change.new]
    shown += [
        markup_day.Line(titles[name], say("since.chance", {"before": before, "now": now}))
        for name, (before, now) in change.chances.items()
        if name in titles
    ]
    shown += [
        markup_day.Line(text(week.title), say("since.wrong"), say("since.wrong_below"), _href(week))
        for week in weeks
        if f"{week.kind}.{week.name}" in change.wrong
    ]
    shown += [_notice(each, "ended") for each in change.ended]
    title = say("since.date", {"date": change.since})
    st.html(markup.section(title, "" if shown else say("since.nothing_new")) + markup_day.lines(shown))


def _notice(notice: Notice, code: str) -> markup_day.Line:
    area = {} if notice.area_id == CITY else {"area": notice.area_id}
    title = what_of(notice.series_title, notice.area_id, notice.area_name, notice.category)
    return markup_day.Line(title, say(f"since.{code}"), "", link_to("outlook", series=notice.series, **area))


def freshness(days: dict[pd.Timestamp, list[str]], *, today: pd.Timestamp) -> None:
    """The tables by the day with which they end, and how long ago that was.

    Parameters
    ----------
    days : titles by the last whole day, the newest first.
    today : by the clock.
    """
    shown = [
        markup_day.Line(as_date(day), say("overview.days_old", {"n": (today.normalize() - day).days}), as_list(titles))
        for day, titles in days.items()
    ]
    st.html(markup.section(say("overview.fresh")) + markup_day.lines(shown))
