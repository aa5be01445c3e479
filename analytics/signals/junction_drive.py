"""A junction as it is driven: its roads made from the table, and the vehicles that were counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analytics.signals.checks import PROPOSED, TODAY
from analytics.signals.drives import Drive, Movable, Plans, Written, busiest_hour, with_timing
from analytics.signals.simulation import Case, SignalProgram
from analytics.signals.sumo_network import SIGNAL, program_of, write_network, write_routes
from analytics.signals.tables import Junction
from analytics.signals.timings import Timing

__all__ = ["JunctionDrive"]


@dataclass(frozen=True, eq=False)
class JunctionDrive(Drive):
    """A junction in its busiest hour, by itself."""

    junction: Junction

    @cached_property
    def places(self) -> npt.NDArray[np.intp]:
        """The intervals within an hour in which most come."""
        return busiest_hour(self.junction.flows.sum(axis=1))

    @property
    def minute(self) -> int:
        """Of the day: when the hour begins."""
        return int(self.junction.minutes[self.places[0]])

    def timing(self, plans: Plans) -> Timing:
        """What its plan does in that hour."""
        return plans[self.junction.layout.junction_id].at(self.minute)

    def driven(self, plans: Plans) -> tuple[object, ...]:
        """Layout, ways, vehicles, and the timings of today and of the plan."""
        own = self.junction
        return (
            own.layout, sorted(own.bearings.items()), own.flows[self.places], own.period, own.today.at(self.minute),
            self.timing(plans),
        )  # fmt: skip

    def tried(self, plans: Plans) -> dict[str, Plans]:
        """Today's plan and the one that is proposed."""
        return {TODAY: {self.junction.layout.junction_id: self.junction.today}, PROPOSED: plans}

    def written(self, folder: Path, *, netconvert: Path) -> Written:
        """The hour as files of the simulator."""
        own, seconds = self.junction, self.junction.period * 3600
        roads = write_network(own.layout, folder, netconvert=netconvert, bearings=own.bearings)
        routes = folder / "junction.rou.xml"
        write_routes(routes, list(own.flows[self.places]), roads, begin=0, seconds=seconds)

        def programs(plans: Plans) -> list[SignalProgram]:
            return [SignalProgram(SIGNAL, program_of(own.layout, self.timing(plans), roads))]

        trips = float(own.flows[self.places].sum() * own.period)
        return Written(Case(roads.path, routes, 0, len(self.places) * seconds), programs, trips)

    def hours(self, plans: Plans) -> float:
        """Vehicle-hours lost by the handbook."""
        return float(self.junction.during(self.places).lost(self.junction.layout, self.timing(plans)))

    @property
    def counted(self) -> tuple[object, ...]:
        """Layout, ways and all counts."""
        own = self.junction
        return (own.layout, sorted(own.bearings.items()), own.minutes, own.flows, own.period)

    def movable(self, plans: Plans, *, longest: float) -> Movable:
        """Its greens, and with them the cycle up to the longest."""
        own, timing = self.junction.layout, self.timing(plans)

        def moved(greens: tuple[float, ...]) -> Plans | None:
            new = replace(timing, greens=greens)
            if new.cycle(own) > longest:
                return None
            return {own.junction_id: with_timing(plans[own.junction_id], timing, new)}

        return Movable(timing.greens, tuple(each.minimum for each in own.phases), moved)
