"""A junction as files of the simulator SUMO: its roads, who drives where, and its programs."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analytics.signals.bearings import bearings_of
from analytics.signals.layouts import Layout, Movement, Turn
from analytics.signals.timings import Timing

__all__ = ["SIGNAL", "Roads", "program_of", "write_network", "write_routes"]

SIGNAL = "signal"
ROAD_METRES = 400.0  # of each road: room for a queue of some sixty vehicles
SPEED = 13.89  # metres a second, 50 km/h
TURNED = {
    Turn.THROUGH: 180.0,
    Turn.LEFT: 90.0,
    Turn.RIGHT: -90.0,
}  # from where one comes to where one goes, driving right
SAME_LEG = 44.0  # degrees within which a way out is that of an approach


@dataclass(frozen=True)
class Roads:
    """A network file, and by movement the indices of its links in the signal's states."""

    path: Path
    links: Mapping[int, tuple[int, ...]]
    edges: Mapping[int, tuple[str, str]]
    size: int


def write_network(
    layout: Layout, folder: Path, *, netconvert: Path, bearings: Mapping[str, float] | None = None
) -> Roads:
    """The roads of a junction, made by SUMO's netconvert.

    Parameters
    ----------
    layout : the junction.
    folder : where the files are written.
    netconvert : SUMO's program.
    bearings : degrees by approach, where they are known.

    Returns
    -------
    Roads
        One edge in for each approach, and one out for each way that a movement takes.
    """
    into = bearings_of(layout, bearings)
    out = {place: _way_out(into, each) for place, each in enumerate(layout.movements)}
    lanes = {each: max(lane for m in layout.movements if m.approach == each for lane in m.lanes) for each in into}
    nodes, edges, connections = ET.Element("nodes"), ET.Element("edges"), ET.Element("connections")
    ET.SubElement(nodes, "node", id=SIGNAL, x="0", y="0", type="traffic_light")
    for name, degrees in into.items():
        _road(nodes, edges, f"in_{name}", degrees, lanes[name], inward=True)
    most = {leg: max(len(layout.movements[m].lanes) for m, own in out.items() if own == leg) for leg in out.values()}
    for leg, n in most.items():
        _road(nodes, edges, f"out_{leg:g}", leg, n, inward=False)
    ends = {}
    for place, move in enumerate(layout.movements):
        ends[place] = (f"in_{move.approach}", f"out_{out[place]:g}")
        for nth, lane in enumerate(move.lanes):
            about = {"from": ends[place][0], "to": ends[place][1], "fromLane": str(lane - 1), "toLane": str(nth)}
            ET.SubElement(connections, "connection", about)
    for name, root in (("nod", nodes), ("edg", edges), ("con", connections)):
        ET.ElementTree(root).write(folder / f"junction.{name}.xml")
    path = folder / "junction.net.xml"
    files = [
        f"--{key}={folder / f'junction.{name}.xml'}" for key, name in (("node-files", "nod"), ("edge-files", "edg"))
    ]
    files += [f"--connection-files={folder / 'junction.con.xml'}", f"--output-file={path}"]
    subprocess.run(
        [str(netconvert), *files, "--no-turnarounds", "--no-warnings", "--tls.discard-simple=false"],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return _read_links(path, ends)


def _way_out(into: Mapping[str, float], move: Movement) -> float:
    wanted = (into[move.approach] + TURNED[move.turn]) % 360
    apart = {
        degrees: abs((degrees - wanted + 180) % 360 - 180) for name, degrees in into.items() if name != move.approach
    }
    near = min(apart, key=lambda degrees: apart[degrees], default=wanted)
    return near if apart and apart[near] <= SAME_LEG else wanted


def _road(nodes: ET.Element, edges: ET.Element, name: str, degrees: float, lanes: int, *, inward: bool) -> None:
    x, y = ROAD_METRES * np.sin(np.radians(degrees)), ROAD_METRES * np.cos(np.radians(degrees))
    ET.SubElement(nodes, "node", id=f"end_{name}", x=f"{x:.2f}", y=f"{y:.2f}", type="priority")
    ends = (f"end_{name}", SIGNAL) if inward else (SIGNAL, f"end_{name}")
    about = {"id": name, "from": ends[0], "to": ends[1], "numLanes": str(lanes), "speed": str(SPEED)}
    ET.SubElement(edges, "edge", about)


def _read_links(path: Path, ends: Mapping[int, tuple[str, str]]) -> Roads:
    links: dict[int, list[int]] = {place: [] for place in ends}
    places = {pair: place for place, pair in ends.items()}
    size = 0
    for each in ET.parse(path).getroot().iter("connection"):
        if each.get("tl") == SIGNAL and (each.get("from"), each.get("to")) in places:
            index = int(each.get("linkIndex", "0"))
            links[places[str(each.get("from")), str(each.get("to"))]].append(index)
            size = max(size, index + 1)
    return Roads(path, {place: tuple(sorted(own)) for place, own in links.items()}, dict(ends), size)


def program_of(layout: Layout, timing: Timing, roads: Roads) -> tuple[tuple[float, str], ...]:
    """Seconds and states of a plan: green with priority (G) or after others (g), yellow (y), red (r).

    Parameters
    ----------
    layout, timing : the junction and its plan.
    roads : whose links the states are of.

    Returns
    -------
    tuple
        Of (seconds, state) in their order, stretches without seconds left out.
    """
    may = layout.right_of_way()
    found: list[tuple[float, str]] = []
    for place, (green, phase) in enumerate(zip(timing.greens, layout.phases, strict=True)):
        now, between = may[:, 2 * place], may[:, 2 * place + 1]
        ending = (now > 0) & (between == 0)
        found.append((green, _state(now, np.zeros_like(ending), roads)))
        found.append((phase.yellow, _state(between, ending, roads)))
        found.append((phase.all_red, _state(between, np.zeros_like(ending), roads)))
    return tuple(each for each in found if each[0] > 0)


def _state(may: npt.NDArray[np.int8], yellow: npt.NDArray[np.bool_], roads: Roads) -> str:
    letters = ["r"] * roads.size
    for movement, links in roads.links.items():
        letter = "y" if yellow[movement] else "rGg"[may[movement]]
        for index in links:
            letters[index] = letter
    return "".join(letters)


def write_routes(
    path: Path, flows: Sequence[npt.NDArray[np.float64]], roads: Roads, *, begin: float, seconds: float
) -> None:
    """Who drives: arrivals at random by the flows of one period after another.

    Parameters
    ----------
    path : of the file.
    flows : of each period by movement, vehicles an hour.
    roads : the edges that they take.
    begin : second at which the first period starts.
    seconds : that each lasts.
    """
    root = ET.Element("routes")
    for nth, each in enumerate(flows):
        start = begin + nth * seconds
        for movement, (first, last) in roads.edges.items():
            if each[movement] > 0:
                about = {"id": f"{nth}_{movement}", "begin": f"{start:g}", "end": f"{start + seconds:g}"}
                about |= {"from": first, "to": last, "period": f"exp({each[movement] / 3600:.6f})"}
                ET.SubElement(root, "flow", {**about, "departLane": "best", "departSpeed": "max"})
    ET.ElementTree(root).write(path)
