"""What is asked of the roads of a city: the equilibrium of its trips, today and under an option."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Any

from analytics.errors import TrafficError
from analytics.parallel import Progress, quiet
from analytics.requests.request import CityRequest, Request
from analytics.scenarios import Scenario, questions, study_of
from analytics.scenarios.engines.traffic.futures import ELASTICITIES, GAP, today
from analytics.scenarios.engines.traffic.known import case_of
from analytics.scenarios.engines.traffic.levers import plan_of
from analytics.traffic import Assignment, Elastic, assign, demand_of, made_trips, road_of
from data import City
from data.words import Sentence

__all__ = ["TODAY", "EquilibriumRequest"]

QUESTION = "traffic"
TODAY = Scenario("")


@dataclass(frozen=True)
class EquilibriumRequest(Request):
    """The equilibrium of a table of ``trips`` on its network under a ``scenario``, with the paths that make it.

    What is uncertain is taken in its middle: the trips of the matrix, and elasticities at their means. It begins from today's.
    """

    city: CityRequest
    _: KW_ONLY
    trips: str
    scenario: Scenario = TODAY

    @property
    def table(self) -> str:
        """What the answer is kept for: today's, and the last option that was looked at."""
        return f"trips.{self.trips}{'' if self.scenario == TODAY else '.option'}"

    def answer(self, city: City, *, progress: Progress = quiet) -> Assignment:
        """The equilibrium.

        Parameters
        ----------
        city : the city that is named, opened.
        progress : told how far it is.

        Returns
        -------
        Assignment
            With its gap.

        Raises
        ------
        TrafficError
            When the trips have no matrix, or an option leaves some without a way.
        """
        trips = city.of("trips")[self.trips]
        if not self.scenario.levers:
            network = city.networks[trips.network]
            road, counters = road_of(network), city.of("counters").get(trips.counters)
            demand = demand_of(made_trips(trips, network, counters, progress=progress).trips, road)
            return assign(road, demand, gap=GAP, progress=progress)
        case = case_of(study_of(city, question=questions.question_named(city, QUESTION), subject=self.trips))
        if case is None:
            raise TrafficError("trips_without_matrix", trips=trips.title)
        progress(0.05, Sentence("traffic.doing_today", {"n": 1, "of": 1}))
        base, usual = today(case, 1.0)
        plan = plan_of(case, self._values(city))
        if not plan.changes(case):
            return base
        elastic = Elastic(usual, sum(mean for mean, _ in ELASTICITIES.values()))
        return assign(plan.road, plan.demand, gap=GAP, start=base, elastic=elastic, progress=progress)

    def _values(self, city: City) -> dict[str, Any]:
        """What each lever is set to, at rest where the scenario names none."""
        levers = questions.offer_of(city, QUESTION, subject=self.trips).levers
        named = self.scenario.levers
        return {each.name: each.read(named.get(each.name), scenario=self.scenario.name) for each in levers}
