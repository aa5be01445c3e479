"""A junction as files of the simulator SUMO: its roads, who drives where, and its programs."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analytics.errors import AnalyticsError
from analytics.signals.bearings import bearings_of, degrees_apart
from analytics.signals.layouts import Layout, Movement, Turn
from analytics.signals.timings import Timing

__all__ = [
    "SAME_LEG", "SIGNAL", "Roads", "Sketch", "lanes_in", "lanes_out", "program_of", "read_links", "ways_out", "write_network",
    "write_routes",
]  # fmt: skip

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


@dataclass(frozen=True)
class Sketch:
    """Roads as they are drawn for netconvert, piece by piece."""

    nodes: ET.Element = field(default_factory=lambda: ET.Element("nodes"))
    edges: ET.Element = field(default_factory=lambda: ET.Element("edges"))
    connections: ET.Element = field(default_factory=lambda: ET.Element("connections"))

    def node(self, name: str, at: tuple[float, float], kind: str) -> None:
        """A point where roads begin, end or cross.

        Parameters
        ----------
        name, kind : as SUMO takes them.
        at : metres east and north.
        """
        ET.SubElement(self.nodes, "node", id=name, x=f"{at[0]:.2f}", y=f"{at[1]:.2f}", type=kind)

    def edge(self, name: str, ends: tuple[str, str], lanes: int, *, speed: float = SPEED, metres: float = 0.0) -> None:
        """A road of one direction.

        Parameters
        ----------
        name : of the road.
        ends : the nodes at which it begins and ends.
        lanes : how many.
        speed : metres a second.
        metres : its length, where it is not that of a straight line.
        """
        about = {"id": name, "from": ends[0], "to": ends[1], "numLanes": str(lanes), "speed": f"{speed:g}"}
        ET.SubElement(self.edges, "edge", about | ({"length": f"{metres:g}"} if metres else {}))

    def leg(self, signal: str, name: str, degrees: float, lanes: int, *, at: tuple[float, float], inward: bool) -> None:
        """A road between a signal and nowhere.

        Parameters
        ----------
        signal : its node.
        name : of the road.
        degrees : from north, where it leaves the signal.
        lanes : how many.
        at : metres east and north of the signal.
        inward : whether it leads to the signal.
        """
        east, north = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
        self.node(f"end_{name}", (at[0] + ROAD_METRES * float(east), at[1] + ROAD_METRES * float(north)), "priority")
        self.edge(name, (f"end_{name}", signal) if inward else (signal, f"end_{name}"), lanes)

    def turns(self, layout: Layout, ends: Mapping[int, tuple[str, str]], lanes: Mapping[str, int]) -> None:
        """Which lane leads to which.

        Parameters
        ----------
        layout : the junction.
        ends : by movement, the edges that it leads from and to.
        lanes : by edge that leads away, how many it has.
        """
        for place, move in enumerate(layout.movements):
            first, last = ends[place]
            for nth, lane in enumerate(move.lanes):
                about = {"from": first, "to": last, "fromLane": str(lane - 1), "toLane": str(min(nth, lanes[last] - 1))}
                ET.SubElement(self.connections, "connection", about)

    def made(self, folder: Path, netconvert: Path) -> Path:
        """The network, made by SUMO's netconvert.

        Parameters
        ----------
        folder : where the files are written.
        netconvert : SUMO's program.

        Returns
        -------
        Path
            Of the network's file.

        Raises
        ------
        AnalyticsError
            When the program fails, or takes longer than a minute.
        """
        kinds = {"node": self.nodes, "edge": self.edges, "connection": self.connections}
        for name, root in kinds.items():
            ET.ElementTree(root).write(folder / f"roads.{name}.xml")
        path = folder / "roads.net.xml"
        files = [f"--{name}-files={folder / f'roads.{name}.xml'}" for name in kinds]
        how = (f"--output-file={path}", "--no-turnarounds", "--no-warnings", "--tls.discard-simple=false")
        try:
            subprocess.run([str(netconvert), *files, *how], check=True, capture_output=True, timeout=60)
        except subprocess.CalledProcessError as error:
            raise AnalyticsError("simulator_failed", status=error.returncode) from error
        except subprocess.TimeoutExpired as error:
            raise AnalyticsError("simulator_late", minutes=1) from error
        return path


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
    into, sketch = bearings_of(layout, bearings), Sketch()
    out = ways_out(layout, into)
    sketch.node(SIGNAL, (0.0, 0.0), "traffic_light")
    for name, n in lanes_in(layout).items():
        sketch.leg(SIGNAL, f"in_{name}", into[name], n, at=(0.0, 0.0), inward=True)
    most = lanes_out(layout, out)
    for leg, n in most.items():
        sketch.leg(SIGNAL, f"out_{leg:g}", leg, n, at=(0.0, 0.0), inward=False)
    ends = {place: (f"in_{each.approach}", f"out_{out[place]:g}") for place, each in enumerate(layout.movements)}
    sketch.turns(layout, ends, {f"out_{leg:g}": n for leg, n in most.items()})
    return read_links(sketch.made(folder, netconvert), SIGNAL, ends)


def lanes_in(layout: Layout) -> dict[str, int]:
    """Lanes by approach."""
    return {
        each: max(lane for m in layout.movements if m.approach == each for lane in m.lanes)
        for each in layout.approaches
    }


def ways_out(layout: Layout, into: Mapping[str, float]) -> dict[int, float]:
    """By movement, the degrees from north at which it leaves: those of an approach that comes from about there.

    Parameters
    ----------
    layout : the junction.
    into : degrees by approach.

    Returns
    -------
    dict
        By the movement's place.
    """
    return {place: _way_out(into, each) for place, each in enumerate(layout.movements)}


def lanes_out(layout: Layout, out: Mapping[int, float]) -> dict[float, int]:
    """Lanes by way out: as many as the movement with most has.

    Parameters
    ----------
    layout : the junction.
    out : as ``ways_out`` gives it.

    Returns
    -------
    dict
        By degrees.
    """
    return {leg: max(len(layout.movements[m].lanes) for m, own in out.items() if own == leg) for leg in out.values()}


def _way_out(into: Mapping[str, float], move: Movement) -> float:
    wanted = (into[move.approach] + TURNED[move.turn]) % 360
    apart = {degrees: degrees_apart(degrees, wanted) for name, degrees in into.items() if name != move.approach}
    near = min(apart, key=lambda degrees: apart[degrees], default=wanted)
    return near if apart and apart[near] <= SAME_LEG else wanted


def read_links(path: Path, signal: str, ends: Mapping[int, tuple[str, str]]) -> Roads:
    """The links of one signal of a network.

    Parameters
    ----------
    path : of the network.
    signal : its node.
    ends : by movement, the edges that it leads from and to.

    Returns
    -------
    Roads
        With the places of the links in the signal's states.
    """
    links: dict[int, list[int]] = {place: [] for place in ends}
    places = {pair: place for place, pair in ends.items()}
    size = 0
    for each in ET.parse(path).getroot().iter("connection"):
        if each.get("tl") == signal and (each.get("from"), each.get("to")) in places:
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
