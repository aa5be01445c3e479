"""Signals: vehicles and people wait at junctions under plans that one may change, in every future alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import repeat
from typing import Any

import xarray as xr

from analytics.caveats import assess
from analytics.errors import ScenarioError
from analytics.parallel import Progress
from analytics.scenarios.amounts import SHARE
from analytics.scenarios.contract import Ask, Declaration, Drawn, Evidence, Lever, Objective, Suggestion
from analytics.scenarios.engines.signals.evidence import days_seen, facts_of
from analytics.scenarios.engines.signals.outcomes import COMPONENTS, DAY, day_factor, results_of
from analytics.scenarios.engines.signals.plans import (
    ACTUATED,
    BEST,
    COORDINATED,
    CYCLE,
    GROWTH,
    OBJECTIVES,
    REFINED,
    WEBSTER,
    chosen_plans,
    prepared,
    proposed,
)
from analytics.scenarios.engines.signals.tried import refined_label
from analytics.scenarios.engines.signals.trips import growth_at, tied
from analytics.scenarios.engines.traffic.levers import growth_levers
from analytics.scenarios.measure import Max, Mean, Measure, Sum
from analytics.scenarios.registry import register
from analytics.scenarios.study import Question, Study
from analytics.scenarios.values import Choice, Number, PerKey
from analytics.signals.refined import refined_of, refined_stamp
from analytics.streams import Streams
from data import City, Junctions
from data.words import Sentence, Words

__all__ = ["SignalTimings"]

CYCLE_BOUNDS, GROWTH_BOUNDS = (-0.5, 1.0), (-0.5, 1.0)
JUNCTION = "junction"


class SignalTimings:
    """Delay at junctions with signals, by the plan that each has."""

    name: str = "signals"
    title: Words = Sentence("engines.signals.title")
    version: str = "2"
    how: Words = Sentence("records.signals.how")
    source: Words = Sentence("records.signals.source")
    limits: Sequence[Words] = tuple(
        Sentence(f"engines.signals.limit_{each}")
        for each in ("formula", "counted", "routes", "trips", "gaps", "actuated")
    )
    inputs: Sequence[Words] = tuple(Sentence(f"engines.signals.input_{each}") for each in ("counts", "plans"))
    questions: Sequence[Question] = (
        Question(
            "signals",
            Sentence("questions.signals.title"),
            engines=("signals",),
            primary="signal_delay",
            levers=(BEST, WEBSTER, REFINED, ACTUATED, COORDINATED, CYCLE),
            subject="junctions",
            conditional=(REFINED, COORDINATED),
        ),
    )

    def applies(self, city: City) -> Sentence | None:
        """Junctions with counts and plans."""
        return None if city.of("junctions") else Sentence("errors.no_junctions", {"city": city.name})

    def stamp(self) -> str:
        """Of the plans that are kept as refined in simulation."""
        return refined_stamp()

    def declare(self, study: Study) -> Declaration:
        """Which junctions get which plan, how long cycles are and which corridors are coordinated; nothing without junctions."""
        table = junctions_in(study)
        if table is None:
            return Declaration()
        case = tied(study, table)
        grown = () if case is None else growth_levers(study, case)
        return Declaration(levers=(*_levers(table), *grown), writes=_measures(table))

    def prepare(self, study: Study, *, progress: Progress) -> None:
        """The plan of least delay of each junction."""
        table = junctions_in(study)
        if table is not None:
            prepared(table, progress)

    def run(
        self,
        study: Study,
        levers: Mapping[str, Any],
        uncertainties: Mapping[str, Any],
        upstream: Mapping[str, xr.DataArray],
        streams: Streams,
    ) -> dict[str, xr.DataArray]:
        """Delay, the wait of a vehicle and of people on foot, and vehicles in queues that grow, by (draw, junction)."""
        table = junctions_in(study)
        if table is None:
            return {}
        plans, case = chosen_plans(table, levers), tied(study, table)
        return results_of(
            table, plans, streams, actuated=levers[ACTUATED], growth=float(levers[GROWTH]),
            trips={} if case is None else growth_at(table, case, levers),
        )  # fmt: skip

    def evidence(self, study: Study, *, moved: Collection[str], assumed: Collection[str]) -> Evidence:
        """How old the counts are, of how many days, what was assumed, and that nothing was simulated."""
        table = junctions_in(study)
        if table is None:
            return Evidence()
        facts = facts_of(table, as_of=study.city.as_of, moved=moved)
        case = tied(study, table) if facts["signals_by_trips"] else None
        roads = () if case is None else (case.trips.provenance, case.network.provenance)
        return Evidence(caveats=assess(**facts), made_from=(table.provenance, *roads))

    components: Collection[str] = COMPONENTS

    def drawn(self, study: Study, outcomes: Mapping[str, xr.DataArray], streams: Streams) -> tuple[Drawn, ...]:
        """How busy the days are."""
        table = junctions_in(study)
        if table is None:
            return ()
        values = xr.DataArray(day_factor(table, streams) - 1, dims="draw")
        errand = Sentence("drawn.signals_day_errand", {"junctions": table.title})
        return (Drawn(DAY, Sentence("levers.signals_day"), SHARE, values, errand, (DAY, table.name)),)

    objectives: Sequence[Objective] = OBJECTIVES

    def suggest(self, study: Study, ask: Ask, *, progress: Progress) -> tuple[Suggestion, ...]:
        """Plans of least delay: at all junctions, at those few where it saves most, and along corridors."""
        table = junctions_in(study)
        if table is None:
            raise ScenarioError("no_suggestions", question=study.question)
        return proposed(table, ask, progress=progress)


def junctions_in(study: Study) -> Junctions | None:
    """The junctions that a study is about, where there are some."""
    name = study.about.get("junctions") or next(iter(study.names("junctions")), "")
    found: Junctions | None = study.find("junctions", name) if name else None
    return found


def _levers(table: Junctions) -> tuple[Lever, ...]:
    ids = tuple(str(each) for each in table.frame.index)

    def choice(name: str, candidates: tuple[str, ...], labels: tuple[Words, ...] = ()) -> Lever:
        words, kind = name.replace(".", "_"), Choice(candidates, labels=labels)
        return Lever(name, Sentence(f"levers.{words}"), Sentence(f"levers.{words}_about"), "", kind)

    cycle = Lever(
        CYCLE, Sentence("levers.signals_cycle"), Sentence("levers.signals_cycle_about"), SHARE,
        PerKey(*CYCLE_BOUNDS, keys=ids, key_kind="junction"),
    )  # fmt: skip
    growth = Lever(
        GROWTH, Sentence("levers.signals_growth"), Sentence("levers.signals_growth_about"), SHARE, Number(*GROWTH_BOUNDS),
        seen=days_seen(table), circumstance=True,
    )  # fmt: skip
    kept = refined_of(table)
    found = [choice(BEST, ids), choice(WEBSTER, ids)]
    found += [choice(REFINED, tuple(kept), tuple(map(refined_label, repeat(table), kept.values())))] if kept else []
    found += [choice(ACTUATED, ids)]
    found += [choice(COORDINATED, table.corridors)] if table.corridors else []
    return (*found, cycle, growth)


def _measures(table: Junctions) -> tuple[Measure, ...]:
    found = [
        Measure(
            "signal_delay",
            Sentence("measures.signal_delay"),
            Sentence("units.vehicle_hours"),
            over={JUNCTION: Sum()},
            fewer_word=Sentence("amounts.less_word"),
        ),
        _wait("signal_wait", Mean("vehicles")),
        _wait("signal_worst", Max()),
        Measure("signal_over", Sentence("measures.signal_over"), Sentence("units.vehicles"), over={JUNCTION: Sum()}),
    ]
    found += [_wait("signal_walk", Mean("people"))] if len(table.crossings) else []
    return tuple(found)


def _wait(name: str, reducer: Mean | Max) -> Measure:
    return Measure(
        name, Sentence(f"measures.{name}"), Sentence("units.seconds"), over={JUNCTION: reducer},
        more_word=Sentence("amounts.longer_word"), fewer_word=Sentence("amounts.shorter_word"),
    )  # fmt: skip


register(SignalTimings())
