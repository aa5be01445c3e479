"""Widgets that give typed values; the link says each by a key that no language and no title changes.

What a link asks for that is not there is told above the widget, which shows what is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st
from streamlit.elements.lib.mutable_tab_container import TabContainer

from analytics.requests import USUAL_HORIZON, CityRequest, city_request
from dashboard import markup
from dashboard.shell.cities import offered
from dashboard.shell.live import follow_live
from dashboard.shell.panels import data_stamp
from dashboard.shell.session import DATA, VIEW, asked_language, forget, keep, link, linked, recall, show_as
from dashboard.shell.waiting import at_once, await_result
from dashboard.workers.work import city_of
from data import Areas, City
from data.cityfile import read_city_file
from data.frequency import Frequency
from data.tables import CITY
from data.words import as_date, as_percent, in_title_case, say

__all__ = [
    "EVERYWHERE",
    "HORIZONS",
    "Opened",
    "chosen_area",
    "chosen_city",
    "chosen_day",
    "chosen_name",
    "chosen_percent",
    "chosen_pill",
    "chosen_request",
    "chosen_stretch",
    "chosen_tab",
    "chosen_text",
    "layer_of",
    "link_to",
    "present_city",
]

EVERYWHERE = ""
LONGEST = 120  # characters of a question
BETWEEN = ".."  # the ends of a stretch in a link
CITY_SWITCH, CHOSEN_CITY = "city", "chosen-city"
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


def chosen_city(*, meanwhile: Callable[[CityRequest], None] = lambda _: None) -> Opened:
    """The city of the page, opened; a switch stands there when there are several.

    Parameters
    ----------
    meanwhile : begins what need not wait for the whole city, where that has to be read.
    """
    request, key = _of_page()
    if not at_once(city_of, request):
        meanwhile(request)
    city = await_result(city_of, request, saying=say("page.opening", {"city": _name(key)}))
    _tell_of_other_data(city)
    return Opened(city, request)


def present_city() -> Opened:
    """The city of the page that stands there already, opened, for what is asked beside it; no switch is drawn."""
    cities = offered()
    key = recall(CHOSEN_CITY) if recall(CHOSEN_CITY) in cities else next(iter(cities))
    request = city_request(str(cities[key]))
    return Opened(await_result(city_of, request, saying=say("page.opening", {"city": _name(key)})), request)


def chosen_request() -> CityRequest:
    """The city of the page, of which no table is opened; a switch stands there when there are several."""
    return _of_page()[0]


def _of_page() -> tuple[CityRequest, str]:
    """The city of the page, and its key."""
    cities = offered()
    key = next(iter(cities))
    if len(cities) > 1:
        if recall(CITY_SWITCH) is None and not linked(CITY_SWITCH) and recall(CHOSEN_CITY) in cities:
            keep(CITY_SWITCH, recall(CHOSEN_CITY))  # a page forgets its widgets when another is opened
        with st.container(key="city-switch"):
            key = chosen_name(say("page.city"), {each: _name(each) for each in cities}, key=CITY_SWITCH)
        keep(CHOSEN_CITY, key)
    elif linked(CITY_SWITCH) not in ("", key):  # no switch stands there that could tell it
        asked = {"label": say("page.city"), "value": linked(CITY_SWITCH), "shown": _name(key)}
        st.warning(markup.label(say("page.link_unknown", asked)), icon=":material/link_off:")
    named = {"view": recall(VIEW, ""), "city": read_city_file(cities[key]).name}
    st.set_page_config(page_title=say("page.window", named))
    request = city_request(str(cities[key]))
    follow_live(cities[key], request)
    return request, key


def _tell_of_other_data(city: City) -> None:
    """Say that a link was made when the city's data were others; figures may differ from those it was sent for."""
    asked = linked(DATA)
    if asked and asked != data_stamp(city):
        st.info(markup.label(say("page.link_older", {"date": city.as_of})), icon=":material/history:")


def link_to(view: str, **selection: str) -> str:
    """The address of another view with what it shows, in this city and language.

    Parameters
    ----------
    view : its name.
    selection : what its widgets show, by the keys of these.

    Returns
    -------
    str
        Relative to the overview, which lies at the root.
    """
    city = {CITY_SWITCH: str(recall(CHOSEN_CITY))} if recall(CHOSEN_CITY) else {}
    return f"{view}?{urlencode({**city, **asked_language(), **selection})}"


def _name(key: str) -> str:
    return in_title_case(key.replace("-", " "))


def chosen_name(label: str, titles: Mapping[str, str], *, key: str) -> str:
    """One of several things by name; the first unless the link or somebody says another.

    Parameters
    ----------
    label : of the widget.
    titles : what is shown for each name.
    key : of the widget, and what the link calls it.

    Returns
    -------
    str
        A name.
    """
    _begin_named(key, label, titles)
    chosen = st.selectbox(markup.label(label), **_choices(titles, key))
    return _chosen(chosen, titles, key)


def chosen_pill(label: str, titles: Mapping[str, str], *, key: str) -> str:
    """One of a few things that stand side by side, as in ``chosen_name``.

    Parameters
    ----------
    label, titles, key : as there.

    Returns
    -------
    str
        A name.
    """
    _begin_named(key, label, titles)
    show_as(key, recall(key) or next(iter(titles)))
    return _chosen(st.pills(markup.label(label), **_choices(titles, key)), titles, key)


def _choices(titles: Mapping[str, str], key: str) -> dict[str, Any]:
    return {
        "options": list(titles),
        "key": key,
        "format_func": lambda name: titles.get(name, name),
        "on_change": forget,
        "args": (_problem(key),),
    }


def _chosen(chosen: str | None, titles: Mapping[str, str], key: str) -> str:
    usual = next(iter(titles))
    name = usual if chosen is None else chosen
    link(key, "" if name == usual else name)
    return name


def chosen_tab(titles: Mapping[str, str], *, key: str) -> tuple[str, TabContainer]:
    """Tabs of which only the open one is drawn; the link says which.

    Parameters
    ----------
    titles : of the tabs by name, in order.
    key : of the tabs, and what the link calls them.

    Returns
    -------
    name, tab
        Of the one that is open.
    """
    _begin_named(key, say("page.tab"), titles)
    named = recall(key)
    if named in titles:
        keep(key, titles[named])  # the tabs themselves know their titles alone
    tabs = st.tabs(list(titles.values()), key=key, on_change="rerun")
    name, tab = next(each for each in zip(titles, tabs, strict=True) if each[1].open)
    link(key, "" if name == next(iter(titles)) else name)
    return name, tab


def chosen_text(label: str, *, key: str, help: str) -> str:
    """What somebody writes into a line; "" where nothing is.

    Parameters
    ----------
    label : of the line.
    key : of the widget, and what the link calls it.
    help : stands in the empty line, and behind its question mark.

    Returns
    -------
    str
        No longer than a question is.
    """
    _begin(key, label, read=lambda asked: asked[:LONGEST], shown="")
    show_as(key, recall(key) or "")
    written = st.text_input(markup.label(label), key=key, max_chars=LONGEST, placeholder=help, help=markup.label(help))
    link(key, written)
    return written


def chosen_percent(label: str, *, low: int, high: int, usual: int, key: str) -> int:
    """A slider of whole per cent.

    Parameters
    ----------
    label : of the slider.
    low, high : its ends.
    usual : where it stands unless the link or somebody says another.
    key : of the slider, and what the link calls it.

    Returns
    -------
    int
        Between the ends.
    """

    def read(asked: str) -> int | None:
        return int(asked) if asked.isdecimal() and low <= int(asked) <= high else None

    _begin(key, label, read=read, shown=as_percent(usual / 100))
    show_as(key, recall(key, usual))
    percent = int(
        st.slider(markup.label(label), low, high, key=key, format="%d %%", on_change=forget, args=(_problem(key),))
    )
    link(key, "" if percent == usual else str(percent))
    return percent


def chosen_stretch(
    label: str, titles: Mapping[str, str], *, key: str, usual: tuple[str, str], help: str
) -> tuple[str, str]:
    """A slider with two handles over things in an order; the link says ``first..last``.

    Parameters
    ----------
    label : of the slider.
    titles : what is shown for each name, in order; at least two.
    key : of the slider, and what the link calls it.
    usual : where the handles stand unless the link or somebody says another.
    help : behind its question mark.

    Returns
    -------
    tuple of str
        Two names, the first before the second.
    """
    names = list(titles)

    def read(asked: str) -> tuple[str, str] | None:
        first, _, last = asked.partition(BETWEEN)
        both = first in titles and last in titles
        return (first, last) if both and names.index(first) < names.index(last) else None

    _begin(key, label, read=read, shown=f"{titles[usual[0]]} – {titles[usual[1]]}")
    # What another series had may not be there: its handles go back to where they usually stand.
    begun = recall(key) if set(recall(key, ())) <= set(titles) else usual
    handles: Any = st.select_slider(  # two values make two handles
        markup.label(label),
        names,
        value=begun or usual,
        key=f"{key}-handles",
        format_func=lambda name: titles.get(name, name),
        help=markup.label(help),
        on_change=forget,
        args=(_problem(key),),
    )
    first, last = handles
    if first == last:  # both handles on one spot: up to the next
        place = min(names.index(first), len(names) - 2)
        first, last = names[place], names[place + 1]
    keep(key, (first, last))
    link(key, "" if (first, last) == usual else f"{first}{BETWEEN}{last}")
    return first, last


def _begin(key: str, label: str, *, read: Callable[[str], Any], shown: str) -> None:
    """Let a widget that nobody has used yet show what the link says, or tell what it says that is not there.

    Parameters
    ----------
    key : of the widget, and what the link calls it.
    label : of the widget.
    read : from what the link says to what the widget holds; None where it can hold no such thing.
    shown : what stands there instead.
    """
    asked = linked(key)
    if asked and recall(key) is None:
        value = read(asked)
        if value is None:
            keep(_problem(key), say("page.link_unknown", {"label": label, "value": asked, "shown": shown}))
        else:
            keep(key, value)
    problem = recall(_problem(key))
    if problem:
        st.warning(markup.label(problem), icon=":material/link_off:")


def _begin_named(key: str, label: str, titles: Mapping[str, str]) -> None:
    """The same for one of several names; earlier versions wrote titles into links."""
    names = {title: name for name, title in reversed(list(titles.items()))} | {name: name for name in titles}
    _begin(key, label, read=names.get, shown=next(iter(titles.values())))


def _problem(key: str) -> str:
    return f"{key}-unknown"


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
    area = chosen_name(label, names, key=key)
    return (area, names[area]) if area else (EVERYWHERE, "")


def chosen_day(*, first: pd.Timestamp, last: pd.Timestamp, key: str) -> pd.Timestamp | None:
    """The day as of which a view is played back, or None for the newest."""
    days = (first.date(), last.date())

    def read(asked: str) -> date | None:
        stamp = pd.to_datetime(asked, format="ISO8601", errors="coerce")
        return stamp.date() if not pd.isna(stamp) and days[0] <= stamp.date() <= days[1] else None

    _begin(key, say("page.as_known"), read=read, shown=as_date(last))
    show_as(key, recall(key) or days[1])
    day = st.date_input(
        say("page.as_known"),
        min_value=days[0],
        max_value=days[1],
        key=key,
        help=say("page.as_known_help"),
        on_change=forget,
        args=(_problem(key),),
    )
    link(key, "" if day == days[1] else str(day))
    stamp = pd.Timestamp(day)
    return None if stamp >= last.normalize() else stamp


def layer_of(city: City, layer: str) -> Areas | None:
    """A layer of the city, or None for the city as one."""
    return None if layer == CITY else city.areas.get(layer)
