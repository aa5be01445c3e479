"""A small town's roads made by hand: a grid of nodes, some full, one option, three counters; signals on a main road."""

from __future__ import annotations

from dataclasses import replace

import example_results as examples
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from analytics.results import Result
from analytics.signals import (
    Layout,
    Movement,
    Phase,
    TimeSpaceDiagram,
    Timing,
    TimingDiagram,
    Turn,
    time_space_diagram,
    timing_diagram,
)
from analytics.traffic.picture import RoadUsers, Traffic, crossings, lines_of

STREETS, AVENUES, STEP = 4, 3, 2_500.0
WEST, SOUTH = examples.WEST + 1_000.0, examples.SOUTH + 1_000.0


def node(street: int, avenue: int) -> str:
    return f"n{street}{avenue}"


def roads(*, option: str = "") -> Traffic:
    """A grid of two-way streets and avenues; the fuller the nearer the first street."""
    rows, shapes = [], []
    for street in range(STREETS):
        for avenue in range(AVENUES):
            for across, up in ((1, 0), (0, 1)):
                if street + up < STREETS and avenue + across < AVENUES:
                    ends = [(street, avenue), (street + up, avenue + across)]
                    name = f"Street {street}" if across else f"Avenue {avenue}"
                    for first, last in (ends, ends[::-1]):
                        rows.append((name, node(*first), node(*last), 1_900.0 - 400.0 * street + 90.0 * avenue))
                        shapes.append(
                            shapely.LineString([(WEST + STEP * y, SOUTH + STEP * x) for x, y in (first, last)])
                        )
    links = pd.DataFrame(rows, columns=["name", "from_node", "to_node", "volume"])
    links.index = pd.Index([f"L{place}" for place in range(len(links))], name="link_id")
    links.loc["L0", "name"] = ""
    links = links.assign(kind="main", road=True, length=STEP / 1000, lanes=2.0, capacity=1_600.0, free_time=3.0)
    links["time"] = links["free_time"] * (1 + 0.15 * (links["volume"] / links["capacity"]) ** 4)
    ends = crossings(links)
    links["from_name"], links["to_name"] = ends.iloc[: len(links)], ends.iloc[len(links) :]
    if option:
        links["volume_option"] = links["volume"].where(links.index != "L2", links["volume"] + 700.0)
        links.loc["L4", "volume_option"] -= 500.0
        links["time_option"] = links["free_time"] * (1 + 0.15 * (links["volume_option"] / links["capacity"]) ** 4)
    counted = pd.DataFrame(
        {"link_id": ["L2", "L4", "L8"], "observed": [1_880.0, 1_500.0, 800.0], "x": WEST, "y": SOUTH},
        index=pd.Index(["C1", "C2", "C3"], name="counter_id"),
    )
    counted["modelled"] = links.loc[counted["link_id"], "volume"].to_numpy()
    return Traffic(
        made_from=(examples.provenance("roads"),), caveats=examples.CAVEATS[:1], name="roads", title="Main roads",
        hours="morning peak", links=links, lines=lines_of(gpd.GeoSeries(shapes)), counted=counted, layer="ward",
        option=option, gap=1e-5,
    )  # fmt: skip


def many(count: int) -> Traffic:
    """As many links as a large city has, in a row of short streets."""
    rng = np.random.default_rng(7)
    x, y = rng.uniform(0, 30_000, count), rng.uniform(0, 24_000, count)
    ids = pd.Index([f"M{place}" for place in range(count)], name="link_id")
    volume = rng.gamma(2.0, 300.0, count)
    links = pd.DataFrame({"name": [f"Road {place % 700}" for place in range(count)], "volume": volume}, index=ids)
    links["from_node"], links["to_node"] = (
        [f"a{place}" for place in range(count)],
        [f"b{place}" for place in range(count)],
    )
    links = links.assign(kind="", road=True, from_name="First Street", to_name="Second Street", length=0.3, lanes=1.0)
    links = links.assign(capacity=900.0, free_time=0.5, time=0.5 + volume / 1_000)
    shapes = gpd.GeoSeries(
        [shapely.LineString([(a, b), (a + 200, b + 60), (a + 300, b)]) for a, b in zip(x, y, strict=True)]
    )
    return replace(roads(), links=links, lines=lines_of(shapes), counted=roads().counted.iloc[:0])


def users() -> RoadUsers:
    """Who uses one road: most begin in the first ward, some outside all wards."""
    origins = pd.Series({"A00": 300.0, "A01": 120.0, "A05": 60.0, "": 20.0})
    destinations = pd.Series({"A11": 350.0, "A07": 150.0})
    pairs = pd.DataFrame({"origin": ["A00"], "destination": ["A11"], "volume": [210.0]})
    return RoadUsers(
        made_from=(examples.provenance("roads"),), network="roads", link_id="L2", road="Street 0", hours="morning peak",
        volume=500.0, origins=origins, destinations=destinations, pairs=pairs, layer="ward",
    )  # fmt: skip


def layout(junction: str) -> Layout:
    """Two through movements and a left that must give way, in two phases."""
    movements = tuple(
        Movement(approach, turn, (1,), 1_800.0)
        for approach, turn in (
            ("west", Turn.THROUGH),
            ("east", Turn.THROUGH),
            ("north", Turn.THROUGH),
            ("west", Turn.LEFT),
        )
    )
    phases = (Phase("main", (0, 1), (3,)), Phase("side", (2,)))
    return Layout(junction, f"Street 0 and Avenue {junction[-1]}", movements, phases)


def timing(greens: tuple[float, float] = (30.0, 20.0), *, offset: float = 0.0, junction: str = "J0") -> TimingDiagram:
    return timing_diagram(layout(junction), Timing(greens, offset))


def corridor(*, offsets: tuple[float, ...] = (0.0, 20.0, 40.0)) -> TimeSpaceDiagram:
    """Three junctions 300 m apart at 15 m/s: offsets of 20 s carry a wave along."""
    names = [f"J{place}" for place in range(len(offsets))]
    return time_space_diagram(
        "Street 0", [layout(each) for each in names], [Timing((30.0, 20.0), each) for each in offsets],
        distances=[300.0 * place for place in range(len(offsets))], along=dict.fromkeys(names, "west.through"),
        back=dict.fromkeys(names, "east.through"), speed=15.0,
    )  # fmt: skip


def names() -> list[str]:
    """What people called things here: all that no language changes."""
    town = roads()
    found = [
        *town.links["name"],
        *town.links.index,
        *town.links["from_name"],
        *town.links["to_name"],
        *town.counted.index,
    ]
    return [*found, str(town.title), str(town.hours), "west", "east", "north", layout("J0").title]


def result() -> Result:
    """What the diagrams of signals belong to."""
    return Result(made_from=(examples.provenance("signals"),), caveats=examples.CAVEATS[:1])
