"""A corridor as files of the simulator SUMO: its junctions on one network, and vehicles that drive along it.

Who comes to a junction from the one before is who left that towards it: so vehicles travel in the platoons that its green
made. Where fewer left than were counted, the rest begins between the two; where more, the rest ends there. Each turns by the
shares that were counted, whatever way it took before.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analytics.signals.bearings import degrees_apart, facing
from analytics.signals.sumo_network import SAME_LEG, Roads, Sketch, lanes_in, lanes_out, read_links, ways_out
from analytics.signals.tables import Junction

__all__ = ["CorridorRoads", "Stream", "streams_of", "write_corridor", "write_streams"]

Floats = npt.NDArray[np.float64]
LEAST_METRES = 40.0  # of a road between two junctions: less has no room for a queue


@dataclass(frozen=True)
class CorridorRoads:
    """A network file, the roads of each junction by their order, and the edges between them: from which to which junction."""

    path: Path
    junctions: tuple[Roads, ...]
    between: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Stream:
    """Vehicles an hour that take one way; ``begins`` and ``ends`` say that they do so between two junctions."""

    edges: tuple[str, ...]
    rate: float
    begins: bool = False
    ends: bool = False


def write_corridor(junctions: Sequence[Junction], folder: Path, *, netconvert: Path, speed: float) -> CorridorRoads:
    """The roads of a corridor, made by SUMO's netconvert.

    Parameters
    ----------
    junctions : by distance.
    folder : where the files are written.
    netconvert : SUMO's program.
    speed : metres a second between them.

    Returns
    -------
    CorridorRoads
        Each junction where it stands, as far from the next as the table says.
    """
    sketch = Sketch()
    places = _places(junctions)
    for nth, at in enumerate(places):
        sketch.node(f"s{nth}", at, "traffic_light")
    between: dict[str, tuple[int, int]] = {}
    ends: list[dict[int, tuple[str, str]]] = []
    into: list[dict[str, str]] = []  # by junction, the edge of each approach
    for nth, each in enumerate(junctions):
        own = {}
        for approach, n in lanes_in(each.layout).items():
            first = next((k for k in _beside(nth, places) if approach == _towards(each, places, nth, k)), None)
            if first is None:
                own[approach] = f"in_{nth}_{approach}"
                sketch.leg(f"s{nth}", own[approach], each.bearings[approach], n, at=places[nth], inward=True)
            else:
                own[approach] = f"road_{first}_{nth}"
                between[own[approach]] = (first, nth)
                apart = max(LEAST_METRES, abs(each.distance - junctions[first].distance))
                sketch.edge(own[approach], (f"s{first}", f"s{nth}"), n, speed=speed, metres=apart)
        into.append(own)
    for nth, each in enumerate(junctions):
        out = ways_out(each.layout, each.bearings)
        names: dict[float, str] = {}
        lanes: dict[str, int] = {}
        for leg, n in lanes_out(each.layout, out).items():
            last = next(
                (k for k in _beside(nth, places) if f"road_{nth}_{k}" in between and _leads(leg, places, nth, k)), None
            )
            names[leg] = f"out_{nth}_{leg:g}" if last is None else f"road_{nth}_{last}"
            if last is None:
                sketch.leg(f"s{nth}", names[leg], leg, n, at=places[nth], inward=False)
                lanes[names[leg]] = n
            else:
                approach = next(key for key, edge in into[last].items() if edge == names[leg])
                lanes[names[leg]] = lanes_in(junctions[last].layout)[approach]
        own_ends = {
            place: (into[nth][move.approach], names[out[place]]) for place, move in enumerate(each.layout.movements)
        }
        sketch.turns(each.layout, own_ends, lanes)
        ends.append(own_ends)
    path = sketch.made(folder, netconvert)
    return CorridorRoads(path, tuple(read_links(path, f"s{nth}", own) for nth, own in enumerate(ends)), between)


def _places(junctions: Sequence[Junction]) -> list[tuple[float, float]]:
    """Metres east and north of the first: as far along the line to the last as the table says."""
    (x, y), (further, higher) = junctions[0].place, junctions[-1].place
    long = float(np.hypot(further - x, higher - y)) or 1.0
    east, north = (further - x) / long, (higher - y) / long
    away = [each.distance - junctions[0].distance for each in junctions]
    return [(metres * east, metres * north) for metres in away]


def _beside(nth: int, places: Sequence[tuple[float, float]]) -> list[int]:
    return [each for each in (nth - 1, nth + 1) if 0 <= each < len(places)]


def _towards(junction: Junction, places: Sequence[tuple[float, float]], nth: int, other: int) -> str | None:
    return facing(junction.bearings, places[nth], places[other])


def _leads(leg: float, places: Sequence[tuple[float, float]], nth: int, other: int) -> bool:
    (x, y), (further, higher) = places[nth], places[other]
    return degrees_apart(leg, float(np.degrees(np.arctan2(further - x, higher - y)))) <= SAME_LEG


def streams_of(roads: CorridorRoads, flows: Sequence[Floats]) -> list[Stream]:
    """The ways that vehicles take, such that at each junction as many turn each way as were counted there.

    Parameters
    ----------
    roads : of the corridor.
    flows : by junction, vehicles an hour of each movement.

    Returns
    -------
    list of Stream
        Those without vehicles left out.
    """
    found: list[Stream] = []
    n = len(roads.junctions)
    for step, order in ((1, range(n)), (-1, range(n - 1, -1, -1))):
        coming: dict[str, list[Stream]] = {}
        for nth in order:
            own, counted = roads.junctions[nth], flows[nth]
            for edge in dict.fromkeys(first for first, _ in own.edges.values()):
                moves = {m: float(counted[m]) for m, (first, _) in own.edges.items() if first == edge}
                total = sum(moves.values())
                come_from = roads.between.get(edge)
                if come_from is not None and come_from[0] - nth != -step:
                    continue  # who drives the other way
                arriving = [Stream((edge,), total)] if come_from is None else []
                if come_from is not None:
                    arriving, leaving = _balanced(edge, coming.get(edge, []), total)
                    found += leaving
                for each, (move, vehicles) in _pairs(arriving, moves):
                    last = own.edges[move][1]
                    on = Stream((*each.edges, last), each.rate * vehicles / total, each.begins)
                    goes = roads.between.get(last)
                    if goes is not None and goes[1] - nth == step:
                        coming.setdefault(last, []).append(on)
                    elif goes is None and (step == 1 or come_from is not None):  # from the sides out: once
                        found.append(on)
    return [each for each in found if each.rate > 0]


def _pairs(arriving: Sequence[Stream], moves: Mapping[int, float]) -> Iterator[tuple[Stream, tuple[int, float]]]:
    for each in arriving:
        for move in moves.items():
            if move[1] > 0:
                yield each, move


def _balanced(edge: str, coming: Sequence[Stream], total: float) -> tuple[list[Stream], list[Stream]]:
    """Who comes to the end of a road, and who leaves it before: so that as many come as were counted."""
    come = sum(each.rate for each in coming)
    stay = min(1.0, total / come) if come else 0.0
    arriving = [Stream(each.edges, each.rate * stay, each.begins) for each in coming]
    leaving = [Stream(each.edges, each.rate * (1 - stay), each.begins, ends=True) for each in coming]
    if total > come:
        arriving.append(Stream((edge,), total - come, begins=True))
    return arriving, leaving


def write_streams(
    path: Path, periods: Sequence[Sequence[Stream]], *, lengths: Mapping[str, float], seconds: float
) -> None:
    """Who drives: arrivals at random by the streams of one period after another.

    Parameters
    ----------
    path : of the file.
    periods : the streams of each.
    lengths : metres of the roads between two junctions; who begins or ends there does so half way.
    seconds : that each period lasts.
    """
    root = ET.Element("routes")
    for nth, streams in enumerate(periods):
        for number, each in enumerate(streams):
            about = {"id": f"{nth}_{number}", "begin": f"{nth * seconds:g}", "end": f"{(nth + 1) * seconds:g}"}
            about |= {"period": f"exp({each.rate / 3600:.6f})", "departLane": "best", "departSpeed": "max"}
            about |= {"departPos": f"{lengths[each.edges[0]] / 2:g}"} if each.begins else {}
            about |= {"arrivalPos": f"{lengths[each.edges[-1]] / 2:g}"} if each.ends else {}
            flow = ET.SubElement(root, "flow", about)
            ET.SubElement(flow, "route", edges=" ".join(each.edges))
    ET.ElementTree(root).write(path)
