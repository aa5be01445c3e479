"""Plans for crews: the fewest, or the least dear mix with overtime, that reach the city's own target often enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from analytics.errors import ScenarioError
from analytics.parallel import Progress
from analytics.scenarios.composition import compose
from analytics.scenarios.contract import Ask, Lever, Suggestion
from analytics.scenarios.engines.crews.futures import Course
from analytics.scenarios.engines.crews.known import Known, known_of, practice_of
from analytics.scenarios.engines.crews.levers import CREW_COST, OVERTIME_COST, bills, levers_of
from analytics.scenarios.engines.crews.practice import Practice
from analytics.scenarios.engines.crews.work import course_of
from analytics.scenarios.money import unit_cost
from analytics.scenarios.registry import engines
from analytics.scenarios.study import Scenario, Study
from data.words import Sentence

__all__ = ["plans_of"]

LIKELY = 0.9  # of the futures in which a plan must reach the target, where nobody asks for another chance
SHARE_STEP = 0.05  # of today's work, where nobody says how many crews there are
MOST_SPLITS = 30  # of so many crews between the categories that are all tried
HOURS_STEPS = 10  # of overtime, up to as much as the lever allows

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Plan:
    """Crews (or shares of today's work) more by category, overtime in every month, and in how many futures it does."""

    extra: tuple[float, ...]
    overtime: float = 0.0
    chance: float = 0.0
    cost: float = 0.0


@dataclass(frozen=True, eq=False)
class _Trial:
    """All that plans are tried with: the same futures for each."""

    study: Study
    known: Known
    practice: Practice
    levers: Mapping[str, Lever]
    demand: xr.DataArray
    weights: Floats
    ask: Ask
    unit_costs: Mapping[str, Floats] = field(default_factory=dict)

    @property
    def apart(self) -> bool:
        """Whether crews are counted, and those of each category by themselves."""
        return bool(self.known.crews.crews) and len(self.practice.capacity) > 1

    @property
    def step(self) -> float:
        """The least number that is tried more."""
        return 1.0 if self.known.crews.crews else SHARE_STEP

    @property
    def most(self) -> float:
        """How many more of one category may be tried."""
        kind: Any = self.levers["crews.extra"].kind
        return float(kind.high)

    @property
    def least(self) -> float:
        """The chance with which a plan must reach the target."""
        return LIKELY if self.ask.least is None else self.ask.least

    def values(self, plan: _Plan) -> dict[str, Any]:
        """A plan as values of the levers that it moves."""
        found: dict[str, Any] = {}
        if any(plan.extra):
            named = {name: each for name, each in zip(self.practice.categories, plan.extra, strict=False) if each}
            found["crews.extra"] = named if self.apart else plan.extra[0]
        if plan.overtime:
            found["crews.overtime"] = plan.overtime
        return found

    def tried(self, plan: _Plan) -> _Plan:
        """The plan with its chance and its mean cost a year above today's."""
        values = self.values(plan)
        levers = {name: lever.read(values.get(name), scenario=name) for name, lever in self.levers.items()}
        course = course_of(self.study, self.known, self.practice, levers, self.demand, self.study.streams)
        enough = self.reached(course) >= (self.known.crews.target_share or 0.0)
        at_rest = bills({name: lever.rest for name, lever in self.levers.items()}, self.known, self.practice)
        more = {name: units - at_rest[name] for name, units in bills(levers, self.known, self.practice).items()}
        cost = np.sum(
            [units * self.unit_costs[name] for name, units in more.items() if name in self.unit_costs], axis=0
        )
        if self.ask.budget is not None:
            enough = enough & (cost <= self.ask.budget)
        return _Plan(plan.extra, plan.overtime, float(enough.mean()), float(np.mean(cost)))

    def reached(self, course: Course) -> npt.NDArray[np.float32]:
        """The share done within the target in the areas that count, by draw."""
        within = course.within(self.known.crews.target_days)[course.units.unit_of]
        weight = self.weights / max(self.weights.sum(), 1e-12)
        found: npt.NDArray[np.float32] = np.einsum("ka,kad->d", weight, within)
        return found


def plans_of(study: Study, ask: Ask, *, progress: Progress) -> tuple[Suggestion, ...]:
    """Plans that reach the city's own target in as many futures as are asked for.

    Crews are added one at a time, split between the categories in every way (in many ways only where a better one is
    next to a good one). For the least cost, overtime is added to each number of crews until it is enough.

    Parameters
    ----------
    study : the city, its time and the tables.
    ask : what is wanted.
    progress : told how far it is; may stop the work.

    Returns
    -------
    tuple of Suggestion
        The best first.

    Raises
    ------
    ScenarioError
        When the city states no target or no costs, or nothing that the levers allow reaches it.
    """
    trial = _trial(study, ask)
    if ask.objective == "cheapest_crews":
        return _cheapest(trial, progress)
    reached = 0.0
    for number, best, same in _by_number(trial, progress):
        if best.chance >= trial.least:
            return (_fewest(trial, number, best, same),)
        reached = max(reached, best.chance)
    raise _infeasible(trial, reached)


def _fewest(trial: _Trial, number: int, found: _Plan, ties: tuple[_Plan, ...]) -> Suggestion:
    evidence = {"n": number, "least": trial.least}
    exact = not trial.apart or len(_splits(trial, number)) <= MOST_SPLITS
    ways = "found_by_number" if trial.apart else "found_by_raising"
    stated = Sentence(f"crews.{ways if exact else 'found_by_steps'}", evidence)
    near = tuple(Scenario(_named(trial, each), trial.values(each)) for each in ties[:3])
    scenario = Scenario(_named(trial, found), trial.values(found))
    return Suggestion(scenario, stated, gap=0.0 if exact else None, near_ties=near)


def _trial(study: Study, ask: Ask) -> _Trial:
    known = known_of(study)
    if known is None:
        raise ScenarioError("crews_not_studied", city=study.city.name)
    if known.crews.target_share is None:
        raise ScenarioError("crews_no_target", crews=known.crews.title)
    practice = practice_of(study, known)
    levers = {each.name: each for each in levers_of(study, known, practice)}
    costs = {}
    for name, cost in (("crews_yearly", CREW_COST), ("overtime_yearly", OVERTIME_COST)):
        each = unit_cost(study, cost, study.streams)
        if each is not None and known.crews.crews:
            costs[name] = each.to_numpy()
    if (ask.objective == "cheapest_crews" or ask.budget is not None) and len(costs) < 2:
        raise ScenarioError("crews_no_costs", crews=known.crews.title, names=[CREW_COST, OVERTIME_COST])
    return _Trial(study, known, practice, levers, _demand(study), _weights(known, practice, ask), ask, costs)


def _demand(study: Study) -> xr.DataArray:
    composition = compose([engines()[name] for name in ("baseline", "demand")], study, wanted=["demand"])
    rest = {each.name: each.rest for each in composition.levers}
    results, _ = composition.run(rest, {each.name: None for each in composition.uncertainties})
    return results["demand"]


def _weights(known: Known, practice: Practice, ask: Ask) -> Floats:
    """The requests that count by (category, area): those of the region, and of the group as far as its people live there."""
    weights = practice.share.copy()
    if ask.region:
        weights *= np.isin(practice.area_ids, list(ask.region))
    if ask.group and known.requests.areas is not None and ask.group in known.requests.areas.frame:
        weights *= known.requests.areas.frame[ask.group].reindex(list(practice.area_ids)).fillna(0.0).to_numpy()
    return weights


def _splits(trial: _Trial, number: int) -> list[tuple[float, ...]]:
    """Every way to share so many more crews between the categories."""
    if not trial.apart:
        return [(number * trial.step,)]
    kinds = len(trial.practice.categories)

    def shared(left: int, among: int) -> Iterator[tuple[float, ...]]:
        if among == 1:
            yield (float(left),)
            return
        for mine in range(left + 1):
            yield from ((float(mine), *rest) for rest in shared(left - mine, among - 1))

    return [each for each in shared(number, kinds) if max(each) <= trial.most]


def _by_number(trial: _Trial, progress: Progress) -> Iterator[tuple[int, _Plan, tuple[_Plan, ...]]]:
    """For each number of crews more, from none, the split that does best, and the others that would do as well."""
    kinds = len(trial.practice.categories) if trial.apart else 1
    best = trial.tried(_Plan((0.0,) * kinds))
    yield 0, best, ()
    most = round(trial.most / trial.step) * kinds
    for number in range(1, most + 1):
        progress(number / most, trial.known.crews.title)
        ways = _splits(trial, number)
        if len(ways) > MOST_SPLITS:
            ways = [(*best.extra[:kind], best.extra[kind] + 1.0, *best.extra[kind + 1 :]) for kind in range(kinds)]
            ways = [way for way in ways if max(way) <= trial.most]
        tried = sorted((trial.tried(_Plan(way)) for way in ways), key=lambda plan: (-plan.chance, plan.extra))
        if not tried:
            return
        best = tried[0]
        if trial.ask.budget is not None and best.chance == 0 and best.cost > trial.ask.budget:
            return
        yield number, best, tuple(each for each in tried[1:] if each.chance >= trial.least)


def _cheapest(trial: _Trial, progress: Progress) -> tuple[Suggestion, ...]:
    """For each number of crews the least overtime that is enough; of these the least dear."""
    kind: Any = trial.levers["crews.overtime"].kind
    enough: list[_Plan] = []
    reached = 0.0
    for _, best, _ in _by_number(trial, progress):
        plan = best if best.chance >= trial.least else _with_overtime(trial, best, float(kind.high))
        reached = max(reached, plan.chance)
        enough += [plan] if plan.chance >= trial.least else []
        if best.chance >= trial.least:
            break
    if not enough:
        raise _infeasible(trial, reached)
    chosen = sorted(enough, key=lambda plan: plan.cost)[: trial.ask.most]
    stated = Sentence("crews.found_by_cost", {"least": trial.least})
    return tuple(
        Suggestion(Scenario(_named(trial, plan), trial.values(plan)), stated, cheapest=plan is chosen[0])
        for plan in chosen
    )


def _with_overtime(trial: _Trial, plan: _Plan, most: float) -> _Plan:
    """The plan with the least overtime that is enough, by halving; with all of it where none is."""
    found = trial.tried(_Plan(plan.extra, most))
    low, high = 0, HOURS_STEPS
    while found.chance >= trial.least and high - low > 1:
        middle = (low + high) // 2
        tried = trial.tried(_Plan(plan.extra, most * middle / HOURS_STEPS))
        low, high, found = (low, middle, tried) if tried.chance >= trial.least else (middle, high, found)
    return found


def _named(trial: _Trial, plan: _Plan) -> str:
    kinds = trial.practice.categories if trial.apart else ("",)
    numbers = [f"+{each:g}" if trial.step == 1.0 else f"+{each:.0%}" for each in plan.extra]
    parts = [f"{number} {kind}".strip() for number, kind, each in zip(numbers, kinds, plan.extra, strict=True) if each]
    parts += (
        [f"{plan.overtime:g} h" if trial.known.crews.crew_hours else f"{plan.overtime:.0%} h"] if plan.overtime else []
    )
    return ", ".join(parts) or "0"


def _infeasible(trial: _Trial, reached: float) -> ScenarioError:
    crews = trial.known.crews
    evidence = {"share": crews.target_share, "days": crews.target_days, "least": trial.least, "chance": reached}
    return ScenarioError("crews_infeasible", crews=crews.title, **evidence)
