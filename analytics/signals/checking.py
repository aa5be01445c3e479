"""Plans of a city's junction tried in the simulator: its roads made from the table, the same vehicles under each plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from analytics.parallel import Progress
from analytics.signals.checks import PROPOSED, TODAY, Check, find_check, keep_check, subject_of
from analytics.signals.layouts import Layout
from analytics.signals.optimise import Flows
from analytics.signals.refining import refine
from analytics.signals.simulation import Case, SignalProgram, runs_of, simulate, simulator
from analytics.signals.sumo_network import SIGNAL, Roads, program_of, write_network, write_routes
from analytics.signals.tables import Junction
from analytics.signals.timings import DayPlan, Timing
from data.words import Sentence

__all__ = ["SEEDS", "check_plans", "checked_plan", "found_check", "refined_plan", "refined_timing"]

SEEDS = tuple(range(1, 21))
SEARCHED = (101, 102, 103)
BUSIEST = 4  # intervals that are driven: an hour of quarters
CLEARLY = 2.0  # seconds a trip by which a timing must lose more to be given up before all seeds were driven


def check_plans(
    junction: Junction, plans: Mapping[str, DayPlan], *, seeds: tuple[int, ...] = SEEDS, sumo: Path | None = None,
    progress: Progress | None = None,
) -> Check:  # fmt: skip
    """Drive the busiest hour under each plan.

    Parameters
    ----------
    junction : its layout and flows.
    plans : by name; the others are held against the first.
    seeds : of the simulator, the same for each plan.
    sumo : the simulator's program; searched for where none is given.
    progress : told how far it is, and where the work may be stopped.

    Returns
    -------
    Check
        Unchecked where there is no simulator.
    """
    programs = simulator(sumo)
    if programs is None:
        return Check(checked=False)
    with TemporaryDirectory(prefix="junction-") as kept:
        hour = _hour(junction, Path(kept), programs.netconvert)
        driven = {name: [hour.program(plan.at(hour.minute))] for name, plan in plans.items()}
        found = simulate(hour.case, driven, seeds=seeds, sumo=programs.sumo, progress=progress)
    come = hour.flows.rows.sum() * junction.period
    formula = {
        name: float(3600 * hour.flows.lost(junction.layout, plan.at(hour.minute)) / come)
        for name, plan in plans.items()
    }
    return Check(True, hour.minute, runs_of(found, plans), formula, seeds, programs.version)


def checked_plan(
    junction: Junction, plan: DayPlan, *, seeds: tuple[int, ...] = SEEDS, progress: Progress | None = None
) -> Check:
    """A plan beside today's: as it was checked before by this simulator and these seeds, else driven now, and kept.

    Parameters
    ----------
    junction : its layout and flows.
    plan : the one that is proposed.
    seeds : of the simulator.
    progress : told how far it is, and where the work may be stopped.

    Returns
    -------
    Check
        Of ``TODAY`` and ``PROPOSED``; unchecked where there is no simulator.
    """
    programs = simulator()
    if programs is None:
        return Check(checked=False)
    known = found_check(junction, plan, version=programs.version, seeds=seeds)
    if known is not None:
        return known
    found = check_plans(junction, {TODAY: junction.today, PROPOSED: plan}, seeds=seeds, progress=progress)
    keep_check(_subject(junction, plan), found)
    return found


def found_check(junction: Junction, plan: DayPlan, *, version: str = "", seeds: tuple[int, ...] = ()) -> Check | None:
    """What was said before of a plan beside today's.

    Parameters
    ----------
    junction : its layout and flows.
    plan : the one that is proposed.
    version, seeds : as of ``find_check``.

    Returns
    -------
    Check or None
        None where nobody asked for one yet.
    """
    return find_check(_subject(junction, plan), version=version, seeds=seeds)


def _subject(junction: Junction, plan: DayPlan) -> str:
    """What is driven: the roads, the vehicles of the busiest hour, and what each plan does in it."""
    first = _busiest(junction)
    minute = int(junction.minutes[first])
    return subject_of(
        junction.layout, sorted(junction.bearings.items()), junction.flows[first : first + BUSIEST], junction.period,
        junction.today.at(minute), plan.at(minute),
    )  # fmt: skip


def refined_timing(
    junction: Junction, timing: Timing, *, longest: float, sumo: Path, seeds: tuple[int, ...] = SEARCHED, most: int = 40,
    progress: Progress | None = None,
) -> Timing:  # fmt: skip
    """A timing whose greens were moved for as long as the simulator loses less in the busiest hour.

    It is fitted to the seeds that it was searched on; what it saves is told by ``check_plans``, which drives others.

    Parameters
    ----------
    junction : its layout and flows.
    timing : where the search starts.
    longest : seconds that the cycle may last.
    sumo : the simulator's program.
    seeds : of the simulator.
    most : timings that may be tried.
    progress : told how far it is, and where the work may be stopped.

    Returns
    -------
    Timing
        With the offset that it had.
    """
    layout, tried = junction.layout, [0]
    with TemporaryDirectory(prefix="junction-") as kept:
        hour = _hour(junction, Path(kept), sumo.with_name("netconvert"))

        def lost(greens: tuple[float, ...], bound: float) -> float:
            tried[0] += 1
            if progress is not None:
                progress(min(1.0, tried[0] / most), Sentence("signals.refining"))
            if sum(greens) + layout.lost > longest:
                return float("inf")
            found: list[float] = []
            for seed in seeds:
                runs = simulate(hour.case, {"": [hour.program(Timing(greens))]}, seeds=[seed], sumo=sumo)
                found.append(float(runs["lost"].iloc[0]))
                if float(np.mean(found)) > bound + CLEARLY:
                    return float("inf")
            return float(np.mean(found))

        least = tuple(each.minimum for each in layout.phases)
        return replace(timing, greens=refine([timing.greens], lost, least=least, most=most).greens)


def refined_plan(
    junction: Junction, plan: DayPlan, *, longest: float, progress: Progress | None = None
) -> DayPlan | None:
    """A plan with the greens of its busiest hour refined in the simulator.

    Parameters
    ----------
    junction : its layout and flows.
    plan : where the search starts.
    longest : seconds that a cycle may last.
    progress : told how far it is, and where the work may be stopped.

    Returns
    -------
    DayPlan or None
        None where there is no simulator.
    """
    programs = simulator()
    if programs is None:
        return None
    timing = plan.at(int(junction.minutes[_busiest(junction)]))
    better = refined_timing(junction, timing, longest=longest, sumo=programs.sumo, progress=progress)
    return DayPlan(tuple(replace(each, timing=better) if each.timing == timing else each for each in plan.programs))


@dataclass(frozen=True)
class _Hour:
    """The busiest hour of a junction, ready to be driven."""

    case: Case
    roads: Roads
    layout: Layout
    flows: Flows
    minute: int

    def program(self, timing: Timing) -> SignalProgram:
        return SignalProgram(SIGNAL, program_of(self.layout, timing, self.roads))


def _hour(junction: Junction, folder: Path, netconvert: Path) -> _Hour:
    first = _busiest(junction)
    places = np.arange(first, min(first + BUSIEST, len(junction.minutes)))
    seconds, layout = junction.period * 3600, junction.layout
    roads = write_network(layout, folder, netconvert=netconvert, bearings=junction.bearings)
    routes = folder / "junction.rou.xml"
    write_routes(routes, list(junction.flows[places]), roads, begin=0, seconds=seconds)
    case = Case(roads.path, routes, 0, len(places) * seconds)
    return _Hour(case, roads, layout, junction.during(places), int(junction.minutes[first]))


def _busiest(junction: Junction) -> int:
    """The interval from which most vehicles come within an hour."""
    come = junction.flows.sum(axis=1)
    windows = [come[place : place + BUSIEST].sum() for place in range(max(1, len(come) - BUSIEST + 1))]
    return int(np.argmax(windows))
