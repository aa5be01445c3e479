"""A corridor over time and space: when each junction shows red, and the bands in which vehicles meet green at all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.results import Caveat, Result
from analytics.signals import Band, Stop, TimeSpaceDiagram
from dashboard.figures.axes import number_axis
from dashboard.figures.build import chart_of
from dashboard.figures.chart import Axis, Chart, Key, Line, Mark
from dashboard.figures.chart import Band as Area
from dashboard.figures.columns import column
from data.words import say

__all__ = ["time_space_chart"]

CYCLES = 2  # that are drawn, so that a band that spans the end of one is seen whole
APART = 0.014  # of the corridor, from a junction to the line of each direction
ROLES = {"along": ("band80", "option_a"), "back": ("div5", "option_b")}
LEAST, ROW = 300, 46  # pixels


def time_space_chart(
    result: Result, diagram: TimeSpaceDiagram, *, plan: str, caveats: tuple[Caveat, ...] | None = None
) -> Chart:
    """The junctions of a corridor by distance, their reds as bars, and a band for each direction where there is one.

    Parameters
    ----------
    result : that the corridor belongs to.
    diagram : its junctions and bands.
    plan : what the plan is called.
    caveats : replace the result's own, so that those that depend on the clock can be added.

    Returns
    -------
    Chart
        Seconds across and metres up; its table has one row a green.
    """
    low, high = diagram.stops[0].distance, diagram.stops[-1].distance
    span = max(high - low, 1.0)
    until = CYCLES * diagram.cycle
    marks: list[Mark] = [mark for band in diagram.bands for mark in _band(band, diagram, low, high, until)]
    for stop in diagram.stops:
        marks += [*_reds(stop, stop.along, stop.distance + APART * span, diagram, "along")]
        marks += [*_reds(stop, stop.back, stop.distance - APART * span, diagram, "back")]
    directions = [each.direction for each in diagram.bands]
    return chart_of(
        result,
        name="time_space",
        evidence=_evidence(diagram) | {"plan": plan},
        marks=marks,
        table=_table(diagram),
        axes=(
            number_axis([0.0, until], zero=True, most=6, unit=say("labels.seconds_short")),
            Axis(range=(low - 0.06 * span, high + 0.06 * span),
                 ticks=tuple((each.distance, say("charts.time_space.stop", {"junction": each.title, "metres": each.distance}))
                             for each in diagram.stops)),
        ),
        headline=("headline_none", "headline_one", "headline")[len(directions)],
        caveats=caveats,
        key=(
            Key("ink2", say("charts.time_space.red"), "line"),
            *(Key(ROLES[each][1], say(f"charts.time_space.band_{each}")) for each in directions),
        ),
        height=max(LEAST, ROW * len(diagram.stops) + 90),
        right=16,
        key_width=330,
    )  # fmt: skip


def _reds(
    stop: Stop, greens: tuple[tuple[float, float], ...], y: float, diagram: TimeSpaceDiagram, way: str
) -> Iterator[Mark]:
    """Where a direction has red, over the cycles that are drawn."""
    hover = say(f"charts.time_space.hover_{way}", {
        "junction": stop.title, "green": sum(end - start for start, end in greens), "cycle": diagram.cycle, "offset": stop.offset,
    })  # fmt: skip
    for start, end in reds_of(greens, diagram.cycle, CYCLES):
        yield Line([start, end], [y, y], "ink2", 4.0, hover=2 * [hover])


def reds_of(greens: tuple[tuple[float, float], ...], cycle: float, cycles: int) -> list[tuple[float, float]]:
    """What greens leave of several cycles.

    Parameters
    ----------
    greens : start and end in seconds, the start within the cycle.
    cycle : seconds.
    cycles : how many, from 0 on.

    Returns
    -------
    list of tuple
        Start and end of each red, in order.

    Examples
    --------
    >>> reds_of(((50.0, 70.0),), 60.0, 2)
    [(10.0, 50.0), (70.0, 110.0)]
    """
    until = cycles * cycle
    shown = sorted(
        (max(start + turn * cycle, 0.0), min(end + turn * cycle, until))
        for start, end in greens
        for turn in range(-1, cycles)
        if end + turn * cycle > 0 and start + turn * cycle < until
    )
    reds, at = [], 0.0
    for start, end in shown:
        if start > at:
            reds.append((at, start))
        at = max(at, end)
    return [*reds, (at, until)] if at < until else reds


def _band(band: Band, diagram: TimeSpaceDiagram, low: float, high: float, until: float) -> Iterator[Mark]:
    """The band of a direction in each cycle, as far as it is drawn, with its two edges."""
    fill, edge = ROLES[band.direction]
    travel = (high - low) / band.speed
    for turn in range(-CYCLES, CYCLES):
        start, end = band.start + turn * diagram.cycle, band.end + turn * diagram.cycle
        if end + travel <= 0 or start >= until:
            continue
        turns = np.array([start, end, start + travel, end + travel, 0.0, until])
        x = np.unique(np.clip(turns[(turns >= start) & (turns <= end + travel)], 0.0, until))
        first, last = (_way(band, x, since, low, high) for since in (start, end))
        bottom, top = (last, first) if band.direction == "along" else (first, last)
        yield Area(x, bottom, top, role=fill)
        hover = say(
            f"charts.time_space.hover_band_{band.direction}",
            {"seconds": band.end - band.start, "speed": 3.6 * band.speed},
        )
        for since in (start, end):
            ends = np.clip([since, since + travel], 0.0, until)
            if ends[1] > ends[0]:
                yield Line(ends, _way(band, ends, since, low, high), edge, 1.4, hover=2 * [hover])


def _way(band: Band, x: npt.NDArray[np.float64], since: float, low: float, high: float) -> npt.NDArray[np.float64]:
    """Where a vehicle is that passes the first junction of its direction at a second."""
    gone = np.clip((x - since) * band.speed, 0.0, high - low)
    return low + gone if band.direction == "along" else high - gone


def _evidence(diagram: TimeSpaceDiagram) -> dict[str, Any]:
    widths = {each.direction: each.end - each.start for each in diagram.bands}
    ends = [each.title for each in (diagram.stops if "along" in widths else diagram.stops[::-1])]
    return {
        "corridor": diagram.corridor,
        "n": len(diagram.stops),
        "cycle": diagram.cycle,
        "speed": 3.6 * diagram.speed,
        "along": widths.get("along", 0.0),
        "back": widths.get("back", 0.0),
        "one": max(widths.values(), default=0.0),
        "first": ends[0],
        "last": ends[-1],
    }


def _table(diagram: TimeSpaceDiagram) -> pd.DataFrame:
    rows = [
        (stop.title, stop.distance, stop.offset, say(f"charts.time_space.way_{way}"), start, end)
        for stop in diagram.stops
        for way, greens in (("along", stop.along), ("back", stop.back))
        for start, end in greens
    ]
    second = say("labels.seconds")
    heads = [column("junction"), column("distance", unit="m"), column("offset", unit=second), column("direction"),
             column("green_from", unit=second), column("green_to", unit=second)]  # fmt: skip
    return pd.DataFrame(rows, columns=heads)
