"""The widgets of the roads, as typed values; what is pointed at on the map is chosen by the same keys."""

from __future__ import annotations

from collections.abc import Mapping

from analytics.traffic.picture import Traffic
from dashboard.figures.maps.roads import Look
from dashboard.figures.roads_words import road_listed
from dashboard.shell.controls import chosen_name, chosen_pill
from dashboard.shell.session import keep, recall
from data import City, Trips
from data.words import as_count, say, text

__all__ = ["ROAD", "TAB", "choose", "chosen_look", "chosen_road", "chosen_trips", "opens"]

ROAD, TAB = "road", "tab"  # keys of widgets, and what the link calls them
PAGES = {"road": ("map", ROAD), "junction": ("signals", "junction"), "counter": ("counts", "counter")}
MOST_LISTED = 200  # roads that a list offers; all can be pointed at


def chosen_trips(city: City) -> str:
    """Which trips are shown: the first unless the link or somebody says another; "" where the city has none."""
    tables: Mapping[str, Trips] = city.of("trips")
    names = list(tables)
    if len(names) < 2:
        return names[0] if names else ""
    titles = {
        name: say("traffic.trips_of", {"title": text(each.title), "hours": each.hours}) for name, each in tables.items()
    }
    return chosen_name(say("traffic.trips"), titles, key="trips")


def chosen_look(option: str) -> Look:
    """What the map shows: flows, delays, or what an option changes, where there is one."""
    looks = [*(["change"] if option else []), "flow", "delay"]
    titles = {each: say(f"traffic.look_{each}", {"option": option}) for each in looks}
    return chosen_pill(say("traffic.look"), titles, key="look")  # type: ignore[return-value]


def chosen_road(traffic: Traffic) -> str:
    """The link whose users are asked for; "" for none. The busiest are listed, all can be pointed at."""
    busiest = traffic.roads["volume"].nlargest(MOST_LISTED).index
    now = recall(ROAD)
    ids = [*([now] if now in traffic.links.index and now not in busiest else []), *busiest]
    titles = {"": say("traffic.no_road")} | {str(link): road_title(traffic, str(link)) for link in ids}
    return chosen_name(say("traffic.road"), titles, key=ROAD)


def road_title(traffic: Traffic, link: str) -> str:
    """A link as it is listed: its road, from where to where, and how many vehicles it carries."""
    volume = as_count(round(traffic.links["volume"].astype(float)[link]))
    return say("traffic.road_title", {"road": road_listed(traffic, link), "volume": volume})


def opens(ids: tuple[str, ...], *, road: str) -> dict[str, str]:
    """What the page's widgets hold once something was pointed at: a road that is open is closed.

    Parameters
    ----------
    ids : of what was pointed at: a kind, a colon, and the id.
    road : that is open now.

    Returns
    -------
    dict
        By the keys of widgets; {} where nothing is opened.
    """
    kind, _, name = ids[0].partition(":") if ids else ("", "", "")
    if kind not in PAGES:
        return {}
    tab, key = PAGES[kind]
    return {TAB: tab, key: "" if kind == "road" and road == name else name}


def choose(ids: tuple[str, ...]) -> None:
    """Open what was pointed at."""
    for key, value in opens(ids, road=recall(ROAD, "")).items():
        keep(key, value)
