"""What traffic comes to: hours, delay, kilometres, what can be reached, fuel, and each link's volume and time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import xarray as xr

from analytics.environment.emissions import co2, fuel
from analytics.scenarios.amounts import SHARE
from analytics.scenarios.engines.traffic.futures import LIMITS, Futures, Nodes
from analytics.scenarios.engines.traffic.known import Case
from analytics.scenarios.engines.traffic.levers import Plan
from analytics.scenarios.measure import AREA, Max, Mean, Measure
from analytics.scenarios.money import unit_cost
from analytics.scenarios.study import Study
from analytics.streams import Streams
from data.words import Sentence

__all__ = ["COST", "INCOME", "LINK", "VEHICLE", "measures_of", "money_of", "outcomes"]

Floats = npt.NDArray[np.float64]

LINK, RESIDENTS = "link", "residents"
COST = "road_lane_km"  # what a kilometre of a lane costs to build
INCOME = "road_toll_income"  # a cost below zero
VEHICLE = "petrol_car"  # all vehicles are taken for such
HIGHER, LOWER = Sentence("amounts.higher_word"), Sentence("amounts.lower_word")
LESS = Sentence("amounts.less_word")  # fuel, which nobody counts by pieces
LONGER, SHORTER = Sentence("amounts.longer_word"), Sentence("amounts.shorter_word")


def measures_of(study: Study, case: Case) -> tuple[Measure, ...]:
    """Vehicle-hours first; what can be reached where zones lie in areas, money where the city states it.

    Parameters
    ----------
    study : whose city states costs.
    case : the road and trips.

    Returns
    -------
    tuple of Measure
        ``road_volume`` and ``road_time`` are for other engines and for maps.
    """
    found = [
        _measure("traffic_hours", Sentence("traffic.unit_hours")),
        _measure("traffic_delay", Sentence("traffic.unit_hours")),
        _measure("traffic_kilometres", Sentence("traffic.unit_kilometres")),
        _measure("traffic_trips", Sentence("traffic.unit_trips"), direction="neutral"),
        replace(_measure("road_fuel", Sentence("traffic.unit_fuel")), fewer_word=LESS),
        replace(_measure("road_co2", Sentence("traffic.unit_co2")), fewer_word=LESS),
    ]
    if case.has_capacities:
        found.append(replace(_measure("road_worst", SHARE), more_word=HIGHER, fewer_word=LOWER))
    found += [each for name in case.drawing if case.area_ids for each in _access(case, name)]
    over = {LINK: Max()}
    found.append(_measure("road_volume", Sentence("traffic.unit_trips"), over=over, outcome=False))
    found.append(_measure("road_time", Sentence("traffic.unit_minutes"), over=over, outcome=False))
    if case.candidates and case.network.toll_weight > 0:
        currency = Sentence("traffic.unit_money", {"currency": study.city.currency})
        found.append(_measure("road_tolls", currency, direction="neutral"))
        if case.trips.hours_a_year:
            title = Sentence(f"measures.{INCOME}", {"n": case.trips.hours_a_year})
            income = Measure(INCOME, title, study.city.currency)
            found.append(replace(income, money="yearly", more_word=HIGHER, fewer_word=LOWER))
    if study.find("costs", COST) is not None:
        once = _measure("road_once", study.city.currency)
        found.append(replace(once, money="once", more_word=HIGHER, fewer_word=LOWER))
    return tuple(found)


def _measure(name: str, unit: Sentence | str, **more: object) -> Measure:
    return Measure(name, Sentence(f"measures.{name}"), unit, **more)  # type: ignore[arg-type]


def _access(case: Case, name: str) -> list[Measure]:
    return [
        Measure(
            f"access_{name}_{limit:.0f}", Sentence(f"measures.access_{name}", {"minutes": int(limit)}),
            Sentence(f"traffic.unit_{name}"), "higher", layer=case.trips.layer, over={AREA: Mean(RESIDENTS)},
        )
        for limit in LIMITS
    ]  # fmt: skip


def outcomes(case: Case, plan: Plan, nodes: Nodes, futures: Futures) -> dict[str, xr.DataArray]:
    """Every measure but money, by draw.

    Parameters
    ----------
    case : the road and trips of today.
    plan : of the option.
    nodes : solved equilibria.
    futures : by draw.

    Returns
    -------
    dict
        Arrays by measure; those of links (draw, link), of areas (draw, area_id).
    """
    road = plan.road
    volume = nodes.read(nodes.volume)
    time = road.time(volume)
    hours, kilometres = np.einsum("dl,dl->d", volume, time) / 60, volume @ road.length
    trips = nodes.read(nodes.trips)
    litres = _litres(road.length, volume, time) * (1 + _elsewhere(plan, nodes, futures, trips))
    found = {
        "traffic_hours": hours,
        "traffic_delay": np.maximum(hours - volume @ road.free_time / 60, 0.0),
        "traffic_kilometres": kilometres,
        "traffic_trips": trips,
        "road_fuel": litres,
        "road_co2": co2(litres, VEHICLE),
    }
    if case.has_capacities:
        found["road_worst"] = (volume / road.capacity)[:, road.slope * road.power > 0].max(axis=1, initial=0.0)
    if case.candidates and case.network.toll_weight > 0:
        found["road_tolls"] = volume @ (case.network.links["toll"].to_numpy(dtype=float) + plan.toll)
        if case.trips.hours_a_year:
            found[INCOME] = -case.trips.hours_a_year * found["road_tolls"]
    made = {name: xr.DataArray(values, dims="draw") for name, values in found.items()}
    coords = {LINK: list(road.link_ids)}
    for name, values in (("road_volume", volume), ("road_time", time)):
        made[name] = xr.DataArray(values.astype("float32"), coords=coords, dims=("draw", LINK))
    return made | _reached(case, nodes)


def _elsewhere(plan: Plan, nodes: Nodes, futures: Futures, trips: Floats) -> Floats:
    """Trips that went to other hours, or came from there, for each trip that is left: their fuel is burnt there."""
    answered = (nodes.read(nodes.wanted) - trips) * futures.hours_part
    moved = plan.off_peak / (1 - plan.off_peak) * nodes.read(nodes.wanted)
    shares: Floats = np.divide(moved + answered, trips, out=np.zeros_like(trips), where=trips > 0)
    return shares


def _litres(length: Floats, volume: Floats, time: Floats) -> Floats:
    """Litres an hour by draw; on links that take no time at the mean use of the others."""
    timed = (length > 0) & (time.min(axis=0) > 0)
    if not timed.any():
        return np.zeros(len(volume))
    speed = 60 * length[timed] / time[:, timed]
    driven = volume[:, timed] * length[timed]
    burnt, along = (fuel(speed, VEHICLE) * driven).sum(axis=1), driven.sum(axis=1)
    each = np.divide(burnt, along, out=np.zeros_like(along), where=along > 0)
    litres: Floats = each * (volume @ length)
    return litres


def _reached(case: Case, nodes: Nodes) -> dict[str, xr.DataArray]:
    if not case.area_ids:
        return {}
    coords = {AREA: list(case.area_ids), RESIDENTS: (AREA, case.people)}
    found = {}
    for name, values in nodes.reached.items():
        each = nodes.read(values)
        for place, limit in enumerate(LIMITS):
            array = xr.DataArray(each[:, place].astype("float32"), coords=coords, dims=("draw", AREA))
            found[f"access_{name}_{limit:.0f}"] = array
    return found


def money_of(study: Study, plan: Plan, streams: Streams) -> dict[str, xr.DataArray]:
    """What it costs to build the lanes that a plan adds, by draw, where the city states what a kilometre costs.

    Parameters
    ----------
    study : whose city states costs.
    plan : of the option.
    streams : of the study.

    Returns
    -------
    dict
        ``road_once``, or nothing.
    """
    unit = unit_cost(study, COST, streams)
    return {} if unit is None else {"road_once": plan.lane_km * unit}
