"""What plans do to a junction in every future: days that are busier or quieter, counts and saturation flows that err."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.signals.choices import actuated_timing
from analytics.signals.delay import FIXED, FOLLOWS_FLOW, delays
from analytics.signals.tables import Junction
from analytics.signals.timings import DayPlan, Timing

__all__ = ["Futures", "Outcome", "outcome_of"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Futures:
    """By draw, what a junction's flows and saturation flows are multiplied by."""

    flow: Floats
    saturation: Floats


@dataclass(frozen=True, eq=False)
class Outcome:
    """By draw: vehicle-hours lost a day, vehicles, those of them that come while a lane is over capacity, and the mean
    seconds lost in the worst interval.
    """

    hours: Floats
    vehicles: Floats
    over: Floats
    worst: Floats


def outcome_of(
    junction: Junction, plan: DayPlan, futures: Futures, *, change: Floats | None = None, actuated: float | None = None
) -> Outcome:
    """What a plan does over the hours that were counted, in every future.

    Parameters
    ----------
    junction : its layout and flows.
    plan : its timings.
    futures : by draw.
    change : (interval, movement), seconds by which platoons change the wait of a vehicle.
    actuated : the longest cycle of a controller that follows the flow of each interval; None where the plan is fixed.

    Returns
    -------
    Outcome
        Arrays by draw.
    """
    draws, intervals = len(futures.flow), len(junction.minutes)
    timings = [
        plan.at(int(minute))
        if actuated is None
        else actuated_timing(junction.layout, junction.flows[place], longest=actuated)
        for place, minute in enumerate(junction.minutes)
    ]
    waited, over = np.zeros((draws, intervals)), np.zeros((draws, intervals))
    for timing in dict.fromkeys(timings):
        places = np.flatnonzero([each == timing for each in timings])
        waited[:, places], over[:, places] = _under(junction, timing, places, futures, actuated is not None)
    vehicles = junction.flows.sum(axis=1) * junction.period
    if change is not None:
        waited += (junction.flows * change).sum(axis=1) * junction.period * futures.flow[:, None]
        waited = np.maximum(waited, 0.0)
    come = futures.flow[:, None] * vehicles
    worst = np.divide(waited, come, out=np.zeros_like(waited), where=come > 0).max(axis=1)
    return Outcome(waited.sum(axis=1) / 3600, come.sum(axis=1), over.sum(axis=1), worst)


def _under(
    junction: Junction, timing: Timing, places: npt.NDArray[np.intp], futures: Futures, actuated: bool
) -> tuple[Floats, Floats]:
    """Vehicle-seconds lost and vehicles in lanes over capacity by (draw, interval), where one timing runs."""
    draws = len(futures.flow)
    flows = (futures.flow[:, None, None] * junction.flows[places]).reshape(-1, junction.flows.shape[1])
    follows = np.tile(np.concatenate([[False], np.diff(places) == 1]) & junction.follows[places], draws)
    found = delays(
        junction.layout, timing, flows, period=junction.period, follows=follows,
        scale=np.repeat(futures.saturation, len(places)), k=FOLLOWS_FLOW if actuated else FIXED,
    )  # fmt: skip
    waited = (found.flows * found.delay).sum(axis=1) * junction.period
    over = (found.ratio > 1).any(axis=1) * found.flows.sum(axis=1) * junction.period
    return waited.reshape(draws, -1), over.reshape(draws, -1)
