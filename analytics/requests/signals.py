"""What is asked of the signals of a city: an engineer's sheets of a junction and of a corridor, and checks of their plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace

from analytics.caveats import assess
from analytics.parallel import Progress, quiet
from analytics.requests.request import CityRequest, Request
from analytics.results import Caveat, by_severity
from analytics.scenarios import Scenario
from analytics.scenarios.compare import levers_of
from analytics.scenarios.engines.signals.evidence import facts_of
from analytics.scenarios.engines.signals.plans import AT_REST, chosen_plans
from analytics.scenarios.engines.signals.tried import driven_fact, refined_fact
from analytics.signals.checking import checked_plans
from analytics.signals.checks import Check
from analytics.signals.choices import best_plan, corridor_plans
from analytics.signals.corridor_drive import CorridorDrive
from analytics.signals.drives import Plans
from analytics.signals.junction_drive import JunctionDrive
from analytics.signals.refined import refined_of
from analytics.signals.sheets import CorridorSheet, JunctionSheet, corridor_sheet, junction_sheet, lost_by_junction
from analytics.signals.tables import junctions_of
from analytics.signals.timings import DayPlan
from data import City, Junctions
from data.words import Sentence

__all__ = ["CheckRequest", "CorridorRequest", "JunctionRequest", "LostRequest", "limits_with"]

MOST_SEEDS, CORRIDOR_SEEDS = 20, 10  # a corridor's hour takes about eight times a junction's


@dataclass(frozen=True)
class JunctionRequest(Request):
    """A junction's counts, today's plan and the one that is proposed: an option's, one that was refined in simulation and is
    kept under a key, or that of least delay.
    """

    city: CityRequest
    _: KW_ONLY
    junctions: str
    junction: str
    option: Scenario | None = None
    refined: str = ""

    @property
    def table(self) -> str:
        """What the answer is kept for: the plan of least delay, and that of the last option that was looked at."""
        return f"junctions.{self.junctions}.{self.junction}{'' if self.option is None else '.option'}"

    def answer(self, city: City, *, progress: Progress = quiet) -> JunctionSheet:
        """The sheet.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        JunctionSheet
            With the plan that is proposed.
        """
        progress(0.1, Sentence("signals.searching_plan"))
        table = city.of("junctions")[self.junctions]
        plans = _plans_of(city, table, self.option, self.refined)
        plan = None if plans is None else plans[self.junction]
        return replace(junction_sheet(table, self.junction, plan=plan), caveats=_limits(table, city))


@dataclass(frozen=True)
class CorridorRequest(Request):
    """A corridor's waves today and as they are proposed: under an option, as they were refined in simulation and are kept under
    a key, or with one cycle and offsets.
    """

    city: CityRequest
    _: KW_ONLY
    junctions: str
    corridor: str
    option: Scenario | None = None
    refined: str = ""

    @property
    def table(self) -> str:
        """What the answer is kept for, as of a junction."""
        return f"junctions.{self.junctions}.corridor.{self.corridor}{'' if self.option is None else '.option'}"

    def answer(self, city: City, *, progress: Progress = quiet) -> CorridorSheet:
        """The sheet.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        CorridorSheet
            With the plans that are proposed.
        """
        progress(0.1, Sentence("signals.searching_waves"))
        table = city.of("junctions")[self.junctions]
        plans = _plans_of(city, table, self.option, self.refined)
        return replace(corridor_sheet(table, self.corridor, plans=plans), caveats=_limits(table, city))


@dataclass(frozen=True)
class LostRequest(Request):
    """Where time is lost at signals today."""

    city: CityRequest

    def answer(self, city: City, *, progress: Progress = quiet) -> dict[str, float]:
        """Vehicle-hours a day by junction.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        dict
            The greatest first.
        """
        found: dict[str, float] = {}
        for table in city.of("junctions").values():
            found |= lost_by_junction(table)
        return dict(sorted(found.items(), key=lambda each: -each[1]))


@dataclass(frozen=True)
class CheckRequest(Request):
    """The plans of a junction or a corridor, driven in the simulator on paired seeds; ``seeds`` 0 is as many as are usual.

    What comes of it is kept in the workspace (``analytics/signals/checks.py``). ``plan`` is tried at a junction in place of
    that of least delay; along a corridor the plans of an ``option``, or those ``refined`` and kept under a key, in place of
    those of one cycle.
    """

    city: CityRequest
    _: KW_ONLY
    junctions: str
    junction: str = ""
    corridor: str = ""
    plan: DayPlan | None = None
    option: Scenario | None = None
    refined: str = ""
    seeds: int = 0

    def answer(self, city: City, *, progress: Progress = quiet) -> Check:
        """What the simulator says.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is, and where the work may be stopped.

        Returns
        -------
        Check
            Unchecked where there is no simulator.
        """
        table = city.of("junctions")[self.junctions]
        if self.corridor:
            plans = _plans_of(city, table, self.option, self.refined) or corridor_plans(table, self.corridor)
            along, seeds = CorridorDrive(table, self.corridor), range(1, (self.seeds or CORRIDOR_SEEDS) + 1)
            return checked_plans(along, plans, seeds=tuple(seeds), progress=progress)
        plan = best_plan(table, self.junction) if self.plan is None else self.plan
        seeds = range(1, (self.seeds or MOST_SEEDS) + 1)
        drive = JunctionDrive(junctions_of(table)[self.junction])
        return checked_plans(drive, {self.junction: plan}, seeds=tuple(seeds), progress=progress)


def limits_with(
    caveats: Sequence[Caveat], check: Check | None, *, table: Junctions, place: str, plans: Plans
) -> tuple[Caveat, ...]:
    """The caveats of a sheet with what a check says in place of that there is none, and how its plans were refined.

    Parameters
    ----------
    caveats : of the sheet, which is kept whatever is checked or refined later.
    check : of its plans; None where nobody asked for one.
    table : of the city.
    place : the junction's id or the corridor's name.
    plans : those that are proposed, by junction.

    Returns
    -------
    tuple of Caveat
        The gravest first.
    """
    refined = next(
        (each for each in refined_of(table).values() if each.place == place and dict(plans) == each.plans), None
    )
    known = driven_fact(table, place, check, refined=refined)
    facts = [] if refined is None else [refined_fact(table, refined, known)]
    rest = [each for each in caveats if each.code != "signals_unchecked" or known is None]
    tried = () if known is None else assess(junctions=table.title, signals_changed=1, signals_tried=[known])
    return by_severity([*rest, *assess(junctions=table.title, signals_refined=facts), *tried])


def _plans_of(city: City, table: Junctions, option: Scenario | None, refined: str) -> Mapping[str, DayPlan] | None:
    """The plan of each junction under an option, whose levers may be as a link has them, or those that are kept as refined."""
    if refined:
        return refined_of(table)[refined].plans
    if option is None:
        return None
    known = {each.name: each for each in levers_of(city, question="signals", subject=table.name)}
    levers = {
        name: known[name].read(option.levers.get(name), scenario=option.name) for name in AT_REST if name in known
    }
    return chosen_plans(table, {**AT_REST, **levers})


def _limits(table: Junctions, city: City) -> tuple[Caveat, ...]:
    """What limits junctions whatever is done to them, as the engine's own rules have it."""
    return assess(made_from=(table.provenance,), **facts_of(table, as_of=city.as_of, moved=()))
