"""What the roads of a network carry: flows by width and colour, delays, and the difference that an option makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.results import Caveat
from analytics.traffic.picture import Lines, Traffic
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart, Dash, Key, Mark, Strokes, Text
from dashboard.figures.columns import SHARE, column
from dashboard.figures.geometry import bounds
from dashboard.figures.maps.frame import (
    WHOLE,
    Box,
    Window,
    as_high_as_needed,
    map_axes,
    outline,
    part_of,
    scale_bar,
    waters_of,
)
from dashboard.figures.maps.parts import as_part
from dashboard.figures.maps.roads_beside import Beside, beside_roads
from dashboard.figures.maps.roads_voices import road_voices
from dashboard.figures.maps.streets import street_names
from dashboard.figures.roads_words import roads_evidence
from data import Areas, City
from data.words import say

__all__ = ["LOOKS", "Look", "roads_map"]

Look = Literal["flow", "delay", "change"]
LOOKS: tuple[Look, ...] = ("flow", "delay", "change")
Numbers = npt.NDArray[np.float64]
Group = tuple[npt.NDArray[np.bool_], str, float, Dash]

WIDTHS = (1.0, 2.0, 3.2, 4.6, 6.4)  # pixels of fifths of the greatest flow
FULL = (0.5, 0.8, 1.0)  # volume over capacity at which the colour changes
SHADES = ("seq5", "seq6", "seq8", "seq10")
DELAY_SHADES = ("seq3", "seq5", "seq7", "seq8", "seq10")
SOME, MORE = 0.02, 0.1  # of the greatest flow: a change below is drawn as none, one above as large
CHANGES: tuple[tuple[str, Dash], ...] = (
    ("div9", "solid"), ("div8", "solid"), ("too_close", "solid"), ("div3", "dash"), ("div2", "dash"),
)  # fmt: skip
PIXELS = 780.0  # that a map is wide on a desk
BESIDE_MIDDLE = 0.7  # pixels from the middle of a road to the nearer edge of each direction
LITTLE_WIDER = 1.5  # times as wide as their roads, areas are still shown whole
ACROSS = 1000.0  # metres that a network of one point is given


def roads_map(
    traffic: Traffic,
    *,
    look: Look,
    city: City,
    beside: Sequence[Beside] = (),
    chosen: str = "",
    caveats: tuple[Caveat, ...] | None = None,
    window: Window = WHOLE,
) -> Chart:
    """A network by what it carries: each direction on the right of its road, a sentence over each.

    Parameters
    ----------
    traffic : with lines.
    look : "flow" (width by vehicles, colour by volume over capacity), "delay" (colour by minutes lost), or "change"
        (width and colour by what an option adds, ochre and dashed, or takes away, blue).
    city : whose areas and waters lie below.
    beside : junctions and counters that can be pointed at.
    chosen : a link that is marked.
    caveats : replace the result's own, so that those that depend on the clock can be added.
    window : what is seen of the network; roads of the rest are not drawn.

    Returns
    -------
    Chart
        In metres; its table has one row a link. Roads that can be pointed at carry "road:" before their link_id. Of a
        network without coordinates it holds no marks.

    Raises
    ------
    ValueError
        When a change is asked for where there is no option.
    """
    if look == "change" and not traffic.option:
        raise ValueError("there is no option that could change anything")
    headline = "headline" if look != "change" or _moved(traffic).any() else "headline_same"
    shared: dict[str, Any] = {
        "name": f"roads_{look}", "evidence": roads_evidence(traffic), "table": _table(traffic), "headline": headline,
        "caveats": caveats, "right": 0,
    }  # fmt: skip
    if traffic.lines is None:
        return chart_of(traffic, marks=(), axes=(Axis(), Axis()), height=60, **shared)
    areas = _ground(city, traffic.layer)
    box = _box(traffic.lines, areas)
    seen = window.of(box)
    axes = map_axes(seen)
    part = part_of(seen, axes, whole=box)
    shown = _shown(traffic.lines, part or seen)
    groups, key = {"flow": _flow, "delay": _delay, "change": _change}[look](traffic)
    inside = [(which & shown, role, width, dash) for which, role, width, dash in groups]
    groups = [each for each in inside if each[0].any()]
    lines = _apart(traffic, groups, pixel=(seen[2] - seen[0]) / PIXELS)
    below = [
        replace(each, below=True)
        for each in outline(city.key, areas, bounds(areas) if areas is not None else box, part=part)
    ]
    named = areas is not None and _fills(bounds(areas), seen)
    waters = [each for each in waters_of(city, areas, part or seen) if named or not isinstance(each, Text)]
    marks: list[Mark] = [*waters, *below, *(_strokes(lines, *each) for each in groups)]
    if chosen in traffic.links.index:
        marks.append(_strokes(lines, traffic.links.index == chosen, "option_c", WIDTHS[-1] + 2, "dot"))
    marks += [*road_voices(traffic, lines, seen=seen, shown=shown, change=look == "change")]
    points, key_of_points = beside_roads(beside, part or seen)
    marks += points
    if areas is not None and named:
        marks += street_names(city, part or bounds(areas), seen=seen, beside=waters)
    marks += scale_bar(seen)
    chart = chart_of(traffic, marks=marks, axes=axes, key=(*key, *key_of_points), **shared)
    return as_part(as_high_as_needed(chart), window, areas=areas, seen=seen)


def _fills(city: Box, seen: Box) -> bool:
    """Whether a city takes at least half of what is seen across: in a region around it, names would cover its roads."""
    return 2 * (city[2] - city[0]) >= seen[2] - seen[0]


def _shown(lines: Lines, seen: Box) -> npt.NDArray[np.bool_]:
    """The links that reach into a box."""
    west, south, east, north = seen
    first = lines.starts[:-1]
    lowest, highest = ([each.reduceat(axis, first) for axis in (lines.x, lines.y)] for each in (np.minimum, np.maximum))
    return np.asarray((highest[0] >= west) & (lowest[0] <= east) & (highest[1] >= south) & (lowest[1] <= north))


def _ground(city: City, layer: str) -> Areas | None:
    """The areas below the roads; None where the city has none, or knows no outline."""
    areas = city.areas.get(layer)
    return None if areas is None or (areas.frame.geometry.isna() | areas.frame.geometry.is_empty).any() else areas


def _box(lines: Lines, areas: Areas | None) -> Box:
    """Around the roads, and the areas too where these reach little farther: their borders would be cut for nothing."""
    west, east, south, north = lines.x.min(), lines.x.max(), lines.y.min(), lines.y.max()
    if areas is not None:
        left, low, right, high = bounds(areas)
        if right - left <= LITTLE_WIDER * (east - west) and high - low <= LITTLE_WIDER * (north - south):
            west, south, east, north = min(west, left), min(south, low), max(east, right), max(north, high)
    if east - west <= 0:
        west, east = west - ACROSS / 2, east + ACROSS / 2
    if north - south <= 0:
        south, north = south - ACROSS / 2, north + ACROSS / 2
    return float(west), float(south), float(east), float(north)


def _apart(traffic: Traffic, groups: Sequence[Group], *, pixel: float) -> Lines:
    """The lines moved to the right of their way by half of their width where the other direction is there too."""
    lines = traffic.lines
    assert lines is not None
    ways = pd.MultiIndex.from_frame(traffic.links[["from_node", "to_node"]])
    both = ways.isin(pd.MultiIndex.from_frame(traffic.links[["to_node", "from_node"]]))
    first, last = lines.starts[:-1], lines.starts[1:] - 1
    across, up = lines.x[last] - lines.x[first], lines.y[last] - lines.y[first]
    length = np.hypot(across, up)
    metres = np.zeros(len(lines))
    for which, _, width, _ in groups:
        metres[which] = pixel * (width / 2 + BESIDE_MIDDLE)
    scale = np.divide(metres * both, length, out=np.zeros_like(length), where=length > 0)
    link = lines.link
    return Lines(lines.x + (up * scale)[link], lines.y - (across * scale)[link], lines.starts)


def _flow(traffic: Traffic) -> tuple[list[Group], tuple[Key, ...]]:
    """Few groups: one a width and a shade, the fullest last, so that it lies above."""
    volume, road = traffic.links["volume"].to_numpy(float), traffic.links["road"].to_numpy(bool)
    wide = _fifths(volume, float(np.nanmax(volume[road], initial=0.0)))
    full = np.searchsorted(FULL, traffic.saturation.fillna(0.0).to_numpy(), side="left")
    groups: list[Group] = [(~road, "border", WIDTHS[0], "solid")]
    groups += [
        ((wide == step) & (full == shade) & road, role, width, "solid")
        for shade, role in enumerate(SHADES)
        for step, width in enumerate(WIDTHS)
    ]
    labels = [say(f"charts.roads_flow.full_{shade}", {"low": low, "high": high})
              for shade, (low, high) in enumerate(zip((0.0, *FULL), (*FULL, np.inf), strict=True))]  # fmt: skip
    key = [Key(role, label, "line") for role, label in zip(SHADES, labels, strict=True)]
    return groups, (*reversed(key), Key("ink2", _width_words(volume[road]), "line"))


def _width_words(values: Numbers) -> str:
    return say("charts.roads_flow.width", {"n": float(np.nanmax(np.abs(values), initial=0.0))})


def _fifths(values: Numbers, greatest: float) -> npt.NDArray[np.int64]:
    """Which width stands for a value: fifths of the greatest."""
    if greatest <= 0:
        return np.zeros(len(values), dtype=np.int64)
    steps = np.ceil(np.nan_to_num(values) / greatest * len(WIDTHS)).astype(np.int64) - 1
    return np.clip(steps, 0, len(WIDTHS) - 1)


def _delay(traffic: Traffic) -> tuple[list[Group], tuple[Key, ...]]:
    """Five shades by minutes lost, wider where it is more."""
    delay = traffic.delay.to_numpy(float)
    edges = delay_edges(delay)
    step = np.searchsorted(edges, np.nan_to_num(delay), side="right")
    groups: list[Group] = [
        (step == index, role, width, "solid")
        for index, (role, width) in enumerate(zip(DELAY_SHADES, WIDTHS, strict=True))
    ]
    labels = [say("charts.roads_delay.under", {"n": edges[0]})]
    labels += [say("charts.roads_delay.from", {"n": edge}) for edge in edges]
    key = [Key(role, label, "line") for role, label in zip(DELAY_SHADES, labels, strict=True)]
    return groups, tuple(reversed(key))


def delay_edges(delay: Numbers) -> tuple[float, ...]:
    """Four round numbers of minutes up to what few links exceed: of 1, 2 and 5 times a power of ten.

    >>> delay_edges(np.array([0.0, 1.0, 2.0, 6.0]))
    (0.5, 1.0, 2.0, 5.0)
    """
    known = delay[np.isfinite(delay)]
    high = max(float(np.quantile(known, 0.98)) if len(known) else 0.0, 0.05)
    ladder = [step * 10.0**power for power in range(-4, 5) for step in (1, 2, 5)]
    top = int(np.searchsorted(ladder, high * (1 + 1e-9), side="right"))
    return tuple(round(each, 6) for each in ladder[top - 4 : top])


def _moved(traffic: Traffic) -> npt.NDArray[np.bool_]:
    """Where an option changes the flow by enough to be drawn."""
    change, greatest = _changes(traffic)
    return np.asarray(np.abs(change) > SOME * greatest)


def _changes(traffic: Traffic) -> tuple[Numbers, float]:
    """What an option adds to each link, and the greatest flow of today, to which it is held."""
    volume = traffic.links["volume"].to_numpy(float)
    change = np.nan_to_num(traffic.links["volume_option"].to_numpy(float)) - volume
    return change, max(float(np.nanmax(volume, initial=0.0)), 1.0)


def _change(traffic: Traffic) -> tuple[list[Group], tuple[Key, ...]]:
    """Ochre and dashed where there are more vehicles, blue where there are fewer, grey where about as many."""
    change, greatest = _changes(traffic)
    edges = (-MORE * greatest, -SOME * greatest, SOME * greatest, MORE * greatest)
    step = np.searchsorted(edges, change, side="left")
    wide = _fifths(np.abs(change), float(np.abs(change).max(initial=0.0)))
    groups: list[Group] = [(step == 2, "border", WIDTHS[0], "solid")]
    groups += [
        ((step == index) & (wide == width), role, max(WIDTHS[width], WIDTHS[1]), dash)
        for index, (role, dash) in enumerate(CHANGES)
        if index != 2
        for width in range(len(WIDTHS))
    ]
    words = ("much_fewer", "fewer", "same", "more", "much_more")
    evidence = {"some": edges[2], "more": edges[3]}
    key = [
        Key("border" if index == 2 else role, say(f"charts.roads_change.{words[index]}", evidence),
            "dashes" if dash == "dash" else "line")
        for index, (role, dash) in enumerate(CHANGES)
    ]  # fmt: skip
    return groups, tuple(reversed(key))


def _strokes(lines: Lines, which: npt.NDArray[np.bool_], role: str, width: float, dash: Dash) -> Strokes:
    """The lines of some links in one stroke, with a gap after each."""
    counts = np.diff(lines.starts)[which]
    inside = which[lines.link]
    ends = np.cumsum(counts)
    x, y = (np.insert(np.round(each[inside], 1), ends, np.nan) for each in (lines.x, lines.y))
    return Strokes(x, y, role, width, dash)


def _table(traffic: Traffic) -> pd.DataFrame:
    links = traffic.links
    an_hour, minutes = say("labels.vehicles_an_hour"), say("labels.minutes")
    columns: dict[str, Any] = {
        column("road"): links["name"].astype(str).to_numpy(),
        column("link_id"): links.index.astype(str),
        column("from"): links["from_name"].astype(str).to_numpy(),
        column("to"): links["to_name"].astype(str).to_numpy(),
        column("length", unit="km"): links["length"].to_numpy(float),
        column("volume", unit=an_hour): links["volume"].to_numpy(float),
        column("capacity", unit=an_hour): links["capacity"].to_numpy(float),
        column("saturation", unit=SHARE): traffic.saturation.to_numpy(float),
        column("time", unit=minutes): links["time"].to_numpy(float),
        column("delay", unit=minutes): traffic.delay.to_numpy(float),
    }
    if traffic.option:
        named = {"option": traffic.option}
        columns |= {
            column("volume_with", unit=an_hour, **named): links["volume_option"].to_numpy(float),
            column("time_with", unit=minutes, **named): links["time_option"].to_numpy(float),
        }
    return pd.DataFrame(columns)
