"""Plans that the sites engine proposes: the best openings by an objective, those that are about as good, and the cheapest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache, cached

from analytics.equity import group_within
from analytics.errors import ScenarioError
from analytics.parallel import Progress
from analytics.scenarios.amounts import SHARE, amount
from analytics.scenarios.contract import Ask, Objective, Suggestion
from analytics.scenarios.engines.baseline import baseline_forecast
from analytics.scenarios.engines.sites.location import (
    Located,
    Rules,
    centre,
    coverage,
    farthest,
    median,
    near_ties,
    total,
)
from analytics.scenarios.engines.sites.measures import MONEY
from analytics.scenarios.engines.sites.travel import travel_of
from analytics.scenarios.measure import AREA
from analytics.scenarios.money import annuity
from analytics.scenarios.study import Scenario, Study
from analytics.scenarios.verdict import MATTERS
from data import Sites, fingerprint_of
from data.words import Sentence, Words

__all__ = ["OBJECTIVES", "proposed"]

Floats = npt.NDArray[np.float64]

OBJECTIVES = tuple(
    Objective(name, Sentence(f"objectives.sites_{name}")) for name in ("distance", "coverage", "farthest")
)
USUAL_SIZE = 2  # new sites where neither a number nor a budget is stated
MOST_TIES, TIE_SECONDS = 5, 10.0
NAMED = 3  # sites in the name of a plan


@dataclass(frozen=True, eq=False)
class Task:
    """What is to be located: distances (area × site), each area's need, what may be chosen, and how well it is done."""

    sites: Sites
    objective: str
    distance: Floats
    weight: Floats
    rules: Rules
    currency: str

    @property
    def candidates(self) -> tuple[int, ...]:
        """Places that are not open today."""
        return tuple(place for place in range(self.distance.shape[1]) if place not in self.rules.kept)

    def solve(self, rules: Rules) -> Located | None:
        """The best that rules allow; kept, so that who asks again need not wait."""
        return _solved(self, rules)

    def worth(self, chosen: Sequence[int]) -> float:
        """The objective as people read it, of places beside those that are open today."""
        places = (*self.rules.kept, *chosen)
        match self.objective:
            case "coverage":
                near = self.distance[:, list(places)].min(axis=1) <= self.sites.reach
                return float(self.weight[near].sum() / self.weight.sum())
            case "farthest":
                return farthest(self.distance[self.weight > 0], places)
        return total(self.distance, self.weight, places) / float(self.weight.sum())

    @property
    def towards(self) -> float:
        """1 where less is better, -1 where more is."""
        return -1.0 if self.objective == "coverage" else 1.0

    def size(self, value: float) -> Words:
        """A value of the objective in its unit."""
        return amount(value, SHARE if self.objective == "coverage" else self.sites.unit)


def _key(task: Task, rules: Rules) -> str:
    limits = (rules.size, rules.kept, rules.budget, rules.barred, rules.seconds)
    cost = "" if rules.cost is None else rules.cost
    return fingerprint_of(task.distance, task.weight, task.objective, task.sites.reach, cost, *limits)


@cached(LRUCache(maxsize=256), key=_key, lock=Lock())
def _solved(task: Task, rules: Rules) -> Located | None:
    match task.objective:
        case "coverage":
            return coverage(task.distance, task.weight, rules, reach=task.sites.reach)
        case "farthest":
            return centre(task.distance, rules, weight=task.weight)
    return median(task.distance, task.weight, rules)


def proposed(study: Study, sites: Sites, ask: Ask, *, progress: Progress) -> tuple[Suggestion, ...]:
    """The best openings by the objective that is asked for, then the cheapest.

    All that is open today stays open. Need is the demand that the forecast expects, over the study, from each area of the
    region, times the share of the group that is asked for.

    Parameters
    ----------
    study : the city, its time and the tables.
    sites : that are studied.
    ask : objective, number of sites, budget a year, group and region.
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
    task = _task(study, sites, ask)
    doing = Sentence("sites_found.doing")
    progress(0.0, doing)
    best = task.solve(task.rules)
    if best is None or not best.chosen:
        raise ScenarioError("sites_budget_low", **_cheapest_evidence(task, ask))
    ties = _ties(task, best, progress=progress, doing=doing)
    found = [_suggestion(study, task, best, ties)]
    if ask.most > 1:
        cheapest = _cheapest(task)
        if cheapest == best.chosen:
            found[0] = replace(found[0], cheapest=True)
        else:
            found.append(_cheapest_suggestion(study, task, cheapest))
    progress(1.0, doing)
    return tuple(found)


def _ties(task: Task, best: Located, *, progress: Progress, doing: Words) -> list[Located]:
    """Other choices whose value is within what matters: a share of today's."""
    value, matters = task.worth(best.chosen), MATTERS * task.worth(())
    rules, solve = replace(task.rules, seconds=TIE_SECONDS), task.solve
    if task.objective == "farthest":  # among all whose farthest is near enough, the least mean
        limit = value + matters
        counted = task.weight > 0
        solve = lambda rules: median(task.distance[counted], task.weight[counted], rules, within=limit)  # noqa: E731
    found: list[Located] = []
    within: Callable[[Located], bool] = lambda each: task.towards * (task.worth(each.chosen) - value) <= matters  # noqa: E731
    for each in near_ties(solve, rules, best, within=within, most=MOST_TIES):
        found.append(each)
        progress(len(found) / (MOST_TIES + 1), doing)
    return found


def _task(study: Study, sites: Sites, ask: Ask) -> Task:
    travel = travel_of(study, sites)
    ids = list(sites.frame.index.astype(str))
    kept = tuple(place for place, each in enumerate(ids) if each in sites.existing)
    cost = _costs(study, sites)
    if ask.budget is not None and cost is None:
        raise ScenarioError("sites_no_costs", city=study.city.name)
    size = ask.size if ask.size is not None or ask.budget is not None else min(USUAL_SIZE, len(ids) - len(kept))
    if size is not None and not 1 <= size <= len(ids) - len(kept):
        raise ScenarioError("sites_size", n=size, most=len(ids) - len(kept))
    return Task(
        sites=sites, objective=ask.objective or OBJECTIVES[0].name, distance=travel.between,
        weight=_need(study, travel.area_ids, ask), rules=Rules(size, kept, cost, ask.budget),
        currency=study.city.currency,
    )  # fmt: skip


def _need(study: Study, area_ids: Sequence[str], ask: Ask) -> Floats:
    """What each area asks for over the study, of the group and in the region that are asked for."""
    expected = baseline_forecast(study).mean.sum(["period", "category"]).sel({AREA: list(area_ids)})
    need: Floats = expected.transpose(AREA).to_numpy().astype(float)
    areas = study.table("areas", study.table("series").layer)
    if ask.group:
        if ask.group not in areas.groups:
            raise ScenarioError("sites_no_group", name=ask.group, names=list(areas.groups))
        need = need * areas.frame[ask.group].reindex(list(area_ids)).fillna(0.0).to_numpy(dtype=float)
    if ask.region:
        need = np.where(np.isin(list(area_ids), ask.region), need, 0.0)
    if not need.sum() > 0:
        group = group_within(ask.group) if ask.group else Sentence("sites_found.all")
        raise ScenarioError("sites_no_need", group=group)
    return need


def _costs(study: Study, sites: Sites) -> Floats | None:
    """What each site costs a year if it is opened: running it, and opening it as an even amount a year; None where unknown."""
    terms, frame = study.terms, sites.frame
    years = annuity(terms.appraisal_years, terms.discount_rate)
    each = []
    for (column, cost), share in ((MONEY["sites_once"], 1 / years), (MONEY["sites_yearly"], 1.0)):
        stated = study.find("costs", cost)
        amounts = frame[column] if stated is None else frame[column].fillna(stated.amount)
        each.append(share * amounts.to_numpy(dtype=float))
    total_cost: Floats = np.add(*each)
    candidates = ~frame["existing"].to_numpy()
    return total_cost if np.isfinite(total_cost[candidates]).all() else None


def _cheapest(task: Task) -> tuple[int, ...]:
    """The single opening that costs least, and of several the one that does best."""
    cost = task.rules.cost
    return min(
        ((place,) for place in task.candidates),
        key=lambda each: (0.0 if cost is None else cost[each[0]], task.towards * task.worth(each)),
    )


def _cheapest_evidence(task: Task, ask: Ask) -> dict[str, Any]:
    cost = task.rules.cost
    least = 0.0 if cost is None else float(cost[list(task.candidates)].min())
    return {
        "budget": amount(ask.budget or 0.0, task.currency),
        "least": amount(least, task.currency),
    }


def _suggestion(study: Study, task: Task, best: Located, ties: Sequence[Located]) -> Suggestion:
    count = "none" if not ties else "many" if len(ties) == MOST_TIES else "some"
    evidence = {
        "n": len(best.chosen),
        "candidates": len(task.candidates),
        "value": task.size(task.worth(best.chosen)),
        "today": task.size(task.worth(())),
        "proof": Sentence("sites_found.best" if best.gap == 0 else "sites_found.gap", {"gap": best.gap}),
        "ties": Sentence(f"sites_found.ties_{count}", {"n": len(ties), "matters": MATTERS}),
    }
    found_by = Sentence(f"sites_found.{task.objective}", evidence)
    near = tuple(_scenario(task, each.chosen) for each in ties)
    return Suggestion(_scenario(task, best.chosen), found_by, best.gap, near)


def _cheapest_suggestion(study: Study, task: Task, chosen: tuple[int, ...]) -> Suggestion:
    cost = task.rules.cost
    evidence = {"candidates": len(task.candidates), "value": task.size(task.worth(chosen))}
    if cost is None:
        found_by = Sentence("sites_found.smallest", evidence)
    else:
        price = amount(float(cost[chosen[0]]), task.currency)
        found_by = Sentence("sites_found.cheapest", evidence | {"cost": price})
    return Suggestion(_scenario(task, chosen), found_by, 0.0, cheapest=True)


def _scenario(task: Task, chosen: Sequence[int]) -> Scenario:
    frame = task.sites.frame
    names = [str(frame["name"].iloc[place]) for place in chosen]
    rest = [f"+{len(names) - NAMED}"] if len(names) > NAMED else []
    opened = [str(frame.index[place]) for place in sorted((*task.rules.kept, *chosen))]
    return Scenario(", ".join(names[:NAMED] + rest), {"sites.open": opened})
