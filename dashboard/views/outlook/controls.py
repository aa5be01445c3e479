"""The widgets of a forecast, as one typed value."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st
from pandas.tseries.offsets import MonthEnd

from analytics.forecasting import Forecast
from analytics.forecasting.registry import models
from analytics.requests import ForecastRequest, SeriesRequest
from dashboard.figures.charts.futures import Span, reach_of
from dashboard.shell.controls import HORIZONS, Opened, chosen_area, chosen_day, chosen_name, layer_of
from dashboard.shell.spans import chosen_span, even_stops, stops_at
from data import Series
from data.words import say, text

__all__ = ["Chosen", "chosen_forecast", "seen_span", "served_span", "tested_span"]


@dataclass(frozen=True)
class Chosen:
    """What is to be forecast, by a second model too where one is wanted, and the name of the area that is looked at."""

    forecast: ForecastRequest
    beside: ForecastRequest | None
    area: str | None
    area_name: str

    @property
    def effects(self) -> SeriesRequest:
        """What the calendar is asked for: the series or the area, as it was known."""
        asked = self.forecast
        return SeriesRequest(asked.city, series=asked.series, cutoff=asked.cutoff, area=self.area)


def chosen_forecast(opened: Opened) -> Chosen:
    """The widgets of a forecast."""
    city = opened.city
    name = chosen_name(say("page.series"), {key: each.title for key, each in city.series.items()}, key="series")
    series = city.series[name]
    layer = layer_of(city, series.layer)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="series-choices"):
        area, area_name = chosen_area(layer, key="area", only=series.area_ids, whole=series.adds_up)
        more = st.popover(say("page.more"), icon=":material/tune:")
    with more:
        first, second = st.columns(2)
        with first:
            horizons = {each: each for each in HORIZONS[series.freq]}
            horizon = int(chosen_name(say("page.horizon"), horizons, key=f"horizon-{series.freq}"))
        with second:
            # A replay needs at least half of the history to learn from.
            oldest = series.values.index[len(series.values) // 2]
            cutoff = chosen_day(first=oldest, last=series.as_of, key="until")
        quick = _quick_models(series)
        # Titles of models are long in some languages: each list has a row of its own.
        model = chosen_name(say("outlook.model"), {"": say("outlook.automatic")} | quick, key="model")
        reason = _reason() if model else ""
        beside = chosen_name(say("outlook.beside"), {"": say("outlook.nothing_beside")} | quick, key="beside")
    asked = ForecastRequest(
        opened.request, series=name, horizon=horizon, cutoff=cutoff, model=model or None, slow=False, reconcile=True,
        reason=reason, keep=cutoff is None,
    )  # fmt: skip
    second_model = replace(asked, model=beside, reason="") if beside and beside != model else None
    return Chosen(asked, second_model, area or None, area_name)


def seen_span(outlook: Forecast) -> Span | None:
    """What is to be seen of a history and its forecast; None for as much as goes with the forecast."""
    reach = reach_of(outlook)
    return chosen_span(even_stops(reach.first, reach.last), usual=reach.usual, key="shown")


def tested_span(outlook: Forecast) -> Span | None:
    """Which past forecasts are looked at, from when each was made; None for all."""
    if outlook.backtest is None or outlook.backtest.track.empty:
        return None
    made = sorted(pd.DatetimeIndex(outlook.backtest.track["cutoff"].unique()))
    return chosen_span(stops_at(made, outlook.backtest.track["period"].max()), usual=made[0], key="tested")


def served_span(months: pd.DataFrame) -> Span | None:
    """Which months of opening are looked at; None for all."""
    every = pd.DatetimeIndex(months.index)
    return chosen_span(stops_at(every[:-1], every[-1] + MonthEnd(0)), usual=every[0], key="served")


def _quick_models(series: Series) -> dict[str, str]:
    """The titles of the models that fit a series and need no waiting for."""
    fitting = [each for each in models().values() if each.fits(series.values, value_type=series.value_type)]
    return {each.name: text(each.title) for each in fitting if not each.slow}


def _reason() -> str:
    return st.text_input(say("outlook.reason"), key="reason", max_chars=120, help=say("outlook.reason_help")) or ""
