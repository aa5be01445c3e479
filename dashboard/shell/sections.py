"""Parts of a page that say one thing: the week's figures, a forecast's record, a comparison's verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from analytics.forecasting import Forecast
from analytics.forecasting.registry import models
from analytics.monitoring.service_quality import ServiceQuality
from analytics.monitoring.targets import Chance
from analytics.monitoring.warnings import Warnings
from analytics.monitoring.week import Week
from analytics.results import Caveat
from analytics.scenarios import Comparison
from dashboard import markup
from dashboard.figures.charts import dot_plot, track_record_chart
from dashboard.shell import jobs
from dashboard.shell.panels import await_result, notes, show
from dashboard.shell.tables import service_rows, target_rows
from dashboard.shell.work import backtest_of, outlook_of
from dashboard.views.scenarios.options import cards
from data import City
from data.words import as_count, say

__all__ = ["alarms", "forecast_record", "service", "tag_of", "targets", "verdict", "week_figures"]

MOST_FIGURES = 4
MOST_AREAS = 8
MOST_ALARMS = 8


def tag_of(synthetic: bool) -> str:
    """The tag beside the context line."""
    return say("labels.synthetic") if synthetic else ""


def week_figures(weeks: Sequence[Week], caveats: tuple[Caveat, ...]) -> None:
    """How many counts came outside what was expected of the week, and each count on the strip of its range."""
    ranged = [week for week in weeks if week.low is not None]
    outside = [week for week in ranged if not (week.low or 0) <= week.value <= (week.high or 0)]
    st.html(markup.headline(say("overview.headline", {"k": len(outside), "n": len(ranged)}), caveats))
    columns = st.columns(min(MOST_FIGURES, max(len(weeks), 1)), gap="medium")
    for place, week in enumerate(weeks):
        with columns[place % len(columns)]:
            _week(week)


def _week(week: Week) -> None:
    low, high = (week.value, week.value) if week.low is None or week.high is None else (week.low, week.high)
    evidence = {"title": week.title, "low": low, "high": high, "end": week.end, "why": week.why_not}
    text = say("overview.not_expected" if week.low is None else "overview.expected", evidence)
    st.html(markup.expected_figure(week.title, week.value, low, high, text=as_count(week.value), expected=text))
    note = [say("overview.week", evidence)]
    st.html(markup.paragraph(" ".join([*note, *([say("overview.police")] if week.police_initiated else [])])))


def forecast_record(outlook: Forecast, arguments: tuple[str, str, str, str, int]) -> None:
    """What was said and what came, beside the models that were measured and those that can be."""
    left, right = st.columns([5.6, 6.4], gap="large")
    with left:
        if outlook.backtest is not None:
            record = replace(outlook.backtest, caveats=outlook.caveats)
            show(track_record_chart(record, title=outlook.series.title, freq=outlook.series.freq))
    with right:
        st.html(markup.section(say("outlook.leaderboard"), say("outlook.leaderboard_sub")))
        if outlook.selection.ratios:
            st.html(markup.leaderboard(outlook))
        st.html(markup.source_line(" ".join([outlook.selection.reason, *_tiers(outlook)])))
        _measure_slow(outlook, arguments)


def _tiers(outlook: Forecast) -> list[str]:
    """How areas were made to add up, where they were."""
    made = outlook.reconciliation
    if made is None:
        return []
    return [say("outlook.tiers", {"way": say(f"outlook.way_{made.way}")})]


def _measure_slow(outlook: Forecast, arguments: tuple[str, str, str, str, int]) -> None:
    """A button for each slow model that is not measured on this series yet."""
    series = outlook.series
    slow = [each for each in models().values() if each.slow and each.name not in outlook.backtests]
    for model in [each for each in slow if each.fits(series.values, value_type=series.value_type)]:
        text = say("outlook.measure", {"model": model.title})
        if st.button(text, key=f"measure-{model.name}", help=say("outlook.measure_help")):
            await_result(backtest_of, *arguments, model.name, saying=text)
            # The forecast was made before this model was measured: it must be chosen anew.
            jobs.submit(outlook_of, *arguments).cancel()
            st.rerun()


def alarms(found: Warnings) -> None:
    """What is unusual now, each alarm with how such alarms have fared; what was held back is counted."""
    st.html(markup.section(say("alarms.section"), say("alarms.section_sub")))
    current = found.current
    if not current:
        st.html(markup.paragraph(say("alarms.none")))
    for alarm in current[:MOST_ALARMS]:
        st.html(markup.alarm(alarm.sentence, alarm.record))
    if found.withheld:
        evidence = {"n": found.withheld, "most": found.alarms_per_week}
        st.html(markup.source_line(say("alarms.withheld", evidence)))


def targets(chances: Sequence[Chance]) -> None:
    """The targets and the chance of each; nothing where there are none."""
    if not chances:
        return
    st.html(markup.section(say("targets.section"), say("targets.section_sub")))
    st.html(markup.table(*target_rows(chances), right=(1,), label=say("targets.section")))
    scored = [each.brier for chance in chances for each in chance.statements if each.brier is not None]
    if scored:
        evidence = {"n": len(scored), "brier": sum(scored) / len(scored)}
        st.html(markup.source_line(say("targets.earlier", evidence)))


def service(found: ServiceQuality) -> None:
    """How long requests take: the finding, the kinds, the areas where fewest are done in time, and what that cannot tell."""
    whole = found.whole
    evidence = {"share": whole["share"], "low": whole["share_low"], "high": whole["share_high"],
                "title": found.requests.title.lower(), "days": found.target_days, "median": whole["median"]}  # fmt: skip
    half = "sentence" if whole["median"] == whole["median"] else "sentence_open"
    st.html(markup.section(say("quality.section"), say(f"quality.{half}", evidence)))
    left, middle, right = st.columns([4.2, 4.2, 3.6], gap="large")
    with left:
        st.html(markup.table(*service_rows(found, found.worst.head(MOST_AREAS), areas=True), right=(1, 2, 3),
                             label=say("quality.worst")))  # fmt: skip
    with middle:
        st.html(markup.table(*service_rows(found, found.by_kind, areas=False), right=(1, 2, 3),
                             label=say("quality.kind")))  # fmt: skip
    with right:
        notes(found.caveats)


def verdict(found: Comparison, city: City, *, chosen: str, caveats: tuple[Caveat, ...]) -> None:
    """The verdict's sentence first, the futures as dots beside it, and a card for each option."""
    study = found.study
    span = say("scenarios.span", {"start": study.start, "end": study.index[-1]})
    parts = [city.name, study.panel.title, span, say("scenarios.receipt", {"receipt": found.receipt})]
    st.html(markup.context_line(parts, tag=tag_of(found.synthetic)))
    words, dots = st.columns([8, 4], gap="large")
    with words:
        st.html(markup.headline(found.verdict, caveats) + markup.paragraph(say("scenarios.brackets")))
    with dots:
        show(dot_plot(found, option=chosen, measure=found.measures[0].name), compact=True)
    cards(found, chosen=chosen)
