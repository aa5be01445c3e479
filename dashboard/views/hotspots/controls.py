"""The widgets of a hotspot map, as one typed value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analytics.hotspots import PartOfWeek
from analytics.hotspots.cells import KINDS
from analytics.hotspots.subjects import subjects
from analytics.requests import MapRequest
from dashboard.shell.controls import EVERYWHERE, Opened, chosen_area, chosen_day, chosen_name, chosen_percent
from dashboard.shell.session import keep, recall
from dashboard.views.hotspots.words import PERCENTS
from dashboard.views.hotspots.work import USUAL_PERCENT
from data import Areas, City
from data.words import say, text

__all__ = ["Chosen", "choose_area", "chosen_map", "chosen_place", "chosen_share"]

AREA = "area"  # the key of its control, and what the link calls it
METRES = (200, 100, 400)  # of a cell
AHEAD = ("28", "7", "14", "56")  # days that a map looks ahead
HOURS = {"all": (0, 24), "night": (22, 6), "morning": (6, 12), "afternoon": (12, 18), "evening": (18, 22)}
DAYS: Mapping[str, tuple[int, ...]] = {"every": (), "working": (0, 1, 2, 3, 4), "weekend": (5, 6)}


@dataclass(frozen=True)
class Chosen:
    """What is to be mapped, its title, and whether it is congestion."""

    map: MapRequest
    title: str
    congestion: bool


def chosen_map(opened: Opened) -> Chosen:
    """The widgets of a map; what the police start is marked, and never the first to be seen."""
    kinds = subjects(opened.city)
    titles = {
        name: say("hotspots.by_police", {"title": each.title}) if each.police else text(each.title)
        for name, each in kinds.items()
    }
    name = chosen_name(say("page.incidents"), titles, key="incidents")
    subject = kinds[name]
    with st.popover(say("page.more"), icon=":material/tune:"):
        category = ""
        if len(subject.categories) > 1:
            listed = {"": say("hotspots.all_kinds")} | {each: each for each in subject.categories}
            category = chosen_name(say("hotspots.kind"), listed, key="kind")
        horizon = int(chosen_name(say("hotspots.horizon"), {each: each for each in AHEAD}, key="ahead"))
        hours = chosen_name(say("hotspots.hours"), _parts(HOURS), key="hours")
        days = chosen_name(say("hotspots.days"), _parts(DAYS), key="days")
        cells, metres = (None, METRES[0]) if subject.congestion else _chosen_cells(opened.city, name)
        oldest = subject.since + (subject.until - subject.since) / 2
        as_of = chosen_day(first=oldest, last=subject.until, key="as_of")
        slow = st.toggle(say("hotspots.measure_slow"), key="slow", help=say("hotspots.measure_help"))
    asked = MapRequest(
        opened.request, incidents=name, category=category or None, part=PartOfWeek(*HOURS[hours], DAYS[days]),
        as_of=as_of, horizon_days=horizon, cells=cells, cell_size=float(metres), slow=slow,
    )  # fmt: skip
    return Chosen(asked, titles[name], subject.congestion)


def _chosen_cells(city: City, incidents: str) -> tuple[str | None, int]:
    """The kind of a map's cells, None for the usual one, and their size in metres, of what the city has."""
    areas = city.incidents[incidents].areas
    missing = {"areas": areas is None or len(areas.frame) < 2, "segments": city.streets is None}
    names = {kind: say(f"hotspots.cells_{kind}") for kind in KINDS if not missing.get(kind)}
    kind = chosen_name(say("hotspots.cells_of_map"), names, key="cells")
    if kind == "areas":
        return kind, METRES[0]
    sizes = {str(metres): say("hotspots.metres", {"n": metres}) for metres in METRES}
    metres = int(chosen_name(say(f"hotspots.size_{kind}"), sizes, key="metres"))
    return None if kind == KINDS[0] else kind, metres


def chosen_place(areas: Areas | None, *, within: DeltaGenerator) -> tuple[str, str]:
    """The area that is looked at, and its name; the whole city unless somebody says another, on the map too.

    Parameters
    ----------
    areas : of the map.
    within : where the widget stands.
    """
    with within:
        return chosen_area(areas, key=AREA)


def choose_area(ids: tuple[str, ...]) -> None:
    """Look at the area that was pointed at; at the whole city where it was looked at already."""
    if ids:
        keep(AREA, EVERYWHERE if recall(AREA) == ids[0] else ids[0])


def _parts(names: Mapping[str, object]) -> dict[str, str]:
    return {name: say(f"parts.{name}") for name in names}


def chosen_share() -> float:
    """The share of the city to look at, 1 to 20 %."""
    low, high = PERCENTS
    return chosen_percent(say("page.share"), low=low, high=high, usual=USUAL_PERCENT, key="share") / 100
