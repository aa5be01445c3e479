"""A counter's page: what it saw of late, how near the model comes, its forecast, and what was unusual."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analytics.caveats import assess
from analytics.overview import kept_unusual
from analytics.traffic.picture import Traffic, geh
from analytics.traffic.reading import counters_of
from dashboard import markup
from dashboard.figures.chart import Chart
from dashboard.figures.charts import series_chart
from dashboard.figures.roads_words import road_name
from dashboard.shell.ageing import stale
from dashboard.shell.controls import Opened, chosen_name, link_to
from dashboard.shell.panels import show
from dashboard.shell.spans import chosen_span, even_stops
from dashboard.views.overview.words import alarm_sentence
from dashboard.views.traffic.controls import choose
from data import City, Series
from data.words import say

__all__ = ["counter_page", "course"]

LATELY = pd.DateOffset(weeks=8)  # of a series that is drawn
COUNTER = "counter"


def counter_page(traffic: Traffic, opened: Opened) -> list[Chart]:
    """The page of the counter that the link or somebody names; the first unless they do.

    Parameters
    ----------
    traffic : with counters.
    opened : the city.

    Returns
    -------
    list of Chart
        Its series, where it has one.
    """
    counted = traffic.counted
    titles = {
        str(each): say("traffic.counter_on", {"counter": str(each), "road": road_name(traffic, str(link))})
        for each, link in counted["link_id"].items()
    }
    counter = chosen_name(say("traffic.counter"), titles, key=COUNTER)
    row = counted.loc[[counter]].iloc[0]
    apart = float(geh(row["modelled"], row["observed"]))
    evidence = {"observed": row["observed"], "modelled": row["modelled"], "geh": apart, "hours": traffic.hours}
    st.html(markup.section(titles[counter], " ".join([say("traffic.counter_sub", evidence), *_usual(row)])))
    road = str(row["link_id"])
    with st.container(horizontal=True, gap="small"):
        st.button(say("traffic.users_of_road"), on_click=choose, args=((f"road:{road}",),), icon=":material/alt_route:")
        series = _series(opened.city, traffic, counter)
        if series is not None:
            area = {"area": counter} if counter in series.area_ids else {}
            st.link_button(
                say("traffic.forecast"), link_to("outlook", series=series.name, **area), icon=":material/trending_up:"
            )
    if series is None:
        st.html(markup.paragraph(say("traffic.no_series")))
        return []
    charts = course(series, location=titles[counter])
    _alarms(opened, series, counter)
    return charts


def course(series: Series, *, location: str) -> list[Chart]:
    """What the counter saw in the weeks that somebody asks for, the last ones unless they do.

    Parameters
    ----------
    series : of the counter, with a known value.
    location : what the counter is called.

    Returns
    -------
    list of Chart
        Empty where nothing was counted in those weeks.
    """
    total = series.total()
    lately = series.as_of - LATELY
    span = chosen_span(even_stops(total.index[0], total.index[-1]), usual=lately, key="counted")
    since, until = (lately, None) if span is None else (span.first, span.last)
    if not total.loc[since:until].notna().any():
        st.html(markup.paragraph(say("traffic.nothing_counted")))
        return []
    made_from = (series.provenance,)
    caveats = stale(made_from, assess(made_from=made_from))
    chart = series_chart(series, since=since, until=until, location=location, caveats=caveats)
    show(chart)
    return [chart]


def _usual(row: pd.Series) -> list[str]:
    """Of which days the observed volume is the mean, where it is one."""
    if pd.isna(row.get("days")):
        return []
    evidence = {"days": int(row["days"]), "since": row["since"], "until": row["until"], "spread": row["spread"]}
    return [say("traffic.counter_days", evidence)]


def _series(city: City, traffic: Traffic, counter: str) -> Series | None:
    """What the counter saw over time; None where no series is named, or it holds nothing of this counter."""
    trips = city.of("trips")[traffic.name]
    for table in counters_of(city, trips.network).values():
        series = city.series.get(table.series)
        if counter not in table.frame.index or series is None:
            continue
        own = series
        if counter in series.area_ids:
            own = series.select(areas=[counter])
        elif counter in series.categories:
            own = series.select(categories=[counter])
        elif len(table.frame) > 1:
            continue
        return own if own.total().notna().any() else None
    return None


def _alarms(opened: Opened, series: Series, counter: str) -> None:
    """What was unusual at the counter this week, as far as the overview knows."""
    found = kept_unusual(opened.request)
    st.html(markup.section(say("traffic.alarms")))
    if found is None:
        st.html(markup.paragraph(say("traffic.alarms_unknown")))
        return
    own = [
        each for each in found.alarms if each.series == series.name and counter in (each.area_id, each.category)
    ]  # fmt: skip
    for each in own:
        st.html(markup.paragraph(alarm_sentence(each)))
    if not own:
        st.html(markup.paragraph(say("traffic.alarms_none")))
