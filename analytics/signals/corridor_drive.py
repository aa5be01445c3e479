"""A corridor as it is driven: the same vehicles along all of its junctions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analytics.signals.checks import ALONE, PROPOSED, TODAY
from analytics.signals.choices import best_plan, corridor_during
from analytics.signals.corridors import corridor_hours
from analytics.signals.drives import Drive, Movable, Plans, Written, busiest_hour, with_timing
from analytics.signals.simulation import Case, SignalProgram
from analytics.signals.sumo_corridor import LEAST_METRES, streams_of, write_corridor, write_streams
from analytics.signals.sumo_network import program_of
from analytics.signals.tables import Junction, junctions_of
from analytics.signals.timings import Timing
from data import Junctions

__all__ = ["CorridorDrive"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CorridorDrive(Drive):
    """A corridor of a table in the hour in which most come to all of its junctions together; a trip may pass several."""

    table: Junctions
    corridor: str

    @cached_property
    def junctions(self) -> tuple[Junction, ...]:
        """By distance."""
        return tuple(junctions_of(self.table)[each] for each in self.table.along(self.corridor))

    @cached_property
    def _rows(self) -> list[Floats]:
        """By junction the flows of each interval of the first; those counted at other times have their mean all day."""
        every = corridor_during(self.table, self.corridor, slice(None), whole=True)
        n = len(self.junctions[0].minutes)
        return [each.rows if len(each.rows) == n else np.tile(each.mean, (n, 1)) for each in every.flows]

    @cached_property
    def places(self) -> npt.NDArray[np.intp]:
        """The intervals of the first junction within an hour in which most come."""
        return busiest_hour(np.sum([each.sum(axis=1) for each in self._rows], axis=0))

    @property
    def flows(self) -> tuple[Floats, ...]:
        """By junction, vehicles an hour by interval and movement."""
        return tuple(each[self.places] for each in self._rows)

    @property
    def minute(self) -> int:
        """Of the day: when the hour begins."""
        return int(self.junctions[0].minutes[self.places[0]])

    def timings(self, plans: Plans) -> list[Timing]:
        """What plans do in that hour, by distance."""
        return [plans[each.layout.junction_id].at(self.minute) for each in self.junctions]

    def driven(self, plans: Plans) -> tuple[object, ...]:
        """Layouts, ways, places, vehicles, and the timings of today and of the plans."""
        about = [
            (each.layout, sorted(each.bearings.items()), each.place, each.distance, each.period, each.today.at(self.minute))
            for each in self.junctions
        ]  # fmt: skip
        return (about, self.table.speed, self.timings(plans), *self.flows)

    def tried(self, plans: Plans) -> dict[str, Plans]:
        """Today's plans, each junction's own best plan, and those that are proposed."""
        ids = self.table.along(self.corridor)
        return {
            TODAY: {each.layout.junction_id: each.today for each in self.junctions},
            ALONE: {each: best_plan(self.table, each) for each in ids},
            PROPOSED: {each: plans[each] for each in ids},
        }

    def written(self, folder: Path, *, netconvert: Path) -> Written:
        """The hour as files of the simulator."""
        seconds = self.junctions[0].period * 3600
        roads = write_corridor(self.junctions, folder, netconvert=netconvert, speed=self.table.speed / 3.6)
        periods = [streams_of(roads, [each[at] for each in self.flows]) for at in range(len(self.places))]
        far = [each.distance for each in self.junctions]
        lengths = {
            edge: max(LEAST_METRES, abs(far[last] - far[first])) for edge, (first, last) in roads.between.items()
        }
        routes = folder / "trips.rou.xml"
        write_streams(routes, periods, lengths=lengths, seconds=seconds)

        def programs(plans: Plans) -> list[SignalProgram]:
            each = zip(self.junctions, self.timings(plans), roads.junctions, strict=True)
            return [
                SignalProgram(f"s{nth}", program_of(junction.layout, timing, own), timing.offset)
                for nth, (junction, timing, own) in enumerate(each)
            ]

        trips = sum(stream.rate for period in periods for stream in period) * seconds / 3600
        return Written(Case(roads.path, routes, 0, len(self.places) * seconds), programs, trips)

    def hours(self, plans: Plans) -> float:
        """Vehicle-hours lost by the handbook and the platoons between junctions."""
        return corridor_hours(corridor_during(self.table, self.corridor, self.places, whole=True), self.timings(plans))

    @property
    def counted(self) -> tuple[object, ...]:
        """Layouts, ways, places and all counts."""
        about = [
            (each.layout, sorted(each.bearings.items()), each.place, each.distance, each.period) for each in self.junctions
        ]  # fmt: skip
        return (about, self.table.speed, *(part for each in self.junctions for part in (each.minutes, each.flows)))

    def movable(self, plans: Plans, *, longest: float) -> Movable:
        """When the cycle of each junction but the first starts, and seconds that a phase of it takes from the last one.

        The cycle stays, since a wave needs the same at all junctions; nothing is longer than it was.
        """
        begun = self.timings(plans)
        layouts = [each.layout for each in self.junctions]
        shifts = [(nth, phase) for nth, each in enumerate(layouts) for phase in range(len(each.phases) - 1)]
        offsets = tuple(each.offset for each in begun[1:])

        def moved(numbers: tuple[float, ...]) -> Plans | None:
            greens = [list(each.greens) for each in begun]
            for (nth, phase), seconds in zip(shifts, numbers[len(offsets) :], strict=True):
                greens[nth][phase] += seconds
                greens[nth][-1] -= seconds
            found = {}
            for nth, (layout, old) in enumerate(zip(layouts, begun, strict=True)):
                if any(own < each.minimum for own, each in zip(greens[nth], layout.phases, strict=True)):
                    return None
                offset = numbers[nth - 1] % old.cycle(layout) if nth else old.offset
                new = replace(old, greens=tuple(greens[nth]), offset=offset)
                found[layout.junction_id] = with_timing(plans[layout.junction_id], old, new)
            return found

        free = (float("-inf"),) * (len(offsets) + len(shifts))
        return Movable(offsets + (0.0,) * len(shifts), free, moved)
