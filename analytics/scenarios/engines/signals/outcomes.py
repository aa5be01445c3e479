"""What the plans of all junctions do, in every future: each junction by itself, and the platoons between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from threading import Lock

import numpy as np
import numpy.typing as npt
import xarray as xr
from cachetools import LRUCache, cached

from analytics.scenarios.engines.signals.trips import FOLLOWS
from analytics.signals.choices import corridor_during
from analytics.signals.corridors import platoon_change
from analytics.signals.futures import Futures, Outcome, outcome_of
from analytics.signals.spreads import day_spread, saturation_error
from analytics.signals.tables import Junction, junctions_of
from analytics.signals.timings import DayPlan
from analytics.streams import Streams
from data import Junctions

__all__ = ["COMPONENTS", "DAY", "day_factor", "results_of"]

Floats = npt.NDArray[np.float64]

DAY, COUNTS, SATURATION = "signals.day", "signals.counts", "signals.saturation"
FOLLOWING = "signals.following"
COMPONENTS: Collection[str] = (DAY, COUNTS, SATURATION, FOLLOWING)
LEAST = 0.05  # of today's traffic: what is left of it at least, however far it follows trips that become fewer

NOT_GROWN: Mapping[str, float] = {}


def day_factor(table: Junctions, streams: Streams) -> Floats:
    """By draw, how busy the day is at all junctions alike: the median of what the junctions' own counts show.

    Parameters
    ----------
    table : of a city.
    streams : of the study.

    Returns
    -------
    Array
        With mean 1.
    """
    spread = float(np.median([day_spread(each)[0] for each in junctions_of(table).values()]))
    return _factor(spread, streams.normal(DAY, [table.name])[0])


def _factor(spread: float, normal: Floats) -> Floats:
    factor: Floats = np.exp(spread * normal - spread**2 / 2)
    return factor


def _futures(table: Junctions, junction: Junction, streams: Streams, growth: float, trips: float) -> Futures:
    """A busy day is busy everywhere; the mean of few days errs at each junction by itself; turns follow trips about as far."""
    name = junction.layout.junction_id
    spread, days = day_spread(junction)
    own = _factor(spread / np.sqrt(max(days, 1)), streams.normal(COUNTS, [name])[0])
    saturation = _factor(saturation_error(junction), streams.normal(SATURATION, [name])[0])
    flow = day_factor(table, streams) * own * (1 + growth)
    if trips:
        follows = 1 + FOLLOWS * streams.normal(FOLLOWING, [table.name])[0]
        flow = flow * np.maximum(LEAST, 1 + trips * follows)
    return Futures(flow, saturation)


def results_of(
    table: Junctions, plans: Mapping[str, DayPlan], streams: Streams, *, actuated: Collection[str], growth: float,
    trips: Mapping[str, float] = NOT_GROWN,
) -> dict[str, xr.DataArray]:  # fmt: skip
    """The measures of all junctions under their plans.

    Parameters
    ----------
    table : of a city.
    plans : by junction.
    streams : of the study.
    actuated : junctions whose controller follows the flow.
    growth : of traffic, as a share.
    trips : by junction, the share by which the trips grow that pass it; 0 where nothing is said.

    Returns
    -------
    dict
        By measure, (draw, junction).
    """
    change = _platoons(table, plans, actuated)
    junctions = junctions_of(table)
    found = {
        each: _outcome(
            table,
            each,
            plans[each],
            change[each].tobytes(),
            streams,
            actuated=each in actuated,
            growth=growth,
            trips=trips.get(each, 0.0),
        )
        for each in junctions
    }
    dims, coords = ["draw", "junction"], {"junction": list(junctions)}

    def stacked(name: str) -> Floats:
        return np.stack([getattr(each, name) for each in found.values()], axis=1)

    vehicles, hours = stacked("vehicles"), stacked("hours")
    wait = np.divide(3600 * hours, vehicles, out=np.zeros_like(hours), where=vehicles > 0)
    weights = {"vehicles": (dims, vehicles)}
    results = {
        "signal_delay": xr.DataArray(hours.astype("float32"), coords, dims),
        "signal_wait": xr.DataArray(wait.astype("float32"), coords | weights, dims),
        "signal_worst": xr.DataArray(stacked("worst").astype("float32"), coords, dims),
        "signal_over": xr.DataArray(stacked("over").astype("float32"), coords, dims),
    }
    if len(table.crossings):
        results["signal_walk"] = _walking(junctions, plans, streams.draws)
    return results


def _walking(junctions: Mapping[str, Junction], plans: Mapping[str, DayPlan], draws: int) -> xr.DataArray:
    """Seconds that people on foot wait, the same in every draw; of crossings where nobody was counted all weigh alike."""
    waits, people = [], []
    for name, each in junctions.items():
        weights = np.array([crossing.people or 1.0 for crossing in each.crossings])
        own = [
            np.mean([crossing.wait(each.layout, plans[name].at(int(minute))) for minute in each.minutes])
            for crossing in each.crossings
        ]
        waits.append(float(np.average(own, weights=weights)) if own else 0.0)
        people.append(float(weights.sum()) if own else 0.0)
    values = np.tile(np.array(waits, dtype="float32"), (draws, 1))
    coords = {"junction": list(junctions), "people": ("junction", np.array(people))}
    return xr.DataArray(values, coords, ["draw", "junction"])


def _platoons(table: Junctions, plans: Mapping[str, DayPlan], actuated: Collection[str]) -> dict[str, Floats]:
    """By junction and (interval, movement), the seconds by which platoons change a wait; none where a controller follows the
    flow, whose cycle is its own.
    """
    junctions = junctions_of(table)
    found = {name: np.zeros(each.flows.shape) for name, each in junctions.items()}
    for corridor in table.corridors:
        ids = table.along(corridor)
        lead = junctions[ids[0]]
        running = [tuple(plans[each].at(int(minute)) for each in ids) for minute in lead.minutes]
        for timings in dict.fromkeys(running):
            at = np.flatnonzero([each == timings for each in running])
            change = platoon_change(corridor_during(table, corridor, at), timings)
            for name, own in zip(ids, change, strict=True):
                if name not in actuated:
                    there = np.isin(junctions[name].minutes, lead.minutes[at])
                    found[name][there] = own
    return found


def _key(
    table: Junctions, name: str, plan: DayPlan, change: bytes, streams: Streams, *, actuated: bool, growth: float,
    trips: float,
) -> tuple[object, ...]:  # fmt: skip
    return table.provenance.fingerprint, table.name, name, plan, change, streams, actuated, growth, trips


# One junction's plan is moved and the others stay: each is computed once.
@cached(LRUCache(maxsize=256), key=_key, lock=Lock())
def _outcome(
    table: Junctions, name: str, plan: DayPlan, change: bytes, streams: Streams, *, actuated: bool, growth: float,
    trips: float,
) -> Outcome:  # fmt: skip
    junction = junctions_of(table)[name]
    seconds = np.frombuffer(change).reshape(junction.flows.shape)
    futures = _futures(table, junction, streams, growth, trips)
    longest = table.longest_cycle if actuated else None
    return outcome_of(junction, plan, futures, change=seconds if seconds.any() else None, actuated=longest)
