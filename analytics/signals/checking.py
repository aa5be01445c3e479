"""Plans of a city's junction tried in the simulator: its roads made from the table, the same vehicles under each plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from analytics.parallel import Progress
from analytics.signals.before_after import Difference, difference_of
from analytics.signals.layouts import Layout
from analytics.signals.optimise import Flows
from analytics.signals.refining import refine
from analytics.signals.simulation import Case, SignalProgram, find_sumo, simulate
from analytics.signals.sumo_network import SIGNAL, Roads, program_of, write_network, write_routes
from analytics.signals.tables import Junction
from analytics.signals.timings import DayPlan, Timing
from data.words import Sentence

__all__ = ["Check", "check_plans", "refined_timing"]

SEEDS = tuple(range(1, 11))
SEARCHED = (101, 102, 103)
BUSIEST = 4  # intervals that are driven: an hour of quarters
CLEARLY = 2.0  # seconds a trip by which a timing must lose more to be given up before all seeds were driven


@dataclass(frozen=True)
class Check:
    """What the simulator says of plans beside the first of them: seconds that a trip loses, by paired seeds.

    ``checked`` is false where there is no simulator; then nothing is known and results must say so. ``minute`` is when the
    hour that was driven begins. ``formula`` is by plan the mean wait by the handbook in the same hour, and ``same_order``
    whether both put the plans in the same order, but for those that are too close to call.
    """

    checked: bool
    minute: int = 0
    lost: Mapping[str, float] | None = None
    formula: Mapping[str, float] | None = None
    differences: Mapping[str, Difference] | None = None

    @property
    def same_order(self) -> bool:
        """Whether no plan that the simulator calls better or worse than the first is the other way round by the formula."""
        if not self.differences or not self.formula:
            return False
        first = next(iter(self.formula))
        signs = {"better": -1, "worse": 1}
        return all(
            each.verdict not in signs or signs[each.verdict] * (self.formula[name] - self.formula[first]) > 0
            for name, each in self.differences.items()
        )


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
    program = find_sumo() if sumo is None else sumo
    netconvert = None if program is None else program.with_name("netconvert")
    if program is None or netconvert is None or not netconvert.is_file():
        return Check(checked=False)
    with TemporaryDirectory(prefix="junction-") as kept:
        hour = _hour(junction, Path(kept), netconvert)
        programs = {name: [hour.program(plan.at(hour.minute))] for name, plan in plans.items()}
        found = simulate(hour.case, programs, seeds=seeds, sumo=program, progress=progress)
    lost = {name: found.xs(name, level="plan")["lost"].to_numpy(dtype=float) for name in plans}
    base = next(iter(plans))
    during = hour.flows
    formula = {
        name: 3600 * during.lost(junction.layout, plan.at(hour.minute)) / (during.rows.sum() * junction.period)
        for name, plan in plans.items()
    }
    differences = {name: difference_of(lost[base], each) for name, each in lost.items() if name != base}
    return Check(True, hour.minute, {name: float(each.mean()) for name, each in lost.items()}, formula, differences)


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
                progress(min(1.0, tried[0] / most), Sentence("signals.simulating"))
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
