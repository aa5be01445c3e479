"""A city's junctions as they are computed with: layouts, today's plans, and flows by time of day from the counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import numpy.typing as npt
import pandas as pd
from cachetools import LRUCache, cached

from analytics.signals.bearings import bearings_of
from analytics.signals.handbook import pedestrian_delay
from analytics.signals.layouts import IDEAL_SATURATION, SATURATION_FACTOR, Layout, Movement, Phase, Turn
from analytics.signals.optimise import Flows
from analytics.signals.timings import DayPlan, Program, Timing
from data import Junctions

__all__ = ["Crossing", "Junction", "junctions_of", "walk_minimum"]

Floats = npt.NDArray[np.float64]

START_WALKING = 3.2  # seconds until the last of a group has stepped off the kerb (HCM 2000, equation 16-2)


@dataclass(frozen=True)
class Crossing:
    """A way across on foot: the places of its phases, the seconds that it takes, and people an hour."""

    name: str
    phases: tuple[int, ...]
    seconds: float
    people: float

    def wait(self, layout: Layout, timing: Timing) -> float:
        """Mean seconds that people wait; they start while enough of the green is left to cross.

        Parameters
        ----------
        layout, timing : the junction and its plan.

        Returns
        -------
        float
            Seconds a person.
        """
        greens = [timing.greens[each] for each in self.phases]
        start = max(1.0, max(greens) - self.seconds + START_WALKING)
        return pedestrian_delay(timing.cycle(layout), min(start, timing.cycle(layout)))


@dataclass(frozen=True, eq=False)
class Junction:
    """A junction with today's plan and its counts.

    ``minutes`` are when the counted intervals start, in minutes of the day; ``flows`` (interval, movement) the mean over days
    in vehicles an hour, each for ``period`` hours; ``follows`` whether an interval comes right after the one before. ``daily``
    is by day that was counted whole the vehicles of that day. ``place`` is in metres east and north, ``bearings`` the degrees
    from north from which each approach comes.
    """

    layout: Layout
    today: DayPlan
    minutes: npt.NDArray[np.int64]
    flows: Floats
    period: float
    follows: npt.NDArray[np.bool_]
    daily: Floats
    crossings: tuple[Crossing, ...] = ()
    corridor: str = ""
    distance: float = float("nan")
    place: tuple[float, float] = (0.0, 0.0)
    bearings: Mapping[str, float] = field(default_factory=dict)

    def during(self, places: npt.NDArray[np.intp] | slice) -> Flows:
        """The flows of some of its intervals, in their order."""
        return Flows(self.flows[places], self.period, self.follows[places])

    @property
    def all_day(self) -> Flows:
        """The flows of all that was counted."""
        return self.during(slice(None))

    @property
    def vehicles(self) -> float:
        """Those of a day, in the hours that were counted."""
        return float(self.flows.sum() * self.period)


def walk_minimum(length: float, *, speed: float) -> float:
    """The least green in which people cross, 3.2 + L / S; HCM 2000, equation 16-2, one person at a time.

    Parameters
    ----------
    length : metres.
    speed : metres a second.

    Returns
    -------
    float
        Seconds.

    Examples
    --------
    >>> walk_minimum(12, speed=1.2)
    13.2
    """
    return START_WALKING + length / speed


@cached(LRUCache(maxsize=16), key=lambda table: table.provenance.fingerprint, lock=Lock())
def junctions_of(table: Junctions) -> Mapping[str, Junction]:
    """Every junction of a table, by its id.

    Parameters
    ----------
    table : of a city.

    Returns
    -------
    Mapping
        In the table's order.
    """
    return {str(each): _junction(table, str(each)) for each in table.frame.index}


def _junction(table: Junctions, junction_id: str) -> Junction:
    def own(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["junction_id"] == junction_id]

    moves = tuple(_movement(each) for _, each in own(table.movements).iterrows())
    names = [each.name for each in moves]
    plans, walked = own(table.plans), own(table.crossings)
    starts = sorted(plans["start"].unique())
    first = plans[plans["start"] == starts[0]]
    phases = tuple(_phase(each, names, walked, speed=table.walking_speed) for _, each in first.iterrows())
    about = table.frame.loc[junction_id].to_dict()
    layout = Layout(junction_id, str(about["name"]), moves, phases)
    known = own(table.movements).dropna(subset="bearing")
    stated = dict(zip(known["approach"].astype(str), known["bearing"].astype(float), strict=True))
    programs = [_program(int(start), plans[plans["start"] == start]) for start in starts]
    order = {each.name: place for place, each in enumerate(phases)}
    crossings = tuple(
        Crossing(
            str(each["crossing"]), tuple(order[phase] for phase in str(each["phases"]).split()),
            walk_minimum(float(each["length"]), speed=table.walking_speed),
            0.0 if pd.isna(each["people"]) else float(each["people"]),
        )
        for _, each in walked.iterrows()
    )  # fmt: skip
    minutes, flows, daily = _counted(own(table.counts), names, minutes=table.minutes)
    follows = np.concatenate([[False], np.diff(minutes) == round(table.minutes)])
    return Junction(
        layout, DayPlan(tuple(programs)), minutes, flows, table.minutes / 60, follows, daily, crossings,
        str(about["corridor"]), float(about["distance"]), (float(about["x"]), float(about["y"])), bearings_of(layout, stated),
    )  # fmt: skip


def _movement(row: pd.Series) -> Movement:
    turn = Turn(row["turn"])
    assumed = bool(pd.isna(row["saturation"]))
    saturation = IDEAL_SATURATION * SATURATION_FACTOR[turn] if assumed else float(row["saturation"])
    lanes = tuple(int(each) for each in str(row["lanes"]).split())
    return Movement(str(row["approach"]), turn, lanes, saturation, assumed)


def _phase(row: pd.Series, names: list[str], walked: pd.DataFrame, *, speed: float) -> Phase:
    name = str(row["phase"])
    lengths = [float(each["length"]) for _, each in walked.iterrows() if str(each["phases"]).split()[:1] == [name]]
    least = max([float(row["minimum_green"]), *(np.ceil(walk_minimum(each, speed=speed)) for each in lengths)])
    protected, permitted = (
        tuple(names.index(each) for each in str(row[key]).split()) for key in ("protected", "permitted")
    )
    return Phase(name, protected, permitted, float(row["yellow"]), float(row["all_red"]), float(least))


def _program(start: int, rows: pd.DataFrame) -> Program:
    return Program(start, Timing(tuple(float(each) for each in rows["green"]), float(rows["offset"].iloc[0])))


def _counted(counts: pd.DataFrame, names: list[str], *, minutes: float) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    """When intervals start, the mean flows an hour, and the vehicles of each day that was counted in all of them."""
    named = counts.assign(movement=counts["approach"] + "." + counts["turn"])
    wide = named.pivot_table(index=["day", "minute"], columns="movement", values="vehicles", aggfunc="sum", dropna=False) if (
        counts["day"].notna().any()
    ) else named.pivot_table(index="minute", columns="movement", values="vehicles", aggfunc="sum")  # fmt: skip
    wide = wide.reindex(columns=names).dropna(how="all").fillna(0.0)
    mean = wide.groupby(level="minute").mean().sort_index()
    daily = np.array([float(mean.to_numpy().sum())])
    if wide.index.nlevels == 2:
        per_day = wide.sum(axis=1).groupby(level="day").agg(["sum", "size"])
        daily = per_day.loc[per_day["size"] == len(mean), "sum"].to_numpy(dtype=float)
    return mean.index.to_numpy(dtype=np.int64), mean.to_numpy(dtype=float) * 60 / minutes, daily
