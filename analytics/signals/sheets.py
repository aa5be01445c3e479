"""What an engineer looks at: a junction's counts with today's plan beside the one that is proposed, and a corridor's waves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.results import Result
from analytics.signals.before_after import Difference
from analytics.signals.choices import best_plan, corridor_during, corridor_plans
from analytics.signals.corridors import Corridor
from analytics.signals.day import day_hours
from analytics.signals.diagrams import TimeSpaceDiagram, TimingDiagram, time_space_diagram, timing_diagram
from analytics.signals.proposal import propose
from analytics.signals.tables import Junction, junctions_of
from analytics.signals.timings import DAY_MINUTES, DayPlan, Timing
from data import Junctions

__all__ = [
    "CorridorPart", "CorridorSheet", "DayPart", "JunctionSheet", "corridor_sheet", "junction_sheet", "lost_by_junction",
]  # fmt: skip


@dataclass(frozen=True)
class DayPart:
    """Some hours of the day in which neither plan changes: minutes of the day from ``start`` up to ``end``.

    ``vehicles`` come in an hour of them; ``wait_today`` and ``wait_proposed`` are the mean seconds that each loses, NaN where
    nothing was counted.
    """

    start: int
    end: int
    vehicles: float
    today: TimingDiagram
    proposed: TimingDiagram
    wait_today: float
    wait_proposed: float

    @property
    def same(self) -> bool:
        """Whether the proposal leaves these hours as they are."""
        return self.today.movements == self.proposed.movements


@dataclass(frozen=True, eq=False, kw_only=True)
class JunctionSheet(Result):
    """A junction as an engineer looks at it.

    ``counts`` is indexed by minute of the day, columns the movements (``north.left``): mean vehicles an hour over ``days``
    days (0 where the file names none). ``vehicles`` come in the hours that were counted; ``hours_today`` and
    ``hours_proposed`` are the vehicle-hours that they lose in them under each plan. ``difference`` is of vehicle-hours by
    counted interval, in pairs; ``worse_for`` names the movement that waits longer by most, ``worse_by`` seconds ("" for none).
    ``plan`` is the one that is proposed.
    """

    table: str
    junction_id: str
    title: str
    corridor: str
    counts: pd.DataFrame
    days: int
    parts: tuple[DayPart, ...]
    vehicles: float
    hours_today: float
    hours_proposed: float
    difference: Difference
    plan: DayPlan
    worse_for: str = ""
    worse_by: float = 0.0

    @property
    def busiest(self) -> DayPart:
        """The part of the day in which most come in an hour."""
        return max(self.parts, key=lambda part: part.vehicles)


@dataclass(frozen=True)
class CorridorPart:
    """Some hours of the day on a corridor: its waves under today's plans (None where their cycles differ) and proposed."""

    start: int
    end: int
    today: TimeSpaceDiagram | None
    proposed: TimeSpaceDiagram | None
    cycles: tuple[float, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class CorridorSheet(Result):
    """A corridor by parts of the day; ``junctions`` are its ids with their names, by distance, ``plans`` those proposed."""

    table: str
    corridor: str
    junctions: dict[str, str]
    parts: tuple[CorridorPart, ...]
    plans: Mapping[str, DayPlan]


def junction_sheet(table: Junctions, junction_id: str, *, plan: DayPlan | None = None) -> JunctionSheet:
    """Counts, today's plan, the one that is proposed, and what each costs at the mean of the counts.

    Nothing of it is applied. The difference is that of the counted intervals; one over many futures is a comparison's.

    Parameters
    ----------
    table : of a city.
    junction_id : one of its junctions.
    plan : the one that is proposed; that of least delay where none is given.

    Returns
    -------
    JunctionSheet
        With at least one part of the day.
    """
    junction = junctions_of(table)[junction_id]
    proposal = best_plan(table, junction_id) if plan is None else plan
    parts = tuple(_part(junction, proposal, start, end) for start, end in _cuts(junction.today, proposal))
    names = [each.name for each in junction.layout.movements]
    counts = pd.DataFrame(junction.flows, pd.Index(junction.minutes, name="minute"), names)
    lost = [day_hours(junction, plan) for plan in (junction.today, proposal)]
    found = propose(table, junction_id, plan=proposal)
    return JunctionSheet(
        made_from=(table.provenance,), table=table.name, junction_id=junction_id, title=junction.layout.title,
        corridor=junction.corridor, counts=counts, days=table.days, parts=parts, vehicles=junction.vehicles,
        hours_today=lost[0], hours_proposed=lost[1], difference=found.difference, plan=proposal,
        worse_for=found.worse_for, worse_by=found.worse_by,
    )  # fmt: skip


def lost_by_junction(table: Junctions) -> dict[str, float]:
    """Vehicle-hours that each junction loses a day under today's plan, in the hours that were counted.

    Parameters
    ----------
    table : of a city.

    Returns
    -------
    dict
        By id, the greatest first.
    """
    lost = {name: day_hours(each, each.today) for name, each in junctions_of(table).items()}
    return dict(sorted(lost.items(), key=lambda each: -each[1]))


def _cuts(*plans: DayPlan) -> list[tuple[int, int]]:
    """From when to when no plan changes, in minutes of the day from midnight on."""
    starts = sorted({0, *(program.start % DAY_MINUTES for plan in plans for program in plan.programs)})
    return list(zip(starts, [*starts[1:], DAY_MINUTES], strict=True))


def _part(junction: Junction, proposal: DayPlan, start: int, end: int) -> DayPart:
    layout, inside = junction.layout, (junction.minutes >= start) & (junction.minutes < end)
    timings = junction.today.at(start), proposal.at(start)
    waits, vehicles = [float("nan")] * 2, 0.0
    if inside.any():
        flows = junction.during(np.flatnonzero(inside))
        vehicles = float(flows.rows.sum(axis=1).mean())
        come = float(flows.rows.sum()) * flows.period
        waits = [3600 * flows.lost(layout, each) / come if come > 0 else 0.0 for each in timings]
    today, proposed = (timing_diagram(layout, each) for each in timings)
    return DayPart(start, end, vehicles, today, proposed, waits[0], waits[1])


def corridor_sheet(table: Junctions, corridor: str, *, plans: Mapping[str, DayPlan] | None = None) -> CorridorSheet:
    """The waves of a corridor today and as they are proposed, by parts of the day.

    Parameters
    ----------
    table : of a city.
    corridor : one of its corridors.
    plans : those that are proposed, by junction; those of one cycle where none are given.

    Returns
    -------
    CorridorSheet
        A diagram is None where the junctions' cycles differ, so that no wave can last, or nobody goes straight on.
    """
    ids, junctions = table.along(corridor), junctions_of(table)
    proposal = corridor_plans(table, corridor) if plans is None else {each: plans[each] for each in ids}
    own = [junctions[each] for each in ids]
    moves = corridor_during(table, corridor, slice(None))
    cuts = _cuts(*(each.today for each in own), *proposal.values())
    parts = []
    for start, end in cuts:
        timings = [each.today.at(start) for each in own]
        proposed = [proposal[each].at(start) for each in ids]
        cycles = tuple(timing.cycle(each.layout) for timing, each in zip(timings, own, strict=True))
        parts.append(CorridorPart(start, end, _waves(moves, timings), _waves(moves, proposed), cycles))
    names = {each: junctions[each].layout.title for each in ids}
    return CorridorSheet(
        made_from=(table.provenance,),
        table=table.name,
        corridor=corridor,
        junctions=names,
        parts=tuple(parts),
        plans=dict(proposal),
    )


def _waves(moves: Corridor, timings: list[Timing]) -> TimeSpaceDiagram | None:
    cycles = {round(timing.cycle(layout), 3) for timing, layout in zip(timings, moves.layouts, strict=True)}
    if len(cycles) > 1 or None in moves.along or None in moves.back:
        return None
    named = [
        {
            layout.junction_id: layout.movements[place].name
            for layout, place in zip(moves.layouts, places, strict=True)
            if place is not None
        }
        for places in (moves.along, moves.back)
    ]
    return time_space_diagram(
        moves.name, moves.layouts, timings, distances=moves.distances, along=named[0], back=named[1], speed=moves.speed
    )
