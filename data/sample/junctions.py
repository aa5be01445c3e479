"""Signals of Meridian: twelve junctions, six of them along Guild Street, whose best plans are known by trying all of them.

Who comes keeps one level within each part of the day, so that a part has one best plan; today one plan of 90 seconds runs
at each, its greens shared evenly, all starting at once.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from data.sample.draws import negative_binomial, normals, uniforms
from data.sample.plan import CRS, PLAN_SEED
from data.sample.roads import RoadPlan, roads_of_meridian

__all__ = [
    "BestPlan",
    "PlantedJunction",
    "counts_of_turns",
    "junctions_toml",
    "planted_junctions",
    "planted_signals",
    "write_junctions",
]

Floats = npt.NDArray[np.float64]

PARTS = (7 * 60, 9 * 60, 16 * 60)  # minutes of the day at which the parts begin …
END, QUARTER = 19 * 60, 15  # … and when counting ends; minutes of a count
# By part, how busy each way is of its peak: into the centre (south and east) in the morning, out of it in the evening.
IN, OUT = (1.0, 0.6, 0.7), (0.7, 0.6, 1.0)
DAYS = pd.bdate_range("2026-05-18", periods=5)
DAY_SPREAD, COUNT_SIZE = 0.06, 50.0
SATURATION, LEFT_SATURATION = 1_800.0, 1_700.0
CYCLE, TURNS_GREEN, LONGEST = 90, 15, 120
YELLOW, ALL_RED, MINIMUM = 3, 2, 6
WALKING, START_WALKING = 1.2, 3.2  # m/s and s (Highway Capacity Manual 2000, equation 16-2)
LANE_METRES = 3.5
CORRIDOR = "Guild Street"
TURNS_LEFT = (3, 8)  # of the twelve: these have a phase for turns to the left from the main street
FULL = (0.55, 0.72)  # critical flow over saturation flow in the busiest part
OPPOSITE = {"north": "south", "south": "north", "east": "west", "west": "east"}
RIGHT_OF = {
    "north": "west",
    "west": "south",
    "south": "east",
    "east": "north",
}  # where one who comes from there goes to


@dataclass(frozen=True)
class BestPlan:
    """The plan that loses the fewest vehicle-hours in a part of the day: whole seconds of each phase's green."""

    start: int
    cycle: int
    greens: tuple[int, ...]
    seconds: float


@dataclass(frozen=True)
class PlantedJunction:
    """A junction as it is: its movements by lanes and saturation flow, and their vehicles an hour by part of the day.

    ``phases`` names by phase the movements that go; ``minimums`` are their least greens in seconds. ``arms`` are lanes by arm.
    """

    junction_id: str
    name: str
    node_id: str
    x: float
    y: float
    corridor: str
    distance: float
    arms: dict[str, int]
    lanes: dict[str, str]
    phases: tuple[tuple[str, ...], ...]
    minimums: tuple[int, ...]
    flows: dict[str, tuple[float, ...]]
    best: tuple[BestPlan, ...]


@cache
def planted_junctions() -> tuple[PlantedJunction, ...]:
    """The twelve junctions, those of the corridor first and from west to east."""
    plan = roads_of_meridian()
    return tuple(_planted(plan, number, node) for number, node in enumerate(plan.junctions))


def _planted(plan: RoadPlan, number: int, node: str) -> PlantedJunction:
    arms, names = _arms(plan, node)
    lanes = _lanes(arms, left=number in TURNS_LEFT)
    along = {"north": 0, "south": 0, "east": 1, "west": 1}
    phases = [
        tuple(name for name in lanes if along[name.split(".")[0]] == axis and not _apart(name, arms)) for axis in (0, 1)
    ]
    phases += [tuple(name for name in lanes if _apart(name, arms))] if number in TURNS_LEFT else []
    flows = _flows(node, lanes, arms, phases)
    minimums = _minimums(arms, len(phases))
    street = node in plan.corridor
    (x, y), (west, south) = (
        (float(plan.nodes["x"][each]), float(plan.nodes["y"][each])) for each in (node, plan.corridor[0])
    )
    return PlantedJunction(
        junction_id=f"S{number + 1:02d}", name=" / ".join(names), node_id=node, x=x, y=y,
        corridor=CORRIDOR if street else "",
        distance=float(round(math.hypot(x - west, y - south))) if street else math.nan,
        arms=arms, lanes=lanes, phases=tuple(phases), minimums=minimums, flows=flows,
        best=tuple(_best(lanes, phases, minimums, flows, part) for part in range(len(PARTS))),
    )  # fmt: skip


def _arms(plan: RoadPlan, node: str) -> tuple[dict[str, int], list[str]]:
    """Lanes by arm, and the names of the two streets that cross."""
    links = plan.links[(plan.links["from_node"] == node) & (plan.links["kind"] != "connector")]
    own, found, names = plan.nodes.loc[node], dict[str, int](), dict[str, None]()
    for _, link in links.iterrows():
        other = plan.nodes.loc[link["to_node"]]
        degrees = float(np.degrees(np.arctan2(other["x"] - own["x"], other["y"] - own["y"]))) % 360
        found[("north", "east", "south", "west")[round(degrees / 90) % 4]] = int(link["lanes"])
        if link["kind"] != "bridge":
            names[str(link["name"])] = None
    return {arm: found[arm] for arm in OPPOSITE if arm in found}, list(names)[:2]


def _lanes(arms: dict[str, int], *, left: bool) -> dict[str, str]:
    """The lanes of each movement, by its name; there is no turn to the left but from a lane of its own, or where a road ends."""
    found = {}
    for arm, n in arms.items():
        every = " ".join(str(each + 1) for each in range(n))
        ahead = OPPOSITE[arm] in arms
        if ahead:
            found[f"{arm}.through"] = every
        if RIGHT_OF[arm] in arms:
            found[f"{arm}.right"] = "1"
        if not ahead:
            found[f"{arm}.left"] = every
        elif left and arm in ("east", "west"):
            found[f"{arm}.left"] = str(n + 1)
    return found


def _apart(name: str, arms: dict[str, int]) -> bool:
    """Whether a movement turns left across others, and so has a phase of its own."""
    arm, turn = name.split(".")
    return turn == "left" and OPPOSITE[arm] in arms


def _flows(
    node: str, lanes: dict[str, str], arms: dict[str, int], phases: list[tuple[str, ...]]
) -> dict[str, tuple[float, ...]]:
    """Vehicles an hour of each movement by part, so that the fullest lanes of the phases are as full together as was drawn."""
    chance = uniforms(PLAN_SEED, f"junction/{node}", 8)
    full = FULL[0] + (FULL[1] - FULL[0]) * chance[0]
    share = 0.4 + 0.14 * chance[1]
    ratios = [full * share, full * (1 - share)] if len(phases) == 2 else [0.42 * full, 0.42 * full, 0.16 * full]
    found: dict[str, tuple[float, ...]] = {}
    for ratio, phase in zip(ratios, phases, strict=True):
        for arm in dict.fromkeys(name.split(".")[0] for name in phase):
            own = [name for name in phase if name.startswith(f"{arm}.")]
            n = 1 if _apart(own[0], arms) else arms[arm]
            most = ratio * n * (LEFT_SATURATION if _apart(own[0], arms) else SATURATION)
            busy = IN if arm in ("south", "east") else OUT
            for name, weight in zip(own, (0.85, 0.15) if len(own) == 2 else (1.0,), strict=True):
                found[name] = tuple(float(4 * round(most * weight * each / 4)) for each in busy)
    return found


def _minimums(arms: dict[str, int], phases: int) -> tuple[int, ...]:
    """The least greens: with each phase those walk who cross the other street."""
    widths = [_width(arms, ("east", "west")), _width(arms, ("north", "south"))]
    walked = [int(np.ceil(START_WALKING + width / WALKING)) for width in widths]
    return tuple(max(MINIMUM, each) for each in [*walked, *[0] * (phases - 2)])


def _width(arms: dict[str, int], pair: tuple[str, str]) -> float:
    """Metres across the wider of two arms, both directions together."""
    return max(2 * LANE_METRES * arms[arm] for arm in pair if arm in arms)


def _best(
    lanes: dict[str, str], phases: list[tuple[str, ...]], minimums: tuple[int, ...], flows: dict[str, tuple[float, ...]], part: int
) -> BestPlan:  # fmt: skip
    """The greens of least delay by the formula of the Highway Capacity Manual 2000 (equations 16-9 to 16-12), of all that are
    within the longest cycle.
    """
    lost = len(phases) * (YELLOW + ALL_RED)
    room = LONGEST - lost
    tried = [np.arange(least, room - sum(minimums) + least + 1) for least in minimums]
    greens = np.meshgrid(*tried, indexing="ij")
    cycle = np.asarray(sum(greens) + lost, dtype=float)
    hours, total = np.zeros(cycle.shape), 0.0
    for green, phase in zip(greens, phases, strict=True):
        for flow, saturation in _groups(lanes, phase, flows, part):
            hours += flow * _delay(cycle, green.astype(float), flow, saturation)
            total += flow
    hours[cycle > LONGEST] = np.inf
    at = np.unravel_index(int(np.argmin(hours)), hours.shape)
    chosen = tuple(int(each[at]) for each in greens)
    return BestPlan(PARTS[part] if part else 0, int(cycle[at]), chosen, round(float(hours[at] / total), 3))


def _groups(
    lanes: dict[str, str], phase: tuple[str, ...], flows: dict[str, tuple[float, ...]], part: int
) -> list[tuple[float, float]]:
    """Of each approach in a phase its vehicles and its saturation flow, an hour: lanes that drivers choose between are one."""
    found = []
    for arm in dict.fromkeys(name.split(".")[0] for name in phase):
        own = [name for name in phase if name.startswith(f"{arm}.")]
        n = len({lane for name in own for lane in lanes[name].split()})
        flow = sum(flows[name][part] for name in own)
        found.append((flow, n * _saturation(own[0], lanes)))
    return found


def _saturation(name: str, lanes: dict[str, str]) -> float:
    """Of one lane: less where it turns to the left from a lane of its own."""
    arm, turn = name.split(".")
    return LEFT_SATURATION if turn == "left" and f"{arm}.through" in lanes else SATURATION


def _delay(cycle: Floats, green: Floats, flow: float, saturation: float) -> Floats:
    share = green / cycle
    capacity = saturation * share
    x = flow / capacity
    uniform = 0.5 * cycle * (1 - share) ** 2 / (1 - np.minimum(1, x) * share)
    delay: Floats = uniform + 225 * ((x - 1) + np.sqrt((x - 1) ** 2 + 16 * x / capacity))
    return delay


def counts_of_turns(*, seed: int) -> pd.DataFrame:
    """The counts of five working days: ``junction_id``, ``approach``, ``turn``, ``time`` and ``vehicles`` a quarter of an hour.

    Whole days are busier or quieter by a lognormal factor of mean 1, the same everywhere; a count is negative binomial around
    that.
    """
    minutes = np.arange(PARTS[0], END, QUARTER)
    part = np.searchsorted(PARTS, minutes, side="right") - 1
    busy = np.exp(DAY_SPREAD * normals(seed, "junctions/days", len(DAYS)) - DAY_SPREAD**2 / 2)
    times = np.array([[day + pd.Timedelta(minutes=int(each)) for each in minutes] for day in DAYS]).ravel()
    counts, turns = [], []
    for each in planted_junctions():
        for name, flows in each.flows.items():
            mean = (busy[:, None] * np.array(flows)[part] * QUARTER / 60).ravel()
            chance = uniforms(seed, f"junctions/{each.junction_id}/{name}", len(mean))
            counts.append(negative_binomial(chance, mean, COUNT_SIZE * np.maximum(mean, 1.0)))
            turns.append([each.junction_id, *name.split(".")])
    about = pd.DataFrame(turns, columns=["junction_id", "approach", "turn"])
    rows = about.loc[about.index.repeat(len(times))].reset_index(drop=True)
    return rows.assign(
        time=np.tile(pd.DatetimeIndex(times), len(turns)), vehicles=np.concatenate(counts).astype(np.int32)
    )


def write_junctions(folder: Path, *, seed: int) -> None:
    """Junctions, movements, counts, plans and crossings as files.

    Parameters
    ----------
    folder : of the city.
    seed : of the counts.
    """
    planted = planted_junctions()
    places = gpd.GeoSeries.from_xy([each.x for each in planted], [each.y for each in planted], crs=CRS).to_crs(
        "EPSG:4326"
    )
    pd.DataFrame(
        {
            "junction_id": [each.junction_id for each in planted], "name": [each.name for each in planted],
            "longitude": places.x.round(6), "latitude": places.y.round(6), "corridor": [each.corridor for each in planted],
            "distance": [each.distance for each in planted], "node_id": [each.node_id for each in planted],
        }
    ).to_csv(folder / "junctions.csv", index=False)  # fmt: skip
    pd.DataFrame(
        [
            {"junction_id": each.junction_id, "approach": name.split(".")[0], "turn": name.split(".")[1], "lanes": lanes,
             "saturation": _saturation(name, each.lanes)}
            for each in planted for name, lanes in each.lanes.items()
        ]
    ).to_csv(folder / "junction_movements.csv", index=False)  # fmt: skip
    counts_of_turns(seed=seed).to_parquet(folder / "turning_counts.parquet", index=False)
    pd.DataFrame([row for each in planted for row in _plan_rows(each)]).to_csv(folder / "signal_plans.csv", index=False)
    pd.DataFrame([row for each in planted for row in _crossing_rows(each)]).to_csv(
        folder / "crossings.csv", index=False
    )


def _plan_rows(junction: PlantedJunction) -> list[dict[str, Any]]:
    """Today's plan: 90 seconds, of which all greens but that of turns to the left have as much as whole seconds let them, and a
    start at the same second everywhere.
    """
    n = len(junction.phases)
    room = CYCLE - n * (YELLOW + ALL_RED)
    greens = [room // 2] * 2 if n == 2 else [(room - TURNS_GREEN) // 2] * 2 + [TURNS_GREEN]
    return [
        {"junction_id": junction.junction_id, "phase": "ABC"[place], "green": greens[place], "yellow": YELLOW, "all_red": ALL_RED,
         "minimum_green": MINIMUM, "protected": " ".join(phase), "cycle": sum(greens) + n * (YELLOW + ALL_RED), "offset": 0}
        for place, phase in enumerate(junction.phases)
    ]  # fmt: skip


def _crossing_rows(junction: PlantedJunction) -> list[dict[str, Any]]:
    pairs = {"A": ("east", "west"), "B": ("north", "south")}
    return [
        {"junction_id": junction.junction_id, "crossing": arm, "length": 2 * LANE_METRES * junction.arms[arm], "phases": phase,
         "people": 120 if junction.corridor else 60}
        for phase, pair in pairs.items() for arm in pair if arm in junction.arms
    ]  # fmt: skip


def planted_signals() -> dict[str, Any]:
    """The truth of the junctions as plain values: flows by part of the day, and the best plan of each."""
    return {
        each.junction_id: {"flows": each.flows, "best": [asdict(plan) for plan in each.best]}
        for each in planted_junctions()
    }


def junctions_toml() -> dict[str, Any]:
    """The section of the city file."""
    return {
        "source": "junctions.csv", "title": "Signals", "movements": "junction_movements.csv", "counts": "turning_counts.parquet",
        "plan": "signal_plans.csv", "crossings": "crossings.csv", "minutes": QUARTER, "longest_cycle": LONGEST, "speed": 50,
        "network": "roads",
    }  # fmt: skip
