"""The parts of the outlook: how wrong forecasts have been, by which model, and how long requests take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from analytics.forecasting import Forecast
from analytics.forecasting.registry import models
from analytics.monitoring.service_quality import ServiceQuality
from analytics.requests import ForecastRequest, Request, SeriesRequest
from analytics.results import Caveat
from dashboard import markup
from dashboard.briefings import Table
from dashboard.figures.chart import Chart
from dashboard.figures.charts import fan_chart, known_months, service_chart
from dashboard.figures.tables import service_table
from dashboard.shell.controls import Opened
from dashboard.shell.panels import all_rows, downloads, figure, notes, numbered_on, tag_of
from dashboard.shell.targets import targets
from dashboard.shell.waiting import await_result
from dashboard.views.outlook.briefing import Beside, record_charts, subject_of
from dashboard.views.outlook.controls import Chosen, seen_span, served_span, tested_span
from dashboard.views.outlook.tables import service_rows
from dashboard.views.outlook.work import ServiceRequest, backtest_of, outlook_of, service_of
from dashboard.workers import jobs
from dashboard.workers.work import chances_of
from data import Series
from data.words import say, text

__all__ = ["as_it_stands", "course", "forecast_record", "works_as_it_stands"]

MOST_AREAS = 8
FEWEST_MONTHS = 3  # that make a line
NUMBERS = (1, 2, 3)  # the columns of a table of services that hold some


def course(
    outlook: Forecast,
    chosen: Chosen,
    *,
    beside: Forecast | None,
    caveats: tuple[Caveat, ...],
    series: Series,
    city: str,
) -> Chart:
    """What has been and what is coming, as far as somebody wants to see it, below the finding.

    Parameters
    ----------
    outlook : the forecast.
    chosen : the area that is looked at, and whether the past is played back.
    beside : another model's forecast of the same.
    caveats : of the page.
    series : as it is known now.
    city : its name.

    Returns
    -------
    Chart
        As it is shown.
    """
    above = st.container()
    with st.container(key="fan-choices", horizontal=True, vertical_alignment="bottom", gap="medium"):
        span = seen_span(outlook)
        switch = st.container(width="content")
    chart = fan_chart(
        outlook, area_id=chosen.area, location=chosen.area_name, caveats=caveats, beside=beside, span=span,
        since=series if chosen.forecast.cutoff is not None else None,
    )  # fmt: skip
    with above:
        dated = say("page.data_to", {"date": outlook.cutoff})
        parts = [city, *subject_of(outlook, area=chosen.area_name), dated]
        parts.append(say("page.by_model", {"model": outlook.model_title}))
        st.html(markup.context_line(parts, tag=tag_of(outlook.synthetic)))
        st.html(markup.headline(chart.headline, caveats))
        figure(chart, source=False, switch=switch)
    st.html(markup.source_line(f"{chart.source} {chart.interval}".strip()))
    return chart


def forecast_record(outlook: Forecast, request: ForecastRequest, *, caveats: tuple[Caveat, ...]) -> list[Chart]:
    """What was said and what came, beside the models that were measured and those that can be.

    Parameters
    ----------
    outlook : the forecast.
    request : that gave it.
    caveats : of the page.

    Returns
    -------
    list
        The charts that were shown.
    """
    left, right = st.columns([5.6, 6.4], gap="large")
    with left:
        above = st.container()
        with st.container(key="record-choices", horizontal=True, vertical_alignment="bottom", gap="medium"):
            span = tested_span(outlook)
            switch = st.container(width="content")
        charts = record_charts(outlook, caveats=caveats, span=span)
        for chart in charts:
            with above:
                figure(chart, subtitle=chart.headline, source=False, switch=switch)
            st.html(markup.source_line(f"{chart.source} {chart.interval}".strip()))
            downloads(chart)
    with right:
        st.html(markup.section(say("outlook.leaderboard"), say("outlook.leaderboard_sub")))
        if outlook.selection.ratios:
            st.html(markup.leaderboard(outlook))
        st.html(markup.source_line(" ".join([text(outlook.selection.reason), *_tiers(outlook)])))
        _measure_slow(outlook, request)
    return charts


def _tiers(outlook: Forecast) -> list[str]:
    """How areas were made to add up, where they were."""
    made = outlook.reconciliation
    if made is None:
        return []
    return [say("outlook.tiers", {"way": say(f"outlook.way_{made.way}")})]


def _measure_slow(outlook: Forecast, request: ForecastRequest) -> None:
    """A button for each slow model that is not measured on this series yet."""
    series = outlook.series
    slow = [each for each in models().values() if each.slow and each.name not in outlook.backtests]
    fitting = [each for each in slow if each.fits(series.values, value_type=series.value_type)]
    if not fitting:
        return
    st.html(markup.paragraph(say("outlook.measure_more")))
    with st.container(horizontal=True, gap="small"):
        asked = [
            each
            for each in fitting
            if st.button(markup.label(text(each.title)), key=f"measure-{each.name}", help=say("outlook.measure_help"))
        ]
    for model in asked:
        saying = say("outlook.measure", {"model": model.title})
        await_result(backtest_of, replace(request, model=model.name), saying=saying)
        # Forecasts that were made before this model was measured must be chosen anew, whoever asked for them.
        jobs.forget(outlook_of, request.rests_on_the_backtests_of)
        st.rerun()


def works_as_it_stands(opened: Opened, request: SeriesRequest) -> list[tuple[Callable[..., object], Request]]:
    """The works that ``as_it_stands`` waits for.

    Parameters
    ----------
    opened, request : as there.

    Returns
    -------
    list
        Of functions, each with what it is asked.
    """
    works: list[tuple[Callable[..., object], Request]] = []
    if _has_targets(opened, request):
        works.append((chances_of, opened.request))
    if request.series in opened.city.requests:
        works.append((service_of, ServiceRequest(opened.request, series=request.series)))
    return works


def as_it_stands(opened: Opened, request: SeriesRequest, *, above: tuple[Caveat, ...] = ()) -> list[Beside]:
    """The targets of a series and how long its requests take, where the city has them.

    Parameters
    ----------
    opened : the city.
    request : the series, or the area of it that is looked at.
    above : the caveats that the page tells already.

    Returns
    -------
    list of Beside
        How long requests take, with its figure and tables, where that is known.
    """
    city = opened.city
    if _has_targets(opened, request):
        found = await_result(chances_of, opened.request, saying=say("targets.working"))
        targets([each for each in found if each.target.series == request.series])
    if request.series in city.requests:
        asked = ServiceRequest(opened.request, series=request.series)
        return [service(await_result(service_of, asked, saying=say("quality.working")), above=above)]
    return []


def _has_targets(opened: Opened, request: SeriesRequest) -> bool:
    return any(target.series == request.series for target in opened.city.targets.values())


def service(found: ServiceQuality, *, above: tuple[Caveat, ...]) -> Beside:
    """How long requests take: the finding, the kinds, the areas where fewest are done in time, and what that cannot tell."""
    whole = found.whole
    evidence = {"share": whole["share"], "low": whole["share_low"], "high": whole["share_high"],
                "title": found.requests.title.lower(), "days": found.target_days, "median": whole["median"]}  # fmt: skip
    caveats = numbered_on(found.caveats, above=above)
    half = "sentence" if whole["median"] == whole["median"] else "sentence_open"
    sentence = say(f"quality.{half}", evidence)
    st.html(markup.section(say("quality.section"), sentence))
    over_time, right = st.columns([8.4, 3.6], gap="large")
    with right:
        notes(found.caveats, on=say("quality.section"), above=above)
    with over_time:
        charts = _service_months(found, caveats)
    tables = []
    for areas, place in zip((True, False), st.columns([4.2, 4.2, 3.6], gap="large"), strict=False):
        if areas or len(found.by_kind) > 1:
            heads, rows = service_rows(found, found.worst.head(MOST_AREAS) if areas else found.by_kind, areas=areas)
            label = say("quality.worst" if areas else "quality.by_kind")
            tables.append(Table(label, tuple(heads), tuple(map(tuple, rows)), right=NUMBERS, subtitle=sentence))
            place.html(markup.table(heads, rows, right=NUMBERS, label=label))
    # Below both: a table of all areas has more columns than one of them has room for.
    all_rows(
        partial(service_table, found, areas=True, caveats=caveats), name="service_areas", of=say("quality.by_area")
    )
    if len(found.by_kind) > 1:
        kinds = partial(service_table, found, areas=False, caveats=caveats)
        all_rows(kinds, name="service_kinds", of=say("quality.by_kind"))
    return Beside(found, (*charts, *tables))


def _service_months(found: ServiceQuality, caveats: tuple[Caveat, ...]) -> list[Chart]:
    """Whether more is done in time than was, over as much of the history as somebody wants to see."""
    months = known_months(found)
    if len(months) < FEWEST_MONTHS:
        return []
    above = st.container()
    with st.container(key="service-choices", horizontal=True, vertical_alignment="bottom", gap="medium"):
        span = served_span(months)
        switch = st.container(width="content")
    chart = service_chart(found, caveats=caveats, span=span)
    with above:
        figure(chart, subtitle=chart.headline, source=False, switch=switch)
    st.html(markup.source_line(f"{chart.source} {chart.interval}".strip()))
    downloads(chart)
    return [chart]
