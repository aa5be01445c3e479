"""Rosters that the engine proposes: the fewest hours that meet the target, and the best use of today's hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from analytics.errors import ScenarioError
from analytics.parallel import Progress
from analytics.scenarios.contract import Ask, Suggestion
from analytics.scenarios.engines.desks.rosters import Roster, bound_of, cover, needed, open_hours
from analytics.scenarios.study import Scenario
from data import Desk
from data.words import Sentence, text

__all__ = ["FEWEST", "SAME", "Search", "propose"]

Floats = npt.NDArray[np.float64]

FEWEST, SAME = "fewest_hours", "same_hours"
LEAST = 0.8  # the chance with which the target is met where nobody asks for another
SAFER = 0.95
SLACKS = np.round(np.arange(-1.5, 5.01, 0.1), 1)  # beta, from all wait to nobody waits


@dataclass(frozen=True, eq=False)
class Search:
    """What rosters are chosen from and judged by.

    ``tried`` gives the share answered in time in each of the study's futures, by the staff of each hour; ``fresh`` in others
    that no roster was chosen by.
    """

    desk: Desk
    usual: Floats
    handling_hours: float
    tried: Callable[[Floats], Floats]
    fresh: Callable[[Floats], Floats]
    progress: Progress

    @cached_property
    def opened(self) -> npt.NDArray[np.bool_]:
        """The hours in which the desk is open today."""
        return open_hours(self.desk.staff)

    def need(self, slack: float) -> npt.NDArray[np.int64]:
        """People needed by hour at a slack."""
        return needed(self.usual, handling_hours=self.handling_hours, slack=slack, opened=self.opened)

    def chance(self, roster: Roster, *, fresh: bool = False) -> float:
        """The share of futures in which a roster meets the target.

        Parameters
        ----------
        roster : whose staff serve.
        fresh : whether in futures that no roster was chosen by.

        Returns
        -------
        float
            From 0 to 1.
        """
        answered = (self.fresh if fresh else self.tried)(roster.staff.astype(float))
        return float((answered >= self.desk.target_share).mean())

    def fewest(self, least: float) -> Roster | None:
        """The roster of fewest hours that was found to meet the target with this chance; None where none does.

        The slack of the square-root rule by bisection, then hour by hour with one person fewer.
        """
        low, high = 0, len(SLACKS) - 1
        if self.chance(cover(self.need(SLACKS[high]), self.desk.shift_hours)) < least:
            return None
        while low < high:
            middle = (low + high) // 2
            if self.chance(cover(self.need(SLACKS[middle]), self.desk.shift_hours)) >= least:
                high = middle
            else:
                low = middle + 1
            self.progress((len(SLACKS) - (high - low)) / len(SLACKS) / 2, Sentence("engines.desks.slack"))
        return self._thinned(self.need(SLACKS[high]), least)

    def _thinned(self, need: npt.NDArray[np.int64], least: float) -> Roster:
        best = cover(need, self.desk.shift_hours)
        hours = np.flatnonzero(self.opened)
        # First where one person fewer is missed least: where most sit for each that comes.
        for place, hour in enumerate(hours[np.argsort(self.usual[hours] / need[hours], kind="stable")]):
            if need[hour] > 1:
                fewer = need.copy()
                fewer[hour] -= 1
                roster = cover(fewer, self.desk.shift_hours)
                if roster.hours < best.hours and self.chance(roster) >= least:
                    need, best = fewer, roster
            self.progress(0.5 + (place + 1) / len(hours) / 2, Sentence("engines.desks.thinning"))
        return best

    def within(self, hours: float) -> Roster | None:
        """The roster of the greatest slack that takes no more hours; None where even the least takes more.

        What hours are left go one by one to where most come for each that sits there.
        """
        found = None
        for slack in SLACKS:
            roster = cover(self.need(slack), self.desk.shift_hours)
            if roster.hours > hours:
                break
            found = roster
        return None if found is None else self._filled(found, hours)

    def _filled(self, best: Roster, hours: float) -> Roster:
        opened = np.flatnonzero(self.opened)
        for hour in opened[np.argsort(-self.usual[opened] / best.staff[opened], kind="stable")]:
            need = best.need.copy()
            need[hour] = best.staff[hour] + 1
            roster = cover(need, self.desk.shift_hours)
            best = roster if roster.hours <= hours else best
        return best


def propose(search: Search, ask: Ask, *, yearly_cost: float | None) -> tuple[Suggestion, ...]:
    """Plans, the one that was asked for first.

    Parameters
    ----------
    search : what rosters are chosen from.
    ask : what is wanted; ``least`` is the chance with which the target must be met.
    yearly_cost : of one hour a week, where the city states what an hour costs.

    Returns
    -------
    tuple of Suggestion
        At most as many as were asked for, each of another roster.

    Raises
    ------
    ScenarioError
        When no roster meets the target with that chance, or none within the budget.
    """
    today = sum(search.desk.staff)
    least = LEAST if ask.least is None else ask.least
    most = _most_hours(search.desk, ask, today, yearly_cost)
    found: list[tuple[Roster, Sentence]] = []
    if ask.objective != SAME:
        found.append((_fewest(search, least, most, yearly_cost, today), _named(FEWEST, least)))
    if len(found) < ask.most:
        same = search.within(min(today, most))
        if same is None and ask.objective == SAME:
            raise ScenarioError("desks_no_shifts", desk=search.desk.title, hours=today)
        found += [] if same is None else [(same, _named(SAME, least))]
    if ask.objective != SAME and len(found) < ask.most and least < SAFER:
        safer = search.fewest(SAFER)
        found += [(safer, _named(FEWEST, SAFER))] if safer is not None and safer.hours <= most else []
    fewest = min(roster.hours for roster, _ in found)
    distinct: dict[tuple[int, ...], tuple[Roster, Sentence]] = {}
    for roster, name in found:
        distinct.setdefault(tuple(roster.staff), (roster, name))
    kept = list(distinct.values())[: ask.most]
    return tuple(_suggestion(search, roster, name, cheapest=roster.hours == fewest) for roster, name in kept)


def _most_hours(desk: Desk, ask: Ask, today: float, yearly_cost: float | None) -> float:
    if ask.budget is None:
        return float("inf")
    if yearly_cost is None:
        raise ScenarioError("desks_no_cost", desk=desk.title)
    return today + ask.budget / yearly_cost


def _fewest(search: Search, least: float, most: float, yearly_cost: float | None, today: float) -> Roster:
    desk = search.desk
    target = {"desk": desk.title, "share": desk.target_share, "seconds": desk.target_seconds, "least": least}
    roster = search.fewest(least)
    if roster is None:
        best = search.chance(cover(search.need(SLACKS[-1]), search.desk.shift_hours))
        raise ScenarioError("desks_no_roster", **target, best=best)
    if roster.hours > most and yearly_cost is not None:
        evidence = {"hours": roster.hours, "cost": (roster.hours - today) * yearly_cost}
        raise ScenarioError("desks_over_budget", **target, **evidence, budget=(most - today) * yearly_cost)
    return roster


def _named(objective: str, least: float) -> Sentence:
    if objective == SAME:
        return Sentence("plans.same_hours")
    return Sentence("plans.fewest_hours", {"least": least})


def _suggestion(search: Search, roster: Roster, name: Sentence, *, cheapest: bool) -> Suggestion:
    shifts = sum(n for _, _, n in roster.shifts)
    short, long = search.desk.shift_hours
    about: dict[str, float] = {"hours": roster.hours, "shifts": shifts, "short": short, "long": long}
    about |= {"chance": search.chance(roster), "fresh": search.chance(roster, fresh=True)}
    found_by = Sentence("plans.roster", {**about, "bound": bound_of(roster.need, search.desk.shift_hours)})
    levers = {"desks.staff": tuple(float(each) for each in roster.staff)}
    # The bound is of the shifts that cover what each hour needs; of what the hours need there are other ways to think.
    return Suggestion(Scenario(text(name), levers=levers), found_by, gap=None, cheapest=cheapest)
