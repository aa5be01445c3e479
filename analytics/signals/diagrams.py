"""What a timing diagram and a time-space diagram are drawn from: who has green when, and the bands along a corridor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from analytics.signals.layouts import Layout
from analytics.signals.timings import Timing

__all__ = [
    "Band", "Stop", "TimeSpaceDiagram", "TimingDiagram", "TimingRow", "Window", "bands_of", "green_windows",
    "time_space_diagram", "timing_diagram",
]  # fmt: skip

Direction = Literal["along", "back"]


@dataclass(frozen=True)
class Window:
    """Seconds of a cycle from ``start`` to ``end`` (which may lie beyond the cycle's end) in one state."""

    start: float
    end: float
    state: Literal["green", "permitted", "yellow", "all_red"]


@dataclass(frozen=True)
class TimingRow:
    """What one movement, or one phase, has in a cycle: red wherever no window is."""

    name: str
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class TimingDiagram:
    """A cycle of one junction: ``phases`` one row each, and ``movements`` likewise; seconds from the cycle's start."""

    junction_id: str
    title: str
    cycle: float
    offset: float
    phases: tuple[TimingRow, ...]
    movements: tuple[TimingRow, ...]


@dataclass(frozen=True)
class Stop:
    """A junction of a corridor: metres along it, and its greens in seconds of the corridor's clock, by direction.

    Each green is (start, end) with the start within the cycle; the end may lie beyond it.
    """

    junction_id: str
    title: str
    distance: float
    offset: float
    along: tuple[tuple[float, float], ...]
    back: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Band:
    """A stretch of time in which a vehicle at ``speed`` (m/s) meets green at every junction.

    ``start`` and ``end`` are when it passes the first stop of its direction: the nearest for "along", the farthest for
    "back".
    """

    direction: Direction
    start: float
    end: float
    speed: float


@dataclass(frozen=True)
class TimeSpaceDiagram:
    """A corridor over its common cycle: the stops by distance, and the bands of both directions."""

    corridor: str
    cycle: float
    speed: float
    stops: tuple[Stop, ...]
    bands: tuple[Band, ...]

    @property
    def width(self) -> float:
        """Seconds of both directions' bands together."""
        return sum(each.end - each.start for each in self.bands)


def timing_diagram(layout: Layout, timing: Timing) -> TimingDiagram:
    """The rows of a timing diagram.

    Parameters
    ----------
    layout : whose phases they are.
    timing : how long each is green.

    Returns
    -------
    TimingDiagram
        Seconds from the cycle's start, whatever the offset.
    """
    phases, at = [], 0.0
    for green, phase in zip(timing.greens, layout.phases, strict=True):
        ends = (at + green, at + green + phase.yellow, at + green + phase.change)
        states = (Window(at, ends[0], "green"), Window(ends[0], ends[1], "yellow"), Window(ends[1], ends[2], "all_red"))
        phases.append(TimingRow(phase.name, tuple(each for each in states if each.end > each.start)))
        at = ends[2]
    movements = tuple(
        TimingRow(each.name, green_windows(layout, timing, place)) for place, each in enumerate(layout.movements)
    )
    return TimingDiagram(layout.junction_id, layout.title, at, timing.offset, tuple(phases), movements)


def green_windows(layout: Layout, timing: Timing, movement: int) -> tuple[Window, ...]:
    """When a movement may go, in seconds of the cycle; neighbours of the same state are one.

    Parameters
    ----------
    layout, timing : the junction and its plan.
    movement : its place among the layout's.

    Returns
    -------
    tuple of Window
        In their order; a green that spans the cycle's end is one window, its end beyond the cycle.
    """
    may = layout.right_of_way()[movement]
    found: list[Window] = []
    at = 0.0
    for state, seconds in zip(may, timing.intervals(layout), strict=True):
        if state and seconds > 0:
            word: Literal["green", "permitted"] = "green" if state == 1 else "permitted"
            if found and found[-1].end == at and found[-1].state == word:
                found[-1] = Window(found[-1].start, at + seconds, word)
            else:
                found.append(Window(at, at + seconds, word))
        at += seconds
    if len(found) > 1 and found[0].start == 0.0 and found[-1].end == at and found[0].state == found[-1].state:
        found = [*found[1:-1], Window(found[-1].start, at + found[0].end, found[0].state)]
    return tuple(found)


def time_space_diagram(
    corridor: str, layouts: Sequence[Layout], timings: Sequence[Timing], *, distances: Sequence[float],
    along: Mapping[str, str], back: Mapping[str, str], speed: float,
) -> TimeSpaceDiagram:  # fmt: skip
    """The rows and bands of a corridor.

    Parameters
    ----------
    corridor : its name.
    layouts, timings : of its junctions, with one common cycle.
    distances : metres along it.
    along, back : by junction, the movement (``north.through``) that travels each way.
    speed : metres a second between junctions.

    Returns
    -------
    TimeSpaceDiagram
        Stops by distance.
    """
    order = sorted(range(len(layouts)), key=lambda place: distances[place])
    cycle = timings[order[0]].cycle(layouts[order[0]])
    stops = []
    for place in order:
        layout, timing = layouts[place], timings[place]
        greens = []
        for named in (along, back):
            names = [each.name for each in layout.movements]
            movement = names.index(named[layout.junction_id])
            windows = green_windows(layout, timing, movement)
            greens.append(_on_clock([(each.start, each.end) for each in windows], timing.offset, cycle))
        stops.append(Stop(layout.junction_id, layout.title, distances[place], timing.offset % cycle, *greens))
    bands = bands_of(stops, cycle=cycle, speed=speed)
    return TimeSpaceDiagram(corridor, cycle, speed, tuple(stops), bands)


def _on_clock(greens: Sequence[tuple[float, float]], offset: float, cycle: float) -> tuple[tuple[float, float], ...]:
    starts = [((start + offset) % cycle, end - start) for start, end in greens]
    return tuple((start, start + length) for start, length in sorted(starts))


def bands_of(stops: Sequence[Stop], *, cycle: float, speed: float) -> tuple[Band, ...]:
    """The widest band of each direction, where there is one.

    Parameters
    ----------
    stops : by distance.
    cycle : seconds, common to all.
    speed : metres a second.

    Returns
    -------
    tuple of Band
        At most one a direction.
    """
    found = []
    first, last = stops[0].distance, stops[-1].distance
    directions: tuple[Direction, Direction] = ("along", "back")
    for direction in directions:
        windows = []
        for stop in stops:
            away = stop.distance - first if direction == "along" else last - stop.distance
            greens = stop.along if direction == "along" else stop.back
            windows.append([(start - away / speed, end - away / speed) for start, end in greens])
        if widest := _overlap(windows, cycle):
            found.append(Band(direction, *widest, speed))
    return tuple(found)


def _overlap(windows: Sequence[Sequence[tuple[float, float]]], cycle: float) -> tuple[float, float] | None:
    """The longest stretch, modulo the cycle, that lies in a window of each stop."""
    common = [(start % cycle, start % cycle + (end - start)) for start, end in windows[0]]
    for each in windows[1:]:
        shifted = [
            (start % cycle + turn * cycle, start % cycle + turn * cycle + (end - start))
            for start, end in each
            for turn in (-1, 0, 1)
        ]
        common = [
            (max(low, start), min(high, end))
            for low, high in common
            for start, end in shifted
            if min(high, end) > max(low, start)
        ]
    return max(common, key=lambda each: each[1] - each[0], default=None)
