"""Engines together: those that are needed, in order by what they read and write, run once each while nothing changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from threading import Lock
from typing import Any

from cachetools import LRUCache

from analytics.errors import ScenarioError
from analytics.parallel import Progress
from analytics.scenarios.calling import Results, called, checked
from analytics.scenarios.contract import (
    Declaration,
    Drawn,
    Draws,
    Engine,
    Evidence,
    Lever,
    Prepares,
    Stamped,
    Uncertainty,
)
from analytics.scenarios.levers import flattened
from analytics.scenarios.measure import Measure
from analytics.scenarios.memory import Memory, Passing, Place
from analytics.scenarios.study import Asked, Question, Scenario, Study, recorded
from analytics.scenarios.values import PerKey
from data import fingerprint_of
from data.words import Words

__all__ = ["Composition", "compose"]

_MEMORY = Memory()
_DECLARED: MutableMapping[tuple[int, str, str, str], tuple[Engine, Declaration, tuple[Asked, ...]]] = LRUCache(256)
_LOCK = Lock()


@dataclass(frozen=True)
class Composition:
    """Engines in the order in which they run, with what they declare for one study.

    ``asked`` holds the tables that each asked for as it declared; ``left_out`` the engines that do not apply to the city,
    and why. ``question`` is what is decided, where that is stated. ``memory`` keeps what is run; None is for as long as the
    process lives.
    """

    study: Study
    engines: tuple[Engine, ...]
    declared: Mapping[str, Declaration]
    asked: Mapping[str, tuple[Asked, ...]]
    left_out: Mapping[str, Words] = field(default_factory=dict)
    question: Question | None = None
    memory: Memory | None = None

    @property
    def levers(self) -> tuple[Lever, ...]:
        """The levers of all engines, once each: what several declare under one name is moved for all of them together."""
        return _joined([lever for each in self.engines for lever in self.declared[each.name].levers])

    @property
    def uncertainties(self) -> tuple[Uncertainty, ...]:
        """The uncertainties of all engines."""
        return tuple(found for each in self.engines for found in self.declared[each.name].uncertainties)

    @property
    def outcomes(self) -> tuple[Measure, ...]:
        """The measures that options are compared on: of a question those of the engines whose levers it offers."""
        found = [
            measure
            for each in self.engines
            if self.question is None or self._answers(each, self.question)
            for measure in self.declared[each.name].writes
            if measure.outcome
        ]
        primary = "" if self.question is None else self.question.primary
        return tuple(sorted(found, key=lambda measure: measure.name != primary))

    def _answers(self, engine: Engine, question: Question) -> bool:
        """Whether an engine writes what a question turns on, or declares a lever that it offers."""
        declared = self.declared[engine.name]
        if question.primary in [measure.name for measure in declared.writes]:
            return True
        return any(lever.name in question.levers for lever in declared.levers)

    def moved_by(self, scenarios: Sequence[Scenario]) -> Composition:
        """Only the engines whose levers some option names, and those that they need; all where none is named.

        Parameters
        ----------
        scenarios : the options.

        Returns
        -------
        Composition
            The same study with fewer engines.
        """
        names = [lever.name for lever in self.levers]
        named = {name for each in scenarios for name in flattened(each.levers, declared=names)}
        wanted = [
            measure.name
            for engine in self.engines
            if any(lever.name in named for lever in self.declared[engine.name].levers)
            for measure in self.declared[engine.name].writes
        ]
        needed = _needed([each.name for each in self.engines], self.declared, wanted, self.left_out) if wanted else None
        return self if needed is None else replace(self, engines=tuple(e for e in self.engines if e.name in needed))

    def prepare(self, *, progress: Progress) -> None:
        """The long work that no lever changes, of those engines that have some."""
        for engine in self.engines:
            if isinstance(engine, Prepares):
                called(engine, "prepare", lambda engine=engine: engine.prepare(self.study, progress=progress))  # type: ignore[misc]

    def run(self, levers: Mapping[str, Any], uncertainties: Mapping[str, Any]) -> tuple[Results, tuple[Asked, ...]]:
        """Every measure of an option, and the tables that were asked for it.

        An engine runs only when something that it depends on has changed.

        Parameters
        ----------
        levers : every lever's value.
        uncertainties : what is assumed of each uncertainty.

        Returns
        -------
        Read-only arrays by measure, and each table with what it was recorded as.
        """
        outcomes: Results = {}
        written_by: dict[str, Place] = {}
        for engine in self.engines:
            declared = self.declared[engine.name]
            own = {lever.name: levers[lever.name] for lever in declared.levers}
            assumed = {each.name: uncertainties[each.name] for each in declared.uncertainties}
            key = _key(engine, self.study, own, assumed, [written_by[name] for name in declared.reads])
            kept = self._memory.find(key, self.study)
            if kept is None:
                upstream = {name: outcomes[name] for name in declared.reads}
                kept = self._run(engine, key, own, assumed, upstream)
            outcomes |= kept[1]
            written_by |= {measure.name: kept[0] for measure in declared.writes}
        return outcomes, tuple(dict.fromkeys(asked for _, trace in written_by.values() for asked in trace))

    def passing(self, most_bytes: int) -> Composition:
        """The same, but what it runs from now on is kept for a while only, and crowds out nothing.

        Parameters
        ----------
        most_bytes : to be kept at a time.

        Returns
        -------
        Composition
            That finds what was kept before.
        """
        return replace(self, memory=Passing(self._memory, most_bytes))

    @property
    def _memory(self) -> Memory:
        return _MEMORY if self.memory is None else self.memory

    def _run(
        self, engine: Engine, key: str, levers: Mapping[str, Any], assumed: Mapping[str, Any], upstream: Results
    ) -> tuple[Place, Results]:
        study = self.study
        with recorded() as asked:
            found = called(engine, "run", lambda: engine.run(study, levers, assumed, upstream, study.streams))
        results = checked(engine, found, measures=self.declared[engine.name].writes, draws=study.draws)
        return self._memory.keep(key, [*self.asked[engine.name], *asked], results), results

    def drawn(self, outcomes: Results) -> tuple[Drawn, ...]:
        """What the engines say that they draw, each thing once.

        Parameters
        ----------
        outcomes : the measures of an option.

        Returns
        -------
        tuple of Drawn
            In the order of the engines.
        """
        found: dict[str, Drawn] = {}
        for each in self.engines:
            if isinstance(each, Draws):
                own = called(each, "drawn", lambda each=each: each.drawn(self.study, outcomes, self.study.streams))  # type: ignore[misc]
                found = {one.name: one for one in own} | found
        return tuple(found.values())

    def evidence(self, *, moved: Collection[str], assumed: Collection[str]) -> tuple[Evidence, ...]:
        """What the results of each engine rest on.

        Parameters
        ----------
        moved : the levers that some option moves.
        assumed : the uncertainties that all options assume.

        Returns
        -------
        One an engine, in their order.
        """
        return tuple(
            called(each, "evidence", lambda each=each: each.evidence(self.study, moved=moved, assumed=assumed))  # type: ignore[misc]
            for each in self.engines
        )


def _joined(levers: Sequence[Lever]) -> tuple[Lever, ...]:
    """Levers by name; one that several engines declare has the keys of all of them, and else must be the same."""
    found: dict[str, Lever] = {}
    for lever in levers:
        first = found.setdefault(lever.name, lever)
        if first is lever or first.kind == lever.kind:
            continue
        one, other = first.kind, lever.kind
        if not isinstance(one, PerKey) or not isinstance(other, PerKey) or replace(one, keys=other.keys) != other:
            raise ScenarioError("two_levers", name=lever.name)
        keys = tuple(dict.fromkeys((*one.keys, *other.keys)))
        found[lever.name] = replace(first, kind=replace(one, keys=keys))
    return tuple(found.values())


def compose(engines: Sequence[Engine], study: Study, *, wanted: Collection[str] | None = None) -> Composition:
    """The engines that the wanted measures need, in order.

    Parameters
    ----------
    engines : those that there are. One that does not apply to the city is left out, and so is what reads its measures.
    study : for which they declare, once.
    wanted : names of measures; None is all outcomes.

    Returns
    -------
    Engines with what they declared, each after those that it reads.

    Raises
    ------
    ScenarioError
        When none applies, two write the same measure, one reads what none writes, they wait for each other, nobody writes
        what is wanted, or one breaks down.
    """
    left_out: dict[str, Words] = {}
    declared: dict[str, Declaration] = {}
    asked: dict[str, tuple[Asked, ...]] = {}
    for engine in engines:
        reason = called(engine, "applies", lambda engine=engine: engine.applies(study.city))  # type: ignore[misc]
        if reason is not None:
            left_out[engine.name] = reason
            continue
        declared[engine.name], asked[engine.name] = _declared(engine, study)
    by_name = {engine.name: engine for engine in engines}
    _leave_out_readers(by_name, declared, left_out)
    if not declared:
        raise ScenarioError("nothing_applies", city=study.city.name, reasons=list(left_out.values()))
    order = _in_order(by_name, declared)
    needed = _needed(order, declared, wanted, left_out)
    chosen = tuple(by_name[name] for name in order if name in needed)
    return Composition(study, chosen, declared, asked, left_out)


def _declared(engine: Engine, study: Study) -> tuple[Declaration, tuple[Asked, ...]]:
    """What an engine declares, and the tables that it asked for: once for as long as these stay the same."""
    beside = called(engine, "stamp", engine.stamp) if isinstance(engine, Stamped) else ""
    key = (id(engine), study.question, beside, _key(engine, study, {}, {}, []))
    with _LOCK:
        kept = _DECLARED.get(key)
    if kept is not None and kept[0] is engine and all(study.mark(kind, name) == mark for kind, name, mark in kept[2]):
        return kept[1], kept[2]
    with recorded() as tables:
        declared = called(engine, "declare", lambda: engine.declare(study))
    with _LOCK:
        _DECLARED[key] = (engine, declared, tuple(tables))
    return declared, tuple(tables)


def _writers(declared: Mapping[str, Declaration]) -> dict[str, str]:
    writer: dict[str, str] = {}
    for name, declaration in declared.items():
        for measure in declaration.writes:
            if measure.name in writer:
                raise ScenarioError("two_writers", measure=measure.name, engines=[writer[measure.name], name])
            writer[measure.name] = name
    return writer


def _leave_out_readers(
    engines: Mapping[str, Engine], declared: dict[str, Declaration], left_out: dict[str, Words]
) -> None:
    """What reads a measure that nobody writes: left out where its writer may have been, else a mistake."""
    while True:
        writer = _writers(declared)
        lacking = [(name, each) for name, found in declared.items() for each in found.reads if each not in writer]
        if not lacking:
            return
        name, measure = lacking[0]
        if not left_out:
            title = engines[name].title
            raise ScenarioError("no_writer", engine=title, measure=measure, measures=sorted(writer))
        left_out[name] = next(iter(left_out.values()))
        del declared[name]


def _in_order(engines: Mapping[str, Engine], declared: Mapping[str, Declaration]) -> list[str]:
    writer = _writers(declared)
    graph = {name: {writer[each] for each in found.reads} for name, found in declared.items()}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise ScenarioError("cycle", engines=list(error.args[1])) from error


def _needed(
    order: Sequence[str],
    declared: Mapping[str, Declaration],
    wanted: Collection[str] | None,
    left_out: Mapping[str, Any],
) -> set[str]:
    """The engines that write what is wanted, and those that these need."""
    writer = _writers(declared)
    outcomes = [measure.name for found in declared.values() for measure in found.writes if measure.outcome]
    for name in wanted or ():
        if name not in writer and left_out:
            raise ScenarioError("measure_left_out", name=name, names=outcomes, reasons=list(left_out.values()))
        if name not in writer:
            raise ScenarioError("no_such_measure", name=name, names=outcomes)
    needed = {writer[name] for name in (outcomes if wanted is None else wanted)}
    for name in reversed(order):
        if name in needed:
            needed |= {writer[each] for each in declared[name].reads}
    return needed


def _key(
    engine: Engine, study: Study, levers: Mapping[str, Any], uncertainties: Mapping[str, Any], upstream: Sequence[Place]
) -> str:
    """What a result depends on beside tables; the fields of a study that only judge are not in it."""
    city = (study.city.name, study.city.timezone, study.city.crs, study.city.currency)
    computes = (study.start, study.periods, study.freq, study.draws, study.seed, sorted(study.about.items()))
    content = (sorted(levers.items(), key=str), sorted(uncertainties.items(), key=str), list(upstream))
    fixed = [each for each in study.fixed if not isinstance(engine, Draws) or each[0] in engine.components]
    return fingerprint_of(engine.name, engine.version, city, computes, *content, *fixed)
