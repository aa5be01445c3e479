"""Plans for the road that save most time, or that harm least: the links are shortlisted, and every plan of them is solved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb
from threading import Lock
from typing import Any

import numpy as np
from cachetools import LRUCache

from analytics.errors import ScenarioError, TrafficError
from analytics.parallel import Progress
from analytics.scenarios.amounts import amount
from analytics.scenarios.contract import Ask, Objective, Suggestion
from analytics.scenarios.engines.traffic.futures import ELASTICITIES, GAP, today
from analytics.scenarios.engines.traffic.known import Case
from analytics.scenarios.engines.traffic.levers import BUILT, CLOSED, MOST_CLOSED, WIDENED, plan_of
from analytics.scenarios.engines.traffic.measures import COST
from analytics.scenarios.money import annuity
from analytics.scenarios.study import Scenario, Study
from analytics.traffic import Assignment, Elastic, assign, link_titles
from data.words import Sentence, Words, text

__all__ = ["OBJECTIVES", "proposed"]

HOURS, DELAY, CLOSING = "hours", "delay", "closing"
OBJECTIVES = tuple(
    Objective(name, Sentence(f"objectives.roads_{name}"), by_need=False) for name in (HOURS, DELAY, CLOSING)
)
USUAL_SIZE = 2  # links where neither a number nor a budget is stated
ALONE = 30  # links that are solved alone: as many as levers offer where the city names none
TOGETHER = 36  # plans of several links that are solved: all pairs of nine, or all threes of six
TIE = 0.05  # of what the best plan saves: nearer ones are about as good
MOST_TIES = 5
NAMED = 3  # links in the name of a plan

Links = tuple[tuple[str, str], ...]
"""Lever and name of each link of a plan."""

_VALUES: LRUCache[tuple[object, ...], tuple[float, float] | None] = LRUCache(4096)
_LOCK = Lock()


@dataclass(frozen=True, eq=False)
class Task:
    """What is to be found: the road, by which objective, how many links, what a plan may cost a year, and what links are called."""

    case: Case
    objective: str
    sizes: tuple[int, ...]
    budget: float | None
    lane_km: float | None
    currency: str
    titles: Mapping[str, Words]

    @property
    def offered(self) -> Links:
        """The links that plans of this objective may take."""
        if self.objective == CLOSING:
            return tuple((CLOSED, name) for name in self.case.candidates)
        return (*((WIDENED, name) for name in self.case.candidates), *((BUILT, name) for name in self.case.planned))

    def value(self, links: Links) -> float | None:
        """Vehicle-hours, or those of delay, with a plan in the middle future; None where somebody has no way left."""
        found = _solved(self.case, links)
        return None if found is None else found[1 if self.objective == DELAY else 0]

    def cost(self, links: Links) -> float:
        """What a plan costs a year; 0 where the city does not state it."""
        return (self.lane_km or 0.0) * plan_of(self.case, levers_with(links)).lane_km

    def affords(self, links: Links) -> bool:
        """Whether a plan keeps to the budget."""
        return self.budget is None or self.cost(links) <= self.budget


def levers_with(links: Links) -> dict[str, list[str]]:
    """The levers of a plan.

    Parameters
    ----------
    links : of it.

    Returns
    -------
    Names of links by lever.
    """
    found: dict[str, list[str]] = {}
    for lever, name in links:
        found.setdefault(lever, []).append(name)
    return found


def proposed(study: Study, case: Case, ask: Ask, *, progress: Progress) -> tuple[Suggestion, ...]:
    """The plan that does best by the objective that is asked for, then the cheapest that does any good.

    A plan's value is that of its own equilibrium in the middle future: trips as in the matrix, which answer to their cost by the
    mean elasticities. Links are first solved alone (those that would do best if nobody changed the way, where there are many),
    then all plans of the asked size among those that did best alone.

    Parameters
    ----------
    study : the city, its time and the tables.
    case : the road and trips.
    ask : objective, number of links and budget a year.
    progress : told how far it is, and where the work may be stopped.

    Returns
    -------
    tuple of Suggestion
        One or two.

    Raises
    ------
    ScenarioError
        When nothing meets what is asked, saying what would.
    """
    task = _task(study, case, ask)
    alone = _alone(task, progress)
    tried, pool = _together(task, alone, progress)
    base = task.value(())
    if not tried or base is None:
        raise ScenarioError("roads_no_way")
    ranked = sorted(tried, key=lambda links: (tried[links], links))
    best = ranked[0]
    noise = 2 * GAP * today(case, 1.0)[0].hours  # what two equilibria of this gap may differ by for nothing
    if task.objective != CLOSING and base - tried[best] <= noise:
        raise ScenarioError("roads_nothing_saved", n=len(task.offered), value=_hours(base))
    margin = max(TIE * abs(base - tried[best]), noise)
    ties = [each for each in ranked[1:] if tried[each] - tried[best] <= margin][: MOST_TIES + 1]
    proven = all(comb(len(task.offered), size) == sum(len(each) == size for each in tried) for size in task.sizes)
    evidence = {
        "n": len(best), "candidates": len(task.offered), "change": _hours(abs(base - tried[best])), "today": _hours(base),
        "proof": Sentence(
            "roads_found.all" if proven else "roads_found.some",
            {"tried": len(tried), "alone": len(alone), "pool": len(pool)},
        ),
        "ties": _ties_sentence(len(ties)),
    }  # fmt: skip
    grows = task.objective == CLOSING and tried[best] > base
    found_by = Sentence(f"roads_found.{task.objective}{'_more' if grows else ''}", evidence)
    near = tuple(_scenario(each, task.titles) for each in ties[:MOST_TIES])
    found = [Suggestion(_scenario(best, task.titles), found_by, 0.0 if proven else None, near)]
    progress(1.0, Sentence("roads_found.doing"))
    return (*found, *(_cheapest(task, alone, best, base, noise) if ask.most > 1 else ()))


def _task(study: Study, case: Case, ask: Ask) -> Task:
    if ask.group:
        raise ScenarioError("roads_no_group")
    if ask.region:
        raise ScenarioError("roads_no_region")
    objective = ask.objective or HOURS
    cost = study.find("costs", COST)
    if ask.budget is not None and cost is None and objective != CLOSING:
        raise ScenarioError("roads_no_costs", city=study.city.name)
    years = annuity(study.terms.appraisal_years, study.terms.discount_rate, study.terms.later_rates)
    budget = None if objective == CLOSING else ask.budget
    titles = link_titles(case.network, study.find("areas", case.trips.layer))
    task = Task(case, objective, (), budget, None if cost is None else cost.amount / years, study.city.currency, titles)
    most = len(task.offered) if objective != CLOSING else min(MOST_CLOSED, len(task.offered))
    if not most:
        raise ScenarioError("roads_no_candidates", network=case.network.title)
    if ask.size is not None and not 1 <= ask.size <= most:
        raise ScenarioError("roads_size", n=ask.size, most=most)
    usual = min(USUAL_SIZE, most)
    sizes = (ask.size,) if ask.size else tuple(range(1, usual + 1)) if budget is not None else (usual,)
    task = replace(task, sizes=sizes)
    cheapest = min(task.cost((each,)) for each in task.offered)
    if budget is not None and cheapest > budget:
        evidence = {"budget": amount(budget, task.currency), "least": amount(cheapest, task.currency)}
        raise ScenarioError("roads_budget_low", **evidence)
    return task


def _alone(task: Task, progress: Progress) -> dict[Links, float]:
    """What each link does alone, the best first; of many, those that promise most at the volumes of today."""
    guessed = sorted(task.offered, key=lambda each: (_guess(task.case, each), each))[:ALONE]
    found = {}
    for place, each in enumerate(guessed):
        progress(place / (len(guessed) + TOGETHER), Sentence("roads_found.doing"))
        value = task.value((each,))
        if value is not None:
            found[(each,)] = value
    return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))


def _guess(case: Case, link: tuple[str, str]) -> float:
    """Vehicle-hours that a link adds at the volumes of today: of one that is closed, what is driven on it now."""
    lever, name = link
    found, _ = today(case, 1.0)
    if lever == BUILT:
        return -np.inf  # nothing drives there yet, so that nothing is known: it is tried
    places = case.candidates[name]
    if lever == CLOSED:
        return float(found.volume[places] @ found.time[places])
    road = plan_of(case, levers_with((link,))).road
    return float(found.volume @ (road.time(found.volume) - found.time))


def _together(task: Task, alone: Mapping[Links, float], progress: Progress) -> tuple[dict[Links, float], Links]:
    """Plans of the sizes that are asked for, with their values, and the links that they were made of."""
    tried: dict[Links, float] = {}
    pool: Links = ()
    for size in task.sizes:
        if size == 1:
            pool = tuple(each for (each,) in alone)
            tried |= {each: value for each, value in alone.items() if task.affords(each)}
            continue
        among = [each for (each,) in alone if task.affords((each,))]
        count = min(size, len(among))
        while count < len(among) and comb(count + 1, size) <= TOGETHER:
            count += 1
        pool = tuple(among[:count])
        plans = [each for each in combinations(sorted(pool), size) if task.affords(each)]
        for place, each in enumerate(plans):
            progress((ALONE + place) / (ALONE + len(plans)), Sentence("roads_found.doing"))
            value = task.value(each)
            if value is not None:
                tried[each] = value
    return tried, pool


def _cheapest(
    task: Task, alone: Mapping[Links, float], best: Links, base: float, noise: float
) -> tuple[Suggestion, ...]:
    """The link that costs least of those that save time alone, unless it is the plan already."""
    saving = [each for each, value in alone.items() if base - value > noise and task.affords(each)]
    if task.objective == CLOSING or task.lane_km is None or not saving:
        return ()
    links = min(saving, key=lambda each: (task.cost(each), alone[each]))
    if links == best:
        return ()
    change = _hours(base - alone[links])
    evidence = {"cost": amount(task.cost(links), task.currency), "change": change, "n": len(saving)}
    return (Suggestion(_scenario(links, task.titles), Sentence("roads_found.cheapest", evidence), 0.0, cheapest=True),)


def _solved(case: Case, links: Links) -> tuple[float, float] | None:
    """Vehicle-hours and hours of delay of a plan's equilibrium; kept, so that who asks again need not wait."""
    key = (*case.key, links)
    with _LOCK:
        if key in _VALUES:
            return _VALUES[key]
    start, usual = today(case, 1.0)
    plan = plan_of(case, levers_with(links))
    found: Assignment | None = start
    if plan.changes(case):
        elastic = Elastic(usual, sum(mean for mean, _ in ELASTICITIES.values()))
        try:
            found = assign(plan.road, plan.demand, gap=GAP, start=start, elastic=elastic)
        except TrafficError:
            found = None
    value = None if found is None else (found.hours, found.delay)
    with _LOCK:
        _VALUES[key] = value
    return value


def _ties_sentence(ties: int) -> Sentence:
    count = "none" if not ties else "many" if ties > MOST_TIES else "some"
    return Sentence(f"roads_found.ties_{count}", {"n": min(ties, MOST_TIES), "tie": TIE})


def _hours(value: float) -> Sentence:
    return amount(value, Sentence("traffic.unit_hours"))


def _scenario(links: Links, titles: Mapping[str, Words]) -> Scenario:
    names = [text(titles.get(name, name)) for _, name in links]
    rest = [f"+{len(names) - NAMED}"] if len(names) > NAMED else []
    levers: Mapping[str, Any] = levers_with(links)
    return Scenario(", ".join(names[:NAMED] + rest), levers)
