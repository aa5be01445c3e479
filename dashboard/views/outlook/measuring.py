"""What stands on Outlook while models are measured on a series: the forecast by the yardstick, said to be that."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.errors import ForecastError
from analytics.forecasting import mostly_measured
from dashboard import markup
from dashboard.shell import panels
from dashboard.shell.ageing import stale
from dashboard.shell.controls import Opened
from dashboard.shell.waiting import at_once, await_result, begin
from dashboard.views.outlook.controls import Chosen
from dashboard.views.outlook.sections import course, works_as_it_stands
from dashboard.views.outlook.work import measured_of, outlook_of, yardstick_of
from dashboard.workers.work import effects_of
from data import City
from data.words import say

__all__ = ["from_cold", "until_measured"]


def from_cold(chosen: Chosen, city: City) -> bool:
    """Whether the forecast has to wait until models are measured on the series; its work has then begun.

    Parameters
    ----------
    chosen : what is to be forecast.
    city : opened.
    """
    asked = chosen.forecast
    if asked.model is not None or chosen.beside is not None or at_once(outlook_of, asked):
        return False
    return not mostly_measured(asked.history(city), horizon=asked.horizon, seed=asked.seed)


def until_measured(opened: Opened, chosen: Chosen, left: DeltaGenerator, right: DeltaGenerator, *, saying: str) -> None:
    """The forecast by the yardstick, said to be that, with the progress of the other models under it; then the page anew.

    Parameters
    ----------
    opened : the city.
    chosen : what is to be forecast.
    left, right : the story and its margin.
    saying : what is said while it is waited for.
    """
    asked = chosen.forecast
    series = opened.city.series[asked.series]
    with left:
        try:
            first = await_result(yardstick_of, asked, saying=saying)
        except ForecastError:  # a history that is too short, which the forecast itself tells
            return
        begin(measured_of, asked)
        # What the whole page comes to when all models are measured.
        begin(effects_of, chosen.effects)
        for function, request in works_as_it_stands(opened, chosen.effects) if asked.cutoff is None else ():
            begin(function, request)
        caveats = stale(first.made_from, first.caveats)
        st.html(markup.paragraph(say("outlook.first", {"model": first.model_title})))
        course(first, chosen, beside=None, caveats=caveats, series=series, city=opened.city.name)
    with right:
        panels.notes(caveats)
    with left:
        await_result(outlook_of, asked, saying=saying)
    st.rerun()
