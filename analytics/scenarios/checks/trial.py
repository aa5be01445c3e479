"""A city and a time that try an engine, and what an engine did there: the material of the conformance checks."""

from __future__ import annotations

import contextlib
import copy
import io
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import pandas as pd

from analytics.parallel import quiet
from analytics.plugins.checks import global_random
from analytics.scenarios.calling import Results
from analytics.scenarios.composition import compose
from analytics.scenarios.contract import Answers, Declaration, Engine, Lever, Prepares
from analytics.scenarios.framing import study_of
from analytics.scenarios.study import Asked, Question, Study, recorded
from data import City, CivicastError, fingerprint_of
from data.city import OWN
from data.frequency import Frequency

__all__ = ["KINDS", "Observation", "Trial", "altered", "refuses", "without"]

PERIODS, DRAWS, MORE_DRAWS = 2, 100, 150
KINDS = (
    "series",
    "areas",
    "drivers",
    "incidents",
    "requests",
    "networks",
    "sites",
    "crews",
    "desks",
    "junctions",
    "monitors",
    "costs",
    "regions",
    "trips",
    "counters",
)
CONTRACT = ("broken_engine", "wrong_dimensions", "not_finite", "engine_failed")


def refuses(error: BaseException) -> bool:
    """Whether an error is a refusal in words, rather than a breakdown or a broken contract."""
    return isinstance(error, CivicastError) and error.code not in CONTRACT


def without(city: City, kind: str) -> City:
    """The city without its tables of a kind.

    Parameters
    ----------
    city : any city.
    kind : of table, as the city calls it.

    Returns
    -------
    Another city; the one given stays as it is.
    """
    return _with_tables(city, kind, {})


def altered(city: City, kind: str, name: str) -> City:
    """The city with other numbers in one of its tables.

    Parameters
    ----------
    city : whose table it is.
    kind, name : which table.

    Returns
    -------
    Another city; the one given stays as it is.
    """
    tables = dict(city.of(kind))
    table = tables[name]
    rows = next((each for each in ("frame", "values") if hasattr(table, each)), None)
    if rows is None:  # a table of a few figures, stated in the city's file
        tables[name] = replace(table, **_other_figures(table))
        return _with_tables(city, kind, tables)
    frame = getattr(table, rows).copy()
    for column in frame.columns:
        if pd.api.types.is_float_dtype(frame[column]) and str(column) not in ("longitude", "latitude"):
            frame[column] = 2 * frame[column] + 1
    about = replace(table.provenance, fingerprint=fingerprint_of(table.provenance.fingerprint, "altered"))
    tables[name] = replace(table, **{rows: frame}, provenance=about)
    return _with_tables(city, kind, tables)


def _other_figures(table: Any) -> dict[str, float]:
    stated = {each.name: getattr(table, each.name) for each in fields(table)}
    return {name: 2 * value + 1 for name, value in stated.items() if isinstance(value, float)}


def _with_tables(city: City, kind: str, tables: dict[str, Any]) -> City:
    if kind not in OWN:
        return replace(city, others={**city.others, kind: tables})
    changed: Any = {kind: tables}
    return replace(city, **changed)


@dataclass(frozen=True, eq=False)
class Observation:
    """One run of an engine, watched: what it returned before anyone checked it, and what else it did."""

    raw: Any
    error: Exception | None
    asked: tuple[Asked, ...]
    touched: tuple[str, ...]
    random_moved: bool
    printed: str
    seconds: float

    @property
    def results(self) -> Results:
        """What was returned.

        Raises
        ------
        Exception
            What the run raised, when it returned nothing.
        """
        if self.error is not None:
            raise self.error
        if not isinstance(self.raw, Mapping):
            raise TypeError("it returned something else than a dict of measures")
        return dict(self.raw)


@dataclass(frozen=True, eq=False)
class Trial:
    """An engine on trial in a city, beside the engines whose measures it may read."""

    engine: Engine
    city: City
    others: Sequence[Engine] = ()
    seed: int = 0

    @property
    def question(self) -> Question | None:
        """The engine's first question; an engine without any is tried over two months."""
        return next(iter(self.engine.questions), None) if isinstance(self.engine, Answers) else None

    @property
    def periods(self) -> int:
        """Two months, or as long as a question of shorter periods looks."""
        asked = self.question
        return PERIODS if asked is None or asked.freq is Frequency.MONTH else asked.periods

    @cached_property
    def study(self) -> Study:
        """Of two months, or of the engine's question, with a hundred draws."""
        return self.study_with()

    def study_with(self, *, city: City | None = None, draws: int = DRAWS, seed: int | None = None) -> Study:
        """A study that differs in a city, in draws or in its seed.

        Parameters
        ----------
        city : None is the trial's.
        draws : how many futures.
        seed : None is the trial's.

        Returns
        -------
        The trial's study otherwise.
        """
        seed = self.seed if seed is None else seed
        city, asked = city or self.city, self.question
        freq = Frequency.MONTH if asked is None else asked.freq
        return study_of(city, question=asked, periods=self.periods, freq=freq, draws=draws, seed=seed)

    @cached_property
    def declared(self) -> Declaration:
        """What the engine declares."""
        return self.engine.declare(self.study)

    @cached_property
    def asked_declaring(self) -> tuple[Asked, ...]:
        """The tables that it asks for as it declares."""
        with recorded() as asked:
            self.engine.declare(self.study)
        return tuple(asked)

    def levers(self, **moved: Any) -> dict[str, Any]:
        """Every lever at rest but those that are moved, read as a scenario's are."""
        return {each.name: each.read(moved.get(each.name), scenario="trial") for each in self.declared.levers}

    def edges(self) -> list[tuple[Lever, dict[str, Any]]]:
        """Each lever at each of its edges, the others at rest."""
        return [
            (lever, self.levers(**{lever.name: edge})) for lever in self.declared.levers for edge in lever.kind.edges()
        ]

    @property
    def assumed(self) -> dict[str, None]:
        """Every uncertainty left to be estimated."""
        return {each.name: None for each in self.declared.uncertainties}

    def upstream(self, study: Study) -> Results:
        """What it reads, by the engines that there are, every lever at rest; copies that it could write into."""
        return {name: array.copy(deep=True) for name, array in self._upstream(study)[0].items()}

    @property
    def asked_upstream(self) -> tuple[Asked, ...]:
        """The tables that the engines asked for whose measures it reads."""
        return self._upstream(self.study)[1]

    def _upstream(self, study: Study) -> tuple[Results, tuple[Asked, ...]]:
        reads = self.declared.reads
        if not reads:
            return {}, ()
        found = compose([each for each in self.others if each.name != self.engine.name], study, wanted=reads)
        levers = {each.name: each.read(None, scenario="trial") for each in found.levers}
        found.prepare(progress=quiet)
        outcomes, asked = found.run(levers, {each.name: None for each in found.uncertainties})
        return {name: outcomes[name] for name in reads}, asked

    def watch(
        self, levers: Mapping[str, Any] | None = None, *, study: Study | None = None, engine: Engine | None = None,
        assumed: Mapping[str, Any] | None = None, more_upstream: Mapping[str, Any] | None = None,
        given_upstream: Results | None = None,
    ) -> Observation:  # fmt: skip
        """One run, watched.

        Parameters
        ----------
        levers : None is every lever at rest.
        study : None is the trial's.
        engine : None is the one on trial; another is a copy of it.
        assumed : None is nothing.
        more_upstream : measures that it did not ask for.
        given_upstream : None is what it reads in that study.

        Returns
        -------
        Results, and all that was noticed on the way.
        """
        engine, study = engine or self.engine, study or self.study
        given = dict(self.levers() if levers is None else levers)
        read = self.upstream(study) if given_upstream is None else given_upstream
        upstream = {**read, **(more_upstream or {})}
        before = {name: array.copy(deep=True) for name, array in upstream.items()}
        kept, assumes = copy.deepcopy(given), dict(self.assumed if assumed is None else assumed)
        raw, error = None, None
        if isinstance(engine, Prepares):
            engine.prepare(study, progress=quiet)
        with global_random() as moved, contextlib.redirect_stdout(io.StringIO()) as printed, recorded() as asked:
            began = time.perf_counter()
            try:
                raw = engine.run(study, given, assumes, upstream, study.streams)
            except Exception as raised:  # noqa: BLE001 - an engine under trial may raise anything
                error = raised
            seconds = time.perf_counter() - began
            random_moved = moved()
        touched = [name for name, array in before.items() if not array.identical(upstream.get(name))]
        touched += [] if given == kept else ["levers"]
        return Observation(raw, error, tuple(asked), tuple(touched), random_moved, printed.getvalue(), seconds)

    @cached_property
    def ordinary(self) -> Observation:
        """A run with every lever at rest."""
        return self.watch()
