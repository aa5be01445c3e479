"""Levers of the road and of trips, and the road and trips that their values make."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analytics.scenarios.amounts import SHARE
from analytics.scenarios.contract import Lever
from analytics.scenarios.elasticity import yearly_growth
from analytics.scenarios.engines.demand import DRIVERS, GROWTH_BOUNDS
from analytics.scenarios.engines.traffic.known import Case
from analytics.scenarios.study import Study
from analytics.scenarios.values import Choice, Number, PerKey
from analytics.traffic import Demand, Road
from analytics.traffic.growth import grown
from data.words import Sentence

__all__ = [
    "BUILT",
    "CLOSED",
    "OFF_CAR",
    "OFF_PEAK",
    "SPEED",
    "TOLL",
    "TRIPS",
    "WIDENED",
    "Plan",
    "growth_levers",
    "levers_of",
    "plan_of",
]

CLOSED, WIDENED, BUILT, SPEED, TOLL = "road.closed", "road.widened", "road.built", "road.speed", "road.toll"
TRIPS, OFF_CAR, OFF_PEAK = "trips.growth", "trips.off_car", "trips.off_peak"
MOST_CLOSED = 5
SPEED_BOUNDS = (-0.5, 0.3)
MOST_TOLL = 20.0
MOST_OFF = 0.5
TRIPS_BOUNDS = (-0.5, 1.0)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Plan:
    """The road and trips of an option.

    ``off_peak`` is the share of the trips that leaves for other hours, ``toll`` what is paid by link beside today's,
    ``lane_km`` how many kilometres of lanes are added, ``draws`` by zone what there is to be reached against today.
    """

    road: Road
    demand: Demand
    off_peak: float
    toll: Floats
    lane_km: float
    draws: Floats

    def changes(self, case: Case) -> bool:
        """Whether road or trips differ from today's."""
        arrays = ("free_time", "capacity", "fixed", "is_open")
        same_road = all((getattr(self.road, each) == getattr(case.road, each)).all() for each in arrays)
        return not (same_road and (self.demand.matrix == case.demand.matrix).all())


def levers_of(study: Study, case: Case, *, written: Collection[str]) -> tuple[Lever, ...]:
    """What may be done to the road and to trips, and the growth that is assumed.

    Parameters
    ----------
    study : whose city may know how people and jobs grew.
    case : the road and trips.
    written : names of the measures that are written, among which costs are.

    Returns
    -------
    tuple of Lever
        Those of the road first.
    """
    links = tuple(case.candidates)
    cost, income = (each if each in written else "" for each in ("road_once", "road_toll_income"))
    found = []
    if links:
        found += [
            _lever(CLOSED, "", Choice(links, at_most=min(MOST_CLOSED, len(links)))),
            _lever(WIDENED, "", Choice(links), costs=cost),
        ]
    if case.planned:
        found.append(_lever(BUILT, "", Choice(tuple(case.planned)), costs=cost))
    found.append(_lever(SPEED, SHARE, PerKey(*SPEED_BOUNDS, keys=tuple(case.kinds), key_kind="link")))
    if links and case.network.toll_weight > 0:
        most = float(case.network.links["toll"].max())
        kind = PerKey(0.0, max(MOST_TOLL, most), keys=links, key_kind="link")
        found.append(_lever(TOLL, study.city.currency, kind, seen=(0.0, most), costs=income))
    found += [_lever(name, SHARE, Number(0.0, MOST_OFF), seen=(0.0, 0.0)) for name in (OFF_CAR, OFF_PEAK)]
    return (*found, *growth_levers(study, case))


def growth_levers(study: Study, case: Case) -> tuple[Lever, ...]:
    """By how much trips, people and jobs grow in each area.

    Parameters
    ----------
    study : whose city may know how people and jobs grew.
    case : the road and trips.

    Returns
    -------
    tuple of Lever
        None where the zones lie in no areas.
    """
    if not case.area_ids:
        return ()
    kind = PerKey(*TRIPS_BOUNDS, keys=case.area_ids, key_kind="area")
    trips = _lever(TRIPS, SHARE, kind, circumstance=True, spills=True)
    return (trips, *(_growth(study, name, case.area_ids) for name in DRIVERS))


def _lever(name: str, unit: Any, kind: Any, **more: Any) -> Lever:
    code = name.replace(".", "_")
    return Lever(name, Sentence(f"levers.{code}"), Sentence(f"levers.{code}_about"), unit, kind, **more)


def _growth(study: Study, driver: str, areas: tuple[str, ...]) -> Lever:
    """The lever of the demand engine, by its name: people and jobs move trips as they move requests."""
    panel = study.find("drivers", driver)
    return Lever(
        name=f"{driver}.growth",
        title=Sentence(f"levers.{driver}"),
        description=Sentence("levers.growth"),
        unit=SHARE,
        kind=PerKey(*GROWTH_BOUNDS, keys=areas, key_kind="area"),
        seen=yearly_growth(panel, years=study.years) if panel is not None else (0.0, 0.0),
        circumstance=True,
        spills=True,
    )


def plan_of(case: Case, levers: Mapping[str, Any]) -> Plan:
    """The road and trips that levers make.

    Parameters
    ----------
    case : the road and trips of today.
    levers : every lever's value.

    Returns
    -------
    Plan
        That of today, to the last bit, where all are at rest.
    """
    road, toll, lane_km = _road(case, levers)
    off_peak = float(levers.get(OFF_PEAK, 0.0))
    stays = (1 - float(levers.get(OFF_CAR, 0.0))) * (1 - off_peak)
    demand = _demand(case, levers)
    demand = demand if stays == 1 else demand.times(stays)
    draws = (1 + _by_zone(case, levers.get("jobs.growth", 0.0))) * (1 + _by_zone(case, levers.get(TRIPS, 0.0)))
    return Plan(road, demand, off_peak, toll, lane_km, draws)


def _road(case: Case, levers: Mapping[str, Any]) -> tuple[Road, Floats, float]:
    road, links = case.road, len(case.road.link_ids)
    is_open, capacity, free_time = road.is_open.copy(), road.capacity.copy(), road.free_time.copy()
    lane_km = 0.0
    for name in levers.get(BUILT, ()):
        is_open[case.planned[name]] = True
        lane_km += float((road.length * case.lanes)[case.planned[name]].sum())
    for name in levers.get(CLOSED, ()):
        is_open[case.candidates[name]] = False
    for name in levers.get(WIDENED, ()):
        places = case.candidates[name]
        capacity[places] = road.capacity[places] * (case.lanes[places] + 1) / case.lanes[places]
        lane_km += float(road.length[places].sum())
    speed = levers.get(SPEED, 0.0)
    for kind, places in (case.kinds or {"": np.arange(links)}).items():
        change = _at(speed, kind)
        if change:
            free_time[places] = road.free_time[places] / (1 + change)
    toll = np.zeros(links)
    for name, places in case.candidates.items():
        toll[places] = np.maximum(toll[places], _at(levers.get(TOLL, 0.0), name))
    fixed = road.fixed + case.network.toll_weight * toll
    return road.with_(is_open=is_open, capacity=capacity, free_time=free_time, fixed=fixed), toll, lane_km


def _demand(case: Case, levers: Mapping[str, Any]) -> Demand:
    """Trips of zones that grow: people make trips leave their zone, jobs draw them, and trips grow by themselves."""
    people, jobs, trips = (_by_zone(case, levers.get(f"{each}.growth", 0.0)) for each in (*DRIVERS, "trips"))
    demand = grown(case.demand, leaving=1 + people, drawing=1 + jobs)
    if not trips.any():
        return demand
    return demand.times(np.sqrt((1 + trips)[:, None] * (1 + trips)[None, :]))


def _by_zone(case: Case, value: Any) -> Floats:
    """A lever's value by zone; what lies in no area rests."""
    by_area = np.array([*(_at(value, each) for each in case.area_ids), 0.0])
    return np.where(case.area_of_zone >= 0, by_area[case.area_of_zone], 0.0)


def _at(value: Any, key: str) -> float:
    return float(value.get(key, 0.0)) if isinstance(value, Mapping) else float(value)
