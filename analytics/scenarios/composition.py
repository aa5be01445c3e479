"""Engines together: put in order by what they read and write, run once each, and not again while nothing changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from threading import Lock
from typing import Any

import numpy as np
import xarray as xr
from cachetools import LRUCache

from analytics.errors import ScenarioError
from analytics.parallel import Progress
from analytics.scenarios.contract import Engine, Lever, Uncertainty
from analytics.scenarios.measure import Measure
from analytics.scenarios.study import Study
from data import CivicastError, fingerprint_of

__all__ = ["Composition", "compose"]

Results = dict[str, xr.DataArray]

# A year of months in a city of 80 areas takes some 2 MB an option, a season of days 15: room for an afternoon's levers.
MOST_BYTES = 500_000_000


def _bytes(results: Results) -> int:
    # What alone is larger than the room must not be refused: it counts as all of it, and everything else makes way.
    return min(MOST_BYTES, sum(array.nbytes for array in results.values()))


_RESULTS: LRUCache[str, Results] = LRUCache(maxsize=MOST_BYTES, getsizeof=_bytes)
_LOCK = Lock()  # sessions share the results from several threads


@dataclass(frozen=True)
class Composition:
    """Engines in the order in which they run, with the levers and measures that they declare for one study."""

    engines: tuple[Engine, ...]
    levers: Mapping[str, tuple[Lever, ...]]
    uncertainties: Mapping[str, tuple[Uncertainty, ...]]
    measures: Mapping[str, tuple[Measure, ...]]

    @property
    def all_levers(self) -> tuple[Lever, ...]:
        """The levers of all engines."""
        return tuple(lever for levers in self.levers.values() for lever in levers)

    @property
    def all_uncertainties(self) -> tuple[Uncertainty, ...]:
        """The uncertainties of all engines."""
        return tuple(each for found in self.uncertainties.values() for each in found)

    @property
    def outcomes(self) -> tuple[Measure, ...]:
        """The measures that options are compared on."""
        return tuple(each for measures in self.measures.values() for each in measures if each.outcome)

    def prepare(self, study: Study, *, progress: Progress) -> None:
        """The long work that no lever changes, of those engines that have some."""
        for engine in self.engines:
            prepare = getattr(engine, "prepare", None)
            if prepare is not None:
                prepare(study, progress=progress)

    def run(self, study: Study, levers: Mapping[str, Any], uncertainties: Mapping[str, Any]) -> Results:
        """Every measure; an engine runs only when something that it depends on has changed."""
        outcomes: dict[str, xr.DataArray] = {}
        written_by: dict[str, str] = {}
        for engine in self.engines:
            own = {lever.name: levers[lever.name] for lever in self.levers[engine.name]}
            assumed = {each.name: uncertainties[each.name] for each in self.uncertainties[engine.name]}
            reads = engine.reads(study.city)
            key = _key(engine, study, own, assumed, [written_by[name] for name in reads])
            with _LOCK:
                results = _RESULTS.get(key)
            if results is None:
                upstream = {name: outcomes[name] for name in reads}
                results = _checked(engine, study, _run(engine, study, own, assumed, upstream))
                with _LOCK:
                    _RESULTS[key] = results
            outcomes |= results
            written_by |= {measure.name: key for measure in self.measures[engine.name]}
        return outcomes


def compose(engines: Sequence[Engine], study: Study) -> Composition:
    """The engines in order.

    Raises
    ------
    ScenarioError
        When two write the same measure, one reads what none writes, or they wait for each other.
    """
    measures = {engine.name: engine.writes(study) for engine in engines}
    writer: dict[str, str] = {}
    for name, written in measures.items():
        for measure in written:
            if measure.name in writer:
                raise ScenarioError("two_writers", measure=measure.name, engines=[writer[measure.name], name])
            writer[measure.name] = name
    graph: dict[str, set[str]] = {}
    for engine in engines:
        missing = [name for name in engine.reads(study.city) if name not in writer]
        if missing:
            raise ScenarioError("no_writer", engine=engine.title, measure=missing[0], measures=sorted(writer))
        graph[engine.name] = {writer[name] for name in engine.reads(study.city)}
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise ScenarioError("cycle", engines=list(error.args[1])) from error
    by_name = {engine.name: engine for engine in engines}
    return Composition(
        engines=tuple(by_name[name] for name in order),
        levers={name: by_name[name].levers(study) for name in order},
        uncertainties={name: by_name[name].uncertainties(study) for name in order},
        measures=measures,
    )


def _key(
    engine: Engine, study: Study, levers: Mapping[str, Any], uncertainties: Mapping[str, Any], upstream: Sequence[str]
) -> str:
    """What a result depends on; the fields of a study that only judge are not in it."""
    computes = (
        study.panel.name,
        study.panel.provenance.fingerprint,
        study.start,
        study.periods,
        study.draws,
        study.seed,
    )
    content = (sorted(levers.items(), key=str), sorted(uncertainties.items(), key=str), list(upstream))
    return fingerprint_of(engine.name, engine.version, computes, study.city.fingerprint, *content)


def _run(
    engine: Engine, study: Study, levers: Mapping[str, Any], uncertainties: Mapping[str, Any], upstream: Results
) -> Results:
    try:
        return engine.run(study, levers, uncertainties, upstream, study.streams)
    except CivicastError:
        raise
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        raise ScenarioError("engine_failed", engine=engine.title, error=what) from error


def _first_gap(array: xr.DataArray) -> list[str]:
    """Where the first value stands that is no number."""
    first = np.argwhere(~np.isfinite(array.to_numpy()))[0]
    named = zip(array.dims, first, strict=True)
    return [f"{name} {array.get_index(name)[place] if name in array.coords else place}" for name, place in named]


def _checked(engine: Engine, study: Study, results: Results) -> Results:
    wanted = {measure.name: measure for measure in engine.writes(study)}
    if set(results) != set(wanted):
        raise ScenarioError("broken_engine", engine=engine.title, wanted=sorted(wanted), got=sorted(results))
    for name, array in results.items():
        promised = ["draw", *wanted[name].over]
        if set(array.dims) != set(promised) or array.sizes["draw"] != study.draws:
            got = {str(dimension): size for dimension, size in array.sizes.items()}
            raise ScenarioError(
                "wrong_dimensions",
                engine=engine.title,
                measure=name,
                wanted=promised,
                draws=study.draws,
                got=[f"{dimension} ({size})" for dimension, size in got.items()],
            )
        if not bool(np.isfinite(array.to_numpy()).all()):
            raise ScenarioError("not_finite", engine=engine.title, measure=name, where=_first_gap(array))
        # Options and later comparisons share the array: an engine that wrote into what it reads would change them all.
        array.values.setflags(write=False)
    return results
