"""The roads of Meridian: streets in a lattice that is finer in the centre, bridges, a ring road, and where zones join them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from data.sample.draws import normals
from data.sample.names import AVENUES, BRIDGES, STREETS
from data.sample.plan import CENTRE, PLAN_SEED, RIVER_WIDTH, plan_of_meridian

__all__ = ["CORRIDOR", "POWER", "B", "RoadPlan", "roads_of_meridian"]

Floats = npt.NDArray[np.float64]
Place = tuple[int, int]

B, POWER = 0.15, 4.0  # Bureau of Public Roads 1964
WIDE, CLOSE = 1_400, 700  # metres between streets in the suburbs and in the centre
WEST, EAST, SOUTH, NORTH = -2_100, 2_100, -2_100, 2_100  # of the centre's streets
REACH_EAST, REACH_NORTH = 8_400, 7_000  # of all
STRAY = 0.07  # of the spacing: how far a crossing lies from where the lattice has it
SHORE = 70.0  # metres that crossings keep from the water
EDGE = 300.0  # … and from the city's edge
BRIDGE_AT = (-5_600, -2_800, -1_400, 0, 1_400, 2_800, 4_200)
MAIN_STREET, MAIN_REACH = (
    700,
    4_200,
)  # north of the centre: the arterial along which signals are coordinated, and how far it goes
RING = 24  # interchanges
RING_SIZE = (5_900.0, 4_300.0)
RAMP = 1_300.0  # metres from an interchange to the crossing that it serves
# By kind: lanes each way, vehicles an hour a lane, km/h without other traffic.
KINDS = {
    "arterial": (2, 900.0, 50.0),
    "street": (1, 800.0, 40.0),
    "bridge": (2, 1_000.0, 50.0),
    "expressway": (2, 1_900.0, 90.0),
    "ramp": (1, 1_500.0, 50.0),
    "connector": (4, 2_500.0, 30.0),
}
NEAREST = 2  # crossings by which a zone joins the streets
# Six crossings along the main street of the north bank, from west to east, …
CORRIDOR = tuple((east, MAIN_STREET) for east in (-2_100, -1_400, -700, 0, 700, 1_400))
# … and six more elsewhere: what a city would time its signals at.
OTHERS = ((0, 1_400), (-700, 2_100), (2_800, 2_800), (-2_800, 1_400), (0, -1_400), (1_400, -2_100))


@dataclass(frozen=True, eq=False)
class RoadPlan:
    """The roads on the ground.

    ``nodes`` is indexed by node_id: ``x``, ``y`` (metres), ``zone`` (an area_id, "" for none). ``links`` is indexed by link_id,
    one row a direction: ``from_node``, ``to_node``, ``length`` (km), ``lanes``, ``capacity`` (vehicles an hour), ``speed`` (km/h,
    without other traffic), ``kind`` and ``name``. ``junctions`` are twelve crossings with signals, the first six of them along
    one street from west to east (``corridor``).
    """

    nodes: pd.DataFrame
    links: pd.DataFrame
    junctions: tuple[str, ...]

    @property
    def corridor(self) -> tuple[str, ...]:
        """The six junctions along one street."""
        return self.junctions[: len(CORRIDOR)]


@cache
def roads_of_meridian() -> RoadPlan:
    """The roads, always the same."""
    places = _crossings()
    ways = [*_streets(places), *_bridges(places)]
    used = {place for way in ways for place in way[:2]}
    ordered = sorted((place for place in places if place in used), key=lambda place: (-place[1], place[0]))
    name = {place: f"J{number:03d}" for number, place in enumerate(ordered, start=1)}
    rows = [(name[a], name[b], kind, title) for a, b, kind, title in ways]
    crossings = pd.DataFrame([places[place] for place in ordered], columns=["x", "y"], index=list(name.values()))
    ring = _ring()
    rows += [(a, b, "expressway", "Ring Road") for a, b in pairwise([*ring.index, ring.index[0]])]
    rows += list(_ramps(ring, crossings))
    zones = _zones()
    rows += list(_connectors(zones, crossings))
    nodes = pd.concat([zones, crossings.assign(zone=""), ring.assign(zone="")]).rename_axis("node_id")
    junctions = tuple(name[place] for place in (*CORRIDOR, *OTHERS))
    return RoadPlan(nodes.round({"x": 1, "y": 1}), _links(rows, nodes), junctions)


def _crossings() -> dict[Place, Floats]:
    """Where streets cross, by their place in the lattice (metres east and north of the centre)."""
    plan = plan_of_meridian()
    city = plan.neighbourhoods.union_all().buffer(-EDGE)
    water = plan.river.buffer(RIVER_WIDTH / 2 + SHORE)
    found: dict[Place, Floats] = {}
    for east in range(-REACH_EAST, REACH_EAST + 1, CLOSE):
        for north in range(-REACH_NORTH, REACH_NORTH + 1, CLOSE):
            main = north == MAIN_STREET and abs(east) <= MAIN_REACH
            if not (_central(east, north) or (east % WIDE == 0 and (main or north % WIDE == 0))):
                continue
            spacing = CLOSE if _central(east, north) else WIDE
            stray = STRAY * spacing * np.clip(normals(PLAN_SEED, f"crossing/{east}/{north}", 2), -2, 2)
            place = np.array(CENTRE) + np.array([east, north]) + stray
            if shapely.contains_xy(city, *place) and not shapely.contains_xy(water, *place):
                found[east, north] = place
    return found


def _central(east: int, north: int) -> bool:
    return WEST <= east <= EAST and SOUTH <= north <= NORTH


def _streets(places: dict[Place, Floats]) -> Iterator[tuple[Place, Place, str, str]]:
    """Both places of each stretch of street between neighbouring crossings on one bank, its kind and its name."""
    river = plan_of_meridian().river
    for axis in (0, 1):
        for line in sorted({place[axis] for place in places}):
            along = sorted(place for place in places if place[axis] == line)
            for one, other in pairwise(along):
                long = line % WIDE == 0 or (axis == 1 and line == MAIN_STREET)
                if other[1 - axis] - one[1 - axis] > (WIDE if long else CLOSE):
                    continue
                if not shapely.LineString([places[one], places[other]]).intersects(river):
                    yield one, other, _kind(axis, line), _street_name(axis, line)


def _kind(axis: int, line: int) -> str:
    main = line % (2 * WIDE) == 0 if axis == 0 else line in (MAIN_STREET, -4 * CLOSE, 4 * CLOSE)
    return "arterial" if main else "street"


def _street_name(axis: int, line: int) -> str:
    names = AVENUES if axis == 0 else STREETS
    return names[(line // CLOSE + len(names) // 2) % len(names)]


def _bridges(places: dict[Place, Floats]) -> Iterator[tuple[Place, Place, str, str]]:
    """A bridge between the crossings next to the river on each of some avenues."""
    river = plan_of_meridian().river
    for east, title in zip(BRIDGE_AT, BRIDGES, strict=True):
        along = sorted(place for place in places if place[0] == east)
        for one, other in pairwise(along):
            if shapely.LineString([places[one], places[other]]).intersects(river):
                yield one, other, "bridge", title
                break


def _ring() -> pd.DataFrame:
    """Interchanges, from the east against the clock."""
    turn = 2 * np.pi * (np.arange(RING) + 0.5) / RING
    middle = np.array(CENTRE) + np.array([0, 300])
    places = middle + np.column_stack([RING_SIZE[0] * np.cos(turn), RING_SIZE[1] * np.sin(turn)])
    return pd.DataFrame(places, columns=["x", "y"], index=[f"R{number:02d}" for number in range(1, RING + 1)])


def _ramps(ring: pd.DataFrame, crossings: pd.DataFrame) -> Iterator[tuple[str, str, str, str]]:
    """From each interchange to the nearest crossing on its bank, where that is near enough."""
    river = plan_of_meridian().river
    for one, place in ring.iterrows():
        for other, away in _near(place, crossings)[:1]:
            between = shapely.LineString([place[["x", "y"]], crossings.loc[other]])
            if away <= RAMP and not between.intersects(river):
                yield str(one), other, "ramp", ""


def _near(place: pd.Series, crossings: pd.DataFrame) -> list[tuple[str, float]]:
    away = np.hypot(crossings["x"] - place["x"], crossings["y"] - place["y"])
    return [(str(name), float(each)) for name, each in away.sort_values(kind="stable").items()]


def _zones() -> pd.DataFrame:
    """A node in each neighbourhood, where its trips begin and end."""
    shapes = plan_of_meridian().neighbourhoods.geometry
    middle = shapely.get_coordinates(shapely.point_on_surface(shapes.to_numpy()))
    frame = pd.DataFrame(middle, columns=["x", "y"], index=[f"Z{str(area)[1:]}" for area in shapes.index])
    return frame.assign(zone=list(shapes.index))


def _connectors(zones: pd.DataFrame, crossings: pd.DataFrame) -> Iterator[tuple[str, str, str, str]]:
    """From each zone to the nearest crossings on its bank."""
    river = plan_of_meridian().river
    for one, place in zones.iterrows():
        for other, _ in _near(place, crossings)[:NEAREST]:
            if not shapely.LineString([place[["x", "y"]].to_numpy(float), crossings.loc[other]]).intersects(river):
                yield str(one), other, "connector", ""


def _links(rows: Sequence[tuple[str, str, str, str]], nodes: pd.DataFrame) -> pd.DataFrame:
    """Both directions of each stretch."""
    both = [each for a, b, kind, title in rows for each in ((a, b, kind, title), (b, a, kind, title))]
    links = pd.DataFrame(both, columns=["from_node", "to_node", "kind", "name"])
    start, end = (nodes.loc[links[side], ["x", "y"]].to_numpy(float) for side in ("from_node", "to_node"))
    lanes, by_lane, speed = (
        links["kind"].map({kind: each[place] for kind, each in KINDS.items()}) for place in range(3)
    )
    links = links.assign(
        length=(np.hypot(*(end - start).T) / 1000).round(3), lanes=lanes, capacity=lanes * by_lane, speed=speed
    )
    return links.set_axis(pd.Index(links["from_node"] + "-" + links["to_node"], name="link_id"))
