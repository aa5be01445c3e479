"""A corridor tried in the simulator: the same vehicles drive along it under today's plans, each junction's own, and one wave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from analytics.parallel import Progress
from analytics.signals.checking import BUSIEST, SEEDS
from analytics.signals.checks import ALONE, PROPOSED, TODAY, Check, find_check, keep_check, subject_of
from analytics.signals.choices import best_plan, corridor_during, corridor_plans
from analytics.signals.corridors import corridor_hours
from analytics.signals.simulation import Case, SignalProgram, runs_of, simulate, simulator
from analytics.signals.sumo_corridor import LEAST_METRES, streams_of, write_corridor, write_streams
from analytics.signals.sumo_network import program_of
from analytics.signals.tables import Junction, junctions_of
from analytics.signals.timings import DayPlan, Timing
from data import Junctions

__all__ = ["check_corridor", "checked_corridor", "found_corridor_check"]

Plans = Mapping[str, DayPlan]


@dataclass(frozen=True, eq=False)
class _Hour:
    """A corridor in the hour in which most come: its junctions, where that lies, and by junction the flows of each interval."""

    junctions: tuple[Junction, ...]
    places: npt.NDArray[np.intp]
    minute: int
    flows: tuple[npt.NDArray[np.float64], ...]

    def timings(self, plans: Plans) -> list[Timing]:
        return [plans[each.layout.junction_id].at(self.minute) for each in self.junctions]


def _hour(table: Junctions, corridor: str) -> _Hour:
    own = tuple(junctions_of(table)[each] for each in table.along(corridor))
    every = corridor_during(table, corridor, slice(None), whole=True)
    n = len(own[0].minutes)
    # Junctions that were counted at other times have their mean all day.
    rows = [each.rows if len(each.rows) == n else np.tile(each.mean, (n, 1)) for each in every.flows]
    come = np.sum([each.sum(axis=1) for each in rows], axis=0)
    first = int(np.argmax([come[at : at + BUSIEST].sum() for at in range(max(1, n - BUSIEST + 1))]))
    places = np.arange(first, min(first + BUSIEST, n))
    return _Hour(own, places, int(own[0].minutes[first]), tuple(each[places] for each in rows))


def check_corridor(
    table: Junctions, corridor: str, plans: Mapping[str, Plans], *, seeds: tuple[int, ...] = SEEDS, sumo: Path | None = None,
    progress: Progress | None = None,
) -> Check:  # fmt: skip
    """Drive along a corridor in its busiest hour under each set of plans.

    Parameters
    ----------
    table : of a city.
    corridor : one of its corridors.
    plans : by name, the plan of each junction; the others are held against the first.
    seeds : of the simulator, the same for all.
    sumo : the simulator's program; searched for where none is given.
    progress : told how far it is, and where the work may be stopped.

    Returns
    -------
    Check
        Unchecked where there is no simulator; a trip may pass several junctions.
    """
    programs = simulator(sumo)
    if programs is None:
        return Check(checked=False)
    hour, speed = _hour(table, corridor), table.speed / 3.6
    seconds = hour.junctions[0].period * 3600
    with TemporaryDirectory(prefix="corridor-") as kept:
        folder = Path(kept)
        roads = write_corridor(hour.junctions, folder, netconvert=programs.netconvert, speed=speed)
        periods = [streams_of(roads, [each[at] for each in hour.flows]) for at in range(len(hour.places))]
        far = [each.distance for each in hour.junctions]
        lengths = {
            edge: max(LEAST_METRES, abs(far[last] - far[first])) for edge, (first, last) in roads.between.items()
        }
        write_streams(folder / "trips.rou.xml", periods, lengths=lengths, seconds=seconds)
        driven = {
            name: [
                SignalProgram(f"s{nth}", program_of(each.layout, timing, own), timing.offset)
                for nth, (each, timing, own) in enumerate(
                    zip(hour.junctions, hour.timings(one), roads.junctions, strict=True)
                )
            ]
            for name, one in plans.items()
        }
        case = Case(roads.path, folder / "trips.rou.xml", 0, len(hour.places) * seconds)
        found = simulate(case, driven, seeds=seeds, sumo=programs.sumo, progress=progress)
    trips = sum(stream.rate for period in periods for stream in period) * seconds / 3600
    during = corridor_during(table, corridor, hour.places, whole=True)
    formula = {name: 3600 * corridor_hours(during, hour.timings(one)) / trips for name, one in plans.items()}
    return Check(True, hour.minute, runs_of(found, plans), formula, seeds, programs.version)


def checked_corridor(
    table: Junctions, corridor: str, *, plans: Plans | None = None, seeds: tuple[int, ...] = SEEDS,
    progress: Progress | None = None,
) -> Check:  # fmt: skip
    """The proposed wave beside today's plans and each junction's own: as it was checked before, else driven now, and kept.

    Parameters
    ----------
    table : of a city.
    corridor : one of its corridors.
    plans : those that are proposed, by junction; those of one cycle where none are given.
    seeds : of the simulator.
    progress : told how far it is, and where the work may be stopped.

    Returns
    -------
    Check
        Of ``TODAY``, ``ALONE`` and ``PROPOSED``; unchecked where there is no simulator.
    """
    programs = simulator()
    if programs is None:
        return Check(checked=False)
    proposed = (
        corridor_plans(table, corridor) if plans is None else {each: plans[each] for each in table.along(corridor)}
    )
    subject = _subject(table, corridor, proposed)
    known = find_check(subject, version=programs.version, seeds=seeds)
    if known is not None:
        return known
    junctions = junctions_of(table)
    tried: dict[str, Plans] = {
        TODAY: {each: junctions[each].today for each in proposed},
        ALONE: {each: best_plan(table, each) for each in proposed},
        PROPOSED: proposed,
    }
    found = check_corridor(table, corridor, tried, seeds=seeds, progress=progress)
    keep_check(subject, found)
    return found


def found_corridor_check(table: Junctions, corridor: str, plans: Plans) -> Check | None:
    """What was said before of a corridor's plans beside today's.

    Parameters
    ----------
    table : of a city.
    corridor : one of its corridors.
    plans : by junction.

    Returns
    -------
    Check or None
        None where nobody asked for one yet.
    """
    return find_check(_subject(table, corridor, plans))


def _subject(table: Junctions, corridor: str, plans: Plans) -> str:
    hour = _hour(table, corridor)
    about = [
        (each.layout, sorted(each.bearings.items()), each.place, each.distance, each.period, each.today.at(hour.minute))
        for each in hour.junctions
    ]
    return subject_of(about, table.speed, hour.timings(plans), *hour.flows)
