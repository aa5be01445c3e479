"""Widgets that give typed values; each is bound to the URL, so that a link restores the view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from analytics.requests import USUAL_HORIZON, CityRequest, city_request
from dashboard import markup
from dashboard.shell.cities import offered
from dashboard.shell.panels import await_result
from dashboard.shell.session import linked, show_as
from dashboard.shell.work import city_of
from data import Areas, City
from data.frequency import Frequency
from data.tables import CITY
from data.words import say

__all__ = [
    "EVERYWHERE",
    "HORIZONS",
    "Opened",
    "chosen_area",
    "chosen_city",
    "chosen_day",
    "chosen_name",
    "layer_of",
]

EVERYWHERE = ""
# Periods ahead that are offered beside the usual ones.
OTHERS = {
    Frequency.HOUR: ("48", "24", "336"),
    Frequency.DAY: ("14", "56", "7"),
    Frequency.WEEK: ("4", "26"),
    Frequency.MONTH: ("3", "6", "24"),
    Frequency.YEAR: ("1", "5"),
}
HORIZONS: Mapping[Frequency, tuple[str, ...]] = {
    freq: (str(USUAL_HORIZON[freq]), *others) for freq, others in OTHERS.items()
}


@dataclass(frozen=True, eq=False)
class Opened:
    """A city, and the request by which a job opens it again."""

    city: City
    request: CityRequest


def chosen_city() -> Opened:
    """The city of the page; a switch stands there when there are several."""
    cities = offered()
    key = next(iter(cities))
    if len(cities) > 1:
        if linked("city") in cities:  # a link may name a city by its key too, which is not what the switch shows
            show_as("city", linked("city"))
        with st.container(key="city-switch"):
            key = (
                st.selectbox(say("page.city"), list(cities), key="city", bind="query-params", format_func=_name) or key
            )
    request = city_request(str(cities[key]))
    return Opened(await_result(city_of, request, saying=say("page.opening", {"city": _name(key)})), request)


def _name(key: str) -> str:
    return key.replace("-", " ").title()


def chosen_name(label: str, titles: Mapping[str, str], *, key: str) -> str:
    """One of several things by name."""
    names = list(titles)
    chosen = st.selectbox(
        markup.label(label), names, key=key, bind="query-params", format_func=lambda name: titles.get(name, name)
    )
    return names[0] if chosen is None else chosen


def chosen_area(
    areas: Areas | None, *, key: str, only: Sequence[str] | None = None, whole: bool = True
) -> tuple[str, str]:
    """An area (of those ``only``), or ``EVERYWHERE`` (where the ``whole`` means something), and its name."""
    names = {EVERYWHERE: say("page.whole_city")} if whole else {}
    if areas is None or len(areas.frame) < 2:
        return EVERYWHERE, ""
    listed = areas.frame["name"].astype(str).sort_values()
    names |= dict(listed if only is None else listed[listed.index.isin(only)])
    label = say("page.area")
    area = st.selectbox(
        markup.label(label), list(names), key=key, bind="query-params", format_func=lambda each: names.get(each, each)
    )
    return (area, names[area]) if area else (EVERYWHERE, "")


def chosen_day(*, first: pd.Timestamp, last: pd.Timestamp, key: str) -> pd.Timestamp | None:
    """The day as of which a view is played back, or None for the newest."""
    day = st.date_input(
        say("page.as_known"),
        value=last.date(),
        min_value=first.date(),
        max_value=last.date(),
        key=key,
        bind="query-params",
        help=say("page.as_known_help"),
    )
    stamp = pd.Timestamp(day)
    return None if stamp >= last.normalize() else stamp


def layer_of(city: City, layer: str) -> Areas | None:
    """A layer of the city, or None for the city as one."""
    return None if layer == CITY else city.areas.get(layer)
