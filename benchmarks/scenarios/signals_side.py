"""Signals of published networks (Ault and Sharon 2021) as layouts, and their plans as programs of the simulator."""

from __future__ import annotations

import gzip
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from analytics.signals import Layout, Movement, Phase, Timing, Turn
from analytics.signals.layouts import IDEAL_SATURATION, SATURATION_FACTOR
from analytics.signals.optimise import Flows
from analytics.signals.simulation import Case, SignalProgram

__all__ = ["Published", "PublishedSignal", "published"]

WINDOWS = {"cologne1": (25_200, 28_800), "cologne3": (25_200, 28_800), "ingolstadt1": (57_600, 61_200)}
TURNS = {
    "s": Turn.THROUGH,
    "l": Turn.LEFT,
    "r": Turn.RIGHT,
    "t": Turn.LEFT,
}  # who turns round stands with those to the left
QUARTERS = ("q0_15", "q15_30", "q30_45", "q45_60")
LEAST = 5.0  # seconds of green, as the networks state it for their own controllers

Turned = Mapping[tuple[str, str], Sequence[float]]


@dataclass(frozen=True)
class PublishedSignal:
    """A signal: its layout and flows, the plan that is embedded, and by phase the states of its green and of what follows."""

    name: str
    layout: Layout
    flows: Flows
    embedded: Timing
    states: tuple[tuple[str, tuple[tuple[float, str], ...]], ...]

    def program(self, timing: Timing) -> SignalProgram:
        """A plan as the simulator runs it."""
        stretches = []
        for (state, change), green in zip(self.states, timing.greens, strict=True):
            stretches += [(green, state), *change]
        return SignalProgram(self.name, tuple(stretches), timing.offset)


@dataclass(frozen=True)
class Published:
    """A network with its travellers and its signals."""

    case: Case
    signals: tuple[PublishedSignal, ...] = field(default=())


def published(name: str, *, source: Path, folder: Path) -> Published:
    """A network of the collection, unpacked into a folder."""
    files = {}
    for kind in ("net", "rou"):
        files[kind] = folder / f"{name}.{kind}.xml"
        files[kind].write_bytes(gzip.decompress((source / f"{name}.{kind}.xml.gz").read_bytes()))
    begin, end = WINDOWS[name]
    case = Case(files["net"], files["rou"], begin, end)
    counted = source / f"{name}_turning_counts.csv"
    turned = _counted(counted) if counted.is_file() else _driven(files["rou"], begin, end)
    root = ET.parse(files["net"]).getroot()
    return Published(case, tuple(_signal(root, logic, turned) for logic in root.findall("tlLogic")))


def _counted(path: Path) -> Turned:
    table = pd.read_csv(path)
    pairs = zip(table["from_edge"], table["to_edge"], table[list(QUARTERS)].to_numpy(), strict=True)
    return {(first, second): counts for first, second, counts in pairs}


def _driven(path: Path, begin: float, end: float) -> Turned:
    """Turns by quarter of an hour of departure, where every way is given edge by edge."""
    found: dict[tuple[str, str], list[float]] = {}
    for each in ET.parse(path).getroot().findall("vehicle"):
        at, route = float(each.get("depart", "0")), each.find("route")
        if begin <= at < end and route is not None:
            edges = route.get("edges", "").split()
            for pair in pairwise(edges):
                found.setdefault(pair, [0.0] * 4)[int((at - begin) // 900)] += 1
    return found


def _signal(root: ET.Element, logic: ET.Element, turned: Turned) -> PublishedSignal:
    name = logic.get("id", "")
    links = [each for each in root.findall("connection") if each.get("tl") == name]
    links.sort(key=lambda each: int(each.get("linkIndex", "0")))
    moves: dict[tuple[str, Turn], list[ET.Element]] = {}
    for each in links:
        moves.setdefault((each.get("from", ""), TURNS[each.get("dir", "s").lower()]), []).append(each)
    movements = tuple(
        Movement(approach, turn, tuple(sorted({int(each.get("fromLane", "0")) + 1 for each in own})),
                 IDEAL_SATURATION * SATURATION_FACTOR[turn], assumed=True)
        for (approach, turn), own in moves.items()
    )  # fmt: skip
    flows = np.zeros((4, len(movements)))
    for place, ((approach, _), own) in enumerate(moves.items()):
        for to in {each.get("to", "") for each in own}:
            flows[:, place] += 4 * np.asarray(turned.get((approach, to), [0.0] * 4))
    phases, states = _phases(logic, [[int(each.get("linkIndex", "0")) for each in own] for own in moves.values()])
    greens = tuple(
        float(each.get("duration", "0")) for each in logic.findall("phase") if "y" not in each.get("state", "")
    )
    follows = np.array([False, True, True, True])
    return PublishedSignal(
        name, Layout(name, name, movements, phases), Flows(flows, 0.25, follows), Timing(greens), states
    )


def _phases(
    logic: ET.Element, links: list[list[int]]
) -> tuple[tuple[Phase, ...], tuple[tuple[str, tuple[tuple[float, str], ...]], ...]]:
    stretches = [(float(each.get("duration", "0")), each.get("state", "")) for each in logic.findall("phase")]
    groups: list[tuple[str, list[tuple[float, str]]]] = []
    for seconds, state in stretches:
        if "y" in state:
            groups[-1][1].append((seconds, state))
        else:
            groups.append((state, []))
    phases = []
    for number, (state, change) in enumerate(groups):
        letters = [{state[index] for index in own} for own in links]
        go = tuple(place for place, own in enumerate(letters) if "G" in own)
        gap = tuple(place for place, own in enumerate(letters) if "g" in own and "G" not in own)
        phases.append(Phase(str(number), go, gap, sum(seconds for seconds, _ in change), 0.0, LEAST))
    return tuple(phases), tuple((state, tuple(change)) for state, change in groups)
