"""Plans of a city's junction tried in the simulator: its roads made from the table, the same vehicles under each plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from analytics.parallel import Progress
from analytics.signals.before_after import Difference, difference_of
from analytics.signals.simulation import Case, SignalProgram, find_sumo, simulate
from analytics.signals.sumo_network import SIGNAL, program_of, write_network, write_routes
from analytics.signals.tables import Junction
from analytics.signals.timings import DayPlan

__all__ = ["Check", "check_plans"]

SEEDS = tuple(range(1, 11))
BUSIEST = 4  # intervals that are driven: an hour of quarters


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
    first = _busiest(junction)
    places = np.arange(first, min(first + BUSIEST, len(junction.minutes)))
    seconds, layout = junction.period * 3600, junction.layout
    with TemporaryDirectory(prefix="junction-") as kept:
        folder = Path(kept)
        roads = write_network(layout, folder, netconvert=netconvert, bearings=junction.bearings)
        routes = folder / "junction.rou.xml"
        write_routes(routes, list(junction.flows[places]), roads, begin=0, seconds=seconds)
        case = Case(roads.path, routes, 0, len(places) * seconds)
        minute = int(junction.minutes[first])
        programs = {
            name: [SignalProgram(SIGNAL, program_of(layout, plan.at(minute), roads))] for name, plan in plans.items()
        }
        found = simulate(case, programs, seeds=seeds, sumo=program, progress=progress)
    lost = {name: found.xs(name, level="plan")["lost"].to_numpy(dtype=float) for name in plans}
    base = next(iter(plans))
    during = junction.during(places)
    formula = {
        name: 3600 * during.lost(layout, plan.at(minute)) / (during.rows.sum() * junction.period)
        for name, plan in plans.items()
    }
    differences = {name: difference_of(lost[base], each) for name, each in lost.items() if name != base}
    return Check(True, minute, {name: float(each.mean()) for name, each in lost.items()}, formula, differences)


def _busiest(junction: Junction) -> int:
    """The interval from which most vehicles come within an hour."""
    come = junction.flows.sum(axis=1)
    windows = [come[place : place + BUSIEST].sum() for place in range(max(1, len(come) - BUSIEST + 1))]
    return int(np.argmax(windows))
