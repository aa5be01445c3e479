"""The tabs of the page, of which only the open one is drawn."""

from __future__ import annotations

from streamlit.delta_generator import DeltaGenerator

from analytics.results import Caveat
from analytics.traffic.picture import Traffic
from dashboard.figures.chart import Chart
from dashboard.figures.maps import roads_map
from dashboard.figures.maps.roads import Beside
from dashboard.shell.controls import Opened
from dashboard.views.traffic.controls import chosen_look, chosen_road
from dashboard.views.traffic.sections import counts_tab, map_tab

__all__ = ["TABS", "open_tab", "tabs_of"]

TABS = ("map", "counts")


def tabs_of(traffic: Traffic) -> tuple[str, ...]:
    """Those that a network has something for."""
    return tuple(each for each in TABS if each != "counts" or len(traffic.counted))


def open_tab(
    name: str, traffic: Traffic, caveats: tuple[Caveat, ...], *, opened: Opened, row: DeltaGenerator
) -> list[Chart]:
    """Draw the tab that is open.

    Parameters
    ----------
    name : of the tab.
    traffic : what each road carries.
    caveats : of the page.
    opened : the city.
    row : where the widgets of the map stand.

    Returns
    -------
    list of Chart
        What is shown, that which the page is about first.
    """
    if name == "counts":
        return [counts_tab(traffic, caveats)]
    with row:
        look = chosen_look(traffic.option)
        road = chosen_road(traffic)
    chart = roads_map(traffic, look=look, city=opened.city, beside=_beside(traffic), chosen=road, caveats=caveats)
    return [chart, *map_tab(traffic, chart, caveats, opened=opened, road=road)]


def _beside(traffic: Traffic) -> list[Beside]:
    """The counters of the network."""
    counted = traffic.counted.dropna(subset=["x", "y"])
    ids = [str(each) for each in counted.index]
    return [Beside("counter", ids, ids, list(counted["x"]), list(counted["y"]))] if ids else []
