"""Traffic: which roads to widen, close or price, and what that does to hours, to what can be reached and to fuel."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from analytics.caveats import assess
from analytics.environment.emissions import known_speeds
from analytics.errors import ScenarioError
from analytics.parallel import Progress
from analytics.scenarios.contract import Ask, Declaration, Drawn, Evidence, Objective, Suggestion, Uncertainty
from analytics.scenarios.engines.traffic.futures import (
    BY_CAR,
    BY_HOUR,
    COMPONENTS,
    ELASTICITIES,
    ELASTICITY_BOUNDS,
    GAP,
    LEVEL,
    LEVEL_BOUNDS,
    drawn_futures,
    levels_of,
    nodes_of,
    today,
)  # fmt: skip
from analytics.scenarios.engines.traffic.known import Case, case_of, made_facts_of
from analytics.scenarios.engines.traffic.levers import TOLL, levers_of, plan_of
from analytics.scenarios.engines.traffic.measures import COST, VEHICLE, measures_of, money_of, outcomes
from analytics.scenarios.engines.traffic.plans import OBJECTIVES, proposed
from analytics.scenarios.money import COMPONENT, drawn_costs
from analytics.scenarios.registry import register
from analytics.scenarios.study import Question, Study
from analytics.streams import Streams
from data import City
from data.words import Sentence, Words

__all__ = ["Traffic"]

ELASTICITY_NAMES = (BY_CAR, BY_HOUR)


class Traffic:
    """Trips on the road at equilibrium, under changes of links and of trips."""

    name: str = "traffic"
    title: Words = Sentence("engines.traffic.title")
    version: str = "2"
    how: Words = Sentence("records.traffic.how")
    source: Words = Sentence("records.traffic.source")
    limits: Sequence[Words] = tuple(
        Sentence(f"engines.traffic.limit_{each}") for each in ("static", "end", "growth", "answers", "between", "cars")
    )
    inputs: Sequence[Words] = tuple(Sentence(f"engines.traffic.input_{each}") for each in ("network", "trips"))
    questions: Sequence[Question] = (
        Question(
            "traffic", Sentence("questions.traffic.title"), engines=("traffic",), primary="traffic_hours", subject="trips",
        ),
    )  # fmt: skip
    components: Collection[str] = (*COMPONENTS, COMPONENT)

    def applies(self, city: City) -> Sentence | None:
        """Trips, on a network that routes, with a matrix."""
        trips = city.of("trips")
        if not trips:
            return Sentence("errors.no_trips", {"city": city.name})
        if all(each.matrix is None and not each.mean_minutes for each in trips.values()):
            return Sentence("errors.trips_without_matrix", {"trips": next(iter(trips.values())).title})
        return None

    def declare(self, study: Study) -> Declaration:
        """Levers of the road and of trips, and measures; nothing where the study is of other things."""
        case = case_of(study)
        if case is None:
            return Declaration()
        written = measures_of(study, case)
        uncertainties = (
            Uncertainty(LEVEL, Sentence("levers.trips_level"), *LEVEL_BOUNDS),
            *(Uncertainty(each, Sentence(f"levers.{_code(each)}"), *ELASTICITY_BOUNDS) for each in ELASTICITY_NAMES),
        )
        levers = levers_of(study, case, written=[each.name for each in written])
        return Declaration(levers=levers, uncertainties=uncertainties, writes=written)

    def prepare(self, study: Study, *, progress: Progress) -> None:
        """Today's equilibria, from which every option begins."""
        case = case_of(study)
        if case is None:
            return
        counted = _is_counted(study, case)
        levels = levels_of(drawn_futures({}, study.streams, counted=counted), counted=counted)
        for place, level in enumerate(levels):
            progress(place / len(levels), Sentence("traffic.doing_today", {"n": place + 1, "of": len(levels)}))
            today(case, float(level))

    def run(
        self,
        study: Study,
        levers: Mapping[str, Any],
        uncertainties: Mapping[str, Any],
        upstream: Mapping[str, xr.DataArray],
        streams: Streams,
    ) -> dict[str, xr.DataArray]:
        """Measures of the whole by draw, of areas by (draw, area_id), of links by (draw, link)."""
        case = case_of(study)
        if case is None:
            return {}
        plan = plan_of(case, levers)
        if not plan.demand.matrix.any():
            raise ScenarioError("no_trips_left", trips=case.trips.title)
        counted = _is_counted(study, case)
        futures = drawn_futures(uncertainties, streams, counted=counted)
        nodes = nodes_of(case, plan, futures, counted=counted)
        return outcomes(case, plan, nodes, futures) | money_of(study, plan, streams)

    def evidence(self, study: Study, *, moved: Collection[str], assumed: Collection[str]) -> Evidence:
        """How near equilibrium today is, what its speeds and trips rest on, and from which tables."""
        case = case_of(study)
        if case is None:
            return Evidence()
        tables = [case.trips, case.network, study.find("areas", case.trips.layer)]
        made_from = tuple(each.provenance for each in tables if each is not None)
        tolls = {"toll_hours_a_year": case.trips.hours_a_year, "tolls_moved": TOLL in moved}
        return Evidence(caveats=assess(**_facts(study, case), **tolls), made_from=made_from)

    def drawn(self, study: Study, outcomes: Mapping[str, xr.DataArray], streams: Streams) -> tuple[Drawn, ...]:
        """Trips against the matrix, both elasticities, and what a lane costs."""
        case = case_of(study)
        if case is None:
            return ()
        futures = drawn_futures({}, streams, counted=_is_counted(study, case))
        values = {LEVEL: futures.level - 1, BY_CAR: futures.by_car, BY_HOUR: futures.by_hour}
        own = tuple(
            Drawn(
                name, Sentence(f"levers.{_code(name)}"), "", xr.DataArray(each, dims="draw"),
                Sentence(f"drawn.{_code(name)}_errand"), (name, "all"),
            )
            for name, each in values.items()
        )  # fmt: skip
        return own + drawn_costs(study, [COST], streams)

    @property
    def objectives(self) -> Sequence[Objective]:
        """The fewest vehicle-hours, the least delay, and the closing that harms least."""
        return OBJECTIVES

    def suggest(self, study: Study, ask: Ask, *, progress: Progress) -> tuple[Suggestion, ...]:
        """The links to widen, build or close that do best, with those that are about as good, and the cheapest."""
        case = case_of(study)
        if case is None:
            raise ScenarioError("no_suggestions", question=study.question)
        return proposed(study, case, ask, progress=progress)


def _code(name: str) -> str:
    return name.replace(".", "_")


def _is_counted(study: Study, case: Case) -> bool:
    """Whether the city counts traffic on the network."""
    counters = [study.find("counters", name) for name in study.names("counters")]
    return any(each.network == case.trips.network for each in counters if each is not None)


def _facts(study: Study, case: Case) -> dict[str, Any]:
    found, _ = today(case, 1.0)
    road, driven = case.road, found.volume * case.road.length
    timed = (found.time > 0) & (road.length > 0)
    speed = 60 * road.length[timed] / found.time[timed]
    slowest, fastest = known_speeds(VEHICLE)
    outside = driven[timed][(speed < slowest) | (speed > fastest)].sum() / max(driven[timed].sum(), 1e-300)
    over = driven[found.volume > road.capacity].sum() / max(driven.sum(), 1e-300) if case.has_capacities else 0.0
    people = case.demand.matrix.sum(axis=1)
    return made_facts_of(study, case) | {
        "traffic_hours_word": case.trips.hours,
        "traffic_over_capacity": float(over),
        "traffic_gap": found.gap,
        "traffic_gap_wanted": GAP,
        "traffic_counted": _is_counted(study, case),
        "traffic_trips_title": case.trips.title,
        "traffic_trips_warning": case.trips.warning,
        "traffic_speeds_outside": float(outside),
        "traffic_speeds_known": (slowest, fastest),
        "traffic_all_petrol": True,
        "traffic_jobs_known": case.jobs_known or not case.area_ids,
        "traffic_outside_areas": float(people[case.area_of_zone < 0].sum() / people.sum()) if case.area_ids else 0.0,
        "traffic_elasticities": {name: np.round(mean, 2) for name, (mean, _) in ELASTICITIES.items()},
    }


register(Traffic())
