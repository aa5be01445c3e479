"""Widgets that give typed values; each is bound to the URL, so that a link restores the view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from analytics.forecasting.registry import models
from analytics.hotspots import PartOfWeek
from analytics.hotspots.cells import KINDS
from analytics.hotspots.subjects import subjects
from dashboard.shell.cities import offered, stamp_of
from dashboard.shell.panels import await_result
from dashboard.shell.work import MapAsked, city_of
from data import Areas, City
from data.dataset import CITY
from data.words import say

__all__ = [
    "EVERYWHERE",
    "HORIZONS",
    "Asked",
    "Opened",
    "chosen_area",
    "chosen_city",
    "chosen_day",
    "chosen_forecast",
    "chosen_map",
    "chosen_name",
    "chosen_share",
    "layer_of",
]

EVERYWHERE = ""
# Periods ahead that are offered, by frequency; the first is what one sees first.
HORIZONS = {
    "h": ("168", "48", "24", "336"), "D": ("28", "14", "56", "7"), "W-MON": ("13", "4", "26"), "MS": ("12", "3", "6", "24"),
    "YS": ("3", "1", "5"),
}  # fmt: skip
SHARES = (0.01, 0.20)
METRES = (200, 100, 400)  # of a cell
AHEAD = ("28", "7", "14", "56")  # days that a map looks ahead
HOURS = {"all": (0, 24), "night": (22, 6), "morning": (6, 12), "afternoon": (12, 18), "evening": (18, 22)}
DAYS: Mapping[str, tuple[int, ...]] = {"every": (), "working": (0, 1, 2, 3, 4), "weekend": (5, 6)}


class Opened:
    """A city and what a job needs to open it again."""

    def __init__(self, city: City, path: Path, stamp: str) -> None:
        self.city = city
        self.path = str(path)
        self.stamp = stamp


def chosen_city() -> Opened:
    """The city of the page; a switch stands there when there are several."""
    cities = offered()
    key = next(iter(cities))
    if len(cities) > 1:
        with st.container(key="city-switch"):
            key = (
                st.selectbox(say("page.city"), list(cities), key="city", bind="query-params", format_func=_name) or key
            )
    path = cities[key]
    stamp = stamp_of(path)
    city = await_result(city_of, str(path), stamp, saying=say("page.opening", {"city": _name(key)}))
    return Opened(city, path, stamp)


def _name(key: str) -> str:
    return key.replace("-", " ").title()


def chosen_name(label: str, titles: Mapping[str, str], *, key: str) -> str:
    """One of several things by name."""
    names = list(titles)
    chosen = st.selectbox(label, names, key=key, bind="query-params", format_func=lambda name: titles.get(name, name))
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
        label, list(names), key=key, bind="query-params", format_func=lambda each: names.get(each, each)
    )
    return (area, names[area]) if area else (EVERYWHERE, "")


def chosen_day(*, first: pd.Timestamp, last: pd.Timestamp, key: str) -> str:
    """The day as of which a view is played back, as text, or "" for the newest."""
    day = st.date_input(
        say("page.as_known"),
        value=last.date(),
        min_value=first.date(),
        max_value=last.date(),
        key=key,
        bind="query-params",
        help=say("page.as_known_help"),
    )
    stamp = pd.Timestamp(day)  # type: ignore[arg-type]
    return "" if stamp >= last.normalize() else stamp.strftime("%Y-%m-%d")


@dataclass(frozen=True)
class Asked:
    """What a page asks of a forecast: the series, the area and its name, how far, as of when, and by which model.

    "" stands for the whole city, for now, for the model that did best, and for no other model beside it.
    """

    series: str
    area: str
    place: str
    horizon: int
    until: str
    model: str
    reason: str
    beside: str


def chosen_forecast(city: City) -> Asked:
    """The widgets of a forecast."""
    name = chosen_name(say("page.series"), {key: each.title for key, each in city.series.items()}, key="series")
    series = city.series[name]
    area, place = chosen_area(layer_of(city, series.layer), key="area", only=series.area_ids, whole=series.adds_up)
    first, second = st.columns(2)
    with first:
        horizons = {each: each for each in HORIZONS[series.freq]}
        horizon = int(chosen_name(say("page.horizon"), horizons, key=f"horizon-{series.freq}"))
    with second:
        # A replay needs at least half of the history to learn from.
        oldest = series.values.index[len(series.values) // 2]
        until = chosen_day(first=oldest, last=series.as_of, key="until")
    fitting = [each for each in models().values() if each.fits(series.values, value_type=series.value_type)]
    quick = {each.name: each.title for each in fitting if not each.slow}
    with first:
        model = chosen_name(say("outlook.model"), {"": say("outlook.automatic")} | quick, key="model")
    with second:
        nothing = {"": say("outlook.nothing_beside")}
        beside = chosen_name(say("outlook.beside"), nothing | quick, key="beside")
    reason = ""
    if model:
        help_text = say("outlook.reason_help")
        reason = st.text_input(say("outlook.reason"), key="reason", max_chars=120, help=help_text)
    return Asked(name, area, place, horizon, until, model, reason or "", "" if beside == model else beside)


def chosen_map(city: City) -> tuple[MapAsked, str]:
    """What is to be mapped, and its title; what the police start is marked, and never the first to be seen."""
    kinds = subjects(city)
    titles = {
        name: say("hotspots.by_police", {"title": each.title}) if each.police else each.title
        for name, each in kinds.items()
    }
    name = chosen_name(say("page.incidents"), titles, key="incidents")
    subject = kinds[name]
    with st.popover(say("hotspots.more"), icon=":material/tune:"):
        category = ""
        if len(subject.categories) > 1:
            listed = {"": say("hotspots.all_kinds")} | {each: each for each in subject.categories}
            category = chosen_name(say("hotspots.kind"), listed, key="kind")
        horizon = int(chosen_name(say("hotspots.horizon"), {each: each for each in AHEAD}, key="ahead"))
        hours = chosen_name(say("hotspots.hours"), _parts(HOURS), key="hours")
        days = chosen_name(say("hotspots.days"), _parts(DAYS), key="days")
        cells, metres = ("", METRES[0]) if subject.congestion else _chosen_cells(city, name)
        oldest = subject.since + (subject.until - subject.since) / 2
        as_of = chosen_day(first=oldest, last=subject.until, key="as_of")
        slow = st.toggle(say("hotspots.measure_slow"), key="slow", help=say("hotspots.measure_help"))
    part = PartOfWeek(*HOURS[hours], DAYS[days])
    asked = MapAsked(name, category, as_of, horizon, part, slow, cells, metres, congestion=subject.congestion)
    return asked, titles[name]


def _chosen_cells(city: City, incidents: str) -> tuple[str, int]:
    """The kind of a map's cells and their size in metres, of what the city has."""
    areas = city.incidents[incidents].areas
    missing = {"areas": areas is None or len(areas.frame) < 2, "segments": not city.networks}
    names = {kind: say(f"hotspots.cells_{kind}") for kind in KINDS if not missing.get(kind)}
    kind = chosen_name(say("hotspots.cells_of_map"), names, key="cells")
    if kind == "areas":
        return kind, METRES[0]
    sizes = {str(metres): say("hotspots.metres", {"n": metres}) for metres in METRES}
    return kind, int(chosen_name(say(f"hotspots.size_{kind}"), sizes, key="metres"))


def _parts(names: Mapping[str, object]) -> dict[str, str]:
    return {name: say(f"parts.{name}") for name in names}


def chosen_share() -> float:
    """The share of the city to look at, 1 to 20 %."""
    percent = st.slider(
        say("page.share"),
        round(100 * SHARES[0]),
        round(100 * SHARES[1]),
        5,
        key="share",
        bind="query-params",
        format="%d %%",
    )
    return percent / 100


def layer_of(city: City, layer: str) -> Areas | None:
    """A layer of the city, or None for the city as one."""
    return None if layer == CITY else city.areas.get(layer)
