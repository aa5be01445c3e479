"""Crews that work off requests: what comes in is the forecast's, what is done is as practice was, what is left waits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from analytics.parallel import Progress, quiet
from analytics.scenarios.contract import Ask, Declaration, Drawn, Evidence, Objective, Suggestion
from analytics.scenarios.engines.crews.futures import LEVEL, Course
from analytics.scenarios.engines.crews.known import known_of, practice_of
from analytics.scenarios.engines.crews.levers import CREW_COST, OVERTIME_COST, bills, levers_of, measures_of
from analytics.scenarios.engines.crews.observed import observed_of
from analytics.scenarios.engines.crews.plans import plans_of
from analytics.scenarios.engines.crews.practice import YEAR, Practice
from analytics.scenarios.engines.crews.replay import replays
from analytics.scenarios.engines.crews.work import course_of
from analytics.scenarios.measure import AREA
from analytics.scenarios.money import COMPONENT, drawn_costs, unit_cost
from analytics.scenarios.registry import register
from analytics.scenarios.study import Question, Study
from analytics.streams import Streams
from data import City
from data.words import Sentence, Words

__all__ = ["CREWS", "Engine"]

COSTS = {"crews_yearly": CREW_COST, "overtime_yearly": OVERTIME_COST}


class Engine:
    """Requests that wait, and crews that work them off."""

    name: str = "crews"
    title: Words = Sentence("engines.crews.title")
    version: str = "1"
    how: Words = Sentence("records.crews.how")
    source: Words = Sentence("records.crews.source")
    parameters: Sequence[Words] = (Sentence("records.crews.practice", {"days": YEAR}),)
    limits: Sequence[Words] = tuple(
        Sentence(f"engines.crews.limit_{each}") for each in ("practice", "bands", "crews", "after", "first", "days")
    )
    inputs: Sequence[Words] = tuple(Sentence(f"engines.crews.input_{each}") for each in ("demand", "requests", "crews"))
    questions: Sequence[Question] = (
        Question(
            "crews", Sentence("questions.crews.title"), engines=("baseline", "demand", "crews"), primary="done_within",
            levers=("crews.extra", "crews.overtime", "crews.first", "crews.first_kinds"), subject="crews",
        ),
    )  # fmt: skip

    observes: Sequence[str] = ("done_within", "median_days")

    def applies(self, city: City) -> Sentence | None:
        """Crews, the requests that they work off, and the series of those."""
        if not city.of("crews"):
            return Sentence("crews.none_stated", {"city": city.name})
        series = [each.series for each in city.of("crews").values()]
        if not any(name in city.of("requests") and name in city.series for name in series):
            return Sentence("crews.no_requests", {"city": city.name, "names": series})
        return None

    def declare(self, study: Study) -> Declaration:
        """Crews, overtime and who goes first; nothing where the study is about something else."""
        known = known_of(study)
        if known is None:
            return Declaration()
        practice = practice_of(study, known)
        return Declaration(
            levers=levers_of(study, known, practice), reads=("demand",), writes=measures_of(study, known)
        )

    def prepare(self, study: Study, *, progress: Progress) -> None:
        """Learn the practice, and replay the years that came."""
        known = known_of(study)
        if known is not None:
            practice_of(study, known)
            progress(0.5, known.crews.title)
            replays(known.requests, known.crews)

    def evidence(self, study: Study, *, moved: Collection[str], assumed: Collection[str]) -> Evidence:
        """The requests, and how far replayed years lay from what happened."""
        known = known_of(study)
        if known is None:
            return Evidence()
        facts = {"crews_replays": replays(known.requests, known.crews), "crews_title": known.crews.title}
        tables = [known.requests.provenance, known.crews.provenance]
        return Evidence(facts=facts, made_from=tuple(tables))

    def run(
        self,
        study: Study,
        levers: Mapping[str, Any],
        uncertainties: Mapping[str, Any],
        upstream: Mapping[str, xr.DataArray],
        streams: Streams,
    ) -> dict[str, xr.DataArray]:
        """Shares done within the target, days and what waits, by draw."""
        known = known_of(study)
        if known is None:
            return {}
        practice = practice_of(study, known)
        course = course_of(study, known, practice, levers, upstream["demand"], streams)
        found = _measured(course, practice, known.crews.target_days)
        stated = {each.name for each in measures_of(study, known)}
        for name, units in bills(levers, known, practice).items():
            cost = unit_cost(study, COSTS[name], streams) if name in stated else None
            if cost is not None:
                found[name] = (units * cost).astype("float32")
        return found

    def observed(self, study: Study) -> Mapping[str, xr.DataArray]:
        """The share done within the target and the median days, once all requests of the study have had their days."""
        known = known_of(study)
        return {} if known is None else observed_of(study, known)

    components: Collection[str] = (LEVEL, "crews/drift", "crews/noise", COMPONENT)

    def drawn(self, study: Study, outcomes: Mapping[str, xr.DataArray], streams: Streams) -> tuple[Drawn, ...]:
        """What crews do on a working day, and what they cost."""
        known = known_of(study)
        if known is None:
            return ()
        practice = practice_of(study, known)
        found = []
        for pool, level in enumerate(practice.capacity):
            own = level * np.exp(streams.normal(LEVEL, [f"{pool}"])[0] * practice.capacity_error[pool])
            kinds = [name for name, of in zip(practice.categories, practice.pool_of, strict=True) if of == pool]
            about = {"kinds": kinds, "crews": known.crews.title}
            code = "pace" if len(practice.capacity) > 1 else "pace_all"
            found.append(
                Drawn(
                    f"crews.pace.{pool}",
                    Sentence(f"drawn.{code}", about),
                    Sentence("drawn.pace_unit"),
                    xr.DataArray(own, dims="draw"),
                    Sentence("drawn.pace_errand", about),
                    (LEVEL, f"{pool}"),
                )
            )
        return (*found, *drawn_costs(study, [CREW_COST, OVERTIME_COST], streams))

    @property
    def objectives(self) -> Sequence[Objective]:
        """Fewest crews, or the cheapest mix with overtime."""
        return tuple(
            Objective(name, Sentence(f"crews.objective_{name}")) for name in ("fewest_crews", "cheapest_crews")
        )

    def suggest(self, study: Study, ask: Ask, *, progress: Progress = quiet) -> tuple[Suggestion, ...]:
        """Plans that reach the city's own target with the chance that is asked for."""
        return plans_of(study, ask, progress=progress)


def _measured(course: Course, practice: Practice, target: int) -> dict[str, xr.DataArray]:
    """Shares by (draw, area), days by draw, what waits by (draw, category, area), the slowest areas by draw."""
    areas, kinds = list(practice.area_ids), list(practice.categories)
    units, within = course.units, course.within(target)
    weight = practice.share + 1e-12  # where nothing was asked for in the year, all kinds count alike
    mix = (weight / weight.sum(axis=0)).astype(np.float32)
    by_area = np.einsum("ka,kad->da", mix, within[units.unit_of])
    waiting = (course.waiting[units.unit_of] * units.part[:, :, None].astype(np.float32)).transpose(2, 0, 1)
    requests = (AREA, practice.share.sum(axis=0))
    slowest = by_area[:, practice.share.sum(axis=0) > 0].min(axis=1)
    found = {
        "done_within": xr.DataArray(by_area, coords={AREA: areas, "requests": requests}, dims=("draw", AREA)),
        "median_days": xr.DataArray(course.median(), dims="draw"),
        "backlog": xr.DataArray(waiting, coords={"category": kinds, AREA: areas}, dims=("draw", "category", AREA)),
        "worst_area": xr.DataArray(slowest, dims="draw"),
    }
    return {name: array.astype("float32") for name, array in found.items()}


CREWS = Engine()
register(CREWS)
