"""How much demand is coming, how sure are we, and how wrong have we been?"""

from __future__ import annotations

import streamlit as st

from analytics.forecasting import Forecast, models
from dashboard import markup
from dashboard.charts import fan_chart, track_record_chart
from dashboard.controls import Opened, chosen_area, chosen_city, chosen_day, chosen_name, layer_of
from dashboard.panels import WORDS, await_result, downloads, figure, stale
from dashboard.work import backtest_of, outlook_of
from data import Series

HORIZONS = {28: "28", 14: "14", 56: "56", 7: "7"}
FIRST_SHARE = 0.5  # a replay needs at least half of the history to learn from


def show() -> None:
    """Draw the view."""
    opened = chosen_city()
    if not opened.city.series:
        st.info(WORDS.sentence("outlook.empty"))
        return
    left, right = st.columns([8.4, 3.6], gap="large")
    with right:
        name = chosen_name(
            WORDS.sentence("page.series"), {key: each.title for key, each in opened.city.series.items()}, key="series"
        )
        series = opened.city.series[name]
        area = chosen_area(layer_of(opened.city, series.layer), key="area")
        first, second = st.columns(2)
        with first:
            horizon = int(
                chosen_name(
                    WORDS.sentence("page.horizon"), {str(each): text for each, text in HORIZONS.items()}, key="horizon"
                )
            )
        with second:
            until = _until(series)
    with left:
        arguments = (opened.path, opened.stamp, name, until, horizon)
        outlook = await_result(
            outlook_of, *arguments, saying=WORDS.sentence("outlook.working", {"series": series.title})
        )
    caveats = stale(outlook.made_from, outlook.caveats)
    chart = fan_chart(outlook, area_id=area or None, caveats=caveats)
    with left:
        parts = [
            opened.city.name,
            WORDS.sentence("page.data_to", {"date": outlook.cutoff}),
            WORDS.sentence("page.by_model", {"model": outlook.model_title}),
        ]
        st.html(markup.context_line(parts, tag=WORDS.sentence("labels.synthetic") if outlook.synthetic else ""))
        st.html(markup.headline(chart.headline, caveats))
        figure(chart)
    with right:
        st.html(markup.margin_notes(caveats))
        downloads(chart)
    _record(outlook, opened, arguments)


def _until(series: Series) -> str:
    index = series.values.index
    first = index[int(len(index) * FIRST_SHARE)]
    return chosen_day(
        WORDS.sentence("page.as_known"),
        first=first,
        last=series.as_of,
        key="until",
        help=WORDS.sentence("page.as_known_help"),
    )


def _record(outlook: Forecast, opened: Opened, arguments: tuple) -> None:  # type: ignore[type-arg]
    left, right = st.columns([5.6, 6.4], gap="large")
    with left:
        if outlook.backtest is not None:
            figure(track_record_chart(outlook.backtest, title=outlook.series.title, freq=outlook.series.freq))
    with right:
        st.html(markup.section(WORDS.sentence("outlook.leaderboard"), WORDS.sentence("outlook.leaderboard_sub")))
        if outlook.selection.ratios:
            st.html(markup.leaderboard(outlook))
        st.html(markup.source_line(outlook.selection.reason))
        missing = [
            each
            for each in models().values()
            if each.slow and each.name not in outlook.backtests and outlook.series.value_type in each.value_types
        ]
        for model in missing:
            text = WORDS.sentence("outlook.measure", {"model": model.title})
            if st.button(text, key=f"measure-{model.name}", help=WORDS.sentence("outlook.measure_help")):
                await_result(backtest_of, *arguments, model.name, saying=text)
                outlook_again(arguments)


def outlook_again(arguments: tuple) -> None:  # type: ignore[type-arg]
    """Forget the forecast that was made before a model was measured, and draw the page anew."""
    from dashboard import jobs

    jobs.submit(outlook_of, *arguments).cancel()
    st.rerun()
